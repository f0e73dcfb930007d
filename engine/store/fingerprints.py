"""What is kept of a secret that was drawn at random: it is too long to guess, so a plain hash is enough."""

from hashlib import sha256


def fingerprint(secret: str | bytes) -> str:
    """The SHA-256 of a secret, in hexadecimal."""
    return sha256(secret.encode() if isinstance(secret, str) else secret).hexdigest()
