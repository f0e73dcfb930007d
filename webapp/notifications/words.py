"""What has happened, as a sentence in the language and on the clocks of whoever is told.

Only registration number, pseudonym, step and clock are in it; in the app also which colleague it was. What
leaves the house names nobody (``outside``).
"""

from collections.abc import Mapping
from datetime import datetime

from engine.desk import NotificationKind, NotificationView
from engine.errors import N_
from engine.types import pseudonym_of
from webapp.agencies import zone_of
from webapp.i18n import gettext
from webapp.people import person
from webapp.times import moment

KINDS: Mapping[NotificationKind, str] = {
    NotificationKind.TASK_ASSIGNED: N_("A task is given to me"),
    NotificationKind.TASK_HANDED_OVER: N_("Work is handed over to me"),
    NotificationKind.TASK_DELEGATED: N_("Somebody asks me for help"),
    NotificationKind.TASK_RESOLVED: N_("Help that I asked for is done"),
    NotificationKind.TASK_RETURNED: N_("A step that I did comes back"),
    NotificationKind.DEADLINE_WARNING: N_("A deadline is near"),
    NotificationKind.DEADLINE_BREACH: N_("A deadline has passed"),
    NotificationKind.MENTIONED: N_("Somebody mentions me"),
    NotificationKind.SUBSTITUTING: N_("Somebody stands in for another"),
}
"""What each kind is called where people choose."""

_SHORT: Mapping[NotificationKind, str] = {
    NotificationKind.TASK_ASSIGNED: N_("A new task for you"),
    NotificationKind.TASK_HANDED_OVER: N_("Work was handed over to you"),
    NotificationKind.TASK_DELEGATED: N_("You are asked for help"),
    NotificationKind.TASK_RESOLVED: N_("A task is back with you"),
    NotificationKind.TASK_RETURNED: N_("A step that you did comes back"),
    NotificationKind.DEADLINE_WARNING: N_("A deadline is near"),
    NotificationKind.DEADLINE_BREACH: N_("A deadline has passed"),
    NotificationKind.MENTIONED: N_("You were mentioned"),
    NotificationKind.SUBSTITUTING: N_("A substitute was named"),
}

ICONS: Mapping[NotificationKind, str] = {
    NotificationKind.TASK_ASSIGNED: "inbox",
    NotificationKind.TASK_HANDED_OVER: "arrow-right",
    NotificationKind.TASK_DELEGATED: "user",
    NotificationKind.TASK_RESOLVED: "check",
    NotificationKind.TASK_RETURNED: "arrow-left",
    NotificationKind.DEADLINE_WARNING: "hourglass",
    NotificationKind.DEADLINE_BREACH: "alert",
    NotificationKind.MENTIONED: "user",
    NotificationKind.SUBSTITUTING: "user",
}

_INSIDE: Mapping[NotificationKind, str] = {
    NotificationKind.TASK_ASSIGNED: N_('%(by)s gave you the task "%(step)s", %(case)s.'),
    NotificationKind.TASK_HANDED_OVER: N_('%(by)s handed over to you: "%(step)s", %(case)s.'),
    NotificationKind.TASK_DELEGATED: N_('%(by)s asks you for help: "%(step)s", %(case)s.'),
    NotificationKind.TASK_RESOLVED: N_('%(by)s gave back to you: "%(step)s", %(case)s.'),
    NotificationKind.TASK_RETURNED: N_('A step that you did comes back from %(by)s: "%(step)s", %(case)s.'),
    NotificationKind.DEADLINE_WARNING: N_('Clock "%(clock)s", %(case)s: due on %(when)s.'),
    NotificationKind.DEADLINE_BREACH: N_('Clock "%(clock)s", %(case)s: late since %(when)s.'),
    NotificationKind.MENTIONED: N_("%(by)s mentioned you in %(case)s."),
    NotificationKind.SUBSTITUTING: N_("%(substitute)s stands in for %(absent)s until %(when)s."),
}
_OUTSIDE: Mapping[NotificationKind, str] = {
    **_INSIDE,
    NotificationKind.TASK_ASSIGNED: N_('You have a new task: "%(step)s", %(case)s.'),
    NotificationKind.TASK_HANDED_OVER: N_('Work was handed over to you: "%(step)s", %(case)s.'),
    NotificationKind.TASK_DELEGATED: N_('A colleague asks you for help: "%(step)s", %(case)s.'),
    NotificationKind.TASK_RESOLVED: N_('A task is back with you: "%(step)s", %(case)s.'),
    NotificationKind.TASK_RETURNED: N_('A step that you did comes back: "%(step)s", %(case)s.'),
    NotificationKind.MENTIONED: N_("You were mentioned in %(case)s."),
    NotificationKind.SUBSTITUTING: N_("A substitute was named, until %(when)s; My account says for whom."),
}


def sentence(told: NotificationView, *, outside: bool = False) -> str:
    """What has happened. ``outside``: for a mail or a push message."""
    template = (_OUTSIDE if outside else _INSIDE).get(told.kind, N_("There is news about %(case)s."))
    words = gettext(
        template,
        **{role: _person(told, role) for role in ("by", "absent", "substitute")},
        step=told.task_name or gettext("a step"),
        case=case_of(told),
        clock=str(told.about.get("clock", "")),
        when=_moment(told),
    )
    if told.about.get("provisional"):
        words += " " + gettext("The deadline is provisional, by a proposal.")
    return words


def _person(told: NotificationView, role: str) -> str:
    return person(str(told.about.get(role, ""))) or gettext("Somebody")


def short_words(told: NotificationView) -> str:
    """The kind alone, for a screen that others may see."""
    return gettext(_SHORT.get(told.kind, N_("There is something new")))


def case_of(told: NotificationView) -> str:
    """``PSR-2026-0142 (Melati 27)``, as far as there is a case."""
    if told.instance_id is None:
        return gettext("a case")
    pseudonym = pseudonym_of(told.instance_id)
    return f"{told.business_key} ({pseudonym})" if told.business_key else pseudonym


def _moment(told: NotificationView) -> str:
    try:
        due = datetime.fromisoformat(str(told.about.get("due_at") or told.about.get("until", "")))
    except ValueError:
        return "?"
    return moment(due, zone_of(told.agency_id)) if due.tzinfo else "?"
