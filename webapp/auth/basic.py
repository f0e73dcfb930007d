"""HTTP Basic for the machine API: verified once, then remembered for a short while.

For demonstrations and old clients; programs had better use an API token (``webapp.auth.bearer``).

Argon2 takes tens of milliseconds and megabytes on purpose, too much for every call. What is remembered is a
keyed hash of user and password, in the memory of this server only; it is worthless after a minute, and at
once when the user changes (password, groups, locked out).
"""

import hashlib
import hmac
import secrets
import time
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


_verified: dict[str, _Verified] = {}


class PasswordNotEnough(Exception):
    """The password is right, but this user has, or needs, a second factor: HTTP Basic has no room for it."""


def basic_actor(request: Request) -> Actor | None:
    """Who makes a request with HTTP Basic; None without credentials, or with wrong ones.

    Raises ``PasswordNotEnough``.
    """
    sent = request.authorization
    if sent is None or sent.type != "basic" or not sent.username or sent.password is None:
        return None
    stored = stored_credentials(sent.username)
    if not _is_verified(sent.username, sent.password, stored) or stored is None:
        return None
    if stored.has_factor or requires_factor(stored.actor):
        raise PasswordNotEnough
    return stored.actor


def _is_verified(user_id: str, password: str, stored: Credentials | None) -> bool:
    """``stored``: None for nobody."""
    proof = hmac.digest(_key, f"{user_id}\0{password}".encode(), hashlib.sha256)
    known, now = _verified.get(user_id), time.monotonic()
    fresh = stored and known and known.mark == stored.mark and now < known.until
    if known and fresh and hmac.compare_digest(known.proof, proof):
        return True
    if not check_password(stored.password_hash if stored else None, password):
        return False
    while len(_verified) >= _KEPT:
        _verified.pop(next(iter(_verified)), None)
    _verified[user_id] = _Verified(proof, stored.mark if stored else "", now + SECONDS)
    return True
