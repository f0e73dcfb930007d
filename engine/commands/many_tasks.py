"""The same for many tasks: one command for each, in a transaction of its own, and what became of each.

One that is refused keeps no other back, and none is passed over in silence. Asked again, what is done stays
done: to claim what one has, or to assign what somebody has, changes nothing.
"""

from collections.abc import Callable, Sequence

from engine.commands.tasks import assign_task, claim_task
from engine.errors import N_, ActionForbidden, QueryInvalid, ResourceNotFound, StateConflict, TaskNotFound
from engine.queries.task_forms import get_task
from engine.store import Database
from engine.types import Actor, TaskView
from engine.types.inbox import TaskOutcome

MOST = 100
"""Tasks a request: four pages of the inbox. Nobody looks at more before pressing a button."""


def claim_tasks(database: Database, actor: Actor, task_ids: Sequence[str]) -> list[TaskOutcome]:
    """Take each of the tasks for oneself (``claim_task``). Raises ``QueryInvalid`` for more than ``MOST``."""
    return _each(database, actor, task_ids, lambda task_id: claim_task(database, actor, task_id))


def assign_tasks(
    database: Database, actor: Actor, task_ids: Sequence[str], user_id: str
) -> list[TaskOutcome]:
    """Give each of the tasks to a person (``assign_task``). Raises ``QueryInvalid`` beyond ``MOST``."""

    def assign(task_id: str) -> TaskView:
        known = get_task(database, actor, task_id)
        already = known.assignee == user_id and known.ended_at is None and not known.suspended
        return known if already else assign_task(database, actor, task_id, user_id)

    return _each(database, actor, task_ids, assign)


def _each(
    database: Database, actor: Actor, task_ids: Sequence[str], do: Callable[[str], TaskView]
) -> list[TaskOutcome]:
    wanted = list(dict.fromkeys(task_ids))
    if len(wanted) > MOST:
        raise QueryInvalid(reason=N_("this many tasks at once are too many"))
    return [_one(database, actor, task_id, do) for task_id in wanted]


def _one(database: Database, actor: Actor, task_id: str, do: Callable[[str], TaskView]) -> TaskOutcome:
    try:
        return TaskOutcome(task_id, do(task_id), None)
    except (ActionForbidden, ResourceNotFound, StateConflict) as refused:
        return TaskOutcome(task_id, _seen(database, actor, task_id), refused)


def _seen(database: Database, actor: Actor, task_id: str) -> TaskView | None:
    try:
        return get_task(database, actor, task_id)
    except TaskNotFound:
        return None
