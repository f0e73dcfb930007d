"""Messages that only the browser can read (RFC 8291), and who they are from (VAPID, RFC 8292).

A hundred lines on ``cryptography`` and ``joserfc``, which are here anyway: pywebpush is well kept, but brings
aiohttp along and calls any address by ``requests``, past our door (``webapp.delivery.places``).
"""

import base64
import os
import struct
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
)
from joserfc import jwt
from joserfc.jwk import ECKey

from engine import clock
from engine.desk import PushTarget

PADDED = 1024
"""Bytes of every message before sealing: its length says nothing. A push service takes 4096."""

_CURVE = ec.SECP256R1()
_DELIMITER = b"\x02"
"""Ends the text of the last record (RFC 8188, 2); zeros follow."""

_HOURS = 12
"""How long a signature is good; at most 24 (RFC 8292, 2)."""


class BrowserKeyInvalid(Exception):
    """What a browser gave as its keys is none."""


def from_base64url(text: str) -> bytes:
    """Bytes of base64url, with or without padding. Raises ``ValueError``."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars="-_", validate=True)


def to_base64url(content: bytes) -> str:
    """Bytes as base64url without padding."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def browser_keys(p256dh: str, auth: str) -> tuple[ec.EllipticCurvePublicKey, bytes]:
    """The keys of a browser: its point on the curve, and 16 bytes. Raises ``BrowserKeyInvalid``."""
    try:
        point, secret = from_base64url(p256dh), from_base64url(auth)
        public = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, point)
    except ValueError:
        raise BrowserKeyInvalid from None
    if len(point) != 65 or len(secret) != 16:
        raise BrowserKeyInvalid
    return public, secret


def sealed_message(
    target: PushTarget,
    content: bytes,
    *,
    salt: bytes | None = None,
    ours: ec.EllipticCurvePrivateKey | None = None,
    padded: int = PADDED,
) -> bytes:
    """The body of a push message (RFC 8291, 3.4 and 4; ``aes128gcm`` of RFC 8188).

    ``salt`` and ``ours``, a key that is used once, are drawn where they are not given. Raises
    ``BrowserKeyInvalid``.
    """
    theirs, secret = browser_keys(target.p256dh, target.auth)
    salt, ours = salt or os.urandom(16), ours or ec.generate_private_key(_CURVE)
    our_point, their_point = _point(ours.public_key()), _point(theirs)
    shared = ours.exchange(ec.ECDH(), theirs)
    material = _derived(shared, secret, b"WebPush: info\0" + their_point + our_point, 32)
    key = _derived(material, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(material, salt, b"Content-Encoding: nonce\0", 12)
    record = content + _DELIMITER + bytes(max(padded - len(content), 0))
    head = salt + struct.pack(">IB", 4096, len(our_point)) + our_point
    return head + AESGCM(key).encrypt(nonce, record, None)


def _derived(material: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt=salt, info=info).derive(material)


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def new_push_key() -> tuple[bytes, str]:
    """A key that push services know us by: (PKCS 8, the point in base64url for browsers)."""
    key = ec.generate_private_key(_CURVE)
    private = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return private, to_base64url(_point(key.public_key()))


def signature(endpoint: str, subject: str, private: bytes, public: str) -> str:
    """The header ``Authorization`` of a push message: signed for this service and half a day.

    ``subject``: a ``mailto:`` or ``https:`` address where the service reaches whoever runs this server.
    """
    key = load_der_private_key(private, None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int(clock.now().timestamp()) + _HOURS * 3600,
        "sub": subject,
    }
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return f"vapid t={jwt.encode({'alg': 'ES256', 'typ': 'JWT'}, claims, ECKey.import_key(pem))}, k={public}"
