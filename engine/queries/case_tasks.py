"""All open tasks of a case, also those that its reader may not open: who has each, and who may take it."""

from dataclasses import dataclass

from sqlalchemy import Engine

from engine import access
from engine.queries.instances import require_visible
from engine.queries.tasks import list_tasks
from engine.store import reading
from engine.types import SYSTEM, Actor, TaskFilter, TaskView


@dataclass(frozen=True)
class CaseTask:
    """An open task of a case; ``visible``: its reader may open it."""

    task: TaskView
    visible: bool


def case_tasks(database: Engine, actor: Actor, instance_id: str) -> list[CaseTask]:
    """The open tasks of a case, the most urgent first. Raises ``InstanceNotFound``."""
    with reading(database) as tx:
        require_visible(tx, actor, instance_id)
    found = list_tasks(database, SYSTEM, TaskFilter(instance_id=instance_id))
    return [CaseTask(task, _sees(actor, task)) for task in found]


def _sees(actor: Actor, task: TaskView) -> bool:
    return access.sees_task(actor, task.agency_id, task.groups, task.users, task.assignee)
