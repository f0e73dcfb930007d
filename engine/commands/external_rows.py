"""Rows of external tasks: how they begin, who may touch them, and who holds them."""

from typing import Any

from sqlalchemy import Connection, Row, select

from engine import access, clock
from engine.access import Action
from engine.commands import history
from engine.commands.candidates import machine_priority
from engine.commands.sealing import require_unsealed
from engine.commands.unit import Work
from engine.errors import ExternalTaskNotFound, ExternalTaskNotHeld, InstanceSuspended
from engine.interpreter import Waiting
from engine.store.documents import Event
from engine.store.tables import ExternalTask
from engine.types import Actor, HistoryKind

MAX_WORKER_ID = 255


def external_task_row(work: Work, waiting: Waiting) -> dict[str, Any]:
    """The row of a token that has begun to wait for a worker.

    Raises ``ExecutionFailed`` where the topic would show what is confidential.
    """
    element = work.deployed.element(waiting.process_key, waiting.element_id)
    require_unsealed(work, element.id, element.topic, "the topic")
    return {
        "id": waiting.token_id,
        "agency_id": work.instance.agency_id,
        "instance_id": work.instance.id,
        "definition_id": work.instance.definition_id,
        "definition_key": work.instance.definition_key,
        "process_key": waiting.process_key,
        "element_id": waiting.element_id,
        "topic": (waiting.name or "")[:255],
        "priority": machine_priority(work, waiting, "taskPriority"),
        "created_at": work.at,
        "worker_id": None,
        "lock_expires_at": None,
        "retries": None,
        "error_message": None,
        "error_details": None,
        "suspended": work.instance.suspended,
    }


def visible(tx: Connection, actor: Actor, task_id: str) -> Row[Any]:
    """An external task that the actor may see. Raises ``ExternalTaskNotFound``."""
    query = select(ExternalTask.__table__).where(
        ExternalTask.id == task_id, access.visible_external_tasks(actor)
    )
    task = tx.execute(query).one_or_none()
    if task is None:
        raise ExternalTaskNotFound(id=task_id)
    return task


def workable(tx: Connection, actor: Actor, task_id: str) -> Row[Any]:
    """One that the actor may work on, now.

    Raises ``ExternalTaskNotFound``, ``ActionForbidden``, ``InstanceSuspended``.
    """
    task = visible(tx, actor, task_id)
    access.require(actor, Action.WORK_TOPIC, task.agency_id, groups=[task.topic])
    if task.suspended:
        raise InstanceSuspended(id=task.instance_id)
    return task


def keepable(tx: Connection, actor: Actor, task_id: str) -> Row[Any]:
    """One that the actor may change from outside. Raises ``ExternalTaskNotFound``, ``ActionForbidden``."""
    task = visible(tx, actor, task_id)
    access.require(actor, Action.KEEP_EXTERNAL_TASKS, task.agency_id)
    return task


def held(tx: Connection, task_id: str, worker_id: str) -> Row[Any]:
    """The row, locked against others until the transaction ends, of a task whose last lock is the worker's.

    A lock that has expired still counts as long as nobody else has taken the task, as in Camunda: the work
    has been done. Where an instance is locked too, it comes first, or two commands could wait in a ring.
    Raises ``ExternalTaskNotFound``, ``ExternalTaskNotHeld``.
    """
    query = select(ExternalTask.__table__).where(ExternalTask.id == task_id).with_for_update()
    task = tx.execute(query).one_or_none()
    if task is None:
        raise ExternalTaskNotFound(id=task_id)
    if task.worker_id != worker_id:
        raise ExternalTaskNotHeld(id=task_id, worker=worker_id)
    return task


def note(tx: Connection, actor: Actor, task: Row[Any], kind: HistoryKind, **details: Any) -> None:
    """Add a history event about an external task whose instance does not move."""
    called = None if task.process_key == task.definition_key else task.process_key
    event = Event(kind.value, task.element_id, task.id, None, called, details)
    place = task.instance_id, task.agency_id, task.definition_id
    history.write_events(tx, actor, *place, clock.now(), [event])
