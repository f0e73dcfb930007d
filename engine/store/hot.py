"""The hot statements (Core): what every step of every case executes, made once.

A statement that is built anew for every call costs more than running it. These are constants with bound
parameters and fixed columns, so that SQLAlchemy finds each one compiled.
"""

from typing import Any

from sqlalchemy import Delete, Select, bindparam, delete, exists, func, insert, select, update

from engine.store.tables import (
    AccessEntry,
    CatalogMark,
    ExternalTask,
    HistoryEntry,
    Incident,
    Job,
    ProcessInstance,
    Subscription,
    TaskCandidate,
    UserTask,
    table_of,
)

_INSTANCE, _TASK = table_of(ProcessInstance), table_of(UserTask)

MARK = select(CatalogMark.version)
"""What the memory of every server is compared with (``engine.catalog``)."""

INSTANCE_COLUMNS = (
    "id",
    "agency_id",
    "definition_id",
    "definition_key",
    "business_key",
    "revision",
    "started_at",
    "started_by",
    "suspended",
    "ended_at",
    "state",
    "variables",
    "sealed",
    "secrets",
    "key_id",
)
TASK_COLUMNS = (
    "id",
    "agency_id",
    "process_key",
    "element_id",
    "name",
    "form_key",
    "assignee",
    "groups",
    "users",
    "ended_at",
)
"""In both: what a step needs, in the order in which the rows below have it."""

_troubles = table_of(Incident)
_OF_INSTANCE = [
    *(_INSTANCE.c[name] for name in INSTANCE_COLUMNS),
    MARK.scalar_subquery().label("mark"),
    exists()
    .where(_troubles.c.instance_id == _INSTANCE.c.id, _troubles.c.resolved_at.is_(None))
    .label("troubled"),
]
_OF_TASK = [_TASK.c[name].label(f"task_{name}") for name in TASK_COLUMNS]

INSTANCE: Select[Any] = (
    select(*_OF_INSTANCE)
    .where(_INSTANCE.c.id == bindparam("instance_id"))
    .with_for_update(key_share=True, of=_INSTANCE)
)
"""An instance to be moved on, locked. The row lock (PostgreSQL; SQLite has one writer anyway) lets the second
of two commands see what the first has done, instead of failing for nothing. It is the weak kind: rows that
point to the instance may be inserted meanwhile, or a claim and a completion could each wait for the other."""

TASK_WITH_INSTANCE: Select[Any] = (
    select(*_OF_INSTANCE, *_OF_TASK)
    .join_from(_TASK, _INSTANCE, _INSTANCE.c.id == _TASK.c.instance_id)
    .where(_TASK.c.id == bindparam("task_id"))
    .with_for_update(key_share=True, of=_INSTANCE)
)
"""A user task with its instance, which is locked. The task is as it was before the wait for the lock."""

_NEXT_DUE = (
    select(func.min(_TASK.c.due_at))
    .where(_TASK.c.instance_id == bindparam("instance_id"), _TASK.c.ended_at.is_(None))
    .scalar_subquery()
)
MOVE_INSTANCE = (
    update(_INSTANCE)
    .where(_INSTANCE.c.id == bindparam("instance_id"), _INSTANCE.c.revision == bindparam("read_revision"))
    .values(
        {
            name: bindparam(name)
            for name in (
                *("state", "variables", "secrets", "key_id", "sealed"),
                *("revision", "ended_at", "outcome", "end_element_id"),
            )
        }
        | {"due_at": _NEXT_DUE}
    )
)
"""The guarded update: it finds no row where another command has moved the instance meanwhile."""

END_TASK = (
    update(_TASK)
    .where(_TASK.c.id == bindparam("task_id"))
    .values(
        {
            name: bindparam(name)
            for name in ("ended_at", "ended_by", "outcome", "submitted", "submitted_secrets")
        }
    )
)
ADD_INSTANCE = insert(_INSTANCE)
ADD_TASKS = insert(_TASK)
ADD_CANDIDATES = insert(table_of(TaskCandidate))
ADD_JOBS = insert(table_of(Job))
ADD_SUBSCRIPTIONS = insert(table_of(Subscription))
ADD_EXTERNAL_TASKS = insert(table_of(ExternalTask))
ADD_HISTORY = insert(table_of(HistoryEntry))
ADD_ACCESS = insert(table_of(AccessEntry))


def _remove(model: Any) -> Delete:
    table = table_of(model)
    return delete(table).where(table.c.id == bindparam("token_id"))


REMOVE_JOB = _remove(Job)
REMOVE_SUBSCRIPTION = _remove(Subscription)
REMOVE_EXTERNAL_TASK = _remove(ExternalTask)
