"""The erasure of what is sealed in a case: who asked for it, who agreed, and the certificate."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.tables.base import Base, Id, Name

_PENDING = text("withdrawn_at IS NULL AND certified_at IS NULL")


class Erasure(Base):
    """Asked for by one person, agreed to by another; or asked for by a retention rule (``rule``), and by no
    person.

    ``agreed_at``: from then on the case counts as erased, and its key is being destroyed; ``certified_at``:
    it has been, and ``certificate`` (JSON) says so. A row between the two is taken up again
    (``finish_erasures``).
    """

    __tablename__ = "erasure"
    __table_args__ = (
        Index(
            "ix_erasure_pending",
            "agency_id",
            "requested_at",
            sqlite_where=_PENDING,
            postgresql_where=_PENDING,
        ),
        Index(None, "instance_id"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    instance_id: Mapped[Id] = mapped_column(ForeignKey("process_instance.id"))
    agency_id: Mapped[Id] = mapped_column(ForeignKey("agency.id"))
    reason: Mapped[str]
    rule: Mapped[Name | None]
    requested_at: Mapped[datetime]
    requested_by: Mapped[Id]
    agreed_at: Mapped[datetime | None]
    agreed_by: Mapped[Id | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[Id | None]
    digest: Mapped[Id | None]
    certified_at: Mapped[datetime | None]
    certificate: Mapped[bytes | None]
