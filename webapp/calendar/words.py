"""What kinds of days, weekdays and changes are called in the reader's language."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from engine.desk import CalendarChangeView, EntryKind, EntryStatus
from engine.errors import N_
from webapp.deadlines.words import days_words
from webapp.i18n import gettext

KINDS = {
    EntryKind.HOLIDAY: N_("National holiday"),
    EntryKind.JOINT_LEAVE: N_("Cuti bersama"),
    EntryKind.RAMADAN: N_("Ramadan"),
    EntryKind.YEAR: N_("The decree (SKB) of a year is known"),
    EntryKind.CLOSED: N_("The agency is closed"),
    EntryKind.OPEN: N_("The agency works"),
}
WEEKDAYS = {
    "senin": N_("Monday"),
    "selasa": N_("Tuesday"),
    "rabu": N_("Wednesday"),
    "kamis": N_("Thursday"),
    "jumat": N_("Friday"),
    "sabtu": N_("Saturday"),
    "minggu": N_("Sunday"),
}
SHORT_WEEKDAYS = (N_("Mo"), N_("Tu"), N_("We"), N_("Th"), N_("Fr"), N_("Sa"), N_("Su"))


def change_words(change: CalendarChangeView) -> str:
    """What somebody did: ``added: 6–7 July 2026, Moving house``."""
    if change.before is None and change.after is not None:
        return gettext("added: %(what)s", what=_what(change, change.after))
    if change.after is None and change.before is not None:
        return gettext("removed: %(what)s", what=_what(change, change.before))
    before, after = _what(change, change.before or {}), _what(change, change.after or {})
    if before == after:
        return gettext("changed: %(what)s", what=after)
    return gettext("changed: %(before)s; now %(after)s", before=before, after=after)


def _what(change: CalendarChangeView, values: Mapping[str, Any]) -> str:
    if "first_day" not in values:
        since = date.fromisoformat(change.subject.removeprefix("hours "))
        return gettext("office hours from %(day)s on", day=days_words(since, since))
    days = days_words(date.fromisoformat(values["first_day"]), date.fromisoformat(values["last_day"]))
    estimated = f" ({gettext('estimate')})" if values["status"] == EntryStatus.ESTIMATED.value else ""
    return f"{days}, {values['name']}{estimated}"
