"""A block: the hash over its entries' codes and the block before, and the statements that are signed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FIRST = bytes(32)
"""What stands for the hash of a block before the first."""


@dataclass(frozen=True)
class Head:
    """What is kept of a block outside the database; bytes in hex. ``total``: entries so far."""

    number: int
    at: str
    total: int
    hash: str
    signature: str


def block_hash(
    previous: bytes, number: int, at: datetime, entries: int, total: int, macs: Iterable[bytes]
) -> bytes:
    """SHA-256 over all that a block says."""
    found = sha256(previous + orjson.dumps([number, moment_of(at), entries, total]))
    for mac in macs:
        found.update(mac)
    return found.digest()


def moment_of(at: datetime) -> str:
    """A moment as heads have it: UTC, to the microsecond."""
    return at.isoformat(timespec="microseconds")


def of_block(hash_: bytes) -> bytes:
    """What is signed of a block."""
    return b"titian block\n" + hash_


def of_restoration(number: int, at: str) -> bytes:
    """What is signed where a backup was restored whose last block is ``number``."""
    return f"titian restored\n{number}\n{at}".encode()


def is_signed(key: Ed25519PublicKey, signature: bytes, content: bytes) -> bool:
    """Whether the holder of the key has signed this."""
    try:
        key.verify(signature, content)
    except InvalidSignature:
        return False
    return True
