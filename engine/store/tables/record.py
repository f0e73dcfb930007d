"""The access log: who saw or changed what. Only ever added to, and chained, so that a change of it shows."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, Integer, LargeBinary, event
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.append_only import guard
from engine.store.tables.base import Base, Id, Name, table_of

_Number = BigInteger().with_variant(Integer, "sqlite")


class AccessEntry(Base):
    """One deed. No key points to what it names: the entry outlives the case.

    ``id``: made by whoever writes it, rising with time (``engine.record.entries``); ``mac``: over all the
    others but ``block``, with a key that is not in the database; ``digest``: of the row of ``history_entry``
    (``history_seq``) that says what a change was; ``block``: in which the entry is chained, set once.
    """

    __tablename__ = "access_entry"
    __table_args__ = (
        Index(None, "block", "id"),
        Index(None, "agency_id", "id"),
        Index(None, "instance_id", "id"),
    )

    id: Mapped[int] = mapped_column(_Number, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    agency_id: Mapped[Id | None]
    user_id: Mapped[Id]
    instance_id: Mapped[Id | None]
    action: Mapped[Id]
    subject: Mapped[str]
    purpose: Mapped[str | None]
    channel: Mapped[Id]
    address: Mapped[Name]
    history_seq: Mapped[int | None] = mapped_column(_Number)
    digest: Mapped[bytes | None] = mapped_column(LargeBinary)
    mac: Mapped[bytes]
    block: Mapped[int | None] = mapped_column(_Number)


class AccessBlock(Base):
    """Some entries in the order of their ids, chained to the blocks before and signed.

    ``entries``: how many are in it; ``total``: in it and in all before.
    """

    __tablename__ = "access_block"

    number: Mapped[int] = mapped_column(_Number, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    entries: Mapped[int]
    total: Mapped[int] = mapped_column(_Number)
    hash: Mapped[bytes]
    signature: Mapped[bytes]


for _model, _once in ((AccessEntry, "block"), (AccessBlock, None)):
    _table = table_of(_model)
    _columns = [column.name for column in _table.columns]
    for _dialect in ("sqlite", "postgresql"):
        event.listen(_table, "after_create", guard(_table.name, _columns, _once, _dialect))
