"""What people say to each other about a case."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.tables.base import Base, Id, JsonValue


class Comment(Base):
    """A comment on a case, or at one of its tasks (Camunda 7's task comment, ``ACT_HI_COMMENT``).

    ``action``: what it was written with (``CommentAction``). ``message``: sealed with the key of the case;
    None once its writer has removed it, or the case was erased. ``mentions``: ids of the users named in it.
    """

    __tablename__ = "comment"
    __table_args__ = (Index(None, "instance_id", "created_at"),)

    id: Mapped[Id] = mapped_column(primary_key=True)
    instance_id: Mapped[Id] = mapped_column(ForeignKey("process_instance.id"))
    agency_id: Mapped[Id] = mapped_column(ForeignKey("agency.id"))
    task_id: Mapped[Id | None] = mapped_column(ForeignKey("user_task.id"))
    user_id: Mapped[Id]
    action: Mapped[Id]
    message: Mapped[str | None]
    mentions: Mapped[JsonValue]
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
