"""What the machine has to do (jobs), what others do for it (external tasks), what went wrong (incidents)."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, false, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.tables.base import Base, Id, JsonValue, Name

_TO_DO: dict[str, Any] = {
    "sqlite_where": text("retries > 0 AND suspended = 0"),
    "postgresql_where": text("retries > 0 AND NOT suspended"),
}
_OPEN = text("resolved_at IS NULL")


class Job(Base):
    """One thing to do at ``due_at``; written in the transaction that makes it necessary.

    ``kind``: ``timer`` and ``async`` (``id`` is the token's), ``message`` and ``signal`` (thrown by an
    instance to be delivered to others; ``details`` holds what is delivered), ``start_timer`` (a timer start
    event of a definition; no instance), ``deadline`` (a clock of a case warns or is breached; ``id`` is the
    clock's). A ``timer`` that a clock sets has in its ``details`` which, and its own time. ``retries`` left
    and the last ``error``; 0 retries wait for a person, with an incident.
    """

    __tablename__ = "job"
    __table_args__ = (
        Index("ix_job_to_do", "due_at", **_TO_DO),
        Index(None, "instance_id"),
        Index(None, "definition_id"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    kind: Mapped[Id]
    agency_id: Mapped[Id] = mapped_column(ForeignKey("agency.id"))
    instance_id: Mapped[Id | None] = mapped_column(ForeignKey("process_instance.id"))
    definition_id: Mapped[Name | None] = mapped_column(ForeignKey("process_definition.id"))
    process_key: Mapped[Name | None]
    element_id: Mapped[Name | None]
    due_at: Mapped[datetime]
    priority: Mapped[int] = mapped_column(default=0)
    retries: Mapped[int]
    error: Mapped[str | None]
    details: Mapped[JsonValue]
    suspended: Mapped[bool] = mapped_column(default=False, server_default=false())


class ExternalTask(Base):
    """A service task that waits for a worker: fetched by ``topic``, locked until ``lock_expires_at``.

    ``retries`` is None until a worker reports a failure; 0 waits for a person, with an incident.
    """

    __tablename__ = "external_task"
    __table_args__ = (Index(None, "topic", "created_at", "id"), Index(None, "instance_id"))

    id: Mapped[Id] = mapped_column(primary_key=True)
    agency_id: Mapped[Id] = mapped_column(ForeignKey("agency.id"))
    instance_id: Mapped[Id] = mapped_column(ForeignKey("process_instance.id"))
    definition_id: Mapped[Name]
    definition_key: Mapped[Name]
    process_key: Mapped[Name]
    element_id: Mapped[Name]
    topic: Mapped[Name]
    priority: Mapped[int]
    created_at: Mapped[datetime]
    worker_id: Mapped[Name | None]
    lock_expires_at: Mapped[datetime | None]
    retries: Mapped[int | None]
    error_message: Mapped[str | None]
    error_details: Mapped[str | None]
    suspended: Mapped[bool] = mapped_column(default=False, server_default=false())


class Incident(Base):
    """Something that a person must look at, open until ``resolved_at``.

    ``kind``: ``failedJob``, ``failedExternalTask``, ``failedStep``, ``stuck``. ``subject_id``: the job's,
    external task's or token's id; the instance's where it is stuck. ``message`` says no value of a variable;
    what a worker has said of an external task is sealed, here and there, with the key of the case.
    """

    __tablename__ = "incident"
    __table_args__ = (
        Index("ix_incident_open", "agency_id", "created_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index(None, "instance_id"),
        Index("ix_incident_subject", "subject_id", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    kind: Mapped[Id]
    agency_id: Mapped[Id] = mapped_column(ForeignKey("agency.id"))
    instance_id: Mapped[Id | None] = mapped_column(ForeignKey("process_instance.id"))
    definition_id: Mapped[Name | None]
    process_key: Mapped[Name | None]
    element_id: Mapped[Name | None]
    subject_id: Mapped[Id]
    message: Mapped[str]
    created_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[Id | None]
