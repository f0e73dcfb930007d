"""Lists of jobs, one, and its error: for the managers of its agency."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, and_, func, or_, select

from engine import access, clock
from engine.errors import JobNotFound
from engine.queries.paging import paged, where
from engine.store import reading
from engine.store.tables import Job, ProcessDefinition, ProcessInstance
from engine.types import WHOLE, Actor, Page


@dataclass(frozen=True)
class JobFilter:
    """What narrows a list of jobs; what is None or empty does not narrow.

    ``kinds``: as in ``engine.store.tables.Job``. ``with_retries``: it is (not) given up. ``failed``: it has
    an error. ``executable``: due, and neither given up nor suspended.
    """

    job_id: str | None = None
    job_ids: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    agency_ids: tuple[str, ...] = ()
    instance_id: str | None = None
    instance_ids: tuple[str, ...] = ()
    definition_id: str | None = None
    definition_key: str | None = None
    element_id: str | None = None
    with_retries: bool | None = None
    failed: bool | None = None
    executable: bool | None = None
    suspended: bool | None = None
    due_before: datetime | None = None
    due_after: datetime | None = None
    priority_from: int | None = None
    priority_to: int | None = None


ANY_JOB = JobFilter()


@dataclass(frozen=True)
class JobView:
    """A job without what it carries. ``instance_id`` and ``business_key`` are None for a timer that starts a
    process."""

    id: str
    kind: str
    agency_id: str
    instance_id: str | None
    business_key: str | None
    definition_id: str
    definition_key: str
    definition_name: str
    process_key: str | None
    element_id: str | None
    due_at: datetime
    priority: int
    retries: int
    error: str | None
    suspended: bool


_DEFINITION_ID = func.coalesce(Job.definition_id, ProcessInstance.definition_id)
_SORT = {
    "id": Job.id,
    "instance": Job.instance_id,
    "definition_id": _DEFINITION_ID,
    "definition": ProcessDefinition.key,
    "priority": Job.priority,
    "retries": Job.retries,
    "due": Job.due_at,
    "agency": Job.agency_id,
}
_OWN = ("id", "kind", "agency_id", "instance_id", "process_key", "element_id", "due_at", "priority")
_OWN_TOO = ("retries", "error", "suspended")


def _from(query: Any) -> Any:
    return (
        query.select_from(Job)
        .outerjoin(ProcessInstance, ProcessInstance.id == Job.instance_id)
        .join(ProcessDefinition, ProcessDefinition.id == _DEFINITION_ID)
    )


_VIEW = _from(
    select(
        *(getattr(Job, name) for name in (*_OWN, *_OWN_TOO)),
        ProcessInstance.business_key,
        ProcessDefinition.id.label("definition_id"),
        ProcessDefinition.key.label("definition_key"),
        ProcessDefinition.name.label("definition_name"),
    )
)


def list_jobs(
    database: Engine, actor: Actor, filter: JobFilter = ANY_JOB, page: Page = WHOLE
) -> list[JobView]:
    """The jobs that ``actor`` may see and ``filter`` lets through, by default the earliest first.

    Sort keys: id, instance, definition_id, definition, priority, retries, due, agency. Raises
    ``QueryInvalid``.
    """
    with reading(database) as tx:
        return read_jobs(tx, actor, filter, page)


def read_jobs(tx: Connection, actor: Actor, filter: JobFilter, page: Page = WHOLE) -> list[JobView]:
    """The same inside a transaction."""
    page = page if page.sort else Page(page.first, page.size, (("due", True),))
    query = paged(_narrow(_VIEW, actor, filter), page, _SORT, Job.id)
    return [JobView(**row._asdict()) for row in tx.execute(query)]


def count_jobs(database: Engine, actor: Actor, filter: JobFilter = ANY_JOB) -> int:
    """How many ``list_jobs`` would list without a page."""
    with reading(database) as tx:
        return int(tx.execute(_narrow(_from(select(func.count())), actor, filter)).scalar_one())


def get_job(database: Engine, actor: Actor, job_id: str) -> JobView:
    """One job. Raises ``JobNotFound``, also for one that is done."""
    found = list_jobs(database, actor, JobFilter(job_id=job_id))
    if not found:
        raise JobNotFound(id=job_id)
    return found[0]


def _narrow(query: Any, actor: Actor, f: JobFilter) -> Any:
    return where(
        query.where(access.visible_jobs(actor)),
        [
            (Job.id.__eq__, f.job_id),
            (Job.id.in_, f.job_ids),
            (Job.kind.in_, f.kinds),
            (Job.agency_id.in_, f.agency_ids),
            (Job.instance_id.__eq__, f.instance_id),
            (Job.instance_id.in_, f.instance_ids),
            (_DEFINITION_ID.__eq__, f.definition_id),
            (ProcessDefinition.key.__eq__, f.definition_key),
            (Job.element_id.__eq__, f.element_id),
            (lambda yes: Job.retries > 0 if yes else Job.retries < 1, f.with_retries),
            (lambda yes: Job.error.is_not(None) if yes else Job.error.is_(None), f.failed),
            (_is_executable, f.executable),
            (Job.suspended.__eq__, f.suspended),
            (Job.due_at.__lt__, f.due_before),
            (Job.due_at.__gt__, f.due_after),
            (Job.priority.__ge__, f.priority_from),
            (Job.priority.__le__, f.priority_to),
        ],
    )


def _is_executable(yes: bool) -> ColumnElement[bool]:
    if yes:
        return and_(Job.retries > 0, Job.suspended.is_(False), Job.due_at <= clock.now())
    return or_(Job.retries < 1, Job.suspended.is_(True), Job.due_at > clock.now())
