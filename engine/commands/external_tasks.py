"""What a worker reports of an external task that it holds: done, failed, or a BPMN error.

Completing and BPMN errors move the instance, as a person's step does; a failure leaves it where it is, until
no retries are left: then an incident waits for a person.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Row, update

from engine import clock
from engine.commands import history
from engine.commands.case_keys import sealed_words
from engine.commands.external_rows import held, keepable, note, workable
from engine.commands.failed_steps import stepping
from engine.commands.incidents import open_incident, resolve_incidents
from engine.commands.job_rows import MAX_RETRIES
from engine.commands.unit import Work
from engine.commands.variables import accept
from engine.commands.work import open_work, save_work
from engine.errors import ExternalTaskNotFound, InstanceClosed, QueryInvalid
from engine.interpreter import scope_ids
from engine.queries.worker_errors import ERROR
from engine.store import writing
from engine.store.tables import ExternalTask
from engine.types import Actor, HistoryKind

MAX_MESSAGE = 4000
"""Characters of an error message that are kept; Camunda keeps 666."""

MAX_DETAILS = 100_000
LONGEST_TIMEOUT = timedelta(days=366)
MAX_PRIORITY = 2**31 - 1


def complete_external_task(
    database: Engine,
    actor: Actor,
    task_id: str,
    worker_id: str,
    variables: Mapping[str, Any],
    local_variables: Mapping[str, Any] | None = None,
) -> None:
    """The work is done: set variables, and move the case to where it waits next.

    ``local_variables`` belong to the task's own item of a multi-instance; elsewhere they end with the task.
    Raises ``ExternalTaskNotFound`` (also where a boundary event has cancelled it), ``ActionForbidden``,
    ``ExternalTaskNotHeld``, ``VariableInvalid`` and what the process raises; then nothing changed.
    """
    with stepping(database, task_id) as tx:
        work = _open(tx, actor, task_id, worker_id)
        accepted = _accepted(work, variables)
        local = _accepted(work, local_variables or {})
        _note_report(work, task_id, HistoryKind.EXTERNAL_TASK_COMPLETED, worker_id, accepted)
        own_scope = scope_ids(work.workflow.save(), work.deployed.executable, task_id)[0] if local else "p:"
        if not own_scope.startswith("p:"):
            work.host.scopes[own_scope].update(local)
        with clock.in_zone(work.zone.key):
            work.workflow.complete(task_id, accepted)
        save_work(work)


def report_bpmn_error(
    database: Engine,
    actor: Actor,
    task_id: str,
    worker_id: str,
    code: str,
    message: str | None = None,
    variables: Mapping[str, Any] | None = None,
) -> None:
    """The work has ended as the diagram foresees (BPMN 10.5.6): the nearest event that catches ``code`` goes
    on.

    Where none does, the task stays without retries and with an incident, and the variables are not set
    (Camunda ends the execution there, and the case with it). Raises as ``complete_external_task``.
    """
    if not 0 < len(code) <= 255:
        raise QueryInvalid(reason="'errorCode' has 1 to 255 characters")
    with stepping(database, task_id) as tx:
        work = _open(tx, actor, task_id, worker_id)
        accepted = _accepted(work, variables or {})
        _note_report(work, task_id, HistoryKind.EXTERNAL_TASK_ERROR, worker_id, accepted, code=code)
        with clock.in_zone(work.zone.key):
            caught = work.workflow.raise_error(task_id, code, accepted, message)
        if caught:
            save_work(work)
            return
        history.write(work)
        nobody = f"BPMN error '{code}' is caught by no event of the diagram"
        said = _sealed(tx, work.instance.id, f"{nobody}: {message}" if message else nobody, MAX_MESSAGE)
        _fail(tx, actor, held(tx, task_id, worker_id), said, None, 0, timedelta())


def fail_external_task(
    database: Engine,
    actor: Actor,
    task_id: str,
    worker_id: str,
    message: str | None = None,
    details: str | None = None,
    retries: int = 0,
    retry_timeout: timedelta = timedelta(),
) -> None:
    """The work has failed. With ``retries`` left it is free again after ``retry_timeout``, else an incident
    (``failedExternalTask``) is opened.

    Both texts are sealed with the key of the case; neither may say what is in a sealed variable, since
    managers read them. Raises ``ExternalTaskNotFound``,
    ``ActionForbidden``, ``ExternalTaskNotHeld``, ``QueryInvalid``.
    """
    _check_retries(retries)
    if not timedelta() <= retry_timeout <= LONGEST_TIMEOUT:
        raise QueryInvalid(reason=f"'retryTimeout' is from 0 ms to {LONGEST_TIMEOUT.days} days")
    with writing(database) as tx:
        instance_id = workable(tx, actor, task_id).instance_id
        said = _sealed(tx, instance_id, message, MAX_MESSAGE), _sealed(tx, instance_id, details, MAX_DETAILS)
        _fail(tx, actor, held(tx, task_id, worker_id), *said, retries, retry_timeout)


def _sealed(tx: Connection, instance_id: str, text: str | None, most: int) -> str | None:
    """What a worker says of a failure. Locks the instance, which comes before its tasks (``held``)."""
    return sealed_words(tx, instance_id, ERROR, text[:most]) if text else text


def set_external_task_retries(database: Engine, actor: Actor, task_ids: Sequence[str], retries: int) -> None:
    """Let workers try tasks again (more than 0: their incidents are resolved), or no more (0): all or none.

    Only the agency's ``manajer`` may. Raises ``ExternalTaskNotFound``, ``ActionForbidden``, ``QueryInvalid``.
    """
    _check_retries(retries)
    with writing(database) as tx:
        for task_id in sorted(set(task_ids)):  # one order: no two callers wait in a ring
            task = keepable(tx, actor, task_id)
            tx.execute(update(ExternalTask).where(ExternalTask.id == task_id).values(retries=retries))
            if retries:
                resolve_incidents(tx, actor, [task_id])
            else:
                _open_incident(tx, task, task.error_message)


def set_external_task_priority(database: Engine, actor: Actor, task_id: str, priority: int) -> None:
    """Let workers that ask for priorities take a task earlier or later. Raises as for retries."""
    if abs(priority) > MAX_PRIORITY:
        raise QueryInvalid(reason="'priority' is a whole number of 32 bits")
    with writing(database) as tx:
        keepable(tx, actor, task_id)
        tx.execute(update(ExternalTask).where(ExternalTask.id == task_id).values(priority=priority))


def _open(tx: Connection, actor: Actor, task_id: str, worker_id: str) -> Work:
    """The instance of a task that the worker holds; its token is the truth, not the row seen before."""
    task = workable(tx, actor, task_id)
    try:
        work = open_work(tx, actor, task.instance_id)
    except InstanceClosed as closed:
        raise ExternalTaskNotFound(id=task_id) from closed
    held(tx, task_id, worker_id)
    if task_id not in work.before:
        raise ExternalTaskNotFound(id=task_id)
    return work


def _accepted(work: Work, variables: Mapping[str, Any]) -> dict[str, Any]:
    return accept(work.tx, work.instance.agency_id, None, variables, {}, work.zone)


def _note_report(
    work: Work, task_id: str, kind: HistoryKind, worker_id: str, accepted: Mapping[str, Any], **details: Any
) -> None:
    waiting = work.before[task_id]
    element = work.deployed.element(waiting.process_key, waiting.element_id)
    details |= {"worker": worker_id, "variables": sorted(accepted)}
    history.add(work, kind, element=element, process_key=waiting.process_key, token_id=task_id, **details)


def _fail(
    tx: Connection,
    actor: Actor,
    task: Row[Any],
    message: str | None,
    details: str | None,
    retries: int,
    retry_timeout: timedelta,
) -> None:
    values = {
        "error_message": message,
        "error_details": details,
        "retries": retries,
        "lock_expires_at": clock.now() + retry_timeout,
    }
    tx.execute(update(ExternalTask).where(ExternalTask.id == task.id).values(**values))
    kind = HistoryKind.EXTERNAL_TASK_FAILED
    note(tx, actor, task, kind, worker=task.worker_id, retries=retries)
    if retries == 0:
        _open_incident(tx, task, message)


def _open_incident(tx: Connection, task: Row[Any], message: str | None) -> None:
    open_incident(
        tx,
        "failedExternalTask",
        agency_id=task.agency_id,
        subject_id=task.id,
        message=message or "",
        instance_id=task.instance_id,
        definition_id=task.definition_id,
        process_key=task.process_key,
        element_id=task.element_id,
    )


def _check_retries(retries: int) -> None:
    if not 0 <= retries <= MAX_RETRIES:
        raise QueryInvalid(reason="'retries' is a whole number from 0 on")
