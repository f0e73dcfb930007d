"""What callers asked with a key of their own, so that asking again gives the same answer."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.tables.base import Base, Id, Name


class IdempotencyKey(Base):
    """The answer to a request that carried an ``Idempotency-Key``; written in the request's own transaction.

    ``fingerprint``: SHA-256 in hex of what was asked; the same key with another one is refused.
    """

    __tablename__ = "idempotency_key"
    __table_args__ = (Index(None, "created_at"),)

    user_id: Mapped[Id] = mapped_column(primary_key=True)
    key: Mapped[Name] = mapped_column(primary_key=True)
    operation: Mapped[Id]
    fingerprint: Mapped[Id]
    answer: Mapped[bytes]
    created_at: Mapped[datetime]
