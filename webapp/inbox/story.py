"""The history of a case as sentences. Values of variables are in none of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from engine.errors import N_
from engine.types import HistoryKind, HistoryView
from webapp.agencies import agency_name, clock_name, group_name, zone_of
from webapp.i18n import gettext
from webapp.people import person
from webapp.times import moment


@dataclass(frozen=True)
class Line:
    """``kind`` is the event's, for the template's looks; ``reason``: why a manager stepped in."""

    at: datetime
    kind: str
    sentence: str
    reason: str = ""

    @property
    def topic(self) -> str:
        """Which of ``TOPICS`` it belongs to."""
        return _TOPIC_OF.get(self.kind, "steering")


TOPICS = {
    "steps": N_("Steps"),
    "people": N_("Who works on it"),
    "comments": N_("Comments"),
    "steering": N_("Management"),
}
"""What a reader of a history may want to see alone."""

_KINDS_OF = {
    "steps": (
        *(HistoryKind.INSTANCE_STARTED, HistoryKind.INSTANCE_ENDED, HistoryKind.TASK_COMPLETED),
        *(HistoryKind.MESSAGE_RECEIVED, HistoryKind.SIGNAL_RECEIVED, HistoryKind.TIMER_FIRED),
        *(HistoryKind.EXTERNAL_TASK_COMPLETED, HistoryKind.EXTERNAL_TASK_FAILED),
        HistoryKind.EXTERNAL_TASK_ERROR,
    ),
    "people": (
        *(HistoryKind.TASK_CLAIMED, HistoryKind.TASK_UNCLAIMED, HistoryKind.TASK_ASSIGNED),
        *(HistoryKind.TASK_HANDED_OVER, HistoryKind.TASK_DELEGATED, HistoryKind.TASK_RESOLVED),
        HistoryKind.TASK_RELEASED,
    ),
    "comments": (HistoryKind.COMMENT_ADDED, HistoryKind.COMMENT_REMOVED),
}
_TOPIC_OF: dict[str, str] = {kind: topic for topic, kinds in _KINDS_OF.items() for kind in kinds}


def story(events: Iterable[HistoryView]) -> list[Line]:
    """What people and clocks did, the newest first; the engine's own steps in between are left out."""
    lines = [
        Line(event.at, event.kind, sentence, _reason(event))
        for event in events
        if (sentence := _sentence(event))
    ]
    return lines[::-1]


_SENTENCES: dict[str, str] = {
    HistoryKind.INSTANCE_STARTED: N_("%(who)s opened the case"),
    HistoryKind.TASK_CLAIMED: N_("%(who)s took: %(step)s"),
    HistoryKind.TASK_UNCLAIMED: N_("%(who)s gave back: %(step)s"),
    HistoryKind.TASK_ASSIGNED: N_("%(who)s assigned to %(to)s: %(step)s"),
    HistoryKind.TASK_HANDED_OVER: N_("%(who)s handed over to %(to)s: %(step)s"),
    HistoryKind.TASK_DELEGATED: N_("%(who)s asked %(to)s for help: %(step)s"),
    HistoryKind.TASK_RESOLVED: N_("%(who)s gave back to %(to)s: %(step)s"),
    HistoryKind.TASK_RELEASED: N_("No longer with %(lost)s, whose rights have ended: %(step)s"),
    HistoryKind.TASK_COMPLETED: N_("%(who)s completed: %(step)s"),
    HistoryKind.ATTACHMENT_ADDED: N_("%(who)s attached a file: %(step)s"),
    HistoryKind.ATTACHMENT_REMOVED: N_("%(who)s took an attached file away: %(step)s"),
    HistoryKind.COMMENT_ADDED: N_("%(who)s wrote a comment"),
    HistoryKind.COMMENT_REMOVED: N_("%(who)s removed a comment"),
    HistoryKind.MESSAGE_RECEIVED: N_("A message arrived: %(step)s"),
    HistoryKind.SIGNAL_RECEIVED: N_("A signal arrived: %(step)s"),
    HistoryKind.JOB_CHANGED: N_("%(who)s rescheduled: %(step)s"),
    HistoryKind.EXTERNAL_TASK_COMPLETED: N_("%(who)s completed: %(step)s"),
    HistoryKind.EXTERNAL_TASK_FAILED: N_("%(who)s failed: %(step)s"),
    HistoryKind.EXTERNAL_TASK_ERROR: N_("%(who)s reported an error: %(step)s"),
    HistoryKind.TIMER_FIRED: N_("Time ran out: %(step)s"),
    HistoryKind.DEADLINE_BREACHED: N_("The deadline was missed: %(clock)s, %(due)s"),
    HistoryKind.CLOCK_STOPPED: N_("%(clock)s has stopped: the case was moved past what it waits for"),
    HistoryKind.CLOCK_STARTED: N_("%(clock)s runs since the case was moved; due %(due)s"),
    HistoryKind.INSTANCE_ENDED: N_("The case ended"),
    HistoryKind.INSTANCE_CANCELLED: N_("%(who)s cancelled the case"),
    HistoryKind.INSTANCE_SUSPENDED: N_("%(who)s suspended the case"),
    HistoryKind.INSTANCE_ACTIVATED: N_("%(who)s let the case go on"),
    HistoryKind.INSTANCE_MODIFIED: N_("%(who)s moved the case to other steps"),
    HistoryKind.VARIABLES_SET: N_("%(who)s changed the case's data"),
    HistoryKind.CASE_SHARED: N_("%(who)s shared some of the case's data with %(to)s"),
    HistoryKind.SHARE_REVOKED: N_("%(who)s ended the sharing with %(to)s"),
    HistoryKind.INSTANCE_MIGRATED: N_("%(who)s moved the case to another version of its process"),
    HistoryKind.IDENTITY_OPENED: N_("%(who)s opened the identity"),
    HistoryKind.ERASURE_REQUESTED: N_("%(who)s asked to erase what is confidential"),
    HistoryKind.ERASURE_WITHDRAWN: N_("What is confidential is not erased: %(who)s closed the request"),
    HistoryKind.INSTANCE_ERASED: N_("What was confidential was erased"),
    HistoryKind.MIGRATION_UNDONE: N_("%(who)s moved the case back to its earlier version"),
}
"""What is told, by the kind of event; of others nothing."""


_REASONED = frozenset({HistoryKind.INSTANCE_MODIFIED, HistoryKind.VARIABLES_SET})
"""Kinds whose reason stands nowhere else on the page of a case."""


def _reason(event: HistoryView) -> str:
    return str(event.details.get("reason") or "") if event.kind in _REASONED else ""


def _receiver(event: HistoryView) -> str:
    """The group of another agency that a case's data were shared with; empty for other events."""
    agency_id, group = (str(event.details.get(name, "")) for name in ("agency", "group"))
    return f"{group_name(agency_id, group)}, {agency_name(agency_id)}" if agency_id and group else ""


def _who(event: HistoryView) -> str:
    """Who did it, and in whose place."""
    absent = event.details.get("on_behalf_of")
    who = person(event.user_id)
    return gettext("%(who)s for %(absent)s", who=who, absent=person(absent)) if absent else who


def _sentence(event: HistoryView) -> str:
    step = event.element_name or event.element_id or ""
    if event.kind == HistoryKind.INSTANCE_ENDED and step:
        return gettext("The case ended: %(step)s", step=step)
    if event.kind == HistoryKind.DEADLINE_MOVED:
        return _moved(event)
    template = _SENTENCES.get(event.kind)
    if event.kind == HistoryKind.DEADLINE_BREACHED and event.details.get("provisional"):
        template = N_("The provisional deadline was missed: %(clock)s, %(due)s")
    if template is None:
        return ""
    to = _receiver(event) or person(event.details.get("assignee")) or gettext("nobody")
    clock = {"clock": _clock(event), "due": _moment(event, "due")}
    lost = person(event.details.get("released_from"))
    return gettext(template, who=_who(event), step=step, to=to, lost=lost, **clock)


_WHY = {
    "calendar": N_("The calendar has changed: %(clock)s is due %(to)s, no longer %(was)s"),
    "profile": N_("The service standard has changed: %(clock)s is due %(to)s, no longer %(was)s"),
    "dropped": N_("The service standard has changed: %(clock)s, due %(was)s, no longer counts here"),
    "proposal": N_("An answer replaced the provisional deadline: %(clock)s is due %(to)s, no longer %(was)s"),
    "variable": N_("An answer brought it forward: %(clock)s is due %(to)s, no longer %(was)s"),
}
"""Of a deadline that moved, by what has moved it."""


def _moved(event: HistoryView) -> str:
    template = _WHY.get(str(event.details.get("why")), _WHY["calendar"])
    return gettext(template, clock=_clock(event), to=_moment(event, "to"), was=_moment(event, "from"))


def _clock(event: HistoryView) -> str:
    return clock_name(event.agency_id, str(event.details.get("clock", "")))


def _moment(event: HistoryView, name: str) -> str:
    """A moment that an event tells, by the agency's clocks; what is not known says so."""
    value = event.details.get(name)
    if not isinstance(value, str):
        return gettext("on a day that is not known yet")
    return moment(datetime.fromisoformat(value), zone_of(event.agency_id))
