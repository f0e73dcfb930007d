"""The history of a case as sentences. Values of variables are in none of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from engine.types import HistoryKind, HistoryView
from webapp.i18n import gettext
from webapp.people import person


@dataclass(frozen=True)
class Line:
    """``kind`` is the event's, for the template's looks."""

    at: datetime
    kind: str
    sentence: str


def story(events: Iterable[HistoryView]) -> list[Line]:
    """What people and clocks did, the newest first; the engine's own steps in between are left out."""
    lines = [Line(event.at, event.kind, sentence) for event in events if (sentence := _sentence(event))]
    return lines[::-1]


def _sentence(event: HistoryView) -> str:
    who, step = person(event.user_id), event.element_name or event.element_id or ""
    match event.kind:
        case HistoryKind.INSTANCE_STARTED:
            return gettext("%(who)s opened the case", who=who)
        case HistoryKind.TASK_CLAIMED:
            return gettext("%(who)s took: %(step)s", who=who, step=step)
        case HistoryKind.TASK_UNCLAIMED:
            return gettext("%(who)s gave back: %(step)s", who=who, step=step)
        case HistoryKind.TASK_ASSIGNED:
            to = person(event.details.get("assignee")) or gettext("nobody")
            return gettext("%(who)s assigned to %(to)s: %(step)s", who=who, to=to, step=step)
        case HistoryKind.TASK_COMPLETED:
            return gettext("%(who)s completed: %(step)s", who=who, step=step)
        case HistoryKind.MESSAGE_RECEIVED:
            return gettext("A message arrived: %(step)s", step=step)
        case HistoryKind.TIMER_FIRED:
            return gettext("Time ran out: %(step)s", step=step)
        case HistoryKind.INSTANCE_ENDED:
            return gettext("The case ended: %(step)s", step=step) if step else gettext("The case ended")
        case HistoryKind.INSTANCE_CANCELLED:
            return gettext("%(who)s cancelled the case", who=who)
    return ""
