"""Who can see a case: its candidate groups, who had a task of it or opened it, and the managers."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, literal, select, union

from engine import access
from engine.queries.absences import acting_groups
from engine.queries.holders import holders_of
from engine.queries.instances import require_visible
from engine.store import Database, reading
from engine.store.tables import ProcessInstance, TaskCandidate, UserTask
from engine.types import Actor, Person


def case_people(database: Database, actor: Actor, instance_id: str) -> list[Person]:
    """Everybody else who can see a case that the actor sees, by name: whom one can mention in it.

    Raises ``InstanceNotFound``.
    """
    with reading(database) as tx:
        require_visible(tx, actor, instance_id)
        return [person for person in readers_of(tx, instance_id) if person.id != actor.user_id]


def readers_of(tx: Connection, instance_id: str) -> list[Person]:
    """The active users who can see a case, by name; whoever asks has seen to it that it may be told."""
    circle = circles_of(tx, [instance_id])[instance_id]
    return [
        Person(actor.user_id, actor.name)
        for actor in workers_of(tx, circle.agency_id)
        if access.sees_case(actor, *circle)
    ]


def workers_of(tx: Connection, agency_id: str) -> list[Actor]:
    """The active users of an agency with what they hold there, or act in for somebody, by name."""
    return [
        replace(each, memberships=each.memberships | {(agency_id, group) for group in acting})
        if (acting := acting_groups(tx, agency_id, each.user_id))
        else each
        for each in holders_of(tx, agency_id)
    ]


class Circle(NamedTuple):
    """Whom a case concerns: its agency, and the groups and users that its tasks name or have named, with who
    opened it. What ``access.sees_case`` asks for."""

    agency_id: str
    groups: set[str]
    users: set[str]


_IDS: Any = bindparam("ids", expanding=True)
_CIRCLES: Any = union(
    select(ProcessInstance.id, literal("agency"), ProcessInstance.agency_id).where(
        ProcessInstance.id.in_(_IDS)
    ),
    select(ProcessInstance.id, literal("user"), ProcessInstance.started_by).where(
        ProcessInstance.id.in_(_IDS)
    ),
    select(UserTask.instance_id, literal("group"), UserTask.queue).where(
        UserTask.instance_id.in_(_IDS), UserTask.queue.is_not(None)
    ),
    select(UserTask.instance_id, literal("user"), UserTask.assignee).where(
        UserTask.instance_id.in_(_IDS), UserTask.assignee.is_not(None)
    ),
    select(TaskCandidate.instance_id, TaskCandidate.kind, TaskCandidate.candidate).where(
        TaskCandidate.instance_id.in_(_IDS)
    ),
)
"""(case, kind, name), each once, in one statement: telling somebody asks it in the transaction of a step."""


def circles_of(tx: Connection, instance_ids: Collection[str]) -> dict[str, Circle]:
    """The circles of some cases by id, in one statement; none is asked for no case."""
    found: dict[str, Circle] = {}
    rows = tx.execute(_CIRCLES, {"ids": sorted(instance_ids)}).all() if instance_ids else []
    for instance_id, kind, name in sorted(map(tuple, rows), key=lambda row: row[1] != "agency"):
        if kind == "agency":
            found[instance_id] = Circle(name, set(), set())
        else:
            circle = found[instance_id]
            (circle.groups if kind == "group" else circle.users).add(name)
    return found
