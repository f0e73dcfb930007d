"""Stopping a case for a while, letting it go on, and what a case waits for by itself."""

from datetime import timedelta

import pytest

import engine
from engine.types import SYSTEM
from tests.integration.web.conftest import Visitor, Visitors
from tests.support.service import Service
from tests.support.trouble import TOPIC, Referrals


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


def test_a_case_is_stopped_and_goes_on(referrals: Referrals, manager: Visitor, visitors: Visitors) -> None:
    case = referrals.begin()
    place = f"/cockpit/instances/{case.id}"
    page = follow(manager, f"{place}/suspend")
    assert f"Kasus {case.business_key} dihentikan sementara." in page
    assert "Lanjutkan kasus" in page
    assert "Berikan kepada" not in page
    assert "menghentikan kasus sementara" in page
    [task] = engine.list_tasks(referrals.database, referrals.user("petugas"))
    worker = visitors("petugas@natuna")
    shown = worker.get(f"/tasks/{task.id}").text
    assert "Manajer instansi menghentikannya" in shown
    assert "Ambil tugas" not in shown
    assert worker.send(f"/tasks/{task.id}/claim").status_code == 409
    assert "Dihentikan sementara" in worker.get("/").text
    assert "Dihentikan sementara" in worker.get(f"/cases/{case.id}").text
    assert "dilanjutkan." in follow(manager, f"{place}/activate")
    assert "Ambil tugas" in worker.get(f"/tasks/{task.id}").text
    referrals.do(case)


def test_the_form_of_a_task_that_one_has_is_closed_while_its_case_is_stopped(
    referrals: Referrals, visitors: Visitors
) -> None:
    case = referrals.begin()
    worker = referrals.user("petugas")
    [task] = engine.list_tasks(referrals.database, worker)
    engine.claim_task(referrals.database, worker, task.id)
    engine.suspend_instance(referrals.database, referrals.user("manajer"), case.id)
    page = visitors("petugas@natuna").get(f"/tasks/{task.id}").text
    assert "Kasus dihentikan sementara." in page
    for button in ("Selesaikan tugas", "Kembalikan tugas"):
        assert button not in page


def test_stopped_cases_have_a_list_of_their_own(referrals: Referrals, manager: Visitor) -> None:
    stopped, other = referrals.begin(), referrals.begin()
    assert "Tidak ada kasus yang dihentikan sementara." in manager.get("/cockpit?state=suspended").text
    follow(manager, f"/cockpit/instances/{stopped.id}/suspend")
    page = manager.get("/cockpit?state=suspended").text
    assert stopped.business_key in page
    assert other.business_key not in page
    assert "state-stopped" in manager.get("/cockpit").text


@pytest.mark.parametrize(
    ("user_id", "status"),
    [("petugas@natuna", 403), ("analis@natuna", 403), ("admin@titian", 403), ("manajer@bintan", 404)],
)
def test_nobody_else_stops_a_case_or_lets_it_go_on(
    visitors: Visitors, referrals: Referrals, user_id: str, status: int
) -> None:
    case, manager = referrals.begin(), referrals.user("manajer")
    visitor = visitors(user_id)
    visitor.get("/cockpit")
    assert visitor.send(f"/cockpit/instances/{case.id}/suspend").status_code == status
    assert not engine.get_instance(referrals.database, manager, case.id).suspended
    engine.suspend_instance(referrals.database, manager, case.id)
    assert visitor.send(f"/cockpit/instances/{case.id}/activate").status_code == status
    assert engine.get_instance(referrals.database, manager, case.id).suspended


def test_a_case_that_has_ended_is_not_stopped(referrals: Referrals, manager: Visitor) -> None:
    case = referrals.begin()
    engine.cancel_instance(referrals.database, referrals.user("manajer"), case.id, "Ganda")
    assert manager.send(f"/cockpit/instances/{case.id}/suspend").status_code == 409
    assert "Hentikan kasus sementara" not in manager.get(f"/cockpit/instances/{case.id}").text


def test_the_page_says_which_timer_runs_and_until_when(referrals: Referrals, manager: Visitor) -> None:
    case = referrals.waiting()
    page = manager.get(f"/cockpit/instances/{case.id}").text
    for words in ("Tunggu satu jam", "Berlanjut ketika waktunya tiba:", "sisa 59 menit", "WIB"):
        assert words in page


def test_the_page_says_which_program_is_waited_for_and_who_has_it(
    referrals: Referrals, manager: Visitor
) -> None:
    case = referrals.sent()
    place = f"/cockpit/instances/{case.id}"
    page = manager.get(place).text
    assert f"Program lain mengerjakan ini (topik {TOPIC})." in page
    assert "Belum ada program yang mengambilnya." in page
    [task] = engine.list_external_tasks(referrals.database, referrals.user("manajer"))
    engine.lock_external_task(referrals.database, SYSTEM, task.id, "program", timedelta(minutes=5))
    assert "program memegangnya, paling lama" in manager.get(place).text
