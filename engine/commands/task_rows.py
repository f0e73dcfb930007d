"""The row of a user task as the commands about its assignee read and change it."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Row, select, update

from engine import access, catalog, clock
from engine.access import Action
from engine.commands import history
from engine.commands.candidates import may_have
from engine.errors import (
    InstanceSuspended,
    TaskClaimed,
    TaskClosed,
    TaskDelegated,
    TaskNotFound,
    UserNotFound,
)
from engine.queries.four_eyes import doers
from engine.store.documents import Event
from engine.store.tables import ProcessInstance, UserTask
from engine.types import Actor, DelegationState, HistoryKind


def visible_task(tx: Connection, actor: Actor, task_id: str) -> Row[Any]:
    """A task that the actor may see, with its case's version. Raises ``TaskNotFound``."""
    query = select(
        UserTask.__table__,
        ProcessInstance.definition_id,
        ProcessInstance.suspended,
    ).join(ProcessInstance, ProcessInstance.id == UserTask.instance_id)
    task = tx.execute(query.where(UserTask.id == task_id, access.visible_tasks(actor))).one_or_none()
    if task is None:
        raise TaskNotFound(id=task_id)
    return task


def workable_task(tx: Connection, actor: Actor, task_id: str) -> Row[Any]:
    """A task that the actor may work on. Raises also ``TaskClosed``, before anything is loaded."""
    task = visible_task(tx, actor, task_id)
    access.require(actor, Action.COMPLETE, task.agency_id, groups=task.groups, users=people_named(task))
    require_open(task)
    return task


def require_open(task: Row[Any]) -> None:
    """Raise ``TaskClosed`` or ``InstanceSuspended``."""
    if task.ended_at is not None:
        raise TaskClosed(id=task.id)
    if task.suspended:
        raise InstanceSuspended(id=task.instance_id)


def require_not_delegated(task: Row[Any]) -> None:
    """Raise ``TaskDelegated`` while somebody does a task for its owner."""
    if task.delegation_state == DelegationState.PENDING:
        raise TaskDelegated(owner=task.owner)


def require_candidate(tx: Connection, actor: Actor, task: Row[Any], user_id: str) -> None:
    """Raise ``UserNotFound`` for a person who is none of a task's candidates (one that names nobody is for
    every worker of the agency), ``SecondPersonNeeded`` for who has drafted what is to be signed."""
    if not may_have(tx, task.agency_id, user_id, task.groups, task.users):
        raise UserNotFound(id=user_id)
    require_other_hands(tx, actor, task, user_id)


def require_other_hands(tx: Connection, actor: Actor, task: Row[Any], user_id: str) -> None:
    """Raise ``SecondPersonNeeded`` where ``user_id`` has done what the task answers for."""
    deployed = catalog.load_process(tx, task.definition_id)
    element = deployed.element(task.process_key, task.element_id)
    done = doers(tx, task.instance_id, deployed, task.process_key, element)
    access.require_other_hands(actor, user_id, done)


def people_named(task: Row[Any]) -> list[str]:
    """Who may work on the task as a person."""
    return access.named_users(task.groups, task.users, task.assignee)


def on_behalf(actor: Actor, agency_id: str, groups: Iterable[str], users: Iterable[str]) -> dict[str, Any]:
    """For the history of what asks for one of these candidates: in whose place the actor does it."""
    absent = access.acts_for(actor, agency_id, groups, users)
    return {"on_behalf_of": absent} if absent else {}


def set_assignee(
    tx: Connection,
    actor: Actor,
    task: Row[Any],
    user_id: str | None,
    kind: HistoryKind,
    *,
    owner: str | None = None,
    state: DelegationState | None = None,
    **details: Any,
) -> None:
    """Give a task to a person (None: to nobody) and tell its case so; ``details``: more for the history.

    ``owner``, ``state``: of a delegation, as Camunda has them; any other change of hands ends it. Raises
    ``TaskClosed`` or ``TaskClaimed`` where somebody was faster.
    """
    unchanged = UserTask.assignee.is_not_distinct_from(task.assignee)
    guarded = update(UserTask).where(UserTask.id == task.id, UserTask.ended_at.is_(None), unchanged)
    values: dict[str, Any] = {"assignee": user_id, "owner": owner, "delegation_state": state}
    if tx.execute(guarded.values(**values)).rowcount != 1:
        found = tx.execute(select(UserTask.__table__).where(UserTask.id == task.id)).one()
        if found.ended_at is not None:
            raise TaskClosed(id=task.id)
        raise TaskClaimed(assignee=found.assignee or "?")
    called = None if task.process_key == task.definition_key else task.process_key
    event = Event(kind.value, task.element_id, task.id, None, called, {"assignee": user_id, **details})
    place = task.instance_id, task.agency_id, task.definition_id
    history.write_events(tx, actor, *place, clock.now(), [event])
