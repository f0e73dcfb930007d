"""Drafts as the form's script saves them, and what the pages tell of them."""

import io
import json
import re
from typing import Any

import pytest
from werkzeug.test import TestResponse

import engine
from engine.types import SYSTEM, AccessFilter
from tests.integration.web.conftest import NATUNA, REPORT, Visitor, Visitors
from tests.support.files import pdf
from tests.support.service import Service

TYPED = "Rahasia: dugaan pencurian"


def page_data(page: TestResponse) -> dict[str, Any]:
    found = re.search(r'id="page-data">(.*?)</script>', page.text, re.S)
    assert found is not None
    data: dict[str, Any] = json.loads(found[1])
    return data


def post(visitor: Visitor, path: str, body: object) -> TestResponse:
    headers = {
        "X-CSRFToken": visitor.token,
        "Accept": "application/json",
        "User-Agent": "Firefox/130 Windows",
    }
    return visitor.client.post(path, json=body, headers=headers)


def save(visitor: Visitor, told: dict[str, Any], revision: int = 1, **changes: Any) -> TestResponse:
    version = told.get("version")
    body = {
        "writer": told["writer"],
        "page": told["page"],
        "draft": version["id"] if version else told["page"],
        "base": version["revision"] if version else 0,
        "revision": revision,
        "values": {"uraian": TYPED},
        "before": {"uraian": None},
    }
    return post(visitor, told["saveUrl"], body | changes)


@pytest.fixture
def visitor(visitors: Visitors) -> Visitor:
    return visitors("petugas@natuna")


def test_a_saved_form_comes_back_with_its_time_on_the_agencys_clock(visitor: Visitor) -> None:
    answer = save(visitor, page_data(visitor.get(NATUNA))["draft"])
    assert (answer.status_code, answer.json["rivals"]) == (200, [])
    assert re.fullmatch(r"\d\d\.\d\d WIB", answer.json["version"]["time"])
    told = page_data(visitor.get(NATUNA))["draft"]
    assert (told["values"], told["version"]["device"]) == ({"uraian": TYPED}, "Firefox, Windows")
    assert told["version"]["moment"].endswith(answer.json["version"]["time"])


def test_a_page_that_is_behind_gets_409_with_the_other_and_loses_nothing(visitor: Visitor) -> None:
    one, two = (page_data(visitor.get(NATUNA))["draft"] for _ in range(2))
    first = save(visitor, one).json["version"]
    answer = save(visitor, two, values={"uraian": "lain"})
    assert answer.status_code == 409
    assert [(r["id"], r["device"]) for r in answer.json["rivals"]] == [(first["id"], "Firefox, Windows")]
    assert TYPED not in answer.text
    chosen = post(visitor, two["chooseUrl"], {"draft": answer.json["version"]["id"]})
    assert chosen.json == {"next": NATUNA}
    told = page_data(visitor.get(answer.json["version"]["url"]))["draft"]
    assert (told["values"], [v["id"] for v in told["aside"]]) == ({"uraian": "lain"}, [first["id"]])
    assert page_data(visitor.get(told["aside"][0]["url"]))["draft"]["values"] == {"uraian": TYPED}
    assert post(visitor, two["discardUrl"], {"draft": first["id"]}).status_code == 200
    assert page_data(visitor.get(told["aside"][0]["url"]))["draft"]["values"] == {"uraian": "lain"}


def test_what_another_has_typed_is_not_saved_as_ones_own(visitor: Visitor) -> None:
    draft = page_data(visitor.get(NATUNA))["draft"]
    answer = save(visitor, draft, writer="peksos@natuna")
    assert (answer.status_code, answer.json["type"]) == (409, "OtherWriter")
    assert "version" not in page_data(visitor.get(NATUNA))["draft"]


@pytest.mark.parametrize(
    "changes",
    [{"page": 1}, {"draft": None}, {"base": "1"}, {"revision": True}, {"values": []}, {"before": "x"},
     {"page": "../x"}, {"files": "x"}, {"values": {"uraian": "x" * 1_000_001}}],
)  # fmt: skip
def test_what_no_script_of_ours_sends_is_refused(visitor: Visitor, changes: dict[str, Any]) -> None:
    draft = page_data(visitor.get(NATUNA))["draft"]
    assert save(visitor, draft, **changes).status_code in (400, 413)
    assert post(visitor, draft["saveUrl"], []).status_code == 400


def test_an_opened_case_has_used_its_draft(visitor: Visitor) -> None:
    draft = page_data(visitor.get(NATUNA))["draft"]
    version = save(visitor, draft).json["version"]
    assert open_case(visitor, version["id"]).status_code == 200
    late = save(visitor, draft, revision=2)
    assert (late.status_code, late.json["type"]) == (409, "DraftClosed")
    assert "version" not in page_data(visitor.get(NATUNA))["draft"]


def open_case(visitor: Visitor, draft_id: str) -> TestResponse:
    return post(visitor, NATUNA, {"variables": REPORT, "draft": draft_id})


def test_the_next_childs_form_has_nothing_of_the_last_ones(visitor: Visitor) -> None:
    phone, desk = (page_data(visitor.get(NATUNA))["draft"] for _ in range(2))
    left = save(visitor, phone).json["version"]
    sent = save(visitor, desk, values={"uraian": "lain"}).json["version"]
    assert open_case(visitor, sent["id"]).status_code == 200
    page = visitor.get(NATUNA)
    assert TYPED not in page.text
    told = page_data(page)["draft"]
    assert "version" not in told
    [version] = told["aside"]
    assert (version["id"], version["device"]) == (left["id"], "Firefox, Windows")
    seen = page_data(visitor.get(version["url"]))["draft"]
    assert (seen["values"], seen["version"]["case"]) == ({"uraian": TYPED}, version["case"])
    answer = save(visitor, phone, revision=2)
    assert (answer.status_code, answer.json["version"]["case"]) == (200, version["case"])
    assert post(visitor, phone["chooseUrl"], {"draft": left["id"]}).status_code == 200
    assert page_data(visitor.get(NATUNA))["draft"]["version"]["case"] is None


def test_throwing_away_what_was_left_keeps_the_files_of_the_next_case(visitor: Visitor) -> None:
    phone, desk = (page_data(visitor.get(NATUNA))["draft"] for _ in range(2))
    left = save(visitor, phone).json["version"]
    sent = save(visitor, desk, values={"uraian": "lain"}).json["version"]
    assert open_case(visitor, sent["id"]).status_code == 200
    files = {"file": (io.BytesIO(pdf(b"(x)")), "laporan.pdf"), "csrf_token": visitor.token}
    assert visitor.client.post(f"{NATUNA}/attachments", data=files).status_code == 303
    assert post(visitor, phone["discardUrl"], {"draft": left["id"]}).status_code == 200
    page = visitor.get(NATUNA)
    assert "laporan.pdf" in page.text
    assert page_data(page)["draft"]["aside"] == []
    now = save(visitor, page_data(page)["draft"]).json["version"]
    assert post(visitor, phone["discardUrl"], {"draft": now["id"]}).status_code == 200
    assert "laporan.pdf" not in visitor.get(NATUNA).text


def test_a_draft_changes_no_case_and_the_log_says_who_opened_it(visitor: Visitor, service: Service) -> None:
    visitor.submit(NATUNA, REPORT)
    [task] = engine.list_tasks(service.database, SYSTEM)
    visitor.send(f"/tasks/{task.id}/claim")
    draft = page_data(visitor.get(f"/tasks/{task.id}"))["draft"]
    before = engine.list_accesses(service.database, SYSTEM, AccessFilter("natuna"))
    history = engine.history(service.database, SYSTEM, task.instance_id)
    answer = save(visitor, draft, values={"nama_anak": "Kenanga"}, before={"nama_anak": None})
    assert answer.status_code == 200
    assert engine.list_accesses(service.database, SYSTEM, AccessFilter("natuna")) == before
    assert engine.history(service.database, SYSTEM, task.instance_id) == history
    assert any(entry.subject == f"task:{task.id}" for entry in before)


def attach(visitor: Visitor, name: str) -> str:
    files = {"file": (io.BytesIO(pdf(b"(x)")), name), "csrf_token": visitor.token}
    headers = {"Accept": "application/json", "X-CSRFToken": visitor.token}
    answer = visitor.client.post(f"{NATUNA}/attachments", data=files, headers=headers)
    return str(answer.json["ids"][0])


def begin_another(visitor: Visitor, told: dict[str, Any]) -> dict[str, Any]:
    answer = post(visitor, told["anotherUrl"], {})
    return dict(page_data(visitor.get(answer.json["next"]))["draft"])


def test_two_reports_are_begun_and_the_lists_tell_nothing_of_them(visitor: Visitor) -> None:
    one = page_data(visitor.get(NATUNA))["draft"]
    assert "belum dikirim" not in visitor.get("/").text
    first = save(visitor, one).json["version"]
    assert "ada laporan yang dimulai dan belum dikirim, tersimpan" in visitor.get("/").text
    two = begin_another(visitor, one)
    assert "values" not in two
    assert [version["id"] for version in two["aside"]] == [first["id"]]
    second = save(visitor, two, values={"uraian": "anak kedua"})
    assert (second.status_code, second.json["rivals"]) == (200, [])
    inbox = visitor.get("/").text
    assert "2 laporan dimulai dan belum dikirim" in inbox
    assert TYPED not in inbox
    chosen = visitor.get(NATUNA)
    assert 'id="page-data"' not in chosen.text
    for version, uraian in ((first, TYPED), (second.json["version"], "anak kedua")):
        assert version["url"] in chosen.text
        assert page_data(visitor.get(version["url"]))["draft"]["values"] == {"uraian": uraian}
    assert visitor.send(one["anotherUrl"]).headers["Location"].endswith("?draft=new")


def test_files_of_one_report_are_no_files_of_the_next(visitor: Visitor) -> None:
    one = page_data(visitor.get(NATUNA))["draft"]
    mine = attach(visitor, "anak-pertama.pdf")
    first = save(visitor, one, files=[mine]).json["version"]
    two = begin_another(visitor, one)
    assert "anak-pertama.pdf" not in visitor.get(f"{NATUNA}?draft=new").text
    second = save(visitor, two, values={"uraian": "anak kedua"}).json["version"]
    assert "anak-pertama.pdf" not in visitor.get(second["url"]).text
    assert "anak-pertama.pdf" in visitor.get(first["url"]).text
    body = {"variables": REPORT, "draft": second["id"]}
    wrong = post(visitor, NATUNA, body | {"attachments": [mine]})
    assert (wrong.status_code, wrong.json["type"]) == (409, "AttachmentsChanged")
    assert post(visitor, NATUNA, body).status_code == 200
    without = {"variables": REPORT, "draft": first["id"]}
    assert post(visitor, NATUNA, without).json["type"] == "AttachmentsChanged"
    assert post(visitor, one["discardUrl"], {"draft": first["id"]}).status_code == 200
    assert "anak-pertama.pdf" not in visitor.get(NATUNA).text


def test_a_report_that_is_thrown_away_leaves_the_files_of_the_other(visitor: Visitor) -> None:
    one = page_data(visitor.get(NATUNA))["draft"]
    first = save(visitor, one, files=[attach(visitor, "anak-pertama.pdf")]).json["version"]
    two = begin_another(visitor, one)
    second = save(visitor, two, files=[attach(visitor, "anak-kedua.pdf")]).json["version"]
    assert post(visitor, two["discardUrl"], {"draft": second["id"]}).status_code == 200
    page = visitor.get(first["url"]).text
    assert "anak-pertama.pdf" in page
    assert "anak-kedua.pdf" not in page
