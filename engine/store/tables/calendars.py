"""The working calendar: national days and an agency's own, its office hours, and who changed them."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.tables.base import Base, Id, JsonValue, Name


class CalendarDay(Base):
    """One entry of a calendar, for a day or a run of days; ``agency_id``: NULL for the whole nation.

    ``kind``, ``status``: of ``EntryKind`` and ``EntryStatus``. ``hours``: text of ``parse_spans``. ``seed``:
    names the line of ``kalender.csv`` that it came from; ``revision``: 0 while nobody has touched it since,
    so that a new release may renew it. ``removed``: not there, but kept, so that no release brings it back.
    """

    __tablename__ = "calendar_day"
    __table_args__ = (Index(None, "agency_id", "first_day"),)

    id: Mapped[Id] = mapped_column(primary_key=True)
    agency_id: Mapped[Id | None] = mapped_column(ForeignKey("agency.id"))
    first_day: Mapped[date]
    last_day: Mapped[date]
    kind: Mapped[Id]
    name: Mapped[Name]
    source: Mapped[Name]
    status: Mapped[Id]
    hours: Mapped[Name]
    seed: Mapped[Name | None] = mapped_column(unique=True)
    revision: Mapped[int]
    removed: Mapped[bool] = mapped_column(default=False)


class OfficeWeek(Base):
    """The office hours of an agency from a day on, as texts by weekday (``engine.deadlines.week_text``)."""

    __tablename__ = "office_hours"

    agency_id: Mapped[Id] = mapped_column(ForeignKey("agency.id"), primary_key=True)
    since: Mapped[date] = mapped_column(primary_key=True)
    ordinary: Mapped[JsonValue]
    ramadan: Mapped[JsonValue]
    revision: Mapped[int]


class CalendarChange(Base):
    """Who changed what in a calendar, and why. ``before``, ``after``: None where nothing was, or is."""

    __tablename__ = "calendar_change"
    __table_args__ = (Index(None, "agency_id", "changed_at"),)

    id: Mapped[Id] = mapped_column(primary_key=True)
    agency_id: Mapped[Id | None] = mapped_column(ForeignKey("agency.id"))
    subject: Mapped[Id]
    before: Mapped[JsonValue | None]
    after: Mapped[JsonValue | None]
    reason: Mapped[str]
    changed_by: Mapped[Id]
    changed_at: Mapped[datetime]
