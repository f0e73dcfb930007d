"""What people filled in, kept per step: a later round of the same step overwrites variables, never this."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.tables.base import Base, Id, JsonValue, Name


class Submission(Base):
    """The accepted values of one completed form. ``id``: the user task's, or the instance's for its start."""

    __tablename__ = "submission"
    __table_args__ = (Index(None, "instance_id", "at"),)

    id: Mapped[Id] = mapped_column(primary_key=True)
    instance_id: Mapped[Id] = mapped_column(ForeignKey("process_instance.id"))
    agency_id: Mapped[Id] = mapped_column(ForeignKey("agency.id"))
    element_id: Mapped[Name]
    element_name: Mapped[Name]
    form_id: Mapped[Name | None]
    at: Mapped[datetime]
    by: Mapped[Id]
    values: Mapped[JsonValue]
