"""Equality and order (DMN 1.5, 10.3.2.5 and Table 50-54): True, False, or None where they have no answer."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from engine.feel.limits import CHARACTERS_A_STEP, Step

from .kinds import Function, Range
from .temporal import Date, DateTime, DaysTime, Time, YearsMonths, instant, moment

_KEYS: dict[type, Callable[[Any], Any]] = {
    Date: lambda value: (value.year, value.month, value.day),
    Time: moment,
    DateTime: instant,
    DaysTime: lambda value: value.nanos,
    YearsMonths: lambda value: value.months,
}


def order(left: Any, right: Any, step: Step) -> int | None:
    """-1, 0 or 1; None for values that have no order: other kinds, mixed kinds, null."""
    type_ = type(left)
    if type_ is not type(right):
        return None
    if type_ is str:
        step(min(len(left), len(right)) // CHARACTERS_A_STEP)
        return int(left > right) - int(left < right)
    if type_ is Decimal:
        return int(left > right) - int(left < right)
    key = _KEYS.get(type_)
    if key is None:
        return None
    if type_ is Time or type_ is DateTime:
        left, right = _alike(left, right)
    first, second = key(left), key(right)
    return int(first > second) - int(first < second)


def _alike(left: Any, right: Any) -> tuple[Any, Any]:
    """If only one has a zone, the other is taken to be in the same: the clocks decide (DMN Table 54)."""
    if isinstance(left, DateTime):
        if (left.time.zone is None) == (right.time.zone is None):
            return left, right
        return DateTime(left.date, Time(left.time.nanos)), DateTime(right.date, Time(right.time.nanos))
    if (left.zone is None) == (right.zone is None):
        return left, right
    return Time(left.nanos), Time(right.nanos)


def compare(operator: str, left: Any, right: Any, step: Step) -> bool | None:
    """``<``, ``<=``, ``>``, ``>=``, ``=`` or ``!=``. ``<=`` is ``<`` or ``=``, so that null <= null."""
    if operator == "=":
        return equal(left, right, step)
    if operator == "!=":
        same = equal(left, right, step)
        return None if same is None else not same
    found = order(left, right, step)
    if found is None:
        same = operator in ("<=", ">=") and equal(left, right, step) is True
        return True if same else None
    if operator == "<":
        return found < 0
    if operator == "<=":
        return found <= 0
    return found > 0 if operator == ">" else found >= 0


def equal(left: Any, right: Any, step: Step) -> bool | None:
    """Whether two values are equal; None for values of different kinds."""
    if left is None or right is None:
        return left is right
    type_ = type(left)
    if type_ is not type(right):
        return None
    if type_ is str:
        return len(left) == len(right) and _same_text(left, right, step)
    if type_ is Decimal or type_ is bool:
        return bool(left == right)
    if type_ is list:
        return len(left) == len(right) and _all_equal(zip(left, right, strict=True), step)
    if type_ is dict:
        step(len(left) // CHARACTERS_A_STEP)
        return left.keys() == right.keys() and _all_equal(((left[key], right[key]) for key in left), step)
    if type_ is Range:
        return _equal_ranges(left, right, step)
    if type_ is Function:
        return True if left is right else None
    found = order(left, right, step)
    return None if found is None else found == 0


def _all_equal(pairs: Any, step: Step) -> bool | None:
    answer: bool | None = True
    for left, right in pairs:
        step(1)
        same = equal(left, right, step)
        if same is False:
            return False
        if same is None:
            answer = None
    return answer


def _same_text(left: str, right: str, step: Step) -> bool:
    step(len(left) // CHARACTERS_A_STEP)
    return left == right


def _equal_ranges(left: Range, right: Range, step: Step) -> bool | None:
    if (left.low_included, left.high_included) != (right.low_included, right.high_included):
        return False
    return _all_equal([(left.low, right.low), (left.high, right.high)], step)


def identical(left: Any, right: Any, step: Step) -> bool:
    """FEEL's ``is``: same kind and same value, zone included (but not how an offset is written)."""
    if type(left) is not type(right):
        return False
    if isinstance(left, (Date, Time, DateTime)):
        return bool(left == right)
    return equal(left, right, step) is True


def contains(range_: Range, value: Any, step: Step) -> bool | None:
    """Whether a value lies in a range; None if it cannot be compared with its ends."""
    above = _beyond(value, range_.low, range_.low_included, 1, step)
    below = _beyond(value, range_.high, range_.high_included, -1, step)
    if above is False or below is False:
        return False
    return None if above is None or below is None else True


def _beyond(value: Any, end: Any, included: bool, wanted: int, step: Step) -> bool | None:
    if end is None and not included:
        return True
    found = order(value, end, step)
    return None if found is None else found == wanted or (included and found == 0)


def matches(value: Any, test: Any, step: Step) -> bool | None:
    """``value in test`` for one test that is a value: equal to it, in the range, or among the list.

    Of a list, a range counts as a range, and null only where a range has no answer (DMN Table 55).
    """
    type_ = type(test)
    if type_ is Range:
        return equal(value, test, step) if type(value) is Range else contains(test, value, step)
    if type_ is not list:
        return equal(value, test, step)
    if type(value) is list and equal(value, test, step):
        return True
    answer: bool | None = False
    for item in test:
        step(1)
        is_range = type(item) is Range and type(value) is not Range
        found = contains(item, value, step) if is_range else equal(value, item, step)
        if found:
            return True
        if found is None and is_range:
            answer = None
    return answer
