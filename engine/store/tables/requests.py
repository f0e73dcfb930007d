"""What callers asked with a key of their own, so that asking again gives the same answer; whose keys seal,
and which of them have served.
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


class SpentKey(Base):
    """A key of the key store that has sealed its last. Written in the transaction that needs it last; a chore
    destroys the key (``engine.commands.key_chores``).

    Of a message that has arrived the row goes then. ``erased_with``: the case that the key was erased with,
    or the rule; such a row stays, and the key is destroyed again where an older key store brings it back.
    """

    __tablename__ = "spent_key"

    id: Mapped[Id] = mapped_column(primary_key=True)
    erased_with: Mapped[Id | None] = mapped_column(index=True)


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
