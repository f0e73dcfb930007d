"""Names of people, read once a request."""

from flask import g

from engine import find_user
from engine.types import SYSTEM
from webapp.db import database


def person(user_id: str | None) -> str:
    """The name of a user, the id where there is no such user any more; the system has a name too."""
    if not user_id:
        return ""
    if user_id == SYSTEM.user_id:
        return "Titian"
    if "people" not in g:
        g.people = {}
    names: dict[str, str] = g.people
    if user_id not in names:
        found = find_user(database(), user_id)
        names[user_id] = (found.name if found else "") or user_id
    return names[user_id]
