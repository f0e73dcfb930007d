"""A year as months of weeks, each day with what it is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from engine.desk import Calendar, CalendarEntry, Day, KeptEntry, ReasonKind
from engine.errors import N_


@dataclass(frozen=True)
class Mark:
    """``letter``: what stands beside the day's number; ``kind``: its colour; ``words``: what it means."""

    letter: str
    kind: str
    words: str


MARKS = {
    ReasonKind.HOLIDAY: Mark("L", "holiday", N_("national holiday")),
    ReasonKind.JOINT_LEAVE: Mark("C", "leave", N_("cuti bersama, nobody works")),
    ReasonKind.JOINT_LEAVE_WORKED: Mark("C", "worked", N_("cuti bersama, a working day here")),
    ReasonKind.CLOSED: Mark("T", "closed", N_("this agency is closed")),
    ReasonKind.OPENED: Mark("B", "open", N_("this agency works")),
    ReasonKind.WEEKEND: Mark("", "weekend", N_("weekend")),
}
RAMADAN = Mark("R", "ramadan", N_("Ramadan, with shorter hours"))
"""The letters are those of the Indonesian words, in both languages: libur, cuti, tutup, buka, Ramadan."""


@dataclass(frozen=True)
class Cell:
    """A day of the grid. ``names``: of what falls on it."""

    day: date
    mark: Mark | None
    names: tuple[str, ...]
    today: bool


@dataclass(frozen=True)
class Month:
    """``weeks``: of seven days, Monday first; None is a day of another month."""

    first: date
    weeks: tuple[tuple[Cell | None, ...], ...]


def months(calendar: Calendar, year: int, today: date) -> tuple[Month, ...]:
    """The twelve months of a year."""
    names = _names(calendar, year)
    return tuple(_month(calendar, date(year, number, 1), names, today) for number in range(1, 13))


def working_days_of(calendar: Calendar, year: int) -> int:
    """How many days of a year people work."""
    return sum(bool(calendar.day(day).spans) for day in _days(date(year, 1, 1), date(year, 12, 31)))


def entries_of(entries: tuple[KeptEntry, ...], year: int) -> list[KeptEntry]:
    """What falls into a year, as far as it has days of its own."""
    return [kept for kept in entries if kept.entry.marks_days and _touches(kept.entry, year)]


def _names(calendar: Calendar, year: int) -> Mapping[date, tuple[str, ...]]:
    found: dict[date, tuple[str, ...]] = {}
    for entry in calendar.entries:
        if entry.marks_days and _touches(entry, year):
            for day in _days(entry.first, entry.last):
                found[day] = (*found.get(day, ()), entry.name)
    return found


def _touches(entry: CalendarEntry, year: int) -> bool:
    return entry.first.year <= year <= entry.last.year


def _month(calendar: Calendar, first: date, names: Mapping[date, tuple[str, ...]], today: date) -> Month:
    after = (first + timedelta(days=31)).replace(day=1)
    cells: list[Cell | None] = [None] * first.weekday()
    days = _days(first, after - timedelta(days=1))
    cells += [Cell(day, _mark(calendar.day(day)), names.get(day, ()), day == today) for day in days]
    cells += [None] * (-len(cells) % 7)
    return Month(first, tuple(tuple(cells[at : at + 7]) for at in range(0, len(cells), 7)))


def _mark(day: Day) -> Mark | None:
    if day.why is not None:
        return MARKS[day.why]
    return RAMADAN if day.ramadan else None


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)
