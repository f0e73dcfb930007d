"""Logins, the browsers they were made in, and questions that are answered once.

Each is named by a secret that its holder keeps; the database knows its SHA-256 only.
"""

import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, delete, insert, or_, select, update

from engine import clock
from engine.store import writing
from engine.store.fingerprints import fingerprint
from engine.store.tables import KnownDevice, LoginSession, PushSubscription, SignInChallenge, SignInEvent
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


def replace_login(database: Engine, secret: str, by: str) -> None:
    """End a login in whose browser the login ``by`` has begun; both are told by their secrets.

    What its user is told there goes on with the new one; where that is another user, it ends.
    """
    old, new = fingerprint(secret), fingerprint(by)
    told = PushSubscription.login_id == old
    same = (
        PushSubscription.user_id
        == select(LoginSession.user_id).where(LoginSession.id == new).scalar_subquery()
    )
    with writing(database) as tx:
        tx.execute(update(PushSubscription).where(told, same).values(login_id=new))
        tx.execute(delete(PushSubscription).where(told))
        tx.execute(delete(LoginSession).where(LoginSession.id == old))


def close_login(database: Engine, secret: str, device: str = "") -> None:
    """End a login, and what was to be told until its end; an unknown one is ended already.

    ``device``: the secret of the browser in which its user signs out. It tells nobody any more then, however
    many logins ago it was asked to.
    """
    told = PushSubscription.login_id == fingerprint(secret)
    if device:
        told = or_(told, PushSubscription.device_id == fingerprint(device))
    with writing(database) as tx:
        tx.execute(delete(LoginSession).where(LoginSession.id == fingerprint(secret)))
        tx.execute(delete(PushSubscription).where(told))


def end_logins(tx: Connection, user_id: str) -> None:
    """End all logins of a user, and what browsers tell the user: a stolen phone shows nothing any more."""
    for table in (LoginSession, PushSubscription):
        tx.execute(delete(table).where(table.user_id == user_id))


def end_login(database: Engine, actor: Actor, login_id: str) -> bool:
    """End one of one's own logins, by the id of its view. Whether there was one."""
    own = (LoginSession.user_id == actor.user_id, LoginSession.id == login_id)
    with writing(database) as tx:
        ended = tx.execute(delete(LoginSession).where(*own)).rowcount > 0
        if ended:
            tx.execute(delete(PushSubscription).where(PushSubscription.login_id == login_id))
        return ended


def end_other_logins(database: Engine, actor: Actor, kept_id: str = "") -> int:
    """End one's own logins but ``kept_id``, and what browsers tell in them; how many there were."""
    others = (LoginSession.user_id == actor.user_id, LoginSession.id != kept_id)
    told = PushSubscription.user_id == actor.user_id, PushSubscription.login_id.is_distinct_from(kept_id)
    with writing(database) as tx:
        tx.execute(delete(PushSubscription).where(*told))
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

    Returns its secret: a new one where nobody has signed in with that one within its time. It is one screen:
    what others are told there ends.
    """
    now, id = clock.now(), fingerprint(secret)
    with writing(database) as tx:
        tx.execute(delete(KnownDevice).where(KnownDevice.expires_at < now))
        known = set(tx.scalars(select(KnownDevice.user_id).where(KnownDevice.id == id)))
        others = PushSubscription.user_id.not_in(known & {user_id})
        tx.execute(delete(PushSubscription).where(PushSubscription.device_id == id, others))
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
