"""What people have typed into a note of a case and not sent yet: only its writer reads it, as long as the
writer may see the case."""

from typing import Any

from sqlalchemy import ColumnElement, and_, select

from engine.queries.instances import require_visible
from engine.secrecy import keys_of, open_text
from engine.store import Database, reading
from engine.store.tables import NoteDraft, ProcessInstance
from engine.types import Actor
from engine.types.drafts import NotePlace, NoteView

PURPOSE = "note_draft"
"""What such a note is sealed for."""
CLOSED = ""
"""The message of one that was sent, or in which nothing is left."""

_NOTE: Any = select(NoteDraft.agency_id, NoteDraft.saved_at, NoteDraft.message, ProcessInstance.key_id).join(
    ProcessInstance, ProcessInstance.id == NoteDraft.instance_id
)


def of_note(actor: Actor, place: NotePlace) -> ColumnElement[bool]:
    """The row of ``note_draft`` that the actor has at a place."""
    at = (NoteDraft.instance_id == place.instance_id, NoteDraft.place == place.task_id)
    return and_(NoteDraft.user_id == actor.user_id, *at)


def read_note(database: Database, actor: Actor, place: NotePlace) -> NoteView | None:
    """What the actor has typed at a place and not sent; None where there is nothing, or what it was sealed
    with is destroyed. Raises ``InstanceNotFound``."""
    with reading(database) as tx:
        require_visible(tx, actor, place.instance_id)
        row = tx.execute(_NOTE.where(of_note(actor, place))).one_or_none()
        if row is None or row.message == CLOSED:
            return None
        message = open_text(keys_of(tx).readable(row.key_id), PURPOSE, row.message)
        return None if message is None else NoteView(row.agency_id, row.saved_at, message)
