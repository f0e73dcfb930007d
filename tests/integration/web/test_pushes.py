"""Push messages, sent to a real push service: over https, sealed for the browser, signed by us."""

import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

import engine
from engine import desk
from engine.desk import Channel
from engine.errors import StateConflict
from engine.types import SYSTEM, Actor, pseudonym_of
from tests.integration.web.conftest import Later, Visitor, Visitors
from tests.support.case import Case, begin
from tests.support.push import Browser, PushService, push_service
from tests.support.service import Service
from webapp.config import DEMO_PASSWORD
from webapp.delivery import deliver_pushes, public_key
from webapp.delivery.sealing import from_base64url, to_base64url

KEY, ORIGIN, PEKSOS = "natuna_pendampingan_abh_ampk", "https://titian.example.go.id", "peksos@natuna"
REAL = "https://fcm.googleapis.com/fcm/send/abc"


@pytest.fixture
def pushing(service: Service) -> Service:
    """The application with an address of its own, which is all that push needs."""
    service.app.config["SETTINGS"] = replace(service.app.config["SETTINGS"], origin=ORIGIN)
    return service


@pytest.fixture
def there(tmp_path: Path) -> Iterator[PushService]:
    with push_service(tmp_path) as found:
        yield found


def actor(service: Service, user_id: str = PEKSOS) -> Actor:
    found = engine.get_actor(service.database, user_id)
    assert found is not None
    return found


def assigned(service: Service) -> Case:
    case = begin(service, "natuna", KEY, "petugas")
    case.do("petugas", "langkah_2_terima_tugaskan", peksos_ditugaskan=PEKSOS)
    return case


def send(service: Service, there: PushService) -> int:
    with service.app.app_context():
        return deliver_pushes(service.database, service.app.config["SETTINGS"], there.door)


def subscribe(service: Service, endpoint: str, user_id: str = PEKSOS) -> Browser:
    browser = Browser()
    desk.subscribe_browser(service.database, actor(service, user_id), endpoint, **browser.keys)
    return browser


def test_the_browser_reads_kind_number_and_pseudonym_and_the_service_nothing(
    pushing: Service, there: PushService
) -> None:
    browser, case = subscribe(pushing, there.url), assigned(pushing)
    assert (send(pushing, there), send(pushing, there)) == (1, 0)
    [(headers, body)] = there.got
    told = browser.reads(body)
    assert told["title"] == "Ada tugas baru untuk Anda"
    assert told["body"] == f"{case.business_key} ({pseudonym_of(case.id)})"
    assert told["url"].startswith("/notifications/")
    assert case.business_key.encode() not in body
    assert (headers["Content-Encoding"], headers["TTL"]) == ("aes128gcm", "86400")


def test_whom_to_trust_is_read_once_not_for_each_message_or_round(
    pushing: Service, there: PushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The machine's list of authorities takes 20 ms of the processor."""
    subscribe(pushing, there.url)
    assigned(pushing)
    read: list[ssl.SSLContext] = []
    monkeypatch.setattr(ssl.SSLContext, "load_default_certs", lambda context, *_: read.append(context))
    assert send(pushing, there) == 1
    with pushing.app.app_context():
        assert deliver_pushes(pushing.database, pushing.app.config["SETTINGS"]) == 0
    assert read == []


def test_the_message_is_signed_with_the_key_that_browsers_were_told(
    pushing: Service, there: PushService
) -> None:
    subscribe(pushing, there.url)
    assigned(pushing)
    send(pushing, there)
    scheme, token, key = there.got[0][0]["Authorization"].replace(", k=", " ").replace("t=", "", 1).split(" ")
    assert (scheme, key) == ("vapid", public_key(pushing.database))
    point = from_base64url(key)
    known = ECKey.import_key(
        {"kty": "EC", "crv": "P-256", "x": to_base64url(point[1:33]), "y": to_base64url(point[33:])}
    )
    claims = jwt.decode(token, known).claims
    assert claims["aud"] == there.url.removesuffix("/push/1")
    assert claims["sub"] == ORIGIN


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(pushing: Service, there: PushService, status: int) -> None:
    subscribe(pushing, there.url)
    there.answers = [status]
    assigned(pushing)
    assert send(pushing, there) == 0
    assert desk.list_browsers(pushing.database, actor(pushing)) == []
    assigned(pushing)
    assert send(pushing, there) == 0
    assert len(there.got) == 1


def test_a_service_that_is_busy_is_asked_later_and_one_that_refuses_no_more(
    pushing: Service, there: PushService, later: Later
) -> None:
    subscribe(pushing, there.url)
    there.answers = [503, 429, 201, 403]
    assigned(pushing)
    results = []
    for _ in range(3):
        results.append(send(pushing, there))
        later(timedelta(hours=1))
    assert results == [0, 0, 1]
    assigned(pushing)
    assert send(pushing, there) == 0
    later(timedelta(hours=1))
    assert send(pushing, there) == 0
    assert len(there.got) == 4


def test_no_redirection_is_followed(pushing: Service, there: PushService) -> None:
    subscribe(pushing, there.url)
    there.answers = [307]
    assigned(pushing)
    assert send(pushing, there) == 0
    assert len(there.got) == 1


def test_the_door_of_the_server_itself_opens_to_no_place_of_its_own_network(
    pushing: Service, there: PushService
) -> None:
    subscribe(pushing, there.url)
    assigned(pushing)
    with pushing.app.app_context():
        assert deliver_pushes(pushing.database, pushing.app.config["SETTINGS"]) == 0
    assert there.got == []
    assert desk.list_browsers(pushing.database, actor(pushing)) == []


def test_a_browser_tells_one_user_the_one_who_turned_it_on_last(pushing: Service, there: PushService) -> None:
    subscribe(pushing, there.url)
    assigned(pushing)
    subscribe(pushing, there.url, "petugas@natuna")
    assert send(pushing, there) == 0
    assert desk.list_browsers(pushing.database, actor(pushing)) == []
    assert desk.take_deliveries(pushing.database, (Channel.PUSH,)) == []


def test_the_page_takes_browsers_of_known_services_and_lets_them_go(
    pushing: Service, visitors: Visitors
) -> None:
    visitor = visitors(PEKSOS)
    page = visitor.get("/account/notifications").text
    assert public_key(pushing.database) in page
    keys = Browser().keys
    bad = [
        {"endpoint": "https://localhost/x", "keys": keys},
        {"endpoint": REAL, "keys": {**keys, "auth": "x"}},
        {"endpoint": REAL, "keys": [1]},
        [REAL],
    ]
    headers = {"X-CSRFToken": visitor.token}
    for sent in bad:
        answer = visitor.client.post("/account/browsers", json=sent, headers=headers)
        assert answer.status_code == 400, sent
    answer = visitor.client.post("/account/browsers", json={"endpoint": REAL, "keys": keys}, headers=headers)
    assert answer.json == {"next": "/account/notifications"}
    [browser] = desk.list_browsers(pushing.database, actor(pushing))
    other = visitors("petugas@natuna")
    other.send(f"/account/browsers/{browser.id}/remove")
    assert len(desk.list_browsers(pushing.database, actor(pushing))) == 1
    visitor.send(f"/account/browsers/{browser.id}/remove")
    assert desk.list_browsers(pushing.database, actor(pushing)) == []
    for end in ("/account/logins/end-others", "/logout"):
        visitor.client.post("/account/browsers", json={"endpoint": REAL, "keys": keys}, headers=headers)
        visitor.send(end)
        left = len(desk.list_browsers(pushing.database, actor(pushing)))
        assert left == (0 if end == "/logout" else 1), "what is signed out tells nobody at its screen"


def turn_on(visitor: Visitor) -> None:
    sent = {"endpoint": REAL, "keys": Browser().keys}
    answer = visitor.client.post("/account/browsers", json=sent, headers={"X-CSRFToken": visitor.token})
    assert answer.status_code == 200


def told(service: Service, user_id: str = PEKSOS) -> int:
    return len(desk.list_browsers(service.database, actor(service, user_id)))


def test_who_signs_out_ends_what_was_turned_on_there_in_a_login_that_has_run_out(
    pushing: Service, visitors: Visitors, later: Later
) -> None:
    visitor, elsewhere = visitors(PEKSOS), visitors(PEKSOS)
    turn_on(visitor)
    later(timedelta(hours=13))
    for each in (visitor, elsewhere):
        assert each.sign_in(PEKSOS).status_code == 302
        each.get("/account")
    elsewhere.send("/logout")
    assert told(pushing) == 1, "another browser is another screen"
    visitor.send("/logout")
    assert told(pushing) == 0


def test_who_signs_in_at_the_same_screen_is_not_shown_what_another_is_told(
    pushing: Service, visitors: Visitors, later: Later
) -> None:
    visitor = visitors(PEKSOS)
    turn_on(visitor)
    later(timedelta(hours=13))
    visitor.sign_in(PEKSOS)
    assert told(pushing) == 1
    later(timedelta(hours=26))
    visitor.sign_in("petugas@natuna")
    assert told(pushing) == 0


def test_who_signs_in_once_more_goes_on_being_told(pushing: Service, visitors: Visitors) -> None:
    """As who proves an identity without a password does. It ends with the new login, and with another's."""
    for user_id, left in ((PEKSOS, 1), ("petugas@natuna", 0)):
        visitor = visitors(PEKSOS)
        turn_on(visitor)
        visitor.sign_in(PEKSOS)
        assert told(pushing) == 1
        visitor.client.delete_cookie("titian-device")
        visitor.sign_in(user_id)
        assert told(pushing) == left
        visitor.get("/account")
        visitor.send("/logout")
        assert told(pushing) == 0


def test_a_screen_where_nobody_signed_in_for_months_tells_nothing(
    pushing: Service, visitors: Visitors, later: Later
) -> None:
    visitor = visitors(PEKSOS)
    turn_on(visitor)
    later(timedelta(days=91))
    visitor.sign_in(PEKSOS)
    assert told(pushing) == 0


def test_who_gives_up_half_way_through_signing_in_ends_nothing_there(
    pushing: Service, visitors: Visitors, later: Later
) -> None:
    """Who knows no more than the password keeps nobody from being told."""
    visitor = visitors(PEKSOS)
    turn_on(visitor)
    engine.offer_totp(pushing.database, actor(pushing), b"sealed")
    engine.confirm_totp(pushing.database, actor(pushing), 1)
    for ending in ("/logout", "/account"):
        later(timedelta(hours=13))
        visitor.sign_in(PEKSOS)
        if ending == "/logout":
            assert visitor.send(ending).location == "/login"
        else:
            later(timedelta(minutes=16))
            assert visitor.get(ending).location.startswith("/login")
        assert told(pushing) == 1


@pytest.mark.parametrize("end", ["password", "own password", "lock", "factors"])
def test_what_ends_all_logins_of_a_user_ends_what_browsers_tell(
    pushing: Service, visitors: Visitors, end: str
) -> None:
    """And letting the user in again brings it back to no stolen phone."""
    subscribe(pushing, REAL)
    subscribe(pushing, f"{REAL}d", "petugas@natuna")
    match end:
        case "password":
            engine.set_password(pushing.database, SYSTEM, PEKSOS, "-")
        case "lock":
            engine.set_active(pushing.database, SYSTEM, PEKSOS, False)
            engine.set_active(pushing.database, SYSTEM, PEKSOS, True)
        case "factors":
            engine.reset_factors(pushing.database, SYSTEM, PEKSOS)
        case _:
            visitor = visitors(PEKSOS)
            visitor.get("/account/password")
            visitor.send("/account/password", old=DEMO_PASSWORD, password="kapal biru di teluk")
            assert "Tidak ada perangkat" in visitor.get("/account").text
    assert told(pushing) == 0
    assert told(pushing, "petugas@natuna") == 1


def test_nobody_has_more_browsers_than_ten(pushing: Service) -> None:
    for number in range(desk.MOST_BROWSERS):
        subscribe(pushing, f"{REAL}{number}")
    subscribe(pushing, f"{REAL}0")
    with pytest.raises(StateConflict):
        subscribe(pushing, f"{REAL}x")


def test_the_private_key_lies_in_the_database_sealed(pushing: Service) -> None:
    with pushing.app.app_context():
        first = public_key(pushing.database)
    assert public_key(pushing.database) == first
    private, _ = desk.push_key(pushing.database, lambda: (b"", ""))
    with pushing.database.connect() as connection:
        [row] = connection.exec_driver_sql("SELECT sealed FROM push_key").all()
    assert private[40:70] not in bytes(row.sealed)
