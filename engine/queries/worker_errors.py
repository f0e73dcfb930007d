"""What workers of external tasks say of a failure, sealed with the key of its case."""

from typing import Final

from sqlalchemy import Connection

from engine.secrecy import keys_of, open_text

ERROR: Final = "error"
"""What it is sealed for."""


def opened_error(tx: Connection, key_id: str | None, text: str | None) -> str | None:
    """The text; as it is where an earlier release has kept it, empty where the key was destroyed."""
    if not text:
        return text
    return open_text(keys_of(tx).readable(key_id), ERROR, text) or ""
