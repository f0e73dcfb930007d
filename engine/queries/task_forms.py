"""One user task, and its form as whoever opens it gets it: few statements, since people wait for them."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, bindparam

from engine import access, catalog
from engine.access import Action
from engine.catalog import DeployedProcess
from engine.definitions.forms import Form
from engine.definitions.model import Element
from engine.errors import TaskNotFound
from engine.queries.four_eyes import doers
from engine.queries.members import form_options, people
from engine.queries.tasks import TASK, task_view
from engine.queries.variables import DOCUMENTS, seen_by_token
from engine.store import Database, hot, reading, reading_once
from engine.store.tables import UserTask
from engine.types import Actor, Person, TaskView, VariableView

_ONE = TASK.where(UserTask.id == bindparam("task_id"))
_WITH_STATE = _ONE.add_columns(*DOCUMENTS, hot.MARK.scalar_subquery().label("mark"))


@dataclass(frozen=True)
class TaskForm:
    """The form of an open user task, ready to be filled in. ``workable``: by the actor who opened it.

    ``schema``: form-js', None where the task has no form. ``data``: earlier answers to the same fields,
    values that its conditions and texts name, and the options that the server supplies
    (``anggota_<group>``); without a form all variables. ``sealed``: names in ``data`` of what came from
    fields marked ``rahasia``: None there unless it is ``workable``.
    """

    task: TaskView
    workable: bool
    schema: dict[str, Any] | None
    data: dict[str, Any]
    sealed: frozenset[str]


def get_task(database: Database, actor: Actor, task_id: str) -> TaskView:
    """One user task, open or ended. Raises ``TaskNotFound``."""
    with reading_once(database) as tx:
        return task_view(_seen(tx, actor, task_id))


def read_task(tx: Connection, task_id: str) -> TaskView:
    """One user task inside a transaction whose caller has decided that it may be seen."""
    return task_view(tx.execute(_ONE, {"task_id": task_id}).one())


def may_complete(actor: Actor, task: TaskView) -> bool:
    """Whether ``actor`` may work on this task (its groups, or its users). That it needs other
    hands than those that drafted is another question: ``drafted_step``."""
    people = access.named_users(task.groups, task.users, task.assignee)
    return task.ended_at is None and access.may(
        actor, Action.COMPLETE, task.agency_id, groups=task.groups, users=people
    )


def task_candidates(database: Database, actor: Actor, task_id: str) -> list[Person]:
    """Whom a task can be given to: its candidate users and the active members of its groups, by name; without
    those who have drafted what it signs.

    Raises ``TaskNotFound``, and ``ActionForbidden`` for anybody but the agency's ``manajer`` and who has it.
    """
    with reading(database) as tx:
        task = _seen(tx, actor, task_id)
        if task.assignee != actor.user_id:
            access.require(actor, Action.ASSIGN, task.agency_id)
        deployed = catalog.load_process(tx, task.definition_id)
        element = deployed.element(task.process_key, task.element_id)
        done = doers(tx, task.instance_id, deployed, task.process_key, element)
        found = people(tx, task.agency_id, task.groups, task.users)
        return [person for person in found if person.id not in done]


def task_form(database: Database, actor: Actor, task_id: str) -> dict[str, Any] | None:
    """The form-js schema of a user task, None without a form. Raises ``TaskNotFound``."""
    with reading(database) as tx:
        _, form = _place(tx, _seen(tx, actor, task_id))
        return form.schema if form else None


def task_element(database: Database, actor: Actor, task_id: str) -> Element:
    """The element of the diagram that a task stands at (its ``properties`` name the SOP's step)."""
    with reading(database) as tx:
        row = _seen(tx, actor, task_id)
        return catalog.load_process(tx, row.definition_id).element(row.process_key, row.element_id)


def task_variables(database: Database, actor: Actor, task_id: str) -> list[VariableView]:
    """The variables that an open user task sees, innermost scope first; a sealed one has its value only for
    who may work on the task.

    Raises ``TaskNotFound``, ``TaskClosed``.
    """
    with reading(database) as tx:
        row = _seen(tx, actor, task_id, _WITH_STATE)
        return seen_by_token(tx, row, task_id, opened=may_complete(actor, task_view(row)))


def open_form(database: Database, actor: Actor, task_id: str) -> TaskForm:
    """The form of an open user task. A field marked ``isian_baru`` starts empty in every round.

    Raises ``TaskNotFound``, ``TaskClosed``.
    """
    with reading_once(database) as tx:
        row = _seen(tx, actor, task_id, _WITH_STATE)
        catalog.note_mark(tx, row.mark)
        _, form = _place(tx, row)
        task = task_view(row)
        workable = may_complete(actor, task)
        seen = seen_by_token(tx, row, task_id, opened=workable)
        found = {variable.name: variable for variable in reversed(seen)}
        hidden = form.fresh if form else ()
        data = {name: variable.value for name, variable in found.items() if name not in hidden}
        options = form_options(tx, row.agency_id, form) if form else {}
        sealed = {name for name, variable in found.items() if variable.sealed} - set(options)
        schema = form.schema if form else None
        return TaskForm(task, workable, schema, data | options, frozenset(sealed))


def _seen(tx: Connection, actor: Actor, task_id: str, query: Any = _ONE) -> Row[Any]:
    row: Row[Any] | None = tx.execute(query, {"task_id": task_id}).one_or_none()
    if row is None or not access.sees_task(actor, row.agency_id, row.groups, row.users, row.assignee):
        raise TaskNotFound(id=task_id)
    return row


def _place(tx: Connection, row: Row[Any]) -> tuple[Element, Form | None]:
    deployed: DeployedProcess = catalog.load_process(tx, row.definition_id)
    element = deployed.element(row.process_key, row.element_id)
    return element, catalog.form_of(tx, deployed, element)
