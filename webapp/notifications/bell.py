"""How much is unread: asked once a request, for the bell in the header of every page."""

from collections.abc import Sequence

from flask import g

from engine.desk import Unread, list_unread, mark_read
from engine.types import Actor
from webapp.db import database
from webapp.navigation import works_or_manages

MOST = 100
"""Counted no further: the bell says 99+ then."""


def unread_count() -> int | None:
    """How much whoever makes this request has not read, at most ``MOST``; None for who is never told
    anything: strangers, and roles without tasks."""
    actor: Actor | None = g.get("actor")
    if actor is None or g.get("database_away") or not works_or_manages(actor):
        return None
    return len(_unread(actor))


def note_read(actor: Actor, *, task_id: str | None = None, instance_id: str | None = None) -> None:
    """The actor looks at a task, or at a case: what was told of it is read. Of a case that is what is about
    no task of its own."""
    about = [
        each.id
        for each in _unread(actor)
        if (task_id and each.task_id == task_id)
        or (instance_id and not each.task_id and each.instance_id == instance_id)
    ]
    if about:
        mark_read(database(), actor, about)
        g.pop("unread", None)


def _unread(actor: Actor) -> Sequence[Unread]:
    if "unread" not in g:
        g.unread = list_unread(database(), actor, MOST)
    found: Sequence[Unread] = g.unread
    return found
