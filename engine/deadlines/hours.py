"""Office hours: when an agency works on an ordinary day of the week, and in Ramadan."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from itertools import pairwise

from engine.errors import N_, VariableInvalid

Span = tuple[time, time]
"""From the first time until before the second, on one day; between two spans of a day is its break."""

Week = tuple[tuple[Span, ...], ...]
"""The spans of seven days, Monday first. A day without any is no working day."""

WEEKDAYS = ("senin", "selasa", "rabu", "kamis", "jumat", "sabtu", "minggu")
"""What the days are called in an agency's profile."""

_SPAN = re.compile(r"\s*(\d{1,2})[.:](\d{2})\s*[-–]\s*(\d{1,2})[.:](\d{2})\s*")


@dataclass(frozen=True)
class OfficeHours:
    """The hours of an agency from the day ``since`` on, until it has others."""

    since: date
    ordinary: Week
    ramadan: Week


def _span(first: str, last: str) -> Span:
    return time.fromisoformat(first), time.fromisoformat(last)


def _five_days(other: tuple[Span, ...], friday: tuple[Span, ...]) -> Week:
    return (other, other, other, other, friday, (), ())


PERPRES_21_2023 = OfficeHours(
    date.min,
    ordinary=_five_days(
        (_span("07:30", "12:00"), _span("13:00", "16:00")),
        (_span("07:30", "11:30"), _span("13:00", "16:30")),
    ),
    ramadan=_five_days(
        (_span("08:00", "12:00"), _span("12:30", "15:00")),
        (_span("08:00", "11:30"), _span("12:30", "15:30")),
    ),
)
"""What holds where an agency says nothing else: Perpres 21/2023.

Given are five working days (Ps 3), 37.5 hours a week without breaks and 32.5 in Ramadan (Ps 4 (1), (2)), the
beginning, 07.30 and 08.00 (Ps 4 (3), (4)), and the break: 60 minutes, on Fridays 90; in Ramadan 30 and 60
(Ps 4 (5), (6)). So each day has 7.5 hours (6.5), and ends at 16.00, on Fridays at 16.30 (15.00 and 15.30).
Where the breaks lie is for the head of the agency to say (Ps 4); here they begin as they commonly do, at
12.00 and on Fridays at 11.30.
"""


def parse_spans(text: str) -> tuple[Span, ...]:
    """``07.30-12.00, 13.00-16.00`` as spans; an empty text is a day on which nobody works.

    Raises ``VariableInvalid`` where it is something else, and where a span does not lie after the one before.
    """
    spans = [_parse_span(part) for part in text.split(",") if part.strip()]
    if any(first >= last for first, last in spans) or any(a[1] >= b[0] for a, b in pairwise(spans)):
        raise VariableInvalid(name="hours", reason=N_("every time must be later than the one before it"))
    return tuple(spans)


def _parse_span(text: str) -> Span:
    found = _SPAN.fullmatch(text)
    try:
        hour, minute, last_hour, last_minute = map(int, found.groups() if found else ())
        return time(hour, minute), time(last_hour, last_minute)
    except ValueError as error:
        reason = N_("write hours like this: 07.30-12.00, 13.00-16.00")
        raise VariableInvalid(name="hours", reason=reason) from error


def spans_text(spans: Sequence[Span]) -> str:
    """The text that ``parse_spans`` reads as these spans."""
    return ", ".join(f"{first:%H.%M}-{last:%H.%M}" for first, last in spans)


def parse_week(texts: Mapping[str, str], otherwise: Week | None = None) -> Week:
    """A week of ``{"senin": "07.30-12.00, 13.00-16.00", ...}``; days that are not named are those of
    ``otherwise``, or free. Raises ``VariableInvalid``."""
    if unknown := sorted(set(texts) - set(WEEKDAYS)):
        raise VariableInvalid(name=unknown[0], reason=N_("this is no day of the week"))
    rest = otherwise or ((),) * 7
    return tuple(
        parse_spans(texts[name]) if name in texts else rest[number] for number, name in enumerate(WEEKDAYS)
    )


def week_text(week: Week) -> dict[str, str]:
    """What ``parse_week`` reads as this week; free days are empty texts."""
    return {name: spans_text(spans) for name, spans in zip(WEEKDAYS, week, strict=True)}
