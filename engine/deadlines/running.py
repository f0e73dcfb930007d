"""One clock of one case, as a value that steps move on: started, paused, due, ended. Pure.

What was worked is never added up and kept: the spans in which a clock ran are, so that another calendar gives
the exact answer for the whole of them.
"""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import StrEnum

from engine.deadlines.calendar import Calendar
from engine.deadlines.clocks import ClockKind, Due, after, due, moment_at, worked
from engine.deadlines.declarations import ENDED, RECEIVED, Amount, ClockDeclaration

WARNED_AFTER = 0.75
"""The part of its amount after which a clock warns, in its own unit (issue 6, section 1)."""

SOON = timedelta(hours=24)
"""Less than this left: a due time of the diagram's own, without a clock, is near."""

Run = tuple[datetime, datetime | None]
"""A span in which a clock ran; open while it runs."""


class ClockOutcome(StrEnum):
    """How a clock has ended."""

    MET = "met"
    LATE = "late"
    UNSET = "unset"
    """Before there was a deadline to be met: the calendar, or the amount, was not known, or only proposed."""
    CANCELLED = "cancelled"
    """With its case, without what it waited for."""
    SKIPPED = "skipped"
    """In time, but without what it waited for: somebody has moved the case past that by hand."""


@dataclass(frozen=True)
class ClockState:
    """``provisional``: the amount is only proposed, and another one takes its place, a longer one too.

    ``runs``: of a clock that runs only at some steps; None for one that runs all the time. ``due_at`` is
    None while nobody knows it: paused, the amount not chosen yet, the calendar not published. ``warn_at``:
    when ``WARNED_AFTER`` of it is over; ``warned_at``, ``breached_at``: when that, and the deadline, was told
    or noted. ``shape``: of the declaration by which it was begun."""

    clock_id: str
    kind: ClockKind
    amount: int | None
    started_at: datetime
    runs: tuple[Run, ...] | None = None
    due_at: datetime | None = None
    warn_at: datetime | None = None
    warned_at: datetime | None = None
    breached_at: datetime | None = None
    ended_at: datetime | None = None
    outcome: ClockOutcome | None = None
    shape: str = ""
    provisional: bool = False

    @property
    def counts(self) -> Amount | None:
        """The amount, and whether it binds."""
        return None if self.amount is None else Amount(self.amount, self.provisional)

    @property
    def paused(self) -> bool:
        """Whether it stands still while another step is done."""
        return self.ended_at is None and self.runs is not None and not _runs_now(self.runs)

    @property
    def rings_at(self) -> datetime | None:
        """When there is something to tell next: a warning, or a breach; None where nothing is left."""
        if self.ended_at is not None or self.breached_at is not None:
            return None
        moments = [self.due_at, self.warn_at if self.warned_at is None else None]
        return min((moment for moment in moments if moment is not None), default=None)


@dataclass(frozen=True)
class Seen:
    """What one step of a case did. ``received``: it was the first. ``entered``, ``completed``: elements;
    ``open``: those that wait now. ``ended``: the case has.

    Of tokens that were moved by hand, as far as it concerns one clock: ``begun``: past what starts it;
    ``skipped``: past what stops it; ``returned``: back before that.
    """

    entered: frozenset[str] = frozenset()
    completed: frozenset[str] = frozenset()
    open: frozenset[str] = frozenset()
    received: bool = False
    ended: bool = False
    begun: bool = False
    skipped: bool = False
    returned: bool = False


def advance(
    clock: ClockDeclaration,
    state: ClockState | None,
    seen: Seen,
    amount: Amount | None,
    at: datetime,
    calendar: Calendar,
) -> ClockState | None:
    """The clock after a step at the moment ``at``; None while it has not started.

    ``amount``: what the case's variables choose now, of which ``shortest`` counts.

    One that had ended runs again, from its first start, where the case was put back before what stopped it.
    """
    if state is None:
        reached = clock.start in seen.entered or (seen.begun and not seen.skipped)
        if not (seen.received if clock.start == RECEIVED else reached):
            return None
        # The receipt is told to the second (waktu_diterima), so that is what is counted from.
        begin = at.replace(microsecond=0) if seen.received else at
        runs = () if clock.runs_at else None
        state = ClockState(clock.id, clock.kind, None, begin, runs, shape=clock.shape)
    if state.ended_at is not None:
        if not seen.returned:
            return state
        state = replace(state, ended_at=None, outcome=None)
    over = seen.ended or seen.skipped or not clock.until.isdisjoint(seen.completed)
    if clock.amount_by is not None:
        amount = shortest(state.counts, amount)
    units, provisional = amount or (None, False)
    moved = replace(state, kind=clock.kind, amount=units, provisional=provisional)
    if moved.runs is not None:
        running = not over and not clock.runs_at.isdisjoint(seen.open)
        begin = at if moved.runs else max(moved.started_at, at.replace(microsecond=0))
        moved = replace(moved, runs=_run_on(moved.runs, begin, running=running))
    if seen.returned or moved.amount != state.amount:
        moved = renewed(moved, at, calendar)
    elif moved != state or state.due_at is None:
        moved = timed(moved, calendar)
    return _ended(clock, moved, seen, at, calendar) if over else moved


def shortest(known: Amount | None, chosen: Amount | None) -> Amount | None:
    """What counts of an amount that counted so far, and what variables choose now.

    It only ever gets shorter: raising a risk brings the deadline forward, nothing moves it back (KemenPPPA:
    always counted from the receipt of the information). One that is only proposed binds nothing.
    """
    if known is None or known.provisional:
        return chosen
    if chosen is None or chosen.provisional:
        return known
    return min(known, chosen)


def timed(state: ClockState, calendar: Calendar) -> ClockState:
    """The clock with its two moments worked out by a calendar."""
    due_at, warn_at = _moments(state, calendar)
    return replace(state, due_at=due_at, warn_at=warn_at)


def _moments(state: ClockState, calendar: Calendar) -> tuple[datetime | None, datetime | None]:
    if state.kind is not ClockKind.WORKING_DAYS or state.amount is None or state.runs is not None:
        return _worked_out(state, calendar)
    key = state.amount, calendar.local(state.started_at).date()  # the hour of receipt does not count
    if key not in calendar.of_days:
        calendar.of_days[key] = _worked_out(state, calendar)
    return calendar.of_days[key]


def _worked_out(state: ClockState, calendar: Calendar) -> tuple[datetime | None, datetime | None]:
    found = explained(state, calendar)
    if found is None:
        return None, None
    if state.runs is None:
        return found.at, _warning(found, calendar)
    amount = timedelta(minutes=found.amount)
    return _reached(state.runs, amount, calendar), _reached(state.runs, amount * WARNED_AFTER, calendar)


def _warning(found: Due, calendar: Calendar) -> datetime | None:
    """When ``WARNED_AFTER`` of a deadline is over. Of working days that is a part of those that count, so not
    of the day of receipt."""
    if found.kind is not ClockKind.WORKING_DAYS or found.at is None:
        return moment_at(WARNED_AFTER, found, calendar)
    begin = datetime.combine(found.start.date() + timedelta(days=1), time(), calendar.zone)
    total = worked(begin, found.at, calendar)
    return None if total is None else after(total * WARNED_AFTER, begin, calendar)


def explained(state: ClockState, calendar: Calendar) -> Due | None:
    """The deadline of a clock with its reasons; of one that pauses, in the span in which it is reached, or
    the last. None where there is nothing to explain: no amount yet, or it has never run."""
    if state.amount is None:
        return None
    if state.runs is None:
        return due(state.kind, state.amount, state.started_at, calendar)
    found, used = None, timedelta()
    for since, until in state.runs:
        found = due(state.kind, state.amount, since, calendar, used=used)
        if found.at is None or until is None or found.at <= until:
            break
        used += worked(since, until, calendar) or timedelta()
    return found


def used_time(state: ClockState, calendar: Calendar, at: datetime) -> timedelta | None:
    """The working time for which a clock has run until ``at``; None where the calendar does not know."""
    total = timedelta()
    for since, until in state.runs or ():
        part = worked(since, until or at, calendar)
        if part is None:
            return None
        total += part
    return total


def renewed(state: ClockState, at: datetime, calendar: Calendar) -> ClockState:
    """An open clock by another calendar or amount: what was told of a moment that now lies ahead is to be
    told again."""
    found = timed(state, calendar)
    if found.breached_at is not None and (found.due_at is None or found.due_at > min(at, found.breached_at)):
        found = replace(found, breached_at=None)
    if found.warned_at is not None and (found.warn_at is None or found.warn_at > at):
        found = replace(found, warned_at=None)
    return found


def earliest(clock: ClockDeclaration, state: ClockState, calendar: Calendar) -> datetime | None:
    """The moment before which an end asks for a reason; None where the clock does not ask, or it is not
    known."""
    if clock.earliest is None:
        return None
    return due(clock.kind, clock.earliest, state.started_at, calendar).at


def _runs_now(runs: tuple[Run, ...]) -> bool:
    return bool(runs) and runs[-1][1] is None


def _run_on(runs: tuple[Run, ...], at: datetime, *, running: bool) -> tuple[Run, ...]:
    if running == _runs_now(runs):
        return runs
    return (*runs, (at, None)) if running else (*runs[:-1], (runs[-1][0], at))


def _reached(runs: tuple[Run, ...], work: timedelta, calendar: Calendar) -> datetime | None:
    """When so much had been worked in these spans; None where they end before, or it is not known."""
    left = work
    for since, until in runs:
        at = after(left, since, calendar)
        if at is None or until is None or at <= until:
            return at
        left -= worked(since, until, calendar) or timedelta()
    return None


def _ended(
    clock: ClockDeclaration, state: ClockState, seen: Seen, at: datetime, calendar: Calendar
) -> ClockState:
    stopped = not clock.until.isdisjoint(seen.completed) or (seen.ended and ENDED in clock.until)
    bound = replace(state, amount=None, due_at=None) if state.provisional else state
    if not stopped and not seen.skipped:
        outcome = ClockOutcome.CANCELLED
    elif not stopped and (bound.due_at is None or at <= bound.due_at):
        outcome = ClockOutcome.SKIPPED
    elif bound.due_at is not None:
        outcome = ClockOutcome.LATE if at > bound.due_at else ClockOutcome.MET
    elif state.runs is None or bound.amount is None or used_time(state, calendar, at) is None:
        outcome = ClockOutcome.UNSET
    else:
        outcome = ClockOutcome.MET
    return replace(state, ended_at=at, outcome=outcome)
