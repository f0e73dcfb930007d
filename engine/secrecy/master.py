"""Master keys: they wrap the case keys, and lie in a file or the environment, never in a database.

The file has a key a line, ``<id> <base64>``, the one in use first; the others open what a rotation has not
reached yet.
"""

import base64
import binascii
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from engine.errors import KeysUnavailable
from engine.secrecy.cipher import KEY_BYTES, CaseKey

_HEAD = (
    "# Titian's master keys, the one in use first. Who has this file and the key store can read every case.\n"
)


@dataclass(frozen=True)
class MasterKey:
    """32 bytes. ``id`` is drawn from them by a one-way function, so that a row can say which it needs."""

    secret: bytes = field(repr=False)

    @property
    def id(self) -> str:
        return sha256(b"titian master key" + self.secret).hexdigest()[:16]

    @property
    def text(self) -> str:
        """The key in base64, as the environment and the key file have it."""
        return base64.b64encode(self.secret).decode()

    def wrap(self, key_id: str, key: bytes) -> bytes:
        """A case key, sealed; bound to its id."""
        return self._wrapping.seal(f"case key {key_id}", key)

    def unwrap(self, key_id: str, wrapped: bytes) -> bytes:
        """The case key. Raises ``SealBroken``."""
        return self._wrapping.open(f"case key {key_id}", wrapped)

    def derive(self, purpose: str) -> bytes:
        """32 bytes for another purpose than wrapping (HKDF, RFC 5869)."""
        return HKDF(hashes.SHA256(), KEY_BYTES, None, f"titian {purpose}".encode()).derive(self.secret)

    @property
    def _wrapping(self) -> CaseKey:
        return CaseKey(self.id, self.derive("wrapping"))


def new_master() -> MasterKey:
    """A key that nobody had before."""
    return MasterKey(secrets.token_bytes(KEY_BYTES))


def master_of(text: str, where: str) -> MasterKey:
    """The key that a text in base64 says. ``where``: for the error. Raises ``KeysUnavailable``."""
    try:
        secret = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        secret = b""
    if len(secret) != KEY_BYTES:
        raise KeysUnavailable(reason=f"{where} is no master key: {KEY_BYTES} bytes in base64 are expected")
    return MasterKey(secret)


def read_masters(file: Path) -> list[MasterKey]:
    """The keys of a file, the one in use first; none where there is no file. Raises ``KeysUnavailable``."""
    try:
        lines = file.read_text(encoding="ascii").splitlines()
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise KeysUnavailable(reason=f"{file} cannot be read: {error}") from error
    found = []
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        said, _, text = line.strip().partition(" ")
        key = master_of(text, f"line {number} of {file}")
        if key.id != said:
            raise KeysUnavailable(reason=f"line {number} of {file} is damaged: it is not the key {said}")
        found.append(key)
    return found


def write_masters(file: Path, keys: Iterable[MasterKey]) -> None:
    """Replace a key file, whole or not at all; only its owner may read it."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as out:
            out.write(_HEAD + "".join(f"{key.id} {key.text}\n" for key in keys))
            out.flush()
            os.fsync(out.fileno())
        draft.replace(file)
        folder = os.open(file.parent, os.O_RDONLY)  # or a power cut could bring the old keys back
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    finally:
        draft.unlink(missing_ok=True)
