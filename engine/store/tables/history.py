"""What happened: one row a command, only ever added."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.tables.base import Base, Id, Name


class HistoryEntry(Base):
    """What one command did to one instance: who, when, and the events in their order (``documents``).

    One row, not one an event: a step leaves half a dozen. Names and types of elements are in the definition
    (``definition_id``: the instance's at that time), which never changes. No event holds a variable's value.
    """

    __tablename__ = "history_entry"
    __table_args__ = (Index(None, "instance_id", "seq"),)

    seq: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), Identity(), primary_key=True
    )
    instance_id: Mapped[Id] = mapped_column(ForeignKey("process_instance.id"))
    agency_id: Mapped[Id]
    definition_id: Mapped[Name]
    at: Mapped[datetime]
    user_id: Mapped[Id]
    events: Mapped[bytes]
