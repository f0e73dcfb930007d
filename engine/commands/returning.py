"""A step comes back: a letter is sent back to its drafter, a proposal was changed and is decided again.

It goes to all its candidates, as the first time; whoever did it before hears of it (issue 6).
"""

from typing import Any

from sqlalchemy import bindparam, select

from engine.commands.candidates import may_have
from engine.commands.notifying import notify
from engine.commands.rows import Opened
from engine.commands.unit import Work
from engine.store.tables import UserTask
from engine.types.notifications import NotificationKind

_DOER: Any = (
    select(UserTask.ended_by)
    .where(
        UserTask.instance_id == bindparam("instance_id"),
        UserTask.process_key == bindparam("process_key"),
        UserTask.element_id == bindparam("element_id"),
        UserTask.outcome == "completed",
    )
    .order_by(UserTask.ended_at.desc(), UserTask.id.desc())
    .limit(1)
)


def tell_doers(work: Work, opened: Opened, completed: str | None) -> None:
    """Tell who did a step last that the step of the token ``completed`` has led back to it.

    Not where it is repeated without another step between, as a monthly visit is, nor who has just led back
    there, may not do it any more, or is told as its assignee.
    """
    step = work.before.get(completed) if completed else None
    if step is None:
        return
    for task in opened.tasks:
        key, element_id = place = task["process_key"], task["element_id"]
        if (step.process_key, step.element_id) == place or step.process_key != key:
            continue
        if step.element_id not in work.deployed.ahead[place]:
            continue  # it leads on, not back: nothing is asked of the database
        asked = {"instance_id": work.instance.id, "process_key": key, "element_id": element_id}
        doer = work.tx.scalar(_DOER, asked)
        if doer in (None, work.actor.user_id, task["assignee"]):
            continue
        if may_have(work.tx, work.instance.agency_id, doer, task["groups"], task["users"]):
            about = {"by": work.actor.user_id, "element_id": element_id}
            where: dict[str, Any] = {"instance_id": work.instance.id, "task_id": task["id"], "about": about}
            notify(work.tx, NotificationKind.TASK_RETURNED, work.instance.agency_id, [doer], **where)
