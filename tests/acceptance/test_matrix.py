"""Every route for every role, on one's own, another agency's, an ended and an absent case; rows come from the
URL map, and a route without a row fails."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.acceptance.matrix.machine import MACHINE_ROWS
from tests.acceptance.matrix.pages import PAGES
from tests.acceptance.matrix.row import Row
from tests.acceptance.matrix.world import (
    OPEN_CANARY,
    OTHER,
    OWN,
    ROLES,
    SEALED_CANARY,
    World,
    make_world,
)
from tests.support.catalogues import catalogues
from tests.support.databases import chosen_kinds
from tests.support.keys import settings
from tests.support.service import loaded_copy, running_service
from webapp import create_app

__all__ = ["catalogues"]

TABLE: dict[tuple[str, str], Row] = PAGES | MACHINE_ROWS
BLIND = ("colleague", "analis", "petugas_data", "auditor", "admin", "stranger")
"""Roles that no value of a case ever reaches, whatever they ask."""


def routes(app: Flask) -> set[tuple[str, str]]:
    """Every (method, rule) of the application; HEAD is GET without its body."""
    return {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


@pytest.fixture(scope="module", params=chosen_kinds())
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One world for all rows: what a row destroys is its own."""
    folder: Path = tmp_path_factory.mktemp("matrix")
    with loaded_copy(request, folder) as url, running_service(url, folder) as service:
        yield make_world(service)


def test_every_route_has_a_row_and_every_row_a_route(tmp_path: Path) -> None:
    found = routes(create_app(settings(demo=True, data=tmp_path)))
    assert found - set(TABLE) == set(), "who may use the new route? Say it in tests/acceptance/matrix"
    assert set(TABLE) - found == set()


@pytest.mark.parametrize("route", TABLE, ids=" ".join)
def test_each_role_gets_what_the_table_says(world: World, route: tuple[str, str]) -> None:
    row, wrong = TABLE[route], []
    for role in ROLES:
        for state in row.states:
            answer, wanted = ask(world, route, role, state), expectation(row, role, state)
            got = verdict(answer, row, route[1])
            if got != wanted:
                wrong.append(
                    f"{role}, {state}: {wanted} wanted, {answer.status_code} got: {answer.text[:200]}"
                )
            wrong += [f"{role}, {state}: {leak}" for leak in leaks(answer, role, route[1])]
    assert wrong == []


def ask(world: World, route: tuple[str, str], role: str, state: str) -> TestResponse:
    """The request of a row for a role."""
    (method, rule), row = route, TABLE[route]
    fresh = row.fresh and state == "own" and expectation(row, role, state) in ("in", "403")
    things = world.fresh() if fresh else world.things[state]
    return world.send(role, method, row.path(rule, things), **row.sent(things, ROLES[role]))


def expectation(row: Row, role: str, state: str) -> str:
    """``in``, ``out`` (asked to sign in), ``empty`` or ``full`` (a list), or a status."""
    if row.public:
        return "in"
    if role == "stranger":
        return "out"
    wanted = row.wanted(role, state)
    if row.always:
        return "in"
    if row.listing:
        return "full" if wanted == "in" else "empty"
    return wanted


def verdict(answer: TestResponse, row: Row, rule: str) -> str:
    """What an answer is, in the words of ``expectation``."""
    status = answer.status_code
    if row.always:
        to_login = status == 401 or (status == 302 and answer.location.startswith("/login"))
        return "in" if status in row.always else "out" if to_login else str(status)
    if status == 401 or (status == 302 and answer.location.startswith("/login?")):
        return "out"
    if row.listing and status == 200:
        return "empty" if answer.json in ([], {"count": 0}) else "full"
    return str(status) if status in (403, 404) or status >= 500 else "in"


def leaks(answer: TestResponse, role: str, rule: str) -> list[str]:
    """Values of cases in an answer that ought not to hold them."""
    found, shown = [], answer.get_data().decode(errors="replace")  # a picture too
    for canary in (OPEN_CANARY, SEALED_CANARY):
        if f"{canary}-{OTHER}" in shown:
            found.append(f"{canary} of another agency")
        if f"{canary}-{OWN}" in shown and role in (*BLIND, "layanan"):
            found.append(f"{canary} of a case that this role does not see")
    if role == "manajer" and f"{SEALED_CANARY}-{OWN}" in shown:
        found.append("a confidential value")
    return found


def test_another_agencys_thing_answers_exactly_like_none(world: World) -> None:
    """Status, body and length say nothing about whether there is such a thing."""
    different = []
    for route, row in TABLE.items():
        if not {"other", "absent"} <= set(row.states) or row.always:
            continue
        for role in ROLES.keys() - row.everywhere:
            answers = {state: ask(world, route, role, state) for state in ("other", "absent")}
            told = [_without_ids(answer, world, state) for state, answer in answers.items()]
            if told[0] != told[1]:
                different.append((route, role, told))
    assert different == []


def _without_ids(answer: TestResponse, world: World, state: str) -> tuple[int, str]:
    text = answer.text
    for value in sorted(world.things[state].values(), key=len, reverse=True):
        text = text.replace(value, "<id>")
    return answer.status_code, text if answer.mimetype == "application/json" else ""


def test_the_canaries_are_there_for_who_works_on_the_case(world: World) -> None:
    case = world.things["own"]["case"]
    worker = world.send("worker", "GET", f"/engine-rest/process-instance/{case}/variables").text
    assert f"{SEALED_CANARY}-{OWN}" in worker
    assert f"{OPEN_CANARY}-{OWN}" in worker
    manager = world.send("manajer", "GET", f"/engine-rest/process-instance/{case}/variables").text
    assert f"{OPEN_CANARY}-{OWN}" in manager
    assert f"{SEALED_CANARY}-{OWN}" not in manager
