"""What people do with a user task: claim, give back, assign, complete."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from sqlalchemy import Connection, Row

from engine import access, catalog
from engine.access import Action
from engine.commands import history
from engine.commands.candidates import may_have
from engine.commands.failed_steps import stepping
from engine.commands.notifying import notify
from engine.commands.task_rows import (
    on_behalf,
    people_named,
    require_candidate,
    require_not_delegated,
    require_open,
    require_other_hands,
    set_assignee,
    visible_task,
    workable_task,
)
from engine.commands.unit import Work
from engine.commands.variables import accept
from engine.commands.work import load_work, move, seal, view_of
from engine.errors import (
    ActionForbidden,
    InstanceClosed,
    InstanceErased,
    TaskClaimed,
    TaskClosed,
    TaskDelegated,
    TaskNotFound,
)
from engine.queries.absences import substitutes
from engine.queries.attachments import attached_ids
from engine.queries.four_eyes import doers
from engine.queries.task_forms import read_task
from engine.store import Database, hot, writing
from engine.types import Actor, DelegationState, HistoryKind, InstanceView, TaskView
from engine.types.notifications import NotificationKind


def complete_task(
    database: Database, actor: Actor, task_id: str, variables: Mapping[str, Any], *, held: bool = True
) -> InstanceView:
    """Complete a user task with what was filled in, and move the case to where it waits next.

    ``variables``: JSON values; with a form its fields and nothing else. ``held``: also where somebody else
    has the task, as in Camunda. Returns the instance afterwards. Raises ``TaskNotFound`` (also for what the
    actor may not see), ``ActionForbidden``, ``SecondPersonNeeded``, ``TaskClosed``, ``TaskClaimed``,
    ``TaskDelegated``, ``FormInvalid``, ``VariableInvalid``, ``ConcurrentUpdate``, ``ExecutionFailed``; then
    nothing changed, but for an incident where the process cannot go on.
    """
    with stepping(database) as tx:
        row = tx.execute(hot.TASK_WITH_INSTANCE, {"task_id": task_id}).one_or_none()
        if row is None:
            raise TaskNotFound(id=task_id)
        work = _open(tx, actor, task_id, row)
        if not held and row.task_assignee not in (None, actor.user_id):
            raise TaskClaimed(assignee=row.task_assignee)
        element = work.deployed.element(row.task_process_key, row.task_element_id)
        done = doers(tx, work.instance.id, work.deployed, row.task_process_key, element)
        access.require_other_hands(actor, actor.user_id, done)
        form = catalog.form_of(tx, work.deployed, element)
        known = work.workflow.variables(task_id)
        files = partial(attached_ids, tx, work.instance.id)
        accepted = accept(tx, work.instance.agency_id, form, variables, known, work.zone, files)
        seal(work, form)
        history.add(
            work,
            HistoryKind.TASK_COMPLETED,
            element=element,
            process_key=row.task_process_key,
            token_id=task_id,
            variables=sorted(accepted),
            **on_behalf(actor, row.task_agency_id, row.task_groups, row.task_users),
        )
        move(work, task_id, accepted, completed=True)
        tx.execute(hot.REMOVE_DRAFTS, {"task_id": task_id, "user_id": actor.user_id})
        return view_of(work)


def _open(tx: Connection, actor: Actor, task_id: str, row: Row[Any]) -> Work:
    """The instance of an open task that the actor may work on; its token is the truth, not the task's row,
    which was read before the lock."""
    who = row.task_agency_id, row.task_groups, row.task_users, row.task_assignee
    if not access.sees_task(actor, *who):
        raise TaskNotFound(id=task_id)
    people = access.named_users(row.task_groups, row.task_users, row.task_assignee)
    access.require(actor, Action.COMPLETE, row.task_agency_id, groups=row.task_groups, users=people)
    if row.task_ended_at is not None:
        raise TaskClosed(id=task_id)
    if row.task_delegation_state == DelegationState.PENDING:
        raise TaskDelegated(owner=row.task_owner)
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
    """Take a task, for oneself (a ``user_id`` other than one's own is ``assign_task``'s affair): one that
    nobody has, or that of somebody for whom one stands in now.

    Claiming twice is fine. Raises ``TaskNotFound``, ``ActionForbidden``, ``SecondPersonNeeded``,
    ``TaskClosed``, ``TaskClaimed``.
    """
    if user_id not in (None, actor.user_id):
        return assign_task(database, actor, task_id, user_id)
    with writing(database) as tx:
        task = workable_task(tx, actor, task_id)
        if task.assignee != actor.user_id:
            absent = _absent(tx, actor, task)
            require_not_delegated(task)
            require_other_hands(tx, actor, task, actor.user_id)
            set_assignee(tx, actor, task, actor.user_id, HistoryKind.TASK_CLAIMED, **absent)
        return read_task(tx, task_id)


def _absent(tx: Connection, actor: Actor, task: Row[Any]) -> dict[str, Any]:
    """For the history: whose place the actor takes by claiming a task. Raises ``TaskClaimed`` where somebody
    has it whose substitute the actor is not."""
    if task.assignee is None:
        return on_behalf(actor, task.agency_id, task.groups, task.users)
    if not may_have(tx, task.agency_id, task.assignee, task.groups, task.users):
        return on_behalf(actor, task.agency_id, task.groups, task.users)  # who has it lost the right to it
    if substitutes(tx, task.agency_id, [task.assignee]).get(task.assignee) != actor.user_id:
        raise TaskClaimed(assignee=task.assignee)
    return {"on_behalf_of": task.assignee}


def unclaim_task(database: Database, actor: Actor, task_id: str) -> TaskView:
    """Give a task back to its groups: by whom it is assigned to, or by the agency's ``manajer``.

    Raises ``TaskNotFound``, ``ActionForbidden``, ``TaskClosed``, ``TaskDelegated``.
    """
    with writing(database) as tx:
        task = visible_task(tx, actor, task_id)
        require_open(task)
        if task.assignee not in (None, actor.user_id):
            access.require(actor, Action.ASSIGN, task.agency_id)
        elif not access.may(actor, Action.ASSIGN, task.agency_id):
            require_not_delegated(task)
        if task.assignee is not None:
            set_assignee(tx, actor, task, None, HistoryKind.TASK_UNCLAIMED)
        return read_task(tx, task_id)


def assign_task(database: Database, actor: Actor, task_id: str, user_id: str | None) -> TaskView:
    """Give a task to a person (None: to nobody), who is told. Only ``manajer``, or oneself what is free or
    one's own.

    Raises ``TaskNotFound``, ``ActionForbidden``, ``TaskClosed``, ``TaskClaimed``, ``UserNotFound`` where the
    person is none of the task's candidates, and ``SecondPersonNeeded`` where the person has drafted what is
    to be signed.
    """
    with writing(database) as tx:
        task = visible_task(tx, actor, task_id)
        require_open(task)
        if not access.may(actor, Action.ASSIGN, task.agency_id):
            people = people_named(task)
            access.require(actor, Action.COMPLETE, task.agency_id, groups=task.groups, users=people)
            if task.assignee not in (None, actor.user_id):
                raise TaskClaimed(assignee=task.assignee)
            if user_id not in (None, actor.user_id):
                raise ActionForbidden(action=Action.ASSIGN.value)
            if user_id is not None and user_id == task.assignee:
                return read_task(tx, task_id)  # nothing changes hands, and no delegation ends by it
            require_not_delegated(task)
        if user_id is not None:
            require_candidate(tx, actor, task, user_id)
        set_assignee(tx, actor, task, user_id, HistoryKind.TASK_ASSIGNED)
        if user_id not in (None, actor.user_id, task.assignee):
            about = {"by": actor.user_id, "element_id": task.element_id}
            place: dict[str, Any] = {"instance_id": task.instance_id, "task_id": task_id, "about": about}
            notify(tx, NotificationKind.TASK_ASSIGNED, task.agency_id, [user_id], **place)
        return read_task(tx, task_id)
