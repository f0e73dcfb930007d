"""When a clock is due, reckoned slowly: a minute or a day at a time, from a list of what happened to a case.

An oracle: it shares nothing with ``engine.deadlines`` but the nation's table of holidays. One token walks
along one line of steps; all moments are whole minutes, by the clocks of Jakarta.
"""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from tests.support.clocks import nation

MINUTE = timedelta(minutes=1)
ORDINARY = [(time(7, 30), time(12)), (time(13), time(16))]
FRIDAY = [(time(7, 30), time(11, 30)), (time(13), time(16, 30))]
_OFF = {
    entry.first + timedelta(days=number)
    for entry in nation()
    if entry.kind.value in ("libur_nasional", "cuti_bersama")
    for number in range((entry.last - entry.first).days + 1)
}


@dataclass
class Days:
    """The days of an agency: ``closed`` ones, and the Saturdays from ``saturdays`` on, which it works."""

    closed: set[date] = field(default_factory=set)
    saturdays: date | None = None

    def hours(self, day: date) -> list[tuple[time, time]]:
        if day in self.closed or day.weekday() == 6:
            return []
        if day.weekday() == 5 and (self.saturdays is None or day < self.saturdays):
            return []
        if day in _OFF:
            return []
        return {4: FRIDAY, 5: [(time(8), time(12))]}.get(day.weekday(), ORDINARY)

    def works(self, moment: datetime) -> bool:
        """Whether people work in the minute that begins then."""
        return any(first <= moment.time() < last for first, last in self.hours(moment.date()))


@dataclass(frozen=True)
class Happened:
    """What one command did to the token. ``step``: where it stands then, None at the end of the case;
    ``completed``: the step that it has completed, None for a hand or where it has not moved; ``risk``: what
    the variable says then."""

    at: datetime
    step: str | None
    completed: str | None = None
    by_hand: bool = False
    risk: str | None = None


@dataclass
class Reckoned:
    """A clock at the end of the story. ``spans``: in which it ran, as far as it pauses."""

    started: datetime
    amount: int | None
    ended: datetime | None = None
    how: str = ""
    spans: list[tuple[datetime, datetime | None]] = field(default_factory=list)


def reckon(jam: dict[str, Any], line: str, story: Sequence[Happened]) -> Reckoned | None:
    """A clock, as it is declared, after a story; None where it has not started. ``line``: the steps in their
    order, each a letter."""
    stops, runs = [s for s in jam["sampai"] if s != "selesai"], jam.get("berjalan_pada")
    stop = max((line.index(s) for s in stops), default=len(line))
    begin = -1 if jam["dari"] == "penerimaan" else line.index(jam["dari"])
    found: Reckoned | None = None
    was = -1
    for event in story:
        here = len(line) if event.step is None else line.index(event.step)
        if found is None:
            if begin <= here <= stop and event.completed not in stops:
                found = Reckoned(event.at, None)
        elif found.ended and event.by_hand and here <= stop < was:
            found.ended, found.how = None, ""
        if found is not None and found.ended is None:
            _amount(jam, found, event.risk)
            _end(jam, found, event, skipped=event.by_hand and was <= stop < here)
            if runs is not None:
                _pause(found, event.at, running=found.ended is None and event.step in runs)
        was = here
    return found


def _amount(jam: dict[str, Any], found: Reckoned, risk: str | None) -> None:
    chosen = jam.get("jumlah", jam.get("jumlah_nilai", {}).get(risk))
    shorter = found.amount is not None and "jumlah" not in jam
    found.amount = min(found.amount, chosen or found.amount) if shorter and found.amount else chosen


def _end(jam: dict[str, Any], found: Reckoned, event: Happened, *, skipped: bool) -> None:
    if event.completed in jam["sampai"] or (event.step is None and "selesai" in jam["sampai"]):
        found.ended, found.how = event.at, "stopped"
    elif skipped:
        found.ended, found.how = event.at, "skipped"
    elif event.step is None:
        found.ended, found.how = event.at, "cancelled"


def _pause(found: Reckoned, at: datetime, *, running: bool) -> None:
    runs_now = bool(found.spans) and found.spans[-1][1] is None
    if running and not runs_now:
        found.spans.append((at, None))
    elif runs_now and not running:
        found.spans[-1] = (found.spans[-1][0], at)


def due_of(jam: dict[str, Any], clock: Reckoned, days: Days) -> datetime | None:
    """When it is due, by the calendar of now."""
    if clock.amount is None:
        return None
    match jam["jenis"]:
        case "menit_kerja":
            spans = clock.spans if "berjalan_pada" in jam else [(clock.started, None)]
            return _minutes(spans, clock.amount, days)
        case "hari_kerja":
            return _working_days(clock.started.date(), clock.amount, days)
        case "jam_kalender":
            return clock.started + timedelta(hours=clock.amount)
        case _:
            year, month = divmod(clock.started.month - 1 + clock.amount, 12)
            year, month = clock.started.year + year, month + 1
            last = monthrange(year, month)[1]
            return clock.started.replace(year=year, month=month, day=min(clock.started.day, last))


def _minutes(spans: Sequence[tuple[datetime, datetime | None]], amount: int, days: Days) -> datetime | None:
    worked = 0
    for first, last in spans:
        for minute in _every_minute(first, last):
            worked += days.works(minute)
            if worked == amount:
                return minute + MINUTE
    return None


def _every_minute(first: datetime, last: datetime | None) -> Iterator[datetime]:
    while last is None or first < last:
        yield first
        first += MINUTE


def _working_days(day: date, amount: int, days: Days) -> datetime:
    while amount:
        day += timedelta(days=1)
        amount -= bool(days.hours(day))
    return datetime.combine(day, days.hours(day)[-1][1])


def outcome_of(clock: Reckoned, due: datetime | None, amount_known: bool) -> str | None:
    """How it has ended, by the calendar of its end."""
    if clock.ended is None or clock.how == "cancelled":
        return "cancelled" if clock.ended else None
    late = due is not None and clock.ended > due
    if clock.how == "skipped":
        return "late" if late else "skipped"
    return "late" if late else "met" if amount_known else "unset"
