"""A master key in two halves for two safes: neither tells anything about it alone.

A half is a text that can be printed and typed: its number, the id of the key, 32 bytes in base32 in groups of
four, and a check of its own, so that a slip of the hand is found before the halves are put together.
"""

import base64
import binascii
import secrets
from hashlib import sha256

from engine.errors import KeysUnavailable
from engine.secrecy.cipher import KEY_BYTES
from engine.secrecy.master import MasterKey

_GROUP = 4
_CHECK = 4


def split_key(key: MasterKey) -> tuple[str, str]:
    """The two halves of a key; made anew, they are others, and only halves made together fit."""
    first = secrets.token_bytes(KEY_BYTES)
    second = bytes(a ^ b for a, b in zip(first, key.secret, strict=True))
    return _written(1, key.id, first), _written(2, key.id, second)


def join_halves(one: str, other: str) -> MasterKey:
    """The key of two halves, in either order. Raises ``KeysUnavailable`` where they are damaged or do not
    fit.
    """
    (number, key_id, first), (other_number, other_id, second) = _read(one), _read(other)
    if {number, other_number} != {1, 2}:
        raise KeysUnavailable(reason=f"both halves have the number {number}")
    key = MasterKey(bytes(a ^ b for a, b in zip(first, second, strict=True)))
    if not key_id == other_id == key.id:
        raise KeysUnavailable(reason="the halves do not belong together")
    return key


def _written(number: int, key_id: str, half: bytes) -> str:
    letters = base64.b32encode(half + _check(number, key_id, half)).decode().rstrip("=")
    groups = [letters[at : at + _GROUP] for at in range(0, len(letters), _GROUP)]
    return f"TITIAN-{number} {key_id} " + " ".join(groups)


def _check(number: int, key_id: str, half: bytes) -> bytes:
    return sha256(f"{number} {key_id}".encode() + half).digest()[:_CHECK]


def _read(text: str) -> tuple[int, str, bytes]:
    words = text.upper().split()
    number = {"TITIAN-1": 1, "TITIAN-2": 2}.get(words[0] if words else "")
    if number is None or len(words) < 3:
        raise KeysUnavailable(reason="this is no half of a key: it begins with TITIAN-1 or TITIAN-2")
    key_id, letters = words[1].lower(), "".join(words[2:])
    try:
        content = base64.b32decode(letters + "=" * (-len(letters) % 8))
    except binascii.Error:
        content = b""
    half, check = content[:KEY_BYTES], content[KEY_BYTES:]
    if len(half) != KEY_BYTES or check != _check(number, key_id, half):
        raise KeysUnavailable(reason=f"half {number} is damaged: compare it with the paper letter by letter")
    return number, key_id, half
