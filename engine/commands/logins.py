"""Logins, the browsers they were made in, and questions that are answered once.

Each is named by a secret that its holder keeps; the database knows its SHA-256 only.
"""

import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, delete, insert, select, update

from engine import clock
from engine.store import writing
from engine.store.fingerprints import fingerprint
from engine.store.tables import KnownDevice, LoginSession, SignInChallenge, SignInEvent
from engine.types import Actor

_LONGEST_AGENT, _LONGEST_ADDRESS = 255, 64
_EVENTS_KEPT = timedelta(days=365)


def open_login(
    database: Engine,
    user_id: str,
    hours: float,
    *,
    method: str = "password",
    strong: bool = False,
    address: str = "",
    agent: str = "",
) -> str:
    """Begin a login that lasts ``hours``; returns its secret. Forgets logins that have run out.

    ``strong``: two factors were proved. ``address`` and ``agent`` tell its owner which one it is.
    """
    secret, now = secrets.token_urlsafe(32), clock.now()
    row = {
        "id": fingerprint(secret),
        "user_id": user_id,
        "created_at": now,
        "expires_at": now + timedelta(hours=hours),
        "seen_at": now,
        "proved_at": now,
        "strong": strong,
        "method": method,
        "address": address[:_LONGEST_ADDRESS],
        "agent": agent[:_LONGEST_AGENT],
    }
    with writing(database) as tx:
        tx.execute(delete(LoginSession).where(LoginSession.expires_at < now))
        tx.execute(insert(LoginSession).values(row))
    return secret


def close_login(database: Engine, secret: str) -> None:
    """End a login; an unknown one is ended already."""
    with writing(database) as tx:
        tx.execute(delete(LoginSession).where(LoginSession.id == fingerprint(secret)))


def end_login(database: Engine, actor: Actor, login_id: str) -> bool:
    """End one of one's own logins, by the id of its view. Whether there was one."""
    own = (LoginSession.user_id == actor.user_id, LoginSession.id == login_id)
    with writing(database) as tx:
        return tx.execute(delete(LoginSession).where(*own)).rowcount > 0


def end_other_logins(database: Engine, actor: Actor, kept_id: str = "") -> int:
    """End one's own logins but ``kept_id``; how many there were."""
    others = (LoginSession.user_id == actor.user_id, LoginSession.id != kept_id)
    with writing(database) as tx:
        return tx.execute(delete(LoginSession).where(*others)).rowcount


def see_login(database: Engine, login_id: str) -> None:
    """Note that a login was used now."""
    with writing(database) as tx:
        tx.execute(update(LoginSession).where(LoginSession.id == login_id).values(seen_at=clock.now()))


def prove_login(database: Engine, login_id: str) -> None:
    """Note that the user of a login has proved again to be the one."""
    with writing(database) as tx:
        tx.execute(update(LoginSession).where(LoginSession.id == login_id).values(proved_at=clock.now()))


def remember_device(database: Engine, user_id: str, secret: str, days: int) -> str:
    """Note that ``user_id`` has signed in with the browser that keeps ``secret`` ("" for a new one).

    Returns its secret: a new one where nobody has signed in with that one within its time.
    """
    now, id = clock.now(), fingerprint(secret)
    with writing(database) as tx:
        tx.execute(delete(KnownDevice).where(KnownDevice.expires_at < now))
        known = set(tx.scalars(select(KnownDevice.user_id).where(KnownDevice.id == id)))
        if not known:
            secret = secrets.token_urlsafe(32)
            id = fingerprint(secret)
        until = {"expires_at": now + timedelta(days=days)}
        if user_id in known:
            mine = (KnownDevice.id == id, KnownDevice.user_id == user_id)
            tx.execute(update(KnownDevice).where(*mine).values(until))
        else:
            tx.execute(insert(KnownDevice).values(id=id, user_id=user_id, **until))
    return secret


def put_challenge(database: Engine, purpose: str, payload: Any, seconds: int) -> str:
    """Keep what is to be answered within ``seconds``; returns the secret to take it back with."""
    secret, now = secrets.token_urlsafe(32), clock.now()
    with writing(database) as tx:
        tx.execute(delete(SignInChallenge).where(SignInChallenge.expires_at < now))
        tx.execute(
            insert(SignInChallenge).values(
                id=fingerprint(secret),
                purpose=purpose,
                payload=payload,
                expires_at=now + timedelta(seconds=seconds),
            )
        )
    return secret


def take_challenge(database: Engine, purpose: str, secret: str) -> Any:
    """What was kept under ``secret`` for ``purpose``; None where it ran out or was taken before."""
    mine = (SignInChallenge.id == fingerprint(secret), SignInChallenge.purpose == purpose)
    with writing(database) as tx:
        found = tx.execute(select(SignInChallenge.payload, SignInChallenge.expires_at).where(*mine)).first()
        if found is None or tx.execute(delete(SignInChallenge).where(*mine)).rowcount == 0:
            return None
    return found.payload if found.expires_at > clock.now() else None


def note_sign_in_event(database: Engine, user_id: str, event: str, by: str, address: str = "") -> None:
    """Tell a user what happened to the account. Forgets what is older than a year."""
    now: datetime = clock.now()
    of_user = SignInEvent.user_id == user_id
    with writing(database) as tx:
        tx.execute(delete(SignInEvent).where(of_user, SignInEvent.at < now - _EVENTS_KEPT))
        tx.execute(
            insert(SignInEvent).values(
                user_id=user_id, at=now, event=event, by=by, address=address[:_LONGEST_ADDRESS]
            )
        )
