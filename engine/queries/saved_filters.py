"""A person's own filters of the inbox."""

from sqlalchemy import select

from engine import access
from engine.store import Database, reading_once
from engine.store.tables import SavedFilter
from engine.types import Actor
from engine.types.inbox import SavedFilterView

_KEPT = select(SavedFilter.id, SavedFilter.name, SavedFilter.arguments).order_by(
    SavedFilter.position, SavedFilter.id
)


def list_filters(database: Database, actor: Actor) -> list[SavedFilterView]:
    """The actor's filters in their order."""
    with reading_once(database) as tx:
        return [SavedFilterView(*row) for row in tx.execute(_KEPT.where(access.own_filters(actor)))]
