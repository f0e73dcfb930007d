"""Looking up who wants to come in."""

from engine import credentials
from webapp.db import database


def stored_credentials(user_id: str) -> tuple[str, str] | None:
    """(password hash, a mark that changes whenever the user does) of an active user, else None.

    No id holds a null character, and PostgreSQL refuses to look for one.
    """
    return None if "\0" in user_id else credentials(database(), user_id)
