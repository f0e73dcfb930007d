"""Locks on external tasks: a worker fetches what is free, keeps it longer, or gives it back.

No instance moves here, so none is locked: any number of workers fetch side by side (PostgreSQL's ``SKIP
LOCKED``; SQLite has one writer), and two never get the same task.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, and_, or_, select, update

from engine import access, catalog, clock
from engine.access import Action
from engine.commands.external_rows import MAX_WORKER_ID, held, visible, workable
from engine.errors import ExternalTaskNotHeld, QueryInvalid
from engine.queries.external_tasks import ExternalTaskView, read_external_tasks
from engine.queries.variables import visible_variables
from engine.queries.worker_errors import opened_error
from engine.record import record_each
from engine.store import reading, writing
from engine.store.tables import ExternalTask, ProcessInstance
from engine.types import Access, Actor, RecordAction, VariableView

MAX_TASKS = 1000
"""The most that one call fetches."""

LONGEST_LOCK = timedelta(days=366)


@dataclass(frozen=True)
class Topic:
    """What a worker fetches of one topic; what is None or empty does not narrow.

    ``variables``: names of those it wants, None for all; ``local_only``: only those of the task's own item of
    a multi-instance.
    """

    name: str
    lock_duration: timedelta
    variables: tuple[str, ...] | None = None
    local_only: bool = False
    business_key: str | None = None
    definition_ids: tuple[str, ...] = ()
    definition_keys: tuple[str, ...] = ()
    agency_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class LockedTask:
    """A task that a worker now holds, with what it asked for. ``properties``: ``camunda:property`` pairs."""

    task: ExternalTaskView
    error_details: str | None
    variables: tuple[VariableView, ...]
    properties: dict[str, str]


def fetch_and_lock(
    database: Engine,
    actor: Actor,
    worker_id: str,
    max_tasks: int,
    topics: Sequence[Topic],
    *,
    use_priority: bool = False,
) -> list[LockedTask]:
    """Lock at most ``max_tasks`` free tasks of the topics for a worker; returns them with their variables.

    Free: not locked (any more), with retries left, not suspended, of agencies and topics that the actor works
    on. Older ones first, those of a higher priority before them with ``use_priority``. A sealed variable
    comes with its value only where it is asked for by name. Raises ``QueryInvalid``.
    """
    _check(worker_id, max_tasks, topics)
    free = free_tasks(actor, topics, clock.now())
    with reading(database) as tx:  # most calls find nothing, and SQLite's one writer is not for them
        if tx.execute(free.limit(1)).first() is None:
            return []
    with writing(database) as tx:
        now = clock.now()
        query = free_tasks(actor, topics, now, use_priority=use_priority).limit(max_tasks)
        query = query.with_for_update(of=ExternalTask, skip_locked=True)
        found = {topic.name: topic for topic in topics}
        rows = [(row.id, found[row.topic]) for row in tx.execute(query)]
        for topic in topics:
            ids = [task_id for task_id, of in rows if of is topic]
            if ids:
                _lock(tx, ids, worker_id, now + topic.lock_duration)
        tasks = read_external_tasks(tx, [task_id for task_id, _ in rows])
        handed = [_handed_out(tx, tasks[task_id], topic) for task_id, topic in rows]
        record_each(tx, actor, [_told(each) for each in handed])
        return handed


def _told(locked: LockedTask) -> Access:
    """For the access log: whose data a worker got, and which."""
    names = ", ".join(sorted({variable.name for variable in locked.variables}))
    task, action = locked.task, RecordAction.READ_VARIABLES
    return Access(action, task.agency_id, task.instance_id, f"external_task:{task.id} {names}")


def lock_external_task(
    database: Engine, actor: Actor, task_id: str, worker_id: str, duration: timedelta
) -> None:
    """Lock one task that is free or the worker's own. Raises ``ExternalTaskNotFound``, ``ActionForbidden``,
    ``ExternalTaskNotHeld`` (another worker has it) and ``QueryInvalid``."""
    _check_worker(worker_id)
    _check_duration(duration)
    with writing(database) as tx:
        workable(tx, actor, task_id)
        now = clock.now()
        guarded = update(ExternalTask).where(
            ExternalTask.id == task_id, or_(ExternalTask.worker_id == worker_id, _unlocked(now))
        )
        values = {"worker_id": worker_id, "lock_expires_at": now + duration}
        if tx.execute(guarded.values(**values)).rowcount != 1:
            raise ExternalTaskNotHeld(id=task_id, worker=worker_id)


def extend_lock(database: Engine, actor: Actor, task_id: str, worker_id: str, duration: timedelta) -> None:
    """Let the worker keep its task for ``duration`` from now on. Raises as ``lock_external_task``."""
    _check_duration(duration)
    with writing(database) as tx:
        workable(tx, actor, task_id)
        held(tx, task_id, worker_id)
        _lock(tx, [task_id], worker_id, clock.now() + duration)


def unlock_external_task(database: Engine, actor: Actor, task_id: str) -> None:
    """Give a task back at once, whoever holds it: by who works on its topic, or the agency's ``manajer``.

    Raises ``ExternalTaskNotFound``.
    """
    with writing(database) as tx:
        task = visible(tx, actor, task_id)
        if not access.may(actor, Action.KEEP_EXTERNAL_TASKS, task.agency_id):
            access.require(actor, Action.WORK_TOPIC, task.agency_id, groups=[task.topic])
        _lock(tx, [task_id], None, None)


def _lock(tx: Connection, ids: Sequence[str], worker_id: str | None, until: datetime | None) -> None:
    values = {"worker_id": worker_id, "lock_expires_at": until}
    tx.execute(update(ExternalTask).where(ExternalTask.id.in_(ids)).values(**values))


def _unlocked(now: datetime) -> ColumnElement[bool]:
    return or_(ExternalTask.lock_expires_at.is_(None), ExternalTask.lock_expires_at <= now)


def free_tasks(actor: Actor, topics: Sequence[Topic], now: datetime, *, use_priority: bool = False) -> Any:
    """A query for the id and topic of the tasks that can be fetched at ``now``, in the order in which they
    are: of one topic, in the order of its index, so that a backlog is not sorted at every call."""
    by_age = (ExternalTask.created_at, ExternalTask.id)
    return (
        select(ExternalTask.id, ExternalTask.topic)
        .join(ProcessInstance, ProcessInstance.id == ExternalTask.instance_id)
        .where(
            access.workable_external_tasks(actor),
            ExternalTask.suspended.is_(False),
            or_(ExternalTask.retries.is_(None), ExternalTask.retries > 0),
            _unlocked(now),
            or_(*map(_of, topics)),
        )
        .order_by(*((ExternalTask.priority.desc(),) if use_priority else ()), *by_age)
    )


def _of(topic: Topic) -> ColumnElement[bool]:
    rules: list[ColumnElement[bool]] = [ExternalTask.topic == topic.name]
    if topic.business_key is not None:
        rules.append(ProcessInstance.business_key == topic.business_key)
    for column, values in (
        (ExternalTask.definition_id, topic.definition_ids),
        (ExternalTask.definition_key, topic.definition_keys),
        (ExternalTask.agency_id, topic.agency_ids),
    ):
        if values:
            rules.append(column.in_(values))
    return and_(*rules)


def _handed_out(tx: Connection, task: Row[Any], topic: Topic) -> LockedTask:
    """What the worker gets to see: the case's children are behind these variables."""
    opened = topic.variables is not None
    seen = visible_variables(tx, task.instance_id, task.id, opened=opened)
    if topic.local_only:
        seen = [variable for variable in seen if not variable.scope.startswith("p:")]
    given = [variable for variable in seen if topic.variables is None or variable.name in topic.variables]
    element = catalog.load_process(tx, task.definition_id).element(task.process_key, task.element_id)
    view = ExternalTaskView.of(tx, task)
    details = opened_error(tx, task.key_id, task.error_details)
    return LockedTask(view, details, tuple(given), dict(element.properties))


def _check(worker_id: str, max_tasks: int, topics: Sequence[Topic]) -> None:
    _check_worker(worker_id)
    if not 0 < max_tasks <= MAX_TASKS:
        raise QueryInvalid(reason=f"'maxTasks' is a whole number from 1 to {MAX_TASKS}")
    if not topics or len({topic.name for topic in topics}) != len(topics):
        raise QueryInvalid(reason="'topics' names at least one topic, and each of them once")
    for topic in topics:
        _check_duration(topic.lock_duration)


def _check_worker(worker_id: str) -> None:
    if not 0 < len(worker_id) <= MAX_WORKER_ID or not worker_id.isprintable():
        raise QueryInvalid(reason=f"'workerId' has 1 to {MAX_WORKER_ID} printable characters")


def _check_duration(duration: timedelta) -> None:
    if not timedelta() < duration <= LONGEST_LOCK:
        raise QueryInvalid(reason=f"a lock lasts for more than 0 ms and at most {LONGEST_LOCK.days} days")
