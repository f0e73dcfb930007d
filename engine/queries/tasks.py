"""Lists of user tasks, and of the steps that they wait at."""

from collections.abc import Callable, Collection
from dataclasses import replace
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Engine,
    Row,
    Select,
    bindparam,
    false,
    func,
    or_,
    select,
    true,
    union_all,
)

from engine import access
from engine.queries.paging import Sort, ordered, window
from engine.queries.shapes import KEPT, Asker, Shape, asker_of, shape_of
from engine.queries.task_filter import asks_for_the_case, narrow_tasks
from engine.store import reading, reading_once
from engine.store.tables import ProcessDefinition, ProcessInstance, UserTask
from engine.types import (
    ANY_TASK,
    SYSTEM,
    WHOLE,
    Actor,
    Page,
    StepView,
    TaskFilter,
    TaskView,
)

_SORT = {
    "created": UserTask.created_at,
    "due": UserTask.due_at,
    "followUp": UserTask.follow_up_at,
    "ended": UserTask.ended_at,
    "priority": UserTask.priority,
    "name": UserTask.name,
    "assignee": UserTask.assignee,
    "id": UserTask.id,
    "instance": UserTask.instance_id,
    "business_key": ProcessInstance.business_key,
    "definition": UserTask.definition_key,
}
_IDS = select(UserTask.id).join(ProcessInstance, ProcessInstance.id == UserTask.instance_id)
URGENCY = (("due", True), ("priority", False), ("created", True))
"""The order of the inbox: what is due first, then what matters more, then what is older."""

TASK = (
    select(
        UserTask.__table__,
        ProcessInstance.definition_id,
        ProcessInstance.business_key,
        ProcessInstance.started_at,
        ProcessInstance.suspended,
        ProcessDefinition.name.label("definition_name"),
    )
    .join(ProcessInstance, ProcessInstance.id == UserTask.instance_id)
    .join(ProcessDefinition, ProcessDefinition.id == ProcessInstance.definition_id)
)


def list_tasks(
    database: Engine, actor: Actor, filter: TaskFilter = ANY_TASK, page: Page = WHOLE
) -> list[TaskView]:
    """The user tasks that ``actor`` may see and ``filter`` lets through; ``URGENCY`` where no sort is given.

    Sort keys: created, due, followUp, ended, priority, name, assignee, id, instance, business_key, definition
    (the process's key). Whoever asks for the beginning of ``URGENCY`` gets all of it: that order is read from
    an index. Raises ``QueryInvalid``.
    """
    part, sort = window(page), page.sort
    if sort == URGENCY[: len(sort)]:
        sort = URGENCY
    (asker, who), (shape, values) = asker_of(actor), shape_of(filter, _GROUPS)
    with reading_once(database) as tx:
        rows = tx.execute(_list(asker, shape, sort), who | values | part)
        return [task_view(row) for row in rows]


def count_tasks(
    database: Engine, actor: Actor, filter: TaskFilter = ANY_TASK, at_most: int | None = None
) -> int:
    """How many user tasks ``list_tasks`` would list without a page; not counted beyond ``at_most``."""
    (asker, who), (shape, values) = asker_of(actor), shape_of(filter, _GROUPS)
    query = _count(asker, shape, bounded=at_most is not None)
    with reading_once(database) as tx:
        found = int(tx.scalar(query, who | values | {"end": at_most}) or 0)
    return found if at_most is None else min(found, at_most)


_FEW = frozenset({"task_id", "instance_id", "instance_ids", "pseudonym"})
"""Fields of a filter that let few tasks through."""

_GROUPS = ("candidate_group", "candidate_groups")
"""Which ranges of the index a list needs depends on them (``access.task_rules``)."""


@lru_cache(KEPT)
def _list(asker: Asker, shape: Shape[TaskFilter], sort: Sort) -> Select[Any]:
    def page(query: Any) -> Any:
        return ordered(query, sort, _SORT, UserTask.id).limit(bindparam("end"))

    actor, filter = asker.actor(), shape.filter()
    if _lets_few_through(shape):  # no range of them is worth a part
        query = _few(TASK, actor, filter)
    else:
        query = TASK.where(UserTask.id.in_(_seen_ids(actor, filter, page)))
    listed: Select[Any] = ordered(query, sort, _SORT, UserTask.id)
    return listed.offset(bindparam("first")).limit(bindparam("size"))


@lru_cache(KEPT)
def _count(asker: Asker, shape: Shape[TaskFilter], *, bounded: bool) -> Select[Any]:
    def part(query: Any) -> Any:
        return query.limit(bindparam("end")) if bounded else query

    actor, filter = asker.actor(), shape.filter()
    if _lets_few_through(shape):
        return select(func.count()).select_from(part(_few(_IDS, actor, filter)).subquery())
    ids = _seen_ids(actor, filter, part).subquery()
    return select(func.count(ids.c.id.distinct()))


def _lets_few_through(shape: Shape[TaskFilter]) -> bool:
    """Whether a filter names tasks or cases."""
    return not _FEW.isdisjoint((*shape.single, *shape.several))


def _few(query: Any, actor: Actor, filter: TaskFilter) -> Any:
    """``query``, where the filter's own index finds few rows, and rights are asked of those.

    Rights stand in an OR with what no row is, also where there is one rule alone: an OR is no range to be
    walked in the order of a list. SQLite would walk all of an agency's tasks for a page of it.
    """
    return narrow_tasks(query.where(or_(*_rules(actor), UserTask.id.is_(None))), filter)


def _seen_ids(actor: Actor, filter: TaskFilter, bounded: Callable[[Any], Any]) -> Any:
    """Ids of the tasks that ``filter`` lets through: a part for each rule of rights, ``bounded`` by itself.

    Each part is read from an index in its order, and ends where the page does: a long queue costs no more
    than a short one.
    """
    groups = (*filter.candidate_groups, *((filter.candidate_group,) if filter.candidate_group else ()))
    rules = _rules(actor, groups or None)
    parts = [bounded(narrow_tasks(_IDS.where(rule), filter)).subquery() for rule in rules]
    return union_all(*(select(part.c.id) for part in parts))


def _rules(actor: Actor, asked: Collection[str] | None = None) -> list[ColumnElement[bool]]:
    """``access.task_rules``; at least one, and all for the system itself."""
    return [true()] if actor is SYSTEM else access.task_rules(actor, asked) or [false()]


def open_steps(database: Engine, actor: Actor, filter: TaskFilter = ANY_TASK) -> list[StepView]:
    """The steps at which open tasks wait for people, by process and name, with how many wait at each."""
    step = (UserTask.agency_id, UserTask.definition_key, UserTask.element_id, UserTask.name)
    query, wanted, rules = select(*step, func.count()), replace(filter, ended=False), _rules(actor)
    if len(rules) == 1 and not asks_for_the_case(filter):  # a manager's: nothing to join, nothing twice
        query = narrow_tasks(query.where(rules[0]), wanted)
    else:
        query = query.where(UserTask.id.in_(_seen_ids(actor, wanted, lambda part: part)))
    with reading(database) as tx:
        found = [StepView(*row) for row in tx.execute(query.group_by(*step))]
    return sorted(found, key=lambda view: (view.agency_id, view.definition_key, view.name, view.element_id))


def task_view(row: Row[Any]) -> TaskView:
    """The view of a row of ``TASK``."""
    values = {name: getattr(row, name) for name in TaskView.__dataclass_fields__}
    return TaskView(**values | {"groups": tuple(row.groups), "users": tuple(row.users)})
