"""The second factor: who needs one, how it is set up, shown, lost and reset. Issue 5, section 4."""

import base64
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from engine import clock, reset_factors, set_memberships
from engine.commands.key_chores import destroy_spent_keys
from engine.desk import reseal_totp_keys
from engine.errors import SealBroken
from engine.secrecy import keys_of
from engine.store import reading, writing
from engine.store.tables import RecoveryCode, Totp
from engine.types import SYSTEM
from tests.integration.web.conftest import Later
from tests.support.guests import SECRET, Guest, guest
from tests.support.keys import sealed_by
from tests.support.service import Service
from webapp.auth import totp
from webapp.auth.sealing import unsealed_by

MANAGER = "manajer@natuna"
WORKER = "petugas@natuna"


def enrolled(office: Service, user_id: str = MANAGER) -> tuple[Guest, list[str]]:
    visitor = guest(office, user_id)
    codes = visitor.enrol()
    assert visitor.get("/account").status_code == 200
    return visitor, codes


def test_a_manager_sets_up_a_second_factor_before_anything_else(office: Service) -> None:
    visitor = guest(office, MANAGER)
    for path in ("/cockpit", "/", "/account", "/account/factors", "/account/tokens", "/account/password"):
        assert visitor.get(path).location == f"/account/enrol?next={path}", path
    assert visitor.json("/account/passkeys/options", {}).status_code == 200
    assert visitor.send("/account/codes").location.startswith("/account/enrol")
    page = visitor.get("/account/enrol").text
    assert "Cockpit" not in page
    codes = visitor.enrol()
    assert len(set(codes)) == 10
    assert visitor.get("/cockpit").status_code == 200


@pytest.mark.parametrize(("user", "page"), [(WORKER, "/"), ("analis@natuna", "/modeler/")])
def test_who_needs_no_second_factor_goes_on_with_a_password(office: Service, user: str, page: str) -> None:
    visitor = guest(office)
    assert visitor.sign_in(user).location == page
    assert visitor.get(page).status_code == 200


def test_the_administrator_needs_one_too(office: Service) -> None:
    assert guest(office).sign_in("admin@titian").location == "/account/enrol"


def test_who_gets_a_role_that_needs_one_is_asked_at_the_next_request(office: Service) -> None:
    visitor = guest(office, WORKER)
    assert visitor.get("/account").status_code == 200
    set_memberships(office.database, SYSTEM, WORKER, [("natuna", "petugas"), ("natuna", "kepala_dinas")])
    assert visitor.get("/account").location == "/account/enrol?next=/account"


def test_a_demonstration_asks_nobody(service: Service) -> None:
    visitor = Guest(service.app.test_client())
    assert visitor.sign_in(MANAGER).location == "/cockpit"


def test_a_code_is_asked_after_the_password_and_nothing_is_open_until_then(
    office: Service, later: Later
) -> None:
    first, _ = enrolled(office)
    later(timedelta(minutes=1))
    second = guest(office)
    assert second.sign_in(MANAGER, next="/cockpit?x=1").location == "/login/second?next=/cockpit?x%3D1"
    for path in ("/cockpit", "/account", "/account/enrol", "/account/totp", "/account/factors"):
        assert second.get(path).location == f"/login/second?next={path}", path
    for path in ("/account/totp", "/account/totp/confirm", "/account/totp/remove", "/account/codes"):
        assert second.send(path).location.startswith("/login/second"), path
    assert second.json("/account/passkeys/options", {}).status_code == 401
    second.get("/login/second?next=/cockpit?x%3D1")
    assert first.app
    answer = second.send("/login/second", code=first.app.code(), next="/cockpit?x=1")
    assert answer.location == "/cockpit?x=1"
    assert second.get("/cockpit").status_code == 200


def test_the_login_gets_a_new_secret_with_the_second_factor(office: Service, later: Later) -> None:
    first, _ = enrolled(office)
    later(timedelta(minutes=1))
    second = guest(office, MANAGER)
    with second.client.session_transaction(base_url="https://localhost") as session:
        before = session["_user_id"]
    assert first.app
    second.send("/login/second", code=first.app.code())
    with second.client.session_transaction(base_url="https://localhost") as session:
        assert session["_user_id"] != before
        session["_user_id"] = before
    assert second.get("/cockpit").location.startswith("/login?")


def test_no_code_works_twice_nor_an_older_one_after_it(
    office: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = [clock.now()]  # stands: a code is another one every half minute
    monkeypatch.setattr(clock, "now", lambda: moment[0])
    first, _ = enrolled(office)
    phone = first.app
    assert phone
    again = guest(office, MANAGER)
    assert again.send("/login/second", code=phone.code()).status_code == 401
    assert again.send("/login/second", code=phone.code(timedelta(seconds=-30))).status_code == 401
    moment[0] += timedelta(seconds=30)
    assert again.send("/login/second", code=phone.code()).status_code == 302
    third = guest(office, MANAGER)
    assert third.send("/login/second", code=phone.code()).status_code == 401


def test_clocks_may_be_half_a_minute_apart_and_no_more(office: Service, later: Later) -> None:
    first, _ = enrolled(office)
    phone = first.app
    assert phone
    later(timedelta(minutes=10))
    visitor = guest(office, MANAGER)
    for wrong in (timedelta(seconds=90), timedelta(seconds=-90)):
        assert visitor.send("/login/second", code=phone.code(wrong)).status_code == 401
    assert visitor.send("/login/second", code=phone.code(timedelta(seconds=30))).status_code == 302


@pytest.mark.parametrize("code", ["", "000 000 0", "abcdef", "1" * 64, "١٢٣٤٥٦", "\0", "²34567"])
def test_what_is_no_code_is_just_wrong(office: Service, code: str) -> None:
    enrolled(office)
    answer = guest(office, MANAGER).send("/login/second", code=code)
    assert answer.status_code == 401
    assert "Kode ini tidak benar" in answer.text


def test_guessing_codes_ends_after_five(office: Service, later: Later) -> None:
    first, codes = enrolled(office)
    later(timedelta(minutes=1))
    thief = guest(office, MANAGER)
    statuses = [thief.send("/login/second", code=f"{n:06}").status_code for n in range(6)]
    assert statuses == [401] * 5 + [429]
    other = guest(office, MANAGER)
    assert other.send("/login/second", code=codes[0]).status_code == 429
    assert first.get("/cockpit").status_code == 200, "who is inside stays inside"


def test_a_recovery_code_lets_in_once(office: Service) -> None:
    _, codes = enrolled(office)
    visitor = guest(office, MANAGER)
    assert visitor.send("/login/second", code=codes[3].lower().replace("-", " ")).status_code == 302
    page = visitor.get("/account").text
    assert "Kode pemulihan dipakai" in page
    assert guest(office, MANAGER).send("/login/second", code=codes[3]).status_code == 401
    assert guest(office, MANAGER).send("/login/second", code=codes[4]).status_code == 302


def test_a_recovery_code_of_somebody_else_is_just_wrong(office: Service) -> None:
    _, codes = enrolled(office)
    enrolled(office, "manajer@bintan")
    assert guest(office, "manajer@bintan").send("/login/second", code=codes[0]).status_code == 401


def test_new_recovery_codes_make_the_old_ones_worthless(office: Service) -> None:
    visitor, old = enrolled(office)
    page = visitor.send("/account/codes").text
    assert old[0] not in page
    assert guest(office, MANAGER).send("/login/second", code=old[0]).status_code == 401


def test_neither_keys_nor_codes_lie_open_in_the_database(office: Service) -> None:
    visitor, codes = enrolled(office)
    assert visitor.app
    key = base64.b32decode(visitor.app.totp.secret)
    with reading(office.database) as tx:
        [sealed] = tx.scalars(select(Totp.sealed_key))
        kept = set(tx.scalars(select(RecoveryCode.id)))
    assert key not in sealed
    assert visitor.app.totp.secret.encode() not in sealed
    assert len(kept) == 10
    assert not any(code.replace("-", "") in kept for code in codes)


def test_the_key_of_an_app_is_sealed_with_the_key_ring_and_outlives_the_servers_secret(
    office: Service, later: Later
) -> None:
    visitor, _ = enrolled(office)
    keys_of(office.database).rotate()
    office.app.config["SECRET_KEY"] = "x" * 48
    later(timedelta(minutes=1))
    assert visitor.app
    assert guest(office, MANAGER).send("/login/second", code=visitor.app.code()).status_code == 302
    with reading(office.database) as tx:
        kept = tx.execute(select(Totp.key_id, Totp.sealed_key)).one()
    seal = keys_of(office.database).find(kept.key_id)
    assert seal
    assert base64.b32encode(seal.open(f"totp {MANAGER}", kept.sealed_key)).decode() == visitor.app.totp.secret
    with pytest.raises(SealBroken):
        seal.open("totp manajer@bintan", kept.sealed_key)


def test_what_the_key_of_an_app_was_sealed_with_is_destroyed_with_it(office: Service) -> None:
    for leave in ("remove", "reset"):
        user = {"remove": WORKER, "reset": MANAGER}[leave]
        visitor, _ = enrolled(office, user)
        with reading(office.database) as tx:
            key_id = tx.scalars(select(Totp.key_id).where(Totp.user_id == user)).one()
        if leave == "remove":
            visitor.send("/account/totp/remove")
        else:
            reset_factors(office.database, SYSTEM, user)
        destroy_spent_keys(office.database)
        assert key_id
        assert keys_of(office.database).find(key_id) is None


def _sealed_by_an_earlier_release(office: Service, user_id: str, key: bytes) -> None:
    sealed = sealed_by(SECRET, user_id, key)
    with writing(office.database) as tx:
        tx.execute(update(Totp).where(Totp.user_id == user_id).values(key_id=None, sealed_key=sealed))


def test_what_an_earlier_release_has_sealed_goes_on_working_and_is_sealed_anew(
    office: Service, later: Later
) -> None:
    visitor, _ = enrolled(office)
    assert visitor.app
    _sealed_by_an_earlier_release(office, MANAGER, base64.b32decode(visitor.app.totp.secret))
    later(timedelta(minutes=1))
    assert guest(office, MANAGER).send("/login/second", code=visitor.app.code()).status_code == 302
    assert reseal_totp_keys(office.database, lambda *row: unsealed_by("x" * 48, *row)) == 0
    assert reseal_totp_keys(office.database, lambda *row: unsealed_by(SECRET, *row)) == 1
    assert reseal_totp_keys(office.database, lambda *row: unsealed_by(SECRET, *row)) == 0
    office.app.config["SECRET_KEY"] = "x" * 48
    later(timedelta(minutes=1))
    assert guest(office, MANAGER).send("/login/second", code=visitor.app.code()).status_code == 302


def test_a_recovery_code_helps_where_the_key_of_the_app_cannot_be_had(office: Service) -> None:
    visitor, codes = enrolled(office)
    with writing(office.database) as tx:
        tx.execute(update(Totp).values(sealed_key=b"spoilt"))
    assert visitor.app
    locked_out = guest(office, MANAGER)
    assert locked_out.send("/login/second", code=visitor.app.code()).status_code == 503
    assert locked_out.send("/login/second", code=codes[0]).status_code == 302


def test_setting_up_an_app_elsewhere_asks_the_other_logins_for_it(office: Service) -> None:
    other = guest(office, WORKER)
    assert other.get("/account").status_code == 200
    enrolled(office, WORKER)
    assert other.get("/account").location == "/login/second?next=/account"


def test_half_a_login_ends_after_a_quarter_of_an_hour(office: Service, later: Later) -> None:
    visitor = guest(office, MANAGER)
    later(timedelta(minutes=16))
    assert visitor.get("/account/enrol").location.startswith("/login?")
    assert visitor.get("/cockpit").location.startswith("/login?")


def test_the_last_factor_of_who_needs_one_stays(office: Service) -> None:
    visitor, _ = enrolled(office)
    visitor.send("/account/totp/remove")
    assert "Anda perlu faktor kedua" in visitor.get("/account/factors").text
    worker, _ = enrolled(office, WORKER)
    worker.send("/account/totp/remove")
    assert guest(office).sign_in(WORKER).location == "/"
    with reading(office.database) as tx:
        assert set(tx.scalars(select(RecoveryCode.user_id))) == {MANAGER}


def test_a_wrong_first_code_sets_up_nothing(office: Service) -> None:
    visitor = guest(office, WORKER)
    visitor.send("/account/totp")
    visitor.get("/account/totp")
    assert visitor.send("/account/totp/confirm", code="000000").status_code == 400
    assert guest(office).sign_in(WORKER).location == "/"


def test_what_protects_an_account_is_changed_only_with_a_fresh_proof(office: Service, later: Later) -> None:
    visitor = guest(office, WORKER)
    later(timedelta(minutes=16))
    asked = visitor.send("/account/totp")
    assert asked.location == "/account/confirm?next=/account/factors"
    assert visitor.send("/account/tokens", label="x").location.startswith(
        "/account/confirm?next=/account/tokens?kept"
    )
    answer = visitor.json("/account/passkeys/options", {})
    assert (answer.status_code, answer.json["type"]) == (403, "ProofNeeded")
    visitor.get(asked.location)
    assert visitor.send("/account/confirm", password="salah").status_code == 401
    back = visitor.send("/account/confirm", password="titian-demo", next="/account/factors")
    assert back.location == "/account/factors"
    assert visitor.send("/account/totp").location == "/account/totp"


def test_an_administrator_resets_what_is_lost_and_the_user_reads_of_it(office: Service) -> None:
    inside, _ = enrolled(office)
    admin, _ = enrolled(office, "admin@titian")
    page = admin.get(f"/admin/users/{MANAGER}").text
    assert "Aplikasi autentikator" in page
    admin.send(f"/admin/users/{MANAGER}/factors/reset")
    assert inside.get("/cockpit").location.startswith("/login?")
    assert inside.sign_in(MANAGER).location == "/account/enrol"
    inside.enrol()
    page = inside.get("/account").text
    assert "Administrator menghapus semua faktor kedua" in page
    assert "admin@titian" in page
    assert admin.send("/admin/users/admin@titian/factors/reset").status_code == 403


def test_an_administrator_proves_it_anew_before_changing_how_somebody_signs_in(
    office: Service, later: Later
) -> None:
    enrolled(office)
    admin, _ = enrolled(office, "admin@titian")
    later(timedelta(minutes=16))
    for deed in ("factors/reset", "password"):
        asked = admin.send(f"/admin/users/{MANAGER}/{deed}", password="sandi-baru-123")
        assert asked.location == f"/account/confirm?next=/admin/users/{MANAGER}"
    assert guest(office).sign_in(MANAGER).location != "/account/enrol"  # the factor is still there
    admin.get(asked.location)
    back = admin.send("/account/confirm", password="titian-demo", next=f"/admin/users/{MANAGER}")
    assert back.location == f"/admin/users/{MANAGER}"
    admin.send(f"/admin/users/{MANAGER}/factors/reset")
    assert guest(office).sign_in(MANAGER).location == "/account/enrol"


def test_nobody_else_resets_a_factor(office: Service) -> None:
    enrolled(office)
    for user in (WORKER, "analis@natuna"):
        visitor = guest(office, user)
        assert visitor.send(f"/admin/users/{MANAGER}/factors/reset").status_code == 403


def test_a_password_alone_opens_no_api_for_who_needs_or_has_a_factor(office: Service) -> None:
    answer = office.caller(MANAGER).get("/task")
    assert answer.status_code == 401
    assert "API token" in answer.json["message"]
    assert office.caller(WORKER).get("/task").status_code == 200
    enrolled(office, WORKER)
    assert office.caller(WORKER).get("/task").status_code == 401


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_codes_are_those_of_rfc_6238_appendix_b(
    seconds: int, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = b"12345678901234567890"
    assert totp.code_at(key, seconds // 30) == code
    moment = datetime.fromtimestamp(seconds, tz=clock.now().tzinfo)
    monkeypatch.setattr(clock, "now", lambda: moment)
    assert totp.step_of(key, f"{code[:3]} {code[3:]}") == seconds // 30
