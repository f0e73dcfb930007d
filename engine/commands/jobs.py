"""Running a job, in one transaction: what it does to the case, and the end of its row.

Whatever goes wrong rolls all of that back; then ``note_failure`` writes, in a transaction of its own, that it
was tried: a later due time and a retry less, or at last an incident. Running a job twice does nothing the
second time: its row, or the token that it stands for, is gone.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, select, update

from engine import catalog
from engine.commands import history
from engine.commands.events import deliver
from engine.commands.incidents import open_incident
from engine.commands.job_rows import SET_BY_HAND, next_try, retry_plan
from engine.commands.ringing import ring
from engine.commands.start_timers import fire_start_timer
from engine.commands.work import move, open_work
from engine.errors import InstanceClosed, InstanceSuspended, TitianError
from engine.store import writing
from engine.store.tables import Job, ProcessInstance
from engine.types import SYSTEM, HistoryKind

MAX_ERROR = 4000
"""Characters of an error that are kept."""

_AFTER_INSTANCE = frozenset({"timer", "async", "deadline"})


def run_job(database: Engine, job_id: str, now: datetime) -> bool:
    """Run one job that is due at ``now``. False where there is nothing to do: gone, suspended, not due,
    without retries.

    Raises what the process raises; then nothing was done, and the caller tells ``note_failure``.
    """
    try:
        with writing(database) as tx:
            job = find_job(tx, job_id)
            if job is None or job.suspended or job.retries < 1 or job.due_at > now:
                return False
            return perform(tx, job)
    except InstanceSuspended:  # since the job was read
        return False


def find_job(tx: Connection, job_id: str) -> Row[Any] | None:
    """The row of a job; locked where it stands for no token.

    Where it does, or for a clock, the instance is locked next, and its commands lock it before their jobs:
    the other way round two commands could wait in a ring.
    """
    query = select(Job.__table__).where(Job.id == job_id)
    kind = tx.scalars(select(Job.kind).where(Job.id == job_id)).one_or_none()
    locked = query if kind in _AFTER_INSTANCE else query.with_for_update()
    return tx.execute(locked).one_or_none()


def perform(tx: Connection, job: Row[Any]) -> bool:
    """Do what a job says, and end it. False where it had nothing to do any more."""
    return _PERFORM[job.kind](tx, job)


def _continue(tx: Connection, job: Row[Any]) -> bool:
    """Fire a timer or resume an asynchronous token. The state is the truth: a row whose token waits no more
    goes, or it would be due for ever."""
    try:
        work = open_work(tx, SYSTEM, job.instance_id)
    except InstanceClosed:
        work = None
    waiting = work.before.get(job.id) if work is not None else None
    if work is None or waiting is None or (waiting.kind, waiting.element_id) != (job.kind, job.element_id):
        tx.execute(delete(Job).where(Job.id == job.id))
        return False
    if waiting.kind == "timer":
        element, key = work.deployed.element(waiting.process_key, waiting.element_id), waiting.process_key
        history.add(work, HistoryKind.TIMER_FIRED, element=element, process_key=key, token_id=job.id)
    move(work, job.id, {})
    return True


_PERFORM: dict[str, Callable[[Connection, Row[Any]], bool]] = {
    "timer": _continue,
    "async": _continue,
    "start_timer": fire_start_timer,
    "message": deliver,
    "signal": deliver,
    "deadline": ring,
}
"""What to do, by the kind of job."""


def note_failure(database: Engine, job_id: str, tried: datetime, error: Exception, now: datetime) -> None:
    """Keep that a job which was due at ``tried`` has failed: it is tried again later, or an incident opens.

    Nothing happens where it is gone, or where another has noted the same failure.
    """
    with writing(database) as tx:
        job = tx.execute(select(Job.__table__).where(Job.id == job_id).with_for_update()).one_or_none()
        if job is not None and job.due_at == tried:
            _note(tx, job, said(error), now)


def said(error: Exception) -> str:
    """What may be kept of an error: our own words, of anything else its type (the rest may hold values)."""
    return (str(error) if isinstance(error, TitianError) else type(error).__name__)[:MAX_ERROR]


def _note(tx: Connection, job: Row[Any], message: str, now: datetime) -> None:
    plan = retry_plan(_retry_cycle(tx, job, definition_of(tx, job)))
    untouched = job.error is None and SET_BY_HAND not in job.details
    left = plan[0] if untouched else job.retries - 1
    if left < 1:
        give_up(tx, job, message)
        return
    again: dict[str, Any] = {"retries": left, "error": message, "due_at": next_try(plan, left, now)}
    tx.execute(update(Job).where(Job.id == job.id).values(**again))


def give_up(tx: Connection, job: Row[Any], message: str) -> None:
    """Try a job no more: an incident waits for a person. ``message``: its last error, empty without one."""
    tx.execute(update(Job).where(Job.id == job.id).values(retries=0, error=message or None))
    open_incident(
        tx,
        "failedJob",
        agency_id=job.agency_id,
        subject_id=job.id,
        message=message,
        instance_id=job.instance_id,
        definition_id=definition_of(tx, job),
        process_key=job.process_key,
        element_id=job.element_id,
    )


def definition_of(tx: Connection, job: Row[Any]) -> str | None:
    """The version of the process that a job belongs to."""
    if job.definition_id is not None or job.instance_id is None:
        return str(job.definition_id) if job.definition_id else None
    of_instance = select(ProcessInstance.definition_id).where(ProcessInstance.id == job.instance_id)
    return tx.scalars(of_instance).one_or_none()


def _retry_cycle(tx: Connection, job: Row[Any], definition_id: str | None) -> str | None:
    if definition_id is None:
        return None
    try:
        deployed = catalog.load_process(tx, definition_id)
    except TitianError:  # a version that cannot be read any more is what has failed
        return None
    process = deployed.processes.get(job.process_key)
    element = process.elements.get(job.element_id) if process is not None else None
    return element.attributes.get("failedJobRetryTimeCycle") if element is not None else None
