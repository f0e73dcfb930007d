"""Order, kept filters, several tasks at once, what comes next, and a list that asks whether it is new."""

import re
from datetime import timedelta

import pytest

import engine
from engine import Actor, deploy, start_instance
from engine.clock import now
from engine.types import SYSTEM, TaskFilter
from tests.integration.web.conftest import Later, Visitor, Visitors
from tests.integration.web.test_inbox import PETUGAS, cards, counts
from tests.integration.web.waiting import DIAGRAM, KEY
from tests.support.service import Service

QUEUE = "/?tab=queue.natuna.petugas"


@pytest.fixture
def waiting(service: Service) -> list[str]:
    """Four cases of one step, due in five days, two days ago, in three hours, and never; oldest first."""
    deploy(service.database, SYSTEM, "natuna", "uji", {"uji.bpmn": DIAGRAM})
    lefts = (timedelta(days=5), timedelta(days=-2), timedelta(hours=3, minutes=1), None)
    dues = [(now() + left).isoformat() if left else None for left in lefts]
    return [
        start_instance(service.database, PETUGAS, "natuna", KEY, {"tenggat": due}).business_key
        for due in dues
    ]


def ids(service: Service, keys: list[str]) -> list[str]:
    """The ids of the open tasks of cases."""
    found = {t.business_key: t.id for t in engine.list_tasks(service.database, SYSTEM, TaskFilter())}
    return [found[key] for key in keys]


def colleague(service: Service) -> Actor:
    """Another member of the group, ``rekan@natuna``."""
    known = engine.credentials(service.database, "petugas@natuna")
    hashed = known.password_hash if known else ""
    engine.add_user(service.database, SYSTEM, "rekan@natuna", "Rekan", hashed, [("natuna", "petugas")])
    return Actor.of("rekan@natuna", "natuna", ["petugas"])


def test_the_list_has_the_order_that_is_asked_for(visitors: Visitors, waiting: list[str]) -> None:
    visitor = visitors("petugas@natuna")
    safe, late, soon, none = waiting
    for sort, wanted in (
        ("", [late, soon, safe, none]),
        ("oldest", waiting),
        ("newest", waiting[::-1]),
        ("step", [late, soon, safe, none]),
        ("nonsense", [late, soon, safe, none]),
    ):
        assert cards(visitor.get(f"{QUEUE}&sort={sort}").text) == wanted, sort


def test_deadlines_and_who_has_taken_it_narrow_a_list(
    visitors: Visitors, service: Service, waiting: list[str]
) -> None:
    _, late, soon, none = waiting
    visitor = visitors("petugas@natuna")
    assert cards(visitor.get(f"{QUEUE}&due=late").text) == [late]
    assert cards(visitor.get(f"{QUEUE}&due=soon").text) == [soon]
    assert cards(visitor.get("/?tab=late&due=soon").text) == []
    [task_id] = ids(service, [none])
    engine.claim_task(service.database, PETUGAS, task_id)
    manager = visitors("manajer@natuna")
    assert cards(manager.get("/?tab=all&taken=petugas@natuna").text) == [none]
    assert none not in cards(manager.get("/?tab=all&taken=-").text)
    assert "diambil Petugas" in manager.get("/?tab=all").text
    assert "Diambil oleh" not in visitor.get(f"{QUEUE}").text


def save(visitor: Visitor, name: str, **selection: str) -> str:
    answer = visitor.send("/filters", name=name, **selection)
    assert answer.status_code == 303
    return str(answer.location)


@pytest.mark.usefixtures("waiting")
def test_a_saved_filter_stands_among_the_lists_of_its_owner_alone(
    visitors: Visitors, service: Service
) -> None:
    visitor = visitors("petugas@natuna")
    address = save(visitor, "Hari ini", tab="queue.natuna.petugas", due="soon", sort="newest", page="2")
    page = visitor.get(address).text
    assert counts(page)["Hari ini"] == 1
    assert len(cards(page)) == 1
    assert re.search(r'aria-current="page"\s+class="tab tab-saved"', page)
    assert "Simpan saringan ini" not in page
    colleague(service)
    other = visitors("rekan@natuna")
    assert "Hari ini" not in other.get("/").text
    [saved] = engine.desk.list_filters(service.database, PETUGAS)
    assert dict(saved.arguments) == {"tab": "queue.natuna.petugas", "due": "soon", "sort": "newest"}
    assert other.send(f"/filters/{saved.id}/remove").status_code == 404
    visitor.send(f"/filters/{saved.id}/rename", name="Sekarang")
    assert "Sekarang" in visitor.get("/filters").text
    visitor.send(f"/filters/{saved.id}/remove")
    assert "Belum ada saringan yang Anda simpan." in visitor.get("/filters").text


@pytest.mark.usefixtures("waiting")
def test_a_name_that_is_refused_comes_back_with_why_at_its_field(
    visitors: Visitors, service: Service
) -> None:
    visitor = visitors("petugas@natuna")
    for name in ("Pagi", "Sore"):
        save(visitor, name, tab="queue.natuna.petugas", due="soon")
    again = visitor.send("/filters", name="Pagi", tab="queue.natuna.petugas", due="soon")
    assert again.status_code == 400
    assert re.search(
        r'id="save-problem".*?<input type="text" name="name" value="Pagi"', again.text, re.DOTALL
    )
    assert len(cards(again.text)) == 1
    evening = next(f for f in engine.desk.list_filters(service.database, PETUGAS) if f.name == "Sore")
    again = visitor.send(f"/filters/{evening.id}/rename", name="Pagi")
    assert again.status_code == 400
    [shown] = re.findall(
        r'id="name-problem".*?<input type="text" name="name" value="(\w+)"', again.text, re.DOTALL
    )
    assert shown == "Pagi"


def test_no_word_that_may_be_a_name_is_saved_with_a_filter(visitors: Visitors, service: Service) -> None:
    visitor = visitors("petugas@natuna")
    save(visitor, "Nomor", tab="mine", search="0142", due="late")
    save(visitor, "Nama", tab="mine", search="Zulaikha", cases="abc", also="x", due="late")
    refused = visitor.send("/filters", name="Nama", tab="mine")
    assert refused.status_code == 400
    kept = [dict(f.arguments) for f in engine.desk.list_filters(service.database, PETUGAS)]
    assert kept == [{"tab": "mine", "search": "0142", "due": "late"}, {"tab": "mine", "due": "late"}]
    assert "Nama Nama sudah dipakai." in refused.text


def test_several_tasks_are_taken_at_once_and_the_list_says_so(
    visitors: Visitors, service: Service, waiting: list[str]
) -> None:
    visitor = visitors("petugas@natuna")
    visitor.get(QUEUE)
    chosen = ids(service, waiting[:2])
    answer = visitor.send("/bulk/claim", task_id=chosen, tab="queue.natuna.petugas", sort="newest")
    assert answer.status_code == 303
    page = visitor.get(answer.location).text
    assert "2 tugas Anda ambil" in page
    assert waiting[0] in page
    assert cards(page) == waiting[:1:-1], "the list is the one that was left"
    assert counts(page)["Tugas saya"] == 2
    assert visitor.send("/bulk/claim", task_id=chosen).status_code == 303, "once more changes nothing"


def test_what_could_not_be_taken_is_told_one_by_one_with_the_reason(
    visitors: Visitors, service: Service, waiting: list[str]
) -> None:
    visitor = visitors("petugas@natuna")
    free, taken, stopped, _ = ids(service, waiting)
    engine.claim_task(service.database, colleague(service), taken)
    case = engine.get_task(service.database, SYSTEM, stopped).instance_id
    engine.suspend_instance(service.database, SYSTEM, case)
    page = visitor.send("/bulk/claim", task_id=[free, taken, stopped, "tidak-ada"]).text
    assert "1 tugas Anda ambil" in page
    assert "3 tugas tidak berubah" in page
    assert "Sementara ini sudah diambil Rekan." in page
    assert f"{waiting[1]}: Kerjakan" in page
    assert "Tugas ini sudah tidak ada, atau bukan tugas Anda." in page
    many = visitor.send("/bulk/claim", task_id=[str(number) for number in range(101)])
    assert many.status_code == 400
    assert visitor.send("/bulk/claim").status_code == 303


def test_a_manager_hands_several_tasks_to_one_who_can_have_them(
    visitors: Visitors, service: Service, waiting: list[str]
) -> None:
    colleague(service)
    manager = visitors("manajer@natuna")
    assert "Tugaskan kepada" in manager.get("/?tab=all").text
    chosen = ids(service, waiting[:2])
    page = manager.send("/bulk/choose", task_id=chosen, tab="all").text
    assert "Tugaskan 2 tugas" in page
    assert '<option value="rekan@natuna">Rekan</option>' in page
    again = manager.send("/bulk/assign", task_id=chosen, user_id="", tab="all")
    assert again.status_code == 400
    assert all(f'name="task_id" value="{each}"' in again.text for each in chosen)
    assert re.search(r'id="who-problem".*?Pilih siapa', again.text, re.DOTALL)
    answer = manager.send("/bulk/assign", task_id=chosen, user_id="rekan@natuna", tab="all")
    assert "2 tugas ditugaskan: Rekan" in manager.get(answer.location).text
    assert [engine.get_task(service.database, SYSTEM, each).assignee for each in chosen] == [
        *("rekan@natuna", "rekan@natuna")
    ]
    worker = visitors("petugas@natuna")
    assert "Tugaskan kepada" not in worker.get(QUEUE).text
    refused = worker.send("/bulk/assign", task_id=ids(service, waiting[2:]), user_id="rekan@natuna").text
    assert "2 tugas tidak berubah" in refused


def test_after_a_step_the_list_one_came_from_goes_on_in_its_order(
    visitors: Visitors, service: Service, waiting: list[str]
) -> None:
    visitor = visitors("petugas@natuna")
    _, late, soon, none = waiting
    context = "?tab=queue.natuna.petugas&sort=newest"
    [task_id] = ids(service, [soon])
    visitor.get(f"/tasks/{task_id}{context}")
    visitor.send(f"/tasks/{task_id}/claim{context}")
    answer = visitor.send(f"/tasks/{task_id}/complete{context}")
    [wanted] = ids(service, [none])
    assert answer.location.startswith(f"/tasks/{wanted}?")
    page = visitor.get(answer.location).text
    assert f">{soon}</a>: Kerjakan sudah selesai." in page
    assert f"Berikutnya di daftar Anda: Kerjakan, {none}." in page
    following = re.search(r'href="/tasks/([\w-]+)\?[^"]*" aria-keyshortcuts="n"', page)
    assert following is not None
    assert [following[1]] == ids(service, [late])


def test_when_nothing_is_left_the_notice_says_so_kindly(visitors: Visitors, service: Service) -> None:
    deploy(service.database, SYSTEM, "natuna", "uji", {"uji.bpmn": DIAGRAM})
    only = start_instance(service.database, PETUGAS, "natuna", KEY, {"tenggat": None})
    visitor = visitors("petugas@natuna")
    [task_id] = ids(service, [only.business_key])
    visitor.send(f"/tasks/{task_id}/claim")
    answer = visitor.send(f"/tasks/{task_id}/complete?tab=mine")
    assert answer.location == "/?tab=mine"
    assert "Tidak ada lagi tugas untuk Anda di daftar ini." in visitor.get(answer.location).text


@pytest.mark.usefixtures("waiting")
def test_a_list_that_has_not_changed_is_not_sent_again(visitors: Visitors, service: Service) -> None:
    visitor = visitors("petugas@natuna")
    first = visitor.get("/list?tab=queue.natuna.petugas")
    assert cards(first.text)
    assert "<html" not in first.text
    asked = {"If-None-Match": first.headers["ETag"]}
    assert visitor.get("/list?tab=queue.natuna.petugas", headers=asked).status_code == 304
    start_instance(service.database, PETUGAS, "natuna", KEY, {"tenggat": None})
    again = visitor.get("/list?tab=queue.natuna.petugas", headers=asked)
    assert (again.status_code, len(cards(again.text))) == (200, 5)


def test_a_page_that_asks_by_itself_keeps_no_login_alive(
    visitors: Visitors, service: Service, later: Later
) -> None:
    idle = timedelta(minutes=service.app.config["SETTINGS"].idle_minutes)
    visitor = visitors("petugas@natuna")
    later(idle * 0.9)
    assert visitor.get("/list").status_code == 200
    later(idle * 0.2)
    assert visitor.get("/list").status_code == 302
