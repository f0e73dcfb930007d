"""The kinds of FEEL values, and the two that are made of others: ranges and functions."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from types import NoneType
from typing import Any

from .temporal import Date, DateTime, DaysTime, Time, YearsMonths


@dataclass(frozen=True, slots=True)
class Range:
    """``[low..high]``. An end that is None and not included is no end at all (``< 5``)."""

    low: Any
    high: Any
    low_included: bool = True
    high_included: bool = True

    def __str__(self) -> str:
        from_text, to_text = text_of_end(self.low), text_of_end(self.high)
        return (
            f"{'[' if self.low_included else '('}{from_text}..{to_text}{']' if self.high_included else ')'}"
        )


def text_of_end(value: Any) -> str:
    """One end of a range as FEEL writes it."""
    if value is None:
        return ""
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return format(value, "f") if isinstance(value, Decimal) else f'@"{value}"'


def size(value: Any) -> int:
    """About how many characters the text of a string, number or range has; 0 for what is always short."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, Decimal):
        return abs(value.adjusted())
    return size(value.low) + size(value.high) if isinstance(value, Range) else 0


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """Anything that can be invoked: ``call(run, positional, named)`` returns a value.

    ``parameters`` are the names in order; ``types`` what is declared of them ``result`` of what
    comes out, as type references.
    """

    name: str
    parameters: tuple[str, ...]
    call: Callable[[Any, tuple[Any, ...], dict[str, Any]], Any]
    types: tuple[Any, ...] = ()
    result: Any = None

    def __str__(self) -> str:
        return f"function {self.name}".rstrip()


NAMES: dict[type, str] = {
    Decimal: "number",
    str: "string",
    bool: "boolean",
    Date: "date",
    Time: "time",
    DateTime: "date and time",
    DaysTime: "days and time duration",
    YearsMonths: "years and months duration",
    list: "list",
    dict: "context",
    Range: "range",
    Function: "function",
    NoneType: "null",
}

TYPES: dict[str, type] = {name: type_ for type_, name in NAMES.items()}


def kind(value: Any) -> str:
    """The FEEL name of a value's type."""
    return NAMES.get(type(value), "unknown")
