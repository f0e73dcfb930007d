"""The history of a case as sentences. Values of variables are in none of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from engine.errors import N_
from engine.types import HistoryKind, HistoryView
from webapp.agencies import agency_name, group_name
from webapp.i18n import gettext
from webapp.people import person


@dataclass(frozen=True)
class Line:
    """``kind`` is the event's, for the template's looks; ``reason``: why a manager stepped in."""

    at: datetime
    kind: str
    sentence: str
    reason: str = ""


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
    HistoryKind.TASK_COMPLETED: N_("%(who)s completed: %(step)s"),
    HistoryKind.MESSAGE_RECEIVED: N_("A message arrived: %(step)s"),
    HistoryKind.SIGNAL_RECEIVED: N_("A signal arrived: %(step)s"),
    HistoryKind.JOB_CHANGED: N_("%(who)s rescheduled: %(step)s"),
    HistoryKind.EXTERNAL_TASK_COMPLETED: N_("%(who)s completed: %(step)s"),
    HistoryKind.EXTERNAL_TASK_FAILED: N_("%(who)s failed: %(step)s"),
    HistoryKind.EXTERNAL_TASK_ERROR: N_("%(who)s reported an error: %(step)s"),
    HistoryKind.TIMER_FIRED: N_("Time ran out: %(step)s"),
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


def _sentence(event: HistoryView) -> str:
    step = event.element_name or event.element_id or ""
    if event.kind == HistoryKind.INSTANCE_ENDED and step:
        return gettext("The case ended: %(step)s", step=step)
    template = _SENTENCES.get(event.kind)
    if template is None:
        return ""
    to = _receiver(event) or person(event.details.get("assignee")) or gettext("nobody")
    return gettext(template, who=person(event.user_id), step=step, to=to)
