"""API tokens: made once, good for a scope and a time, and never more than their owner. Issue 5, section 4."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from engine import reset_factors, set_active, set_memberships, set_password
from engine.store import reading
from engine.store.tables import ApiToken
from engine.types import SYSTEM
from tests.integration.web.conftest import Later
from tests.support.guests import Guest, guest
from tests.support.service import Service
from webapp.auth.bearer import Scope
from webapp.auth.passwords import hash_password
from webapp.rest.operation import OPERATIONS, Operation
from webapp.rest.scopes import scope_of

WORKER = "petugas@natuna"
START = "/process-definition/key/natuna_pendampingan_abh_ampk/start"
REPORT = {
    "variables": {
        "kanal": {"value": "telepon"},
        "jenis_pelapor": {"value": "masyarakat"},
        "uraian": {"value": "Dugaan pencurian"},
    }
}


def make(visitor: Guest, *scopes: str, label: str = "ekspor malam", days: str = "7") -> str:
    visitor.get("/account/tokens")
    page = visitor.send("/account/tokens", label=label, scope=list(scopes), days=days).text
    found = re.search(r'id="token">(titian_[\w-]{43})<', page)
    assert found, page
    assert found[1] not in visitor.get("/account/tokens").text, "it is shown once"
    return found[1]


def call(office: Service, token: str, path: str, method: str = "GET", **options: Any) -> TestResponse:
    client: FlaskClient = office.app.test_client(use_cookies=False)
    headers = {"Authorization": f"Bearer {token}"}
    return client.open(f"/engine-rest{path}", method=method, headers=headers, **options)


def test_a_token_reads_and_does_nothing_else(office: Service) -> None:
    token = make(guest(office, WORKER), "read")
    assert call(office, token, "/task").status_code == 200
    assert call(office, token, "/task", "POST", json={}).status_code == 200
    answer = call(office, token, START, "POST", json=REPORT)
    assert answer.status_code == 403
    assert answer.json == {
        "type": "AuthorizationException",
        "message": "This API token has not the scope 'tasks'.",
    }
    assert 'error="insufficient_scope", scope="tasks"' in answer.headers["WWW-Authenticate"]


def test_a_token_for_tasks_starts_and_completes_and_reads_nothing(office: Service) -> None:
    token = make(guest(office, WORKER), "tasks")
    assert call(office, token, START, "POST", json=REPORT).status_code == 200
    assert call(office, token, "/task").status_code == 403


def test_a_token_never_does_what_its_owner_may_not(office: Service) -> None:
    token = make(guest(office, "analis@natuna"), "read", "tasks", "external", "deploy", "manage")
    assert call(office, token, START, "POST", json=REPORT).status_code == 403
    assert call(office, token, "/task").json == []
    worker = guest(office, WORKER)
    token = make(worker, "read", "deploy", "manage")
    assert call(office, token, "/deployment/create", "POST", data={}).status_code in (400, 403)
    set_memberships(office.database, SYSTEM, WORKER, [("bintan", "petugas")])
    assert [each["id"] for each in call(office, token, "/tenant").json] == ["bintan"]
    set_active(office.database, SYSTEM, WORKER, False)
    assert call(office, token, "/tenant").status_code == 401


def test_a_token_of_a_manager_works_without_a_password(office: Service) -> None:
    visitor = guest(office, "manajer@natuna")
    visitor.enrol()
    token = make(visitor, "read")
    assert call(office, token, "/process-instance").status_code == 200


def test_a_token_runs_out(office: Service, later: Later) -> None:
    token = make(guest(office, WORKER), "read", days="7")
    later(timedelta(days=6, hours=23))
    assert call(office, token, "/task").status_code == 200
    later(timedelta(hours=2))
    answer = call(office, token, "/task")
    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


def test_a_token_that_is_revoked_is_out_at_once(office: Service) -> None:
    visitor = guest(office, WORKER)
    token, kept = make(visitor, "read", label="lama"), make(visitor, "read", label="baru")
    page = visitor.get("/account/tokens").text
    revoke = dict(
        zip(
            re.findall(r"<strong>(\w+)</strong>", page),
            re.findall(r'"(/account/tokens/[^"]+/revoke)"', page),
            strict=True,
        )
    )
    stranger = guest(office, "peksos@natuna")
    stranger.send(revoke["lama"])
    assert call(office, token, "/task").status_code == 200, "somebody else revokes nothing"
    visitor.send(revoke["lama"])
    assert call(office, token, "/task").status_code == 401
    assert call(office, kept, "/task").status_code == 200


def test_the_database_keeps_a_hash_and_when_it_was_used(office: Service, later: Later) -> None:
    visitor = guest(office, WORKER)
    token = make(visitor, "read")
    assert "belum pernah dipakai" in visitor.get("/account/tokens").text
    call(office, token, "/task")
    assert "terakhir dipakai" in visitor.get("/account/tokens").text
    with reading(office.database) as tx:
        [row] = tx.execute(select(ApiToken.__table__)).all()
    assert token not in str(tuple(row))
    assert token.removeprefix("titian_") not in str(tuple(row))
    later(timedelta(seconds=30))
    call(office, token, "/task")
    with reading(office.database) as tx:
        assert tx.scalars(select(ApiToken.used_at)).one() == row.used_at, "not at every call"


@pytest.mark.parametrize(
    ("form", "problem"),
    [
        ({"label": "", "scope": ["read"], "days": "7"}, "untuk apa"),
        ({"label": "x" * 61, "scope": ["read"], "days": "7"}, "untuk apa"),
        ({"label": "x", "days": "7"}, "boleh dipakai"),
        ({"label": "x", "scope": ["semua"], "days": "7"}, "boleh dipakai"),
        ({"label": "x", "scope": ["read"], "days": "99999"}, "berapa lama"),
        ({"label": "x", "scope": ["read"], "days": "-1"}, "berapa lama"),
        ({"label": "x", "scope": ["read"]}, "berapa lama"),
    ],
)
def test_a_form_that_is_not_right_makes_no_token(office: Service, form: dict[str, Any], problem: str) -> None:
    visitor = guest(office, WORKER)
    visitor.get("/account/tokens")
    answer = visitor.send("/account/tokens", **form)
    assert answer.status_code == 400
    assert problem in answer.text
    with reading(office.database) as tx:
        assert tx.scalars(select(ApiToken.id)).all() == []


@pytest.mark.parametrize("token", ["", "x", "titian_", "titian_" + "A" * 43, "A" * 100_000, "ü", "a b"])
def test_what_is_no_token_is_refused(office: Service, token: str) -> None:
    client = office.app.test_client(use_cookies=False)
    answer = client.get("/engine-rest/task", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401


def test_guessing_tokens_is_slowed_down_and_disturbs_no_password(office: Service) -> None:
    token = make(guest(office, WORKER), "read")
    statuses = [call(office, f"titian_{number}", "/task").status_code for number in range(31)]
    assert statuses == [401] * 30 + [429]
    assert call(office, token, "/task").status_code == 200, "a right one at the same address is let in"
    assert office.caller(WORKER).get("/task").status_code == 200


def test_a_cookie_opens_no_api(office: Service) -> None:
    visitor = guest(office, WORKER)
    assert visitor.client.get("/engine-rest/task").status_code == 401


def _of(method: str, rule: str) -> Operation:
    [found] = [each for each in OPERATIONS if (each.method, each.rule) == (method, rule)]
    return found


@pytest.mark.parametrize(
    ("method", "rule", "scope"),
    [
        ("GET", "/task", Scope.READ),
        ("POST", "/task", Scope.READ),
        ("GET", "/tenant/<id>/calendar", Scope.READ),
        ("GET", "/task/<id>/clock", Scope.READ),
        ("POST", "/process-instance/count", Scope.READ),
        ("POST", "/decision-definition/<id>/evaluate", Scope.READ),
        ("POST", "/migration/validate", Scope.READ),
        ("POST", "/task/<id>/complete", Scope.TASKS),
        ("POST", "/task/<id>/assignee", Scope.MANAGE),
        ("POST", "/process-definition/<id>/submit-form", Scope.TASKS),
        ("POST", "/message", Scope.TASKS),
        ("POST", "/signal", Scope.TASKS),
        ("POST", "/external-task/<id>/complete", Scope.EXTERNAL),
        ("POST", "/external-task/fetchAndLock", Scope.EXTERNAL),
        ("PUT", "/external-task/<id>/retries", Scope.MANAGE),
        ("GET", "/task/<id>/attachment/<attachment_id>/data", Scope.READ),
        ("POST", "/task/<id>/attachment/create", Scope.TASKS),
        ("DELETE", "/task/<id>/attachment/<attachment_id>", Scope.TASKS),
        ("POST", "/deployment/create", Scope.DEPLOY),
        ("DELETE", "/process-instance/<id>", Scope.MANAGE),
        ("POST", "/process-instance/delete", Scope.MANAGE),
        ("POST", "/migration/execute", Scope.MANAGE),
        ("POST", "/job/<id>/execute", Scope.MANAGE),
        ("PUT", "/process-instance/<id>/variables/<name>", Scope.MANAGE),
        ("PUT", "/process-instance/<id>/suspended", Scope.MANAGE),
    ],
)
def test_endpoints_need_the_scope_of_what_they_do(method: str, rule: str, scope: Scope) -> None:
    assert scope_of(_of(method, rule)) is scope


def test_a_token_that_reads_changes_nothing_at_any_endpoint(office: Service) -> None:
    """Over HTTP, at each endpoint that is not declared to be a reading one."""
    token = make(guest(office, WORKER), "read")
    changing = [each for each in OPERATIONS if scope_of(each) is not Scope.READ]
    assert len(changing) > 30
    for each in changing:
        path = re.sub(r"<\w+>", "1", each.rule)
        assert call(office, token, path, each.method, json={}).status_code == 403, (each.method, path)


def test_a_token_without_reading_reads_at_no_endpoint(office: Service) -> None:
    token = make(guest(office, WORKER), "tasks", "external", "deploy", "manage")
    for each in OPERATIONS:
        if scope_of(each) is Scope.READ:
            path = re.sub(r"<\w+>", "1", each.rule)
            assert call(office, token, path, each.method, json={}).status_code == 403, (each.method, path)


def test_signing_out_ends_no_token(office: Service) -> None:
    """Ending logins is for browsers; tokens are revoked by themselves, and the account lists them."""
    visitor = guest(office, WORKER)
    token = make(visitor, "read")
    visitor.send("/account/logins/end-others")
    visitor.send("/logout")
    assert call(office, token, "/task").status_code == 200


def test_a_token_does_not_get_round_the_second_factor(office: Service) -> None:
    token = make(guest(office, WORKER), "read")
    set_memberships(office.database, SYSTEM, WORKER, [("natuna", "manajer")])
    refused = call(office, token, "/history/process-instance")
    assert refused.status_code == 401
    assert "second factor" in refused.json["message"]


@pytest.mark.parametrize("act", ["password", "factors", "lock"])
def test_a_token_ends_with_what_its_owner_is_trusted_with(office: Service, act: str) -> None:
    """An administrator's new password, a reset of the factors, and being locked out, for good."""
    token, database = make(guest(office, WORKER), "read"), office.database
    assert call(office, token, "/task").status_code == 200
    if act == "password":
        set_password(database, SYSTEM, WORKER, hash_password("sandi-baru-yang-panjang"))
    elif act == "factors":
        reset_factors(database, SYSTEM, WORKER)
    else:
        for active in (False, True):
            set_active(database, SYSTEM, WORKER, active)
    assert call(office, token, "/task").status_code == 401
