"""Notes of a case are kept while they are written, and come back with whatever was refused."""

import re
from typing import Any

import pytest
from werkzeug.test import TestResponse

import engine
from engine.types import SYSTEM
from tests.integration.web.conftest import Visitor, Visitors
from tests.integration.web.test_cases import case_of
from tests.support.service import Service
from webapp.auth.passwords import hash_password
from webapp.config import DEMO_PASSWORD

COLLEAGUE = "rina@natuna"
WORDS = "Kenanga menunggu telepon"


@pytest.fixture
def task(visitors: Visitors, service: Service) -> str:
    """The address of a task that the clerk has; there is another clerk."""
    hashed = hash_password(DEMO_PASSWORD)
    engine.add_user(service.database, SYSTEM, COLLEAGUE, "Rina Wulandari", hashed, [("natuna", "petugas")])
    address = visitors.open_case()
    visitor = visitors("petugas@natuna")
    visitor.get(address)
    visitor.send(f"{address}/claim")
    return address


@pytest.fixture
def place(visitors: Visitors, service: Service, task: str) -> str:
    """The address of its case."""
    return case_of(visitors, service, task)


def save(visitor: Visitor, place: str, **more: Any) -> TestResponse:
    """What the script of the field does."""
    note = {"writer": "petugas@natuna", "task": "", "page": "a" * 32, "revision": 1, "message": WORDS}
    headers = {"X-CSRFToken": visitor.token, "Accept": "application/json"}
    return visitor.client.post(f"{place}/note", json=note | more, headers=headers)


def typed(page: str, name: str) -> str:
    """What stands in a text field."""
    found = re.search(rf'<textarea id="{name}".*?>\n?(.*?)</textarea>', page, re.DOTALL)
    assert found
    return found[1]


def test_a_comment_that_was_begun_stands_in_the_field_until_it_is_sent(
    visitors: Visitors, place: str
) -> None:
    visitor = visitors("petugas@natuna")
    assert typed(visitor.get(place).text, "message") == ""
    saved = save(visitor, place)
    assert saved.status_code == 200
    assert re.fullmatch(r"\d\d\.\d\d WIB", saved.json["saved"])
    page = visitors("petugas@natuna").get(place).text
    assert typed(page, "message") == WORDS
    assert "Belum terkirim: draf Anda dari" in page
    assert WORDS not in visitors(COLLEAGUE).get(place).text
    visitor.send(f"{place}/comments", message=WORDS)
    page = visitor.get(place).text
    assert typed(page, "message") == ""
    assert "Belum terkirim" not in page


def test_nobody_else_at_the_browser_saves_or_sees_it(visitors: Visitors, place: str) -> None:
    visitor = visitors("petugas@natuna")
    visitor.get(place)
    save(visitor, place)
    visitor.send("/logout")
    assert save(visitor, place, revision=2, message="x").status_code == 401
    visitor.sign_in(COLLEAGUE)
    assert typed(visitor.get(place).text, "message") == ""
    refused = save(visitor, place, revision=2, message="x")
    assert (refused.status_code, refused.json["type"]) == (409, "OtherWriter")
    assert typed(visitors("petugas@natuna").get(place).text, "message") == WORDS


@pytest.mark.parametrize("wrong", [{"message": None}, {"revision": "1"}, {"page": "x"}, {"task": 1}])
def test_what_no_script_of_ours_sends_is_refused(
    visitors: Visitors, place: str, wrong: dict[str, object]
) -> None:
    visitor = visitors("petugas@natuna")
    visitor.get(place)
    assert save(visitor, place, **wrong).status_code == 400


def test_a_note_to_a_colleague_is_kept_at_its_task(visitors: Visitors, place: str, task: str) -> None:
    visitor, task_id = visitors("petugas@natuna"), task.removeprefix("/tasks/").partition("?")[0]
    visitor.get(place)
    save(visitor, place, task=task_id)
    assert typed(visitor.get(f"{task}/hand-over").text, "note") == WORDS
    assert typed(visitor.get(place).text, "message") == ""


def test_a_refused_note_to_the_owner_comes_back_with_why_at_its_field(
    visitors: Visitors, place: str, task: str
) -> None:
    owner, helper = visitors("petugas@natuna"), visitors(COLLEAGUE)
    owner.get(task)
    owner.send(f"{task}/hand-over", user_id=COLLEAGUE, how="delegate", note="Tolong")
    helper.get(task)
    answer = helper.send(f"{task}/resolve", note="Sudah @peksos@bintan")
    assert answer.status_code == 400
    assert typed(answer.text, "note") == "Sudah @peksos@bintan"
    assert re.search(r'id="note-problem".*?tidak dapat melihat kasus', answer.text, re.DOTALL)
    task_id = task.removeprefix("/tasks/").partition("?")[0]
    save(helper, place, writer=COLLEAGUE, task=task_id)
    assert typed(helper.get(task).text, "note") == WORDS


def test_a_refused_note_to_a_colleague_says_why_at_its_field(visitors: Visitors, task: str) -> None:
    visitor = visitors("petugas@natuna")
    visitor.get(task)
    answer = visitor.send(f"{task}/hand-over", user_id=COLLEAGUE, how="delegate", note="@peksos@bintan")
    assert re.search(r'id="note-problem".*?tidak dapat melihat kasus', answer.text, re.DOTALL)
    assert '<a href="#note">' in answer.text


def test_what_comes_too_late_shows_what_was_written_to_be_copied(
    visitors: Visitors, task: str, place: str
) -> None:
    owner, helper = visitors("petugas@natuna"), visitors(COLLEAGUE)
    owner.get(task)
    owner.send(f"{task}/hand-over", user_id=COLLEAGUE, how="hand_over")
    hostile = "Kenanga </textarea><script>"
    answer = owner.send(f"{task}/hand-over", user_id=COLLEAGUE, how="hand_over", note=hostile)
    assert answer.status_code == 403
    assert "Kenanga &lt;/textarea&gt;&lt;script&gt;</textarea>" in answer.text
    helper.get(place)
    helper.token = "x"
    assert WORDS not in helper.send(f"{place}/comments", message=WORDS).text  # another site may have sent it
