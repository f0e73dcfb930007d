"""Drafts that nobody needs any more: removed now and then, and what they were sealed with destroyed.

The draft of a start form has a key of its own, since there is no case yet. A key cannot be destroyed in the
transaction that starts the case, nor before it is certain that it started: so the draft loses its content
there, and its key here.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, and_, delete, select, update

from engine import clock
from engine.commands.note_drafts import sweep_notes
from engine.secrecy import keys_of
from engine.store import writing
from engine.store.tables import Draft, NoteDraft, UserTask

KEPT_UNSENT = timedelta(days=30)
"""A draft of a case that was never opened, or a note that was never sent, after it was saved last."""

KEPT_AFTER_END = timedelta(days=7)
"""The draft of a task that somebody else has ended: so long its writer can read what was typed."""

KEPT_CLOSED = timedelta(days=1)
"""The mark of a draft that was sent or thrown away: no saving is on its way for longer."""


def clear_drafts(tx: Connection, instance_id: str, at: datetime) -> None:
    """Remove what people have typed about a case and never sent. Of a start form's version that was left
    behind a mark stays: it says which key is to be destroyed, and a late saving brings nothing back."""
    tx.execute(delete(Draft).where(Draft.instance_id == instance_id, Draft.task_id.is_not(None)))
    left = Draft.instance_id == instance_id, Draft.closed_at.is_(None)
    tx.execute(update(Draft).where(*left).values(content=None, closed_at=at))
    tx.execute(delete(NoteDraft).where(NoteDraft.instance_id == instance_id))


def draft_keys(tx: Connection, instance_ids: Collection[str]) -> list[str]:
    """The keys of drafts that were left behind when these cases were opened, and are not destroyed yet."""
    keys = select(Draft.key_id).where(Draft.instance_id.in_(instance_ids), Draft.key_id.is_not(None))
    return [key for key in tx.scalars(keys) if key]


def sweep_drafts(database: Engine, now: datetime | None = None) -> int:
    """Remove what has had its time, and destroy the keys of drafts that are closed; returns how many keys."""
    now = now or clock.now()
    unsent = Draft.task_id.is_(None), Draft.closed_at.is_(None), Draft.saved_at < now - KEPT_UNSENT
    ended = select(UserTask.id).where(UserTask.id == Draft.task_id, UserTask.ended_at < now - KEPT_AFTER_END)
    keyed = and_(Draft.closed_at.is_not(None), Draft.key_id.is_not(None))
    with writing(database) as tx:
        tx.execute(update(Draft).where(*unsent).values(content=None, closed_at=now))
        tx.execute(delete(Draft).where(ended.exists()))
        sweep_notes(tx, now - KEPT_UNSENT)
        tx.execute(delete(Draft).where(Draft.closed_at < now - KEPT_CLOSED, Draft.key_id.is_(None)))
        keys = [key for key in tx.scalars(select(Draft.key_id).where(keyed)) if key]
    if keys:
        keys_of(database).destroy(keys, now)
        with writing(database) as tx:
            tx.execute(update(Draft).where(keyed, Draft.key_id.in_(keys)).values(key_id=None))
    return len(keys)
