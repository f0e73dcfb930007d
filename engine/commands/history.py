"""History of one unit of work: events are collected while it runs, and written with it as one row."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection

from engine.commands.unit import Work
from engine.definitions.model import Element
from engine.record import record_change, record_changes
from engine.secrecy import seal_text
from engine.store import hot
from engine.store.documents import Event, pack_events
from engine.types import Actor, HistoryKind

_OF_STEP = {
    "entered": HistoryKind.ACTIVITY_ENTERED.value,
    "completed": HistoryKind.ACTIVITY_COMPLETED.value,
    "cancelled": HistoryKind.ACTIVITY_CANCELLED.value,
}


def add(
    work: Work,
    kind: HistoryKind,
    *,
    element: Element | None = None,
    process_key: str | None = None,
    token_id: str | None = None,
    via: str | None = None,
    **details: Any,
) -> None:
    """Note one event. ``process_key``: of the element's process, by default the instance's.

    ``details`` are small JSON values that say no child's name and no variable's value; a ``reason``, which a
    person has written, is sealed.
    """
    if work.unreadable:
        details.pop("reason", None)
    if details.get("reason"):
        details["reason"] = seal_text(work.case_key(), "reason", details["reason"])
    element_id = element.id if element else None
    work.events.append(
        Event(kind.value, element_id, token_id, via, _other(work, process_key), details or None)
    )


def _other(work: Work, process_key: str | None) -> str | None:
    """The key of a called process; None for the instance's own."""
    return None if process_key == work.deployed.key else process_key


def add_steps(work: Work) -> None:
    """Note what the tokens did since the work was opened."""
    work.events += [
        Event(_OF_STEP[step.kind], step.element_id, step.token_id, step.via, _other(work, step.process_key))
        for step in work.workflow.trace
    ]


def told(moment: datetime | None) -> str | None:
    """A moment as events tell it: in UTC, to the second."""
    return None if moment is None else moment.astimezone(UTC).isoformat(timespec="seconds")


def write(work: Work) -> None:
    """Insert what was noted."""
    if work.events:
        instance = work.instance
        write_events(
            work.tx, work.actor, instance.id, instance.agency_id, work.deployed.id, work.at, work.events
        )


class Story(NamedTuple):
    """What a command that moves no token did to one of many cases."""

    instance_id: str
    agency_id: str
    definition_id: str
    events: list[Event]


def write_events(
    tx: Connection,
    actor: Actor,
    instance_id: str,
    agency_id: str,
    definition_id: str,
    at: datetime,
    events: list[Event],
) -> None:
    """Insert the events of a command that moves no token."""
    row = _row(actor, instance_id, agency_id, definition_id, at, events)
    added = tx.execute(hot.ADD_HISTORY, row).inserted_primary_key
    assert added is not None, "one row, whose number the database tells"
    record_change(tx, row, added[0], events)


def write_events_of_many(tx: Connection, actor: Actor, at: datetime, stories: Sequence[Story]) -> None:
    """``write_events`` of many cases, none of them twice, with two statements in all."""
    if not stories:
        return
    rows = {story.instance_id: _row(actor, *story[:3], at, story.events) for story in stories}
    assert len(rows) == len(stories), "by its case a row is told from the others"
    added = tx.execute(hot.ADD_HISTORY_OF_MANY, list(rows.values())).all()
    numbers = {row.instance_id: row.seq for row in added}
    record_changes(tx, [(rows[s.instance_id], numbers[s.instance_id], s.events) for s in stories])


def _row(
    actor: Actor, instance_id: str, agency_id: str, definition_id: str, at: datetime, events: list[Event]
) -> dict[str, Any]:
    return {
        "instance_id": instance_id,
        "agency_id": agency_id,
        "definition_id": definition_id,
        "at": at,
        "user_id": actor.user_id,
        "events": pack_events(events),
    }
