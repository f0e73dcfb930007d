"""What each route records of the cases it shows; a test holds this table and the routes to each other.

A change of a case needs no line in the log here: the command writes it in its own transaction.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.types import RecordAction


@dataclass(frozen=True)
class Declaration:
    """``action``: what showing a case is called in the log, None where no case is shown; ``always``: every
    answer shows one; ``why``: why nothing needs to be recorded, or when."""

    action: RecordAction | None = None
    always: bool = False
    why: str = ""


def recorded(action: RecordAction) -> Declaration:
    """A route whose every answer shows a case (or the log, or a register)."""
    return Declaration(action, always=True)


def may_record(action: RecordAction, why: str) -> Declaration:
    """A route whose answers show cases now and then: ``why`` says when."""
    return Declaration(action, why=why)


def unrecorded(why: str) -> Declaration:
    """A route that shows no case, and ``why`` that is so."""
    return Declaration(why=why)


_CASE, _TASK = recorded(RecordAction.OPEN_CASE), recorded(RecordAction.OPEN_TASK)
_FILE = recorded(RecordAction.READ_ATTACHMENT)
_VALUES = recorded(RecordAction.READ_VARIABLES)
_LIST = unrecorded("a list: registration numbers, steps and times, no data of a case")
_WORDS = may_record(RecordAction.READ_HISTORY, "the cases of which it shows what a worker said of a failure")
_RECEIVED = unrecorded("a list: whose, about what service, until when; no data of a case")
_COUNT = unrecorded("a number")
_CHANGE = unrecorded("a change: its command records it")
_FAILED_CHANGE = may_record(RecordAction.OPEN_CASE, "a change; what is refused comes back on the case's page")
_FAILED_TASK_CHANGE = may_record(
    RecordAction.OPEN_TASK, "a change; what is refused comes back on the task's page"
)
_CHANGE_WITH_VALUES = may_record(
    RecordAction.READ_VARIABLES, "a change: its command records it; variables where they are asked for"
)
_DRAFT = unrecorded(
    "what its writer alone typed and reads: nothing of the case changes or is shown before it is sent"
)
_MODEL = unrecorded("diagrams, tables and forms: no case")
_DAYS = unrecorded("holidays and office hours: no case")
_USERS = unrecorded("users and agencies: no case; changes record themselves")
_PUBLIC = unrecorded("says nothing of any case")
_OWN = unrecorded("one's own account: no case; what changes it is told to the user and the log of events")
_OWN_FILTERS = unrecorded("one's own filters of a list: public parameters of addresses, no case")
_SIGNING_IN = unrecorded("a login, or a failed one: recorded where it is opened or refused")
_OWN_ACCOUNT = (
    *(("GET", part) for part in ("", "/confirm", "/enrol", "/factors", "/logins", "/password", "/tokens")),
    *(("GET", part) for part in ("/absence", "/notifications", "/totp")),
    *(("POST", part) for part in ("/notifications", "/notifications/address", "/notifications/confirm")),
    *(("POST", part) for part in ("/notifications/address/remove", "/browsers")),
    *(("POST", part) for part in ("/browsers/<browser_id>/remove",)),
    *(("POST", part) for part in ("/absence", "/absence/<absence_id>/end")),
    *(("POST", part) for part in ("/codes", "/confirm", "/identity/link", "/identity/unlink")),
    *(("POST", part) for part in ("/logins/<login_id>/end", "/logins/end-others", "/password", "/tokens")),
    *(("POST", part) for part in ("/passkeys", "/passkeys/<passkey_id>/remove", "/passkeys/options")),
    *(("POST", part) for part in ("/tokens/<token_id>/revoke", "/totp", "/totp/confirm", "/totp/remove")),
)
_WAYS_IN = (
    *(("GET", part) for part in ("oidc", "oidc/back", "second")),
    *(("POST", part) for part in ("passkey", "passkey/options", "second")),
    *(("POST", part) for part in ("second/passkey", "second/passkey/options")),
)
_FOUND = "the cases that are found"
_TOLD = unrecorded("what one was told: registration numbers, steps and times, no data of a case")

_PAGES: Mapping[str, Declaration] = {
    "GET /": _LIST,
    "GET /list": _LIST,
    "POST /search": may_record(
        RecordAction.READ_VARIABLES,
        "words that may be a name: the cases that hold them, and how many were opened",
    ),
    "POST /bulk/claim": _CHANGE,
    "POST /bulk/choose": _LIST,
    "POST /bulk/assign": _CHANGE,
    "GET /filters": _OWN_FILTERS,
    "POST /filters": _OWN_FILTERS,
    "POST /filters/<filter_id>/rename": _OWN_FILTERS,
    "POST /filters/<filter_id>/remove": _OWN_FILTERS,
    "GET /tasks/<task_id>": _TASK,
    "POST /tasks/<task_id>/claim": _CHANGE,
    "POST /tasks/<task_id>/unclaim": _CHANGE,
    "POST /tasks/<task_id>/complete": _CHANGE,
    **{f"POST /tasks/<task_id>/draft{part}": _DRAFT for part in ("", "/choose", "/discard")},
    "POST /cases/<instance_id>/note": _DRAFT,
    "GET /cases/<instance_id>": _CASE,
    "GET /cases/<instance_id>/diagram": recorded(RecordAction.READ_DIAGRAM),
    "POST /tasks/<task_id>/attachments": _CHANGE,
    "POST /start/<agency_id>/<key>/attachments": _CHANGE,
    "GET /attachments/<attachment_id>": _FILE,
    "GET /attachments/<attachment_id>/file": _FILE,
    "GET /attachments/<attachment_id>/pages/<int:number>": may_record(
        RecordAction.READ_ATTACHMENT, "a page of a file, where no look at it was recorded a moment ago"
    ),
    "POST /attachments/<attachment_id>/remove": _CHANGE,
    "GET /tasks/<task_id>/hand-over": unrecorded(
        "asks to whom: the step, its number and time, no data of a case"
    ),
    "POST /tasks/<task_id>/hand-over": _CHANGE,
    "POST /tasks/<task_id>/resolve": _FAILED_TASK_CHANGE,
    "POST /cases/<instance_id>/comments": _FAILED_CHANGE,
    "POST /cases/<instance_id>/comments/<comment_id>/remove": _CHANGE,
    "GET /start": _MODEL,
    "GET /start/<agency_id>/<key>": may_record(
        RecordAction.READ_ATTACHMENT, "the files in it; a draft in it is its writer's own, and of no case yet"
    ),
    **{
        f"POST /start/<agency_id>/<key>/draft{part}": _DRAFT
        for part in ("", "/choose", "/discard", "/another")
    },
    "GET /signed-in": _PUBLIC,
    "POST /start/<agency_id>/<key>": _CHANGE,
    "GET /notifications": _TOLD,
    "GET /notifications/bell": _COUNT,
    "GET /notifications/<notification_id>": _TOLD,
    "POST /notifications/read": _TOLD,
    "POST /notifications/<notification_id>/read": _TOLD,
    "GET /shared": _RECEIVED,
    "GET /shared/<share_id>": recorded(RecordAction.READ_VARIABLES),
    "GET /statistics": unrecorded("numbers, and none that tells of a single case"),
    "GET /statistics/counts.csv": recorded(RecordAction.EXPORT),
    "GET /statistics/cases.csv": recorded(RecordAction.EXPORT),
    "GET /calendar": _DAYS,
    "GET /calendar/days/new": _DAYS,
    "POST /calendar/days": _CHANGE,
    "GET /calendar/days/<entry_id>": _DAYS,
    "POST /calendar/days/<entry_id>": _CHANGE,
    "POST /calendar/days/<entry_id>/remove": _CHANGE,
    "GET /calendar/hours": _DAYS,
    "POST /calendar/hours": _CHANGE,
    "POST /calendar/hours/remove": _CHANGE,
    "GET /cockpit": _LIST,
    "GET /cockpit/absences": _USERS,
    "POST /cockpit/absences": _USERS,
    "POST /cockpit/absences/<absence_id>/end": _USERS,
    "GET /cockpit/incidents": _WORDS,
    "POST /cockpit/incidents/<incident_id>/retry": _CHANGE,
    "GET /cockpit/instances/<instance_id>": _CASE,
    "POST /cockpit/instances/<instance_id>/activate": _CHANGE,
    "POST /cockpit/instances/<instance_id>/cancel": _FAILED_CHANGE,
    "GET /cockpit/instances/<instance_id>/data": _VALUES,
    "POST /cockpit/instances/<instance_id>/data": may_record(
        RecordAction.READ_VARIABLES, "a change; what is refused comes back with the value"
    ),
    "GET /cockpit/instances/<instance_id>/erasure": _CASE,
    "POST /cockpit/instances/<instance_id>/erasure": _FAILED_CHANGE,
    "POST /cockpit/instances/<instance_id>/erasure/agree": _FAILED_CHANGE,
    "POST /cockpit/instances/<instance_id>/erasure/withdraw": _CHANGE,
    "GET /cockpit/instances/<instance_id>/identity": unrecorded("asks what for, and shows nothing yet"),
    "POST /cockpit/instances/<instance_id>/identity": unrecorded(
        "the command records it with its purpose, before anything is opened"
    ),
    "GET /cockpit/instances/<instance_id>/shares": _CASE,
    "POST /cockpit/instances/<instance_id>/shares": _FAILED_CHANGE,
    "POST /cockpit/instances/<instance_id>/shares/<share_id>/revoke": _FAILED_CHANGE,
    "GET /cockpit/instances/<instance_id>/steps": recorded(RecordAction.READ_DIAGRAM),
    "POST /cockpit/instances/<instance_id>/steps": may_record(
        RecordAction.READ_DIAGRAM, "a change; what is refused comes back on the diagram"
    ),
    "POST /cockpit/instances/<instance_id>/suspend": _CHANGE,
    "POST /cockpit/migrations/<batch_id>/undo": _CHANGE,
    "POST /cockpit/tasks/<task_id>/assign": _CHANGE,
    "POST /cockpit/tasks/<task_id>/release": _CHANGE,
    "GET /cockpit/versions": _LIST,
    "GET /cockpit/versions/<path:definition_id>": _LIST,
    "POST /cockpit/versions/<path:definition_id>": _CHANGE,
    "GET /modeler/": _MODEL,
    "GET /modeler/<kind>/<id>": _MODEL,
    "GET /modeler/<kind>/<id>/file": _MODEL,
    "GET /modeler/<kind>/new": _MODEL,
    "GET /modeler/<kind>/versions/<agency_id>/<key>": _MODEL,
    "POST /modeler/check/<agency_id>": _MODEL,
    "GET /modeler/decision/<id>/changes": _MODEL,
    "POST /modeler/decision/try": _MODEL,
    "POST /modeler/deploy/<agency_id>": _CHANGE,
    "GET /admin": _USERS,
    "GET /admin/agencies": _USERS,
    "POST /admin/users": _USERS,
    "GET /admin/users/<user_id>": _USERS,
    "POST /admin/users/<user_id>/active": _USERS,
    "POST /admin/users/<user_id>/groups": _USERS,
    "POST /admin/users/<user_id>/email": _USERS,
    "POST /admin/users/<user_id>/password": _USERS,
    "GET /admin/users/new": _USERS,
    "POST /admin/users/<user_id>/factors/reset": _USERS,
    **{f"{method} /account{part}": _OWN for method, part in _OWN_ACCOUNT},
    **{f"{method} /login/{part}": _SIGNING_IN for method, part in _WAYS_IN},
    "POST /language": _PUBLIC,
    "GET /login": _PUBLIC,
    "POST /login": unrecorded("a login, or a failed one: recorded where it is opened or refused"),
    "POST /logout": unrecorded("recorded where the login is ended"),
    "GET /agencies.css": _PUBLIC,
    "GET /healthz": _PUBLIC,
    "GET /sw.js": _PUBLIC,
    "GET /static/<path:filename>": _PUBLIC,
    "GET /audit": recorded(RecordAction.READ_RECORD),
    "GET /audit/cases/<instance_id>": recorded(RecordAction.READ_RECORD),
    "GET /audit/requests": recorded(RecordAction.READ_REGISTER),
    "POST /audit/requests": may_record(RecordAction.READ_REGISTER, "a change; what is refused comes back"),
    "GET /audit/requests/<entry_id>": recorded(RecordAction.READ_REGISTER),
    "POST /audit/requests/<entry_id>": may_record(
        RecordAction.READ_REGISTER, "a change; what is refused comes back"
    ),
    "GET /audit/breaches": recorded(RecordAction.READ_REGISTER),
    "POST /audit/breaches": may_record(RecordAction.READ_REGISTER, "a change; what is refused comes back"),
    "GET /audit/breaches/<entry_id>": recorded(RecordAction.READ_REGISTER),
    "POST /audit/breaches/<entry_id>": may_record(
        RecordAction.READ_REGISTER, "a change; what is refused comes back"
    ),
}

_API: Mapping[str, Declaration] = {
    "GET /openapi.json": _PUBLIC,
    "GET /version": _PUBLIC,
    "GET /engine": _PUBLIC,
    "GET /tenant": _USERS,
    "GET /tenant/<id>": _USERS,
    "GET /tenant/<id>/calendar": _USERS,
    "GET /tenant/<id>/office-hours": _USERS,
    "GET /tenant/count": _COUNT,
    "GET /process-instance": _LIST,
    "POST /process-instance": _LIST,
    "GET /process-instance/count": _COUNT,
    "POST /process-instance/count": _COUNT,
    "GET /process-instance/<id>": _CASE,
    "DELETE /process-instance/<id>": _CHANGE,
    "POST /process-instance/delete": _CHANGE,
    "PUT /process-instance/suspended": _CHANGE,
    "PUT /process-instance/<id>/suspended": _CHANGE,
    "POST /process-instance/<id>/modification": _CHANGE,
    "GET /process-instance/<id>/variables": _VALUES,
    "POST /process-instance/<id>/variables": _CHANGE,
    "GET /process-instance/<id>/variables/<name>": _VALUES,
    "PUT /process-instance/<id>/variables/<name>": _CHANGE,
    "DELETE /process-instance/<id>/variables/<name>": _CHANGE,
    "GET /process-instance/<id>/share": _CASE,
    "POST /process-instance/<id>/share/create": _CHANGE,
    "POST /process-instance/<id>/share/<share_id>/revoke": _CHANGE,
    "GET /share": _RECEIVED,
    "GET /share/<id>": _VALUES,
    "GET /task": _LIST,
    "POST /task": _LIST,
    "GET /task/count": _COUNT,
    "POST /task/count": _COUNT,
    "GET /task/<id>": _TASK,
    "GET /task/<id>/form": _MODEL,
    "GET /task/<id>/deployed-form": _MODEL,
    "GET /task/<id>/form-variables": _TASK,
    "GET /task/<id>/variables": _VALUES,
    "GET /task/<id>/clock": _TASK,
    "GET /task/<id>/comment": _TASK,
    "GET /task/<id>/comment/<comment_id>": _TASK,
    "POST /task/<id>/comment/create": _CHANGE,
    "GET /task/<id>/attachment": _TASK,
    "GET /task/<id>/attachment/<attachment_id>": _TASK,
    "GET /task/<id>/attachment/<attachment_id>/data": _FILE,
    "POST /task/<id>/attachment/create": may_record(
        RecordAction.OPEN_TASK, "a change: its command records it; what is answered again names the file"
    ),
    "DELETE /task/<id>/attachment/<attachment_id>": _CHANGE,
    "POST /task/<id>/delegate": _CHANGE,
    "POST /task/<id>/resolve": _CHANGE,
    "POST /task/<id>/claim": _CHANGE,
    "POST /task/<id>/unclaim": _CHANGE,
    "POST /task/<id>/assignee": _CHANGE,
    "POST /task/<id>/complete": _CHANGE_WITH_VALUES,
    "POST /task/<id>/submit-form": _CHANGE_WITH_VALUES,
    "GET /history/process-instance": _LIST,
    "GET /history/process-instance/count": _COUNT,
    "GET /history/process-instance/<id>": _CASE,
    "GET /history/activity-instance": may_record(RecordAction.READ_HISTORY, _FOUND),
    "GET /history/activity-instance/count": _COUNT,
    "GET /history/task": _LIST,
    "GET /history/task/count": _COUNT,
    "GET /history/variable-instance": may_record(RecordAction.READ_VARIABLES, _FOUND),
    "GET /history/variable-instance/count": _COUNT,
    "GET /incident": _WORDS,
    "GET /incident/count": _COUNT,
    "GET /incident/<id>": _WORDS,
    "GET /job": _LIST,
    "POST /job": _LIST,
    "GET /job/count": _COUNT,
    "POST /job/count": _COUNT,
    "GET /job/<id>": _LIST,
    "GET /job/<id>/stacktrace": may_record(RecordAction.READ_HISTORY, "a job of a case"),
    "PUT /job/<id>/duedate": _CHANGE,
    "POST /job/<id>/execute": _CHANGE,
    "PUT /job/<id>/retries": _CHANGE,
    "POST /job/retries": _CHANGE,
    "GET /event-subscription": _LIST,
    "GET /event-subscription/count": _COUNT,
    "POST /message": _CHANGE_WITH_VALUES,
    "POST /signal": _CHANGE,
    "GET /external-task": _WORDS,
    "POST /external-task": _WORDS,
    "GET /external-task/count": _COUNT,
    "POST /external-task/count": _COUNT,
    "GET /external-task/topic-names": _COUNT,
    "GET /external-task/<id>": _WORDS,
    "GET /external-task/<id>/errorDetails": recorded(RecordAction.READ_HISTORY),
    "POST /external-task/fetchAndLock": unrecorded("the command records whose variables it hands out"),
    "POST /external-task/<id>/bpmnError": _CHANGE,
    "POST /external-task/<id>/complete": _CHANGE,
    "POST /external-task/<id>/failure": _CHANGE,
    "POST /external-task/<id>/lock": unrecorded("a worker's lock: neither shows nor changes data"),
    "POST /external-task/<id>/extendLock": unrecorded("a worker's lock: neither shows nor changes data"),
    "POST /external-task/<id>/unlock": unrecorded("a worker's lock: neither shows nor changes data"),
    "PUT /external-task/<id>/priority": _CHANGE,
    "PUT /external-task/<id>/retries": _CHANGE,
    "PUT /external-task/retries": _CHANGE,
    "POST /migration/generate": _MODEL,
    "POST /migration/validate": _MODEL,
    "POST /migration/execute": _CHANGE,
    "POST /migration/executeAsync": _CHANGE,
    "GET /deployment": _MODEL,
    "GET /deployment/count": _COUNT,
    "GET /deployment/<id>": _MODEL,
    "POST /deployment/create": _CHANGE,
    **{f"{method} /<path:rest>": _PUBLIC for method in ("GET", "POST", "PUT", "DELETE", "PATCH")},
}


def _definitions() -> dict[str, Declaration]:
    """The endpoints of definitions, each by id, by key, and by key and agency."""
    ways = ("<id>", "key/<key>", "key/<key>/tenant-id/<tenant>")
    found: dict[str, Declaration] = {}
    for kind in ("process", "decision"):
        found |= {f"GET /{kind}-definition": _MODEL, f"GET /{kind}-definition/count": _COUNT}
        for way in ways:
            path = f"/{kind}-definition/{way}"
            found |= {f"GET {path}": _MODEL, f"GET {path}/xml": _MODEL}
            if kind == "decision":
                found[f"POST {path}/evaluate"] = _MODEL
            else:
                found |= {f"GET {path}/deployed-start-form": _MODEL, f"GET {path}/startForm": _MODEL}
                found |= {f"POST {path}/{what}": _CHANGE_WITH_VALUES for what in ("start", "submit-form")}
    return found


_API_PATHS = {**_API, **_definitions()}
DECLARED: Mapping[str, Declaration] = {
    **_PAGES,
    **{name.replace(" ", " /engine-rest", 1): declared for name, declared in _API_PATHS.items()},
}
"""Method and path -> what the route records."""
