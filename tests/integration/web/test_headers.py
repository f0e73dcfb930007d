"""What every answer carries, and what may be kept where."""

import pytest

from tests.integration.web.conftest import Visitors
from tests.support.keys import settings
from tests.support.service import Service
from webapp import create_app

PAGES = ["/", "/login", "/healthz", "/engine-rest/task", "/no-such-page", "/static/icon.svg"]


@pytest.mark.parametrize("path", PAGES)
def test_no_answer_may_run_a_script_of_others_or_be_framed(visitors: Visitors, path: str) -> None:
    headers = visitors("petugas@natuna").get(path).headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["base-uri"] == "'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"


def test_a_page_of_a_case_is_kept_nowhere(visitors: Visitors) -> None:
    task = visitors.open_case()
    visitor = visitors("petugas@natuna")
    for path in (task, "/", "/start"):
        assert visitor.get(path).headers["Cache-Control"] == "no-store"


def test_a_bundle_is_kept_for_good_and_sent_compressed(visitors: Visitors, service: Service) -> None:
    with service.app.test_request_context():
        path = service.app.jinja_env.globals["asset"]("app.css")
    plain = visitors().get(path)
    small = visitors().get(path, headers={"Accept-Encoding": "gzip, br"})
    assert "immutable" in plain.headers["Cache-Control"]
    assert "Content-Encoding" not in plain.headers
    assert small.headers["Content-Encoding"] == "br"
    assert "Accept-Encoding" in small.headers["Vary"]
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert len(small.data) < len(plain.data) / 4


def test_the_pages_have_no_script_and_no_style_inside(visitors: Visitors) -> None:
    task = visitors.open_case()
    visitor = visitors("petugas@natuna")
    for path in ("/", task, "/start/natuna/natuna_pendampingan_abh_ampk", "/login", "/no-such-page"):
        page = visitor.get(path).text
        assert "style=" not in page
        assert "<style" not in page
        assert "onclick" not in page
        inline = page.count("<script") - page.count('<script type="module" src=')
        assert inline == page.count('<script type="application/json"')


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(visitors: Visitors) -> None:
    cookie = visitors().get("/login").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_outside_demo_mode_the_cookie_travels_over_https_only(service: Service) -> None:
    url = service.app.config["SETTINGS"].database_url
    app = create_app(settings(secret_key="k" * 40, database_url=url))
    answer = app.test_client().get("/login", base_url="https://titian.example")
    assert answer.headers["Set-Cookie"].startswith("__Host-titian=")
    assert "Secure" in answer.headers["Set-Cookie"]
    assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]
    assert "titian-demo" not in answer.text


def test_in_demo_mode_a_foreign_name_for_this_machine_is_refused(visitors: Visitors) -> None:
    answer = visitors().get("/login", base_url="http://rebound.example")
    assert answer.status_code == 400


def test_the_agencies_colours_come_from_their_profiles(visitors: Visitors) -> None:
    answer = visitors().get("/agencies.css")
    assert answer.mimetype == "text/css"
    assert '[data-agency="natuna"]' in answer.text
    again = visitors().get("/agencies.css", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
