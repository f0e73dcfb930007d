"""A person's own filters of the inbox: save, rename, remove. They are nobody else's affair."""

from collections.abc import Mapping

from sqlalchemy import Connection, delete, func, insert, select, update
from uuid_utils import uuid7

from engine import access, clock
from engine.errors import N_, FilterNotFound, FilterRefused, NameTaken
from engine.store import Database, writing
from engine.store.tables import SavedFilter
from engine.types import Actor
from engine.types.inbox import SavedFilterView

MOST = 20
"""Filters a person may keep: they stand beside each other, and each is counted whenever the list is drawn."""

LONGEST_NAME = 40
_MOST_ARGUMENTS = 20
_LONGEST_ARGUMENT = 1000


def save_filter(database: Database, actor: Actor, name: str, arguments: Mapping[str, str]) -> SavedFilterView:
    """Keep ``arguments`` (the parameters of an address of the inbox) under a name, after the others.

    Raises ``FilterRefused`` for a name that says nothing or too much and beyond ``MOST``, ``NameTaken``.
    """
    name, kept = _checked(name), dict(arguments)
    if len(kept) > _MOST_ARGUMENTS or any(len(text) > _LONGEST_ARGUMENT for text in kept.values()):
        raise FilterRefused(reason=N_("it asks for too much at once"))
    with writing(database) as tx:
        of_actor = access.own_filters(actor)
        held, last = tx.execute(
            select(func.count(SavedFilter.id), func.max(SavedFilter.position)).where(of_actor)
        ).one()
        if held >= MOST:
            raise FilterRefused(reason=N_("you have as many as can be kept; remove one first"))
        _require_free(tx, actor, name)
        made = SavedFilterView(uuid7().hex, name, kept)
        row = {"position": (last or 0) + 1, "created_at": clock.now(), "user_id": actor.user_id}
        tx.execute(insert(SavedFilter).values(id=made.id, name=name, arguments=kept, **row))
        return made


def rename_filter(database: Database, actor: Actor, filter_id: str, name: str) -> None:
    """Call a filter something else. Raises ``FilterNotFound``, ``FilterRefused``, ``NameTaken``."""
    name = _checked(name)
    change = update(SavedFilter).where(SavedFilter.id == filter_id, access.own_filters(actor))
    with writing(database) as tx:
        _require_free(tx, actor, name, filter_id)
        if tx.execute(change.values(name=name)).rowcount != 1:
            raise FilterNotFound(id=filter_id)


def remove_filter(database: Database, actor: Actor, filter_id: str) -> None:
    """Forget a filter. Raises ``FilterNotFound``."""
    with writing(database) as tx:
        removed = delete(SavedFilter).where(SavedFilter.id == filter_id, access.own_filters(actor))
        if tx.execute(removed).rowcount != 1:
            raise FilterNotFound(id=filter_id)


def _checked(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise FilterRefused(reason=N_("give it a name"))
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise FilterRefused(reason=N_("its name is too long"))
    return name


def _require_free(tx: Connection, actor: Actor, name: str, except_id: str = "") -> None:
    same = select(SavedFilter.id).where(
        access.own_filters(actor), func.lower(SavedFilter.name) == name.lower(), SavedFilter.id != except_id
    )
    if tx.scalar(same) is not None:
        raise NameTaken(id=name)
