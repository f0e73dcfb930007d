"""One's own account: password, second factor, passkeys, recovery codes, logins, API tokens, being told.

What could lock the owner out, or let somebody else in, asks for a proof that is no older than a quarter of an
hour (OWASP ASVS 5.0, 7.5.1).
"""

from webapp.account import (
    absence,
    address,
    browsers,
    confirm,
    factors,
    identity,
    logins,
    overview,
    passkeys,
    password,
    tokens,
    ways,
)
from webapp.account.part import blueprint

__all__ = [
    "absence",
    "address",
    "blueprint",
    "browsers",
    "confirm",
    "factors",
    "identity",
    "logins",
    "overview",
    "passkeys",
    "password",
    "tokens",
    "ways",
]
