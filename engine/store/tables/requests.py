"""What callers asked with a key of their own, so that asking again gives the same answer; and whose keys
seal.
"""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.tables.base import Base, Id, Name


class KeyStoreMark(Base):
    """One row: the key store that the database's cases are sealed with (``engine.secrecy``), and whether what
    releases before sealing left open has been ``sealed``."""

    __tablename__ = "key_store_mark"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    store_id: Mapped[Id]
    sealed: Mapped[bool] = mapped_column(default=False)


class IdempotencyKey(Base):
    """The answer to a request that carried an ``Idempotency-Key``; written in the request's own transaction.

    ``key``: SHA-256 of the caller's, in hex. ``fingerprint``: HMAC of what was asked; the same key with
    another one is refused. ``answer``: sealed with what was asked (``engine.commands.idempotency``).
    """

    __tablename__ = "idempotency_key"
    __table_args__ = (Index(None, "created_at"),)

    user_id: Mapped[Id] = mapped_column(primary_key=True)
    key: Mapped[Name] = mapped_column(primary_key=True)
    operation: Mapped[Id]
    fingerprint: Mapped[Id]
    answer: Mapped[bytes]
    created_at: Mapped[datetime]
