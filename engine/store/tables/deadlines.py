"""The clocks of cases: what is declared stands in the profile, and here how each case stands (issue 6)."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.tables.base import Base, Id, JsonValue

_OPEN: dict[str, Any] = {
    "sqlite_where": text("ended_at IS NULL"),
    "postgresql_where": text("ended_at IS NULL"),
}


class CaseClock(Base):
    """One clock of one case, written in the transaction of the step that moves it; open while ``ended_at`` is
    None. There is no row before it has started.

    ``clock_id``: of the declaration; ``kind`` and ``amount`` stay with the row, as an ended clock keeps what
    it was measured by; ``shape``: of the declaration too, by which an open clock is found that was begun by
    another one. ``amount``: None while the variable that chooses it says nothing; ``provisional``: only
    proposed. ``runs``: the spans in which it ran, as pairs of ISO 8601 moments, the last open while it runs;
    None for one that runs all the time. ``due_at``: None while nobody knows it. ``warn_at``: when three
    quarters of it are over.
    ``warned_at``, ``breached_at``: when that was noted. ``outcome``: of ``ClockOutcome``.

    Its next warning or breach is the job that has its ``id``. Nothing in it says anything of a person.
    """

    __tablename__ = "case_clock"
    __table_args__ = (
        UniqueConstraint("instance_id", "clock_id"),
        Index("ix_case_clock_open", "agency_id", "instance_id", **_OPEN),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    instance_id: Mapped[Id] = mapped_column(ForeignKey("process_instance.id"))
    agency_id: Mapped[Id] = mapped_column(ForeignKey("agency.id"))
    clock_id: Mapped[Id]
    kind: Mapped[Id]
    shape: Mapped[str]
    amount: Mapped[int | None]
    provisional: Mapped[bool]
    started_at: Mapped[datetime]
    runs: Mapped[JsonValue | None]
    due_at: Mapped[datetime | None]
    warn_at: Mapped[datetime | None]
    warned_at: Mapped[datetime | None]
    breached_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[Id | None]
