"""What follows a dot (DMN 1.5, Table 65): entries of contexts, properties of times and ranges."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from engine.feel.limits import Step

from .kinds import Range
from .temporal import SECOND, Date, DateTime, DaysTime, Time, YearsMonths, Zone, offset_of

MISSING = object()


def _offset(zone: Zone | None, day: Date | None, nanos: int) -> DaysTime | None:
    return None if zone is None else DaysTime(offset_of(zone, day, nanos) * SECOND)


def _seconds(value: DaysTime) -> Decimal:
    return Decimal(abs(value.nanos) % (60 * SECOND)) / SECOND


_Property = Callable[[Any], Any]

_DATE: dict[str, _Property] = {
    "year": lambda value: Decimal(value.year),
    "month": lambda value: Decimal(value.month),
    "day": lambda value: Decimal(value.day),
    "weekday": lambda value: Decimal(value.weekday),
}
_TIME: dict[str, _Property] = {
    "hour": lambda value: Decimal(value.parts[0]),
    "minute": lambda value: Decimal(value.parts[1]),
    "second": lambda value: Decimal(value.nanos % (60 * SECOND)) / SECOND,
    "time offset": lambda value: _offset(value.zone, None, value.nanos),
    "timezone": lambda value: value.zone.name if value.zone else None,
}


def _of_date(property_: _Property) -> _Property:
    return lambda value: property_(value.date)


def _of_time(property_: _Property) -> _Property:
    return lambda value: property_(value.time)


def _signed(value: int, part: int) -> Decimal:
    return Decimal(-part if value < 0 else part)


PROPERTIES: dict[type, dict[str, _Property]] = {
    Date: _DATE,
    Time: _TIME,
    DateTime: {
        **{name: _of_date(read) for name, read in _DATE.items()},
        **{name: _of_time(read) for name, read in _TIME.items()},
        "time offset": lambda value: _offset(value.time.zone, value.date, value.time.nanos),
    },
    DaysTime: {
        "days": lambda value: _signed(value.nanos, abs(value.nanos) // (86_400 * SECOND)),
        "hours": lambda value: _signed(value.nanos, abs(value.nanos) // (3600 * SECOND) % 24),
        "minutes": lambda value: _signed(value.nanos, abs(value.nanos) // (60 * SECOND) % 60),
        "seconds": lambda value: -_seconds(value) if value.nanos < 0 else _seconds(value),
    },
    YearsMonths: {
        "years": lambda value: _signed(value.months, abs(value.months) // 12),
        "months": lambda value: _signed(value.months, abs(value.months) % 12),
    },
    Range: {
        "start": lambda value: value.low,
        "end": lambda value: value.high,
        "start included": lambda value: value.low_included,
        "end included": lambda value: value.high_included,
    },
}


def read_property(value: Any, name: str, step: Step) -> Any:
    """``value.name``; a list gives the property of each element; MISSING if there is no such property."""
    type_ = type(value)
    if type_ is dict:
        return value.get(name, MISSING)
    if type_ is list:
        step(len(value))
        found = [read_property(item, name, step) for item in value]
        return [None if item is MISSING else item for item in found]
    reader = PROPERTIES.get(type_, {}).get(name)
    return MISSING if reader is None else reader(value)
