"""How people are told outside the app: what each chose, and what is on its way (issue 6, section 2)."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.tables.base import Base, Id, JsonValue, Name

_UNDERWAY: dict[str, Any] = {
    "sqlite_where": text("ended_at IS NULL"),
    "postgresql_where": text("ended_at IS NULL"),
}
_DIGESTED: dict[str, Any] = {
    "sqlite_where": text("digest_at IS NOT NULL"),
    "postgresql_where": text("digest_at IS NOT NULL"),
}


class NotificationChoice(Base):
    """Where a person is told beside the app; no row: nowhere.

    ``email`` gets nothing before ``confirmed_at``: until then ``code`` (the SHA-256 of what was mailed there)
    waits to be typed, until ``code_until`` and for few ``code_tries``. ``mail``: kind -> ``now`` or
    ``digest``; ``push``: kinds; ``summary``: the digest tells of tasks, too, at ``digest_hour`` on the
    agency's clocks. ``digest_at``: when the next one is due, ``digested_at``: up to when the last one told.
    """

    __tablename__ = "notification_choice"
    __table_args__ = (Index("ix_notification_choice_digest", "digest_at", **_DIGESTED),)

    user_id: Mapped[Id] = mapped_column(ForeignKey("app_user.id"), primary_key=True)
    email: Mapped[Name]
    confirmed_at: Mapped[datetime | None]
    code: Mapped[Id | None]
    code_until: Mapped[datetime | None]
    code_tries: Mapped[int]
    mail: Mapped[JsonValue]
    push: Mapped[JsonValue]
    summary: Mapped[bool]
    digest_hour: Mapped[int]
    digest_at: Mapped[datetime | None]
    digested_at: Mapped[datetime | None]


class Delivery(Base):
    """One thing to be sent to one person: written with what it tells of, ended once it was taken or given up.

    ``channel``: ``mail``, ``digest`` (``since``: from when on it tells), ``push`` (to ``subscription_id``).
    ``due_at``: when to try, put on while somebody tries. ``outcome``: of ``DeliveryOutcome``.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        Index("ix_delivery_underway", "due_at", **_UNDERWAY),
        Index(None, "notification_id"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    channel: Mapped[Id]
    user_id: Mapped[Id] = mapped_column(ForeignKey("app_user.id"))
    notification_id: Mapped[Id | None] = mapped_column(ForeignKey("notification.id"))
    subscription_id: Mapped[Id | None]
    since: Mapped[datetime | None]
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    tries: Mapped[int]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[Id | None]


class PushSubscription(Base):
    """A browser that shows what its user is told (W3C Push API). ``id``: the SHA-256 of ``endpoint``;
    ``p256dh`` and ``auth``: the browser's keys, in base64url (RFC 8291). ``login_id``: the login in which it
    was asked for; who ends that ends the telling too (one that runs out does not). ``device_id``: of
    ``KnownDevice``, for whoever signs out there in a later login, or is another user."""

    __tablename__ = "push_subscription"

    id: Mapped[Id] = mapped_column(primary_key=True)
    user_id: Mapped[Id] = mapped_column(ForeignKey("app_user.id"), index=True)
    endpoint: Mapped[str]
    p256dh: Mapped[Name]
    auth: Mapped[Name]
    agent: Mapped[Name]
    login_id: Mapped[Id | None] = mapped_column(index=True)
    device_id: Mapped[Id | None] = mapped_column(index=True)
    created_at: Mapped[datetime]


class PushKey(Base):
    """The key that push services know this installation by (VAPID, RFC 8292): one row. ``sealed``: the
    private key, by the key ``key_id`` of the key store; ``public``: in base64url."""

    __tablename__ = "push_key"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key_id: Mapped[Id]
    sealed: Mapped[bytes]
    public: Mapped[Name]
