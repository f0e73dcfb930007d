"""An agency's calendar: which days it works, at which hours, and how far that is known."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from zoneinfo import ZoneInfo

from engine.deadlines.hours import OfficeHours, Span
from engine.deadlines.reasons import ReasonKind


class EntryKind(StrEnum):
    """What an entry of the calendar says about its days; the values stand in ``processes/kalender.csv``."""

    YEAR = "tahun"
    """The joint decree (SKB) of this year is known: all holidays and cuti bersama of it are entered."""
    HOLIDAY = "libur_nasional"
    JOINT_LEAVE = "cuti_bersama"
    RAMADAN = "ramadan"
    CLOSED = "tutup"
    """An agency's own: nobody works."""
    OPEN = "buka"
    """An agency's own: people work, on a holiday or a weekend too, or at other hours than else."""


class EntryStatus(StrEnum):
    """Whether the government has fixed it, or it is worked out beforehand."""

    FIXED = "ditetapkan"
    ESTIMATED = "perkiraan"


@dataclass(frozen=True)
class CalendarEntry:
    """``first`` to ``last``, both included. ``source``: what it rests on, such as the SKB's number.

    ``spans``: the hours of an ``OPEN`` day; without any, those of the weekday, or of Monday where the weekday
    is free.
    """

    first: date
    last: date
    kind: EntryKind
    name: str
    source: str = ""
    status: EntryStatus = EntryStatus.FIXED
    spans: tuple[Span, ...] = ()

    @property
    def marks_days(self) -> bool:
        """Whether it says something of its days, and not only that their year is known."""
        return self.kind is not EntryKind.YEAR


@dataclass(frozen=True)
class Day:
    """One day. ``spans``: when people work, none on a day off; ``why``: it is off, or works against the rule;
    ``entry``: what says so; ``ramadan``: the month whose hours count."""

    date: date
    spans: tuple[Span, ...]
    why: ReasonKind | None = None
    entry: CalendarEntry | None = None
    ramadan: CalendarEntry | None = None


@dataclass(frozen=True, eq=False)
class Calendar:
    """``hours``: by ``since``, of which the first holds from the beginning of time; ``joint_leave_off``:
    whether cuti bersama is no working day (``[kalender] cuti_bersama_libur`` of the profile)."""

    zone: ZoneInfo
    hours: tuple[OfficeHours, ...]
    entries: tuple[CalendarEntry, ...] = field(repr=False)
    joint_leave_off: bool = True

    @cached_property
    def years(self) -> frozenset[int]:
        """The years whose SKB is known."""
        return frozenset(entry.first.year for entry in self.entries if entry.kind is EntryKind.YEAR)

    @property
    def known_until(self) -> date | None:
        """The last day of the last year before the first gap; None where no year is known."""
        if not self.years:
            return None
        year = min(self.years)
        while year + 1 in self.years:
            year += 1
        return date(year, 12, 31)

    def knows(self, day: date) -> bool:
        """Whether it has been published which days of that year are holidays."""
        return day.year in self.years

    def day(self, day: date) -> Day:
        """What the calendar says of a day, whether the year is known or not."""
        found = self._days.get(day)
        if found is None:
            found = self._days[day] = self._find(day)
        return found

    def moments(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        """The spans of a day as moments in UTC, where differences are true whatever the zone does."""
        found = self._moments.get(day)
        if found is None:
            spans = self.day(day).spans
            found = tuple((self._utc(day, first), self._utc(day, last)) for first, last in spans)
            self._moments[day] = found
        return found

    @cached_property
    def of_days(self) -> dict[tuple[int, date], tuple[datetime | None, datetime | None]]:
        """When so many working days after a day are over, and three quarters of them: kept by
        ``engine.deadlines.running``, as all cases of a day have the same."""
        return {}

    def local(self, moment: datetime) -> datetime:
        """The same moment by the agency's clocks."""
        return moment.astimezone(self.zone)

    def hours_on(self, day: date) -> OfficeHours:
        """The office hours that hold on a day."""
        found = self.hours[0]
        for hours in self.hours:
            if hours.since <= day:
                found = hours
        return found

    @cached_property
    def _days(self) -> dict[date, Day]:
        return {}

    @cached_property
    def _moments(self) -> dict[date, tuple[tuple[datetime, datetime], ...]]:
        return {}

    @cached_property
    def _by_date(self) -> dict[date, dict[EntryKind, CalendarEntry]]:
        found: dict[date, dict[EntryKind, CalendarEntry]] = {}
        for entry in self.entries:
            if entry.marks_days:
                for number in range((entry.last - entry.first).days + 1):
                    of_day = found.setdefault(entry.first + timedelta(days=number), {})
                    of_day.setdefault(entry.kind, entry)
        return found

    def _find(self, day: date) -> Day:
        entries = self._by_date.get(day, {})
        ramadan = entries.get(EntryKind.RAMADAN)
        hours = self.hours_on(day)
        week = hours.ramadan if ramadan else hours.ordinary
        spans = week[day.weekday()]
        if opened := entries.get(EntryKind.OPEN):
            spans = opened.spans or spans or week[0]
            return Day(day, spans, ReasonKind.OPENED, opened, None if opened.spans else ramadan)
        if closed := entries.get(EntryKind.CLOSED):
            return Day(day, (), ReasonKind.CLOSED, closed)
        if not spans:
            return Day(day, (), ReasonKind.WEEKEND)
        if holiday := entries.get(EntryKind.HOLIDAY):
            return Day(day, (), ReasonKind.HOLIDAY, holiday)
        leave = entries.get(EntryKind.JOINT_LEAVE)
        if leave and self.joint_leave_off:
            return Day(day, (), ReasonKind.JOINT_LEAVE, leave)
        return Day(day, spans, ReasonKind.JOINT_LEAVE_WORKED if leave else None, leave, ramadan)

    def _utc(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, self.zone).astimezone(UTC)
