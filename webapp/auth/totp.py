"""Time-based one-time passwords (RFC 6238) as authenticator apps make them: SHA-1, six digits, 30 seconds."""

import base64
import hmac
import secrets
import struct
from urllib.parse import quote

import segno

from engine import clock

STEP = 30
DIGITS = 6
_KEY_BYTES = 20
_DRIFT = 1
"""Steps before and after the present one that are right too: clocks are not exact (RFC 6238, 5.2)."""


def new_key() -> bytes:
    """A key for a new app."""
    return secrets.token_bytes(_KEY_BYTES)


def code_at(key: bytes, step: int) -> str:
    """The code of a time step (RFC 4226, 5.3)."""
    digest = hmac.digest(key, struct.pack(">Q", step), "sha1")
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


def step_of(key: bytes, code: str) -> int | None:
    """The step whose code this is, of those that are right now; None where it is none of them."""
    code = "".join(code.split())
    if len(code) != DIGITS or not code.isascii() or not code.isdigit():
        return None
    now = int(clock.now().timestamp()) // STEP
    steps = range(now - _DRIFT, now + _DRIFT + 1)
    right = [step for step in steps if hmac.compare_digest(code_at(key, step), code)]
    return right[-1] if right else None


def spoken(key: bytes) -> str:
    """The key as people type it: base32 in groups of four."""
    text = base64.b32encode(key).decode()
    return " ".join(text[i : i + 4] for i in range(0, len(text), 4))


def address(key: bytes, user_id: str) -> str:
    """The ``otpauth`` address that apps read from a picture."""
    secret = base64.b32encode(key).decode()
    return f"otpauth://totp/Titian:{quote(user_id)}?secret={secret}&issuer=Titian"


def picture(key: bytes, user_id: str) -> str:
    """The address as a QR code, as the source of an image."""
    code = segno.make(address(key, user_id), error="m")
    return str(code.svg_data_uri(scale=5, dark="#000", light="#fff", border=4))
