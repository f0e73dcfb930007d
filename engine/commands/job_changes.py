"""What a manager does with a job: try it again, at another time, or at once and see what comes of it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, select, update

from engine import access, clock
from engine.access import Action
from engine.commands import history
from engine.commands.incidents import resolve_incidents
from engine.commands.job_rows import MAX_RETRIES, SET_BY_HAND
from engine.commands.jobs import find_job, give_up, note_failure, perform
from engine.errors import (
    ExecutionFailed,
    InputInvalid,
    InstanceSuspended,
    JobNotFound,
    QueryInvalid,
)
from engine.store import writing
from engine.store.documents import Event
from engine.store.queue import announce
from engine.store.tables import Job, ProcessInstance
from engine.types import Actor, HistoryKind


def retry_job(database: Engine, actor: Actor, job_id: str) -> None:
    """Let a job be tried once more, now; its incident is resolved until it fails again.

    Raises ``JobNotFound`` (also for what the actor may not see), ``ActionForbidden``.
    """
    with writing(database) as tx:
        job = _changeable(tx, actor, job_id)
        _set_retries(tx, actor, job, 1, clock.now())


def set_job_retries(database: Engine, actor: Actor, job_ids: Iterable[str], retries: int) -> None:
    """Let jobs be tried again so often (their incidents are resolved), or no more (0): all or none.

    Their due time stays: one that was given up is due at once. Raises ``JobNotFound``, ``ActionForbidden``,
    ``QueryInvalid``.
    """
    if not 0 <= retries <= MAX_RETRIES:
        raise QueryInvalid(reason=f"'retries' is from 0 to {MAX_RETRIES}")
    with writing(database) as tx:
        for job_id in sorted(set(job_ids)):  # one order: no two callers wait in a ring
            job = _changeable(tx, actor, job_id)
            if retries:
                _set_retries(tx, actor, job, retries, job.due_at)
            else:
                give_up(tx, job, job.error or "")
                _keep(tx, actor, job, retries=0)


def set_job_due(database: Engine, actor: Actor, job_id: str, due_at: datetime | None) -> None:
    """Let a job be done at another time (None: now). Later rounds of a cycle keep theirs.

    Raises ``JobNotFound``, ``ActionForbidden``.
    """
    with writing(database) as tx:
        job, due_at = _changeable(tx, actor, job_id), due_at or clock.now()
        tx.execute(update(Job).where(Job.id == job_id).values(due_at=due_at))
        _keep(tx, actor, job, due=due_at.isoformat())
        announce(tx, [])


def execute_job(database: Engine, actor: Actor, job_id: str) -> None:
    """Do a job now, whenever it is due and however often it has failed.

    Raises ``JobNotFound``, ``ActionForbidden``, ``InstanceSuspended``, and what the process raises; that
    failure counts as any other.
    """
    with writing(database) as tx:
        found = _changeable(tx, actor, job_id)
        _keep(tx, actor, found, due=clock.now().isoformat())
    try:
        with writing(database) as tx:
            job = find_job(tx, job_id)
            if job is None:
                raise JobNotFound(id=job_id)
            if job.suspended:
                raise InstanceSuspended(id=job.instance_id)
            perform(tx, job)
    except (ExecutionFailed, InputInvalid) as error:
        note_failure(database, job_id, found.due_at, error, clock.now())
        raise


def _set_retries(tx: Connection, actor: Actor, job: Row[Any], retries: int, due_at: datetime) -> None:
    details = job.details | {SET_BY_HAND: retries}
    tx.execute(update(Job).where(Job.id == job.id).values(retries=retries, due_at=due_at, details=details))
    resolve_incidents(tx, actor, [job.id])
    _keep(tx, actor, job, retries=retries)
    announce(tx, [])  # a sweep finds it within a second; the bell is quicker


def _changeable(tx: Connection, actor: Actor, job_id: str) -> Row[Any]:
    query = select(Job.__table__).where(Job.id == job_id, access.visible_jobs(actor))
    job = tx.execute(query).one_or_none()
    if job is None:
        raise JobNotFound(id=job_id)
    access.require(actor, Action.CHANGE_JOB, job.agency_id)
    return job


def _keep(tx: Connection, actor: Actor, job: Row[Any], **details: Any) -> None:
    """Keep in the case's history who has changed a job, and how. One that starts a process has no case."""
    instance = tx.execute(
        select(ProcessInstance.definition_id, ProcessInstance.definition_key).where(
            ProcessInstance.id == job.instance_id
        )
    ).one_or_none()
    if instance is None:
        return
    other = job.process_key if job.process_key != instance.definition_key else None
    event = Event(HistoryKind.JOB_CHANGED.value, job.element_id, job.id, None, other, details)
    history.write_events(
        tx, actor, job.instance_id, job.agency_id, instance.definition_id, clock.now(), [event]
    )
