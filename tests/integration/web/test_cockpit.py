"""The manager's list of cases: who may see it, its numbers, filters, order and pages."""

import re
from datetime import timedelta

import pytest

from engine import cancel_instance, clock, deploy, get_actor, list_tasks, start_instance
from engine.types import SYSTEM, TaskFilter
from tests.integration.web.conftest import Visitor, Visitors
from tests.integration.web.waiting import DIAGRAM
from tests.integration.web.waiting import KEY as DEADLINES
from tests.support.case import Case, begin
from tests.support.service import Service

KEY = "natuna_pendampingan_abh_ampk"


@pytest.fixture
def case(service: Service) -> Case:
    return begin(service, "natuna", KEY, "petugas")


@pytest.fixture
def manager(visitors: Visitors) -> Visitor:
    return visitors("manajer@natuna")


def listed(visitor: Visitor, **query: str) -> list[str]:
    """The case numbers of the list, in its order."""
    page = visitor.get("/cockpit", query_string=query)
    assert page.status_code == 200
    return re.findall(r'<a href="/cockpit/instances/[^"]+">([^<]+)</a>', page.text)


def number(visitor: Visitor, state: str, **query: str) -> int:
    """What the tile of a state counts."""
    page = visitor.get("/cockpit", query_string=query).text
    found = re.search(rf'class="number number-{state}[^>]*>\s*<strong>(\d+)</strong>', page)
    assert found, f"there is no number {state}"
    return int(found[1])


def deploy_deadlines(service: Service) -> None:
    """Natuna gets a process whose only step is due when its case says."""
    deploy(service.database, SYSTEM, "natuna", "uji", {"uji.bpmn": DIAGRAM})


def due_in(service: Service, **left: float) -> str:
    """Open a case whose step is due in so much time; its number."""
    actor = get_actor(service.database, "petugas@natuna")
    assert actor
    variables = {"tenggat": (clock.now() + timedelta(**left)).isoformat()}
    return start_instance(service.database, actor, "natuna", DEADLINES, variables).business_key


@pytest.mark.parametrize("user_id", ["petugas@natuna", "analis@natuna", "admin@titian"])
def test_only_a_manager_comes_into_the_cockpit(visitors: Visitors, case: Case, user_id: str) -> None:
    visitor = visitors(user_id)
    for path in ("/cockpit", f"/cockpit/instances/{case.id}"):
        answer = visitor.get(path)
        assert answer.status_code == 403
        assert "yang hanya untuk manajer instansi" in answer.text
        assert case.business_key not in answer.text


def test_a_stranger_is_asked_to_sign_in(visitors: Visitors) -> None:
    assert visitors().get("/cockpit").location == "/login?next=/cockpit"


def test_only_a_manager_is_shown_the_way_to_the_cockpit(visitors: Visitors) -> None:
    assert 'href="/cockpit"' in visitors("manajer@natuna").get("/?tab=mine").text
    assert 'href="/cockpit"' not in visitors("petugas@natuna").get("/?tab=mine").text


def test_a_manager_sees_the_cases_of_the_own_agency_only(
    visitors: Visitors, manager: Visitor, case: Case
) -> None:
    assert listed(manager) == [case.business_key]
    other = visitors("manajer@bintan")
    assert listed(other, state="all") == []
    assert listed(other, state="all", agency="natuna") == []
    assert "Tidak ada kasus yang terbuka." in other.get("/cockpit").text


def test_a_row_says_where_a_case_stands_and_for_how_long(manager: Visitor, case: Case) -> None:
    page = manager.get("/cockpit").text
    for words in (
        "Pelayanan Pendampingan Respon Kasus ABH dan AMPK",
        "Terima laporan, tugasi peksos",
        "Petugas penerima laporan",
        "Dinsos Natuna",
        "terbuka selama",
    ):
        assert words in page


def test_the_list_holds_no_variable_of_a_case(service: Service, manager: Visitor) -> None:
    begin(service, "natuna", KEY, "petugas", uraian="Budi mencuri sepeda", kanal="telepon")
    page = manager.get("/cockpit?state=all").text
    assert "Budi" not in page
    assert "telepon" not in page


def test_a_number_counts_what_its_list_shows(service: Service, manager: Visitor, case: Case) -> None:
    done = begin(service, "natuna", KEY, "petugas")
    done.do("petugas", "langkah_2_terima_tugaskan", memenuhi_persyaratan=False, alasan="Bukan ABH")
    for state, cases in (
        ("open", [case.business_key]),
        ("untaken", [case.business_key]),
        ("late", []),
        ("soon", []),
        ("month", [done.business_key]),
    ):
        assert number(manager, state) == len(cases)
        assert listed(manager, state=state) == cases


def test_a_case_that_somebody_has_taken_is_not_waiting(
    service: Service, manager: Visitor, case: Case
) -> None:
    caller = service.caller("petugas@natuna")
    (task,) = caller.get("/task", processInstanceId=case.id).json
    assert caller.post(f"/task/{task['id']}/claim", {"userId": "petugas@natuna"}).status_code == 204
    assert number(manager, "untaken") == 0
    assert (
        "Semua kasus yang terbuka sudah ada yang mengerjakan." in manager.get("/cockpit?state=untaken").text
    )


def test_deadlines_make_cases_late_or_soon_and_order_the_list(service: Service, manager: Visitor) -> None:
    deploy_deadlines(service)
    never, late, calm, soon = (due_in(service, hours=hours) for hours in (9000, -3, 50, 3))
    assert listed(manager) == [late, soon, calm, never]
    assert listed(manager, state="late") == [late]
    assert listed(manager, state="soon") == [soon]
    assert (number(manager, "late"), number(manager, "soon")) == (1, 1)
    assert "lewat 3 jam" in manager.get("/cockpit?state=late").text


def test_the_filters_narrow_by_process_step_and_number(
    service: Service, manager: Visitor, case: Case
) -> None:
    deploy_deadlines(service)
    first, second = case.business_key, due_in(service, hours=3)
    moved = begin(service, "natuna", KEY, "petugas")
    moved.do("petugas", "langkah_2_terima_tugaskan", memenuhi_persyaratan=True)
    third = moved.business_key
    assert listed(manager, process=KEY, sort="number") == [first, third]
    assert listed(manager, process=DEADLINES) == [second]
    assert listed(manager, step=f"{KEY}:langkah_3_asesmen") == [third]
    assert listed(manager, step=f"{KEY}:langkah_3_asesmen", process=DEADLINES) == []
    assert listed(manager, search=second.lower()[-4:]) == [second]
    assert number(manager, "open", process=DEADLINES) == 1
    assert "Tidak ada kasus yang cocok" in manager.get("/cockpit?search=tidak").text


def test_what_a_person_types_is_no_wildcard_and_no_error(manager: Visitor, case: Case) -> None:
    assert listed(manager, search="N%1") == []
    assert listed(manager, search="\\") == [case.business_key]
    assert listed(manager, state="?", sort="?", page="x") == [case.business_key]
    assert listed(manager, page="999") == [case.business_key]


def test_the_steps_to_choose_from_say_how_many_cases_wait_there(
    service: Service, manager: Visitor, case: Case
) -> None:
    begin(service, "natuna", KEY, "petugas")
    assert "Terima laporan, tugasi peksos (2)" in manager.get("/cockpit").text


def test_a_long_list_has_pages(service: Service, manager: Visitor) -> None:
    deploy_deadlines(service)
    first = due_in(service, hours=4)
    for _ in range(25):
        due_in(service, hours=3)
    assert len(listed(manager)) == 25
    assert listed(manager, page="2") == [first]
    assert "Halaman 2 dari 2" in manager.get("/cockpit?page=2").text


def test_ended_and_cancelled_cases_have_lists_of_their_own(
    service: Service, manager: Visitor, case: Case
) -> None:
    actor = get_actor(service.database, "manajer@natuna")
    assert actor
    cancel_instance(service.database, actor, case.id, "Laporan ganda")
    assert listed(manager) == []
    for state in ("ended", "cancelled", "month", "all"):
        assert listed(manager, state=state) == [case.business_key]
    page = manager.get("/cockpit?state=cancelled").text
    assert "Dibatalkan" in page
    assert "Laporan ganda" not in page
    assert list_tasks(service.database, actor, TaskFilter(instance_id=case.id)) == []
