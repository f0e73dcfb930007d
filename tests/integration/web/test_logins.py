"""Logins: listed, ended, limited in time; cookies, devices, passwords; who is slowed down (issue 5)."""

import json
import logging
import re
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from engine.store import reading
from engine.store.tables import Attempts, KnownDevice, LoginSession, SignInEvent
from tests.integration.web.conftest import Later
from tests.support.guests import Guest, guest
from tests.support.service import Service
from webapp.auth.common import is_common
from webapp.auth.password_rules import password_problem
from webapp.db import db

WORKER = "petugas@natuna"
GOOD = "kapal biru di teluk"


def secret_of(visitor: Guest) -> str:
    with visitor.client.session_transaction(base_url="https://localhost") as session:
        return str(session["_user_id"])


def test_cookies_are_for_this_host_https_and_no_script(office: Service) -> None:
    visitor = guest(office)
    visitor.get("/login")
    answer = visitor.send("/login", user_id=WORKER, password="titian-demo")
    cookies = {line.partition("=")[0]: line for line in answer.headers.getlist("Set-Cookie")}
    assert set(cookies) == {"__Host-titian", "__Host-titian-device"}
    for line in cookies.values():
        assert {"Secure", "HttpOnly", "Path=/"} <= set(line.split("; "))
        assert "Domain" not in line
    assert "SameSite=Lax" in cookies["__Host-titian"]
    assert "SameSite=Lax" in cookies["__Host-titian-device"]


def test_the_database_knows_neither_the_secret_of_a_login_nor_that_of_a_device(office: Service) -> None:
    visitor = guest(office, WORKER)
    device = visitor.client.get_cookie("__Host-titian-device", domain="localhost")
    assert device
    with reading(office.database) as tx:
        rows = tx.execute(select(LoginSession)).all() + tx.execute(select(KnownDevice)).all()
    text = str([tuple(row) for row in rows])
    with reading(office.database) as tx:
        [row] = tx.execute(select(LoginSession.__table__)).all()
        [known] = tx.execute(select(KnownDevice.__table__)).all()
    text += str(tuple(row)) + str(tuple(known))
    assert secret_of(visitor) not in text
    assert device.value not in text
    assert re.fullmatch("[0-9a-f]{64}", row.id)
    stolen = guest(office)
    stolen.get("/login")
    with stolen.client.session_transaction(base_url="https://localhost") as session:
        session["_user_id"] = row.id  # what is in the database opens nothing
    assert stolen.get("/account").location.startswith("/login?")


def test_a_login_ends_when_nobody_uses_it(office: Service, later: Later) -> None:
    visitor = guest(office, WORKER)
    for _ in range(3):
        later(timedelta(minutes=100))
        assert visitor.get("/account").status_code == 200
    later(timedelta(minutes=121))
    assert visitor.get("/account").location == "/login?next=/account"


def test_a_login_ends_after_its_hours_however_much_it_is_used(office: Service, later: Later) -> None:
    visitor = guest(office, WORKER)
    for _ in range(12):
        assert visitor.get("/account").status_code == 200
        later(timedelta(hours=1))
    later(timedelta(seconds=5))
    assert visitor.get("/account").location == "/login?next=/account"


def test_logins_are_listed_and_ended_one_by_one(office: Service) -> None:
    here = guest(office, WORKER)
    phone = Guest(office.app.test_client())
    phone.client.environ_base["HTTP_USER_AGENT"] = (
        "Mozilla/5.0 (Linux; Android 14) Chrome/130.0 Safari/537.36"
    )
    phone.sign_in(WORKER)
    page = here.get("/account/logins").text
    assert "Chrome, Android" in page
    [ending] = set(re.findall(r'action="(/account/logins/[0-9a-f]{64}/end)"', page))
    assert here.send(ending).location == "/account/logins"
    assert phone.get("/account").location.startswith("/login?")
    assert here.get("/account").status_code == 200


def test_all_others_are_ended_at_once(office: Service) -> None:
    here, others = guest(office, WORKER), [guest(office, WORKER) for _ in range(3)]
    stranger = guest(office, "peksos@natuna")
    here.get("/account/logins")
    here.send("/account/logins/end-others")
    assert {other.get("/account").status_code for other in others} == {302}
    assert here.get("/account").status_code == 200
    assert stranger.get("/account").status_code == 200


def test_nobody_ends_the_login_of_somebody_else(office: Service) -> None:
    victim, other = guest(office, WORKER), guest(office, "peksos@natuna")
    with reading(office.database) as tx:
        [id] = tx.scalars(select(LoginSession.id).where(LoginSession.user_id == WORKER))
    other.send(f"/account/logins/{id}/end")
    assert victim.get("/account").status_code == 200


def test_a_new_password_ends_the_other_logins_and_keeps_this_one(office: Service) -> None:
    here, other = guest(office, WORKER), guest(office, WORKER)
    before = secret_of(here)
    here.get("/account/password")
    assert here.send("/account/password", old="salah-sekali", password=GOOD).status_code == 400
    assert here.send("/account/password", old="titian-demo", password="x").status_code == 400
    assert other.get("/account").status_code == 200
    assert here.send("/account/password", old="titian-demo", password=GOOD).location == "/account"
    assert here.get("/account").status_code == 200
    assert secret_of(here) != before
    assert other.get("/account").status_code == 302
    assert guest(office).sign_in(WORKER).status_code == 401
    assert guest(office).sign_in(WORKER, GOOD).status_code == 302


@pytest.mark.parametrize(
    "password", ["qwertyuiop", "1Q2W3E4R5T", "Manchester", "mailcreated5240", "sayangkamu"]
)
def test_passwords_that_are_tried_first_are_refused(password: str) -> None:
    assert is_common(password)


@pytest.mark.parametrize(
    "password", [GOOD, "correct horse battery staple", "perahu-Karet-di-rawa", "b9!Kq2_rTz7w"]
)
def test_other_passwords_are_none_of_those(service: Service, password: str) -> None:
    with service.app.test_request_context():
        assert password_problem(password, "siti@pasuruan", "Siti Aminah") == ""


@pytest.mark.parametrize(
    "password",
    [
        "pendek",
        "x" * 1025,
        "siti-pasuruan",
        "Titian2026",
        "dinas sosial pasuruan",
        "aaaaaaaaaaaaaa",
        "aminah1990!",
    ],
)
def test_what_is_short_or_made_of_names_is_refused(service: Service, password: str) -> None:
    with service.app.test_request_context():
        assert password_problem(password, "siti@pasuruan", "Siti Aminah")


def test_nobody_locks_a_colleague_out(office: Service) -> None:
    colleague = guest(office, WORKER)
    colleague.send("/logout")
    thief = guest(office)
    thief.get("/login")
    for number in range(11):
        answer = thief.send("/login", user_id=WORKER, password=f"tebakan-{number}")
    assert answer.status_code == 429
    assert thief.send("/login", user_id=WORKER, password="titian-demo").status_code == 429
    assert colleague.sign_in(WORKER).status_code == 302, "a browser that the user has used before is exempt"


def test_what_was_typed_as_a_name_cannot_be_read_from_what_is_counted(office: Service) -> None:
    for secret in (office.app.config["SECRET_KEY"], "x" * 48):  # what names a count hangs on the secret, too
        office.app.config["SECRET_KEY"] = secret
        stranger = guest(office)
        stranger.get("/login")
        stranger.send("/login", user_id="kata-sandi-ku", password="tebakan")
    with reading(office.database) as tx:
        counted = tx.execute(select(Attempts.id, Attempts.number)).all()
    assert [number for _, number in counted] == [1] * 6
    assert not any("kata-sandi-ku" in id for id, _ in counted)


def test_a_known_browser_is_slowed_down_by_its_own_failures(office: Service) -> None:
    visitor = guest(office, WORKER)
    visitor.send("/logout")
    visitor.get("/login")
    statuses = [visitor.send("/login", user_id=WORKER, password=f"x{n}").status_code for n in range(11)]
    assert statuses == [401] * 10 + [429]
    assert guest(office).sign_in(WORKER).status_code == 302


def test_a_browser_is_known_for_its_own_users_only(office: Service) -> None:
    visitor = guest(office, WORKER)
    visitor.send("/logout")
    visitor.get("/login")
    for number in range(10):
        visitor.send("/login", user_id="peksos@natuna", password=f"x{number}")
    stranger = guest(office)
    assert stranger.sign_in("peksos@natuna").status_code == 429, "the address is counted, as for a stranger"
    assert visitor.sign_in(WORKER).status_code == 302


def test_guessing_from_many_addresses_is_slowed_down_too(office: Service) -> None:
    stranger = guest(office)
    stranger.get("/login")
    statuses = []
    for number in range(101):
        stranger.client.environ_base["REMOTE_ADDR"] = f"10.0.{number // 8}.1"
        statuses.append(stranger.send("/login", user_id=WORKER, password="tebakan").status_code)
    assert statuses == [401] * 100 + [429]


def test_a_cookie_that_somebody_planted_is_replaced(office: Service) -> None:
    visitor = guest(office)
    visitor.client.set_cookie("__Host-titian-device", "tanaman", domain="localhost", secure=True)
    visitor.sign_in(WORKER)
    cookie = visitor.client.get_cookie("__Host-titian-device", domain="localhost")
    assert cookie
    assert cookie.value != "tanaman"


def test_what_happens_is_told_in_the_log_without_a_secret(
    office: Service, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "titian.sign_in")
    visitor = guest(office)
    visitor.sign_in(WORKER, "kata-sandi-salah")
    visitor.sign_in("siapa@natuna", "kata-sandi-salah")
    visitor.sign_in("Kata Sandi Rahasia!", "kata-sandi-salah")  # in the wrong field
    visitor.sign_in(WORKER)
    visitor.enrol()
    lines = [json.loads(record.message) for record in caplog.records if record.name == "titian.sign_in"]
    assert [(line["event"], line["user"]) for line in lines] == [
        ("login_failed", WORKER),
        ("login_failed", ""),
        ("login_failed", ""),
        ("login", WORKER),
        ("totp_added", WORKER),
        ("login", WORKER),
        ("codes_made", WORKER),
    ]
    assert all(line["address"] == "127.0.0.1" for line in lines)
    assert "kata-sandi-salah" not in caplog.text
    assert "Rahasia!" not in caplog.text
    assert visitor.app
    assert visitor.app.totp.secret not in caplog.text


def test_a_failure_does_the_same_whether_the_user_is_there_or_not(office: Service) -> None:
    """The same statements, for the access log too: neither time nor traces tell who is there."""
    asked: list[str] = []
    with office.app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    seen = []
    for user_id in (WORKER, "siapa@natuna"):
        visitor = guest(office)
        visitor.get("/login")
        asked.clear()
        assert visitor.send("/login", user_id=user_id, password="tebakan").status_code == 401
        seen.append(list(asked))
    assert seen[0] == seen[1]
    assert {statement.split()[0] for statement in seen[0]} <= {"SELECT", "BEGIN", "INSERT"}
    with reading(office.database) as tx:
        assert tx.scalars(select(SignInEvent.seq)).all() == []


def test_the_users_own_language_is_kept_from_the_account_page(office: Service) -> None:
    visitor = guest(office, WORKER)
    assert "Akun saya" in visitor.get("/account").text
    visitor.send("/language", language="en", next="/account")
    assert "My account" in visitor.get("/account").text
