"""Where the log's key and the heads of its chain are kept: outside the database."""

import hmac
import logging
import os
import secrets
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Lock

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import Connection, Engine

from engine.errors import LogKeyInvalid

LENGTH = 32
_OPTION = "titian_record"
_log = logging.getLogger(__name__)
_lock = Lock()


class Seal:
    """The two keys that come from the one secret: of the entries' codes, and of the blocks' signatures."""

    def __init__(self, secret: bytes) -> None:
        self.mac_key = derived(secret, b"titian log entries")
        self._signing = Ed25519PrivateKey.from_private_bytes(derived(secret, b"titian log heads"))
        self.public: Ed25519PublicKey = self._signing.public_key()

    def mac(self, content: bytes) -> bytes:
        """The code of an entry's content."""
        return hmac.digest(self.mac_key, content, "sha256")

    def sign(self, content: bytes) -> bytes:
        """The signature of a block's hash or of a statement."""
        return self._signing.sign(content)

    @property
    def public_hex(self) -> str:
        """The public key, with which others check the signatures."""
        return self.public.public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def derived(secret: bytes, purpose: bytes) -> bytes:
    """A key for one purpose: HKDF-SHA256 (RFC 5869) without salt, one block."""
    extracted = hmac.digest(bytes(LENGTH), secret, "sha256")
    return hmac.digest(extracted, purpose + b"\x01", "sha256")


@dataclass(frozen=True)
class RecordPlace:
    """``key``: a file with the secret, made at its first use; ``heads``: the folder of ``heads.jsonl``."""

    key: Path
    heads: Path

    @classmethod
    def within(cls, folder: Path) -> "RecordPlace":
        """Both in one folder."""
        return cls(folder / "log.key", folder)

    @cached_property
    def seal(self) -> Seal:
        """The keys of the file. Raises ``LogKeyInvalid`` where it holds none."""
        try:
            return Seal(_kept_secret(self.key))
        except OSError as error:
            _log.error("the access log's key cannot be read or made: %s", error)
            raise LogKeyInvalid(file=str(self.key)) from error


class _Nowhere(RecordPlace):
    """Of a database for which nobody has said where: entries get a code that nobody can check later."""

    @cached_property
    def seal(self) -> Seal:
        _log.warning("no place for the access log is known: what this process records cannot be proved")
        return Seal(secrets.token_bytes(LENGTH))


def with_record(database: Engine, place: RecordPlace) -> None:
    """Say where the log of a database is kept. Without it: ``log`` beside a SQLite file."""
    database.update_execution_options(**{_OPTION: place})


def place_of(database: Engine | Connection) -> RecordPlace:
    """Where the log of a database is kept."""
    place: RecordPlace | None = database.get_execution_options().get(_OPTION)
    return place or _by_default(database.engine)


def is_kept(database: Engine) -> bool:
    """Whether the log of a database has a place at all."""
    return not isinstance(place_of(database), _Nowhere)


def _by_default(database: Engine) -> RecordPlace:
    with _lock:
        place: RecordPlace | None = database.get_execution_options().get(_OPTION)
        if place is None:
            file = database.url.database
            on_disk = database.dialect.name == "sqlite" and file not in (None, "", ":memory:")
            place = (
                RecordPlace.within(Path(str(file)).parent / "log") if on_disk else _Nowhere(Path(), Path())
            )
            with_record(database, place)
    return place


def _kept_secret(path: Path) -> bytes:
    """The secret of a file; a new one where there is none. Whole or not there, whoever looks meanwhile."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(LENGTH) + "\n")
            file.flush()
            os.fsync(descriptor)
        try:
            os.link(draft, path)  # unlike a rename, it replaces nobody's
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    try:
        found = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except (ValueError, UnicodeDecodeError) as error:
        raise LogKeyInvalid(file=str(path)) from error
    if len(found) != LENGTH:
        raise LogKeyInvalid(file=str(path))
    return found
