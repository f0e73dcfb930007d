"""Incidents: what a person must look at, opened once a subject and resolved when it moves again."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Select, insert, select, update
from uuid_utils import uuid7

from engine import clock
from engine.store.tables import Incident
from engine.types import Actor


def open_incident(
    tx: Connection,
    kind: str,
    *,
    agency_id: str,
    subject_id: str,
    message: str,
    instance_id: str | None = None,
    definition_id: str | None = None,
    process_key: str | None = None,
    element_id: str | None = None,
) -> None:
    """Open an incident about a subject, or renew the message of the one that is open.

    ``message`` says no value of a variable.
    """
    of_subject = (Incident.subject_id == subject_id, Incident.kind == kind, Incident.resolved_at.is_(None))
    if tx.execute(select(Incident.id).where(*of_subject)).first() is not None:
        tx.execute(update(Incident).where(*of_subject).values(message=message))
        return
    values: dict[str, Any] = {
        "id": str(uuid7()),
        "kind": kind,
        "agency_id": agency_id,
        "instance_id": instance_id,
        "definition_id": definition_id,
        "process_key": process_key,
        "element_id": element_id,
        "subject_id": subject_id,
        "message": message,
        "created_at": clock.now(),
        "resolved_at": None,
        "resolved_by": None,
    }
    tx.execute(insert(Incident).values(**values))


def resolve_incidents(tx: Connection, actor: Actor, subject_ids: Sequence[str] | Select[Any]) -> None:
    """Resolve all open incidents about these subjects, or those that a query finds; there may be none."""
    open_ones = update(Incident).where(Incident.subject_id.in_(subject_ids), Incident.resolved_at.is_(None))
    tx.execute(open_ones.values(resolved_at=clock.now(), resolved_by=actor.user_id))
