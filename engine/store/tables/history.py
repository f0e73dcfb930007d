"""What happened: one row a change, only ever added."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.tables.base import Base, Id, JsonValue, Name


class HistoryEvent(Base):
    """``kind`` is one of ``engine.types.HistoryKind``; ``details`` never holds the value of a variable.

    ``process_key``: the process that the element is in; a called one has ids of its own.
    """

    __tablename__ = "history_event"
    __table_args__ = (Index(None, "instance_id", "seq"), Index(None, "agency_id", "at"))

    seq: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), Identity(), primary_key=True
    )
    instance_id: Mapped[Id] = mapped_column(ForeignKey("process_instance.id"))
    agency_id: Mapped[Id] = mapped_column(ForeignKey("agency.id"))
    at: Mapped[datetime]
    user_id: Mapped[Id]
    kind: Mapped[Id]
    process_key: Mapped[Name | None]
    element_id: Mapped[Name | None]
    element_type: Mapped[Id | None]
    element_name: Mapped[Name | None]
    token_id: Mapped[Id | None]
    via: Mapped[Name | None]
    details: Mapped[JsonValue]
