"""Who is away, and who stands in."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.tables.base import Base, Id


class Absence(Base):
    """A person is away from ``starts_at`` (included) to ``ends_at`` (not included), unless ended before.

    ``appointed``: a manager has named the substitute, who acts in the person's candidate groups for that time
    without holding them (Plh., Plt.); else the substitute holds all of them.
    """

    __tablename__ = "absence"
    __table_args__ = (Index(None, "user_id", "ends_at"), Index(None, "substitute_id", "ends_at"))

    id: Mapped[Id] = mapped_column(primary_key=True)
    agency_id: Mapped[Id] = mapped_column(ForeignKey("agency.id"))
    user_id: Mapped[Id] = mapped_column(ForeignKey("app_user.id"))
    substitute_id: Mapped[Id] = mapped_column(ForeignKey("app_user.id"))
    appointed: Mapped[bool]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    set_at: Mapped[datetime]
    set_by: Mapped[Id]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[Id | None]
