"""What the first release left half done goes on in this one, on both databases.

`tests/fixtures/release_0001.py` says what the cases are, and how their database was made by that release.
"""

from typing import Any

import pytest
from sqlalchemy import Engine, inspect

import engine
from engine.store import metadata, migrate
from engine.types import SYSTEM
from tests.fixtures.release_0001 import NAME, STORIES, Story, play, seen
from tests.support.invariants import check_invariants
from tests.support.keys import open_database
from tests.support.office import Office
from tests.support.releases import Copies, migrated_0001, told, unpack

__all__ = ["migrated_0001"]

TOLD = told(NAME)
CASES = list(zip(STORIES, TOLD["before"], TOLD["after"], strict=True))


@pytest.fixture
def office(migrated_0001: Copies) -> Office:
    return Office(migrated_0001())


def in_json(office: Office, instance_id: str) -> dict[str, Any]:
    return seen(office, engine.get_instance(office.database, SYSTEM, instance_id))


def test_after_the_migration_every_case_stands_as_it_was_left(office: Office):
    assert set(metadata.tables) <= set(inspect(office.database).get_table_names())
    assert check_invariants(office.database) == len(STORIES)
    for before in TOLD["before"]:
        now = in_json(office, before["id"])
        assert now == before | {"variables": now["variables"]}
        assert named(now) == named(before)


@pytest.mark.parametrize(("story", "before", "after"), CASES, ids=[story.key for story in STORIES])
def test_a_case_of_the_first_release_comes_to_its_end(
    office: Office, story: Story, before: dict[str, Any], after: dict[str, Any]
):
    case = engine.get_instance(office.database, SYSTEM, before["id"])
    for move in story.rest:
        play(office, case, (move,))
        check_invariants(office.database, case.id)
    now = in_json(office, case.id)
    assert now["outcome"] == "completed"
    assert named(now) == named(after)
    assert now["history"][: len(before["history"])] == before["history"]
    assert steps(now) == steps(after)


def test_a_new_case_starts_beside_the_old_ones_with_the_next_number(office: Office):
    numbers = [before["number"] for before in TOLD["before"] if before["number"].startswith("UJI-")]
    case = office.start("selesai")
    office.do(case, "a")
    assert case.business_key not in numbers
    assert check_invariants(office.database) == len(STORIES) + 1


def test_the_first_schema_is_frozen(tmp_path):
    """The first migration makes the very tables that the first release made."""
    made = open_database(f"sqlite:///{tmp_path}/made.db")
    migrate(made, "0001")
    released = unpack(NAME, tmp_path / "released.db")
    assert tables(made) == tables(released)


def tables(database: Engine) -> dict[str, Any]:
    """Every table's columns and indexes."""
    found = inspect(database)
    return {
        name: (
            [(c["name"], str(c["type"]), c["nullable"]) for c in found.get_columns(name)],
            sorted((str(i["name"]), i["column_names"], _where(i)) for i in found.get_indexes(name)),
            found.get_pk_constraint(name),
            sorted(str(key) for key in found.get_foreign_keys(name)),
        )
        for name in found.get_table_names()
    }


def _where(index: Any) -> list[str]:
    return [str(value) for value in index["dialect_options"].values()]


def named(told: dict[str, Any]) -> list[Any]:
    """Variables in all scopes, with their seals; an empty scope may be kept in any way."""
    return [variable for variable in told["variables"] if variable[1]]


def steps(told: dict[str, Any]) -> list[Any]:
    """What happened, in order: kind, process, element. Ids and times of what came later differ."""
    return [[kind, key, element] for _, _, kind, key, element, *_ in told["history"]]
