"""The clocks of a case in one step of it: started, paused, moved, stopped, in the step's own transaction.

A process for which the profile declares no clock costs nothing here; any other one reading a step, and a
statement more where something changes. What a clock does to tasks, timers and jobs that were there before is
``engine.commands.aligning``'s.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from uuid_utils import uuid7

from engine import catalog
from engine.commands import history
from engine.commands.aligning import Case, align_cases, align_tasks, put_jobs
from engine.commands.clock_moves import seen_by_hand
from engine.commands.unit import CaseClocks, Work
from engine.deadlines.declarations import RECEIVED, Amount, ClockDeclaration
from engine.deadlines.running import ClockOutcome, ClockState, Seen, advance
from engine.interpreter import MAIN_SCOPE, Waiting
from engine.queries.calendars import calendar_of
from engine.queries.clocks import (
    TaskPlace,
    columns_of,
    declared_clocks,
    governing,
    state_of,
)
from engine.store import hot
from engine.types import HistoryKind


def move_clocks(work: Work) -> CaseClocks | None:
    """Move the clocks of a case on by what the step has done; None where none is open or may begin.

    Notes in the history what became of a deadline; writes nothing yet.
    """
    instance = work.instance
    declared = declared_clocks(work.tx, instance.agency_id, instance.definition_key)
    wanted = work.clocked or work.stood is not None or any(clock.start != RECEIVED for clock in declared)
    if not declared or not wanted:
        return None
    ids, before = _read(work)
    declared = declared_clocks(work.tx, instance.agency_id, instance.definition_key)  # as it is by now
    clocks = CaseClocks(declared, ids, before)
    seen, variables = _seen(work), work.host.scopes.get(MAIN_SCOPE, {})
    for clock in declared:
        known, told = before.get(clock.id), seen
        if work.stood is not None:
            told = seen_by_hand(work.deployed.process, clock, seen, work.stood, work.workflow.standing())
        state = _advanced(work, clock, known, told, clock.amount_for(variables))
        if state is not None:
            clocks.after[clock.id] = _noted(work, known, state, told)
    _count(work, clocks)
    return clocks


def catch_up(work: Work, mark: int) -> None:
    """Move clocks that began while the step waited for its lock, with a profile that it did not know.

    Comes after the case was written, whose statement tells the ``mark``: a step that had clocks knows it.
    """
    if work.clocks is None and catalog.renew_mark(work.tx, mark):
        work.clocked = True
        work.clocks = clocks = move_clocks(work)
        if clocks is not None:
            write_clocks(work, clocks)
            align_cases(work.tx, [case_of(work)], {work.instance.id: clocks.after})


def relocate_clocks(work: Work) -> None:
    """Let the clocks of a case that was put back into another version run where its tokens stand now."""
    work.after, work.relocated = work.before, True
    clocks = move_clocks(work)
    if clocks is not None:
        write_clocks(work, clocks)
        align_cases(work.tx, [case_of(work)], {work.instance.id: clocks.after})


def case_of(work: Work) -> Case:
    """The case as far as its clocks need it."""
    instance = work.instance
    return Case(instance.id, instance.agency_id, work.deployed.id, instance.definition_key)


def _read(work: Work) -> tuple[dict[str, str], dict[str, ClockState]]:
    if work.beginning is not None:
        return {}, {}
    rows = work.tx.execute(hot.CLOCKS, {"instance_id": work.instance.id}).all()
    catalog.renew_mark(work.tx, rows[0].mark)
    rows = [row for row in rows if row.id is not None]
    return {row.clock_id: row.id for row in rows}, {row.clock_id: state_of(row) for row in rows}


def _advanced(
    work: Work, clock: ClockDeclaration, known: ClockState | None, seen: Seen, amount: Amount | None
) -> ClockState | None:
    if known is not None and known.ended_at is not None and not seen.returned:
        return known
    calendar = calendar_of(work.tx, work.instance.agency_id)
    return advance(clock, known, seen, amount, work.at, calendar)


def _seen(work: Work) -> Seen:
    """What the step did, as clocks see it: of called processes they know nothing."""
    own, elements = work.deployed.key, work.deployed.process.elements
    steps = [step for step in work.workflow.trace if step.process_key == own]
    waiting = [w for w in work.after.values() if w.process_key == own and not w.boundary]
    still = frozenset(w.element_id for w in waiting)
    return Seen(
        entered=frozenset(step.element_id for step in steps if step.kind == "entered"),
        completed=frozenset(
            step.element_id
            for step in steps  # of several items at once, the last one completes the step
            if step.kind == "completed" and not (elements[step.element_id].loop and step.element_id in still)
        ),
        open=still,
        received=work.beginning is not None,
        ended=work.workflow.completed,
    )


def _noted(work: Work, before: ClockState | None, state: ClockState, seen: Seen) -> ClockState:
    """Tell in the history that a deadline was moved by what somebody answered, or missed unnoticed, and what
    a clock did because tokens were moved by hand."""
    if seen.skipped and state.ended_at == work.at:
        history.add(work, HistoryKind.CLOCK_STOPPED, clock=state.clock_id)
    if (before is None and seen.begun) or (seen.returned and before is not None and before.ended_at):
        history.add(work, HistoryKind.CLOCK_STARTED, clock=state.clock_id, due=history.told(state.due_at))
    if state.ended_at == work.at and state.outcome is ClockOutcome.LATE and state.breached_at is None:
        history.add(work, HistoryKind.DEADLINE_BREACHED, clock=state.clock_id, due=history.told(state.due_at))
        return replace(state, breached_at=work.at)
    if before is not None and before.amount not in (None, state.amount) and before.due_at != state.due_at:
        moment: dict[str, Any] = {"from": history.told(before.due_at), "to": history.told(state.due_at)}
        why = "proposal" if before.provisional else "variable"
        history.add(work, HistoryKind.DEADLINE_MOVED, clock=state.clock_id, why=why, **moment)
    return state


def _count(work: Work, clocks: CaseClocks) -> None:
    after = _places(work.after)
    clocks.counts = governing(work.deployed, clocks.declared, clocks.after, after)
    older = [place.id for place in after if place.id in work.before]
    timers = any(w.kind == "timer" and w.token_id in work.before for w in work.after.values())
    if work.relocated or _timing(clocks.before) != _timing(clocks.after):
        clocks.moved = bool(older or timers)
    elif older and len(older) < len(
        work.before
    ):  # which of several counts may have changed with what is open
        then = governing(work.deployed, clocks.declared, clocks.before, _places(work.before))
        clocks.moved = any(then.get(task) != clocks.counts.get(task) for task in older)


def _places(waiting: Mapping[str, Waiting]) -> list[TaskPlace]:
    return [
        TaskPlace(w.token_id, w.process_key, w.element_id) for w in waiting.values() if w.kind == "user_task"
    ]


def _timing(states: Mapping[str, ClockState]) -> dict[str, tuple[datetime | None, datetime | None]]:
    """What tasks and timers have of the clocks that are open."""
    return {key: (s.due_at, s.warn_at) for key, s in states.items() if s.ended_at is None}


def write_clocks(work: Work, clocks: CaseClocks) -> None:
    """Write what has changed of the clocks, with their jobs, and of the tasks and timers that were there."""
    tx, instance = work.tx, work.instance
    new = {key: state for key, state in clocks.after.items() if key not in clocks.before}
    clocks.ids |= {key: str(uuid7()) for key in new}
    if new:
        place = {"instance_id": instance.id, "agency_id": instance.agency_id}
        rows = [columns_of(state) | place | {"id": clocks.ids[key]} for key, state in new.items()]
        tx.execute(hot.ADD_CLOCKS, rows)
    update_clocks(tx, clocks.ids, clocks.before, clocks.after)
    clocks.silent = put_jobs(tx, instance.agency_id, instance.id, clocks.ids, clocks.before, clocks.after)
    if clocks.moved and work.beginning is None and not work.relocated:
        align_tasks(tx, [case_of(work)], {instance.id: clocks.after}, {instance.id: clocks.before})


def update_clocks(
    tx: Connection,
    ids: Mapping[str, str],
    before: Mapping[str, ClockState],
    after: Mapping[str, ClockState],
) -> None:
    """Write the clocks of a case that stand otherwise than before. ``ids``: of their rows, by clock."""
    if changed := changed_rows(ids, before, after):
        tx.execute(hot.MOVE_CLOCK, changed)


def changed_rows(
    ids: Mapping[str, str], before: Mapping[str, ClockState], after: Mapping[str, ClockState]
) -> list[dict[str, Any]]:
    """The parameters of ``hot.MOVE_CLOCK`` for the clocks of a case that stand otherwise than before."""
    return [
        {name: values[name] for name in hot.CLOCK_COLUMNS} | {"row_id": ids[key]}
        for key, state in after.items()
        if key in before and before[key] != state and (values := columns_of(state))
    ]
