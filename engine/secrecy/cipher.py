"""Sealing bytes with a key: AES-256-GCM, a fresh nonce each time, and what it is for as associated data."""

import base64
import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from engine.errors import SealBroken

KEY_BYTES: Final = 32
_ID_BYTES: Final = 16
_NONCE_BYTES: Final = 12
_VERSION: Final = b"\x01"
"""Tells a later form of sealing from this one."""

_TEXT: Final = "sealed:"
"""How a sealed text begins where a column, or a JSON value, holds text."""


class CaseKey:
    """The key of one case, ready to be used. Never shown, logged or written.

    ``id``: what the key store knows it by; a row that holds something sealed names it.
    """

    __slots__ = ("_cipher", "id")

    def __init__(self, key_id: str, key: bytes) -> None:
        self.id = key_id
        self._cipher = AESGCM(key)

    def __repr__(self) -> str:
        return f"CaseKey({self.id!r})"

    def seal(self, purpose: str, content: bytes) -> bytes:
        """``content`` sealed; opened only for the same ``purpose`` (``variables``, ``submitted``...)."""
        nonce = os.urandom(_NONCE_BYTES)
        return _VERSION + nonce + self._cipher.encrypt(nonce, content, purpose.encode())

    def open(self, purpose: str, sealed: bytes) -> bytes:
        """What was sealed. Raises ``SealBroken`` where it was changed, or sealed for another purpose."""
        end = len(_VERSION) + _NONCE_BYTES
        nonce, content = sealed[len(_VERSION) : end], sealed[end:]
        try:
            if sealed[: len(_VERSION)] != _VERSION or len(nonce) != _NONCE_BYTES:
                raise InvalidTag
            return self._cipher.decrypt(nonce, content, purpose.encode())
        except InvalidTag as broken:
            raise SealBroken(what=purpose, key=self.id) from broken


def draw_keys(count: int) -> list[tuple[str, bytes]]:
    """Ids and keys that nobody had before, of one question to the system's source of random numbers."""
    width = _ID_BYTES + KEY_BYTES
    drawn = os.urandom(count * width)
    parts = [drawn[first : first + width] for first in range(0, len(drawn), width)]
    return [(part[:_ID_BYTES].hex(), part[_ID_BYTES:]) for part in parts]


def seal_text(key: CaseKey, purpose: str, text: str) -> str:
    """``text`` sealed, as text."""
    return _TEXT + base64.b64encode(key.seal(purpose, text.encode())).decode()


def open_text(key: CaseKey | None, purpose: str, text: str) -> str | None:
    """What ``seal_text`` has sealed; any other text as it is; None where the key was destroyed.

    Raises ``SealBroken``.
    """
    if not text.startswith(_TEXT):
        return text
    if key is None:
        return None
    try:
        sealed = base64.b64decode(text[len(_TEXT) :], validate=True)
    except ValueError as broken:
        raise SealBroken(what=purpose, key=key.id) from broken
    return key.open(purpose, sealed).decode()
