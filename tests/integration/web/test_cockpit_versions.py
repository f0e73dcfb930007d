"""Moving cases to the newest version in the cockpit: a trial, the move, and the way back."""

import re

import pytest

import engine
from engine.types import SYSTEM, InstanceView
from tests.integration.web.conftest import Visitor, Visitors
from tests.support.service import Service
from tests.support.trouble import KEY, Referrals, diagram

LIST = "/cockpit/versions"
NEW = "Tutup dan arsipkan"


@pytest.fixture
def referrals(service: Service) -> Referrals:
    return Referrals(service)


@pytest.fixture
def manager(visitors: Visitors) -> Visitor:
    return visitors("manajer@natuna")


def follow(visitor: Visitor, path: str, **fields: str) -> str:
    answer = visitor.send(path, **fields)
    assert answer.status_code == 303, answer.text
    return visitor.get(answer.location).text


def place_of(case: InstanceView) -> str:
    return f"{LIST}/{case.definition_id}"


def version_of(referrals: Referrals, case: InstanceView) -> int:
    return engine.get_instance(referrals.database, SYSTEM, case.id).definition_version


def test_where_all_cases_are_of_the_newest_version_the_list_says_so(
    referrals: Referrals, manager: Visitor
) -> None:
    referrals.begin()
    assert "Semua kasus terbuka memakai versi terbaru prosesnya." in manager.get(LIST).text
    assert f'href="{LIST}"' in manager.get("/cockpit").text


def test_a_trial_tells_where_a_case_goes_and_changes_nothing(referrals: Referrals, manager: Visitor) -> None:
    case = referrals.begin()
    referrals.deploy(diagram(NEW))
    page = manager.get(LIST).text
    assert "versi 1 → versi 2" in page
    assert "1 kasus terbuka" in page
    page = manager.get(place_of(case)).text
    for words in (case.business_key, "tetap di: Siapkan berkas", "Pindahkan 1 kasus ke versi baru"):
        assert words in page
    assert version_of(referrals, case) == 1


def test_cases_are_moved_and_moved_back(referrals: Referrals, manager: Visitor) -> None:
    case = referrals.begin()
    referrals.deploy(diagram(NEW))
    manager.get(place_of(case))
    page = follow(manager, place_of(case), instance_id=case.id)
    assert "1 kasus dipindahkan." in page
    assert version_of(referrals, case) == 2
    found = re.search(r'action="(/cockpit/migrations/[^"]+/undo)"', page)
    assert found
    page = follow(manager, found[1])
    assert "1 kasus dikembalikan." in page
    assert "diurungkan oleh Manajer" in page
    assert version_of(referrals, case) == 1


def test_a_case_that_has_gone_on_is_not_moved_back(referrals: Referrals, manager: Visitor) -> None:
    case = referrals.begin()
    referrals.deploy(diagram(NEW))
    manager.get(place_of(case))
    page = follow(manager, place_of(case), instance_id=case.id)
    referrals.do(case)
    found = re.search(r'action="(/cockpit/migrations/[^"]+/undo)"', page)
    assert found
    page = follow(manager, found[1])
    assert f"tetap di versi baru: {case.business_key}" in page
    assert version_of(referrals, case) == 2


def test_a_case_whose_step_is_gone_is_blocked_and_says_why(referrals: Referrals, manager: Visitor) -> None:
    case = referrals.begin()
    referrals.deploy(diagram(NEW).replace(b'"siapkan"', b'"himpun"'))
    page = manager.get(place_of(case)).text
    assert "1 kasus tidak dapat dipindahkan" in page
    assert "Siapkan berkas: " in page
    assert "Pindahkan" not in page.replace("Pemindahan", "")
    page = follow(manager, place_of(case), instance_id=case.id)
    assert "1 kasus tidak dapat dipindahkan." in page
    assert version_of(referrals, case) == 1


def test_nothing_is_moved_where_no_case_is_chosen(referrals: Referrals, manager: Visitor) -> None:
    case = referrals.begin()
    referrals.deploy(diagram(NEW))
    manager.get(LIST)
    assert "Tidak ada kasus yang dipilih." in follow(manager, place_of(case))
    assert version_of(referrals, case) == 1


@pytest.mark.parametrize(
    ("user_id", "status"),
    [("petugas@natuna", 403), ("analis@natuna", 403), ("admin@titian", 403), ("manajer@bintan", 404)],
)
def test_nobody_else_moves_cases(visitors: Visitors, referrals: Referrals, user_id: str, status: int) -> None:
    case = referrals.begin()
    referrals.deploy(diagram(NEW))
    visitor = visitors(user_id)
    visitor.get("/cockpit")
    assert visitor.get(place_of(case)).status_code == status
    assert visitor.send(place_of(case), instance_id=case.id).status_code == status
    assert version_of(referrals, case) == 1
    report = engine.migrate_instances(referrals.database, SYSTEM, case.definition_id, _newest(referrals))
    assert visitor.send(f"/cockpit/migrations/{report.batch_id}/undo").status_code == status
    assert version_of(referrals, case) == 2


def _newest(referrals: Referrals) -> str:
    manager = referrals.user("manajer")
    return engine.get_definition(referrals.database, manager, key=KEY, agency_id="natuna").id
