"""Errors are pages for people and JSON for programs; never a stack trace."""

from pathlib import Path

import pytest
from flask import abort
from flask_babel import force_locale

from engine import errors
from engine.errors import TitianError
from tests.integration.web.conftest import NATUNA, REPORT, Visitors
from tests.support.keys import settings
from tests.support.service import Service
from webapp import create_app
from webapp.errors import PAGES, error_body, http_status, localized


def every_error() -> list[type[TitianError]]:
    found, todo = [], [TitianError]
    while todo:
        found.append(kind := todo.pop())
        todo += kind.__subclasses__()
    return found


def test_every_error_of_the_engine_has_the_status_that_its_tree_names() -> None:
    tree = errors.__doc__ or ""
    branches = {"InputInvalid": 400, "ActionForbidden": 403, "ResourceNotFound": 404, "StateConflict": 409}
    branches |= {"ExecutionFailed": 422, "DatabaseUnavailable": 503, "IdempotencyKeyReused": 422}
    for name, status in branches.items():
        assert f"HTTP {status}" in next(line for line in tree.splitlines() if f" {name} " in line)
        branch = getattr(errors, name)
        for kind in every_error():
            own = kind.__name__ in branches and kind is not branch
            if issubclass(kind, branch) and not own:
                assert http_status(kind.__new__(kind)) == status


@pytest.mark.parametrize("status", PAGES)
def test_a_person_gets_a_page_that_says_what_to_do(service: Service, visitors: Visitors, status: int) -> None:
    service.app.add_url_rule("/fail", "fail", lambda: abort(status))
    visitor = visitors("petugas@natuna")
    answer = visitor.get("/fail")
    assert answer.status_code == status
    assert answer.mimetype == "text/html"
    assert "Kembali ke daftar tugas" in answer.text
    visitor.send("/language", language="en")
    assert PAGES[status][0] in visitor.get("/fail").text


def test_an_unknown_address_needs_no_login(visitors: Visitors) -> None:
    answer = visitors().get("/tidak-ada")
    assert answer.status_code == 404
    assert "Halaman ini tidak ada" in answer.text


def test_a_wrong_method_says_which_are_right(visitors: Visitors) -> None:
    visitor = visitors("petugas@natuna")
    answer = visitor.send("/start")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_a_bug_shows_nothing_of_itself(service: Service, tmp_path: Path) -> None:
    url = service.app.config["SETTINGS"].database_url
    app = create_app(settings(demo=True, data=tmp_path, database_url=url))
    app.add_url_rule("/engine-rest/bug", "bug", lambda: 1 / 0)
    answer = app.test_client().get("/engine-rest/bug")
    assert answer.status_code == 500
    assert answer.json.keys() == {"type", "message"}
    assert "division" not in answer.text


def test_the_machine_api_answers_in_json_and_english(service: Service) -> None:
    service.app.add_url_rule("/engine-rest/busy", "busy", lambda: abort(409, "Somebody else has it."))
    answer = service.app.test_client().get("/engine-rest/busy")
    assert answer.status_code == 409
    assert answer.json == {"type": "Conflict", "message": "Somebody else has it."}


def test_a_redirect_of_the_routing_stays_a_redirect(service: Service, visitors: Visitors) -> None:
    service.app.add_url_rule("/folder/", "folder", lambda: "in")
    assert visitors("petugas@natuna").get("/folder").status_code == 308


def test_a_body_that_is_too_large_is_refused_before_it_is_read(visitors: Visitors) -> None:
    answer = visitors("petugas@natuna").submit(NATUNA, {**REPORT, "uraian": "x" * 1_100_000})
    assert answer.status_code == 413
    assert answer.json["message"] == "Kirim berkas yang lebih kecil atau teks yang lebih pendek."


def test_a_message_is_made_of_a_translated_template_and_translated_words(service: Service) -> None:
    error = errors.ActionForbidden(action="start this process")
    with service.app.test_request_context(), force_locale("id"):
        assert localized(error) == "Anda tidak boleh melakukan ini: memulai proses ini."
        assert error_body(error, english=True)["message"] == "You may not do this: start this process."


def test_a_percent_sign_in_what_people_wrote_does_no_harm(service: Service) -> None:
    with service.app.test_request_context():
        assert "100%(x)s" in localized(errors.AgencyNotFound(id="100%(x)s"))


def test_the_server_is_healthy_once_the_database_answers(visitors: Visitors) -> None:
    answer = visitors().get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_the_server_is_not_healthy_without_its_tables(tmp_path: Path) -> None:
    app = create_app(settings(demo=True, data=tmp_path))
    answer = app.test_client().get("/healthz")
    assert (answer.status_code, answer.json) == (503, {"status": "unavailable"})
