"""Writing a comment on a case, naming people in it, and removing it again.

The words are sealed with the key of the case and stand nowhere else: its history and what the people named in
them are told say only that somebody wrote (issue 6, section 2).
"""

from typing import Any

from sqlalchemy import Connection, Row, insert, select, update
from uuid_utils import uuid7

from engine import clock
from engine.commands import history
from engine.commands.case_keys import sealed_words
from engine.commands.note_drafts import drop_note
from engine.commands.notifying import notify
from engine.errors import N_, ActionForbidden, CommentRefused, InstanceErased, TaskNotFound
from engine.queries.case_people import readers_of
from engine.queries.comments import PURPOSE, comment_row, may_be_removed, read_comments
from engine.queries.instances import require_visible
from engine.store import Database, writing
from engine.store.documents import Event
from engine.store.tables import Comment, ProcessInstance, UserTask
from engine.types import Actor, HistoryKind
from engine.types.comments import LONGEST_COMMENT, CommentAction, CommentView, mentioned_in
from engine.types.drafts import NotePlace
from engine.types.notifications import NotificationKind


def add_comment(
    database: Database,
    actor: Actor,
    instance_id: str,
    message: str,
    task_id: str | None = None,
    *,
    typed: bool = False,
) -> CommentView:
    """Write a comment on a case that the actor sees, or at one of its tasks (``task_id``), open or ended.

    Whoever is named in it (``@user-id``) is told, and must be somebody who can see the case. ``typed``: on
    the page of the case, whose note that waits to be sent is this one. Returns the comment. Raises
    ``InstanceNotFound``, ``TaskNotFound``, ``CommentRefused``, ``InstanceErased``.
    """
    with writing(database) as tx:
        require_visible(tx, actor, instance_id)
        case = case_of(tx, instance_id)
        task = _task(tx, instance_id, task_id) if task_id else None
        named = check_message(tx, instance_id, message)
        comment_id = write_comment(tx, actor, case, message, task_id=task_id, mentions=named)
        details = {"comment": comment_id} | ({"mentions": list(named)} if named else {})
        _tell(tx, actor, case, HistoryKind.COMMENT_ADDED, task, details)
        others = [user_id for user_id in named if user_id != actor.user_id]
        about = {"by": actor.user_id}
        place: dict[str, Any] = {"instance_id": instance_id, "task_id": task_id, "about": about}
        notify(tx, NotificationKind.MENTIONED, case.agency_id, others, **place)
        if typed:
            drop_note(tx, actor, NotePlace(instance_id))
        return _read(tx, actor, instance_id, comment_id)


def remove_comment(database: Database, actor: Actor, comment_id: str) -> CommentView:
    """Take the words of one's own comment away within an hour; that there was one stays. Twice is fine.

    Raises ``CommentNotFound``, and ``ActionForbidden`` for somebody else's or a later hour.
    """
    with writing(database) as tx:
        row = comment_row(tx, actor, comment_id)
        if row.user_id == actor.user_id and row.removed_at is not None:
            return _read(tx, actor, row.instance_id, comment_id)
        if row.user_id != actor.user_id or not may_be_removed(row):
            raise ActionForbidden(action=N_("remove this comment"))
        gone: dict[str, Any] = {"message": None, "removed_at": clock.now()}
        tx.execute(update(Comment).where(Comment.id == comment_id).values(**gone))
        case, task = case_of(tx, row.instance_id), None
        if row.task_id:
            task = _task(tx, row.instance_id, row.task_id)
        _tell(tx, actor, case, HistoryKind.COMMENT_REMOVED, task, {"comment": comment_id})
        return _read(tx, actor, row.instance_id, comment_id)


def case_of(tx: Connection, instance_id: str) -> Row[Any]:
    """Id, agency, definition and its key of a case, and when it was erased."""
    columns = ("id", "agency_id", "definition_id", "definition_key", "erased_at")
    query: Any = select(*(getattr(ProcessInstance, name) for name in columns))
    found: Row[Any] = tx.execute(query.where(ProcessInstance.id == instance_id)).one()
    return found


def check_message(
    tx: Connection, instance_id: str, message: str, receiver: str | None = None
) -> tuple[str, ...]:
    """Ids of the users that a message names. Raises ``CommentRefused`` for one that is empty or too long, or
    names somebody who cannot see the case: whether there is such a user is not told. ``receiver``: who will
    see it, being given its task."""
    if not message.strip():
        raise CommentRefused(reason=N_("write something first"))
    if len(message) > LONGEST_COMMENT:
        raise CommentRefused(reason=N_("at most 4000 characters are allowed"))
    named = mentioned_in(message)
    known = {person.id for person in readers_of(tx, instance_id)} if named else set()
    if any(user_id not in known and user_id != receiver for user_id in named):
        raise CommentRefused(reason=N_("somebody whom you name with @ cannot see this case"))
    return named


def write_comment(
    tx: Connection,
    actor: Actor,
    case: Row[Any],
    message: str,
    *,
    task_id: str | None,
    mentions: tuple[str, ...] = (),
    action: CommentAction = CommentAction.COMMENT,
) -> str:
    """Insert a message that was checked; returns its id. Raises ``InstanceErased``."""
    if case.erased_at is not None:
        raise InstanceErased(id=case.id)
    row = {
        "id": uuid7().hex,
        "instance_id": case.id,
        "agency_id": case.agency_id,
        "task_id": task_id,
        "user_id": actor.user_id,
        "action": action.value,
        "message": sealed_words(tx, case.id, PURPOSE, message.strip()),
        "mentions": list(mentions),
        "created_at": clock.now(),
        "removed_at": None,
    }
    tx.execute(insert(Comment).values(**row))
    return str(row["id"])


def _task(tx: Connection, instance_id: str, task_id: str) -> Row[Any]:
    """A task of the case, in whatever group. Raises ``TaskNotFound``."""
    query: Any = select(UserTask.id, UserTask.element_id, UserTask.process_key)
    row: Row[Any] | None = tx.execute(
        query.where(UserTask.id == task_id, UserTask.instance_id == instance_id)
    ).one_or_none()
    if row is None:
        raise TaskNotFound(id=task_id)
    return row


def _tell(
    tx: Connection,
    actor: Actor,
    case: Row[Any],
    kind: HistoryKind,
    task: Row[Any] | None,
    details: dict[str, Any],
) -> None:
    """Write it into the history of the case, without a word of it."""
    event = Event(kind.value, details=details)
    if task is not None:
        called = None if task.process_key == case.definition_key else task.process_key
        event = Event(kind.value, task.element_id, task.id, None, called, details)
    place = case.id, case.agency_id, case.definition_id
    history.write_events(tx, actor, *place, clock.now(), [event])


def _read(tx: Connection, actor: Actor, instance_id: str, comment_id: str) -> CommentView:
    return next(c for c in read_comments(tx, actor, instance_id) if c.id == comment_id)
