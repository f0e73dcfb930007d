"""Signing in through an OpenID provider: a real one, in a process of its own. Issue 5, section 4."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from sqlalchemy import select
from werkzeug.test import TestResponse

from engine import desk, find_user, get_actor, set_active
from engine.store import reading
from engine.store.tables import ExternalIdentity
from engine.types import SYSTEM
from tests.integration.web.conftest import Later
from tests.support.guests import Guest, guest, protected
from tests.support.provider import CLIENT_ID, CLIENT_SECRET, allow, running_provider
from tests.support.push import Browser
from tests.support.service import Service
from webapp.auth import oidc
from webapp.config import Settings, SettingsInvalid, read_settings
from webapp.db import db

DEVICE = "__Host-titian-device"
GROUPS = "abh-petugas=natuna:petugas; abh-manajer=natuna:manajer; abh-bintan=bintan:petugas; x=tiada:petugas"


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with running_provider() as address:
        yield address


@pytest.fixture
def office(loaded_url: str, tmp_path: Path, issuer: str) -> Iterator[Service]:
    oidc._known.clear()
    service = protected(
        loaded_url,
        tmp_path,
        oidc_issuer=issuer,
        oidc_client_id=CLIENT_ID,
        oidc_client_secret=CLIENT_SECRET,
        oidc_name="SSO Daerah",
        oidc_groups=GROUPS,
    )
    yield service
    service.database.dispose()
    with service.app.app_context():
        db.engine.dispose()


def local(address: str) -> str:
    parts = urlsplit(address)
    assert parts.netloc == "localhost", address
    return f"{parts.path}?{parts.query}"


def through(visitor: Guest, user: str, tamper: str = "", begin: str = "/login/oidc") -> TestResponse:
    """The whole way: to the provider, where ``user`` is signed in, and back, without ``Strict`` cookies."""
    address = local(allow(visitor.get(begin).location, user, tamper))
    for name in ("__Host-titian", DEVICE):
        cookie = visitor.client.get_cookie(name)
        if cookie and cookie.same_site == "Strict":
            visitor.client.delete_cookie(name)
    return visitor.get(address)


def test_the_first_sign_in_makes_an_account_with_the_groups_of_the_provider(office: Service) -> None:
    visitor = guest(office)
    assert "Masuk dengan SSO Daerah" in visitor.get("/login").text
    assert through(visitor, "siti", begin="/login/oidc?next=/start").location == "/start"
    page = visitor.get("/account").text
    assert "Siti Aminah" in page
    assert "Akun Anda berasal dari SSO Daerah" in page
    with reading(office.database) as tx:
        [row] = tx.execute(select(ExternalIdentity.__table__)).all()
    assert (row.subject, row.managed) == ("a-1", True)
    user = find_user(office.database, row.user_id)
    assert user
    assert user.memberships == (("natuna", "petugas"),)
    assert not user.admin


def test_the_same_subject_is_the_same_user_with_the_groups_of_today(office: Service) -> None:
    through(guest(office), "siti")
    visitor = guest(office)
    assert through(visitor, "pindah").status_code == 302
    with reading(office.database) as tx:
        [user_id] = tx.scalars(select(ExternalIdentity.user_id))
    assert find_user(office.database, user_id).memberships == (("bintan", "petugas"),)
    assert through(guest(office), "keluar").status_code == 403
    assert find_user(office.database, user_id).memberships == ()


def test_a_name_or_an_address_of_mail_takes_nobodys_account(office: Service) -> None:
    """'siti' has the e-mail address, 'siti-lain' the user name of a user who is there."""
    for user in ("siti", "siti-lain"):
        visitor = guest(office)
        assert through(visitor, user).status_code == 302
        assert "Nama pengguna</dt><dd>petugas@natuna<" not in visitor.get("/account").text
    assert len(set(_users(office))) == 2
    assert "petugas@natuna" not in _users(office)


def _users(office: Service) -> list[str]:
    with reading(office.database) as tx:
        return list(tx.scalars(select(ExternalIdentity.user_id)))


def test_who_has_no_group_here_gets_no_account(office: Service) -> None:
    visitor = guest(office)
    answer = through(visitor, "asing")
    assert answer.status_code == 403
    assert "Anda belum punya akun di sini" in answer.text
    assert visitor.get("/account").status_code == 302
    assert _users(office) == []


def test_odd_claims_are_no_groups_and_no_second_factor(office: Service) -> None:
    assert through(guest(office), "aneh").status_code == 403


def test_a_screen_is_the_same_one_after_each_sign_in_and_tells_nobody_elses_news(office: Service) -> None:
    visitor, database = guest(office), office.database
    through(visitor, "siti")
    [siti] = _users(office)

    def turn_on() -> None:
        """In a login that has run out meanwhile."""
        device = visitor.client.get_cookie(DEVICE)
        assert device
        where = {"login_id": "over", "device": device.value}
        desk.subscribe_browser(database, get_actor(database, siti), "https://x/1", **Browser().keys, **where)

    def told() -> int:
        return len(desk.list_browsers(database, get_actor(database, siti)))

    turn_on()
    through(visitor, "siti")
    assert told() == 1
    visitor.get("/account")
    visitor.send("/logout")
    assert told() == 0
    turn_on()
    through(visitor, "siti-lain")
    assert told() == 0


def test_a_user_who_is_locked_out_here_stays_outside(office: Service) -> None:
    through(guest(office), "siti")
    set_active(office.database, SYSTEM, _users(office)[0], False)
    assert through(guest(office), "siti").status_code == 403


def test_a_manager_shows_a_second_factor_there_or_here(office: Service) -> None:
    visitor = guest(office)
    assert through(visitor, "bos").location == "/account/enrol"
    assert visitor.get("/cockpit").location.startswith("/account/enrol")
    strong = guest(office)
    assert through(strong, "bos-kuat").location == "/cockpit"
    assert strong.get("/cockpit").status_code == 200


def test_an_account_from_there_has_no_password(office: Service) -> None:
    through(guest(office), "siti")
    [user_id] = _users(office)
    for password in ("", "-", "the password of nobody", "titian-demo"):
        assert guest(office).sign_in(user_id, password).status_code == 401


def test_one_links_an_own_account_and_cuts_the_link(office: Service) -> None:
    visitor = guest(office, "petugas@natuna")
    visitor.get("/account")
    page = visitor.send("/account/identity/link").text
    assert "/login/oidc?link=1" in page
    assert through(visitor, "asing", begin="/login/oidc?link=1").location == "/account"
    assert "Akun sudah terhubung" in visitor.get("/account").text
    other = guest(office)
    assert through(other, "asing").status_code == 302
    assert "petugas@natuna" in other.get("/account").text
    assert find_user(office.database, "petugas@natuna").memberships == (("natuna", "petugas"),), (
        "kept as it was"
    )
    visitor.send("/account/identity/unlink")
    assert through(guest(office), "asing").status_code == 403


def test_a_link_that_was_asked_for_is_made_soon_or_not_at_all(office: Service, later: Later) -> None:
    visitor = guest(office, "petugas@natuna")
    visitor.get("/account")
    visitor.send("/account/identity/link")
    later(timedelta(minutes=11))
    through(visitor, "asing", begin="/login/oidc?link=1")
    assert _users(office) == []


def test_nobody_is_linked_by_an_address_alone(office: Service) -> None:
    victim = guest(office, "petugas@natuna")
    through(victim, "asing", begin="/login/oidc?link=1")
    assert _users(office) == []


def test_an_account_elsewhere_belongs_to_one_user(office: Service) -> None:
    through(guest(office), "siti")
    visitor = guest(office, "petugas@natuna")
    visitor.get("/account")
    visitor.send("/account/identity/link")
    through(visitor, "siti", begin="/login/oidc?link=1")
    assert "sudah terhubung dengan seorang pengguna" in visitor.get("/account").text
    assert "petugas@natuna" not in _users(office)


@pytest.mark.parametrize(
    "tamper",
    [
        "unsigned",
        "client-secret",
        "public-key",
        "other-key",
        "changed",
        "audience",
        "issuer",
        "nonce",
        "no-nonce",
        "expired",
        "no-subject",
        "long-subject",
        "other-party",
        "at-hash",
    ],
)
def test_an_id_token_with_anything_wrong_lets_nobody_in(office: Service, tamper: str) -> None:
    visitor = guest(office)
    answer = through(visitor, "siti", tamper)
    assert answer.status_code == 502
    assert visitor.get("/account").status_code == 302
    assert _users(office) == []


def test_the_way_to_the_provider_carries_state_nonce_and_pkce(office: Service) -> None:
    query = parse_qs(urlsplit(guest(office).get("/login/oidc").location).query)
    assert query["response_type"] == ["code"]
    assert query["code_challenge_method"] == ["S256"]
    assert query["redirect_uri"] == ["https://localhost/login/oidc/back"]
    again = parse_qs(urlsplit(guest(office).get("/login/oidc").location).query)
    for name in ("state", "nonce", "code_challenge"):
        assert len(query[name][0]) >= 30
        assert query[name] != again[name]


def test_a_way_back_that_was_not_begun_here_leads_nowhere(office: Service) -> None:
    attacker, victim = guest(office), guest(office)
    back = local(allow(attacker.get("/login/oidc").location, "siti"))
    assert victim.get(back).status_code == 403, "nobody begun here"
    victim.get("/login/oidc")
    assert victim.get(back).status_code == 403, "another state"
    assert victim.get("/account").status_code == 302


def test_a_way_back_is_gone_once(office: Service) -> None:
    visitor = guest(office)
    address = visitor.get("/login/oidc").location
    with visitor.client.session_transaction(base_url="https://localhost") as session:
        kept = session["oidc"]
    back = local(allow(address, "siti"))
    assert visitor.get(back).status_code == 302
    with visitor.client.session_transaction(base_url="https://localhost") as session:
        session["oidc"] = kept  # the cookie of before, stolen
    assert visitor.get(back).status_code == 403


def test_a_refusal_there_is_said_here(office: Service) -> None:
    visitor = guest(office)
    state = parse_qs(urlsplit(visitor.get("/login/oidc").location).query)["state"][0]
    answer = visitor.get(f"/login/oidc/back?error=access_denied&state={state}")
    assert answer.status_code == 502
    assert "tidak berhasil" in answer.text


def test_an_answer_of_another_provider_is_refused(office: Service) -> None:
    visitor = guest(office)
    back = local(allow(visitor.get("/login/oidc").location, "siti"))
    assert visitor.get(f"{back}&iss=https://jahat.example").status_code == 502


def test_new_keys_of_the_provider_are_fetched(office: Service, issuer: str) -> None:
    assert through(guest(office), "siti").status_code == 302
    requests.post(f"{issuer}/rotate", timeout=10)
    assert through(guest(office), "siti").status_code == 302


def test_a_provider_that_is_away_is_a_clear_answer(loaded_url: str, tmp_path: Path) -> None:
    oidc._known.clear()
    service = protected(
        loaded_url, tmp_path, oidc_issuer="http://127.0.0.1:9", oidc_client_id="x", oidc_client_secret="y"
    )
    answer = guest(service).get("/login/oidc")
    assert answer.status_code == 502
    assert "Coba lagi nanti" in answer.text
    service.database.dispose()


def test_without_a_provider_there_is_no_way_to_one(service: Service) -> None:
    client = service.app.test_client()
    assert client.get("/login/oidc").status_code == 404
    assert client.get("/login/oidc/back").status_code == 404
    assert "/login/oidc" not in client.get("/login").text


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"OIDC_ISSUER": "http://sso.example"}, "https"),
        ({"OIDC_ISSUER": "https://sso.example"}, "CLIENT_ID"),
        ({"OIDC_GROUPS": "abh=natuna"}, "value=agency:group"),
        ({"OIDC_GROUPS": "=natuna:petugas"}, "value=agency:group"),
        ({"ORIGIN": "https://titian.example/x"}, "ORIGIN"),
        ({"ORIGIN": "http://titian.example"}, "ORIGIN"),
        ({"IDLE_MINUTES": "0"}, "IDLE_MINUTES"),
    ],
)
def test_settings_that_cannot_be_meant_are_refused(settings: dict[str, str], said: str) -> None:
    whole = {"OIDC_ISSUER": "https://sso.example", "OIDC_CLIENT_ID": "x", "OIDC_CLIENT_SECRET": "y"}
    if "OIDC_GROUPS" in settings:
        settings = whole | settings
    with pytest.raises(SettingsInvalid, match=said):
        read_settings({f"TITIAN_{name}": value for name, value in settings.items()})


def test_values_with_equal_signs_are_mapped(tmp_path: Path) -> None:
    from webapp.config import group_mapping

    settings = Settings(oidc_groups="cn=abh,dc=go=natuna:petugas;cn=abh,dc=go=natuna:peksos")
    assert group_mapping(settings) == {"cn=abh,dc=go": {("natuna", "petugas"), ("natuna", "peksos")}}
