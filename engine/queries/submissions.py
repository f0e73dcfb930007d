"""What people filled in, step by step: kept with each user task, and with the instance for its start."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from engine import catalog
from engine.secrecy import CaseKey, keys_of
from engine.store.documents import open_values
from engine.store.tables import ProcessInstance, UserTask


@dataclass(frozen=True)
class Submission:
    """The accepted values of one step. ``id``: the user task's, or the instance's for its start; ``hidden``:
    names of the sealed values that are not opened, and so not among the ``values``.
    """

    id: str
    agency_id: str
    element_id: str
    element_name: str
    form_id: str | None
    at: datetime
    by: str
    values: Mapping[str, Any]
    hidden: frozenset[str]


_TASKS: Any = (
    select(
        *(UserTask.id, UserTask.agency_id, UserTask.element_id, UserTask.name, UserTask.form_key),
        *(UserTask.ended_at, UserTask.ended_by, UserTask.submitted, UserTask.submitted_secrets),
    )
    .where(UserTask.submitted.is_not(None))
    .order_by(UserTask.ended_at, UserTask.id)
)
_INSTANCE: Any = select(
    *(ProcessInstance.id, ProcessInstance.agency_id, ProcessInstance.definition_id),
    *(ProcessInstance.start_element_id, ProcessInstance.started_at, ProcessInstance.started_by),
    *(ProcessInstance.submitted, ProcessInstance.submitted_secrets, ProcessInstance.key_id),
)


def read_submissions(tx: Connection, instance_id: str, *, opened: bool) -> list[Submission]:
    """Every submission of a case in the order of time; null for what is sealed, unless it is ``opened``."""
    instance = tx.execute(_INSTANCE.where(ProcessInstance.id == instance_id)).one()
    tasks = tx.execute(_TASKS.where(UserTask.instance_id == instance_id))
    key = keys_of(tx).readable(instance.key_id) if opened and instance.key_id else None
    done = [
        Submission(
            *(task.id, task.agency_id, task.element_id, task.name, task.form_key),
            *(task.ended_at, task.ended_by),
            *open_values(task.submitted, task.submitted_secrets, key),
        )
        for task in tasks
    ]
    return [*_at_start(tx, instance, key), *done]


def _at_start(tx: Connection, instance: Row[Any], key: CaseKey | None) -> list[Submission]:
    if instance.submitted is None:
        return []
    process = catalog.load_process(tx, instance.definition_id).process
    element = process.elements.get(instance.start_element_id)
    return [
        Submission(
            instance.id,
            instance.agency_id,
            instance.start_element_id,
            element.label if element else instance.start_element_id,
            element.form if element else None,
            instance.started_at,
            instance.started_by,
            *open_values(instance.submitted, instance.submitted_secrets, key),
        )
    ]
