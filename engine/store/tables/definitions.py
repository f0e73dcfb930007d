"""What was deployed: files, and the versions of processes, decisions and forms made of them."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.tables.base import Base, Id, JsonValue, Name


class Deployment(Base):
    __tablename__ = "deployment"

    id: Mapped[Id] = mapped_column(primary_key=True)
    agency_id: Mapped[Id] = mapped_column(ForeignKey("agency.id"), index=True)
    name: Mapped[Name]
    source: Mapped[Name]
    deployed_at: Mapped[datetime]
    deployed_by: Mapped[Id]


class Resource(Base):
    """A deployed file, byte for byte. ``digest`` is its SHA-256 in hex."""

    __tablename__ = "resource"
    __table_args__ = (UniqueConstraint("deployment_id", "name"),)

    id: Mapped[Id] = mapped_column(primary_key=True)
    deployment_id: Mapped[Id] = mapped_column(ForeignKey("deployment.id"))
    name: Mapped[Name]
    digest: Mapped[Id]
    content: Mapped[bytes]


class _Version:
    """Version ``version`` of ``key`` in one agency, made of one resource."""

    id: Mapped[Name] = mapped_column(primary_key=True)
    key: Mapped[Name]
    version: Mapped[int]
    name: Mapped[Name]
    digest: Mapped[Id]
    resource_name: Mapped[Name]
    agency_id: Mapped[Id] = mapped_column(ForeignKey("agency.id"))
    deployment_id: Mapped[Id] = mapped_column(ForeignKey("deployment.id"), index=True)
    resource_id: Mapped[Id] = mapped_column(ForeignKey("resource.id"))


class ProcessDefinition(_Version, Base):
    """``digest`` covers the file and the processes it calls; ``calls`` pins those: key -> definition id.

    ``starts_by_hand``: it has a start event without an event.
    """

    __tablename__ = "process_definition"
    __table_args__ = (UniqueConstraint("agency_id", "key", "version"),)

    calls: Mapped[JsonValue]
    starter_groups: Mapped[JsonValue]
    starter_users: Mapped[JsonValue]
    starts_by_hand: Mapped[bool]
    start_form: Mapped[str | None]


class DecisionDefinition(_Version, Base):
    __tablename__ = "decision_definition"
    __table_args__ = (UniqueConstraint("agency_id", "key", "version"),)


class FormDefinition(_Version, Base):
    __tablename__ = "form_definition"
    __table_args__ = (UniqueConstraint("agency_id", "key", "version"),)


class CatalogMark(Base):
    """One row. ``version`` grows in every transaction that changes what servers keep in memory: deployments,
    agencies' profiles, users and their memberships (``engine.catalog``)."""

    __tablename__ = "catalog_mark"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int]
