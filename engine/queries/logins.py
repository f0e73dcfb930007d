"""Who a login or a token is, and what a user signs in with."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Engine, Row, bindparam, func, select

from engine import clock
from engine.queries.identity import ACTS, HAS_FACTOR, USER_ROWS, actor_of, user_of
from engine.secrecy import keys_of
from engine.store import reading, reading_once
from engine.store.fingerprints import fingerprint
from engine.store.tables import (
    ApiToken,
    ExternalIdentity,
    KnownDevice,
    LoginSession,
    Passkey,
    RecoveryCode,
    SignInEvent,
    Totp,
    User,
    table_of,
)
from engine.types import Actor
from engine.types.sign_in import (
    Bearer,
    Factors,
    LoginActor,
    LoginView,
    PasskeyView,
    SignInEventView,
    TokenView,
    TotpKey,
)

_USER, _LOGIN, _TOKEN = table_of(User), table_of(LoginSession), table_of(ApiToken)
_LOGIN_FIELDS: list[ColumnElement[Any]] = [
    _LOGIN.c[name].label(f"login_{name}") for name in LoginView.__dataclass_fields__
]
_TOKEN_FIELDS: list[ColumnElement[Any]] = [
    _TOKEN.c[name].label(f"token_{name}") for name in TokenView.__dataclass_fields__
]
_OF_LOGIN = (
    USER_ROWS.add_columns(*_LOGIN_FIELDS, ACTS, HAS_FACTOR.label("has_factor"))
    .join(_LOGIN, _LOGIN.c.user_id == _USER.c.id)
    .where(
        _LOGIN.c.id == bindparam("login_id"),
        _LOGIN.c.expires_at > bindparam("now"),
        _LOGIN.c.seen_at > bindparam("idle_since"),
    )
)
_OF_TOKEN = (
    USER_ROWS.add_columns(*_TOKEN_FIELDS, ACTS, HAS_FACTOR.label("has_factor"))
    .join(_TOKEN, _TOKEN.c.user_id == _USER.c.id)
    .where(_TOKEN.c.secret == bindparam("secret"), _TOKEN.c.expires_at > bindparam("now"))
)
_FOREVER = timedelta(days=36_500)

UnsealEarlier = Callable[[str, bytes], bytes | None]
"""Opens, of a user id, the key of an app that an earlier release has sealed; None where it cannot."""


def totp_purpose(user_id: str) -> str:
    """What the key of a user's authenticator app is sealed for: another user's opens nothing."""
    return f"totp {user_id}"


def login_actor(database: Engine, secret: str, idle: timedelta = _FOREVER) -> LoginActor | None:
    """Who a login is; None where it has ended, run out or not been used for ``idle``, or the user may not
    enter any more."""
    now = clock.now()
    sought = {"login_id": fingerprint(secret), "now": now, "idle_since": now - idle}
    with reading_once(database) as tx:
        rows = tx.execute(_OF_LOGIN, sought).all()
        if not rows or not rows[0].active:
            return None
        actor = actor_of(tx, rows)
    return LoginActor(actor, user_of(rows), _login(rows[0]), bool(rows[0].has_factor))


def list_logins(database: Engine, actor: Actor, idle: timedelta = _FOREVER) -> list[LoginView]:
    """One's own logins that are still good, the last used first."""
    now = clock.now()
    good = (_LOGIN.c.user_id == actor.user_id, _LOGIN.c.expires_at > now, _LOGIN.c.seen_at > now - idle)
    with reading(database) as tx:
        rows = tx.execute(select(*_LOGIN_FIELDS).where(*good).order_by(_LOGIN.c.seen_at.desc()))
        return [_login(row) for row in rows]


def knows_device(database: Engine, user_id: str, secret: str) -> bool:
    """Whether ``user_id`` has signed in before with the browser that keeps ``secret``."""
    known = (
        KnownDevice.id == fingerprint(secret),
        KnownDevice.user_id == user_id,
        KnownDevice.expires_at > clock.now(),
    )
    with reading(database) as tx:
        return tx.execute(select(KnownDevice.id).where(*known)).first() is not None


def factors(database: Engine, user_id: str) -> Factors:
    """What a user can prove with besides a password."""
    totp = select(Totp.confirmed_at).where(Totp.user_id == user_id)
    codes = select(func.count()).select_from(RecoveryCode).where(RecoveryCode.user_id == user_id)
    passkeys = select(table_of(Passkey)).where(Passkey.user_id == user_id).order_by(Passkey.created_at)
    with reading(database) as tx:
        return Factors(
            tx.scalars(totp).first(),
            tuple(_passkey(row) for row in tx.execute(passkeys)),
            tx.scalars(codes).one(),
        )


def totp_key(database: Engine, user_id: str, unseal_earlier: UnsealEarlier) -> TotpKey | None:
    """The key of a user's authenticator app, set up or being set up; None without one that can be read.

    ``unseal_earlier``: opens what an earlier release has sealed. Raises ``SecretUnavailable`` where the key
    store is away, or the row was changed.
    """
    with reading(database) as tx:
        found = tx.execute(select(table_of(Totp)).where(Totp.user_id == user_id)).first()
    if found is None:
        return None
    if found.key_id is None:
        opened = unseal_earlier(user_id, found.sealed_key)
    else:
        seal = keys_of(database).readable(found.key_id)
        opened = seal.open(totp_purpose(user_id), found.sealed_key) if seal else None
    return None if opened is None else TotpKey(opened, found.confirmed_at is not None)


def find_passkey(database: Engine, credential_id: bytes) -> PasskeyView | None:
    """The passkey that a browser calls ``credential_id``; None where nobody has it."""
    wanted = select(table_of(Passkey)).where(Passkey.id == fingerprint(credential_id))
    with reading(database) as tx:
        found = tx.execute(wanted).first()
    return _passkey(found) if found else None


def list_tokens(database: Engine, actor: Actor) -> list[TokenView]:
    """One's own API tokens, the newest first; those that have run out too."""
    own = select(*_TOKEN_FIELDS).where(_TOKEN.c.user_id == actor.user_id)
    with reading(database) as tx:
        rows = tx.execute(own.order_by(_TOKEN.c.created_at.desc(), _TOKEN.c.id.desc()))
        return [_token(row) for row in rows]


def token_bearer(database: Engine, token: str) -> Bearer | None:
    """Who sent a token; None where there is none such, it has run out, or its owner may not enter."""
    with reading_once(database) as tx:
        rows = tx.execute(_OF_TOKEN, {"secret": fingerprint(token), "now": clock.now()}).all()
        if not rows or not rows[0].active:
            return None
        actor = actor_of(tx, rows)
    return Bearer(actor, _token(rows[0]), bool(rows[0].has_factor))


def identified_user(database: Engine, issuer: str, subject: str) -> tuple[str, bool] | None:
    """The id of the user who is ``subject`` at ``issuer``, and whether the account was made from there."""
    wanted = (ExternalIdentity.issuer == issuer, ExternalIdentity.subject == subject)
    with reading(database) as tx:
        found = tx.execute(select(ExternalIdentity.user_id, ExternalIdentity.managed).where(*wanted)).first()
    return (found.user_id, found.managed) if found else None


def identity_link(database: Engine, actor: Actor, issuer: str) -> bool | None:
    """Whether one's own link to ``issuer`` is one that one's account was made from; None without a link."""
    own = (ExternalIdentity.issuer == issuer, ExternalIdentity.user_id == actor.user_id)
    with reading(database) as tx:
        return tx.scalars(select(ExternalIdentity.managed).where(*own)).first()


def list_sign_in_events(database: Engine, actor: Actor, most: int = 20) -> list[SignInEventView]:
    """What happened to one's own account, the latest first."""
    own = select(SignInEvent).where(SignInEvent.user_id == actor.user_id)
    columns = own.with_only_columns(SignInEvent.at, SignInEvent.event, SignInEvent.by, SignInEvent.address)
    with reading(database) as tx:
        rows = tx.execute(columns.order_by(SignInEvent.seq.desc()).limit(most))
        return [SignInEventView(*row) for row in rows]


def _login(row: Row[Any]) -> LoginView:
    return LoginView(*(getattr(row, f"login_{name}") for name in LoginView.__dataclass_fields__))


def _token(row: Row[Any]) -> TokenView:
    values = {name: getattr(row, f"token_{name}") for name in TokenView.__dataclass_fields__}
    return TokenView(**values | {"scopes": tuple(values["scopes"])})


def _passkey(row: Row[Any]) -> PasskeyView:
    values = {name: getattr(row, name) for name in PasskeyView.__dataclass_fields__}
    return PasskeyView(**values | {"transports": tuple(values["transports"])})
