"""The keys of authenticator apps.

The engine seals them with keys of the key store. Earlier releases did so here, with a key of the server's
secret (HKDF, RFC 5869); ``titian init`` seals those anew.
"""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

from engine import totp_key
from webapp.db import database

_NONCE = 12


def app_key(user_id: str, *, confirmed: bool) -> bytes | None:
    """The key of the app that a user has set up, or (not ``confirmed``) is setting up; None without.

    Raises ``SecretUnavailable``.
    """
    secret = str(current_app.config["SECRET_KEY"])
    kept = totp_key(database(), user_id, lambda user_id, sealed: unsealed_by(secret, user_id, sealed))
    return kept.key if kept is not None and kept.confirmed is confirmed else None


def unsealed_by(secret: str, user_id: str, sealed: bytes) -> bytes | None:
    """What was sealed with the server's secret for a user; None where it was another secret, or another
    user's."""
    key = HKDF(SHA256(), 32, salt=None, info=b"titian sign-in factors").derive(secret.encode())
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], user_id.encode())
    except (InvalidTag, ValueError):
        return None
