"""Moments and spans of time in words a reader takes in at a glance."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask_babel import format_date, format_datetime

from engine.clock import now
from engine.desk import SOON
from engine.errors import N_
from webapp.i18n import gettext, ngettext

_ZONE_NAMES = {
    "Asia/Jakarta": "WIB",
    "Asia/Pontianak": "WIB",
    "Asia/Makassar": "WITA",
    "Asia/Jayapura": "WIT",
}
_LONG = N_("EEEE, MMMM d, y, HH:mm")
"""A pattern of CLDR (unicode.org/reports/tr35), translated like a text."""
_DAY = N_("EEEE, MMMM d, y")
_SHORT = N_("MMM d, HH:mm")
_CLOCK = N_("HH:mm")


@dataclass(frozen=True)
class DueState:
    """How a deadline stands. ``kind``: ``aman`` (safe), ``segera`` (soon), ``lewat`` (missed), ``tanpa``."""

    kind: str
    icon: str
    words: str


def due_state(
    due: datetime | None, since: datetime, at: datetime | None = None, risk_at: datetime | None = None
) -> DueState:
    """How the deadline ``due`` stands at the moment ``at`` (now where None).

    Near from ``risk_at`` on, where a clock says when that is, else with less than ``SOON`` left. Without a
    deadline: how long the task has been waiting, ``since`` its creation.
    """
    at = at or now()
    if due is None:
        waited = at - since
        fresh = waited < timedelta(minutes=1)
        words = gettext("just in") if fresh else gettext("waiting for %(span)s", span=span(waited))
        return DueState("tanpa", "clock", words)
    left = due - at
    if left < timedelta(0):
        return DueState("lewat", "alert", gettext("late by %(span)s", span=span(-left)))
    if at > (due - SOON if risk_at is None else risk_at):
        return DueState("segera", "hourglass", gettext("soon, %(span)s left", span=span(left)))
    return DueState("aman", "calm", gettext("%(span)s left", span=span(left)))


def long_day(day: date) -> str:
    """``Tuesday, December 1, 2026``; of ``full``, the Indonesian of CLDR writes ``01 Desember``."""
    return str(format_date(day, gettext(_DAY)))


def span(length: timedelta) -> str:
    """A length of time by its two largest units: ``1 day 3 hours``, ``40 minutes``."""
    minutes = max(int(length.total_seconds() // 60), 0)
    days, minutes = divmod(minutes, 24 * 60)
    hours, minutes = divmod(minutes, 60)
    words = []
    if days:
        words.append(ngettext("%(num)d day", "%(num)d days", days))
    if hours:
        words.append(ngettext("%(num)d hour", "%(num)d hours", hours))
    if not days and (minutes or not words):
        words.append(ngettext("%(num)d minute", "%(num)d minutes", minutes))
    return " ".join(words)


def moment(value: datetime, zone: str) -> str:
    """``Senin, 30 Maret 2026, 16.00 WIB``: ``value`` in words on the clocks of ``zone`` (an IANA name)."""
    return f"{_format(value, zone, _LONG)} {_ZONE_NAMES.get(zone, local(value, zone).tzname() or '')}".strip()


def short_moment(value: datetime, zone: str) -> str:
    """``30 Mar, 16.00``: for a list, where the long form stands in a title."""
    return _format(value, zone, _SHORT)


def clock_time(value: datetime, zone: str) -> str:
    """``16.00 WIB``: for what happened just now."""
    return (
        f"{_format(value, zone, _CLOCK)} {_ZONE_NAMES.get(zone, local(value, zone).tzname() or '')}".strip()
    )


def bare_time(value: datetime, zone: str) -> str:
    """``16.00``: where the day stands above."""
    return _format(value, zone, _CLOCK)


def local(value: datetime, zone: str) -> datetime:
    """``value`` on the clocks of ``zone``."""
    return value.astimezone(ZoneInfo(zone))


def _format(value: datetime, zone: str, pattern: str) -> str:
    return str(format_datetime(local(value, zone), gettext(pattern), rebase=False))
