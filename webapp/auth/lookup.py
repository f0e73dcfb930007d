"""Looking up who wants to come in."""

from engine import Credentials, credentials
from webapp.db import database


def stored_credentials(user_id: str) -> Credentials | None:
    """What an active user signs in with; None for everybody else.

    No id holds a null character, and PostgreSQL refuses to look for one.
    """
    return None if "\0" in user_id else credentials(database(), user_id)
