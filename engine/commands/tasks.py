"""What people do with a user task: claim, give back, assign, complete."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row, select, update

from engine import access, catalog, clock
from engine.access import Action
from engine.commands import history
from engine.commands.candidates import may_have
from engine.commands.failed_steps import stepping
from engine.commands.unit import Work
from engine.commands.variables import accept
from engine.commands.work import load_work, move, seal, view_of
from engine.errors import (
    ActionForbidden,
    InstanceClosed,
    InstanceErased,
    InstanceSuspended,
    TaskClaimed,
    TaskClosed,
    TaskNotFound,
    UserNotFound,
)
from engine.queries.four_eyes import doers
from engine.queries.task_forms import read_task
from engine.store import Database, hot, writing
from engine.store.documents import Event
from engine.store.tables import ProcessInstance, UserTask
from engine.types import Actor, HistoryKind, InstanceView, TaskView


def complete_task(
    database: Database, actor: Actor, task_id: str, variables: Mapping[str, Any]
) -> InstanceView:
    """Complete a user task with what was filled in, and move the case to where it waits next.

    ``variables``: JSON values; with a form its fields and nothing else. Returns the instance afterwards.
    Raises ``TaskNotFound`` (also for what the actor may not see), ``ActionForbidden``,
    ``SecondPersonNeeded``, ``TaskClosed``, ``FormInvalid``, ``VariableInvalid``, ``ConcurrentUpdate``,
    ``ExecutionFailed``; then nothing changed, but for an incident where the process cannot go on.
    """
    with stepping(database) as tx:
        row = tx.execute(hot.TASK_WITH_INSTANCE, {"task_id": task_id}).one_or_none()
        if row is None:
            raise TaskNotFound(id=task_id)
        work = _open(tx, actor, task_id, row)
        element = work.deployed.element(row.task_process_key, row.task_element_id)
        done = doers(tx, work.instance.id, row.task_process_key, element)
        access.require_other_hands(actor, actor.user_id, done)
        form = catalog.form_of(tx, work.deployed, element)
        known = work.workflow.variables(task_id)
        accepted = accept(tx, work.instance.agency_id, form, variables, known, work.zone)
        seal(work, form)
        history.add(
            work,
            HistoryKind.TASK_COMPLETED,
            element=element,
            process_key=row.task_process_key,
            token_id=task_id,
            variables=sorted(accepted),
        )
        move(work, task_id, accepted, completed=True)
        return view_of(work)


def _open(tx: Connection, actor: Actor, task_id: str, row: Row[Any]) -> Work:
    """The instance of an open task that the actor may work on; its token is the truth, not the task's row,
    which was read before the lock."""
    who = row.task_agency_id, row.task_groups, row.task_users, row.task_assignee
    if not access.sees_task(actor, *who):
        raise TaskNotFound(id=task_id)
    people = [*row.task_users, *([row.task_assignee] if row.task_assignee else [])]
    access.require(actor, Action.COMPLETE, row.task_agency_id, groups=row.task_groups, users=people)
    if row.task_ended_at is not None:
        raise TaskClosed(id=task_id)
    try:
        work = load_work(tx, actor, row)
    except InstanceErased:
        raise
    except InstanceClosed as closed:
        raise TaskClosed(id=task_id) from closed
    if task_id not in work.before:
        raise TaskClosed(id=task_id)
    return work


def claim_task(database: Database, actor: Actor, task_id: str, user_id: str | None = None) -> TaskView:
    """Take a task, for oneself (a ``user_id`` other than one's own is ``assign_task``'s affair).

    Claiming twice is fine. Raises ``TaskNotFound``, ``ActionForbidden``, ``SecondPersonNeeded``,
    ``TaskClosed``, ``TaskClaimed``.
    """
    if user_id not in (None, actor.user_id):
        return assign_task(database, actor, task_id, user_id)
    with writing(database) as tx:
        task = _workable(tx, actor, task_id)
        if task.assignee not in (None, actor.user_id):
            raise TaskClaimed(assignee=task.assignee)
        if task.assignee is None:
            _require_other_hands(tx, actor, task, actor.user_id)
            _set_assignee(tx, actor, task, actor.user_id, HistoryKind.TASK_CLAIMED)
        return read_task(tx, task_id)


def unclaim_task(database: Database, actor: Actor, task_id: str) -> TaskView:
    """Give a task back to its groups: by whom it is assigned to, or by the agency's ``manajer``.

    Raises ``TaskNotFound``, ``ActionForbidden``, ``TaskClosed``.
    """
    with writing(database) as tx:
        task = _visible(tx, actor, task_id)
        _require_open(task)
        if task.assignee not in (None, actor.user_id):
            access.require(actor, Action.ASSIGN, task.agency_id)
        if task.assignee is not None:
            _set_assignee(tx, actor, task, None, HistoryKind.TASK_UNCLAIMED)
        return read_task(tx, task_id)


def assign_task(database: Database, actor: Actor, task_id: str, user_id: str | None) -> TaskView:
    """Give a task to a person (None: to nobody). Only ``manajer``, or oneself what is free or one's own.

    Raises ``TaskNotFound``, ``ActionForbidden``, ``TaskClosed``, ``TaskClaimed``, ``UserNotFound`` where the
    person is none of the task's candidates, and ``SecondPersonNeeded`` where the person has drafted what is
    to be signed.
    """
    with writing(database) as tx:
        task = _visible(tx, actor, task_id)
        _require_open(task)
        if not access.may(actor, Action.ASSIGN, task.agency_id):
            people = _people(task)
            access.require(actor, Action.COMPLETE, task.agency_id, groups=task.groups, users=people)
            if task.assignee not in (None, actor.user_id):
                raise TaskClaimed(assignee=task.assignee)
            if user_id not in (None, actor.user_id):
                raise ActionForbidden(action=Action.ASSIGN.value)
        if user_id is not None and not _is_candidate(tx, task, user_id):
            raise UserNotFound(id=user_id)
        if user_id is not None:
            _require_other_hands(tx, actor, task, user_id)
        _set_assignee(tx, actor, task, user_id, HistoryKind.TASK_ASSIGNED)
        return read_task(tx, task_id)


def _visible(tx: Connection, actor: Actor, task_id: str) -> Row[Any]:
    query = select(UserTask.__table__, ProcessInstance.definition_id, ProcessInstance.suspended).join(
        ProcessInstance, ProcessInstance.id == UserTask.instance_id
    )
    task = tx.execute(query.where(UserTask.id == task_id, access.visible_tasks(actor))).one_or_none()
    if task is None:
        raise TaskNotFound(id=task_id)
    return task


def _require_other_hands(tx: Connection, actor: Actor, task: Row[Any], user_id: str) -> None:
    element = catalog.load_process(tx, task.definition_id).element(task.process_key, task.element_id)
    done = doers(tx, task.instance_id, task.process_key, element)
    access.require_other_hands(actor, user_id, done)


def _require_open(task: Row[Any]) -> None:
    if task.ended_at is not None:
        raise TaskClosed(id=task.id)
    if task.suspended:
        raise InstanceSuspended(id=task.instance_id)


def _is_candidate(tx: Connection, task: Row[Any], user_id: str) -> bool:
    """Whether a task may be given to a person; one that names nobody, to every worker of the agency."""
    return may_have(tx, task.agency_id, user_id, task.groups, task.users)


def _people(task: Row[Any]) -> list[str]:
    return [*task.users, *([task.assignee] if task.assignee else [])]


def _workable(tx: Connection, actor: Actor, task_id: str) -> Row[Any]:
    """A task that the actor may work on. Raises also ``TaskClosed``, before anything is loaded."""
    task = _visible(tx, actor, task_id)
    access.require(actor, Action.COMPLETE, task.agency_id, groups=task.groups, users=_people(task))
    _require_open(task)
    return task


def _set_assignee(
    tx: Connection, actor: Actor, task: Row[Any], user_id: str | None, kind: HistoryKind
) -> None:
    unchanged = UserTask.assignee.is_not_distinct_from(task.assignee)
    guarded = update(UserTask).where(UserTask.id == task.id, UserTask.ended_at.is_(None), unchanged)
    if tx.execute(guarded.values(assignee=user_id)).rowcount != 1:  # somebody was faster
        found = tx.execute(select(UserTask.__table__).where(UserTask.id == task.id)).one()
        if found.ended_at is not None:
            raise TaskClosed(id=task.id)
        raise TaskClaimed(assignee=found.assignee or "?")
    called = None if task.process_key == task.definition_key else task.process_key
    event = Event(kind.value, task.element_id, task.id, None, called, {"assignee": user_id})
    place = task.instance_id, task.agency_id, task.definition_id
    history.write_events(tx, actor, *place, clock.now(), [event])
