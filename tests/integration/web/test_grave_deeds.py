"""What an administrator or a manager does for good asks who it is; what was filled in is there afterwards."""

from datetime import timedelta

import pytest
from flask import Flask

import engine
from engine import find_user
from engine.types import SYSTEM
from tests.integration.web.conftest import Later, Visitor, Visitors
from tests.integration.web.test_cockpit_secrets import end
from tests.integration.web.test_kept_forms import PASSWORD, form_of
from tests.integration.web.test_sharing import form as share_form
from tests.support.service import Service

ADMIN, MANAGER, SECOND, USER = "admin@titian", "manajer@natuna", "manajer2@natuna", "peksos@natuna"
NEW = {"user_id": "siti@natuna", "name": "Siti Aminah", "password": "sandi-baru-123"}
STALE = timedelta(minutes=16)
REASON = "Permintaan subjek data 7"


@pytest.fixture
def admin(visitors: Visitors, later: Later) -> Visitor:
    """An administrator whose browser has stood open for a while."""
    visitor = visitors(ADMIN)
    later(STALE)
    return visitor


@pytest.fixture
def case(visitors: Visitors) -> str:
    visitors.open_case()
    [found] = engine.list_instances(visitors.service.database, SYSTEM)
    return found.id


def back_at_the_form(visitor: Visitor, page: str, path: str, **fields: str) -> dict[str, str]:
    """Press the button of a form on ``page``, prove who it is, and see what the form holds then."""
    visitor.get(page)
    asked = visitor.send(path, **fields)
    assert asked.location.startswith(f"/account/confirm?next={page}"), asked.location
    after = form_of(visitor.get(asked.location), "/account/confirm")["next"]
    proved = visitor.send("/account/confirm", password=PASSWORD, next=after)
    assert proved.location.startswith(page)
    found = visitor.get(proved.location)
    assert found.status_code == 200
    return form_of(found, path) or form_of(found, "")  # a form of its page names no address


def deeds_of(app: Flask) -> list[str]:
    """Where the forms of an administrator go."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("admin.")]
    return [rule.rule.replace("<user_id>", USER) for rule in rules if "POST" in (rule.methods or ())]


def test_every_deed_of_an_administrator_asks_for_a_fresh_proof(service: Service, admin: Visitor) -> None:
    admin.get("/admin")
    deeds = deeds_of(service.app)
    assert len(deeds) >= 6
    before = find_user(service.database, USER)
    sent = NEW | {"active": "0", "membership": "natuna:manajer", "email": "lain@example.go.id"}
    for path in deeds:
        asked = admin.send(path, **sent)
        assert (asked.status_code, asked.location.partition("?")[0]) == (303, "/account/confirm"), path
    assert find_user(service.database, USER) == before
    assert find_user(service.database, NEW["user_id"]) is None


def test_a_new_user_is_filled_in_again_but_for_the_password(service: Service, admin: Visitor) -> None:
    sent = NEW | {"membership": "natuna:peksos"}
    fields = back_at_the_form(admin, "/admin/users/new", "/admin/users", **sent)
    assert {**sent, "password": ""}.items() <= fields.items()
    assert find_user(service.database, NEW["user_id"]) is None, "it waits for one more press"
    assert admin.send("/admin/users", **fields | {"password": NEW["password"]}).status_code == 303
    assert find_user(service.database, NEW["user_id"])


def test_groups_are_ticked_again_and_then_given(service: Service, admin: Visitor) -> None:
    page = f"/admin/users/{USER}"
    fields = back_at_the_form(admin, page, f"{page}/groups", membership="natuna:manajer")
    assert fields["membership"] == "natuna:manajer"
    assert admin.send(f"{page}/groups", **fields).status_code == 303
    user = find_user(service.database, USER)
    assert user
    assert user.memberships == (("natuna", "manajer"),)


def test_who_is_locked_out_is_so_after_the_proof(service: Service, admin: Visitor) -> None:
    page = f"/admin/users/{USER}"
    fields = back_at_the_form(admin, page, f"{page}/active", active="0")
    user = find_user(service.database, USER)
    assert user
    assert user.active
    assert admin.send(f"{page}/active", **fields | {"active": "0"}).status_code == 303
    user = find_user(service.database, USER)
    assert user
    assert not user.active


def test_a_mail_address_is_filled_in_again(admin: Visitor) -> None:
    page = f"/admin/users/{USER}"
    fields = back_at_the_form(admin, page, f"{page}/email", email="peksos@example.go.id")
    assert fields["email"] == "peksos@example.go.id"


def test_both_who_erase_prove_it_and_who_refuses_does_not(
    visitors: Visitors, case: str, later: Later
) -> None:
    first, other, place = visitors(MANAGER), visitors(SECOND), f"/cockpit/instances/{case}/erasure"
    end(first, case)
    later(STALE)
    fields = back_at_the_form(first, place, place, reason=REASON)
    assert fields["reason"] == REASON
    assert engine.erasures_of(visitors.service.database, SYSTEM, case) == []
    assert first.send(place, **fields).status_code == 303
    other.get(place)
    assert other.send(f"{place}/withdraw").location == place, "what undoes it is quick"
    assert first.send(place, reason=REASON).status_code == 303
    back_at_the_form(other, place, f"{place}/agree")
    [asked] = [
        each
        for each in engine.erasures_of(visitors.service.database, SYSTEM, case)
        if each.withdrawn_at is None
    ]
    assert asked.agreed_at is None
    assert other.send(f"{place}/agree").location == place
    assert "Berita acara penghapusan" in other.get(place).text


def test_who_shares_a_case_proves_it_and_who_ends_that_does_not(
    visitors: Visitors, case: str, later: Later
) -> None:
    manager, place = visitors(MANAGER), f"/cockpit/instances/{case}/shares"
    later(STALE)
    sent = share_form()
    fields = back_at_the_form(manager, place, place, **sent)
    assert sent.items() <= fields.items()
    database = visitors.service.database
    assert engine.list_shares(database, SYSTEM, case) == []
    assert manager.send(place, **fields).location == place
    later(STALE)
    [share] = engine.list_shares(database, SYSTEM, case)
    assert manager.send(f"{place}/{share.id}/revoke", reason="Wali menarik persetujuan").location == place
    [share] = engine.list_shares(database, SYSTEM, case)
    assert share.revoked_at
