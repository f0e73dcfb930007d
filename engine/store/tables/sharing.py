"""Fields of a case that its agency lets a group of another agency read, until when and on what consent."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.tables.base import Base, Id, JsonValue


class CaseShare(Base):
    """Valid while ``revoked_at`` is None and ``expires_at`` has not come. Never deleted: it is what was told.

    ``agency_id``: the owner's. ``fields``: names of variables; nothing else of the case is shared.
    ``consent``: on what it rests, in the owner's words; the receiver does not read it. That and
    ``revoke_reason`` are sealed with the key of the case.
    """

    __tablename__ = "case_share"
    __table_args__ = (Index(None, "to_agency_id", "to_group", "expires_at"), Index(None, "instance_id"))

    id: Mapped[Id] = mapped_column(primary_key=True)
    instance_id: Mapped[Id] = mapped_column(ForeignKey("process_instance.id"))
    agency_id: Mapped[Id] = mapped_column(ForeignKey("agency.id"))
    to_agency_id: Mapped[Id] = mapped_column(ForeignKey("agency.id"))
    to_group: Mapped[Id]
    fields: Mapped[JsonValue]
    consent: Mapped[str]
    shared_at: Mapped[datetime]
    shared_by: Mapped[Id]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[Id | None]
    revoke_reason: Mapped[str | None]
