"""Sealing what must be read again: the keys of authenticator apps.

The key is made of the server's secret (HKDF, RFC 5869). Whoever changes ``TITIAN_SECRET_KEY`` makes what was
sealed before unreadable: its users need a recovery code, or an administrator.
"""

import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

_NONCE = 12


def seal(content: bytes, about: str) -> bytes:
    """``content``, unreadable without the server's secret, and bound to what it is ``about``."""
    nonce = os.urandom(_NONCE)
    return nonce + _cipher().encrypt(nonce, content, about.encode())


def unseal(sealed: bytes, about: str) -> bytes | None:
    """What was sealed; None where the secret, the content or what it is about has changed."""
    try:
        return _cipher().decrypt(sealed[:_NONCE], sealed[_NONCE:], about.encode())
    except (InvalidTag, ValueError):
        return None


def _cipher() -> AESGCM:
    return AESGCM(_key(str(current_app.config["SECRET_KEY"])))


@lru_cache(maxsize=4)
def _key(secret: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=b"titian sign-in factors").derive(secret.encode())
