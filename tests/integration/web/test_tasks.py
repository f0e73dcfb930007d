"""One task: seen, taken, given back, completed; and what two people at once get."""

import json
import re

import pytest

from engine import (
    Actor,
    TaskFilter,
    add_user,
    assign_task,
    complete_task,
    deploy,
    list_tasks,
    start_instance,
    task_variables,
)
from engine.clock import now
from engine.types import SYSTEM
from tests.integration.web.conftest import REPORT, Visitor, Visitors
from tests.integration.web.waiting import DIAGRAM, KEY
from tests.support.case import fill
from tests.support.service import Service


@pytest.fixture
def task(visitors: Visitors) -> str:
    """The address of the first task of a new case of Natuna, waiting for `petugas`."""
    return visitors.open_case()


def page_data(page: str) -> dict:
    found = re.search(r'<script type="application/json" id="page-data">(.*?)</script>', page, re.DOTALL)
    return json.loads(found[1])


def claimed(visitors: Visitors, task: str, user_id: str = "petugas@natuna") -> Visitor:
    visitor = visitors(user_id)
    visitor.get(task)
    visitor.send(f"{task}/claim")
    return visitor


def test_a_task_begins_with_the_words_of_the_service_standard(visitors: Visitors, task: str) -> None:
    page = visitors("petugas@natuna").get(task).text
    assert "Langkah 2:" in page
    assert "Petugas menerima laporan dan menugaskan peksos untuk melakukan assesmen lapangan" in page


def test_a_step_that_the_standard_does_not_name_says_what_it_rests_on(
    visitors: Visitors, service: Service
) -> None:
    task = one_step(service)
    page = visitors("petugas@natuna").get(task).text
    assert "Dasar:" in page
    assert "UU 11/2012 Ps 21" in page
    assert "Kerjakan sebelum waktunya lewat." in page


def test_beside_the_form_stands_what_is_known_and_what_happened(visitors: Visitors, task: str) -> None:
    page = visitors("petugas@natuna").get(task).text
    assert "Laporan masuk melalui" in page
    assert "Telepon" in page
    assert re.search(r"Uraian laporan <span class=\"sealed\".*?Rahasia", page)
    assert "Petugas penerima laporan membuka kasus" in page


def test_no_title_and_no_address_holds_anything_confidential(visitors: Visitors, task: str) -> None:
    page = visitors("petugas@natuna").get(task).text
    title = re.search(r"<title>(.*?)</title>", page)[1]
    assert re.fullmatch(r"NATUNA-\d{4}-0001: [^:]+ · Titian", title)
    assert not re.search(r'href="[^"]*encurian', page)


def test_two_steps_with_one_sentence_are_quoted_once(visitors: Visitors) -> None:
    page = visitors("petugas@pasuruan").get("/start/pasuruan/pasuruan_penanganan_abh").text
    assert "Langkah 1, 2:" in page
    assert page.count("Penerimaan laporan dari anak") == 1


def test_a_task_just_taken_stays_in_the_list_that_it_was_taken_from(visitors: Visitors, task: str) -> None:
    visitor = claimed(visitors, task)
    page = visitor.get(f"{task}?tab=queue.natuna.petugas").text
    assert re.search(rf'href="{task}[^"]*" aria-current="true"', page)


def test_a_task_that_is_open_among_ones_own_and_not_taken_yet_says_so(visitors: Visitors, task: str) -> None:
    visitor = visitors("petugas@natuna")
    assert "sedang dibuka, belum Anda ambil" in visitor.get(f"{task}?tab=mine").text
    assert "sedang dibuka" not in visitor.get(f"{task}?tab=queue.natuna.petugas").text
    assert "sedang dibuka" not in claimed(visitors, task).get(f"{task}?tab=mine").text


def test_the_form_is_closed_until_the_task_is_taken(visitors: Visitors, task: str) -> None:
    visitor = visitors("petugas@natuna")
    before = visitor.get(task).text
    assert page_data(before)["readonly"] is True
    assert "Ambil tugas" in before
    assert "form-submit" not in before
    answer = visitor.send(f"{task}/claim")
    assert (answer.status_code, answer.location) == (303, task)
    after = visitor.get(task).text
    assert page_data(after)["readonly"] is False
    assert "form-submit" in after
    assert "Ambil tugas" not in after


def test_the_button_says_who_gets_it_next(visitors: Visitors, task: str) -> None:
    page = claimed(visitors, task).get(task).text
    words = re.search(r'class="next">(.*?)</div>', page, re.DOTALL)[1]
    assert "Berikutnya, bergantung pada isian:" in words
    assert "Lakukan asesmen anak <span>· Pekerja sosial</span>" in words
    assert "<span>· kasus selesai</span>" in words


def test_a_task_that_was_taken_can_be_given_back(visitors: Visitors, task: str) -> None:
    visitor = claimed(visitors, task)
    visitor.get(task)
    answer = visitor.send(f"{task}/unclaim?tab=mine")
    assert answer.location == "/?tab=mine"
    assert "kembali ke antrean" in visitor.get("/").text
    assert "Ambil tugas" in visitor.get(task).text


def test_completing_goes_on_to_the_next_task_and_says_what_was_done(visitors: Visitors, task: str) -> None:
    other = visitors.open_case()
    visitor = claimed(visitors, task)
    answer = visitor.submit(f"{task}/complete?tab=queue.natuna.petugas", {"memenuhi_persyaratan": True})
    assert answer.status_code == 200
    assert answer.json["next"] == f"{other}?tab=queue.natuna.petugas"
    page = visitor.get(answer.json["next"]).text
    assert re.search(r"NATUNA-\d{4}-0001</a>: [^<]+ sudah selesai\.", page)


def test_the_next_step_of_the_same_case_comes_first_where_it_is_ones_own(
    visitors: Visitors, task: str
) -> None:
    visitors.open_case()
    claimed(visitors, task).submit(f"{task}/complete", {"memenuhi_persyaratan": True})
    social = visitors("peksos@natuna")
    assessment = re.search(r"/tasks/\w+", social.get("/").text)[0]
    social.send(f"{assessment}/claim")
    schema = page_data(social.get(assessment).text)["schema"]
    answers = required(schema["components"])
    answer = social.submit(f"{assessment}/complete", answers)
    assert answer.status_code == 200, answer.json
    assert "konsep" in social.get(answer.json["next"]).text.lower()
    assert answer.json["next"] != assessment


def test_after_the_last_task_one_is_back_at_the_list(visitors: Visitors, task: str) -> None:
    visitor = claimed(visitors, task)
    answer = visitor.submit(f"{task}/complete", {"memenuhi_persyaratan": True})
    assert answer.json["next"] == "/"


def test_every_wrong_field_is_named_in_the_readers_language_and_nothing_is_stored(
    visitors: Visitors, service: Service, task: str
) -> None:
    visitor = claimed(visitors, task)
    before = task_variables(service.database, SYSTEM, task.rpartition("/")[2])
    answer = visitor.submit(f"{task}/complete", {"memenuhi_persyaratan": "ya", "bukan_medan": 1})
    assert answer.status_code == 400
    fields = {field["field"]: field["message"] for field in answer.json["fields"]}
    assert fields.keys() == {"memenuhi_persyaratan", "bukan_medan"}
    assert all("Choose" not in message and "Leave" not in message for message in fields.values())
    assert task_variables(service.database, SYSTEM, task.rpartition("/")[2]) == before


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"variables": []}', b'{"variables": null}', b"null"])
def test_a_body_that_is_no_form_is_refused(visitors: Visitors, task: str, body: bytes) -> None:
    visitor = claimed(visitors, task)
    headers = {"X-CSRFToken": visitor.token}
    answer = visitor.client.post(
        f"{task}/complete", data=body, headers=headers, content_type="application/json"
    )
    assert answer.status_code == 400
    assert answer.json["message"]


def test_of_two_who_complete_one_is_told_that_somebody_was_faster(
    visitors: Visitors, service: Service, task: str
) -> None:
    visitor = claimed(visitors, task)
    answers = {"memenuhi_persyaratan": True}
    petugas = Actor.of("petugas@natuna", "natuna", ["petugas"])
    complete_task(service.database, petugas, task.rpartition("/")[2], answers)
    answer = visitor.submit(f"{task}/complete", answers)
    assert answer.status_code == 409
    assert "Tugas ini tidak terbuka lagi" in answer.json["message"]
    assert "Tugas ini sudah berakhir." in visitor.get(task).text


def test_a_page_left_open_does_not_complete_what_a_colleague_has_taken_over(
    visitors: Visitors, service: Service, task: str
) -> None:
    visitor, task_id = claimed(visitors, task), task.rpartition("/")[2]
    add_user(service.database, SYSTEM, "rekan@natuna", "Rekan", "-", [("natuna", "petugas")])
    assign_task(service.database, SYSTEM, task_id, "rekan@natuna")
    answer = visitor.submit(f"{task}/complete", {"memenuhi_persyaratan": True})
    assert (answer.status_code, answer.json["type"]) == (409, "TaskClaimed")
    assert [found.id for found in list_tasks(service.database, SYSTEM, TaskFilter(task_id=task_id))] == [
        task_id
    ]


def test_who_sees_a_task_but_may_not_work_on_it_gets_no_form(visitors: Visitors, task: str) -> None:
    manager = visitors("manajer@natuna")
    page = manager.get(task).text
    assert "Menunggu Petugas penerima laporan." in page
    assert "page-data" not in page
    assert manager.send(f"{task}/claim").status_code == 403
    assert manager.submit(f"{task}/complete", {"memenuhi_persyaratan": True}).status_code == 403


@pytest.mark.parametrize("user", ["petugas@bintan", "kepala_dinas@natuna", "admin@titian", "analis@natuna"])
def test_for_everybody_else_the_task_does_not_exist(visitors: Visitors, task: str, user: str) -> None:
    visitor = visitors(user)
    assert visitor.get(task).status_code == 404
    assert visitor.submit(f"{task}/complete", {}).status_code == 404
    for action in ("claim", "unclaim"):
        assert visitor.send(f"{task}/{action}").status_code == 404
    assert visitor.get("/tasks/bukan-tugas").status_code == 404


def test_a_step_without_a_form_is_completed_by_a_plain_button(visitors: Visitors, service: Service) -> None:
    task = one_step(service)
    visitor = claimed(visitors, task)
    page = visitor.get(task).text
    assert "tidak meminta isian" in page
    assert "Kasus tuntas <span>· kasus selesai</span>" in page
    answer = visitor.send(f"{task}/complete")
    assert (answer.status_code, answer.location) == (303, "/")


def test_a_name_with_markup_is_shown_as_text(visitors: Visitors) -> None:
    visitor = visitors("petugas@natuna")
    opened = visitor.submit(
        "/start/natuna/natuna_pendampingan_abh_ampk",
        {**REPORT, "tempat_kejadian": "</script><img src=x onerror=alert(1)>"},
    )
    page = visitor.get(opened.json["next"]).text
    assert "<img" not in page
    assert "&lt;img src=x" in page


def one_step(service: Service) -> str:
    """The address of the only task of a new case of the test's own process."""
    petugas = Actor.of("petugas@natuna", "natuna", ["petugas"])
    deploy(service.database, SYSTEM, "natuna", "uji", {"uji.bpmn": DIAGRAM})
    started = start_instance(service.database, petugas, "natuna", KEY, {"tenggat": now().isoformat()})
    (found,) = list_tasks(service.database, petugas, TaskFilter(instance_id=started.id))
    return f"/tasks/{found.id}"


def required(components: list[dict]) -> dict:
    """Something right for every required field."""
    return fill(components, {}, {})
