"""The key that push services know this installation by: made when it is first needed, the same for good."""

from sqlalchemy import Engine

from engine.desk import push_key
from webapp.delivery.sealing import new_push_key


def own_key(database: Engine) -> tuple[bytes, str]:
    """(private, public); the private one was sealed in the database. Raises ``KeysUnavailable``."""
    return push_key(database, new_push_key)


def public_key(database: Engine) -> str:
    """What a browser is told to subscribe with (``applicationServerKey``), in base64url."""
    return own_key(database)[1]
