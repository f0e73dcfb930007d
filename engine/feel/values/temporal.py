"""Dates, times and durations as FEEL has them: years to 999,999,999, nanoseconds, zone names.

Python's own types hold less, so they are used at the boundary only (``engine.feel.boundary``).
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

SECOND = 1_000_000_000
"""Nanoseconds."""
DAY = 86_400 * SECOND
MAX_YEAR = 999_999_999
_MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True, slots=True)
class Zone:
    """An offset in seconds, or the name of a zone (then ``offset`` is None)."""

    offset: int | None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Date:
    year: int
    month: int
    day: int

    def __str__(self) -> str:
        sign = "-" if self.year < 0 else ""
        return f"{sign}{abs(self.year):04}-{self.month:02}-{self.day:02}"

    @property
    def ordinal(self) -> int:
        """Days since 1970-01-01, in the Gregorian calendar of all years."""
        year = self.year - (self.month <= 2)
        era, of_era = divmod(year, 400)
        of_year = (153 * ((self.month + 9) % 12) + 2) // 5 + self.day - 1
        return era * 146_097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719_468

    @property
    def weekday(self) -> int:
        """Monday is 1, Sunday is 7."""
        return (self.ordinal + 3) % 7 + 1


@dataclass(frozen=True, slots=True)
class Time:
    """``nanos`` since midnight on the wall clock."""

    nanos: int
    zone: Zone | None = None

    @property
    def parts(self) -> tuple[int, int, int, int]:
        """Hour, minute, second, nanosecond."""
        seconds, nano = divmod(self.nanos, SECOND)
        return seconds // 3600, seconds // 60 % 60, seconds % 60, nano

    def __str__(self) -> str:
        hour, minute, second, nano = self.parts
        fraction = f".{nano:09}".rstrip("0") if nano else ""
        return f"{hour:02}:{minute:02}:{second:02}{fraction}{zone_text(self.zone)}"


@dataclass(frozen=True, slots=True)
class DateTime:
    date: Date
    time: Time

    def __str__(self) -> str:
        return f"{self.date}T{self.time}"


@dataclass(frozen=True, slots=True)
class DaysTime:
    """A days and time duration."""

    nanos: int

    def __str__(self) -> str:
        seconds, nano = divmod(abs(self.nanos), SECOND)
        days, seconds = divmod(seconds, 86_400)
        hours, minutes, seconds = seconds // 3600, seconds // 60 % 60, seconds % 60
        fraction = f".{nano:09}".rstrip("0") if nano else ""
        clock = f"{hours}H" * bool(hours) + f"{minutes}M" * bool(minutes)
        clock += f"{seconds}{fraction}S" * bool(seconds or nano)
        body = f"{days}D" * bool(days) + f"T{clock}" * bool(clock)
        return "-" * (self.nanos < 0) + "P" + (body or "T0S")


@dataclass(frozen=True, slots=True)
class YearsMonths:
    """A years and months duration. Python has no type for it, so this one leaves the package."""

    months: int

    def __str__(self) -> str:
        years, months = divmod(abs(self.months), 12)
        body = f"{years}Y" * bool(years) + f"{months}M" * bool(months)
        return "-" * (self.months < 0) + "P" + (body or "0M")


def zone_text(zone: Zone | None) -> str:
    """``Z``, ``+07:00``, ``@Asia/Jakarta`` or nothing."""
    if zone is None:
        return ""
    if zone.offset is None:
        return f"@{zone.name}"
    if zone.offset == 0:
        return "Z"
    minutes, seconds = divmod(abs(zone.offset), 60)
    text = f"{'-' if zone.offset < 0 else '+'}{minutes // 60:02}:{minutes % 60:02}"
    return f"{text}:{seconds:02}" if seconds else text


def is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def month_days(year: int, month: int) -> int:
    return 29 if month == 2 and is_leap(year) else _MONTH_DAYS[month - 1]


def make_date(year: int, month: int, day: int) -> Date | None:
    """The date, or None if the calendar has no such day."""
    if abs(year) > MAX_YEAR or not 1 <= month <= 12 or not 1 <= day <= month_days(year, month):
        return None
    return Date(year, month, day)


def date_of(ordinal: int) -> Date | None:
    """The date so many days after 1970-01-01; None beyond the years that FEEL has."""
    era, of_era = divmod(ordinal + 719_468, 146_097)
    year_of_era = (of_era - of_era // 1_460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted = (5 * of_year + 2) // 153
    month = shifted + 3 if shifted < 10 else shifted - 9
    year = year_of_era + era * 400 + (month <= 2)
    return make_date(year, month, of_year - (153 * shifted + 2) // 5 + 1)


def add_months(date: Date, months: int) -> Date | None:
    """The same day so many months later, or the last day of a shorter month."""
    year, month = divmod(date.year * 12 + date.month - 1 + months, 12)
    return make_date(year, month + 1, min(date.day, month_days(year, month + 1)))


@lru_cache(512)
def zone_info(name: str) -> ZoneInfo | None:
    """The zone of the tz database with this name, or None."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def offset_of(zone: Zone, date: Date | None, nanos: int) -> int:
    """Seconds east of UTC on that date (a time without date: in January 2000)."""
    if zone.offset is not None:
        return zone.offset
    info = zone_info(zone.name or "")
    if info is None:
        return 0
    year = 2000 if date is None else date.year
    if not 2 <= year <= 9998:
        year = 2000 + year % 400
    month, day = (1, 1) if date is None else (date.month, date.day)
    seconds = nanos // SECOND
    wall = datetime(year, month, day, seconds // 3600, seconds // 60 % 60, seconds % 60, tzinfo=info)
    offset = wall.utcoffset() or timedelta(0)
    return offset.days * 86_400 + offset.seconds


def instant(value: DateTime) -> int:
    """Nanoseconds since 1970-01-01T00:00 UTC; a date and time without zone counts as UTC."""
    wall = value.date.ordinal * DAY + value.time.nanos
    zone = value.time.zone
    return wall - offset_of(zone, value.date, value.time.nanos) * SECOND if zone else wall


def moment(value: Time) -> int:
    """Nanoseconds since midnight UTC; a time without zone counts as UTC."""
    return value.nanos - offset_of(value.zone, None, value.nanos) * SECOND if value.zone else value.nanos


def at_instant(nanos: int, zone: Zone | None) -> DateTime | None:
    """The date and time at an instant, as clocks in ``zone`` show it (None: UTC, without zone)."""
    offset = 0
    if zone is not None and zone.offset is not None:
        offset = zone.offset
    elif zone is not None:
        offset = _named_offset(zone.name or "", nanos)
    day, rest = divmod(nanos + offset * SECOND, DAY)
    date = date_of(day)
    return None if date is None else DateTime(date, Time(rest, zone))


def _named_offset(name: str, nanos: int) -> int:
    info, day = zone_info(name), date_of(nanos // DAY)
    if info is None or day is None:
        return 0
    year = day.year if 2 <= day.year <= 9998 else 2000 + day.year % 400
    moved = datetime(year, day.month, day.day, tzinfo=UTC) + timedelta(seconds=nanos % DAY // SECOND)
    offset = moved.astimezone(info).utcoffset() or timedelta(0)
    return offset.days * 86_400 + offset.seconds
