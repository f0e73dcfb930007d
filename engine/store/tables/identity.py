"""Agencies (the tenants), users, what a user belongs to, and logins."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.tables.base import Base, Id, JsonValue, Name


class Agency(Base):
    """A tenant. ``profile`` is its ``agency.toml`` as JSON."""

    __tablename__ = "agency"

    id: Mapped[Id] = mapped_column(primary_key=True)
    name: Mapped[Name]
    profile: Mapped[JsonValue]


class User(Base):
    """A person. ``password_hash`` is argon2's text; ``admin`` keeps users and agencies and sees no case."""

    __tablename__ = "app_user"

    id: Mapped[Id] = mapped_column(primary_key=True)
    name: Mapped[Name]
    password_hash: Mapped[str]
    admin: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    language: Mapped[str] = mapped_column(default="id")
    changed_at: Mapped[datetime]


class Membership(Base):
    """A user holds a candidate group or a role (``manajer``, ``analis``) in an agency."""

    __tablename__ = "membership"
    __table_args__ = (Index(None, "agency_id", "group_id"),)

    user_id: Mapped[Id] = mapped_column(ForeignKey("app_user.id"), primary_key=True)
    agency_id: Mapped[Id] = mapped_column(ForeignKey("agency.id"), primary_key=True)
    group_id: Mapped[Id] = mapped_column(primary_key=True)


class LoginSession(Base):
    """A login. ``id`` is the SHA-256 of what the cookie carries, so a copy of the database opens no door;
    deleting the row ends the login at the next request.

    ``proved_at``: when the user last proved to be the one; ``strong``: with two factors; ``method``: how.
    """

    __tablename__ = "login_session"

    id: Mapped[Id] = mapped_column(primary_key=True)
    user_id: Mapped[Id] = mapped_column(ForeignKey("app_user.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    proved_at: Mapped[datetime]
    strong: Mapped[bool] = mapped_column(default=False)
    method: Mapped[Id]
    address: Mapped[Id]
    agent: Mapped[Name]
