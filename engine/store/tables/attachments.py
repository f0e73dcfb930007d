"""Files that people attach to a case: sealed in parts, and open only what counts and dates them.

In tables, not in files: a backup takes them along, every machine sees them, and one commit holds the file and
the history that tells of it. In parts, so that neither a backup nor a download holds a whole file at once.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.tables.base import Base, Id, Name

_LOOSE: dict[str, Any] = {
    "sqlite_where": text("key_id IS NOT NULL"),
    "postgresql_where": text("key_id IS NOT NULL"),
}


class Attachment(Base):
    """One file (Camunda's term). ``task_id``: of the task at which it was attached, None at the start of the
    case; ``definition_key``: of the case's process.

    ``secrets``: name, description and the file's own key, sealed with the key of the case; None once that was
    erased, or the file removed. ``preview`` and the parts are sealed with the file's own key: so a file that
    was uploaded before its case exists (``instance_id`` is None) is taken over by sealing a hundred bytes
    anew. Until then its ``secrets`` are sealed with a key of their own, ``key_id``, which stays here until it
    has been destroyed. ``digest``: SHA-256 of the sealed parts.
    """

    __tablename__ = "attachment"
    __table_args__ = (
        Index(None, "instance_id"),
        Index(None, "created_by", "created_at"),
        Index("ix_attachment_loose", "created_by", **_LOOSE),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    agency_id: Mapped[Id] = mapped_column(ForeignKey("agency.id"))
    instance_id: Mapped[Id | None] = mapped_column(ForeignKey("process_instance.id"))
    definition_key: Mapped[Name]
    task_id: Mapped[Id | None]
    content_type: Mapped[Id]
    size: Mapped[int]
    pages: Mapped[int | None]
    secrets: Mapped[bytes | None]
    preview: Mapped[bytes | None]
    digest: Mapped[Id]
    key_id: Mapped[Id | None]
    created_at: Mapped[datetime]
    created_by: Mapped[Id]


class AttachmentPart(Base):
    """A part of a file's bytes, sealed; ``number`` counts from 0."""

    __tablename__ = "attachment_part"

    attachment_id: Mapped[Id] = mapped_column(ForeignKey("attachment.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[bytes]
