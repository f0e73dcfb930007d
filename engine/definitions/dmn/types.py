"""Values as the declared type of a decision's input wants them."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from types import MappingProxyType
from typing import Any, Final

from engine.feel import parse_expression

_DURATION: Final = parse_expression("duration(value)")


def fit(value: Any, type_ref: str) -> Any:
    """The value as the type has it.

    JSON has no dates: a text in a place that is declared as a date, time or duration is read as one, as
    Camunda does. A text that is none stays a text, and so no cell matches it. All else stays as it is.
    """
    read = _READERS.get(type_ref)
    if read is None or not isinstance(value, str):
        return value
    try:
        found = read(value)
    except ValueError:
        return value
    return value if found is None else found


def type_name(type_ref: str | None) -> str:
    """The name of a type reference without a prefix (``feel:dateTime`` -> ``dateTime``)."""
    return (type_ref or "").rpartition(":")[2].strip()


def _read_day(text: str) -> date:
    """A date; Camunda's type ``date`` is a date with a time."""
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def _read_duration(text: str) -> Any:
    return _DURATION.evaluate({"value": text})


_READERS: Final[Mapping[str, Callable[[str], Any]]] = MappingProxyType(
    {
        "date": _read_day,
        "time": time.fromisoformat,
        "dateTime": datetime.fromisoformat,
        "date and time": datetime.fromisoformat,
        "dayTimeDuration": _read_duration,
        "days and time duration": _read_duration,
        "yearMonthDuration": _read_duration,
        "years and months duration": _read_duration,
    }
)
