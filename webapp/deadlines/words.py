"""Why a deadline is when it is, in sentences: for pages and for the command line."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from flask_babel import format_date, format_datetime

from engine.desk import ClockKind, Due, Reason, ReasonKind
from engine.errors import N_
from webapp.i18n import gettext, ngettext
from webapp.times import moment

NOT_SET = N_("the calendar has not been set yet")
_DAY = N_("d MMMM y")
"""A pattern of CLDR, as in webapp/times.py."""
_CLOCK = N_("HH:mm")
_OFF = {
    ReasonKind.RECEIVED: N_("the day of receipt, which is not counted"),
    ReasonKind.WEEKEND: N_("weekend"),
    ReasonKind.HOLIDAY: N_("%(name)s, a national holiday"),
    ReasonKind.CLOSED: N_("closed: %(name)s"),
    ReasonKind.JOINT_LEAVE_WORKED: N_("%(name)s, on which this agency works"),
    ReasonKind.OPENED: N_("this agency works: %(name)s"),
}
_SKIPPED = (ReasonKind.WEEKEND, ReasonKind.HOLIDAY, ReasonKind.JOINT_LEAVE, ReasonKind.CLOSED)


def amount_words(kind: ClockKind, amount: int) -> str:
    """``5 working days``: what a clock counts."""
    match kind:
        case ClockKind.WORKING_MINUTES:
            return ngettext("%(num)d working minute", "%(num)d working minutes", amount)
        case ClockKind.WORKING_DAYS:
            return ngettext("%(num)d working day", "%(num)d working days", amount)
        case ClockKind.HOURS:
            return ngettext("%(num)d hour by the calendar", "%(num)d hours by the calendar", amount)
        case ClockKind.MONTHS:
            return ngettext("%(num)d month by the calendar", "%(num)d months by the calendar", amount)


def summary(found: Due) -> str:
    """One sentence: until when, how much was counted, and every day that was skipped with its reason."""
    skipped = [f"{_days(reason)} {_off(reason)}" for reason in found.reasons if reason.kind in _SKIPPED]
    values = {"amount": amount_words(found.kind, found.amount), "skipped": ", ".join(skipped)}
    if found.at is None:
        return gettext(N_("No deadline yet: %(why)s."), why=gettext(NOT_SET))
    values["at"] = moment(found.at, _zone(found))
    if skipped:
        return gettext("Due on %(at)s: %(amount)s, skipping %(skipped)s.", **values)
    return gettext("Due on %(at)s: %(amount)s.", **values)


def explanation(found: Due) -> list[str]:
    """A sentence for each step on the way, the first of which says what is counted, and from when."""
    start = gettext(
        "%(amount)s from %(start)s",
        amount=amount_words(found.kind, found.amount),
        start=moment(found.start, _zone(found)),
    )
    if found.kind in (ClockKind.HOURS, ClockKind.MONTHS):
        start += " " + gettext("(it runs on weekends and holidays too)")
    return [start, *_steps(found)]


def _steps(found: Due) -> Iterator[str]:
    counted = 0
    for reason in found.reasons:
        if reason.kind is ReasonKind.COUNTED and reason.days:
            yield f"{_days(reason)}: {_numbered(counted + 1, counted + reason.days)}"
            counted += reason.days
        elif reason.kind is ReasonKind.CLAMPED:
            yield gettext("That month has no day %(day)s: its last one counts.", day=found.start.day)
        else:
            yield _step(reason)


def _step(reason: Reason) -> str:
    days = _days(reason)
    match reason.kind:
        case ReasonKind.COUNTED:
            minutes, seconds = divmod(int(reason.time / timedelta(seconds=1)), 60)
            length = ngettext("%(num)d working minute", "%(num)d working minutes", minutes)
            more = ngettext(" and %(num)d second", " and %(num)d seconds", seconds) if seconds else ""
            return f"{days}, {_times(reason)}: {length}{more}"
        case ReasonKind.BREAK:
            return gettext("%(days)s, %(times)s: break", days=days, times=_times(reason))
        case ReasonKind.OUTSIDE_HOURS if reason.until:
            since = _clock(reason.until)
            return gettext("%(days)s: outside office hours until %(since)s", days=days, since=since)
        case ReasonKind.OUTSIDE_HOURS:
            return gettext("%(days)s: office hours were over", days=days)
        case ReasonKind.RAMADAN if reason.estimated:
            words = N_("%(days)s: the shorter hours of %(name)s, whose dates are only estimated")
            return gettext(words, days=days, name=reason.name)
        case ReasonKind.RAMADAN:
            return gettext("%(days)s: the shorter hours of %(name)s", days=days, name=reason.name)
        case ReasonKind.UNKNOWN:
            words = N_("From %(day)s on the calendar has not been set yet: no deadline is guessed.")
            return gettext(words, day=days)
    return f"{days}: {_off(reason)}"


def _off(reason: Reason) -> str:
    """What kind of day it is, and in brackets what says so."""
    template = _OFF.get(reason.kind)
    words = gettext(template, name=reason.name) if template else reason.name
    return f"{words} ({reason.source})" if reason.source else words


def _numbered(first: int, last: int) -> str:
    if first == last:
        return gettext("working day %(number)s", number=first)
    return gettext("working days %(first)s to %(last)s", first=first, last=last)


def _days(reason: Reason) -> str:
    return days_words(reason.first, reason.last)


def days_words(first: date, last: date) -> str:
    """``18 March 2026``, ``21–22 March 2026``, ``30 March 2026 – 2 April 2026``."""
    if first == last:
        return day_words(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{day_words(last)}"
    return f"{day_words(first)} – {day_words(last)}"


def day_words(day: date) -> str:
    """``30 March 2026``."""
    return str(format_date(day, gettext(_DAY)))


def _times(reason: Reason) -> str:
    return "–".join(_clock(at) for at in (reason.since, reason.until) if at)


def _clock(at: datetime) -> str:
    return str(format_datetime(at, gettext(_CLOCK), rebase=False))


def _zone(found: Due) -> str:
    return str(found.start.tzinfo)
