"""Who can have all of several tasks."""

from collections.abc import Sequence

from engine.errors import ActionForbidden, TaskNotFound
from engine.queries.task_forms import task_candidates
from engine.store import Database
from engine.types import Actor, Person


def common_candidates(database: Database, actor: Actor, task_ids: Sequence[str]) -> list[Person]:
    """Those to whom each of the tasks can be given (``task_candidates``), by name.

    A task that is not there, or that is not the actor's to give, is passed over: the attempt says so.
    """
    common: list[Person] | None = None
    for task_id in dict.fromkeys(task_ids):
        try:
            found = task_candidates(database, actor, task_id)
        except (TaskNotFound, ActionForbidden):
            continue
        common = found if common is None else [person for person in common if person in found]
    return common or []
