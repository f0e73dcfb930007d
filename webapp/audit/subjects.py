"""What an entry of the access log is about, in the reader's language.

The log itself keeps short codes (``task:<id>``, ``user:<id> password``): they must read the same in every
language and for ever. Here the codes become words; one that has none is shown as it is.
"""

import re

from engine.errors import N_
from engine.types import HistoryKind
from webapp.audit.part import blueprint
from webapp.auth.events import Event
from webapp.i18n import gettext

_LONG_ID = re.compile(r"\b[0-9a-f]{8}[0-9a-f-]{16,20}([0-9a-f]{8})\b")
"""The id of something that nobody knows by its id; its last digits tell two apart."""

_KINDS = {
    "task": N_("task"),
    "attachment": N_("file"),
    "variable": N_("field"),
    "share": N_("sharing"),
    "job": N_("job"),
    "external_task": N_("external task"),
    "activities": N_("steps"),
    "steps": N_("choosing other steps"),
    "cockpit": N_("in the cockpit"),
    "search": N_("search"),
    "user": N_("user"),
    "agency": N_("agency"),
    "calendar": N_("calendar"),
    "deployment": N_("deployment"),
    "file": N_("file"),
    "request": N_("request number"),
    "requests": N_("list of requests"),
    "breach": N_("breach number"),
    "breaches": N_("list of breaches"),
    "log": N_("search of the log"),
    "counts": N_("numbers of the year"),
    "cases": N_("cases of the year"),
    HistoryKind.INSTANCE_STARTED.value: N_("opened"),
    HistoryKind.INSTANCE_CANCELLED.value: N_("cancelled"),
    HistoryKind.INSTANCE_SUSPENDED.value: N_("suspended"),
    HistoryKind.INSTANCE_ACTIVATED.value: N_("let go on"),
    HistoryKind.INSTANCE_MODIFIED.value: N_("moved to other steps"),
    HistoryKind.INSTANCE_MIGRATED.value: N_("moved to another version"),
    HistoryKind.TASK_CLAIMED.value: N_("taken"),
    HistoryKind.TASK_UNCLAIMED.value: N_("given back"),
    HistoryKind.TASK_ASSIGNED.value: N_("assigned"),
    HistoryKind.TASK_HANDED_OVER.value: N_("handed over"),
    HistoryKind.TASK_DELEGATED.value: N_("help asked for"),
    HistoryKind.TASK_RESOLVED.value: N_("help given"),
    HistoryKind.TASK_COMPLETED.value: N_("completed"),
    HistoryKind.ATTACHMENT_ADDED.value: N_("file attached"),
    HistoryKind.ATTACHMENT_REMOVED.value: N_("file taken away"),
    HistoryKind.COMMENT_ADDED.value: N_("comment written"),
    HistoryKind.COMMENT_REMOVED.value: N_("comment removed"),
    HistoryKind.VARIABLES_SET.value: N_("data changed"),
}
_DEEDS = {
    "added": N_("added"),
    "groups": N_("groups changed"),
    "password": N_("password"),
    "let_in": N_("unlocked"),
    "locked_out": N_("locked"),
    "email": N_("e-mail address changed"),
}
"""What was done to a user beside the events of signing in."""


@blueprint.app_template_filter()
def subject_words(subject: str) -> str:
    """What an entry is about, such as ``user petugas@natuna: A passkey was added``; codes without words
    come back as they are."""
    kind, _, rest = subject.partition(":")
    if kind not in _KINDS:
        return subject
    shown = _LONG_ID.sub(r"\1", rest)
    if kind == "user":
        who, _, deed = rest.partition(" ")
        shown = f"{who}: {_deed(deed)}" if deed else who
    return f"{gettext(_KINDS[kind])} {shown}".strip()


def _deed(code: str) -> str:
    event = Event.__members__.get(code.upper())
    return gettext(event.value if event else _DEEDS.get(code, code))
