"""The bell and the list behind it: what one was told, one's own, and what reading does."""

from datetime import timedelta

import pytest

from engine import get_actor
from engine.commands.notifying import notify
from engine.desk import NotificationKind, list_notifications
from engine.store import writing
from engine.types import pseudonym_of
from tests.integration.web.conftest import Later, Visitor, Visitors
from tests.support.case import Case, begin
from tests.support.service import Service
from webapp.notifications.words import ICONS, KINDS

KEY, PEKSOS = "natuna_pendampingan_abh_ampk", "peksos@natuna"
QUIET, ONE = "Pemberitahuan: semua sudah dibaca", "Pemberitahuan: 1 belum dibaca"


@pytest.fixture
def case(service: Service) -> Case:
    """A case that the diagram has given to the social worker."""
    found = begin(service, "natuna", KEY, "petugas")
    found.do("petugas", "langkah_2_terima_tugaskan", peksos_ditugaskan=PEKSOS)
    return found


@pytest.fixture
def visitor(visitors: Visitors) -> Visitor:
    return visitors(PEKSOS)


def tell(service: Service, case: Case, kind: NotificationKind, **about: str) -> None:
    with writing(service.database) as tx:
        notify(tx, kind, "natuna", [PEKSOS], instance_id=case.id, about=about)


def newest(service: Service) -> str:
    actor = get_actor(service.database, PEKSOS)
    assert actor
    return list_notifications(service.database, actor)[0].id


def test_looking_at_the_task_marks_it_read(service: Service, case: Case, visitor: Visitor) -> None:
    assert ONE in visitor.get("/").text
    [task] = service.caller(PEKSOS).get("/task", processInstanceId=case.id).json
    assert ONE in visitor.get(f"/cases/{case.id}").text  # it is about the task
    assert QUIET in visitor.get(f"/tasks/{task['id']}").text


def test_looking_at_the_case_marks_read_what_is_about_the_case(
    service: Service, case: Case, visitor: Visitor
) -> None:
    tell(service, case, NotificationKind.MENTIONED, by="manajer@natuna")
    assert "Pemberitahuan: 2 belum dibaca" in visitor.get("/").text
    assert ONE in visitor.get(f"/cases/{case.id}").text


def test_each_is_told_in_words_on_the_agencys_clocks(service: Service, case: Case, visitor: Visitor) -> None:
    due = {"clock": "Rekomendasi ditandatangani", "due_at": "2026-03-30T09:00:00+00:00"}
    tell(service, case, NotificationKind.DEADLINE_BREACH, **due)
    name = f"{case.business_key} ({pseudonym_of(case.id)})"
    page = visitor.get("/notifications").text
    assert f"Jam &#34;Rekomendasi ditandatangani&#34;, {name}: lewat batas sejak" in page
    assert "lewat batas sejak Senin, 30 Maret 2026, 16.00 WIB." in page
    assert f"memberi Anda tugas &#34;Lakukan asesmen anak&#34;, {name}." in page
    assert "<h2" in page
    assert "Hari ini" in page


def test_one_is_marked_or_all_and_nobody_elses(service: Service, case: Case, visitors: Visitors) -> None:
    tell(service, case, NotificationKind.MENTIONED)
    mine, other = visitors(PEKSOS), visitors("petugas@natuna")
    other.send(f"/notifications/{newest(service)}/read")
    other.send("/notifications/read")
    assert "Pemberitahuan: 2 belum dibaca" in mine.get("/notifications").text
    assert mine.send(f"/notifications/{newest(service)}/read").status_code == 303
    assert ONE in mine.get("/notifications").text
    assert mine.send("/notifications/read").status_code == 303
    assert QUIET in mine.get("/notifications").text


def test_what_a_later_release_told_or_says_too_little_is_shown_all_the_same(
    service: Service, case: Case, visitor: Visitor
) -> None:
    for kind in NotificationKind:
        tell(service, case, kind, due_at="kapan-kapan")
        assert kind in KINDS
        assert kind in ICONS
    assert visitor.get("/notifications").status_code == 200


def test_the_list_has_pages(service: Service, case: Case, visitor: Visitor) -> None:
    for _ in range(51):
        tell(service, case, NotificationKind.MENTIONED)
    assert visitor.get("/notifications").text.count('class="told-line') == 50
    assert visitor.get("/notifications?page=2").text.count('class="told-line') == 2
    assert "Tidak ada yang lebih lama." in visitor.get("/notifications?page=3").text
    assert visitor.get("/notifications?page=99999999").status_code == 200


def test_a_bell_that_shows_the_same_number_gets_nothing(case: Case, visitor: Visitor) -> None:
    assert visitor.get("/notifications/bell?seen=1").status_code == 204
    assert ONE in visitor.get("/notifications/bell?seen=0").text


def test_nobody_who_is_never_told_has_a_bell(visitors: Visitors) -> None:
    for user_id in ("analis@natuna", "admin@titian", "auditor@natuna"):
        visitor = visitors(user_id)
        assert 'id="bell"' not in visitor.get("/account").text
        assert visitor.get("/notifications/bell").status_code == 204
        assert "Belum ada pemberitahuan." in visitor.get("/notifications").text


def test_a_page_that_nobody_looks_at_keeps_no_login_alive(visitor: Visitor, later: Later) -> None:
    for _ in range(5):
        later(timedelta(minutes=25))
        answer = visitor.get("/notifications/bell", headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert visitor.get("/").status_code == 302


def test_the_service_worker_is_ours_and_kept_nowhere(service: Service) -> None:
    answer = service.app.test_client().get("/sw.js")
    assert answer.status_code == 200
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "worker-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "caches" not in answer.text
    assert "fetch" not in answer.text


def test_who_is_told_of_a_case_that_others_work_on_is_not_led_to_a_closed_door(
    service: Service, visitors: Visitors
) -> None:
    chief = "kepala_dinas@natuna"
    case = begin(service, "natuna", KEY, "petugas")
    with writing(service.database) as tx:
        kind, about = (
            NotificationKind.DEADLINE_BREACH,
            {"clock": "Tanggapan", "due_at": "2026-03-30T09:00:00+00:00"},
        )
        notify(tx, kind, "natuna", [chief], instance_id=case.id, about=about, group="kepala_dinas")
    actor, visitor = get_actor(service.database, chief), visitors(chief)
    assert actor
    assert visitor.get(f"/cases/{case.id}").status_code == 404
    [line] = list_notifications(service.database, actor)
    answer = visitor.get(f"/notifications/{line.id}")
    assert (answer.status_code, answer.location) == (303, "/notifications")
    assert "Kasus ini ditangani orang lain" in visitor.get("/notifications").text


def test_who_has_the_case_and_not_the_task_is_led_to_the_case(
    service: Service, case: Case, visitors: Visitors
) -> None:
    [task] = service.caller(PEKSOS).get("/task", processInstanceId=case.id).json
    manager = "petugas@natuna"
    with writing(service.database) as tx:
        notify(
            tx,
            NotificationKind.DEADLINE_WARNING,
            "natuna",
            [manager],
            instance_id=case.id,
            task_id=task["id"],
        )
    actor, visitor = get_actor(service.database, manager), visitors(manager)
    assert actor
    [line] = list_notifications(service.database, actor)
    assert visitor.get(f"/notifications/{line.id}").location == f"/cases/{case.id}"
