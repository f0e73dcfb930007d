"""HTTP Basic for the machine API: verified once, then remembered for a short while.

For demonstrations and old clients; programs had better use an API token (``webapp.auth.bearer``).

Argon2 takes tens of milliseconds and megabytes on purpose, too much for every call. What is remembered is a
keyed hash of user and password, in the memory of this server only; it is worthless after a minute, and at
once when the user changes (password, groups, locked out).

It is remembered of an address, and ends with the first wrong password from there: whoever guesses finds
nothing remembered, and is counted (``webapp.auth.limits``).
"""

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from flask import Request

from engine import Credentials
from engine.types import Actor
from webapp.auth.lookup import stored_credentials
from webapp.auth.passwords import check_password
from webapp.auth.requirement import requires_factor

SECONDS = 60.0
"""How long a verified login is remembered."""

_KEPT = 1000
_key = secrets.token_bytes(32)


@dataclass(frozen=True)
class _Verified:
    proof: bytes
    mark: str
    until: float


_verified: dict[tuple[str, str], _Verified] = {}


class PasswordNotEnough(Exception):
    """The password is right, but this user has, or needs, a second factor: HTTP Basic has no room for it."""


def basic_actor(request: Request, may_try: Callable[[], None]) -> Actor | None:
    """Who makes a request with HTTP Basic; None without credentials, or with wrong ones.

    ``may_try`` is called before a password is tried that is not remembered, and raises where it may not be.
    Raises ``PasswordNotEnough``.
    """
    sent = request.authorization
    if sent is None or sent.type != "basic" or not sent.username or sent.password is None:
        return None
    stored = stored_credentials(sent.username)
    who = sent.username, request.remote_addr or ""
    proof = hmac.digest(_key, f"{sent.username}\0{sent.password}".encode(), hashlib.sha256)
    if stored is not None and _is_remembered(who, proof, stored):
        return stored.actor
    may_try()
    if not check_password(stored.password_hash if stored else None, sent.password) or stored is None:
        return None
    if stored.has_factor or requires_factor(stored.actor):
        raise PasswordNotEnough
    while len(_verified) >= _KEPT:
        _verified.pop(next(iter(_verified)), None)
    _verified[who] = _Verified(proof, stored.mark, time.monotonic() + SECONDS)
    return stored.actor


def _is_remembered(who: tuple[str, str], proof: bytes, stored: Credentials) -> bool:
    """Whether this user has just shown this password from this address. Any other one ends that."""
    known = _verified.get(who)
    fresh = known and known.mark == stored.mark and time.monotonic() < known.until
    if known and fresh and hmac.compare_digest(known.proof, proof):
        return not (stored.has_factor or requires_factor(stored.actor))
    _verified.pop(who, None)
    return False
