"""The clocks of a case as people see them: how each stands, and why it is due when it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection, Row, select

from engine import clock
from engine.deadlines.calendar import Calendar
from engine.deadlines.clocks import ClockKind, Due
from engine.deadlines.declarations import ClockDeclaration
from engine.deadlines.running import ClockOutcome, ClockState, Run, earliest, explained, used_time
from engine.queries.calendars import calendar_of
from engine.queries.clocks import declared_clocks, state_of
from engine.queries.instances import require_visible
from engine.store import Database, reading
from engine.store.tables import CaseClock, ProcessInstance
from engine.types import Actor


class ClockStand(StrEnum):
    """How a clock stands."""

    RUNNING = "running"
    PAUSED = "paused"
    NO_AMOUNT = "no_amount"
    """The variable that chooses its amount says nothing yet."""
    NO_CALENDAR = "no_calendar"
    """The calendar has not been published so far ('kalender belum ditetapkan')."""
    ENDED = "ended"


@dataclass(frozen=True)
class ClockView:
    """A clock of a case. ``due_at``: None while nobody knows it; ``why``: with its reasons, of a paused clock
    and one without an amount None. ``runs``: the spans in which it ran, None for one that runs all the time;
    ``used``: the working time of these. ``waits_for``: the variable that chooses the amount;
    ``proposed_by``: the one by which it is proposed so far, None of an amount that binds. ``asks_at``: the
    steps that ask for a reason where the case ends before ``earliest_at``."""

    clock_id: str
    name: str
    kind: ClockKind
    stand: ClockStand
    amount: int | None
    started_at: datetime
    due_at: datetime | None
    warn_at: datetime | None
    ended_at: datetime | None
    outcome: ClockOutcome | None
    why: Due | None
    runs: tuple[Run, ...] | None
    used: timedelta | None
    waits_for: str | None
    proposed_by: str | None
    earliest_at: datetime | None
    asks_at: frozenset[str]
    early: int | None
    """The amount before which it asks."""
    basis: str
    note: str


def case_clocks(database: Database, actor: Actor, instance_id: str) -> list[ClockView]:
    """The clocks of a case that have started: the open ones first, of these the most urgent.

    Raises ``InstanceNotFound``.
    """
    with reading(database) as tx:
        require_visible(tx, actor, instance_id)
        columns = ProcessInstance.agency_id, ProcessInstance.definition_key
        place = tx.execute(select(*columns).where(ProcessInstance.id == instance_id)).one()
        declared = {c.id: c for c in declared_clocks(tx, place.agency_id, place.definition_key)}
        rows = tx.execute(select(CaseClock.__table__).where(CaseClock.instance_id == instance_id)).all()
        return _views(tx, place.agency_id, declared, rows)


def _views(
    tx: Connection, agency_id: str, declared: Mapping[str, ClockDeclaration], rows: Sequence[Row[object]]
) -> list[ClockView]:
    if not rows:
        return []
    calendar = calendar_of(tx, agency_id)
    views = [_view(state_of(row), declared, calendar) for row in rows]
    return sorted(views, key=_urgency)


def _urgency(view: ClockView) -> tuple[bool, bool, datetime, str]:
    at = view.ended_at or view.due_at
    return view.ended_at is not None, at is None, at or view.started_at, view.clock_id


def _view(state: ClockState, declared: Mapping[str, ClockDeclaration], calendar: Calendar) -> ClockView:
    clock_ = declared.get(state.clock_id)
    stand = _stand(state)
    return ClockView(
        clock_id=state.clock_id,
        name=clock_.name if clock_ else state.clock_id,
        kind=state.kind,
        stand=stand,
        amount=state.amount,
        started_at=state.started_at,
        due_at=state.due_at,
        warn_at=state.warn_at,
        ended_at=state.ended_at,
        outcome=state.outcome,
        why=_why(state, stand, calendar),
        runs=None if state.runs is None else tuple((a, b or state.ended_at) for a, b in state.runs),
        used=None if state.runs is None else used_time(state, calendar, state.ended_at or clock.now()),
        waits_for=clock_.amount_by if clock_ else None,
        proposed_by=clock_.provisional_by if clock_ and state.provisional else None,
        earliest_at=earliest(clock_, state, calendar) if clock_ else None,
        asks_at=clock_.asks_at if clock_ else frozenset(),
        early=clock_.earliest if clock_ else None,
        basis=clock_.basis if clock_ else "",
        note=clock_.note if clock_ else "",
    )


def _why(state: ClockState, stand: ClockStand, calendar: Calendar) -> Due | None:
    """The reasons of a deadline; none for one that had ended before the calendar was changed, which would
    explain another day."""
    if stand in (ClockStand.PAUSED, ClockStand.NO_AMOUNT):
        return None
    why = explained(state, calendar)
    return why if why is None or state.ended_at is None or why.at == state.due_at else None


def _stand(state: ClockState) -> ClockStand:
    if state.ended_at is not None:
        return ClockStand.ENDED
    if state.amount is None:
        return ClockStand.NO_AMOUNT
    if state.due_at is not None:
        return ClockStand.RUNNING
    return ClockStand.PAUSED if state.paused else ClockStand.NO_CALENDAR
