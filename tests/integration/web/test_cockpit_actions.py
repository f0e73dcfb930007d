"""Stepping in: a manager cancels a case, gives a task to somebody, puts one back into the queue."""

import pytest

from tests.integration.web.conftest import Visitor, Visitors
from tests.support.case import Case, begin
from tests.support.service import Service

KEY = "natuna_pendampingan_abh_ampk"


@pytest.fixture
def case(service: Service) -> Case:
    return begin(service, "natuna", KEY, "petugas")


@pytest.fixture
def manager(visitors: Visitors) -> Visitor:
    return visitors("manajer@natuna")


def task_of(service: Service, case: Case) -> dict[str, str]:
    (task,) = service.caller("manajer@natuna").get("/task", processInstanceId=case.id).json
    found: dict[str, str] = task
    return found


def state_of(service: Service, case: Case) -> str:
    found = service.caller("manajer@natuna").get(f"/history/process-instance/{case.id}").json
    return str(found["state"])


def follow(visitor: Visitor, path: str, **fields: str) -> str:
    """Send a form and read the page that follows it."""
    answer = visitor.send(path, **fields)
    assert answer.status_code == 303, answer.text
    return visitor.get(answer.location).text


def test_a_case_is_cancelled_with_a_reason(service: Service, manager: Visitor, case: Case) -> None:
    page = follow(manager, f"/cockpit/instances/{case.id}/cancel", reason="Laporan ganda\r\ndari warga")
    assert f"Kasus {case.business_key} dibatalkan." in page
    assert "Laporan ganda\ndari warga" in page
    assert "Manajer membatalkan kasus" in page
    assert state_of(service, case) == "EXTERNALLY_TERMINATED"
    assert case.open_steps() == []


@pytest.mark.parametrize(
    ("reason", "problem"),
    [
        ("", "Tulis alasan kasus dibatalkan."),
        (" \r\n ", "Tulis alasan kasus dibatalkan."),
        ("x" * 2001, "Alasan paling banyak 2000 karakter."),
    ],
)
def test_without_a_good_reason_nothing_is_cancelled(
    service: Service, manager: Visitor, case: Case, reason: str, problem: str
) -> None:
    answer = manager.send(f"/cockpit/instances/{case.id}/cancel", reason=reason)
    assert answer.status_code == 400
    assert answer.text.count(problem) == 2  # on top of the page, and at the field
    assert 'aria-invalid="true"' in answer.text
    assert state_of(service, case) == "ACTIVE"


def test_without_a_token_nothing_is_cancelled(service: Service, manager: Visitor, case: Case) -> None:
    manager.token = ""
    answer = manager.send(f"/cockpit/instances/{case.id}/cancel", reason="Laporan ganda")
    assert answer.status_code == 400
    assert "Halaman ini terbuka terlalu lama" in answer.text
    assert state_of(service, case) == "ACTIVE"


def test_a_link_cancels_nothing(service: Service, manager: Visitor, case: Case) -> None:
    assert manager.get(f"/cockpit/instances/{case.id}/cancel?reason=ganda").status_code == 405
    assert state_of(service, case) == "ACTIVE"


def test_a_case_is_not_cancelled_twice(manager: Visitor, case: Case) -> None:
    follow(manager, f"/cockpit/instances/{case.id}/cancel", reason="Laporan ganda")
    again = manager.send(f"/cockpit/instances/{case.id}/cancel", reason="Sekali lagi")
    assert again.status_code == 409
    assert "sudah berakhir" in again.text


@pytest.mark.parametrize(
    ("user_id", "status"),
    [("petugas@natuna", 403), ("analis@natuna", 403), ("admin@titian", 403), ("manajer@bintan", 404)],
)
def test_nobody_else_acts_on_a_case(
    visitors: Visitors, service: Service, case: Case, user_id: str, status: int
) -> None:
    visitor = visitors(user_id)
    visitor.get("/cockpit")
    task = task_of(service, case)
    for path, fields in (
        (f"/cockpit/instances/{case.id}/cancel", {"reason": "Laporan ganda"}),
        (f"/cockpit/tasks/{task['id']}/assign", {"user_id": "petugas@natuna"}),
        (f"/cockpit/tasks/{task['id']}/release", {}),
    ):
        assert visitor.send(path, **fields).status_code == status
    assert state_of(service, case) == "ACTIVE"
    assert task_of(service, case)["assignee"] is None


def test_a_task_is_given_to_a_member_and_put_back(service: Service, manager: Visitor, case: Case) -> None:
    task = task_of(service, case)
    page = follow(manager, f"/cockpit/tasks/{task['id']}/assign", user_id="petugas@natuna")
    assert "Petugas penerima laporan kini memegang tugas: Terima laporan, tugasi peksos" in page
    assert "memegang 1 tugas sekarang" in page
    assert task_of(service, case)["assignee"] == "petugas@natuna"
    page = follow(manager, f"/cockpit/tasks/{task['id']}/release")
    assert "Tugas kembali ke antrean Petugas penerima laporan: Terima laporan, tugasi peksos" in page
    assert task_of(service, case)["assignee"] is None


def test_only_members_of_the_tasks_groups_are_offered(manager: Visitor, case: Case) -> None:
    page = manager.get(f"/cockpit/instances/{case.id}").text
    assert '<option value="petugas@natuna">' in page
    for other in ("peksos@natuna", "manajer@natuna", "petugas@pasuruan"):
        assert f'<option value="{other}">' not in page


@pytest.mark.parametrize("user_id", ["peksos@natuna", "petugas@pasuruan", "tidak@ada"])
def test_who_is_no_member_does_not_get_the_task(
    service: Service, manager: Visitor, case: Case, user_id: str
) -> None:
    task = task_of(service, case)
    page = follow(manager, f"/cockpit/tasks/{task['id']}/assign", user_id=user_id)
    assert "Orang ini tidak dapat lagi mendapat tugas itu." in page
    assert task_of(service, case)["assignee"] is None


def test_a_task_goes_to_somebody_or_stays_where_it_is(service: Service, manager: Visitor, case: Case) -> None:
    task = task_of(service, case)
    page = follow(manager, f"/cockpit/tasks/{task['id']}/assign", user_id="")
    assert "Pilih dulu siapa yang mendapat tugas: Terima laporan, tugasi peksos" in page
    assert task_of(service, case)["assignee"] is None


def test_a_task_that_is_done_cannot_be_given_to_anybody(
    service: Service, manager: Visitor, case: Case
) -> None:
    task = task_of(service, case)
    case.do("petugas", "langkah_2_terima_tugaskan", memenuhi_persyaratan=True)
    answer = manager.send(f"/cockpit/tasks/{task['id']}/assign", user_id="petugas@natuna")
    assert answer.status_code == 409
