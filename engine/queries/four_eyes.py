"""Four eyes: who has done a step of a case may not do the one that answers for it (issue 5: the one who
drafts a letter does not sign it).

A user task names the steps in its ``camunda:property`` ``empat_mata``; they stand in the same process. Every
round counts: who wrote the first draft has drafted, whoever wrote the last one. A step that had another id in
the version from which the case was migrated counts as well. ``engine.access`` decides with what is found
here.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, bindparam, select

from engine import catalog
from engine.definitions.model import Element
from engine.store import Database, reading
from engine.store.tables import MigratedInstance, MigrationBatch, UserTask
from engine.types import Actor, TaskView

_DONE: Any = (
    select(UserTask.ended_by, UserTask.name)
    .where(
        UserTask.instance_id == bindparam("instance_id"),
        UserTask.process_key == bindparam("process_key"),
        UserTask.element_id.in_(bindparam("element_ids", expanding=True)),
        UserTask.outcome == "completed",
    )
    .order_by(UserTask.ended_at, UserTask.id)
)
_PLANS: Any = (
    select(MigrationBatch.plan)
    .join(MigratedInstance, MigratedInstance.batch_id == MigrationBatch.id)
    .where(MigratedInstance.instance_id == bindparam("instance_id"), MigrationBatch.undone_at.is_(None))
    .order_by(MigrationBatch.at.desc(), MigrationBatch.id.desc())
)
"""The newest first: each leads one version further back."""


def doers(tx: Connection, instance_id: str, process_key: str, element: Element) -> dict[str, str]:
    """Who may not do a task of ``element`` in a case: user id -> the name of the step that was done.

    Asks nothing of the database where the element names no step.
    """
    if not element.four_eyes:
        return {}
    wanted = {
        "instance_id": instance_id,
        "process_key": process_key,
        "element_ids": sorted(_with_former(tx, instance_id, element.four_eyes)),
    }
    return {row.ended_by: row.name for row in tx.execute(_DONE, wanted) if row.ended_by}


def _with_former(tx: Connection, instance_id: str, element_ids: Iterable[str]) -> set[str]:
    """Ids of elements, and those that they had before the case was moved to other versions."""
    found = set(element_ids)
    for plan in tx.scalars(_PLANS, {"instance_id": instance_id}):
        found |= {before for before, after in plan.items() if after in found}
    return found


def drafted_step(database: Database, actor: Actor, task: TaskView) -> str:
    """The step that ``actor`` has done and that keeps ``actor`` from this task; empty where nothing does.

    ``task``: one that the actor may see.
    """
    with reading(database) as tx:
        element = catalog.load_process(tx, task.definition_id).element(task.process_key, task.element_id)
        return doers(tx, task.instance_id, task.process_key, element).get(actor.user_id, "")
