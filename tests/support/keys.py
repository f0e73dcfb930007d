"""The keys of the tests' databases: one key store for a whole run of tests, its subprocesses included.

It is named by the settings that a server reads, so that a server in a process of its own has the same keys.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Engine

import engine
from engine import KeyPlace
from webapp.config import Settings, read_settings

_URL, _FILE = "TITIAN_KEYS_URL", "TITIAN_MASTER_KEY_FILE"


def key_place() -> KeyPlace:
    """Where the keys are; the folder is made at the first question, and removed at the end."""
    if _URL not in os.environ:
        folder = tempfile.mkdtemp(prefix="titian-keys-")
        place = KeyPlace.in_folder(Path(folder))
        os.environ[_URL], os.environ[_FILE] = place.url, str(place.file)
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return read_settings({name: os.environ[name] for name in (_URL, _FILE)}).key_place


def open_database(url: str, **options: Any) -> Engine:
    """A database with the keys of the tests."""
    return engine.open_database(url, keys=key_place(), **options)


def settings(**values: Any) -> Settings:
    """Settings of a server with the keys of the tests."""
    place = key_place()
    return Settings(keys_url=place.url, master_key_file=str(place.file), **values)


def sealed_by(secret: str, user_id: str, key: bytes) -> bytes:
    """The key of an authenticator app as releases before migration 0019 have kept it."""
    own = HKDF(SHA256(), 32, salt=None, info=b"titian sign-in factors").derive(secret.encode())
    return bytes(12) + AESGCM(own).encrypt(bytes(12), key, user_id.encode())
