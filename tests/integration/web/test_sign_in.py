"""Signing in and out."""

import re

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from engine import find_user, get_actor, set_active, set_password
from engine.desk import subscribe_browser
from engine.store import reading, writing
from engine.store.tables import LoginSession, PushSubscription, User
from engine.types import SYSTEM
from tests.integration.web.conftest import Visitors
from tests.support.service import Service
from webapp.auth.passwords import hash_password, is_outdated
from webapp.config import DEMO_PASSWORD


def test_a_page_sends_a_stranger_to_sign_in_and_back_again(visitors: Visitors) -> None:
    stranger = visitors()
    answer = stranger.get("/start?x=1")
    assert answer.location == "/login?next=/start?x%3D1"
    answer = stranger.sign_in("petugas@natuna", next="/start?x=1")
    assert answer.location == "/start?x=1"


@pytest.mark.parametrize(
    ("user", "page"),
    [
        ("petugas@natuna", "/"),
        ("manajer@natuna", "/cockpit"),
        ("analis@natuna", "/modeler/"),
        ("admin@titian", "/admin"),
    ],
)
def test_everybody_begins_where_the_work_is(visitors: Visitors, user: str, page: str) -> None:
    assert visitors().sign_in(user).location == page
    assert visitors().sign_in(user, next="/").location == page


def test_a_demonstration_names_its_users_and_fills_one_in(visitors: Visitors) -> None:
    stranger = visitors()
    assert "/login?user_id=peksos@pasuruan" in stranger.get("/login").text
    assert 'value="peksos@pasuruan"' in stranger.get("/login?user_id=peksos@pasuruan").text


def test_after_signing_in_nobody_lands_on_another_server(visitors: Visitors) -> None:
    for target in ("https://jahat.example", "//jahat.example", "/\\jahat.example"):
        assert visitors().sign_in("petugas@natuna", next=target).location == "/"


def test_a_wrong_password_and_an_unknown_user_get_the_same_page(visitors: Visitors) -> None:
    wrong = visitors().sign_in("petugas@natuna", "salah-sekali")
    unknown = visitors().sign_in("siapa@natuna", "salah-sekali")
    assert wrong.status_code == unknown.status_code == 401
    assert "tidak cocok" in wrong.text
    shown = _without_token(wrong.text).replace('"petugas@natuna"', '"siapa@natuna"')
    assert shown == _without_token(unknown.text)


def test_a_name_that_no_database_can_look_up_is_just_wrong(visitors: Visitors) -> None:
    assert visitors().sign_in("petugas\0@natuna").status_code == 401


def test_an_unknown_user_costs_a_whole_hash_too(visitors: Visitors, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    verify = PasswordHasher.verify
    monkeypatch.setattr(PasswordHasher, "verify", lambda *given: seen.append(given) or verify(*given))
    visitors().sign_in("siapa@natuna", "salah-sekali")
    assert len(seen) == 1


def test_a_locked_user_stays_outside_and_is_out_at_once(visitors: Visitors, service: Service) -> None:
    inside = visitors("petugas@natuna")
    set_active(service.database, SYSTEM, "petugas@natuna", False)
    assert inside.get("/").location.startswith("/login")
    assert visitors().sign_in("petugas@natuna").status_code == 401


def test_signing_out_ends_the_login_on_the_server(visitors: Visitors, service: Service) -> None:
    visitor = visitors("petugas@natuna")
    stolen = visitor.client.get_cookie("titian").value
    assert visitor.send("/logout").location == "/login"
    assert "Anda sudah keluar" in visitor.get("/login").text
    visitor.client.set_cookie("titian", stolen)
    assert visitor.get("/").location.startswith("/login")
    with reading(service.database) as tx:
        assert tx.execute(select(LoginSession.id)).all() == []


def test_a_session_begins_anew_so_that_a_planted_one_is_worth_nothing(visitors: Visitors) -> None:
    visitor = visitors()
    visitor.get("/login")
    before = visitor.client.get_cookie("titian").value
    with visitor.client.session_transaction() as session:
        token = session["csrf_token"]
    visitor.sign_in("petugas@natuna")
    with visitor.client.session_transaction() as session:
        assert session["csrf_token"] != token
    assert visitor.client.get_cookie("titian").value != before


def test_a_forged_cookie_opens_nothing(visitors: Visitors) -> None:
    visitor = visitors("petugas@natuna")
    value = visitor.client.get_cookie("titian").value
    visitor.client.set_cookie("titian", ("A" if value[0] != "A" else "B") + value[1:])
    assert visitor.get("/").location.startswith("/login")


def test_a_form_whose_login_ran_out_can_be_sent_after_signing_in_again(
    visitors: Visitors, service: Service
) -> None:
    task = visitors.open_case()
    visitor = visitors("petugas@natuna")
    visitor.get(task)
    visitor.send(f"{task}/claim")
    open_page = visitor.token
    with writing(service.database) as tx:
        tx.execute(LoginSession.__table__.delete())
    ended = visitor.submit(f"{task}/complete", {})
    assert ended.status_code == 401
    assert "Sesi Anda sudah berakhir" in ended.json["message"]
    visitor.sign_in("petugas@natuna")
    visitor.token = open_page
    assert visitor.submit(f"{task}/complete", {"memenuhi_persyaratan": True}).status_code == 200


def test_a_hash_of_lower_cost_is_renewed_at_the_next_sign_in(visitors: Visitors, service: Service) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=1024).hash(DEMO_PASSWORD)
    set_password(service.database, SYSTEM, "petugas@natuna", weak)
    clerk = get_actor(service.database, "petugas@natuna")
    assert clerk
    subscribe_browser(service.database, clerk, "https://example.org/1", "a", "b")
    assert visitors().sign_in("petugas@natuna").status_code == 302
    with reading(service.database) as tx:
        stored = tx.scalars(select(User.password_hash).where(User.id == "petugas@natuna")).one()
        assert tx.scalars(select(PushSubscription.id)).all(), "the password is the same: nothing ends"
    assert is_outdated(weak)
    assert not is_outdated(stored)


def test_a_password_of_a_megabyte_is_just_wrong(visitors: Visitors, service: Service) -> None:
    set_password(service.database, SYSTEM, "petugas@natuna", hash_password("x" * 1024))
    assert visitors().sign_in("petugas@natuna", "x" * 1025).status_code == 401
    assert visitors().sign_in("petugas@natuna", "x" * 1024).status_code == 302


def test_guessing_is_slowed_down_for_the_user_that_is_guessed_at(visitors: Visitors) -> None:
    visitor = visitors()
    answers = [visitor.sign_in("petugas@natuna", f"tebakan-{n}").status_code for n in range(11)]
    assert answers == [401] * 10 + [429]
    blocked = visitor.sign_in("petugas@natuna")
    assert blocked.status_code == 429
    assert "Terlalu banyak percobaan" in blocked.text
    assert visitors().sign_in("peksos@natuna").status_code == 302


def test_guessing_is_slowed_down_for_an_address_that_tries_many_users(visitors: Visitors) -> None:
    answers = [visitors().sign_in(f"user{n}@natuna", "tebakan").status_code for n in range(31)]
    assert answers == [401] * 30 + [429]


def test_signing_in_rightly_is_never_counted(visitors: Visitors) -> None:
    assert {visitors().sign_in("petugas@natuna").status_code for _ in range(12)} == {302}


def test_the_language_is_chosen_once_and_kept_with_the_user(visitors: Visitors, service: Service) -> None:
    visitor = visitors("petugas@natuna")
    assert "Tugas saya" in visitor.get("/").text
    assert visitor.send("/language", language="en", next="/start").location == "/start"
    assert "My tasks" in visitor.get("/").text
    assert find_user(service.database, "petugas@natuna").language == "en"
    assert "My tasks" in visitors("petugas@natuna").get("/").text


def test_a_language_that_we_do_not_have_changes_nothing(visitors: Visitors) -> None:
    visitor = visitors("petugas@natuna")
    visitor.send("/language", language="fr")
    assert "Tugas saya" in visitor.get("/").text


def test_a_stranger_may_choose_the_language_too(visitors: Visitors) -> None:
    stranger = visitors()
    stranger.get("/login")
    stranger.send("/language", language="en", next="/login")
    assert "Sign in" in stranger.get("/login").text


def _without_token(page: str) -> str:
    return re.sub(r'(content|value)="[\w.-]{60,}"', "", page)
