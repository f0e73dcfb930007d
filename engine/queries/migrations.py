"""Migrations that were carried out: lists."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from engine.queries.paging import paged
from engine.store import Database, reading
from engine.store.tables import MigratedInstance, MigrationBatch
from engine.types import MANAGER, SYSTEM, WHOLE, Actor, Page


@dataclass(frozen=True)
class MigrationView:
    """A migration. ``plan``: element id -> element id of the target. ``instances``: how many it has moved and
    were not moved back."""

    id: str
    agency_id: str
    at: datetime
    by: str
    source_definition_id: str
    target_definition_id: str
    plan: dict[str, Any]
    undone_at: datetime | None
    undone_by: str | None
    instances: int


def list_migrations(database: Database, actor: Actor, page: Page = WHOLE) -> list[MigrationView]:
    """The migrations of the agencies that ``actor`` manages, the newest first; sort key: at."""
    moved = (
        select(func.count())
        .where(MigratedInstance.batch_id == MigrationBatch.id)
        .correlate(MigrationBatch)
        .scalar_subquery()
    )
    query = select(MigrationBatch.__table__, moved.label("instances"))
    if actor is not SYSTEM:
        query = query.where(MigrationBatch.agency_id.in_(actor.agencies_with(MANAGER)))
    page = page if page.sort else Page(page.first, page.size, (("at", False),))
    with reading(database) as tx:
        rows = tx.execute(paged(query, page, {"at": MigrationBatch.at}, MigrationBatch.id))
        return [MigrationView(**row._asdict()) for row in rows]
