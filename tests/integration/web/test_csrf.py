"""No page elsewhere can act in a reader's name."""

import pytest

from tests.integration.web.conftest import NATUNA, REPORT, Visitors
from tests.support.service import Service


def unsafe_pages(service: Service) -> list[str]:
    """Every address of the pages that changes something."""
    return [
        rule.rule.replace("<task_id>", "1").replace("<agency_id>", "natuna")
        for rule in service.app.url_map.iter_rules()
        if rule.methods & {"POST", "PUT", "PATCH", "DELETE"} and not rule.rule.startswith("/engine-rest")
    ]


def test_every_unsafe_request_without_a_token_is_refused(visitors: Visitors, service: Service) -> None:
    visitor = visitors("petugas@natuna")
    pages = unsafe_pages(service)
    assert "/login" in pages
    assert "/logout" in pages
    answers = {page: visitor.client.post(page) for page in pages}
    assert {page: answer.status_code for page, answer in answers.items()} == dict.fromkeys(pages, 400)
    assert "Halaman ini terbuka terlalu lama" in answers["/logout"].text


def test_the_form_script_needs_the_token_too(visitors: Visitors) -> None:
    visitor = visitors("petugas@natuna")
    visitor.token = ""
    answer = visitor.submit(NATUNA, REPORT)
    assert answer.status_code == 400
    assert "Halaman ini terbuka terlalu lama" in answer.json["message"]


def test_a_token_of_somebody_else_is_refused(visitors: Visitors) -> None:
    one, other = visitors("petugas@natuna"), visitors("peksos@natuna")
    one.token = other.token
    assert one.submit(NATUNA, REPORT).status_code == 400


def test_the_token_of_before_signing_in_is_refused_afterwards(visitors: Visitors) -> None:
    visitor = visitors()
    visitor.get("/login")
    before = visitor.token
    visitor.sign_in("petugas@natuna")
    visitor.token = before
    assert visitor.submit(NATUNA, REPORT).status_code == 400


@pytest.mark.parametrize("path", ["/engine-rest/task", "/engine-rest/process-instance"])
def test_the_machine_api_takes_no_cookie(visitors: Visitors, path: str) -> None:
    assert visitors("petugas@natuna").get(path).status_code == 401
