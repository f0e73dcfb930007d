"""Failed sign-ins are counted; whoever has too many waits. The counts lie in the database, for all servers
together: a restart forgets none, and a second server gives nobody twice the tries.

Counted are: an address; a user at an address; a user at all addresses together, against guessing from many
machines. A browser in which the user has signed in before is counted by itself alone, so that nobody can
lock a colleague out by failing in the colleague's name.
"""

import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from flask import current_app, request
from werkzeug.exceptions import TooManyRequests

from engine import clock
from engine.desk import attempts, count_attempts
from webapp.auth.devices import device_secret, is_known
from webapp.db import database


@dataclass(frozen=True)
class Limit:
    """So many within so long."""

    most: int
    window: timedelta


PER_ADDRESS = Limit(30, timedelta(minutes=5))
PER_USER = Limit(10, timedelta(minutes=5))
PER_USER_EVERYWHERE = Limit(100, timedelta(hours=1))
PER_CHALLENGE = Limit(60, timedelta(minutes=5))
PER_FACTOR = Limit(5, timedelta(minutes=10))
PER_FACTOR_A_DAY = Limit(30, timedelta(days=1))
PER_CODE = Limit(5, timedelta(hours=1))
_LONGEST_ID = 64

Counts = Iterable[tuple[Limit, tuple[str, ...]]]
"""What is counted, under which keys."""


def password_counts(door: str, user_id: str) -> Counts:
    """What a wrong password counts against; ``door``: the form or the API, each counts by itself."""
    user_id, address = user_id[:_LONGEST_ID], _address()
    if door == "form" and is_known(user_id):
        device = sha256(device_secret().encode()).hexdigest()
        return ((PER_USER, (door, "device", device, user_id)),)
    return (
        (PER_ADDRESS, (door, "address", address)),
        (PER_USER, (door, "user", user_id, address)),
        (PER_USER_EVERYWHERE, ("everywhere", user_id)),
    )


def address_counts(door: str) -> Counts:
    """What counts against an address alone, where nobody is named: wrong tokens and passkeys."""
    return ((PER_ADDRESS, (door, "address", _address())),)


def challenge_counts() -> Counts:
    """What a stranger may have us keep in the database."""
    return ((PER_CHALLENGE, ("challenge", _address())),)


def code_counts(user_id: str) -> Counts:
    """Mails with a code that a user may have us send, to whatever address."""
    return ((PER_CODE, ("code", user_id[:_LONGEST_ID])),)


def factor_counts(user_id: str) -> Counts:
    """What a wrong second factor counts against. Whoever gets here has shown the user's password."""
    return ((PER_FACTOR, ("factor", user_id)), (PER_FACTOR_A_DAY, ("factor", user_id)))


def require_few(counts: Counts) -> None:
    """Raise ``TooManyRequests`` where one of these is used up."""
    limits = {_id(limit, key): limit for limit, key in counts}
    for id, (number, until) in attempts(database(), limits).items():
        if number >= limits[id].most:
            raise TooManyRequests(retry_after=int((until - clock.now()).total_seconds()) + 1)


def count(counts: Counts) -> None:
    """Count one more."""
    count_attempts(database(), {_id(limit, key): limit.window for limit, key in counts})


def _id(limit: Limit, key: tuple[str, ...]) -> str:
    """What the database knows a count by. Nobody reads from it what was typed as a name: it may have been a
    password."""
    what = json.dumps([limit.most, limit.window.total_seconds(), *key]).encode()
    return hmac.digest(str(current_app.config["SECRET_KEY"]).encode(), what, sha256).hex()


def _address() -> str:
    return request.remote_addr or ""


def basic_user() -> str:
    """The user whom a request with HTTP Basic names, or nothing."""
    sent = request.authorization
    return (sent.username or "") if sent is not None and sent.type == "basic" else ""
