"""History events of one unit of work: collected while it runs, written with it."""

from typing import Any

from sqlalchemy import insert

from engine.commands.unit import Work
from engine.definitions.model import Element
from engine.store.tables import HistoryEvent
from engine.types import HistoryKind

_OF_STEP = {
    "entered": HistoryKind.ACTIVITY_ENTERED,
    "completed": HistoryKind.ACTIVITY_COMPLETED,
    "cancelled": HistoryKind.ACTIVITY_CANCELLED,
}


def add(
    work: Work,
    kind: HistoryKind,
    *,
    element: Element | None = None,
    process_key: str | None = None,
    token_id: str | None = None,
    via: str | None = None,
    **details: Any,
) -> None:
    """Note one event. ``process_key``: of the element's process, by default the instance's.

    ``details`` are small JSON values that say no child's name and no variable's value.
    """
    work.events.append(
        {
            "instance_id": work.instance.id,
            "agency_id": work.instance.agency_id,
            "at": work.at,
            "user_id": work.actor.user_id,
            "kind": kind.value,
            "process_key": (process_key or work.deployed.key) if element else None,
            "element_id": element.id if element else None,
            "element_type": element.type if element else None,
            "element_name": (element.name or element.id)[:255] if element else None,
            "token_id": token_id,
            "via": via,
            "details": details,
        }
    )


def add_steps(work: Work) -> None:
    """Note what the tokens did since the work was opened."""
    for step in work.workflow.trace:
        element = work.deployed.element(step.process_key, step.element_id)
        kind, key = _OF_STEP[step.kind], step.process_key
        add(work, kind, element=element, process_key=key, token_id=step.token_id, via=step.via)


def write(work: Work) -> None:
    """Insert what was noted."""
    if work.events:
        work.tx.execute(insert(HistoryEvent), work.events)
