"""Equality and order (DMN 1.5, 10.3.2.5 and Table 50-54): True, False, or None where they have no answer."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from .kinds import Function, Range
from .temporal import Date, DateTime, DaysTime, Time, YearsMonths, instant, moment

_KEYS: dict[type, Callable[[Any], Any]] = {
    Date: lambda value: (value.year, value.month, value.day),
    Time: moment,
    DateTime: instant,
    DaysTime: lambda value: value.nanos,
    YearsMonths: lambda value: value.months,
}


def order(left: Any, right: Any) -> int | None:
    """-1, 0 or 1; None for values that have no order: other kinds, mixed kinds, null."""
    type_ = type(left)
    if type_ is not type(right):
        return None
    if type_ is Decimal or type_ is str:
        return int(left > right) - int(left < right)
    key = _KEYS.get(type_)
    if key is None or not _same_zoning(left, right):
        return None
    first, second = key(left), key(right)
    return int(first > second) - int(first < second)


def _same_zoning(left: Any, right: Any) -> bool:
    if isinstance(left, DateTime):
        left, right = left.time, right.time
    return not isinstance(left, Time) or (left.zone is None) == (right.zone is None)


def compare(operator: str, left: Any, right: Any) -> bool | None:
    """``<``, ``<=``, ``>``, ``>=``, ``=`` or ``!=``."""
    if operator == "=":
        return equal(left, right)
    if operator == "!=":
        same = equal(left, right)
        return None if same is None else not same
    found = order(left, right)
    if found is None:
        return None
    if operator == "<":
        return found < 0
    if operator == "<=":
        return found <= 0
    return found > 0 if operator == ">" else found >= 0


def equal(left: Any, right: Any) -> bool | None:
    """Whether two values are equal; None for values of different kinds."""
    if left is None or right is None:
        return left is right
    type_ = type(left)
    if type_ is not type(right):
        return None
    if type_ is Decimal or type_ is str or type_ is bool:
        return bool(left == right)
    if type_ is list:
        return len(left) == len(right) and _all_equal(zip(left, right, strict=True))
    if type_ is dict:
        return left.keys() == right.keys() and _all_equal((left[key], right[key]) for key in left)
    if type_ is Range:
        return _equal_ranges(left, right)
    if type_ is Function:
        return True if left is right else None
    found = order(left, right)
    return None if found is None else found == 0


def _all_equal(pairs: Any) -> bool | None:
    answer: bool | None = True
    for left, right in pairs:
        same = equal(left, right)
        if same is False:
            return False
        if same is None:
            answer = None
    return answer


def _equal_ranges(left: Range, right: Range) -> bool | None:
    if (left.low_included, left.high_included) != (right.low_included, right.high_included):
        return False
    return _all_equal([(left.low, right.low), (left.high, right.high)])


def identical(left: Any, right: Any) -> bool:
    """FEEL's ``is``: same kind and same value, zone included (but not how an offset is written)."""
    if type(left) is not type(right):
        return False
    if isinstance(left, (Date, Time, DateTime)):
        return bool(left == right)
    return equal(left, right) is True


def contains(range_: Range, value: Any) -> bool | None:
    """Whether a value lies in a range; None if it cannot be compared with its ends."""
    above = _beyond(value, range_.low, range_.low_included, 1)
    below = _beyond(value, range_.high, range_.high_included, -1)
    if above is False or below is False:
        return False
    return None if above is None or below is None else True


def _beyond(value: Any, end: Any, included: bool, wanted: int) -> bool | None:
    if end is None and not included:
        return True
    found = order(value, end)
    return None if found is None else found == wanted or (included and found == 0)


def matches(value: Any, test: Any) -> bool | None:
    """``value in test`` for one test that is a value: equal to it, in the range, or among the list."""
    type_ = type(test)
    if type_ is Range:
        return equal(value, test) if type(value) is Range else contains(test, value)
    if type_ is not list:
        return equal(value, test)
    if type(value) is list and equal(value, test):
        return True
    answer: bool | None = False
    for item in test:
        found = equal(value, item) if type(item) is list else matches(value, item)
        if found:
            return True
        if found is None:
            answer = None
    return answer
