"""What a person was told."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, Select, bindparam, select

from engine import access
from engine.queries.paging import paged
from engine.queries.shapes import KEPT, Asker, asker_of
from engine.store import Database, reading, reading_once
from engine.store.tables import Notification, ProcessInstance, UserTask, table_of
from engine.types import Actor, Page
from engine.types.notifications import NotificationKind, NotificationView, Unread

_TOLD = table_of(Notification)
TOLD_ROWS = (
    select(_TOLD, ProcessInstance.business_key, UserTask.name.label("task_name"))
    .outerjoin(ProcessInstance, ProcessInstance.id == _TOLD.c.instance_id)
    .outerjoin(UserTask, UserTask.id == _TOLD.c.task_id)
)
"""Notifications with what their sentences need."""


def list_notifications(
    database: Database, actor: Actor, page: Page | None = None, *, unread: bool = False
) -> Sequence[NotificationView]:
    """What the actor was told, the newest first; ``unread``: only what is. Nothing of agencies that the actor
    does not belong to any more, nor of cases that the actor may not see any more."""
    query = TOLD_ROWS.where(access.own_notifications(actor))
    if unread:
        query = query.where(_TOLD.c.read_at.is_(None))
    query = paged(query.order_by(_TOLD.c.created_at.desc()), page or Page(), {}, _TOLD.c.id.desc())
    with reading(database) as tx:
        return [told_of(row) for row in tx.execute(query)]


def find_notification(database: Database, actor: Actor, notification_id: str) -> NotificationView | None:
    """One thing that the actor was told; None where there is no such, it is somebody else's, or about a case
    that the actor may not see any more."""
    query = TOLD_ROWS.where(access.own_notifications(actor), _TOLD.c.id == notification_id)
    with reading(database) as tx:
        row = tx.execute(query).one_or_none()
    return told_of(row) if row is not None else None


def told_of(row: Row[Any]) -> NotificationView:
    """A row of ``TOLD_ROWS``."""
    return NotificationView(
        id=row.id,
        agency_id=row.agency_id,
        kind=NotificationKind(row.kind),
        instance_id=row.instance_id,
        task_id=row.task_id,
        task_name=row.task_name,
        business_key=row.business_key,
        told_group=row.told_group,
        about=row.about,
        created_at=row.created_at,
        read_at=row.read_at,
    )


def list_unread(database: Database, actor: Actor, most: int) -> Sequence[Unread]:
    """What the actor has not read, at most so many: by one index, and the right by the case of each. Every
    page asks it, so the statement is made once (``engine.queries.shapes``)."""
    asker, who = asker_of(actor)
    with reading_once(database) as tx:
        return [Unread(*row) for row in tx.execute(_unread(asker), who | {"most": most})]


@lru_cache(KEPT)
def _unread(asker: Asker) -> Select[Any]:
    found = select(_TOLD.c.id, _TOLD.c.instance_id, _TOLD.c.task_id)
    own = access.own_notifications(asker.actor()), _TOLD.c.read_at.is_(None)
    return found.where(*own).limit(bindparam("most"))


def count_unread(database: Database, actor: Actor, most: int) -> int:
    """How many the actor has not read, counted no further than ``most``."""
    return len(list_unread(database, actor, most))
