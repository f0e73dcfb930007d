"""Instances that were moved to another version of their process, and what they were before."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.tables.base import Base, Id, JsonValue, Name


class MigrationBatch(Base):
    """One migration of one or many instances. ``plan``: element id -> element id of the target."""

    __tablename__ = "migration_batch"
    __table_args__ = (Index(None, "agency_id", "at"),)

    id: Mapped[Id] = mapped_column(primary_key=True)
    agency_id: Mapped[Id] = mapped_column(ForeignKey("agency.id"))
    at: Mapped[datetime]
    by: Mapped[Id]
    source_definition_id: Mapped[Name]
    target_definition_id: Mapped[Name]
    plan: Mapped[JsonValue]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[Id | None]


class MigratedInstance(Base):
    """One instance of a batch. ``before``: its state and rows, JSON; ``revision``: right after its migration.

    An undo restores ``before`` while the instance still has that revision: later steps are not thrown away.
    """

    __tablename__ = "migrated_instance"
    __table_args__ = (Index(None, "instance_id"),)

    batch_id: Mapped[Id] = mapped_column(ForeignKey("migration_batch.id"), primary_key=True)
    instance_id: Mapped[Id] = mapped_column(ForeignKey("process_instance.id"), primary_key=True)
    revision: Mapped[int]
    before: Mapped[bytes]
