"""How a file lies in the tables: in parts, sealed with a key of its own, which the key of the case seals."""

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

import orjson

from engine.secrecy import CaseKey

PART: Final = 64 * 1024
"""Bytes of a part."""

_KEY_BYTES: Final = 32


@dataclass(frozen=True)
class FileSecrets:
    """What the key of the case seals of a file: what people call it, what they say of it, and its own key."""

    name: str
    description: str
    key: bytes

    def cipher(self) -> CaseKey:
        """The file's own key, ready to be used."""
        return CaseKey("attachment", self.key)


@dataclass(frozen=True)
class SealedFile:
    """A file as its rows hold it, before anybody has sealed its key."""

    secrets: FileSecrets
    preview: bytes | None
    parts: Sequence[bytes]
    digest: str


def seal_file(name: str, description: str, content: bytes, preview: bytes | None) -> SealedFile:
    """``content`` in parts, sealed with a new key. Each part says its place, so that none can be left out."""
    own = FileSecrets(name, description, secrets.token_bytes(_KEY_BYTES))
    cipher, places = own.cipher(), range(0, len(content), PART)
    parts = [
        cipher.seal(_place(number, len(places)), content[first : first + PART])
        for number, first in enumerate(places)
    ]
    digest = sha256()
    for part in parts:
        digest.update(part)
    return SealedFile(own, cipher.seal("preview", preview) if preview else None, parts, digest.hexdigest())


def open_part(own: FileSecrets, number: int, count: int, part: bytes) -> bytes:
    """One part of a file that has ``count``. Raises ``SealBroken``."""
    return own.cipher().open(_place(number, count), part)


def open_preview(own: FileSecrets, preview: bytes | None) -> bytes | None:
    """The small picture. Raises ``SealBroken``."""
    return own.cipher().open("preview", preview) if preview else None


def seal_secrets(key: CaseKey, attachment_id: str, own: FileSecrets) -> bytes:
    """A file's secrets, sealed with the key of its case."""
    said = {"name": own.name, "description": own.description, "key": base64.b64encode(own.key).decode()}
    return key.seal(f"attachment {attachment_id}", orjson.dumps(said))


def open_secrets(key: CaseKey, attachment_id: str, sealed: bytes) -> FileSecrets:
    """What ``seal_secrets`` has sealed. Raises ``SealBroken``."""
    said = orjson.loads(key.open(f"attachment {attachment_id}", sealed))
    return FileSecrets(said["name"], said["description"], base64.b64decode(said["key"]))


def _place(number: int, count: int) -> str:
    return f"part {number} of {count}"
