"""HTTP Basic for the machine API: verified once, then remembered for a short while.

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

from engine import get_actor
from engine.types import Actor
from webapp.auth.lookup import stored_credentials
from webapp.auth.passwords import check_password
from webapp.db import database

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


def basic_actor(request: Request) -> Actor | None:
    """Who makes a request with HTTP Basic; None without credentials, or with wrong ones."""
    sent = request.authorization
    if sent is None or sent.type != "basic" or not sent.username or sent.password is None:
        return None
    stored = stored_credentials(sent.username)
    if not _is_verified(sent.username, sent.password, stored):
        return None
    return get_actor(database(), sent.username)


def _is_verified(user_id: str, password: str, stored: tuple[str, str] | None) -> bool:
    """``stored``: the password's hash, and the mark that changes with the user; None for nobody."""
    proof = hmac.digest(_key, f"{user_id}\0{password}".encode(), hashlib.sha256)
    known, now = _verified.get(user_id), time.monotonic()
    fresh = stored and known and known.mark == stored[1] and now < known.until
    if known and fresh and hmac.compare_digest(known.proof, proof):
        return True
    if not check_password(stored[0] if stored else None, password):
        return False
    while len(_verified) >= _KEPT:
        _verified.pop(next(iter(_verified)), None)
    _verified[user_id] = _Verified(proof, stored[1] if stored else "", now + SECONDS)
    return True
