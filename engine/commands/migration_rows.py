"""The rows of a case that is moved to another version: what they are renewed to, and restored to by an undo.

Kept as they are: who has claimed a task, who may, its priority and dates; when a timer is due, how often a
job was tried; which worker has locked an external task. Renewed: where they stand, names, forms, topics, and
which clock a timer follows.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Table, delete, insert, select, update

from engine.commands.rows import clock_of_timer
from engine.commands.unit import Work
from engine.interpreter import Waiting
from engine.store.columns import Moment
from engine.store.tables import ExternalTask, Incident, Job, Subscription, UserTask, table_of

_TOKEN_JOBS: Final = ("timer", "async")
_CLOCK: Final = ("clock", "own")
"""In the details of a timer that a clock sets."""


_TASK, _JOB, _SUBSCRIPTION, _EXTERNAL, _INCIDENT = map(
    table_of, (UserTask, Job, Subscription, ExternalTask, Incident)
)
_KEPT: Final[Mapping[str, tuple[Table, Any]]] = {
    "user_task": (_TASK, _TASK.c.ended_at.is_(None)),
    "job": (_JOB, _JOB.c.kind.in_(_TOKEN_JOBS)),
    "subscription": (_SUBSCRIPTION, True),
    "external_task": (_EXTERNAL, True),
    "incident": (_INCIDENT, _INCIDENT.c.resolved_at.is_(None)),
}
_RENEWED: Final[Mapping[str, tuple[str, ...]]] = {
    "user_task": ("element_id", "name", "form_key"),
    "job": ("element_id",),
    "subscription": ("element_id", "name"),
    "external_task": ("definition_id", "element_id", "topic"),
    "incident": ("definition_id", "element_id"),
}
"""The columns that a migration changes, by table."""


def keep_rows(tx: Connection, instance_id: str) -> dict[str, list[dict[str, Any]]]:
    """The rows of an instance that stand for its tokens, as JSON values, by table."""
    kept = {}
    for name, (table, which) in _KEPT.items():
        query = select(table).where(table.c.instance_id == instance_id, which)
        kept[name] = [dict(row) for row in tx.execute(query).mappings()]
    return kept


def renew_rows(work: Work, renewed: Mapping[str, Waiting]) -> None:
    """Give the rows of tokens that wait as before what the target says. ``renewed``: by token id."""
    for waiting in renewed.values():
        row = _renewed(work, waiting)
        if row is None:
            continue
        table, values = row
        work.tx.execute(update(table).where(table.c.id == waiting.token_id).values(**values))
    _renew_timers(work, renewed)
    for token_id, waiting in renewed.items():
        values = {"definition_id": work.deployed.id, "element_id": waiting.element_id}
        of_token = (_INCIDENT.c.subject_id == token_id, _INCIDENT.c.resolved_at.is_(None))
        work.tx.execute(update(_INCIDENT).where(*of_token).values(**values))


def _renewed(work: Work, waiting: Waiting) -> tuple[Table, dict[str, Any]] | None:
    element = work.deployed.element(waiting.process_key, waiting.element_id)
    place: dict[str, Any] = {"element_id": waiting.element_id}
    match waiting.kind:
        case "user_task":
            form = element.attributes.get("formRef")
            place |= {"name": element.label, "form_key": form}
            return _TASK, place
        case "timer" | "async":
            return _JOB, place
        case "message" | "signal":
            return _SUBSCRIPTION, place | {"name": waiting.name}
        case "external_task":
            return _EXTERNAL, place | {"definition_id": work.deployed.id, "topic": waiting.name}
    return None


def _renew_timers(work: Work, renewed: Mapping[str, Waiting]) -> None:
    """Let timers follow the clocks that the target names; ``align_cases``, which comes later, moves them."""
    timers = [token_id for token_id, waiting in renewed.items() if waiting.kind == "timer"]
    if not timers:
        return
    query = select(_JOB.c.id, _JOB.c.due_at, _JOB.c.details).where(_JOB.c.id.in_(timers))
    for row in work.tx.execute(query).all():
        waiting = renewed[row.id]
        clock_id = clock_of_timer(work.deployed.element(waiting.process_key, waiting.element_id))
        if clock_id == row.details.get("clock"):
            continue
        own = row.details.get("own") or row.due_at.isoformat()
        follows = {"clock": clock_id, "own": own} if clock_id is not None else {}
        values = {"details": _without_clock(row.details) | follows, "due_at": datetime.fromisoformat(own)}
        work.tx.execute(update(_JOB).where(_JOB.c.id == row.id).values(values))


def _without_clock(details: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in details.items() if name not in _CLOCK}


def restore_rows(
    tx: Connection, instance_id: str, kept: Mapping[str, list[dict[str, Any]]], *, suspended: bool
) -> None:
    """Make the rows stand where they stood: those there get their old places, others come back or go."""
    for name, (table, which) in _KEPT.items():
        ours = (table.c.instance_id == instance_id, which)
        there = set(tx.scalars(select(table.c.id).where(*ours)))
        for row in kept[name]:
            if row["id"] in there:
                old = {column: row[column] for column in _RENEWED[name]}
                if name == "job":
                    old |= _clock_before(tx, row)
                tx.execute(update(table).where(table.c.id == row["id"]).values(**old))
            elif name != "incident":  # one that is resolved stays so
                now = {"suspended": suspended} if "suspended" in table.c else {}
                tx.execute(insert(table).values(**_typed(table, row), **now))
        new = there - {row["id"] for row in kept[name]}
        if new and name != "incident":
            tx.execute(delete(table).where(table.c.id.in_(new)))


def _clock_before(tx: Connection, row: Mapping[str, Any]) -> dict[str, Any]:
    """What a job has to get back where a migration has let its timer follow another clock, or none."""
    now = tx.scalars(select(_JOB.c.details).where(_JOB.c.id == row["id"])).one()
    if now.get("clock") == row["details"].get("clock"):
        return {}
    was = {name: row["details"][name] for name in _CLOCK if name in row["details"]}
    return {"details": _without_clock(now) | was, "due_at": _moment(row["due_at"])}


def _typed(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as it was before it became JSON: moments are moments again."""
    return {
        column.name: _moment(row[column.name]) if isinstance(column.type, Moment) else row[column.name]
        for column in table.columns
        if column.name != "suspended"
    }


def _moment(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value is not None else None
