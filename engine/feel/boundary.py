"""Values on their way in (JSON or Python) and out (Python, JSON).

In: int, float -> Decimal; date, time, datetime, timedelta -> FEEL's own; list, tuple, mapping -> list, dict.
Out: the other way round; what Python cannot hold (years beyond 9999, nanoseconds) stays FEEL's own type.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from types import NoneType
from typing import Any

from . import limits
from .limits import Exhausted, Step
from .runtime import Run
from .values.kinds import Function, Range, size
from .values.numbers import finite, from_int
from .values.temporal import DAY, Date, DateTime, DaysTime, Time, YearsMonths, Zone, zone_info
from .values.temporal_text import parse_any

_OWN = frozenset({str, bool, NoneType, Date, Time, DateTime, DaysTime, YearsMonths, Range, Function})
_UNCHANGED = frozenset({Decimal, str, bool, NoneType, YearsMonths, Range, Function})
_LARGEST_JSON_INT = 2**63


def lift(value: Any, run: Run, depth: int = 0) -> Any:
    """The FEEL value of what the caller gave; null with a warning for a type FEEL does not have.

    Lists and contexts are turned once an evaluation. Raises Exhausted if they are nested too deeply.
    """
    type_ = type(value)
    if type_ in _OWN:
        return value
    if type_ is int:
        return from_int(value)
    if type_ is Decimal:
        return finite(value)
    if type_ is float:
        return finite(Decimal(repr(value)))
    if isinstance(value, (list, tuple, Mapping)):
        return _lift_collection(value, run, depth)
    return _lift_python(value, run)


def _lift_collection(value: Any, run: Run, depth: int) -> Any:
    if run.lifted is None:
        run.lifted = {}
    elif (known := run.lifted.get(id(value))) is not None:
        return known[1]
    if depth > limits.NESTING:
        raise Exhausted(f"a value is nested deeper than {limits.NESTING} levels")
    lifted: Any
    if isinstance(value, Mapping):
        lifted = {str(key): lift(item, run, depth + 1) for key, item in value.items()}
    else:
        lifted = [lift(item, run, depth + 1) for item in value]
    run.lifted[id(value)] = (value, lifted)
    return lifted


def _lift_python(value: Any, run: Run) -> Any:
    if isinstance(value, datetime):
        return DateTime(Date(value.year, value.month, value.day), _lift_time(value.timetz(), value))
    if isinstance(value, date):
        return Date(value.year, value.month, value.day)
    if isinstance(value, time):
        return _lift_time(value, value)
    if isinstance(value, timedelta):
        return DaysTime(value.days * DAY + (value.seconds * 1_000_000 + value.microseconds) * 1000)
    if isinstance(value, (str, int, float, Decimal)):
        return lift(_base(value), run)
    return run.warn(f"a value of the Python type {type(value).__name__} is not a FEEL value")


def _base(value: Any) -> Any:
    """Subclasses of the plain types (enumerations of strings, for one) as the plain type."""
    for plain in (str, int, float, Decimal):
        if isinstance(value, plain):
            return plain.__str__(value) if plain is str else plain(value)
    return None


def _lift_time(clock: time, source: time | datetime) -> Time:
    nanos = ((clock.hour * 60 + clock.minute) * 60 + clock.second) * 1_000_000 + clock.microsecond
    zone, offset = clock.tzinfo, source.utcoffset()
    key = getattr(zone, "key", None)
    if key is not None and zone_info(key):
        return Time(nanos * 1000, Zone(None, key))
    return Time(nanos * 1000, None if offset is None else Zone(offset.days * 86_400 + offset.seconds))


def export(value: Any, step: Step, depth: int = 0) -> Any:
    """The Python value of a FEEL value.

    Raises Exhausted if it is nested too deeply or too large (a small list may hold a large one many times).
    """
    type_ = type(value)
    if type_ in _UNCHANGED:
        if type_ is str or type_ is Range:
            step(size(value) // limits.CHARACTERS_A_STEP)
        return value
    if depth > limits.NESTING:
        raise Exhausted(f"the result is nested deeper than {limits.NESTING} levels")
    if type_ is list:
        step(len(value))
        return [export(item, step, depth + 1) for item in value]
    if type_ is dict:
        step(len(value) + sum(map(len, value)) // limits.CHARACTERS_A_STEP)
        return {key: export(item, step, depth + 1) for key, item in value.items()}
    if type_ is Date:
        return _python_date(value)
    if type_ is DateTime:
        return _python_date_time(value)
    if type_ is Time:
        return _python_time(value)
    return _python_duration(value)


def _python_date(value: Date) -> date | Date:
    return date(value.year, value.month, value.day) if 1 <= value.year <= 9999 else value


def _python_time(value: Time) -> time | Time:
    hour, minute, second, nano = value.parts
    if nano % 1000:
        return value
    return time(hour, minute, second, nano // 1000, _python_zone(value.zone))


def _python_date_time(value: DateTime) -> datetime | DateTime:
    day, clock = _python_date(value.date), _python_time(value.time)
    if isinstance(day, Date) or isinstance(clock, Time):
        return value
    return datetime.combine(day, clock)


def _python_zone(zone: Zone | None) -> tzinfo | None:
    if zone is None:
        return None
    if zone.offset is None:
        return zone_info(zone.name or "")
    return timezone(timedelta(seconds=zone.offset)) if zone.offset else UTC


def _python_duration(value: DaysTime) -> timedelta | DaysTime:
    if value.nanos % 1000 or abs(value.nanos) >= 999_999_999 * DAY:
        return value
    return timedelta(microseconds=value.nanos // 1000)


def to_json(value: Any) -> Any:
    """A FEEL value as JSON has it.

    Numbers: int if whole and within 64 bits, else float, else (beyond floats) text. Dates, times and
    durations: ISO 8601 text; ranges and functions: text. Lists and contexts: item by item.
    """
    if isinstance(value, Decimal):
        return _json_number(value)
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    if isinstance(value, Mapping):
        return {str(key): to_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_json(item) for item in value]
    return str(lift(value, Run(None)))


def _json_number(value: Decimal) -> int | float | str | None:
    if not value.is_finite():
        return None
    if not value:
        return 0
    if value.adjusted() < 19 and value == value.to_integral_value():
        whole = int(value)
        if -_LARGEST_JSON_INT <= whole < _LARGEST_JSON_INT:
            return whole
    number = float(value)
    return number if abs(number) != float("inf") else str(value)


def from_json(text: str) -> Any:
    """The date, time, date and time or duration written in ``text``, else the text itself."""
    found = parse_any(text)
    return text if found is None else export(found, Run(None).step)
