"""What people are told: a line in the app first, and by other ways as they chose."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.tables.base import Base, Id, JsonValue

_UNREAD: dict[str, Any] = {
    "sqlite_where": text("read_at IS NULL"),
    "postgresql_where": text("read_at IS NULL"),
}


class Notification(Base):
    """One thing told to one person; unread while ``read_at`` is None.

    ``kind``: of ``NotificationKind``. ``instance_id``, ``task_id``: the case and the task that it is about.
    ``told_group``: whose members are told as such, whether they see the case or not (a clock's ``eskalasi``).
    ``about``: what its sentence needs, public all of it (ids of clocks and elements, users, numbers), never
    the value of a variable: what is told leaves the house by e-mail (UU 11/2012 Ps 19, issue 6).
    """

    __tablename__ = "notification"
    __table_args__ = (
        Index(None, "user_id", "created_at"),
        Index("ix_notification_unread", "user_id", **_UNREAD),  # every page counts them
        Index(None, "instance_id"),
        Index(None, "created_at"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    agency_id: Mapped[Id] = mapped_column(ForeignKey("agency.id"))
    user_id: Mapped[Id] = mapped_column(ForeignKey("app_user.id"))
    kind: Mapped[Id]
    instance_id: Mapped[Id | None] = mapped_column(ForeignKey("process_instance.id"))
    task_id: Mapped[Id | None]
    told_group: Mapped[Id | None]
    about: Mapped[JsonValue]
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
