"""Dates, times and durations: conversion (DMN 1.5, 10.3.4.1), calendar (10.3.4.8), ``now``, ``today``."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from engine import clock
from engine.feel.boundary import lift
from engine.feel.runtime import Run
from engine.feel.values.arithmetic import midnight
from engine.feel.values.numbers import CONTEXT, integer
from engine.feel.values.temporal import (
    SECOND,
    Date,
    DateTime,
    DaysTime,
    Time,
    YearsMonths,
    Zone,
    make_date,
    month_days,
    zone_info,
)
from engine.feel.values.temporal_text import parse_date, parse_date_time, parse_duration, parse_time

from .registry import builtin

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@builtin("date", "from: string")
def date_from_text(run: Run, source: str) -> Any:
    found = parse_date(source)
    return run.warn("date(): the text is not a date") if found is None else found


@builtin("date", "from: date|date and time")
def date_from(run: Run, source: Any) -> Any:
    return source if isinstance(source, Date) else source.date


@builtin("date", "year: number, month: number, day: number")
def date_of_parts(run: Run, year: Decimal, month: Decimal, day: Decimal) -> Any:
    parts = [whole for part in (year, month, day) if (whole := integer(part)) is not None]
    found = make_date(parts[0], parts[1], parts[2]) if len(parts) == 3 else None
    return run.warn("date(): there is no such day") if found is None else found


@builtin("time", "from: string")
def time_from_text(run: Run, source: str) -> Any:
    found = parse_time(source)
    return run.warn("time(): the text is not a time") if found is None else found


@builtin("time", "from: date|time|date and time")
def time_from(run: Run, source: Any) -> Any:
    if isinstance(source, Time):
        return source
    return source.time if isinstance(source, DateTime) else Time(0, Zone(0))


@builtin("time", "hour: number, minute: number, second: number, offset?: days and time duration|null")
def time_of_parts(
    run: Run, hour: Decimal, minute: Decimal, second: Decimal, offset: DaysTime | None = None
) -> Any:
    hours, minutes = integer(hour), integer(minute)
    if hours is None or minutes is None or not (0 <= hours <= 23 and 0 <= minutes <= 59 and 0 <= second < 60):
        return run.warn("time(): there is no such time")
    nanos = (hours * 3600 + minutes * 60) * SECOND + int(CONTEXT.multiply(second, Decimal(SECOND)))
    if offset is None:
        return Time(nanos)
    if abs(offset.nanos) > 18 * 3600 * SECOND or offset.nanos % SECOND:
        return run.warn("time(): the offset is out of range")
    return Time(nanos, Zone(offset.nanos // SECOND))


@builtin("date and time", "from: string")
def date_time_from_text(run: Run, source: str) -> Any:
    found = parse_date_time(source)
    if found is None and (day := parse_date(source)):
        found = DateTime(day, Time(0))
    return run.warn("date and time(): the text is not a date and time") if found is None else found


@builtin("date and time", "from: date|date and time")
def date_time_from(run: Run, source: Any) -> Any:
    return source if isinstance(source, DateTime) else midnight(source)


@builtin("date and time", "date: date|date and time, time: time")
def date_time_of_parts(run: Run, day: Any, time: Time) -> Any:
    return DateTime(day if isinstance(day, Date) else day.date, time)


@builtin("duration", "from: string")
def duration_from_text(run: Run, source: str) -> Any:
    found = parse_duration(source)
    return run.warn("duration(): the text is not a duration") if found is None else found


@builtin("duration", "from: days and time duration|years and months duration")
def duration_from(run: Run, source: Any) -> Any:
    return source


@builtin("years and months duration", "from: date|date and time, to: date|date and time")
def years_and_months(run: Run, start: Any, end: Any) -> Any:
    """Whole months from one date to another."""
    first, last = (value.date if isinstance(value, DateTime) else value for value in (start, end))
    months = (last.year - first.year) * 12 + last.month - first.month
    if months > 0 and last.day < first.day:
        months -= 1
    elif months < 0 and last.day > first.day:
        months += 1
    return YearsMonths(months)


@builtin("now", "")
def now(run: Run) -> Any:
    return lift(_clock(run), run)


def _clock(run: Run) -> datetime:
    """The time on the clocks of the caller's zone, else of the zone that the clock is in."""
    moment, zone = clock.now(), zone_info(run.zone or clock.zone())
    return moment.astimezone(zone) if zone else moment


@builtin("today", "")
def today(run: Run) -> Any:
    return lift(_clock(run).date(), run)


def _day(value: Any) -> Date:
    day: Date = value.date if isinstance(value, DateTime) else value
    return day


@builtin("day of year", "date: date|date and time")
def day_of_year(run: Run, date: Any) -> Any:
    day = _day(date)
    return Decimal(day.ordinal - Date(day.year, 1, 1).ordinal + 1)


@builtin("day of week", "date: date|date and time")
def day_of_week(run: Run, date: Any) -> Any:
    return _DAYS[_day(date).weekday - 1]


@builtin("month of year", "date: date|date and time")
def month_of_year(run: Run, date: Any) -> Any:
    return _MONTHS[_day(date).month - 1]


@builtin("week of year", "date: date|date and time")
def week_of_year(run: Run, date: Any) -> Any:
    """The ISO 8601 week: the one that holds the year's first Thursday is 1."""
    day = _day(date)
    thursday = day.ordinal + 4 - day.weekday
    year = day.year
    if thursday < Date(year, 1, 1).ordinal:
        year -= 1
    elif thursday > Date(year, 12, 31).ordinal:
        year += 1
    return Decimal((thursday - Date(year, 1, 1).ordinal) // 7 + 1)


@builtin("last day of month", "date: date|date and time")
def last_day_of_month(run: Run, date: Any) -> Any:
    day = _day(date)
    return Decimal(month_days(day.year, day.month))
