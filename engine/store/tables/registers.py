"""What an agency owes the people whose data it keeps (UU 27/2022): answers, and notices of breaches."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.tables.base import Base, Id, Name


class DataRequest(Base):
    """One request of a data subject (UU 27/2022 Ps 5-9). It names no person: the case does.

    ``number``: counted for each agency; ``answered_at``: NULL while it is open. ``note``, ``answer``: sealed
    with the key ``key_id`` of the entry. ``erased_at``: when what had been written until then was erased.
    """

    __tablename__ = "data_request"
    __table_args__ = (UniqueConstraint("agency_id", "number"),)

    id: Mapped[Id] = mapped_column(primary_key=True)
    agency_id: Mapped[Id] = mapped_column(ForeignKey("agency.id"))
    number: Mapped[int]
    kind: Mapped[Id]
    requester: Mapped[Id]
    business_key: Mapped[Name]
    note: Mapped[str]
    received_at: Mapped[datetime]
    due_at: Mapped[datetime]
    recorded_by: Mapped[Id]
    outcome: Mapped[Id | None]
    answer: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[Id | None]
    key_id: Mapped[Id | None]
    erased_at: Mapped[datetime | None]


class Breach(Base):
    """One failure to protect personal data (UU 27/2022 Ps 46), with what its notice has to say.

    ``data``, ``course``, ``handling``: sealed; ``key_id`` and ``erased_at`` as of a request.
    """

    __tablename__ = "data_breach"
    __table_args__ = (UniqueConstraint("agency_id", "number"),)

    id: Mapped[Id] = mapped_column(primary_key=True)
    agency_id: Mapped[Id] = mapped_column(ForeignKey("agency.id"))
    number: Mapped[int]
    found_at: Mapped[datetime]
    due_at: Mapped[datetime]
    data: Mapped[str]
    course: Mapped[str]
    handling: Mapped[str]
    subjects: Mapped[int]
    recorded_by: Mapped[Id]
    subjects_told_at: Mapped[datetime | None]
    authority_told_at: Mapped[datetime | None]
    key_id: Mapped[Id | None]
    erased_at: Mapped[datetime | None]
