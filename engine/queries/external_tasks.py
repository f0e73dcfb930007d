"""Lists of external tasks, one, its error, and the names of topics that wait for workers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, and_, func, or_, select

from engine import access, clock
from engine.errors import ExternalTaskNotFound
from engine.queries.paging import paged, where
from engine.queries.worker_errors import opened_error
from engine.store import reading
from engine.store.tables import ExternalTask, ProcessInstance
from engine.types import WHOLE, Actor, Page


@dataclass(frozen=True)
class ExternalTaskFilter:
    """What narrows a list of external tasks; what is None or empty does not narrow.

    ``locked``: a worker holds it now. ``with_retries``: a worker may fetch it (again).
    """

    task_id: str | None = None
    task_ids: tuple[str, ...] = ()
    topic: str | None = None
    worker_id: str | None = None
    locked: bool | None = None
    with_retries: bool | None = None
    lock_before: datetime | None = None
    lock_after: datetime | None = None
    element_id: str | None = None
    element_ids: tuple[str, ...] = ()
    instance_id: str | None = None
    instance_ids: tuple[str, ...] = ()
    definition_id: str | None = None
    agency_ids: tuple[str, ...] = ()
    suspended: bool | None = None
    priority_from: int | None = None
    priority_to: int | None = None


ANY_EXTERNAL_TASK = ExternalTaskFilter()


@dataclass(frozen=True)
class ExternalTaskView:
    """An external task without variables. ``retries`` is None until a worker has reported a failure."""

    id: str
    agency_id: str
    instance_id: str
    definition_id: str
    definition_key: str
    process_key: str
    element_id: str
    topic: str
    priority: int
    created_at: datetime
    worker_id: str | None
    lock_expires_at: datetime | None
    retries: int | None
    error_message: str | None
    suspended: bool
    business_key: str

    @classmethod
    def of(cls, tx: Connection, row: Row[Any]) -> "ExternalTaskView":
        """The view of a row of ``read_external_tasks``."""
        values = {name: getattr(row, name) for name in cls.__dataclass_fields__}
        return cls(**values | {"error_message": opened_error(tx, row.key_id, row.error_message)})


_SORT = {
    "id": ExternalTask.id,
    "created": ExternalTask.created_at,
    "lock": ExternalTask.lock_expires_at,
    "priority": ExternalTask.priority,
    "instance": ExternalTask.instance_id,
    "definition_id": ExternalTask.definition_id,
    "definition": ExternalTask.definition_key,
    "agency": ExternalTask.agency_id,
}
_VIEW = select(ExternalTask.__table__, ProcessInstance.business_key, ProcessInstance.key_id).join(
    ProcessInstance, ProcessInstance.id == ExternalTask.instance_id
)


def list_external_tasks(
    database: Engine, actor: Actor, filter: ExternalTaskFilter = ANY_EXTERNAL_TASK, page: Page = WHOLE
) -> list[ExternalTaskView]:
    """The external tasks that ``actor`` may see and ``filter`` lets through, by default the oldest first.

    Sort keys: id, created, lock, priority, instance, definition_id, definition, agency. Raises
    ``QueryInvalid``.
    """
    page = page if page.sort else Page(page.first, page.size, (("created", True),))
    query = paged(_narrow(_VIEW, actor, filter), page, _SORT, ExternalTask.id)
    with reading(database) as tx:
        return [ExternalTaskView.of(tx, row) for row in tx.execute(query)]


def count_external_tasks(
    database: Engine, actor: Actor, filter: ExternalTaskFilter = ANY_EXTERNAL_TASK
) -> int:
    """How many ``list_external_tasks`` would list without a page."""
    with reading(database) as tx:
        query = _narrow(select(func.count()).select_from(ExternalTask), actor, filter)
        return int(tx.execute(query).scalar_one())


def get_external_task(database: Engine, actor: Actor, task_id: str) -> ExternalTaskView:
    """One external task. Raises ``ExternalTaskNotFound``, also for one that is done."""
    found = list_external_tasks(database, actor, ExternalTaskFilter(task_id=task_id))
    if not found:
        raise ExternalTaskNotFound(id=task_id)
    return found[0]


def external_task_error(database: Engine, actor: Actor, task_id: str) -> str | None:
    """The details of its last error, as its worker wrote them. Raises ``ExternalTaskNotFound``."""
    query = _VIEW.where(ExternalTask.id == task_id, access.visible_external_tasks(actor))
    with reading(database) as tx:
        found = tx.execute(query).one_or_none()
        if found is None:
            raise ExternalTaskNotFound(id=task_id)
        return opened_error(tx, found.key_id, found.error_details)


def topic_names(database: Engine, actor: Actor, filter: ExternalTaskFilter = ANY_EXTERNAL_TASK) -> list[str]:
    """Names of the topics of the external tasks that ``filter`` lets through, in order."""
    query = _narrow(select(ExternalTask.topic).distinct(), actor, filter).order_by(ExternalTask.topic)
    with reading(database) as tx:
        return list(tx.scalars(query))


def read_external_tasks(tx: Connection, task_ids: Sequence[str]) -> dict[str, Row[Any]]:
    """Rows with ``business_key`` and ``key_id`` by id; the caller has decided that they may be seen."""
    return {row.id: row for row in tx.execute(_VIEW.where(ExternalTask.id.in_(task_ids)))}


def _narrow(query: Any, actor: Actor, f: ExternalTaskFilter) -> Any:
    return where(
        query.where(access.visible_external_tasks(actor)),
        [
            (ExternalTask.id.__eq__, f.task_id),
            (ExternalTask.id.in_, f.task_ids),
            (ExternalTask.topic.__eq__, f.topic),
            (ExternalTask.worker_id.__eq__, f.worker_id),
            (_is_locked, f.locked),
            (_has_retries, f.with_retries),
            (ExternalTask.lock_expires_at.__lt__, f.lock_before),
            (ExternalTask.lock_expires_at.__gt__, f.lock_after),
            (ExternalTask.element_id.__eq__, f.element_id),
            (ExternalTask.element_id.in_, f.element_ids),
            (ExternalTask.instance_id.__eq__, f.instance_id),
            (ExternalTask.instance_id.in_, f.instance_ids),
            (ExternalTask.definition_id.__eq__, f.definition_id),
            (ExternalTask.agency_id.in_, f.agency_ids),
            (ExternalTask.suspended.is_, f.suspended),
            (ExternalTask.priority.__ge__, f.priority_from),
            (ExternalTask.priority.__le__, f.priority_to),
        ],
    )


def _is_locked(yes: bool) -> ColumnElement[bool]:
    now = clock.now()
    if yes:
        return and_(ExternalTask.worker_id.is_not(None), ExternalTask.lock_expires_at > now)
    return or_(ExternalTask.lock_expires_at.is_(None), ExternalTask.lock_expires_at <= now)


def _has_retries(yes: bool) -> ColumnElement[bool]:
    if not yes:
        return ExternalTask.retries == 0
    return or_(ExternalTask.retries.is_(None), ExternalTask.retries > 0)
