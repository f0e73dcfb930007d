"""Which tasks came back: their step was done before in the case, and another step has led back to it."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import aliased

from engine import access
from engine.store import Database, reading
from engine.store.tables import UserTask
from engine.types import Actor


def returned_tasks(database: Database, actor: Actor, task_ids: Collection[str]) -> frozenset[str]:
    """Those of ``task_ids`` that came back, as far as the actor may see them. A step that follows upon
    itself, as monthly visits do, does not come back: it goes on."""
    if not task_ids:
        return frozenset()
    before, step = aliased(UserTask), aliased(UserTask)
    done = select(before.id).where(
        before.instance_id == UserTask.instance_id,
        before.process_key == UserTask.process_key,
        before.element_id == UserTask.element_id,
        before.outcome == "completed",
        before.ended_at < UserTask.created_at,
    )
    led = select(step.id).where(
        step.instance_id == UserTask.instance_id,
        step.process_key == UserTask.process_key,
        step.element_id != UserTask.element_id,
        step.outcome == "completed",
        step.ended_at == UserTask.created_at,
    )
    found = select(UserTask.id).where(UserTask.id.in_(task_ids), access.visible_tasks(actor))
    with reading(database) as tx:
        return frozenset(tx.scalars(found.where(done.exists(), led.exists())))
