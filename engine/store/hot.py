"""The hot statements (Core): what every step of every case executes, made once.

A statement that is built anew for every call costs more than running it. These are constants with bound
parameters and fixed columns, so that SQLAlchemy finds each one compiled.
"""

from typing import Any

from sqlalchemy import (
    Delete,
    Select,
    bindparam,
    delete,
    exists,
    func,
    insert,
    select,
    union_all,
    update,
)

from engine.store.columns import Moment
from engine.store.tables import (
    AccessEntry,
    CaseClock,
    CatalogMark,
    Draft,
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

_INSTANCE, _TASK, _CLOCK = table_of(ProcessInstance), table_of(UserTask), table_of(CaseClock)

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
    "owner",
    "delegation_state",
)
"""In both: what a step needs, in the order in which the rows below have it."""

CLOCK_COLUMNS = (
    *("kind", "amount", "provisional", "runs", "due_at", "warn_at"),
    *("warned_at", "breached_at", "ended_at", "outcome"),
)
"""What a step may change of a clock."""

_troubles = table_of(Incident)
_OF_INSTANCE = [
    *(_INSTANCE.c[name] for name in INSTANCE_COLUMNS),
    MARK.scalar_subquery().label("mark"),
    exists()
    .where(_troubles.c.instance_id == _INSTANCE.c.id, _troubles.c.resolved_at.is_(None))
    .label("troubled"),
    exists().where(_CLOCK.c.instance_id == _INSTANCE.c.id, _CLOCK.c.ended_at.is_(None)).label("clocked"),
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

_NOW = select(MARK.scalar_subquery().label("mark")).subquery("now")
CLOCKS: Select[Any] = select(_CLOCK, _NOW.c.mark).select_from(
    _NOW.outerjoin(_CLOCK, _CLOCK.c.instance_id == bindparam("instance_id"))
)
"""The clocks of an instance (one row without an id where it has none), and the mark once more; asked for only
while one of them is open, or may begin. ``INSTANCE`` may have waited for its lock, and has read the mark
before: here nobody changes any more by what the clocks of this case are measured."""

_DUE_OF_TASKS = select(_TASK.c.due_at).where(
    _TASK.c.instance_id == bindparam("instance_id"), _TASK.c.ended_at.is_(None)
)
_DUES = union_all(_DUE_OF_TASKS, select(bindparam("clock_due", type_=Moment()))).subquery()
_NEXT_DUE = select(func.min(_DUES.c.due_at)).scalar_subquery()
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
    .returning(MARK.scalar_subquery().label("mark"))
)
"""The guarded update: it finds no row where another command has moved the instance meanwhile; else it tells
the mark, as ``CLOCKS`` does."""

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
_DRAFT = table_of(Draft)
REMOVE_DRAFTS = delete(_DRAFT).where(
    _DRAFT.c.task_id == bindparam("task_id"), _DRAFT.c.user_id == bindparam("user_id")
)
"""What somebody has typed at a task and has now sent. Comes after the task's own row was ended: who saves a
draft holds that row (``engine.commands.drafts``), so none comes back."""

ADD_CLOCKS = insert(_CLOCK)
MOVE_CLOCK = (
    update(_CLOCK)
    .where(_CLOCK.c.id == bindparam("row_id"))
    .values({name: bindparam(name) for name in CLOCK_COLUMNS})
)
ADD_INSTANCE = insert(_INSTANCE)
ADD_TASKS = insert(_TASK)
ADD_CANDIDATES = insert(table_of(TaskCandidate))
ADD_JOBS = insert(table_of(Job))
ADD_SUBSCRIPTIONS = insert(table_of(Subscription))
ADD_EXTERNAL_TASKS = insert(table_of(ExternalTask))
_HISTORY = table_of(HistoryEntry)
ADD_HISTORY = insert(_HISTORY)
ADD_HISTORY_OF_MANY = insert(_HISTORY).returning(_HISTORY.c.seq, _HISTORY.c.instance_id)
"""A row each of many instances, told with the numbers that they got: in no order."""

ADD_ACCESS = insert(table_of(AccessEntry))


def _remove(model: Any) -> Delete:
    table = table_of(model)
    return delete(table).where(table.c.id == bindparam("token_id"))


REMOVE_JOB = _remove(Job)
REMOVE_SUBSCRIPTION = _remove(Subscription)
REMOVE_EXTERNAL_TASK = _remove(ExternalTask)
