"""Notes that are typed and not sent yet: a comment, or what is said when a task is given to somebody.

A note is a few lines, so there is one of a person and place, and what was saved last counts. Like a draft it
is no change of the case: no history tells of it, no other person sees it, and it is sealed.
"""

import re
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from engine import clock
from engine.commands.case_keys import key_of_case
from engine.errors import N_, CommentRefused, QueryInvalid, TaskNotFound
from engine.queries.instances import require_visible
from engine.queries.note_drafts import CLOSED, PURPOSE, of_note
from engine.secrecy import seal_text
from engine.store import Database, writing
from engine.store.tables import NoteDraft, ProcessInstance, UserTask
from engine.types import Actor
from engine.types.comments import LONGEST_COMMENT
from engine.types.drafts import NotePlace, NoteView, SentNote

_ID = re.compile("[0-9a-f]{32}")
_LAST = 2**31 - 1


def save_note(database: Database, actor: Actor, place: NotePlace, sent: SentNote) -> NoteView:
    """Keep what the actor has typed at a place; nothing typed any more: nothing is kept.

    Of one page a later revision replaces an earlier one, never the other way round, also after the note was
    sent. Raises ``InstanceNotFound``, ``TaskNotFound``, ``InstanceErased``, ``CommentRefused`` for what is
    longer than any note can be, and ``QueryInvalid``.
    """
    _check(sent)
    with writing(database) as tx:
        require_visible(tx, actor, place.instance_id)
        case: Any = select(ProcessInstance.agency_id).where(ProcessInstance.id == place.instance_id)
        agency_id: str = tx.scalars(case).one()
        _require_task(tx, place)
        key = key_of_case(tx, place.instance_id)  # from here on no other saving at this case goes on
        known: Any = select(NoteDraft.page_id, NoteDraft.revision).where(of_note(actor, place))
        row: Row[Any] | None = tx.execute(known).one_or_none()
        at = clock.now()
        view = NoteView(agency_id, at, sent.message)
        if row is not None and row.page_id == sent.page_id and row.revision >= sent.revision:
            return view  # a try that was overtaken by a later one
        message = seal_text(key, PURPOSE, sent.message) if sent.message.strip() else CLOSED
        if row is None and message == CLOSED:
            return view
        values: dict[str, Any] = {
            "page_id": sent.page_id,
            "revision": sent.revision,
            "saved_at": at,
            "message": message,
        }
        if row is not None:
            tx.execute(update(NoteDraft).where(of_note(actor, place)).values(**values))
        else:
            whose = {"user_id": actor.user_id, "instance_id": place.instance_id, "place": place.task_id}
            tx.execute(insert(NoteDraft).values(**whose, agency_id=agency_id, **values))
        return view


def drop_note(tx: Connection, actor: Actor, place: NotePlace) -> None:
    """Keep nothing of a note any more, in the transaction that sends it, which holds the case
    (``key_of_case``). The row stays, empty: a saving that was overtaken on a slow line finds a later one."""
    tx.execute(update(NoteDraft).where(of_note(actor, place)).values(message=CLOSED))


def sweep_notes(tx: Connection, before: datetime) -> None:
    """Remove notes that were saved last ``before`` that: nobody sends them any more."""
    tx.execute(delete(NoteDraft).where(NoteDraft.saved_at < before))


def _check(sent: SentNote) -> None:
    if not _ID.fullmatch(sent.page_id):
        raise QueryInvalid(reason="the id of a page has 32 hexadecimal digits")
    if not 0 < sent.revision <= _LAST:
        raise QueryInvalid(reason="a revision of a note is a whole number")
    if len(sent.message) > LONGEST_COMMENT:
        raise CommentRefused(reason=N_("at most 4000 characters are allowed"))


def _require_task(tx: Connection, place: NotePlace) -> None:
    """That the task of a place is one of the case."""
    if not place.task_id:
        return
    task = select(UserTask.id).where(UserTask.id == place.task_id)
    if tx.scalar(task.where(UserTask.instance_id == place.instance_id)) is None:
        raise TaskNotFound(id=place.task_id)
