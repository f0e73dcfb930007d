"""The kinds of values that have an order, and what lies between two of them."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from types import MappingProxyType
from typing import Any, Final

from engine.feel import Date, DateTime, DaysTime, Time, YearsMonths
from engine.feel.values.numbers import CONTEXT, guarded
from engine.feel.values.temporal import DAY, SECOND, Zone, at_instant, date_of, instant, moment

_HOUR: Final = 3600 * SECOND
_DIGITS: Final = 34

NOTHING: Final = object()
"""No value lies there."""
UNKNOWN: Final = object()
"""Some may lie there, but none can be named."""


@dataclass(frozen=True)
class Line:
    """A kind whose values are counted like whole numbers.

    ``number``: a value's. ``value``: the number's, None where there is none; of a zone, where the kind has
    zones. ``steps``: distances that make readable values, the last is the smallest. ``origin``: a number to
    begin with. ``first`` and ``end``: the smallest number, and the one after the largest.
    """

    number: Callable[[Any], int]
    value: Callable[[int, Zone | None], Any]
    steps: tuple[int, ...] = (1,)
    origin: int = 0
    first: int | None = None
    end: int | None = None

    def between(self, low: Any, high: Any, zone: Zone | None) -> Any:
        """A value above ``low`` and below ``high`` (None: no such end), NOTHING or UNKNOWN."""
        before = self.number(low) if low is not None else None if self.first is None else self.first - 1
        behind = self.number(high) if high is not None else self.end
        number = self._between(before, behind)
        if number is None:
            return NOTHING
        found = self.value(number, zone)
        return UNKNOWN if found is None else found

    def _between(self, before: int | None, behind: int | None) -> int | None:
        if before is None:
            return self.origin if behind is None else behind - self.steps[0]
        for step in self.steps:
            if behind is None or before + step < behind:
                return before + step
        return None


WHOLE: Final = Line(int, lambda number, _: Decimal(number) if abs(number) < 10**_DIGITS else None)
"""Numbers of a column that counts in ones."""

LINES: Final = MappingProxyType(
    {
        Date: Line(lambda day: day.ordinal, lambda number, _: date_of(number), origin=10_957),
        DateTime: Line(instant, at_instant, (DAY, _HOUR, SECOND, 1), origin=10_957 * DAY),
        Time: Line(moment, lambda number, _: Time(number), (_HOUR, 60 * SECOND, SECOND, 1), 0, 0, DAY),
        DaysTime: Line(lambda length: length.nanos, lambda n, _: DaysTime(n), (DAY, _HOUR, SECOND, 1)),
        YearsMonths: Line(lambda length: length.months, lambda number, _: YearsMonths(number)),
    }
)
"""Every kind with an order but numbers, between any two of which there is another, and texts."""


def number_between(low: Decimal | None, high: Decimal | None) -> Any:
    """The number with the fewest digits above ``low`` and below ``high``; UNKNOWN where 34 have no place."""
    if low is None and high is None:
        return Decimal(0)
    if low is None or high is None:
        return _beyond(low, high)
    middle = guarded(CONTEXT.divide, guarded(CONTEXT.add, low, high) or Decimal(0), Decimal(2))
    if middle is None:
        return UNKNOWN
    for digits in range(_DIGITS):
        unit = Decimal(1).scaleb(-digits)
        for found in (guarded(CONTEXT.quantize, middle, unit), guarded(CONTEXT.add, _floor(low, unit), unit)):
            if found is not None and low < found < high:
                return found
    return middle if low < middle < high else UNKNOWN


def _floor(value: Decimal, unit: Decimal) -> Decimal:
    found = guarded(lambda number: number.quantize(unit, rounding=ROUND_FLOOR, context=CONTEXT), value)
    return value if found is None else found


def _beyond(low: Decimal | None, high: Decimal | None) -> Any:
    """A whole number above ``low``, or below ``high``."""
    one = Decimal(1)
    if low is not None:
        found = guarded(CONTEXT.add, _floor(low, one), one)
        return found if found is not None and found > low else UNKNOWN
    found = None if high is None else guarded(CONTEXT.subtract, high, one)
    found = None if found is None else _floor(found, one)
    return found if found is not None and high is not None and found < high else UNKNOWN
