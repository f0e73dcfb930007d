"""Recovery codes: each stands in once for a second factor that is lost.

A code has 120 random bits (24 letters of five), so its SHA-256 may be kept as it is (OWASP ASVS 5.0, 6.5.2:
from 112 bits on).
"""

import base64
import secrets

NUMBER = 10
_BYTES = 15
_LETTERS = 24


def new_codes() -> list[str]:
    """Codes as they are shown: six groups of four letters and digits."""
    made = (base64.b32encode(secrets.token_bytes(_BYTES)).decode() for _ in range(NUMBER))
    return ["-".join(code[i : i + 4] for i in range(0, _LETTERS, 4)) for code in made]


def plain(code: str) -> str:
    """A code without what people type between its groups; empty for what is none."""
    letters = "".join(code.split()).replace("-", "").upper()
    return letters if len(letters) == _LETTERS and letters.isascii() and letters.isalnum() else ""
