"""Business time: an agency's calendar, and the arithmetic of its four clocks. Pure: no database, no now.

What the calendar has not been told, nobody guesses: a moment that depends on a day of a year whose joint
decree (SKB) is not known is None. Every moment comes with its reasons, as data.
"""

from engine.deadlines.calendar import (
    Calendar,
    CalendarEntry,
    Day,
    EntryKind,
    EntryStatus,
)
from engine.deadlines.clocks import ClockKind, Due, after, due, moment_at, worked, working_days
from engine.deadlines.hours import (
    PERPRES_21_2023,
    OfficeHours,
    Span,
    Week,
    parse_spans,
    parse_week,
    spans_text,
    week_text,
)
from engine.deadlines.reasons import Reason, ReasonKind

__all__ = [
    "PERPRES_21_2023",
    "Calendar",
    "CalendarEntry",
    "ClockKind",
    "Day",
    "Due",
    "EntryKind",
    "EntryStatus",
    "OfficeHours",
    "Reason",
    "ReasonKind",
    "Span",
    "Week",
    "after",
    "due",
    "moment_at",
    "parse_spans",
    "parse_week",
    "spans_text",
    "week_text",
    "worked",
    "working_days",
]
