"""ISO 8601 text to temporal values, in the forms that FEEL allows (DMN 1.5, 10.3.2.3, XML Schema)."""

import re

from .temporal import (
    DAY,
    SECOND,
    Date,
    DateTime,
    DaysTime,
    Time,
    YearsMonths,
    Zone,
    make_date,
    zone_info,
)

_NO_SUCH_ZONE = Zone(None, "")

Temporal = Date | Time | DateTime | DaysTime | YearsMonths

_DATE = re.compile(r"(-?(?:[0-9]{4}|[1-9][0-9]{4,8}))-([0-9]{2})-([0-9]{2})")
_TIME = re.compile(
    r"([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,100}))?)?"
    r"(?:(Z|z)|([+-])([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?|@([A-Za-z][A-Za-z0-9_+/-]{0,60}))?"
)
_YEARS_MONTHS = re.compile(r"(-?)P(?=[0-9])(?:([0-9]{1,18})Y)?(?:([0-9]{1,18})M)?")
_DAYS_TIME = re.compile(
    r"(-?)P(?=[0-9T])(?:([0-9]{1,18})D)?"
    r"(?:T(?=[0-9.])(?:([0-9]{1,18})H)?(?:([0-9]{1,18})M)?(?:([0-9]{0,18})(?:\.([0-9]{0,100}))?S)?)?"
)


def parse_date(text: str) -> Date | None:
    """``2026-03-30``; None if it is not a date."""
    match = _DATE.fullmatch(text)
    return make_date(int(match[1]), int(match[2]), int(match[3])) if match else None


def parse_time(text: str) -> Time | None:
    """``09:00``, ``09:00:30.5Z``, ``09:00:00+07:00``, ``09:00:00@Asia/Jakarta``; None if not a time."""
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
    if hour > 23 or minute > 59 or second > 59:
        return None
    zone = _zone(match)
    if zone is _NO_SUCH_ZONE:
        return None
    nano = int((match[4] or "0").ljust(9, "0")[:9])
    return Time((hour * 3600 + minute * 60 + second) * SECOND + nano, zone)


def _zone(match: re.Match[str]) -> Zone | None:
    """None: local time. _NO_SUCH_ZONE: a zone is given that does not exist."""
    if match[5]:
        return Zone(0)
    if match[6]:
        if int(match[8]) > 59 or int(match[9] or 0) > 59:
            return _NO_SUCH_ZONE
        offset = int(match[7]) * 3600 + int(match[8]) * 60 + int(match[9] or 0)
        return Zone(-offset if match[6] == "-" else offset) if offset <= 18 * 3600 else _NO_SUCH_ZONE
    if match[10]:
        return Zone(None, match[10]) if zone_info(match[10]) else _NO_SUCH_ZONE
    return None


def parse_date_time(text: str) -> DateTime | None:
    """A date, ``T`` and a time; None if it is not a date and time."""
    day, separator, clock = text.partition("T")
    if not separator:
        return None
    date, time = parse_date(day), parse_time(clock)
    return DateTime(date, time) if date and time else None


def parse_duration(text: str) -> DaysTime | YearsMonths | None:
    """``P1Y2M`` or ``P1DT2H3M4.5S``, never mixed; None if it is not a duration."""
    if match := _YEARS_MONTHS.fullmatch(text):
        months = int(match[2] or 0) * 12 + int(match[3] or 0)
        return YearsMonths(-months if match[1] else months)
    match = _DAYS_TIME.fullmatch(text)
    if match is None or text.endswith(("T", ".S", "TS")):
        return None
    seconds = int(match[3] or 0) * 3600 + int(match[4] or 0) * 60 + int(match[5] or 0)
    nanos = int(match[2] or 0) * DAY + seconds * SECOND + int((match[6] or "").ljust(9, "0")[:9])
    return DaysTime(-nanos if match[1] else nanos)


def parse_any(text: str) -> Temporal | None:
    """What ``@"..."`` holds; None if it is nothing that FEEL knows."""
    if "P" in text[:2]:
        return parse_duration(text)
    if "T" in text[:12]:
        return parse_date_time(text)
    return parse_date(text) or parse_time(text)
