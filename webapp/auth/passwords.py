"""Hashing and checking passwords with argon2id."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LONGEST = 1024
"""Characters; a longer one is never right (hashing megabytes would keep the server busy)."""

SHORTEST = 10
"""Characters a new password must have."""

NO_PASSWORD = "-"  # noqa: S105 - what stands there is no hash, so no password fits
"""Stands where the hash of a password would, for users who sign in through an OpenID provider only."""

_hasher = PasswordHasher()


def hash_password(password: str) -> str:
    """Argon2's text for ``password``: algorithm, cost, salt and hash."""
    return _hasher.hash(password)


def check_password(stored: str | None, password: str) -> bool:
    """Whether ``password`` belongs to the ``stored`` text.

    Where there is no such user (None), or one without a password (``NO_PASSWORD``), it takes just as long to
    say no.
    """
    usable = stored if stored and stored != NO_PASSWORD else None
    try:
        _hasher.verify(usable or _of_nobody(), password[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False
    return usable is not None and len(password) <= LONGEST


def is_outdated(stored: str) -> bool:
    """Whether ``stored`` was made with a lower cost than today's."""
    return _hasher.check_needs_rehash(stored)


@cache
def _of_nobody() -> str:
    return hash_password("the password of nobody")


def prepare_passwords() -> None:
    """Make what the first check would otherwise have to make, so that it takes no longer than the others."""
    _of_nobody()
