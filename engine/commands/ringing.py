"""A clock of a case rings: three quarters of it are over, or all of it. Who works on the case is told, and of
a breach the managers too, and the group that the profile names (issue 6, section 1)."""

from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, select, update

from engine import clock
from engine.commands import history
from engine.commands.aligning import Case, put_jobs
from engine.commands.clocks import update_clocks
from engine.commands.incidents import resolve_incidents
from engine.commands.notifying import notify
from engine.deadlines.declarations import ClockDeclaration
from engine.deadlines.running import ClockState
from engine.queries.clocks import declared_clocks, state_of
from engine.queries.members import people
from engine.store.documents import Event
from engine.store.tables import CaseClock, Job, ProcessInstance, UserTask
from engine.types import MANAGER, SYSTEM, HistoryKind
from engine.types.notifications import NotificationKind

_CASE: Final = (
    ProcessInstance.id,
    ProcessInstance.agency_id,
    ProcessInstance.definition_id,
    ProcessInstance.definition_key,
)


def ring(tx: Connection, job: Row[Any]) -> bool:
    """Tell what a clock has to tell now, and let its job wait for the next. False where there is nothing: it
    has ended or was moved, or another has told it.

    ``job``: of the kind ``deadline``; the case is locked before anything is read, as its steps do.
    """
    query = select(*_CASE).where(ProcessInstance.id == job.instance_id)
    case = Case(*tx.execute(query.with_for_update(key_share=True)).one())
    row = tx.execute(select(CaseClock.__table__).where(CaseClock.id == job.id)).one_or_none()
    now = clock.now()
    resolve_incidents(tx, SYSTEM, [job.id])
    state = state_of(row) if row is not None else None
    if state is None or state.rings_at is None:
        tx.execute(delete(Job).where(Job.id == job.id))
        return False
    told = _told(state, now)
    if told != state:
        declared = declared_clocks(tx, case.agency_id, case.definition_key)
        declaration = next((each for each in declared if each.id == state.clock_id), None)
        _tell(tx, case, told, declaration, now)
        ids, key = {state.clock_id: job.id}, state.clock_id
        update_clocks(tx, ids, {key: state}, {key: told})
        put_jobs(tx, case.agency_id, case.id, ids, {key: state}, {key: told})
    else:  # put forward by hand: it rings at its own time
        tx.execute(update(Job).where(Job.id == job.id).values(due_at=state.rings_at))
    return told != state


def _told(state: ClockState, now: datetime) -> ClockState:
    """The clock after what is to be told now: a breach, which makes a warning needless, or that."""
    if state.due_at is not None and state.due_at <= now:
        return replace(state, breached_at=now)
    if state.warned_at is None and state.warn_at is not None and state.warn_at <= now:
        return replace(state, warned_at=now)
    return state


def _tell(
    tx: Connection, case: Case, state: ClockState, declaration: ClockDeclaration | None, now: datetime
) -> None:
    breached = state.breached_at is not None
    provisional = {"provisional": True} if state.provisional else {}
    tasks = _tasks(tx, case, state.clock_id)
    who = {person for task in tasks for person in _workers(tx, case.agency_id, task)}
    escalation = declaration.escalation if breached and declaration else ""
    if breached:
        groups = [MANAGER, *([escalation] if escalation else [])]
        who |= {person.id for person in people(tx, case.agency_id, groups, ())}
        details = {"clock": state.clock_id, "due": history.told(state.due_at), **provisional}
        event = Event(HistoryKind.DEADLINE_BREACHED.value, details=details)
        history.write_events(tx, SYSTEM, case.id, case.agency_id, case.definition_id, now, [event])
    notify(
        tx,
        NotificationKind.DEADLINE_BREACH if breached else NotificationKind.DEADLINE_WARNING,
        case.agency_id,
        who,
        instance_id=case.id,
        task_id=tasks[0].id if len(tasks) == 1 else None,
        about={
            "clock_id": state.clock_id,
            "clock": declaration.name if declaration else state.clock_id,
            "due_at": history.told(state.due_at) or "",
            **provisional,
        },
        group=escalation or None,
    )


def _tasks(tx: Connection, case: Case, clock_id: str) -> list[Row[Any]]:
    """The open tasks for which the clock counts; all that are open where another one is more urgent."""
    columns = (UserTask.id, UserTask.assignee, UserTask.groups, UserTask.users, UserTask.clock_id)
    query = select(*columns).where(UserTask.instance_id == case.id, UserTask.ended_at.is_(None))
    found = list(tx.execute(query.order_by(UserTask.created_at, UserTask.id)))
    return [task for task in found if task.clock_id == clock_id] or found


def _workers(tx: Connection, agency_id: str, task: Row[Any]) -> list[str]:
    """Who has a task; while nobody does, who may take it."""
    if task.assignee:
        return [task.assignee]
    return [person.id for person in people(tx, agency_id, task.groups, task.users)]
