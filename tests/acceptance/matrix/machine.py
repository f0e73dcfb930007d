"""The machine's endpoints, by the method and rule of their route behind ``/engine-rest``."""

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
    MACHINE,
    MANAGER,
    NOBODY,
    OF_AGENCY,
    WORKER,
    WORKER_ID,
    Row,
    of,
)
from tests.acceptance.matrix.world import OTHER, STEP, Body
from tests.support.files import pdf

_KEY = {"key": "key", "tenant": "agency"}
_DECISION = {"key": "decision_key", "tenant": "decision_agency"}
_OF_MACHINES = MANAGER | MACHINE
_MOMENT = "2030-01-01T00:00:00.000+0700"
_TERMS = {
    "toTenantId": OTHER,
    "toGroup": "peksos",
    "fields": ["kanal"],
    "until": (clock.now() + timedelta(days=5)).isoformat(),
    "consent": "uji",
}


def _json(**fields: object) -> Body:
    return lambda _things, _user: fields


def _ids(name: str, kind: str, **more: object) -> Body:
    return lambda things, _user: {name: [things[kind]], **more}


def _case(sees: frozenset[str] = CASE, **more: object) -> Row:
    return Row(sees, names=of("case"), states=ALL_STATES, **more)  # type: ignore[arg-type]


def _states(kind: str) -> tuple[str, ...]:
    return ALL_STATES if kind == "case" else LIVE


def _list(sees: frozenset[str], kind: str, name: str, **more: object) -> Row:
    asked: Body = lambda things, _user: {name: things[kind]}  # noqa: E731
    return Row(sees, states=_states(kind), listing=True, query=asked, **more)  # type: ignore[arg-type]


def _search(sees: frozenset[str], kind: str, name: str, **more: object) -> Row:
    asked: Body = lambda things, _user: {name: things[kind]}  # noqa: E731
    return Row(sees, states=_states(kind), listing=True, body=asked, **more)  # type: ignore[arg-type]


def _task(**more: object) -> Row:
    return Row(CASE, names=of("task"), states=ALL_STATES, **more)  # type: ignore[arg-type]


def _file(**more: object) -> Row:
    names = of("task", attachment_id="attachment")
    return Row(CASE, names=names, states=ALL_STATES, **more)  # type: ignore[arg-type]


def _content(_things: object, _user: str) -> dict[str, object]:
    return {"content": (BytesIO(pdf()), "uji.pdf")}


def _defined(sees: frozenset[str] = OF_AGENCY, **more: object) -> Row:
    return Row(sees, names={**of("definition"), **_KEY}, states=LIVE, **more)  # type: ignore[arg-type]


def _decided(**more: object) -> Row:
    return Row(OF_AGENCY, names={**of("decision"), **_DECISION}, states=LIVE, **more)  # type: ignore[arg-type]


def _job(**more: object) -> Row:
    return Row(MANAGER, names=of("job"), states=LIVE, **more)  # type: ignore[arg-type]


def _external(may: frozenset[str] | None = None, **more: object) -> Row:
    return Row(_OF_MACHINES, may=may, names=of("external"), states=LIVE, **more)  # type: ignore[arg-type]


def _three(prefix: str, suffix: str, method: str, row: Row) -> dict[tuple[str, str], Row]:
    """The three ways to name a definition: by id, by key, by key and agency."""
    ways = ("/<id>", "/key/<key>", "/key/<key>/tenant-id/<tenant>")
    return {(method, f"{prefix}{way}{suffix}"): row for way in ways}


INSTANCES = {
    ("GET", "/process-instance"): _list(CASE, "case", "processInstanceIds", gone=True),
    ("POST", "/process-instance"): Row(
        CASE, states=ALL_STATES, listing=True, gone=True, body=_ids("processInstanceIds", "case")
    ),
    ("GET", "/process-instance/count"): _list(CASE, "case", "processInstanceIds", gone=True),
    ("POST", "/process-instance/count"): Row(
        CASE, states=ALL_STATES, listing=True, gone=True, body=_ids("processInstanceIds", "case")
    ),
    ("GET", "/process-instance/<id>"): _case(gone=True),
    ("GET", "/process-instance/<id>/variables"): _case(gone=True),
    ("GET", "/process-instance/<id>/variables/<name>"): _case(gone=True),
    ("DELETE", "/process-instance/<id>"): _case(may=MANAGER, fresh=True),
    ("POST", "/process-instance/<id>/modification"): _case(
        may=MANAGER,
        fresh=True,
        body=_json(instructions=[{"type": "startBeforeActivity", "activityId": STEP}]),
    ),
    ("PUT", "/process-instance/<id>/suspended"): _case(may=MANAGER, fresh=True, body=_json(suspended=True)),
    ("POST", "/process-instance/<id>/variables"): _case(
        may=MANAGER, body=_json(modifications={"angka": {"value": 1}})
    ),
    ("PUT", "/process-instance/<id>/variables/<name>"): _case(may=MANAGER, body=_json(value="telepon")),
    ("DELETE", "/process-instance/<id>/variables/<name>"): _case(may=MANAGER, fresh=True),
    ("POST", "/process-instance/delete"): Row(
        CASE, may=MANAGER, fresh=True, states=ALL_STATES, body=_ids("processInstanceIds", "case")
    ),
    ("PUT", "/process-instance/suspended"): Row(
        CASE,
        may=MANAGER,
        fresh=True,
        states=ALL_STATES,
        body=_ids("processInstanceIds", "case", suspended=True),
    ),
    ("GET", "/process-instance/<id>/share"): _case(may=MANAGER),
    ("POST", "/process-instance/<id>/share/create"): _case(may=MANAGER, body=_json(**_TERMS)),
    ("POST", "/process-instance/<id>/share/<share_id>/revoke"): Row(
        CASE,
        may=MANAGER,
        names=of("case", share_id="own_share"),
        states=ALL_STATES,
        body=_json(reason="uji"),
    ),
    ("GET", "/share"): Row(WORKER, listing=True),
    ("GET", "/share/<id>"): Row(WORKER, names=of("share"), states=ALL_STATES, gone=True),
}
TASKS = {
    ("GET", "/task"): _list(CASE, "case", "processInstanceId", gone=True),
    ("POST", "/task"): _search(CASE, "case", "processInstanceId", gone=True),
    ("GET", "/task/count"): _list(CASE, "case", "processInstanceId", gone=True),
    ("POST", "/task/count"): _search(CASE, "case", "processInstanceId", gone=True),
    ("GET", "/task/<id>"): _task(gone=True),
    ("GET", "/task/<id>/clock"): _task(),
    ("GET", "/task/<id>/comment"): _task(),
    ("GET", "/task/<id>/comment/<comment_id>"): Row(
        CASE, names=of("task", comment_id="comment"), states=ALL_STATES
    ),
    ("POST", "/task/<id>/comment/create"): _task(body=_json(message="uji")),
    ("GET", "/task/<id>/attachment"): _task(),
    ("GET", "/task/<id>/attachment/<attachment_id>"): _file(),
    ("GET", "/task/<id>/attachment/<attachment_id>/data"): _file(may=WORKER),
    ("POST", "/task/<id>/attachment/create"): _task(may=WORKER, form=_content),
    ("DELETE", "/task/<id>/attachment/<attachment_id>"): _file(may=WORKER, fresh=True),
    ("POST", "/task/<id>/delegate"): _task(may=NOBODY, gone=True, body=_json(userId=WORKER_ID)),
    ("POST", "/task/<id>/resolve"): _task(),
    ("POST", "/task/<id>/claim"): _task(may=WORKER, body=lambda _, user: {"userId": user}),
    ("POST", "/task/<id>/unclaim"): _task(),
    ("POST", "/task/<id>/assignee"): _task(body=_json(userId=WORKER_ID)),
    ("POST", "/task/<id>/complete"): _task(may=WORKER, body=_json(variables={})),
    ("POST", "/task/<id>/submit-form"): _task(may=WORKER, body=_json(variables={})),
    ("GET", "/task/<id>/form"): _task(gone=True),
    ("GET", "/task/<id>/deployed-form"): _task(gone=True),
    ("GET", "/task/<id>/form-variables"): _task(gone=True),
    ("GET", "/task/<id>/variables"): _task(gone=True),
}
HISTORY = {
    ("GET", "/history/process-instance"): _list(CASE, "case", "processInstanceId"),
    ("GET", "/history/process-instance/count"): _list(CASE, "case", "processInstanceId"),
    ("GET", "/history/process-instance/<id>"): _case(),
    ("GET", "/history/activity-instance"): _list(CASE, "case", "processInstanceId"),
    ("GET", "/history/activity-instance/count"): _list(CASE, "case", "processInstanceId"),
    ("GET", "/history/task"): _list(CASE, "case", "processInstanceId"),
    ("GET", "/history/task/count"): _list(CASE, "case", "processInstanceId"),
    ("GET", "/history/variable-instance"): _list(CASE, "case", "processInstanceId"),
    ("GET", "/history/variable-instance/count"): _list(CASE, "case", "processInstanceId"),
}
JOBS = {
    ("GET", "/job"): _list(MANAGER, "job", "jobId"),
    ("POST", "/job"): _search(MANAGER, "job", "jobId"),
    ("GET", "/job/count"): _list(MANAGER, "job", "jobId"),
    ("POST", "/job/count"): _search(MANAGER, "job", "jobId"),
    ("GET", "/job/<id>"): _job(),
    ("GET", "/job/<id>/stacktrace"): _job(),
    ("PUT", "/job/<id>/duedate"): _job(body=_json(duedate=_MOMENT)),
    ("PUT", "/job/<id>/retries"): _job(body=_json(retries=2)),
    ("POST", "/job/<id>/execute"): _job(fresh=True),
    ("POST", "/job/retries"): Row(MANAGER, states=LIVE, body=_ids("jobIds", "job", retries=2)),
    ("GET", "/incident"): _list(MANAGER, "incident", "incidentId"),
    ("GET", "/incident/count"): _list(MANAGER, "incident", "incidentId"),
    ("GET", "/incident/<id>"): Row(MANAGER, names=of("incident"), states=LIVE),
}
EXTERNAL_TASKS = {
    ("GET", "/external-task"): _list(_OF_MACHINES, "external", "externalTaskId"),
    ("POST", "/external-task"): _search(_OF_MACHINES, "external", "externalTaskId"),
    ("GET", "/external-task/count"): _list(_OF_MACHINES, "external", "externalTaskId"),
    ("POST", "/external-task/count"): _search(_OF_MACHINES, "external", "externalTaskId"),
    ("GET", "/external-task/topic-names"): Row(),
    ("GET", "/external-task/<id>"): _external(),
    ("GET", "/external-task/<id>/errorDetails"): _external(),
    ("PUT", "/external-task/<id>/priority"): _external(may=MANAGER, body=_json(priority=5)),
    ("PUT", "/external-task/<id>/retries"): _external(may=MANAGER, body=_json(retries=3)),
    ("PUT", "/external-task/retries"): Row(
        _OF_MACHINES, may=MANAGER, states=LIVE, body=_ids("externalTaskIds", "external", retries=3)
    ),
    ("POST", "/external-task/<id>/complete"): _external(may=MACHINE, body=_json(workerId="lain")),
    ("POST", "/external-task/<id>/failure"): _external(may=MACHINE, body=_json(workerId="lain")),
    ("POST", "/external-task/<id>/bpmnError"): _external(
        may=MACHINE, body=_json(workerId="lain", errorCode="x")
    ),
    ("POST", "/external-task/<id>/lock"): _external(
        may=MACHINE, fresh=True, body=_json(workerId="w", lockDuration=1000)
    ),
    ("POST", "/external-task/<id>/extendLock"): _external(
        may=MACHINE, body=_json(workerId="lain", newDuration=1000)
    ),
    ("POST", "/external-task/<id>/unlock"): _external(),
    ("POST", "/external-task/fetchAndLock"): Row(body=_json(workerId="w", maxTasks=1, topics=[])),
}
EVENTS = {
    ("GET", "/event-subscription"): _list(NOBODY, "case", "processInstanceId"),
    ("GET", "/event-subscription/count"): _list(NOBODY, "case", "processInstanceId"),
    ("POST", "/signal"): Row(
        OF_AGENCY,
        may=_OF_MACHINES,
        states=LIVE,
        body=lambda things, _: {"name": "x", "tenantId": things["agency"]},
    ),
    ("POST", "/message"): Row(
        states=ALL_STATES,
        always=frozenset({400}),
        body=lambda things, _: {"messageName": "x", "processInstanceId": things["case"]},
    ),
}


def _plan(things: object, _user: str) -> dict[str, object]:
    ends = {f"{end}ProcessDefinitionId": things["definition"] for end in ("source", "target")}  # type: ignore[index]
    return {**ends, "instructions": []}


def _execution(things: object, user: str) -> dict[str, object]:
    return {"migrationPlan": _plan(things, user), "processInstanceIds": [things["case"]]}  # type: ignore[index]


def _ends(things: object, user: str) -> dict[str, object]:
    plan = _plan(things, user)
    del plan["instructions"]
    return plan


MIGRATION = {
    ("POST", "/migration/generate"): Row(OF_AGENCY, may=MANAGER, states=LIVE, body=_ends),
    ("POST", "/migration/validate"): Row(OF_AGENCY, may=MANAGER, states=LIVE, body=_plan),
    ("POST", "/migration/execute"): Row(OF_AGENCY, may=MANAGER, states=LIVE, body=_execution),
    ("POST", "/migration/executeAsync"): Row(OF_AGENCY, may=MANAGER, states=LIVE, body=_execution),
}
DEFINITIONS = {
    ("GET", "/process-definition"): _list(OF_AGENCY, "definition", "processDefinitionId"),
    ("GET", "/process-definition/count"): _list(OF_AGENCY, "definition", "processDefinitionId"),
    **_three("/process-definition", "", "GET", _defined()),
    **_three("/process-definition", "/xml", "GET", _defined()),
    **_three("/process-definition", "/deployed-start-form", "GET", _defined()),
    **_three("/process-definition", "/startForm", "GET", _defined()),
    **_three("/process-definition", "/start", "POST", _defined(may=WORKER, body=_json(variables={}))),
    **_three("/process-definition", "/submit-form", "POST", _defined(may=WORKER, body=_json(variables={}))),
    ("GET", "/decision-definition"): _list(OF_AGENCY, "decision", "decisionDefinitionId"),
    ("GET", "/decision-definition/count"): _list(OF_AGENCY, "decision", "decisionDefinitionId"),
    **_three("/decision-definition", "", "GET", _decided()),
    **_three("/decision-definition", "/xml", "GET", _decided()),
    **_three("/decision-definition", "/evaluate", "POST", _decided(body=_json(variables={}))),
    ("GET", "/deployment"): _list(OF_AGENCY, "deployment", "id"),
    ("GET", "/deployment/count"): _list(OF_AGENCY, "deployment", "id"),
    ("GET", "/deployment/<id>"): Row(OF_AGENCY, names=of("deployment"), states=LIVE),
    ("POST", "/deployment/create"): Row(
        OF_AGENCY,
        may=ANALYST,
        states=LIVE,
        form=lambda things, _: {"tenant-id": things["agency"], "x.bpmn": (BytesIO(b"-"), "x.bpmn")},
    ),
}
REST = {
    ("GET", "/tenant"): _list(EVERYBODY, "agency", "id", everywhere=ADMIN),
    ("GET", "/tenant/count"): _list(EVERYBODY, "agency", "id", everywhere=ADMIN),
    ("GET", "/tenant/<id>"): Row(EVERYBODY, everywhere=ADMIN, names=of("agency"), states=LIVE),
    ("GET", "/tenant/<id>/calendar"): Row(EVERYBODY, everywhere=ADMIN, names=of("agency"), states=LIVE),
    ("GET", "/tenant/<id>/office-hours"): Row(EVERYBODY, everywhere=ADMIN, names=of("agency"), states=LIVE),
    ("GET", "/engine"): Row(),
    ("GET", "/version"): Row(),
    ("GET", "/openapi.json"): Row(),
    **{
        (method, "/<path:rest>"): Row(always=frozenset({501}))
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE")
    },
}
MACHINE_ROWS = {
    (method, f"/engine-rest{rule}"): row
    for part in (
        INSTANCES,
        TASKS,
        HISTORY,
        JOBS,
        EXTERNAL_TASKS,
        EVENTS,
        MIGRATION,
        DEFINITIONS,
        REST,
    )
    for (method, rule), row in part.items()
}
