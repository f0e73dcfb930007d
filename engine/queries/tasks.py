"""Lists of user tasks, one user task, and what its form needs."""

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, false, func, select, true, union_all

from engine import access, catalog
from engine.access import Action
from engine.catalog import DeployedProcess
from engine.definitions.forms import Form
from engine.definitions.model import Element
from engine.errors import TaskNotFound
from engine.queries.members import form_options, people
from engine.queries.paging import paged
from engine.queries.task_filter import asks_for_the_case, narrow_tasks
from engine.queries.variables import visible_variables
from engine.store import reading
from engine.store.tables import ProcessDefinition, ProcessInstance, UserTask
from engine.types import (
    ANY_TASK,
    SYSTEM,
    WHOLE,
    Actor,
    Page,
    Person,
    StepView,
    TaskFilter,
    TaskView,
    VariableView,
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
}
_IDS = select(UserTask.id).join(ProcessInstance, ProcessInstance.id == UserTask.instance_id)
URGENCY = (("due", True), ("priority", False), ("created", True))
"""The order of the inbox: what is due first, then what matters more, then what is older."""

_VIEW = (
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

    Sort keys: created, due, followUp, ended, priority, name, assignee, id, instance, business_key. Raises
    ``QueryInvalid``.
    """
    page = page if page.sort else Page(page.first, page.size, URGENCY)
    ids = _seen_ids(
        actor, filter, lambda query: paged(query, Page(0, _end(page), page.sort), _SORT, UserTask.id)
    )
    query = paged(_VIEW.where(UserTask.id.in_(ids)), page, _SORT, UserTask.id)
    with reading(database) as tx:
        return [_view(row) for row in tx.execute(query)]


def _end(page: Page) -> int | None:
    return None if page.size is None else page.first + page.size


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


def count_tasks(
    database: Engine, actor: Actor, filter: TaskFilter = ANY_TASK, at_most: int | None = None
) -> int:
    """How many user tasks ``list_tasks`` would list without a page; not counted beyond ``at_most``."""
    ids = _seen_ids(actor, filter, lambda query: query.limit(at_most)).subquery()
    with reading(database) as tx:
        found = int(tx.scalar(select(func.count(ids.c.id.distinct()))) or 0)
    return found if at_most is None else min(found, at_most)


def get_task(database: Engine, actor: Actor, task_id: str) -> TaskView:
    """One user task, open or ended. Raises ``TaskNotFound``."""
    with reading(database) as tx:
        return _seen(tx, actor, task_id)


def read_task(tx: Connection, task_id: str) -> TaskView:
    """One user task inside a transaction whose caller has decided that it may be seen."""
    return _view(tx.execute(_VIEW.where(UserTask.id == task_id)).one())


def may_complete(actor: Actor, task: TaskView) -> bool:
    """Whether ``actor`` may work on this task (its groups, its users, or its assignee)."""
    people = [*task.users, *([task.assignee] if task.assignee else [])]
    return task.ended_at is None and access.may(
        actor, Action.COMPLETE, task.agency_id, groups=task.groups, users=people
    )


def task_candidates(database: Engine, actor: Actor, task_id: str) -> list[Person]:
    """Whom a task can be given to: its candidate users and the active members of its groups, by name.

    Raises ``TaskNotFound``, and ``ActionForbidden`` for anybody but the agency's ``manajer``.
    """
    with reading(database) as tx:
        task = _seen(tx, actor, task_id)
        access.require(actor, Action.ASSIGN, task.agency_id)
        return people(tx, task.agency_id, task.groups, task.users)


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


def task_form(database: Engine, actor: Actor, task_id: str) -> dict[str, Any] | None:
    """The form-js schema of a user task, None without a form. Raises ``TaskNotFound``."""
    with reading(database) as tx:
        _, _, form = _place(tx, actor, task_id)
        return form.schema if form else None


def task_variables(database: Engine, actor: Actor, task_id: str) -> list[VariableView]:
    """The variables that an open user task sees, innermost scope first.

    Raises ``TaskNotFound``, ``TaskClosed``.
    """
    with reading(database) as tx:
        task = _seen(tx, actor, task_id)
        return visible_variables(tx, task.instance_id, task_id)


def form_data(database: Engine, actor: Actor, task_id: str) -> dict[str, Any]:
    """What a task's form is filled with: earlier answers to the same fields, values that its conditions and
    texts name, and the options that the server supplies (``anggota_<group>``). Raises ``TaskNotFound``,
    ``TaskClosed``.

    A field marked ``isian_baru`` starts empty in every round. A task without a form gets all variables.
    """
    with reading(database) as tx:
        task, _, form = _place(tx, actor, task_id)
        values = {v.name: v.value for v in reversed(visible_variables(tx, task.instance_id, task_id))}
        if form is None:
            return values
        kept = {k: v for k, v in values.items() if k not in form.fresh}
        return kept | form_options(tx, task.agency_id, form)


def task_element(database: Engine, actor: Actor, task_id: str) -> Element:
    """The element of the diagram that a task stands at (its ``properties`` name the SOP's step)."""
    with reading(database) as tx:
        _, element, _ = _place(tx, actor, task_id)
        return element


def _place(tx: Connection, actor: Actor, task_id: str) -> tuple[TaskView, Element, Form | None]:
    task = _seen(tx, actor, task_id)
    deployed: DeployedProcess = catalog.load_process(tx, task.definition_id)
    element = deployed.element(task.process_key, task.element_id)
    return task, element, catalog.form_of(tx, deployed, element)


def _seen(tx: Connection, actor: Actor, task_id: str) -> TaskView:
    row = tx.execute(_VIEW.where(UserTask.id == task_id, access.visible_tasks(actor))).one_or_none()
    if row is None:
        raise TaskNotFound(id=task_id)
    return _view(row)


def _view(row: Row[Any]) -> TaskView:
    values = {name: getattr(row, name) for name in TaskView.__dataclass_fields__}
    return TaskView(**values | {"groups": tuple(row.groups), "users": tuple(row.users)})
