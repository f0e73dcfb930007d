"""What every answer carries, and what may be kept where."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.integration.web.conftest import Visitors
from tests.support.keys import settings
from tests.support.service import Service, running_service
from webapp import create_app
from webapp.headers import KEPT

USERS = ("petugas@natuna", "manajer@natuna", "analis@natuna", "admin@titian")
EXPECTED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def every_route(app: Flask) -> Iterator[tuple[str, str, str]]:
    """Method, address and endpoint of everything that there is; and an address that is not."""
    for rule in app.url_map.iter_rules():
        address = re.sub(r"<[^>]+>", "1", rule.rule.replace("<path:filename>", "icon.svg"))
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield method, address, rule.endpoint
    yield "GET", "/no-such-page", ""


@pytest.fixture(scope="module")
def answers(
    loaded_sqlite: Path, tmp_path_factory: pytest.TempPathFactory
) -> list[tuple[str, str, TestResponse]]:
    """What every route answers a stranger and each role: what was asked, the endpoint, the answer."""
    folder = tmp_path_factory.mktemp("headers")
    file = shutil.copyfile(loaded_sqlite, folder / "titian.db")
    with running_service(f"sqlite:///{file}", folder) as service:
        return list(every_answer(service))


def every_answer(service: Service) -> Iterator[tuple[str, str, TestResponse]]:
    for user in ("", *USERS):
        visitor = Visitors(service)(user)
        api = {"auth": (user, "titian-demo")} if user else {}
        for method, address, endpoint in every_route(service.app):
            if endpoint == "auth.logout":
                continue
            basic = api if address.startswith("/engine-rest") else {}
            said = visitor.client.open(address, method=method, **basic)
            yield f"{user or 'stranger'}: {method} {address}", endpoint, said


def test_no_answer_may_run_a_script_of_others_or_be_framed(answers: list) -> None:
    assert len(answers) > 5 * 120
    assert {said.status_code // 100 for _, _, said in answers} >= {2, 3, 4}
    for asked, _, said in answers:
        policy = dict(part.split(" ", 1) for part in said.headers["Content-Security-Policy"].split("; "))
        assert "unsafe" not in str(policy), asked
        assert policy["default-src"] == "'none'", asked
        assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'", asked
        assert policy["base-uri"] == policy["frame-ancestors"] == "'none'", asked
        assert {name: said.headers.get(name) for name in EXPECTED} == EXPECTED, asked
        for feature in ("camera", "microphone", "geolocation", "usb", "payment"):
            assert f"{feature}=()" in said.headers["Permissions-Policy"], asked


def test_nothing_but_stylesheets_scripts_and_pictures_is_kept_anywhere(answers: list) -> None:
    kept = set()
    for asked, endpoint, said in answers:
        if said.headers["Cache-Control"] == "no-store":
            continue
        assert said.mimetype in ("text/css", "text/javascript", "image/svg+xml"), asked
        kept.add(endpoint)
    assert kept == KEPT


def test_a_file_of_an_analyst_is_saved_and_not_shown_and_not_kept(
    visitors: Visitors, service: Service
) -> None:
    analyst = visitors("analis@natuna")
    [found] = (
        service.caller("analis@natuna").get("/process-definition", key="natuna_pendampingan_abh_ampk").json
    )
    said = analyst.get(f"/modeler/process/{found['id']}/file")
    assert said.status_code == 200
    assert said.headers["Content-Disposition"].startswith("attachment; filename=")
    assert said.headers["X-Content-Type-Options"] == "nosniff"
    assert said.headers["Cache-Control"] == "no-store"


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


def test_every_cookie_is_out_of_reach_of_scripts_and_other_sites(answers: list) -> None:
    cookies = {cookie for _, _, said in answers for cookie in said.headers.getlist("Set-Cookie")}
    assert cookies
    for cookie in cookies:
        attributes = cookie.split("; ")[1:]
        assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(attributes), cookie
        assert not any(attribute.startswith("Domain") for attribute in attributes), cookie


@pytest.fixture
def serious(service: Service) -> Flask:
    """The application outside demo mode."""
    url = service.app.config["SETTINGS"].database_url
    return create_app(settings(secret_key="k" * 40, database_url=url))


def test_outside_demo_mode_the_cookie_travels_over_https_only(serious: Flask) -> None:
    answer = serious.test_client().get("/login", base_url="https://titian.example")
    cookies = answer.headers.getlist("Set-Cookie")
    assert cookies
    for cookie in cookies:
        assert cookie.startswith("__Host-"), cookie
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; ")), cookie
        assert "Domain" not in cookie
    assert "titian-demo" not in answer.text


def test_outside_demo_mode_every_answer_keeps_the_browser_on_https(serious: Flask, service: Service) -> None:
    client = serious.test_client()
    for method, address, _ in every_route(serious):
        for base in ("https://titian.example", "http://titian.example"):  # a proxy that we were not told of
            said = client.open(address, method=method, base_url=base)
            assert "max-age=31536000" in said.headers["Strict-Transport-Security"], (method, address)
    assert "Strict-Transport-Security" not in service.app.test_client().get("/login").headers


def test_in_demo_mode_a_foreign_name_for_this_machine_is_refused(visitors: Visitors) -> None:
    answer = visitors().get("/login", base_url="http://rebound.example")
    assert answer.status_code == 400


def test_the_agencies_colours_come_from_their_profiles(visitors: Visitors) -> None:
    answer = visitors().get("/agencies.css")
    assert answer.mimetype == "text/css"
    assert '[data-agency="natuna"]' in answer.text
    again = visitors().get("/agencies.css", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
