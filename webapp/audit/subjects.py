"""What an entry of the access log is about, in the reader's language.

The log itself keeps short codes (``task:<id>``, ``user:<id> password``): they must read the same in every
language and for ever. Here the codes become words; one that has none is shown as it is.
"""

import re
from collections.abc import Mapping

from engine.errors import N_
from engine.types import HistoryKind
from webapp.audit.part import blueprint
from webapp.audit.words import KINDS, OUTCOMES
from webapp.auth.events import Event
from webapp.i18n import gettext

_LONG_ID = re.compile(r"\b[0-9a-f]{8}[0-9a-f-]{16,20}([0-9a-f]{8})\b")
"""The id of something that nobody knows by its id; its last digits tell two apart."""

_KINDS: Mapping[str, str] = {
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
    HistoryKind.INSTANCE_STARTED: N_("opened"),
    HistoryKind.INSTANCE_ENDED: N_("ended"),
    HistoryKind.INSTANCE_CANCELLED: N_("cancelled"),
    HistoryKind.INSTANCE_SUSPENDED: N_("suspended"),
    HistoryKind.INSTANCE_ACTIVATED: N_("let go on"),
    HistoryKind.INSTANCE_MODIFIED: N_("moved to other steps"),
    HistoryKind.INSTANCE_MIGRATED: N_("moved to another version"),
    HistoryKind.INSTANCE_ERASED: N_("what was sealed was erased"),
    HistoryKind.MIGRATION_UNDONE: N_("moved back to its version"),
    HistoryKind.ACTIVITY_ENTERED: N_("step begun"),
    HistoryKind.ACTIVITY_COMPLETED: N_("step done"),
    HistoryKind.ACTIVITY_CANCELLED: N_("step cancelled"),
    HistoryKind.ACTIVITY_MIGRATED: N_("step moved to another version"),
    HistoryKind.TASK_CLAIMED: N_("taken"),
    HistoryKind.TASK_UNCLAIMED: N_("given back"),
    HistoryKind.TASK_ASSIGNED: N_("assigned"),
    HistoryKind.TASK_HANDED_OVER: N_("handed over"),
    HistoryKind.TASK_DELEGATED: N_("help asked for"),
    HistoryKind.TASK_RESOLVED: N_("help given"),
    HistoryKind.TASK_RELEASED: N_("taken back"),
    HistoryKind.TASK_COMPLETED: N_("completed"),
    HistoryKind.ATTACHMENT_ADDED: N_("file attached"),
    HistoryKind.ATTACHMENT_REMOVED: N_("file taken away"),
    HistoryKind.COMMENT_ADDED: N_("comment written"),
    HistoryKind.COMMENT_REMOVED: N_("comment removed"),
    HistoryKind.VARIABLES_SET: N_("data changed"),
    HistoryKind.CASE_SHARED: N_("shared"),
    HistoryKind.SHARE_REVOKED: N_("sharing ended"),
    HistoryKind.MESSAGE_RECEIVED: N_("message arrived"),
    HistoryKind.SIGNAL_RECEIVED: N_("signal arrived"),
    HistoryKind.JOB_CHANGED: N_("job rescheduled"),
    HistoryKind.EXTERNAL_TASK_COMPLETED: N_("external task done"),
    HistoryKind.EXTERNAL_TASK_FAILED: N_("external task failed"),
    HistoryKind.EXTERNAL_TASK_ERROR: N_("external task reported an error"),
    HistoryKind.TIMER_FIRED: N_("time ran out"),
    HistoryKind.DEADLINE_BREACHED: N_("deadline missed"),
    HistoryKind.DEADLINE_MOVED: N_("deadline moved"),
    HistoryKind.CLOCK_STOPPED: N_("clock stopped"),
    HistoryKind.CLOCK_STARTED: N_("clock started"),
    HistoryKind.IDENTITY_OPENED: N_("identity opened"),
    HistoryKind.ERASURE_REQUESTED: N_("erasure asked for"),
    HistoryKind.ERASURE_WITHDRAWN: N_("erasure not done, request closed"),
}
_PARTS: Mapping[str, Mapping[str, str]] = {
    "request": {code.value: words for code, words in (*KINDS.items(), *OUTCOMES.items())},
    "breach": {"subjects": N_("people concerned told"), "authority": N_("authority told")},
    "log": {
        "agency": N_("agency"),
        "user": N_("person"),
        "case": N_("case number"),
        "action": N_("deed"),
        "since": N_("from a day on"),
        "until": N_("up to a day"),
    },
    "calendar": {"seed": N_("days of the government, number"), "hours": N_("office hours from")},
    "search": {"names": N_("by what is sealed")},
    "user": {
        "away": N_("away"),
        "back": N_("back"),
        "substitute": N_("substitute"),
        "appointed": N_("with the groups of the absent one"),
    },
}
"""Codes in what follows the kind."""

_CODE = re.compile(r"(?<![\w@.])[a-z_]+(?![\w@.-])")
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
    elif kind in _PARTS:
        shown = _part(kind, shown)
    return f"{gettext(_KINDS[kind])} {shown}".strip()


def _deed(code: str) -> str:
    code, _, rest = code.partition(" ")
    event = Event.__members__.get(code.upper())
    if event or code in _DEEDS:
        return f"{gettext(event.value if event else _DEEDS[code])} {rest}".strip()
    return _part("user", f"{code} {rest}".strip())


def _part(kind: str, text: str) -> str:
    words = _PARTS[kind]
    return _CODE.sub(lambda code: gettext(words.get(code[0], code[0])).lower(), text)
