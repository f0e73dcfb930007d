"""Failed sign-ins are counted; whoever has too many waits. Kept in the memory of the server: a restart
forgets them.

Counted are: an address; a user at an address; a user at all addresses together, against guessing from many
machines. A browser in which the user has signed in before is counted by itself alone, so that nobody can
lock a colleague out by failing in the colleague's name.
"""

import time
from collections.abc import Iterable
from hashlib import sha256

from flask import request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits import RateLimitItem, parse
from werkzeug.exceptions import TooManyRequests

from webapp.auth.devices import device_secret, is_known

PER_ADDRESS = "30 per 5 minutes"
PER_USER = "10 per 5 minutes"
PER_USER_EVERYWHERE = "100 per 60 minutes"
PER_CHALLENGE = "60 per 5 minutes"
PER_FACTOR = "5 per 10 minutes"
PER_FACTOR_A_DAY = "30 per 24 hours"
_PER_ADDRESS, _PER_USER, _EVERYWHERE = parse(PER_ADDRESS), parse(PER_USER), parse(PER_USER_EVERYWHERE)
_FACTOR, _FACTOR_A_DAY, _CHALLENGE = parse(PER_FACTOR), parse(PER_FACTOR_A_DAY), parse(PER_CHALLENGE)
_LONGEST_ID = 64

Counts = Iterable[tuple[RateLimitItem, tuple[str, ...]]]
"""What is counted, under which keys."""

limiter = Limiter(get_remote_address, storage_uri="memory://", headers_enabled=True)


def password_counts(door: str, user_id: str) -> Counts:
    """What a wrong password counts against; ``door``: the form or the API, each counts by itself."""
    user_id, address = user_id[:_LONGEST_ID], get_remote_address()
    if door == "form" and is_known(user_id):
        device = sha256(device_secret().encode()).hexdigest()
        return ((_PER_USER, (door, "device", device, user_id)),)
    return (
        (_PER_ADDRESS, (door, "address", address)),
        (_PER_USER, (door, "user", user_id, address)),
        (_EVERYWHERE, ("everywhere", user_id)),
    )


def address_counts(door: str) -> Counts:
    """What counts against an address alone, where nobody is named: wrong tokens and passkeys."""
    return ((_PER_ADDRESS, (door, "address", get_remote_address())),)


def challenge_counts() -> Counts:
    """What a stranger may have us keep in the database."""
    return ((_CHALLENGE, ("challenge", get_remote_address())),)


def factor_counts(user_id: str) -> Counts:
    """What a wrong second factor counts against. Whoever gets here has shown the user's password."""
    return ((_FACTOR, ("factor", user_id)), (_FACTOR_A_DAY, ("factor", user_id)))


def require_few(counts: Counts) -> None:
    """Raise ``TooManyRequests`` where one of these is used up.

    By hand and not by the extension's decorators: those cost every call of the API a tenth of its time.
    """
    for limit, key in counts:
        if not limiter.limiter.test(limit, *key):
            until = limiter.limiter.get_window_stats(limit, *key).reset_time
            raise TooManyRequests(retry_after=max(1, int(until - time.time()) + 1))


def count(counts: Counts) -> None:
    """Count one more."""
    for limit, key in counts:
        limiter.limiter.hit(limit, *key)


def basic_user() -> str:
    """The user whom a request with HTTP Basic names, or nothing."""
    sent = request.authorization
    return (sent.username or "") if sent is not None and sent.type == "basic" else ""
