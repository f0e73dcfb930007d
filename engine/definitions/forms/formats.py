"""Formats of texts, as form-js writes them: dates, times, addresses."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from types import MappingProxyType
from typing import Final, TypeVar

T = TypeVar("T")

_ZONE = r"(?:Z|[+-][0-9]{2}:[0-9]{2})?"
_CLOCK = rf"[0-9]{{2}}:[0-9]{{2}}(?::[0-9]{{2}}(?:\.[0-9]{{1,6}})?)?{_ZONE}"
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_DATE: Final = re.compile(_DAY)
_TIME: Final = re.compile(_CLOCK)
_DATETIME: Final = re.compile(f"{_DAY}T{_CLOCK}")

_EMAIL: Final = re.compile(
    r"[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@"
    r"[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*"
)
_PHONE: Final = re.compile(r"(?:\+|00)[1-9][0-9]{5,29}$")


def read_date(text: str) -> date | None:
    """``2026-11-21``; None for another text or a day that no calendar has."""
    return _read(_DATE, date.fromisoformat, text)


def read_time(text: str) -> time | None:
    """``09:00``, also with seconds and with ``Z`` or an offset; None for another text."""
    return _read(_TIME, time.fromisoformat, text)


def read_datetime(text: str) -> datetime | None:
    """``2026-11-21T09:00+07:00``, also with seconds and without an offset; None for another text."""
    return _read(_DATETIME, datetime.fromisoformat, text)


def _read(shape: re.Pattern[str], read: Callable[[str], T], text: str) -> T | None:
    if not shape.fullmatch(text):
        return None
    try:
        return read(text)
    except ValueError:
        return None


FORMATS: Final[Mapping[str, Callable[[str], bool]]] = MappingProxyType(
    {
        "form-date": lambda text: read_date(text) is not None,
        "form-time": lambda text: read_time(text) is not None,
        "form-datetime": lambda text: read_datetime(text) is not None,
        "form-email": lambda text: _EMAIL.fullmatch(text) is not None,
        "form-phone": lambda text: _PHONE.search(text) is not None,
    }
)
"""Name of a format -> whether a text has it. The addresses are form-js's own patterns, the telephone
number a little wider than its list of country codes."""
