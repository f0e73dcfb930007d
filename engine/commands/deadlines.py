"""The deadlines of open cases when what they are measured by changes: the calendar, or the profile.

The declaration in force counts for every open case; a clock that has ended keeps what it was measured by.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, select

from engine import clock
from engine.commands import history
from engine.commands.aligning import Case, JobChanges, align_cases
from engine.commands.clocks import changed_rows
from engine.commands.incidents import resolve_incidents
from engine.deadlines.calendar import Calendar
from engine.deadlines.declarations import ClockDeclaration, read_clocks
from engine.deadlines.running import ClockState, renewed
from engine.queries.calendars import calendar_of
from engine.queries.clocks import state_of
from engine.store import hot
from engine.store.documents import Event
from engine.store.tables import Agency, CaseClock, ProcessInstance
from engine.types import SYSTEM, Actor, HistoryKind

BATCH: Final = 500
"""Cases that are read and written at a time."""

_CASE = ("id", "agency_id", "definition_id", "definition_key")


def recompute(
    tx: Connection,
    agency_id: str | None = None,
    *,
    actor: Actor = SYSTEM,
    why: str = "calendar",
    instance_ids: Sequence[str] | None = None,
) -> int:
    """Work out the deadlines of open cases anew, of one agency or of all, and tell the history of each case
    which have moved, from when to when and ``why``. Returns how many have. ``instance_ids``: of these alone.

    Comes in the transaction that changes a calendar or a profile, after the change, or in one that holds the
    catalog; of a case that is as it should be, nothing is written.
    """
    agencies = select(Agency.id, Agency.profile).order_by(Agency.id)
    if agency_id is not None:
        agencies = agencies.where(Agency.id == agency_id)
    moved = 0
    for agency in tx.execute(agencies).all():
        declared = {c.id: c for clocks in read_clocks(agency.profile).values() for c in clocks}
        calendar = calendar_of(tx, agency.id) if declared else None
        if calendar is None:
            continue
        for cases in _open_cases(tx, agency.id, instance_ids):
            moved += _recompute(tx, actor, cases, declared, calendar, why)
    return moved


def cases_to_recompute(tx: Connection, agency_id: str, profile: Mapping[str, Any]) -> list[str]:
    """Ids of the open cases of an agency whose clocks stand otherwise than its calendar and its profile say.
    Locks nothing."""
    declared = {c.id: c for clocks in read_clocks(profile).values() for c in clocks}
    if not declared:
        return []
    calendar, at, wrong = calendar_of(tx, agency_id), clock.now(), list[str]()
    for rows in _open_cases(tx, agency_id, lock=False):
        for instance_id, (_, states) in read_clocks_of_cases(tx, [row.id for row in rows]).items():
            if any(_renewed(state, declared, at, calendar) != state for state in states.values()):
                wrong.append(instance_id)
    return wrong


def _open_cases(
    tx: Connection, agency_id: str, instance_ids: Sequence[str] | None = None, *, lock: bool = True
) -> Iterator[Sequence[Row[Any]]]:
    """The open cases of an agency that have an open clock, locked, a batch at a time in one order: a step of
    such a case comes before, or waits. ``instance_ids``: of these alone."""
    last = ""
    has_clock = select(CaseClock.id).where(
        CaseClock.instance_id == ProcessInstance.id, CaseClock.ended_at.is_(None)
    )
    columns = [getattr(ProcessInstance, name) for name in _CASE]
    query = select(*columns).where(ProcessInstance.agency_id == agency_id, ProcessInstance.ended_at.is_(None))
    query = query.where(has_clock.exists()).order_by(ProcessInstance.id).limit(BATCH)
    if instance_ids is not None:
        query = query.where(ProcessInstance.id.in_(instance_ids))
    if lock:
        query = query.with_for_update(key_share=True, of=ProcessInstance)
    while rows := tx.execute(query.where(ProcessInstance.id > last)).all():
        yield rows
        last = rows[-1].id


def _recompute(
    tx: Connection,
    actor: Actor,
    rows: Sequence[Row[Any]],
    declared: Mapping[str, ClockDeclaration],
    calendar: Calendar,
    why: str,
) -> int:
    at, cases = clock.now(), [Case(r.id, r.agency_id, r.definition_id, r.definition_key) for r in rows]
    found = read_clocks_of_cases(tx, [case.id for case in cases])
    after, changed, stories = dict[str, Mapping[str, ClockState]](), list[Case](), list[history.Story]()
    rows_changed, jobs = list[dict[str, Any]](), JobChanges()
    for case in cases:
        ids, before = found[case.id]
        after[case.id] = states = {key: _renewed(s, declared, at, calendar) for key, s in before.items()}
        if states == before:
            continue
        changed.append(case)
        rows_changed += changed_rows(ids, before, states)
        jobs.note(case.agency_id, case.id, ids, before, states)
        if events := moves(before, states, why):
            stories.append(history.Story(case.id, case.agency_id, case.definition_id, events))
    if changed:
        tx.execute(hot.MOVE_CLOCK, rows_changed)
        jobs.write(tx)
        if jobs.gone:
            resolve_incidents(tx, actor, jobs.gone)
        align_cases(tx, changed, after, {id: states for id, (_, states) in found.items()})
        history.write_events_of_many(tx, actor, at, stories)
    return sum(len(story.events) for story in stories)


def _renewed(
    state: ClockState, declared: Mapping[str, ClockDeclaration], at: datetime, calendar: Calendar
) -> ClockState:
    declaration = declared.get(state.clock_id)
    if state.ended_at is not None or declaration is None:
        return state
    amount = declaration.amount if declaration.amount_by is None else state.amount
    return renewed(replace(state, kind=declaration.kind, amount=amount), at, calendar)


def read_clocks_of_cases(
    tx: Connection, instance_ids: Sequence[str]
) -> dict[str, tuple[dict[str, str], dict[str, ClockState]]]:
    """The ids of the rows, and the states, of the clocks of some cases, by case and clock."""
    found: dict[str, tuple[dict[str, str], dict[str, ClockState]]] = defaultdict(lambda: ({}, {}))
    for row in tx.execute(select(CaseClock.__table__).where(CaseClock.instance_id.in_(instance_ids))):
        ids, states = found[row.instance_id]
        ids[row.clock_id], states[row.clock_id] = row.id, state_of(row)
    return found


def moves(before: Mapping[str, ClockState], after: Mapping[str, ClockState], why: str) -> list[Event]:
    """What the history of a case tells: which of the deadlines that it had have moved, and by what."""
    found = []
    for key, was in before.items():
        state = after.get(key)
        due_at = state.due_at if state is not None else None
        if due_at != was.due_at:
            moments = {"from": history.told(was.due_at), "to": history.told(due_at)}
            details = {"clock": key, "why": _cause(was, state, why), **moments}
            found.append(Event(HistoryKind.DEADLINE_MOVED.value, details=details))
    return found


def _cause(was: ClockState, state: ClockState | None, why: str) -> str:
    """A clock that counts something else now was moved by the profile, whatever else has changed; one that
    does not count here any more was dropped by it."""
    if state is None:
        return "dropped"
    return why if (state.kind, state.amount) == (was.kind, was.amount) else "profile"
