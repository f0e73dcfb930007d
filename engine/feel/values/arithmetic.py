"""Arithmetic by the kinds of its operands (DMN 1.5, 10.3.2.15 and Tables 56-60).

An operation returns None where it has no result; the caller adds the warning.
"""

from collections.abc import Callable
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from .numbers import CONTEXT, guarded
from .temporal import (
    DAY,
    Date,
    DateTime,
    DaysTime,
    Time,
    YearsMonths,
    Zone,
    add_months,
    at_instant,
    date_of,
    instant,
    moment,
)

_LARGEST = 10**30
_WIDE = CONTEXT.copy()
_WIDE.prec = 80

Operation = Callable[[Any, Any], Any]


def _days_time(nanos: int) -> DaysTime | None:
    return DaysTime(nanos) if abs(nanos) < _LARGEST else None


def _years_months(months: int) -> YearsMonths | None:
    return YearsMonths(months) if abs(months) < _LARGEST else None


def _date_plus_days(date: Date, duration: DaysTime) -> Date | None:
    return date_of((date.ordinal * DAY + duration.nanos) // DAY)


def _date_time_plus_days(value: DateTime, duration: DaysTime) -> DateTime | None:
    """An instant moved on; the zone stays, so the clock may jump."""
    return at_instant(instant(value) + duration.nanos, value.time.zone)


def _date_time_plus_months(value: DateTime, duration: YearsMonths) -> DateTime | None:
    date = add_months(value.date, duration.months)
    return None if date is None else DateTime(date, value.time)


def _time_plus(value: Time, duration: DaysTime) -> Time:
    return Time((value.nanos + duration.nanos) % DAY, value.zone)


def _between_times(left: Time, right: Time) -> DaysTime | None:
    if (left.zone is None) != (right.zone is None):
        return None
    return DaysTime(moment(left) - moment(right))


def _between_date_times(left: DateTime, right: DateTime) -> DaysTime | None:
    if (left.time.zone is None) != (right.time.zone is None):
        return None
    return DaysTime(instant(left) - instant(right))


def midnight(date: Date) -> DateTime:
    """The start of a day in UTC, which is what a date means beside a date and time (DMN Table 57)."""
    return DateTime(date, Time(0, Zone(0)))


def _scale(operation: Callable[[Decimal, Decimal], Decimal], amount: int, factor: Decimal) -> Decimal | None:
    found = guarded(operation, Decimal(amount), factor)
    return None if found is None or found.adjusted() > 30 else found


def _scale_days_time(operation: Callable[[Decimal, Decimal], Decimal]) -> Operation:
    def scale(duration: DaysTime, factor: Decimal) -> DaysTime | None:
        nanos = _scale(operation, duration.nanos, factor)
        return None if nanos is None else DaysTime(int(nanos.to_integral_value(ROUND_HALF_EVEN)))

    return scale


def _scale_years_months(operation: Callable[[Decimal, Decimal], Decimal]) -> Operation:
    def scale(duration: YearsMonths, factor: Decimal) -> YearsMonths | None:
        months = _scale(operation, duration.months, factor)
        return None if months is None else YearsMonths(int(months))

    return scale


def _ratio(left: int, right: int) -> Decimal | None:
    return guarded(CONTEXT.divide, Decimal(left), Decimal(right)) if right else None


def _flip(operation: Operation) -> Operation:
    return lambda left, right: operation(right, left)


_times_nanos = _scale_days_time(_WIDE.multiply)
_times_months = _scale_years_months(_WIDE.multiply)

ADD: dict[tuple[type, type], Operation] = {
    (Decimal, Decimal): CONTEXT.add,
    (str, str): lambda left, right: left + right,
    (Date, DaysTime): _date_plus_days,
    (Date, YearsMonths): lambda left, right: add_months(left, right.months),
    (DateTime, DaysTime): _date_time_plus_days,
    (DateTime, YearsMonths): _date_time_plus_months,
    (Time, DaysTime): _time_plus,
    (DaysTime, DaysTime): lambda left, right: _days_time(left.nanos + right.nanos),
    (YearsMonths, YearsMonths): lambda left, right: _years_months(left.months + right.months),
}
ADD |= {
    (right, left): _flip(operation)
    for (left, right), operation in list(ADD.items())
    if left in (Date, DateTime, Time) and left is not right
}

SUBTRACT: dict[tuple[type, type], Operation] = {
    (Decimal, Decimal): CONTEXT.subtract,
    (Date, Date): lambda left, right: DaysTime((left.ordinal - right.ordinal) * DAY),
    (DateTime, DateTime): _between_date_times,
    (Date, DateTime): lambda left, right: _between_date_times(midnight(left), right),
    (DateTime, Date): lambda left, right: _between_date_times(left, midnight(right)),
    (Time, Time): _between_times,
    (Date, DaysTime): lambda left, right: _date_plus_days(left, DaysTime(-right.nanos)),
    (Date, YearsMonths): lambda left, right: add_months(left, -right.months),
    (DateTime, DaysTime): lambda left, right: _date_time_plus_days(left, DaysTime(-right.nanos)),
    (DateTime, YearsMonths): lambda left, right: _date_time_plus_months(left, YearsMonths(-right.months)),
    (Time, DaysTime): lambda left, right: _time_plus(left, DaysTime(-right.nanos)),
    (DaysTime, DaysTime): lambda left, right: _days_time(left.nanos - right.nanos),
    (YearsMonths, YearsMonths): lambda left, right: _years_months(left.months - right.months),
}

MULTIPLY: dict[tuple[type, type], Operation] = {
    (Decimal, Decimal): CONTEXT.multiply,
    (DaysTime, Decimal): _times_nanos,
    (Decimal, DaysTime): _flip(_times_nanos),
    (YearsMonths, Decimal): _times_months,
    (Decimal, YearsMonths): _flip(_times_months),
}

DIVIDE: dict[tuple[type, type], Operation] = {
    (Decimal, Decimal): CONTEXT.divide,
    (DaysTime, Decimal): _scale_days_time(_WIDE.divide),
    (YearsMonths, Decimal): _scale_years_months(_WIDE.divide),
    (DaysTime, DaysTime): lambda left, right: _ratio(left.nanos, right.nanos),
    (YearsMonths, YearsMonths): lambda left, right: _ratio(left.months, right.months),
}


def _power(base: Decimal, exponent: Decimal) -> Decimal:
    """Whatever to the power of 0 is 1 (IEEE 754, 9.2.1), 0 too."""
    return CONTEXT.power(base, exponent) if exponent else Decimal(1)


POWER: dict[tuple[type, type], Operation] = {(Decimal, Decimal): _power}

OPERATIONS: dict[str, dict[tuple[type, type], Operation]] = {
    "+": ADD,
    "-": SUBTRACT,
    "*": MULTIPLY,
    "/": DIVIDE,
    "**": POWER,
}


def negate(value: Any) -> Any:
    """The value with the other sign; None for what has none."""
    if isinstance(value, Decimal):
        return CONTEXT.minus(value)
    if isinstance(value, DaysTime):
        return DaysTime(-value.nanos)
    return YearsMonths(-value.months) if isinstance(value, YearsMonths) else None
