"""Browsers that tell their user by push, and the key that push services know this installation by."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, Row, delete, insert, select, update

from engine import clock
from engine.commands.choosing import put_choice
from engine.errors import StateConflict
from engine.secrecy import keys_of
from engine.store import reading, writing
from engine.store.fingerprints import fingerprint
from engine.store.tables import Delivery, PushKey, PushSubscription, table_of
from engine.types import Actor
from engine.types.delivery import PushTarget

MOST_BROWSERS = 10
_KEY = table_of(PushKey)


def subscribe_browser(
    database: Engine,
    actor: Actor,
    endpoint: str,
    p256dh: str,
    auth: str,
    agent: str = "",
    *,
    login_id: str | None = None,
    device: str = "",
) -> str:
    """Tell the actor by this browser from now on; returns its id.

    That ends with the login ``login_id``, and when somebody signs out in, or another signs in with, the
    browser that keeps the secret ``device`` (``remember_device``). Whoever it belonged to before is
    told there no more: it is one screen. Raises ``StateConflict`` for more than ``MOST_BROWSERS``.
    """
    browser_id = fingerprint(endpoint)
    keys = {"p256dh": p256dh, "auth": auth}
    values = {"user_id": actor.user_id, "agent": agent[:255], "login_id": login_id, **keys}
    values["device_id"] = fingerprint(device) if device else None
    with writing(database) as tx:
        own = select(PushSubscription.id).where(PushSubscription.user_id == actor.user_id)
        if len(set(tx.scalars(own)) - {browser_id}) >= MOST_BROWSERS:
            raise StateConflict
        put_choice(tx, actor.user_id, {})
        known = update(PushSubscription).where(PushSubscription.id == browser_id)
        if not tx.execute(known.values(**values)).rowcount:
            row = {"id": browser_id, "endpoint": endpoint, "created_at": clock.now(), **values}
            tx.execute(insert(PushSubscription).values(**row))
        tx.execute(
            delete(Delivery).where(Delivery.subscription_id == browser_id, Delivery.user_id != actor.user_id)
        )
    return browser_id


def unsubscribe_browser(database: Engine, actor: Actor, browser_id: str) -> bool:
    """Tell one's browser no more. Whether there was one."""
    own = (PushSubscription.id == browser_id, PushSubscription.user_id == actor.user_id)
    with writing(database) as tx:
        return tx.execute(delete(PushSubscription).where(*own)).rowcount > 0


def drop_browser(database: Engine, target: PushTarget) -> None:
    """Forget a browser that is not there any more, as its push service says (RFC 8030, 7.3)."""
    with writing(database) as tx:
        tx.execute(delete(PushSubscription).where(PushSubscription.id == target.id))


def push_key(database: Engine, make: Callable[[], tuple[bytes, str]]) -> tuple[bytes, str]:
    """The key of this installation for push services: (private key, public key in base64url).

    ``make()`` gives such a pair, where there is none yet. The private one lies sealed, by a key of its own of
    the key store. Raises ``KeysUnavailable``.
    """
    with reading(database) as tx:
        row = tx.execute(select(_KEY)).one_or_none()
    if row is None:
        row = _new_push_key(database, make)
    key = keys_of(database).find(row.key_id)
    if key is None:
        raise StateConflict
    return key.open("push", row.sealed), row.public


def _new_push_key(database: Engine, make: Callable[[], tuple[bytes, str]]) -> Row[Any]:
    private, public = make()
    with writing(database) as tx:
        if (row := tx.execute(select(_KEY).with_for_update()).one_or_none()) is not None:
            return row
        key = keys_of(tx).take()
        sealed = key.seal("push", private)
        tx.execute(insert(_KEY).values(number=1, key_id=key.id, sealed=sealed, public=public))
        return tx.execute(select(_KEY)).one()
