"""The pages, by the method and rule of their route."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO

from engine import clock
from tests.acceptance.matrix.row import (
    ADMIN,
    ALL_STATES,
    ANALYST,
    CASE,
    EVERYBODY,
    LIVE,
    MANAGER,
    NOBODY,
    OF_AGENCY,
    WORKER,
    WORKER_ID,
    Row,
)
from tests.acceptance.matrix.world import OTHER, SEALED_CANARY
from tests.support.files import pdf

_CASE = {"instance_id": "case"}
_TASK = {"task_id": "task"}
_ATTACHMENT = {"attachment_id": "attachment"}
_SERVICE = {"agency_id": "agency", "key": "key"}
_SHARE = {
    "receiver": f"{OTHER}:peksos",
    "field": "kanal",
    "until": (clock.now() + timedelta(days=5)).date().isoformat(),
    "consent": "uji",
}
_DRAFT = {"draft": "a" * 32, "page": "a" * 32, "base": 0, "revision": 1, "values": {}, "before": {}}
_AUDITOR, _READERS = frozenset({"auditor"}), frozenset({"auditor", "manajer", "petugas_data"})
_COUNTERS = frozenset({"manajer", "petugas_data"})


def _file(_things: object, _user: str) -> dict[str, object]:
    return {"file": (BytesIO(pdf()), "a.pdf")}


def _note(_things: object, user_id: str) -> dict[str, object]:
    return {"writer": user_id, "task": "", "page": "a" * 32, "revision": 1, "message": "uji"}


def _of_case(**more: object) -> Row:
    return Row(CASE, names=_CASE, states=ALL_STATES, **more)  # type: ignore[arg-type]


def _managed(fields: dict[str, str] | None = None, **more: object) -> Row:
    form = None if fields is None else lambda _things, _user: fields
    return Row(MANAGER, door=MANAGER, names=_CASE, states=ALL_STATES, form=form, **more)  # type: ignore[arg-type]


def _of_task(**more: object) -> Row:
    return Row(CASE, names=_TASK, states=ALL_STATES, **more)  # type: ignore[arg-type]


def _of_chosen(**more: str) -> Row:
    """Of tasks that are named in the form: everybody is told of each what became of it, and no more."""
    return Row(form=lambda things, _: {"task_id": things["task"], **more})


def _modelled(**more: object) -> Row:
    return Row(ANALYST, door=ANALYST, states=LIVE, **more)  # type: ignore[arg-type]


def _admin(**more: object) -> Row:
    return Row(ADMIN, door=ADMIN, **more)  # type: ignore[arg-type]


def _counted() -> Row:
    return Row(_COUNTERS, door=_COUNTERS, states=LIVE, query=lambda things, _: {"agency": things["agency"]})


def _drafts(rule: str, row: Row) -> dict[tuple[str, str], Row]:
    """Of what is typed at a place: only who may send it saves it, and reads it back."""
    sent = replace(row, body=lambda _things, user_id: {**_DRAFT, "writer": user_id})
    return {("POST", f"{rule}{part}"): sent for part in ("", "/choose", "/discard")}


_USER = {"names": {"user_id": "user"}, "states": ("own", "absent")}

INBOX = {
    ("GET", "/"): Row(),
    ("GET", "/list"): Row(),
    ("POST", "/search"): Row(form=lambda *_: {"search": SEALED_CANARY}),
    ("POST", "/bulk/claim"): _of_chosen(),
    ("POST", "/bulk/choose"): _of_chosen(),
    ("POST", "/bulk/assign"): _of_chosen(user_id=WORKER_ID),
    ("GET", "/filters"): Row(),
    ("POST", "/filters"): Row(),
    ("POST", "/filters/<filter_id>/rename"): Row(),
    ("POST", "/filters/<filter_id>/remove"): Row(always=frozenset({404})),
    ("GET", "/tasks/<task_id>"): _of_task(),
    ("POST", "/tasks/<task_id>/claim"): _of_task(may=WORKER),
    ("POST", "/tasks/<task_id>/unclaim"): _of_task(),
    ("POST", "/tasks/<task_id>/complete"): _of_task(may=WORKER),
    **_drafts("/tasks/<task_id>/draft", _of_task(may=WORKER)),
    ("GET", "/cases/<instance_id>"): _of_case(),
    ("GET", "/cases/<instance_id>/diagram"): _of_case(),
    ("POST", "/tasks/<task_id>/attachments"): _of_task(may=WORKER, form=_file),
    ("POST", "/start/<agency_id>/<key>/attachments"): Row(
        OF_AGENCY, may=WORKER, names=_SERVICE, states=LIVE, form=_file
    ),
    ("GET", "/attachments/<attachment_id>"): Row(CASE, may=WORKER, names=_ATTACHMENT, states=ALL_STATES),
    ("GET", "/attachments/<attachment_id>/file"): Row(CASE, may=WORKER, names=_ATTACHMENT, states=ALL_STATES),
    ("GET", "/attachments/<attachment_id>/pages/<int:number>"): Row(
        CASE, may=WORKER, names={**_ATTACHMENT, "number": "1"}, states=ALL_STATES
    ),
    ("POST", "/attachments/<attachment_id>/remove"): Row(
        CASE, may=WORKER, names=_ATTACHMENT, states=ALL_STATES, fresh=True
    ),
    ("GET", "/tasks/<task_id>/hand-over"): _of_task(may=NOBODY, fresh=True),
    ("POST", "/tasks/<task_id>/hand-over"): _of_task(may=NOBODY, fresh=True),
    ("POST", "/tasks/<task_id>/resolve"): _of_task(),
    ("POST", "/cases/<instance_id>/note"): _of_case(body=_note),
    ("POST", "/cases/<instance_id>/comments"): _of_case(form=lambda *_: {"message": "uji"}),
    ("POST", "/cases/<instance_id>/comments/<comment_id>/remove"): Row(
        CASE, may=WORKER, names={**_CASE, "comment_id": "comment"}, states=ALL_STATES
    ),
    ("GET", "/start"): Row(),
    ("GET", "/start/<agency_id>/<key>"): Row(OF_AGENCY, may=WORKER, names=_SERVICE, states=LIVE),
    ("POST", "/start/<agency_id>/<key>"): Row(OF_AGENCY, may=WORKER, names=_SERVICE, states=LIVE),
    **_drafts("/start/<agency_id>/<key>/draft", Row(OF_AGENCY, may=WORKER, names=_SERVICE, states=LIVE)),
    ("POST", "/start/<agency_id>/<key>/draft/another"): Row(
        OF_AGENCY, may=WORKER, names=_SERVICE, states=LIVE
    ),
    ("GET", "/signed-in"): Row(),
    ("GET", "/shared"): Row(),
    ("GET", "/shared/<share_id>"): Row(WORKER, names={"share_id": "share"}, states=ALL_STATES, gone=True),
}
NOTIFICATIONS = {
    ("GET", "/notifications"): Row(),
    ("GET", "/notifications/bell"): Row(),
    ("GET", "/notifications/<notification_id>"): Row(
        WORKER, names={"notification_id": "notification"}, states=LIVE
    ),
    ("POST", "/notifications/read"): Row(),
    ("POST", "/notifications/<notification_id>/read"): Row(
        names={"notification_id": "notification"}, states=("own",)
    ),
}
COCKPIT = {
    ("GET", "/cockpit"): Row(door=MANAGER),
    ("GET", "/cockpit/absences"): Row(door=MANAGER),
    ("POST", "/cockpit/absences"): Row(door=MANAGER, form=lambda things, _: {"agency_id": OTHER}),
    ("POST", "/cockpit/absences/<absence_id>/end"): Row(
        MANAGER, door=MANAGER, names={"absence_id": "absence"}, states=LIVE
    ),
    ("GET", "/cockpit/incidents"): Row(door=MANAGER),
    ("POST", "/cockpit/incidents/<incident_id>/retry"): Row(
        MANAGER, door=MANAGER, names={"incident_id": "incident"}, states=LIVE, fresh=True
    ),
    ("GET", "/cockpit/instances/<instance_id>"): _managed(),
    ("POST", "/cockpit/instances/<instance_id>/activate"): _managed({}),
    ("POST", "/cockpit/instances/<instance_id>/cancel"): _managed({"reason": "uji"}, fresh=True),
    ("GET", "/cockpit/instances/<instance_id>/data"): _managed(),
    ("POST", "/cockpit/instances/<instance_id>/data"): _managed({"name": "kanal"}),
    ("GET", "/cockpit/instances/<instance_id>/erasure"): _managed(),
    ("POST", "/cockpit/instances/<instance_id>/erasure"): _managed({"reason": ""}),
    ("POST", "/cockpit/instances/<instance_id>/erasure/agree"): _managed({}),
    ("POST", "/cockpit/instances/<instance_id>/erasure/withdraw"): _managed({}),
    ("GET", "/cockpit/instances/<instance_id>/identity"): _managed(),
    ("POST", "/cockpit/instances/<instance_id>/identity"): _managed({"reason": ""}),
    ("GET", "/cockpit/instances/<instance_id>/shares"): _managed(),
    ("POST", "/cockpit/instances/<instance_id>/shares"): _managed(_SHARE),
    ("POST", "/cockpit/instances/<instance_id>/shares/<share_id>/revoke"): Row(
        MANAGER,
        door=MANAGER,
        names={**_CASE, "share_id": "own_share"},
        states=ALL_STATES,
        form=lambda _things, _user: {"reason": "uji"},
    ),
    ("GET", "/cockpit/instances/<instance_id>/steps"): _managed(),
    ("POST", "/cockpit/instances/<instance_id>/steps"): _managed({}),
    ("POST", "/cockpit/instances/<instance_id>/suspend"): _managed({}, fresh=True),
    ("POST", "/cockpit/migrations/<batch_id>/undo"): Row(
        MANAGER, door=MANAGER, names={"batch_id": "batch"}, states=LIVE
    ),
    ("POST", "/cockpit/tasks/<task_id>/assign"): Row(
        MANAGER,
        door=MANAGER,
        names=_TASK,
        states=ALL_STATES,
        form=lambda _things, _user: {"user_id": WORKER_ID},
    ),
    ("POST", "/cockpit/tasks/<task_id>/release"): Row(MANAGER, door=MANAGER, names=_TASK, states=ALL_STATES),
    ("GET", "/cockpit/versions"): Row(door=MANAGER),
    ("GET", "/cockpit/versions/<path:definition_id>"): Row(
        MANAGER, door=MANAGER, names={"definition_id": "definition"}, states=LIVE
    ),
    ("POST", "/cockpit/versions/<path:definition_id>"): Row(
        MANAGER, door=MANAGER, names={"definition_id": "definition"}, states=LIVE
    ),
}


def _audit(who: frozenset[str], **more: object) -> Row:
    return Row(who, door=who, **more)  # type: ignore[arg-type]


def _of_register(kind: str, **more: object) -> Row:
    return Row(_READERS, names={"entry_id": kind}, states=LIVE, **more)  # type: ignore[arg-type]


_IN_AGENCY = {"states": LIVE, "query": lambda things, _: {"agency": things["agency"]}}
_ENTERED = {
    "states": LIVE,
    "form": lambda things, _: {"agency": things["agency"], "kind": "-", "found_at": "-"},
}
AUDIT = {
    ("GET", "/audit"): _audit(_AUDITOR, **_IN_AGENCY),
    ("GET", "/audit/cases/<instance_id>"): Row(CASE | _AUDITOR, names=_CASE, states=ALL_STATES),
    ("GET", "/audit/requests"): _audit(_READERS, **_IN_AGENCY),
    ("POST", "/audit/requests"): _audit(_READERS, **_ENTERED),
    ("GET", "/audit/requests/<entry_id>"): _of_register("request"),
    ("POST", "/audit/requests/<entry_id>"): _of_register("request", form=lambda *_: {"outcome": "-"}),
    ("GET", "/audit/breaches"): _audit(_READERS, **_IN_AGENCY),
    ("POST", "/audit/breaches"): _audit(_READERS, **_ENTERED),
    ("GET", "/audit/breaches/<entry_id>"): _of_register("breach"),
    ("POST", "/audit/breaches/<entry_id>"): _of_register(
        "breach", may=_COUNTERS, form=lambda *_: {"what": "-"}
    ),
}
STATISTICS = {
    ("GET", "/statistics"): _counted(),
    ("GET", "/statistics/counts.csv"): _counted(),
    ("GET", "/statistics/cases.csv"): _counted(),
}
MODELER = {
    ("GET", "/modeler/"): Row(door=ANALYST),
    ("GET", "/modeler/<kind>/<id>"): _modelled(names={"id": "definition"}),
    ("GET", "/modeler/<kind>/<id>/file"): _modelled(names={"id": "definition"}),
    ("GET", "/modeler/<kind>/new"): _modelled(query=lambda things, _: {"agency": things["agency"]}),
    ("GET", "/modeler/<kind>/versions/<agency_id>/<key>"): _modelled(names=_SERVICE),
    ("POST", "/modeler/check/<agency_id>"): _modelled(
        names=_SERVICE, body=lambda *_: {"resources": [{"name": "x.bpmn", "content": "-"}]}
    ),
    ("POST", "/modeler/deploy/<agency_id>"): _modelled(
        names=_SERVICE, body=lambda *_: {"resources": [{"name": "x.bpmn", "content": "-"}]}
    ),
    ("GET", "/modeler/decision/<id>/changes"): _modelled(
        names={"id": "decision"}, query=lambda things, _: {"since": things["decision"]}
    ),
    ("POST", "/modeler/decision/try"): Row(door=ANALYST, body=lambda *_: {"xml": "-", "decision": "x"}),
}
_THERE = {"states": LIVE, "everywhere": ADMIN}
_OF_CALENDAR = {**_THERE, "query": lambda things, _: {"agency": things["agency"]}}
_KEPT = {**_THERE, "may": MANAGER, "form": lambda things, _: {"agency": things["agency"]}}
CALENDAR = {
    ("GET", "/calendar"): Row(**_OF_CALENDAR),
    ("GET", "/calendar/days/new"): Row(may=MANAGER, **_OF_CALENDAR),
    ("POST", "/calendar/days"): Row(**_KEPT),
    ("GET", "/calendar/days/<entry_id>"): Row(may=MANAGER, names={"entry_id": "day_off"}, **_THERE),
    ("POST", "/calendar/days/<entry_id>"): Row(**_KEPT, names={"entry_id": "day_off"}),
    ("POST", "/calendar/days/<entry_id>/remove"): Row(**_KEPT, names={"entry_id": "day_off"}),
    ("GET", "/calendar/hours"): Row(may=MANAGER, **_OF_CALENDAR),
    ("POST", "/calendar/hours"): Row(**_KEPT),
    ("POST", "/calendar/hours/remove"): Row(
        **_THERE, may=MANAGER, form=lambda things, _: {"agency": things["agency"], "since": "2030-01-07"}
    ),
}
ADMINISTRATION = {
    ("GET", "/admin"): _admin(),
    ("GET", "/admin/agencies"): _admin(),
    ("GET", "/admin/users/new"): _admin(),
    ("POST", "/admin/users"): _admin(form=lambda *_: {"user_id": "-"}),
    ("GET", "/admin/users/<user_id>"): _admin(**_USER),
    ("POST", "/admin/users/<user_id>/active"): _admin(**_USER, form=lambda *_: {"active": "1"}),
    ("POST", "/admin/users/<user_id>/groups"): _admin(**_USER, form=lambda *_: {"membership": "-"}),
    ("POST", "/admin/users/<user_id>/factors/reset"): _admin(**_USER),
    ("POST", "/admin/users/<user_id>/email"): _admin(**_USER, form=lambda *_: {"email": "-"}),
    ("POST", "/admin/users/<user_id>/password"): _admin(**_USER, form=lambda *_: {"password": "-"}),
}
_OWN_ACCOUNT = (
    *(
        ("GET", part)
        for part in ("", "/confirm", "/enrol", "/factors", "/logins", "/password", "/tokens", "/totp")
    ),
    *((method, "/absence") for method in ("GET", "POST")),
    *(("POST", part) for part in ("/codes", "/identity/link", "/identity/unlink", "/logins/end-others")),
    *(("POST", part) for part in ("/passkeys", "/passkeys/options", "/password", "/tokens")),
    *(("POST", part) for part in ("/totp", "/totp/confirm", "/totp/remove")),
    *((method, "/notifications") for method in ("GET", "POST")),
    *(("POST", f"/notifications/{part}") for part in ("address", "address/remove", "confirm")),
    ("POST", "/browsers"),
    ("POST", "/browsers/<browser_id>/remove"),
)
ACCOUNT = {
    **{(method, f"/account{part}"): Row() for method, part in _OWN_ACCOUNT},
    ("POST", "/account/absence/<absence_id>/end"): Row(
        WORKER | MANAGER, names={"absence_id": "absence"}, states=LIVE
    ),
    ("POST", "/account/confirm"): Row(always=frozenset({401})),
    ("POST", "/account/identity/link"): Row(always=frozenset({404})),
    ("POST", "/account/passkeys"): Row(always=frozenset({401})),
    ("POST", "/account/logins/<login_id>/end"): Row(),
    ("POST", "/account/passkeys/<passkey_id>/remove"): Row(),
    ("POST", "/account/tokens/<token_id>/revoke"): Row(),
}
"""Everybody's own, and nobody else's: there is no address of another's account."""

SITE = {
    ("GET", "/login/oidc"): Row(public=True, always=frozenset({404})),
    ("GET", "/login/oidc/back"): Row(public=True, always=frozenset({404})),
    ("POST", "/login/passkey"): Row(public=True, always=frozenset({401})),
    ("POST", "/login/passkey/options"): Row(public=True),
    ("GET", "/login/second"): Row(public=True, always=frozenset({302})),
    ("POST", "/login/second"): Row(public=True, always=frozenset({302})),
    ("POST", "/login/second/passkey"): Row(public=True, always=frozenset({302, 401})),
    ("POST", "/login/second/passkey/options"): Row(public=True, always=frozenset({200, 302})),
    ("GET", "/healthz"): Row(public=True),
    ("GET", "/sw.js"): Row(public=True),
    ("GET", "/agencies.css"): Row(public=True),
    ("GET", "/static/<path:filename>"): Row(public=True, always=frozenset({404})),
    ("GET", "/login"): Row(public=True),
    ("POST", "/login"): Row(public=True, always=frozenset({302, 401})),
    ("POST", "/language"): Row(EVERYBODY, public=True),
}
LAST = {("POST", "/logout"): Row(EVERYBODY)}
"""Ends the sessions that the others use."""

PAGES = (
    INBOX
    | NOTIFICATIONS
    | COCKPIT
    | AUDIT
    | STATISTICS
    | CALENDAR
    | MODELER
    | ADMINISTRATION
    | ACCOUNT
    | SITE
    | LAST
)
