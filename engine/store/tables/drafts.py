"""What people have typed into a form or a note and not sent yet."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, false
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.tables.base import Base, Id, Name


class Draft(Base):
    """One version of what one person has typed at one place: a task (``task_id``, ``instance_id``) or the
    start form of a process (``process_key``). Usually there is one; two devices may make two (issue 6).

    ``instance_id`` of a start form's version: the case that was opened with another one, since when this one
    is left behind. ``id``: of the page on which it was begun. ``page_id``: of the page that saved it last;
    ``revision`` grows with each of its savings; 0 of what a colleague has given with the task, who stands in
    ``device`` until it is saved. ``set_aside``: another version was chosen or sent, this one
    can still be read. ``report_id``: the same for versions of a start form that are, or may be, one report.
    ``content``: sealed, with the key of the case, or with the key ``key_id`` of its own where no case is
    there yet. ``closed_at``: sent or thrown away; the row stays for a day without its ``content``, so that a
    saving which arrives late brings nothing back.
    """

    __tablename__ = "draft"
    __table_args__ = (Index(None, "task_id", "user_id"), Index(None, "instance_id"))

    user_id: Mapped[Id] = mapped_column(ForeignKey("app_user.id"), primary_key=True)
    id: Mapped[Id] = mapped_column(primary_key=True)
    agency_id: Mapped[Id] = mapped_column(ForeignKey("agency.id"))
    instance_id: Mapped[Id | None] = mapped_column(ForeignKey("process_instance.id"))
    task_id: Mapped[Id | None] = mapped_column(ForeignKey("user_task.id"))
    process_key: Mapped[Name | None]
    page_id: Mapped[Id]
    revision: Mapped[int]
    saved_at: Mapped[datetime]
    device: Mapped[Name]
    set_aside: Mapped[bool] = mapped_column(default=False, server_default=false())
    report_id: Mapped[Id | None]
    key_id: Mapped[Id | None]
    content: Mapped[bytes | None]
    closed_at: Mapped[datetime | None]


class NoteDraft(Base):
    """What one person has typed into a field for a note of a case: a comment (``place`` is empty), or what is
    said when the task ``place`` is given to somebody or back.

    ``message``: sealed with the key of the case; empty of a note that was sent. ``page_id``, ``revision``:
    as of a draft. There is one of a person and place: what was saved last counts.
    """

    __tablename__ = "note_draft"
    __table_args__ = (Index(None, "instance_id"),)

    user_id: Mapped[Id] = mapped_column(ForeignKey("app_user.id"), primary_key=True)
    instance_id: Mapped[Id] = mapped_column(ForeignKey("process_instance.id"), primary_key=True)
    place: Mapped[Id] = mapped_column(primary_key=True)
    agency_id: Mapped[Id] = mapped_column(ForeignKey("agency.id"))
    page_id: Mapped[Id]
    revision: Mapped[int]
    saved_at: Mapped[datetime]
    message: Mapped[str]
