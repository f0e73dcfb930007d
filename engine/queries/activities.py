"""Stays of tokens at elements: read from the history of the instances that are asked about."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from engine import access, catalog
from engine.errors import QueryInvalid
from engine.queries.paging import page_of_list, where
from engine.store import Database, reading
from engine.store.documents import Event, unpack_events
from engine.store.tables import HistoryEntry, ProcessInstance, UserTask
from engine.types import WHOLE, ActivityView, Actor, HistoryKind, Page

WIDEST = 2000
"""Stays are read from the history of at most this many instances at once."""

_CHUNK = 500


@dataclass(frozen=True)
class ActivityFilter:
    """What narrows a list of stays; what is None or empty does not narrow."""

    instance_id: str | None = None
    agency_ids: tuple[str, ...] = ()
    definition_id: str | None = None
    definition_key: str | None = None
    element_id: str | None = None
    element_type: str | None = None
    token_id: str | None = None
    finished: bool | None = None
    cancelled: bool | None = None


ANY_ACTIVITY = ActivityFilter()


@dataclass(frozen=True)
class Stay:
    """``number``: stays of all instances in the order in which they began. ``process_key``: None for the
    instance's own process."""

    number: int
    instance_id: str
    definition_id: str
    token_id: str
    element_id: str
    process_key: str | None
    via: str | None
    started_at: datetime
    ended_at: datetime | None = None
    cancelled: bool = False


_SORT: Mapping[str, Callable[[tuple[int, ActivityView]], Any]] = {
    "started": lambda found: found[0],
    "ended": lambda found: found[1].ended_at,
    "element_id": lambda found: found[1].element_id,
    "element_name": lambda found: found[1].element_name,
    "element_type": lambda found: found[1].element_type,
    "instance": lambda found: found[1].instance_id,
}


def list_activities(
    database: Database, actor: Actor, filter: ActivityFilter = ANY_ACTIVITY, page: Page = WHOLE
) -> list[ActivityView]:
    """Stays of tokens at elements, in the order in which they began.

    Sort keys: started, ended, element_id, element_name, element_type, instance. Raises ``QueryInvalid``, also
    where the filter is so wide that more than ``WIDEST`` instances would have to be read.
    """
    with reading(database) as tx:
        found = list(_activities(tx, actor, filter))
    return [view for _, view in page_of_list(found, page, _SORT)]


def count_activities(database: Database, actor: Actor, filter: ActivityFilter = ANY_ACTIVITY) -> int:
    """How many stays ``list_activities`` would list without a page."""
    with reading(database) as tx:
        return sum(1 for _ in _activities(tx, actor, filter))


def _activities(tx: Connection, actor: Actor, f: ActivityFilter) -> Iterator[tuple[int, ActivityView]]:
    """Pairs (number, stay), in the order in which they began."""
    instances = {row.id: row for row in _instances(tx, actor, f)}
    found = [
        replace(stay, **_end_with_case(stay, instances[stay.instance_id]))
        for stay in read_stays(tx, list(instances))
        if f.element_id in (None, stay.element_id) and f.token_id in (None, stay.token_id)
    ]
    found = [
        stay
        for stay in found
        if f.finished in (None, stay.ended_at is not None) and f.cancelled in (None, stay.cancelled)
    ]
    assignees = _assignees(tx, [stay.token_id for stay in found])
    for stay in sorted(found, key=lambda stay: stay.number):
        view = _view(tx, stay, instances[stay.instance_id], assignees.get(stay.token_id))
        if f.element_type in (None, view.element_type):
            yield stay.number, view


def _instances(tx: Connection, actor: Actor, f: ActivityFilter) -> list[Row[Any]]:
    columns = ("id", "agency_id", "definition_id", "definition_key", "ended_at", "outcome")
    query = select(*(getattr(ProcessInstance, name) for name in columns))
    query = where(
        query.where(access.visible_instances(actor)),
        [
            (ProcessInstance.id.__eq__, f.instance_id),
            (ProcessInstance.agency_id.in_, f.agency_ids),
            (ProcessInstance.definition_id.__eq__, f.definition_id),
            (ProcessInstance.definition_key.__eq__, f.definition_key),
        ],
    )
    rows = list(tx.execute(query.limit(WIDEST + 1)))
    if len(rows) > WIDEST:
        raise QueryInvalid(reason=f"this asks about more than {WIDEST} instances; name processInstanceId")
    return rows


def read_stays(tx: Connection, instance_ids: list[str]) -> list[Stay]:
    """Every stay in the history of some instances, as it was told: one that was open when its case ended has
    no end."""
    open_stays: dict[tuple[str, str], Stay] = {}
    for number, entry, event in read_events(tx, instance_ids):
        key = entry.instance_id, str(event.token_id)
        if event.kind == HistoryKind.ACTIVITY_ENTERED:
            place = event.element_id or "", event.process_key, event.via
            open_stays[key] = Stay(number, entry.instance_id, entry.definition_id, key[1], *place, entry.at)
        elif event.kind == HistoryKind.ACTIVITY_MIGRATED:
            moved = {"element_id": event.element_id or "", "definition_id": entry.definition_id}
            open_stays[key] = replace(open_stays[key], **moved)
        elif event.kind in (HistoryKind.ACTIVITY_COMPLETED, HistoryKind.ACTIVITY_CANCELLED):
            cancelled = event.kind == HistoryKind.ACTIVITY_CANCELLED
            open_stays[key] = replace(open_stays[key], ended_at=entry.at, cancelled=cancelled)
    return list(open_stays.values())


def read_events(tx: Connection, instance_ids: Iterable[str]) -> Iterator[tuple[int, Row[Any], Event]]:
    """The events of some instances: (a number that grows, the entry that holds it, the event)."""
    ids = list(instance_ids)
    for first in range(0, len(ids), _CHUNK):
        query = select(HistoryEntry.__table__).where(
            HistoryEntry.instance_id.in_(ids[first : first + _CHUNK])
        )
        for entry in tx.execute(query.order_by(HistoryEntry.instance_id, HistoryEntry.seq)):
            for place, event in enumerate(unpack_events(entry.events)):
                yield entry.seq * 100_000 + place, entry, event


def _end_with_case(stay: Stay, instance: Row[Any]) -> dict[str, Any]:
    """What was open when its case ended has ended with it."""
    if stay.ended_at is not None or instance.ended_at is None:
        return {}
    return {"ended_at": instance.ended_at, "cancelled": instance.outcome == "cancelled"}


def _assignees(tx: Connection, token_ids: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for first in range(0, len(token_ids), _CHUNK):
        query = select(UserTask.id, UserTask.assignee).where(
            UserTask.id.in_(token_ids[first : first + _CHUNK]), UserTask.assignee.is_not(None)
        )
        found |= {row.id: row.assignee for row in tx.execute(query)}
    return found


def _view(tx: Connection, stay: Stay, instance: Row[Any], assignee: str | None) -> ActivityView:
    deployed = catalog.load_process(tx, stay.definition_id)
    element = deployed.element(stay.process_key or deployed.key, stay.element_id)
    return ActivityView(
        token_id=stay.token_id,
        instance_id=stay.instance_id,
        agency_id=instance.agency_id,
        definition_id=instance.definition_id,
        definition_key=instance.definition_key,
        element_id=stay.element_id,
        element_name=element.label,
        element_type=element.type,
        started_at=stay.started_at,
        ended_at=stay.ended_at,
        cancelled=stay.cancelled,
        assignee=assignee,
    )
