"""The comments on a case: the words for who works on it, for others that somebody wrote, and when."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row, select

from engine import access, clock
from engine.errors import CommentNotFound
from engine.queries.instances import require_visible
from engine.queries.variables import works_on
from engine.secrecy import CaseKey, keys_of, open_text
from engine.store import Database, reading
from engine.store.tables import Comment, ProcessInstance, UserTask, table_of
from engine.types import Actor
from engine.types.comments import CommentAction, CommentView

PURPOSE = "comment"
"""What a message is sealed for."""

REMOVABLE = timedelta(hours=1)
"""So long may its writer remove a comment; then it belongs to the record of the case."""

_COMMENT: Any = select(*(c for c in table_of(Comment).columns), UserTask.name.label("task_name")).outerjoin(
    UserTask, UserTask.id == Comment.task_id
)


def list_comments(
    database: Database, actor: Actor, instance_id: str, task_id: str | None = None
) -> list[CommentView]:
    """The comments on a case, or at one task of it, the oldest first. Raises ``InstanceNotFound``."""
    with reading(database) as tx:
        require_visible(tx, actor, instance_id)
        found = read_comments(tx, actor, instance_id)
    return [comment for comment in found if task_id in (None, comment.task_id)]


def get_comment(database: Database, actor: Actor, comment_id: str) -> CommentView:
    """One comment. Raises ``CommentNotFound``, also for one on a case that the actor may not see."""
    with reading(database) as tx:
        row = comment_row(tx, actor, comment_id)
        return next(c for c in read_comments(tx, actor, row.instance_id) if c.id == comment_id)


def comment_row(tx: Connection, actor: Actor, comment_id: str) -> Row[Any]:
    """The row of a comment on a case that the actor may see. Raises ``CommentNotFound``."""
    from_case = _COMMENT.join(ProcessInstance, ProcessInstance.id == Comment.instance_id)
    seen = from_case.where(Comment.id == comment_id, access.visible_instances(actor))
    row: Row[Any] | None = tx.execute(seen).one_or_none()
    if row is None:
        raise CommentNotFound(id=comment_id)
    return row


def read_comments(
    tx: Connection, actor: Actor, instance_id: str, *, opened: bool = False
) -> list[CommentView]:
    """The comments on a case that the actor may see; ``opened``: with all words, whoever it is."""
    query = _COMMENT.where(Comment.instance_id == instance_id).order_by(Comment.created_at, Comment.id)
    rows = tx.execute(query).all()
    if not rows:
        return []
    opened = opened or bool(works_on(tx, actor, [instance_id]))
    key_id = tx.scalars(select(ProcessInstance.key_id).where(ProcessInstance.id == instance_id)).one()
    key = keys_of(tx).readable(key_id) if key_id else None
    return [_view(row, actor, key, opened=opened) for row in rows]


def _view(row: Row[Any], actor: Actor, key: CaseKey | None, *, opened: bool) -> CommentView:
    own = row.user_id == actor.user_id
    values = row._asdict() | {"mentions": tuple(row.mentions), "action": CommentAction(row.action)}
    if row.message is not None:
        values["message"] = open_text(key, PURPOSE, row.message) if opened or own else None
    return CommentView(**values, removable=own and may_be_removed(row))


def may_be_removed(row: Row[Any]) -> bool:
    """Whether the writer of a comment may still remove it."""
    return row.message is not None and clock.now() - row.created_at <= REMOVABLE
