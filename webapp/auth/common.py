"""The passwords that are tried first, in a file that is small enough to ship.

``python -m webapp.auth.common LIST`` makes ``common-passwords.bin`` of a text file with one password a line,
the most common first: of each that is long enough to be allowed, the first four bytes of its SHA-256, sorted.
One good password in 35,000 or so is taken for a common one; its owner chooses another.
"""

import sys
from functools import cache
from hashlib import sha256
from pathlib import Path

from webapp.auth.passwords import SHORTEST

_FILE = Path(__file__).with_name("common-passwords.bin")
_SIZE = 4
_MOST = 120_000


def is_common(password: str) -> bool:
    """Whether a password is on the list, in small or in capital letters."""
    return _mark(password) in _marks()


def _mark(password: str) -> bytes:
    return sha256(password.casefold().encode("utf-8", "replace")).digest()[:_SIZE]


@cache
def _marks() -> frozenset[bytes]:
    content = _FILE.read_bytes()
    return frozenset(content[i : i + _SIZE] for i in range(0, len(content), _SIZE))


def main(source: Path) -> int:
    """Make the file of ``source``; returns how many passwords it holds."""
    chosen: dict[str, None] = {}
    with source.open(encoding="utf-8", errors="ignore") as lines:
        for line in lines:
            password = line.strip("\r\n").casefold()
            if len(password) >= SHORTEST:
                chosen.setdefault(password)
            if len(chosen) == _MOST:
                break
    marks = sorted({_mark(password) for password in chosen})
    _FILE.write_bytes(b"".join(marks))
    return len(marks)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
