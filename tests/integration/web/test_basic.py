"""HTTP Basic for the machine API: right at every call, and argon2 at hardly any."""

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from engine import set_active, set_memberships, set_password
from engine.store import reading
from engine.store.tables import Attempts
from engine.types import SYSTEM
from tests.support.service import Service
from webapp.auth import basic
from webapp.auth.passwords import hash_password

USER = "petugas@natuna"


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
    """One entry for each time that argon2 was asked. What was remembered before is forgotten."""
    seen: list[object] = []
    verify = PasswordHasher.verify
    monkeypatch.setattr(basic, "_verified", {})
    monkeypatch.setattr(PasswordHasher, "verify", lambda *given: seen.append(1) or verify(*given))
    return seen


def status(service: Service, password: str = "titian-demo", user_id: str = USER) -> int:
    client = service.app.test_client(use_cookies=False)
    return client.get("/engine-rest/task/count", auth=(user_id, password)).status_code


def test_a_right_password_is_checked_once_for_many_calls(service: Service, hashed: list[object]) -> None:
    assert {status(service) for _ in range(5)} == {200}
    assert len(hashed) == 1


def test_a_wrong_password_is_never_remembered(service: Service, hashed: list[object]) -> None:
    assert status(service) == 200
    assert [status(service, "salah"), status(service, "salah")] == [401, 401]
    assert len(hashed) == 3
    assert status(service) == 200
    assert len(hashed) == 4, "nor is a right one any more, once there was a wrong one from that address"


def test_what_was_remembered_is_forgotten_after_a_minute(
    service: Service, hashed: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    status(service)
    later = basic.time.monotonic() + basic.SECONDS
    monkeypatch.setattr(basic.time, "monotonic", lambda: later)
    assert status(service) == 200
    assert len(hashed) == 2


@pytest.mark.usefixtures("hashed")
def test_a_new_password_ends_the_old_one_at_once(service: Service) -> None:
    assert status(service) == 200
    set_password(service.database, SYSTEM, USER, hash_password("kata-sandi-baru"))
    assert status(service) == 401
    assert status(service, "kata-sandi-baru") == 200


@pytest.mark.usefixtures("hashed")
def test_a_locked_user_is_out_at_once(service: Service) -> None:
    assert status(service) == 200
    set_active(service.database, SYSTEM, USER, False)
    assert status(service) == 401


@pytest.mark.usefixtures("hashed")
def test_a_changed_membership_holds_from_the_next_call(service: Service) -> None:
    def agencies() -> list[str]:
        client = service.app.test_client(use_cookies=False)
        return [found["id"] for found in client.get("/engine-rest/tenant", auth=(USER, "titian-demo")).json]

    assert agencies() == ["natuna"]
    set_memberships(service.database, SYSTEM, USER, [("bintan", "petugas")])
    assert agencies() == ["bintan"]


@pytest.mark.usefixtures("hashed")
@pytest.mark.parametrize(
    "header", ["", "Basic", "Basic !", "Basic " + "A" * 5000, "Bearer x", "Basic cGV0dWdhcw==", "Digest a=b"]
)
def test_a_header_that_is_no_login_is_a_401(service: Service, header: str) -> None:
    client = service.app.test_client(use_cookies=False)
    answer = client.get("/engine-rest/task", headers={"Authorization": header} if header else {})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer" if "Bearer" in header else "Basic")


@pytest.mark.usefixtures("hashed")
def test_guessing_over_the_api_is_slowed_down_as_well(service: Service) -> None:
    answers = [status(service, f"tebakan-{number}") for number in range(11)]
    assert answers == [401] * 10 + [429]
    assert status(service) == 429
    assert status(service, user_id="peksos@natuna") == 200


@pytest.mark.usefixtures("hashed")
@pytest.mark.parametrize("header", ['Digest username="x"', "Basic Og==", "Negotiate abc"])
def test_whoever_sends_what_is_no_login_writes_no_further_count(service: Service, header: str) -> None:
    client = service.app.test_client(use_cookies=False)

    def call() -> int:
        return client.get("/engine-rest/task/count", headers={"Authorization": header}).status_code

    def counted() -> list[int]:
        with reading(service.database) as tx:
            return list(tx.scalars(select(Attempts.number)))

    assert [call() for _ in range(11)] == [401] * 10 + [429]
    before = counted()
    assert call() == 429
    assert counted() == before
    assert status(service) == 200


def test_what_is_remembered_gives_a_guesser_no_further_try(service: Service) -> None:
    assert status(service) == 200
    assert [status(service, f"tebakan-{number}") for number in range(10)] == [401] * 10
    assert status(service) == 429
