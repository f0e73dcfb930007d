"""What users sign in with besides a password, and what they let programs do.

No secret lies here as it is: of what is drawn at random only the SHA-256 is kept, the key of an authenticator
app is sealed.
"""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.tables.base import Base, Id, JsonValue, Name


class Totp(Base):
    """A user's authenticator app (RFC 6238). ``sealed_key``: by the key ``key_id`` of the key store; None: by
    the server's secret, as earlier releases did. ``confirmed_at``: None until a first code was right;
    ``last_step``: of the code that was used last, so that none works twice."""

    __tablename__ = "totp"

    user_id: Mapped[Id] = mapped_column(ForeignKey("app_user.id"), primary_key=True)
    key_id: Mapped[Id | None]
    sealed_key: Mapped[bytes]
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)


class Passkey(Base):
    """A WebAuthn credential. ``id``: the SHA-256 of ``credential_id`` (which may have 1,023 bytes)."""

    __tablename__ = "passkey"

    id: Mapped[Id] = mapped_column(primary_key=True)
    user_id: Mapped[Id] = mapped_column(ForeignKey("app_user.id"), index=True)
    label: Mapped[Name]
    credential_id: Mapped[bytes]
    public_key: Mapped[bytes]
    sign_count: Mapped[int] = mapped_column(BigInteger)
    transports: Mapped[JsonValue]
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class RecoveryCode(Base):
    """A code that stands in once for a lost second factor. ``id``: its SHA-256 (it has 120 random bits)."""

    __tablename__ = "recovery_code"

    user_id: Mapped[Id] = mapped_column(ForeignKey("app_user.id"), primary_key=True)
    id: Mapped[Id] = mapped_column(primary_key=True)


class ApiToken(Base):
    """What a program signs in with, in its owner's name. ``secret``: the token's SHA-256."""

    __tablename__ = "api_token"

    id: Mapped[Id] = mapped_column(primary_key=True)
    user_id: Mapped[Id] = mapped_column(ForeignKey("app_user.id"), index=True)
    secret: Mapped[Id] = mapped_column(unique=True)
    label: Mapped[Name]
    scopes: Mapped[JsonValue]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class KnownDevice(Base):
    """A browser in which a user has signed in before: ``id`` is the SHA-256 of its cookie. Whoever tries
    passwords elsewhere does not slow this one down."""

    __tablename__ = "known_device"

    id: Mapped[Id] = mapped_column(primary_key=True)
    user_id: Mapped[Id] = mapped_column(ForeignKey("app_user.id"), primary_key=True)
    expires_at: Mapped[datetime]


class ExternalIdentity(Base):
    """Who a user is at an OpenID provider: issuer and subject, never an e-mail address. ``managed``: the
    account was made from there, and its groups follow the provider's."""

    __tablename__ = "external_identity"

    issuer: Mapped[Name] = mapped_column(primary_key=True)
    subject: Mapped[Name] = mapped_column(primary_key=True)
    user_id: Mapped[Id] = mapped_column(ForeignKey("app_user.id"), index=True)
    managed: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


class SignInChallenge(Base):
    """What was asked and is to be answered once: a passkey's challenge, a way to a provider and back.

    ``id``: the SHA-256 of the secret that the asker keeps."""

    __tablename__ = "sign_in_challenge"

    id: Mapped[Id] = mapped_column(primary_key=True)
    purpose: Mapped[Id]
    payload: Mapped[JsonValue]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class Attempts(Base):
    """How often something was tried in vain until ``ends_at``: passwords of a user at an address, codes.

    ``id``: made by the caller with its secret, so that no name and no address can be read from it.
    """

    __tablename__ = "attempts"

    id: Mapped[Id] = mapped_column(primary_key=True)
    number: Mapped[int]
    ends_at: Mapped[datetime] = mapped_column(index=True)


class KeptForm(Base):
    """What was filled in when the login had ended, or a proof was asked for first; gone after ``ends_at``.

    ``sealed``: with a secret that the browser of ``user_id`` keeps, and nobody else.
    """

    __tablename__ = "kept_form"

    id: Mapped[Id] = mapped_column(primary_key=True)
    user_id: Mapped[Id] = mapped_column(index=True)
    sealed: Mapped[bytes]
    ends_at: Mapped[datetime] = mapped_column(index=True)


class SignInEvent(Base):
    """What happened to a user's account, for the user to look at. ``by``: who did it."""

    __tablename__ = "sign_in_event"
    __table_args__ = (Index(None, "user_id", "seq"),)

    seq: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer(), "sqlite"), Identity(), primary_key=True
    )
    user_id: Mapped[Id] = mapped_column(ForeignKey("app_user.id"))
    at: Mapped[datetime]
    event: Mapped[Id]
    by: Mapped[Id]
    address: Mapped[Id]
