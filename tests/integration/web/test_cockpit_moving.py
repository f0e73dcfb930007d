"""Putting a case at other steps in the cockpit."""

import pytest

import engine
from engine.types import SYSTEM, InstanceView, TaskFilter
from tests.integration.web.conftest import Visitor, Visitors
from tests.support.service import Service
from tests.support.trouble import Referrals


@pytest.fixture
def referrals(service: Service) -> Referrals:
    return Referrals(service)


@pytest.fixture
def manager(visitors: Visitors) -> Visitor:
    return visitors("manajer@natuna")


def place_of(case: InstanceView) -> str:
    return f"/cockpit/instances/{case.id}/steps"


def open_steps(referrals: Referrals, case: InstanceView) -> list[str]:
    found = engine.list_tasks(referrals.database, SYSTEM, TaskFilter(instance_id=case.id))
    return sorted(task.element_id for task in found)


def test_a_case_goes_on_at_another_step_and_leaves_the_one_it_was_at(
    referrals: Referrals, manager: Visitor
) -> None:
    case = referrals.begin()
    page = manager.get(place_of(case)).text
    assert '<option value="tutup">Tutup rujukan</option>' in page
    assert 'name="leave" value="siapkan" checked' in page
    answer = manager.send(place_of(case), begin="tutup", leave="siapkan", reason="Salah langkah")
    assert answer.status_code == 303
    page = manager.get(answer.location).text
    assert "dipindahkan ke langkah lain." in page
    assert open_steps(referrals, case) == ["tutup"]


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"begin": "tutup"}, "Tulis alasan kasus dipindahkan ke langkah lain."),
        ({"reason": "Salah"}, "Pilih langkah tempat kasus dilanjutkan."),
        (
            {"begin": "tidak_ada", "reason": "Salah"},
            "Dari posisi kasus sekarang hal ini tidak dapat dilakukan",
        ),
        (
            {"begin": "tutup", "leave": "periksa", "reason": "Salah"},
            "Kasus sudah tidak berada di langkah ini",
        ),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(
    referrals: Referrals, manager: Visitor, fields: dict[str, str], problem: str
) -> None:
    case = referrals.begin()
    manager.get(place_of(case))
    answer = manager.send(place_of(case), **fields)
    assert answer.status_code == 400
    assert problem in answer.text
    assert open_steps(referrals, case) == ["siapkan"]


@pytest.mark.parametrize(
    ("user_id", "status"),
    [("petugas@natuna", 403), ("analis@natuna", 403), ("admin@titian", 403), ("manajer@bintan", 404)],
)
def test_nobody_else_puts_a_case_at_other_steps(
    visitors: Visitors, referrals: Referrals, user_id: str, status: int
) -> None:
    case = referrals.begin()
    visitor = visitors(user_id)
    visitor.get("/cockpit")
    assert visitor.get(place_of(case)).status_code == status
    assert visitor.send(place_of(case), begin="tutup", reason="Salah").status_code == status
    assert open_steps(referrals, case) == ["siapkan"]
