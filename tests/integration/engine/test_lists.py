"""Lists: every field of a filter narrows, by what it says at this call and not at the one before."""

from dataclasses import fields
from datetime import timedelta
from typing import Any

import pytest

import engine
from engine import InstanceFilter, Page, TaskFilter, clock, desk
from engine.errors import QueryInvalid
from engine.queries.shapes import Shape, shape_of
from engine.types import SYSTEM, Actor, pseudonym_of
from tests.integration.engine.models import drawn, task
from tests.support.office import HOME, Office
from tests.unit.interpreter.diagrams import process

SOON, LATER = clock.now() + timedelta(hours=1), clock.now() + timedelta(days=9)
PAST = clock.now() - timedelta(days=9)
TASKS: dict[str, tuple[Any, Any]] = {
    "task_id": ("<task>", "x"),
    "instance_id": ("<case>", "x"),
    "instance_ids": (("y", "<case>"), ("x",)),
    "agency_ids": ((HOME,), ("lain", "x")),
    "assignee": ("petugas@uji", "peksos@uji"),
    "assignee_like": ("PETUGAS%", "%pek%"),
    "assignees": (("x", "petugas@uji"), ("x", "y")),
    "assigned": (True, False),
    "owner": ("petugas2@uji", "petugas@uji"),
    "delegation_state": ("PENDING", "RESOLVED"),
    "candidate_group": ("petugas", "peksos"),
    "candidate_groups": (("petugas", "peksos"), ("peksos", "x")),
    "candidate_user": ("petugas2@uji", "peksos@uji"),
    "include_assigned": (True, False),
    "with_candidate_groups": (True, False),
    "with_candidate_users": (False, True),
    "definition_id": ("<definition>", "x"),
    "definition_key": ("p", "q"),
    "definition_keys": (("p", "q"), ("q",)),
    "element_id": ("a", "b"),
    "element_ids": (("b", "a"), ("b",)),
    "element_id_like": ("A%", "%b%"),
    "name": ("Kerjakan a", "Kerjakan b"),
    "name_like": ("%JAKAN a", "%jakan b"),
    "business_key": ("<number>", "x"),
    "business_keys": (("x", "<number>"), ("x", "y")),
    "business_key_like": ("uji-%", "x%"),
    "pseudonym": ("<pseudonym>", "x"),
    "pseudonym_like": ("<tree>", "x%"),
    "priority": (7, 1),
    "priority_from": (7, 8),
    "priority_to": (7, 6),
    "created_before": (SOON, PAST),
    "created_after": (PAST, SOON),
    "due_before": (LATER, SOON),
    "due_after": (SOON, LATER),
    "risk_before": (SOON + timedelta(hours=35), SOON),
    "with_due": (True, False),
    "suspended": (False, True),
    "follow_up_before": (LATER, SOON),
    "follow_up_after": (SOON, LATER),
    "follow_up_before_or_none": (LATER, SOON),
    "ended": (False, True),
}
"""Field of a filter -> what lets the one task through, and what does not."""

CASES: dict[str, tuple[Any, Any]] = {
    "instance_id": ("<case>", "x"),
    "instance_ids": (("y", "<case>"), ("x",)),
    "agency_ids": ((HOME,), ("lain", "x")),
    "definition_id": ("<definition>", "x"),
    "definition_key": ("p", "q"),
    "business_key": ("<number>", "x"),
    "business_key_like": ("uji-%", "x%"),
    "pseudonym": ("<pseudonym>", "x"),
    "element_id": ("a", "b"),
    "assigned": (True, False),
    "due_before": (LATER, SOON),
    "due_after": (SOON, LATER),
    "at_risk": (SOON + timedelta(hours=35), SOON),
    "ended": (False, True),
    "ended_after": (None, PAST),
    "outcome": (None, "completed"),
    "started_before": (SOON, PAST),
    "started_after": (PAST, SOON),
    "started_by": ("petugas@uji", "peksos@uji"),
    "suspended": (False, True),
}


@pytest.fixture
def told(office: Office) -> dict[str, str]:
    """One open task with everything that a filter can ask for; placeholder -> id."""
    when = (clock.now() + timedelta(days=2)).isoformat()
    a = task("a", dueDate=when, followUpDate=when, priority="7")
    office.deploy(drawn(process(a, "s > a > e")))
    case = office.start()
    (open_task,) = office.tasks(case.id)
    owner = office.user("petugas2")
    engine.claim_task(office.database, owner, open_task.id)
    desk.delegate_task(office.database, owner, open_task.id, "petugas@uji")
    return {
        "<task>": open_task.id,
        "<case>": case.id,
        "<definition>": case.definition_id,
        "<number>": case.business_key,
        "<pseudonym>": (name := pseudonym_of(case.id)),
        "<tree>": f"{name.split()[0].lower()} %",
    }


def filled(value: Any, told: dict[str, str]) -> Any:
    if isinstance(value, tuple):
        return tuple(told.get(item, item) for item in value)
    return told.get(value, value) if isinstance(value, str) else value


def test_every_field_of_a_filter_is_tried() -> None:
    assert list(TASKS) == [field.name for field in fields(TaskFilter)]
    assert list(CASES) == [field.name for field in fields(InstanceFilter)]


@pytest.mark.parametrize("person", [None, "petugas", "manajer"])
def test_each_field_narrows_tasks_by_what_it_says(
    office: Office, told: dict[str, str], person: str | None
) -> None:
    actor = office.user(person) if person else SYSTEM
    for name, said in TASKS.items():
        if name == "include_assigned":  # what is assigned to a person is no longer offered to the group
            made = [TaskFilter(candidate_group="petugas", include_assigned=value) for value in said]
        else:
            with_assigned = {"include_assigned": True} if name.startswith("candidate") else {}
            made = [TaskFilter(**{name: filled(value, told)}, **with_assigned) for value in said]
        for _ in range(2):
            found = [[view.id for view in engine.list_tasks(office.database, actor, f)] for f in made]
            assert found == [[told["<task>"]], []], name
            assert [engine.count_tasks(office.database, actor, f) for f in made] == [1, 0], name


@pytest.mark.parametrize("person", [None, "petugas", "manajer"])
def test_each_field_narrows_cases_by_what_it_says(
    office: Office, told: dict[str, str], person: str | None
) -> None:
    actor = office.user(person) if person else SYSTEM
    for name, said in CASES.items():
        made = [InstanceFilter(**{name: filled(value, told)}) for value in said]
        for _ in range(2):
            found = [[view.id for view in engine.list_instances(office.database, actor, f)] for f in made]
            assert found == [[told["<case>"]], []], name
            assert [engine.count_instances(office.database, actor, f, at_most=9) for f in made] == [1, 0]


def test_people_of_the_same_groups_see_each_their_own(office: Office, told: dict[str, str]) -> None:
    own = {"petugas": 1, "petugas2": 1}
    for name in own:
        mine = TaskFilter(assignee=f"{name}@uji")
        own[name] = engine.count_tasks(office.database, office.user(name), mine)
    assert own == {"petugas": 1, "petugas2": 0}
    alone = [Actor.of(name, HOME, ["kepala"]) for name in ("petugas@uji", "petugas2@uji")]
    assert [len(engine.list_tasks(office.database, actor)) for actor in alone] == [1, 0]
    assert [len(engine.list_instances(office.database, actor)) for actor in alone] == [1, 0]


def test_a_page_starts_and_ends_where_it_says_each_time(office: Office) -> None:
    office.deploy(drawn(process(task("a"), "s > a > e")))
    numbers = [office.start().business_key for _ in range(5)]
    by_number = (("business_key", True),)
    for first, size in ((0, 2), (2, 2), (4, 2), (1, None), (5, 1), (0, 0)):
        wanted = numbers[first:][:size]
        page = Page(first, size, by_number)
        tasks = engine.list_tasks(office.database, SYSTEM, page=page)
        cases = engine.list_instances(office.database, SYSTEM, page=page)
        assert [view.business_key for view in tasks] == wanted
        assert [view.business_key for view in cases] == wanted


def test_what_is_due_at_the_same_moment_is_in_the_order_of_urgency(office: Office) -> None:
    office.deploy(drawn(process(task("a", priority="=nilai"), "s > a > e")))
    cases = [office.start(nilai=priority).id for priority in (10, 90, 50)]
    for sort in ((), (("due", True),), (("due", True), ("priority", False))):
        tasks = engine.list_tasks(office.database, SYSTEM, page=Page(sort=sort))
        assert [view.instance_id for view in tasks] == [cases[1], cases[2], cases[0]]
    tasks = engine.list_tasks(office.database, SYSTEM, page=Page(sort=(("created", True),)))
    assert [view.instance_id for view in tasks] == cases


def test_a_pattern_that_cannot_be_searched_for_is_refused(office: Office) -> None:
    for pattern in ("x" * 256, "ends\\"):
        for ask in (
            lambda p: engine.list_tasks(office.database, SYSTEM, TaskFilter(name_like=p)),
            lambda p: engine.count_instances(office.database, SYSTEM, InstanceFilter(business_key_like=p)),
            lambda p: engine.list_incidents(office.database, SYSTEM, engine.IncidentFilter(message_like=p)),
        ):
            with pytest.raises(QueryInvalid, match="pattern"):
                ask(pattern)


def test_filters_that_give_the_same_fields_have_one_shape() -> None:
    first, values = shape_of(TaskFilter(instance_id="1", element_ids=("a", "b"), ended=None))
    second, _ = shape_of(TaskFilter(instance_id="2", element_ids=("c",), ended=None))
    assert first == second == Shape(TaskFilter, ("instance_id",), ("element_ids",), (("ended", None),))
    assert values == {"instance_id": "1", "element_ids": ("a", "b")}
    assert shape_of(TaskFilter(assigned=True))[0] != shape_of(TaskFilter(assigned=False))[0]
    groups = [shape_of(TaskFilter(candidate_group=g), ["candidate_group"])[0] for g in ("petugas", "peksos")]
    assert groups[0] != groups[1]
