"""Tasks held by who may not have them any more go back to those whom they are for.

A substitute's time is over, a person left a group or the house: what they held would stand in nobody's queue,
be warned about to them alone, and keep the case open for their eyes. What they have typed stays theirs, as
when they give a task back themselves.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, Engine, Row, select

from engine import clock
from engine.commands.candidates import may_have
from engine.commands.notifying import notify
from engine.commands.task_rows import set_assignee
from engine.errors import TaskClaimed, TaskClosed
from engine.queries.absences import absences_now
from engine.store import writing
from engine.store.tables import Absence, Membership, ProcessInstance, UserTask
from engine.types import SYSTEM, Actor, DelegationState, HistoryKind
from engine.types.notifications import NotificationKind


def release_tasks(tx: Connection, actor: Actor, user_ids: Collection[str]) -> int:
    """Take from these users the open tasks that they may not have now; returns how many.

    Help that was asked for goes back to who has asked, who is told; all else to its groups. The history says
    who took it from whom. A few statements a task; none fails for one that has just been completed.
    """
    query = (
        select(UserTask.__table__, ProcessInstance.definition_id)
        .join(ProcessInstance, ProcessInstance.id == UserTask.instance_id)
        .where(UserTask.assignee.in_(user_ids), UserTask.ended_at.is_(None))
        .order_by(UserTask.id)
    )
    return sum(_release(tx, actor, task) for task in tx.execute(query).all())


def with_substitutes(tx: Connection, user_id: str) -> set[str]:
    """A user with those who act in the user's groups now: all whose rights change with the user's."""
    agencies = set(tx.scalars(select(Membership.agency_id).where(Membership.user_id == user_id)))
    away = [absence for agency_id in sorted(agencies) for absence in absences_now(tx, agency_id)]
    return {user_id, *(each.substitute_id for each in away if each.user_id == user_id and each.appointed)}


def release_expired(database: Engine) -> int:
    """Take from appointed substitutes what they hold beyond their time; returns how many tasks."""
    over = Absence.ended_at.is_not(None) | (Absence.ends_at <= clock.now())
    held = (UserTask.assignee == Absence.substitute_id) & (UserTask.agency_id == Absence.agency_id)
    query = select(Absence.substitute_id).join(UserTask, held).where(Absence.appointed, over)
    with writing(database) as tx:
        found = set(tx.scalars(query.where(UserTask.ended_at.is_(None)).distinct()))
        return release_tasks(tx, SYSTEM, sorted(found)) if found else 0


def _release(tx: Connection, actor: Actor, task: Row[Any]) -> bool:
    """Whether it was taken away."""
    candidates = task.groups, task.users
    if may_have(tx, task.agency_id, task.assignee, *candidates):
        return False
    helped = task.delegation_state == DelegationState.PENDING
    back = task.owner if helped and may_have(tx, task.agency_id, task.owner, *candidates) else None
    state: dict[str, Any] = {"owner": back, "state": DelegationState.RESOLVED} if back else {}
    lost = {"released_from": task.assignee}
    try:
        set_assignee(tx, actor, task, back, HistoryKind.TASK_RELEASED, **state, **lost)
    except (TaskClosed, TaskClaimed):
        return False  # somebody was faster, and it is not theirs any more
    if back and back != actor.user_id:
        about = {"by": task.assignee, "element_id": task.element_id}
        place: dict[str, Any] = {"instance_id": task.instance_id, "task_id": task.id, "about": about}
        notify(tx, NotificationKind.TASK_RESOLVED, task.agency_id, [back], **place)
    return True
