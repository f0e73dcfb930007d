"""The server's clock is wrong for a while: people sign in again, nobody is in for ever, lists are whole."""

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from argon2 import PasswordHasher

import engine
from engine import clock
from engine.types import SYSTEM
from tests.integration.web.conftest import Visitor, Visitors
from tests.support.service import Service
from webapp.auth import basic

Jump = Callable[[float], None]


@pytest.fixture
def jump(monkeypatch: pytest.MonkeyPatch) -> Jump:
    """Set the clock so many hours off the right time; ``monotonic`` is not moved by that."""
    now, seconds = clock.now, time.time

    def move(hours: float) -> None:
        monkeypatch.setattr(clock, "now", lambda: now() + timedelta(hours=hours))
        monkeypatch.setattr(time, "time", lambda: seconds() + hours * 3600)

    return move


def is_outside(visitor: Visitor) -> bool:
    """A page leads to the sign-in page, and that is shown."""
    answer = visitor.get("/")
    assert answer.status_code in (200, 302)
    if answer.status_code == 200:
        return False
    assert answer.location.startswith("/login")
    shown = visitor.get(answer.location)
    assert (shown.status_code, "Kata sandi" in shown.text) == (200, True)
    return True


@pytest.mark.parametrize("hours", [48, -48, -1])
def test_a_clock_that_jumps_and_returns_asks_to_sign_in_and_lets_in(
    visitors: Visitors, jump: Jump, hours: float
) -> None:
    visitor = visitors("petugas@natuna")
    jump(hours)
    assert is_outside(visitor)
    assert visitor.sign_in("petugas@natuna").status_code == 302
    assert not is_outside(visitor)
    jump(0)
    if is_outside(visitor):
        assert visitor.sign_in("petugas@natuna").status_code == 302
    assert not is_outside(visitor)


def test_a_login_of_a_wrong_clock_is_no_longer_than_others(visitors: Visitors, jump: Jump) -> None:
    jump(24 * 365)
    visitor = visitors("petugas@natuna")
    cookie = visitor.client.get_cookie("titian").value
    jump(0)
    assert is_outside(visitor), "it is of a time that has not come"
    for hours in (24, 24 * 364, 24 * 366):
        jump(hours)
        visitor.client.set_cookie("titian", cookie)
        assert is_outside(visitor)


def test_a_form_that_is_sent_at_a_wrong_time_is_refused_with_words_and_can_be_sent_later(
    visitors: Visitors, jump: Jump
) -> None:
    task = visitors.open_case()
    visitor = visitors("petugas@natuna")
    visitor.get(task)
    visitor.send(f"{task}/claim")
    jump(48)
    refused = visitor.submit(f"{task}/complete", {"memenuhi_persyaratan": True})
    assert refused.status_code == 401
    assert "Sesi Anda sudah berakhir" in refused.json["message"]
    jump(0)
    visitor.sign_in("petugas@natuna")
    visitor.get(task)
    assert visitor.submit(f"{task}/complete", {"memenuhi_persyaratan": True}).status_code == 200


def test_a_verified_password_is_remembered_by_a_clock_that_cannot_be_set(
    service: Service, jump: Jump, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[object] = []
    verify = PasswordHasher.verify
    monkeypatch.setattr(basic, "_verified", {})
    monkeypatch.setattr(PasswordHasher, "verify", lambda *given: seen.append(1) or verify(*given))
    caller = service.caller("petugas@natuna")
    for hours in (0, 48, -48, 0):
        jump(hours)
        assert caller.get("/task/count").status_code == 200
    assert len(seen) == 1


def test_lists_hold_every_case_once_whatever_the_clock_said(
    visitors: Visitors, service: Service, jump: Jump
) -> None:
    cases = []
    for hours in (0, 30, -30, 5, 0):
        jump(hours)
        address = visitors.open_case()
        cases.append(engine.get_task(service.database, SYSTEM, address.rsplit("/", 1)[1]).instance_id)
    caller = service.caller("petugas@natuna")
    for path, name in (("/task", "processInstanceId"), ("/process-instance", "id")):
        pages = [caller.get(path, firstResult=first, maxResults=2).json for first in (0, 2, 4)]
        assert sorted(each[name] for page in pages for each in page) == sorted(cases)
    times = [each["created"] for each in caller.get("/task", sortBy="created", sortOrder="asc").json]
    assert times == sorted(times)
    shown = visitors("petugas@natuna").get("/").text
    for case in cases:
        assert engine.get_instance(service.database, SYSTEM, case).business_key in shown
