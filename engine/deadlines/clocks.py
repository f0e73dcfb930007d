"""The four clocks: when one that began then is due, and how much working time lies between two moments."""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from engine.deadlines.calendar import Calendar, Day, EntryStatus
from engine.deadlines.reasons import Reason, ReasonKind, Reasons
from engine.errors import N_, VariableInvalid

_DAY = timedelta(days=1)
_MOST = 1_000_000


class ClockKind(StrEnum):
    """What a clock counts, as agencies' profiles name it (``jenis`` of ``[[jam]]``)."""

    WORKING_MINUTES = "menit_kerja"
    WORKING_DAYS = "hari_kerja"
    HOURS = "jam_kalender"
    MONTHS = "bulan_kalender"


@dataclass(frozen=True)
class Due:
    """``at``: in the agency's zone; None while the calendar is not set that far ('kalender belum
    ditetapkan'). ``start``: by the agency's clocks. ``reasons``: in the order of days."""

    kind: ClockKind
    amount: int
    start: datetime
    at: datetime | None
    reasons: tuple[Reason, ...]

    @property
    def unknown_from(self) -> date | None:
        """The first day that would have to be known and is not; None where there is a deadline."""
        return next((r.first for r in self.reasons if r.kind is ReasonKind.UNKNOWN), None)

    @property
    def estimated(self) -> bool:
        """Whether hours of a Ramadan that the government has not fixed were used."""
        return any(reason.estimated for reason in self.reasons)


def due(
    kind: ClockKind, amount: int, start: datetime, calendar: Calendar, *, used: timedelta = timedelta()
) -> Due:
    """When ``amount`` of a clock's unit after ``start`` (aware) is over, and why then.

    ``hari_kerja``: the day of ``start`` is not counted, and it is due at the end of office hours of the last
    day. ``menit_kerja``: only office hours count; ``used`` is the working time that the clock had run before
    it was paused, and ``start`` is then the moment at which it goes on. ``jam_kalender`` and
    ``bulan_kalender`` (the same day of a later month, or the last that it has) need no calendar of holidays.
    Raises ``VariableInvalid`` where ``amount`` is not positive or the moment lies beyond the year 9999.
    """
    if not 0 < amount <= _MOST:
        raise VariableInvalid(name="amount", reason=N_("a whole number from 1 to 1000000"))
    start = calendar.local(start)
    try:
        match kind:
            case ClockKind.WORKING_MINUTES:
                left = max(timedelta(minutes=amount) - used, timedelta())
                at, reasons = _after_work(left, start, calendar)
            case ClockKind.WORKING_DAYS:
                at, reasons = _after_days(amount, start, calendar)
            case ClockKind.HOURS:
                at, reasons = start.astimezone(UTC) + timedelta(hours=amount), ()
            case ClockKind.MONTHS:
                at, reasons = _after_months(amount, start)
        return Due(kind, amount, start, calendar.local(at) if at else None, reasons)
    except (OverflowError, ValueError) as error:
        raise VariableInvalid(name="amount", reason=N_("no calendar reaches so far")) from error


def after(work: timedelta, start: datetime, calendar: Calendar) -> datetime | None:
    """The first moment at which ``work`` of working time has passed since ``start``; None if unknown."""
    at, _reasons = _after_work(work, calendar.local(start), calendar)
    return calendar.local(at) if at else None


def worked(start: datetime, end: datetime, calendar: Calendar) -> timedelta | None:
    """The working time from ``start`` to ``end``; zero where that is not later, None where a day between
    them is of a year that the calendar does not know."""
    total, day, last = timedelta(), calendar.local(start).date(), calendar.local(end).date()
    if end <= start:
        return total
    while day <= last:
        if not calendar.knows(day):
            return None
        for since, until in calendar.moments(day):
            total += max(min(until, end) - max(since, start), timedelta())
        day += _DAY
    return total


def working_days(start: datetime, end: datetime, calendar: Calendar) -> int | None:
    """How many working days there are after the day of ``start`` until the day of ``end``, that included;
    None where one of them is of a year that the calendar does not know."""
    count, day, last = 0, calendar.local(start).date() + _DAY, calendar.local(end).date()
    while day <= last:
        if not calendar.knows(day):
            return None
        count += bool(calendar.day(day).spans)
        day += _DAY
    return count


def moment_at(part: float, found: Due, calendar: Calendar) -> datetime | None:
    """When this part (0.75: three quarters) of the time from the start to the deadline is over: of working
    time for clocks that count it, else of all time. None while there is no deadline."""
    if found.at is None:
        return None
    if found.kind in (ClockKind.HOURS, ClockKind.MONTHS):
        start = found.start.astimezone(UTC)
        return calendar.local(start + (found.at.astimezone(UTC) - start) * part)
    total = worked(found.start, found.at, calendar)
    return None if total is None else after(total * part, found.start, calendar)


def _after_months(amount: int, start: datetime) -> tuple[datetime, tuple[Reason, ...]]:
    year, month = divmod(start.year * 12 + start.month - 1 + amount, 12)
    number = min(start.day, monthrange(year, month + 1)[1])
    at = start.replace(year=year, month=month + 1, day=number)
    clamped = (Reason(ReasonKind.CLAMPED, at.date(), at.date()),) if number < start.day else ()
    return at, clamped


def _after_days(
    amount: int, start: datetime, calendar: Calendar
) -> tuple[datetime | None, tuple[Reason, ...]]:
    reasons, left = Reasons(), amount
    reasons.add(Reason(ReasonKind.RECEIVED, start.date(), start.date()))
    for day in _days_from(start.date() + _DAY):
        if not calendar.knows(day):
            reasons.add(Reason(ReasonKind.UNKNOWN, day, day))
            return None, reasons.all()
        found = calendar.day(day)
        _note(reasons, found)
        if found.spans:
            reasons.add(Reason(ReasonKind.COUNTED, day, day, days=1))
            left -= 1
            if left == 0:
                _note_ramadan(reasons, found)
                return calendar.moments(day)[-1][1], reasons.all()
    raise OverflowError


def _after_work(
    work: timedelta, start: datetime, calendar: Calendar
) -> tuple[datetime | None, tuple[Reason, ...]]:
    """``start``: by the agency's clocks."""
    reasons, left = Reasons(), work
    if not left:
        return start, ()
    for day in _days_from(start.date()):
        if not calendar.knows(day):
            reasons.add(Reason(ReasonKind.UNKNOWN, day, day))
            return None, reasons.all()
        found = calendar.day(day)
        _note(reasons, found)
        spans = calendar.moments(day)
        if day == start.date() and spans and not any(since <= start < until for since, until in spans):
            _note_start(reasons, day, start, spans, calendar)
        before = None
        for since, until in spans:
            begin = max(since, start.astimezone(UTC))
            if begin >= until:
                continue
            if before:
                reasons.add(_between(ReasonKind.BREAK, day, before, since, calendar))
            _note_ramadan(reasons, found)
            step = min(left, until - begin)
            left -= step
            counted = _between(ReasonKind.COUNTED, day, begin, begin + step, calendar)
            reasons.add(counted)
            if not left:
                return begin + step, reasons.all()
            before = until
    raise OverflowError


def _days_from(day: date) -> Iterator[date]:
    while True:
        yield day
        day += _DAY


def _note(reasons: Reasons, day: Day) -> None:
    """Why a day is off, or is not though others of its kind are."""
    if day.why is not None:
        name, source = (day.entry.name, day.entry.source) if day.entry else ("", "")
        reasons.add(Reason(day.why, day.date, day.date, name, source))


def _note_ramadan(reasons: Reasons, day: Day) -> None:
    if (month := day.ramadan) is not None:
        estimated = month.status is EntryStatus.ESTIMATED
        reasons.add(
            Reason(ReasonKind.RAMADAN, day.date, day.date, month.name, month.source, estimated=estimated)
        )


def _note_start(
    reasons: Reasons,
    day: date,
    start: datetime,
    spans: Sequence[tuple[datetime, datetime]],
    calendar: Calendar,
) -> None:
    """A clock that began outside of the spans of a working day: in a break, or before or after them."""
    later = [since for since, _until in spans if since > start]
    inside = later and start >= spans[0][0]
    kind = ReasonKind.BREAK if inside else ReasonKind.OUTSIDE_HOURS
    reasons.add(_between(kind, day, start, later[0] if later else None, calendar))


def _between(
    kind: ReasonKind, day: date, since: datetime, until: datetime | None, calendar: Calendar
) -> Reason:
    counted = until - since if until and kind is ReasonKind.COUNTED else timedelta()
    local = calendar.local(until) if until else None
    return Reason(kind, day, day, time=counted, since=calendar.local(since), until=local)
