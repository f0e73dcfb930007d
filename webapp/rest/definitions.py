"""``/process-definition``: versions, their diagrams and start forms, and starting a process."""

from collections.abc import Callable
from typing import Any

from flask import jsonify
from flask.typing import ResponseReturnValue

import engine
from engine import Database
from engine.definitions import text_of_file
from engine.errors import FormNotFound
from engine.types import DefinitionView
from webapp.db import database
from webapp.rest.gate import caller
from webapp.rest.instances import case_variables, instance_json
from webapp.rest.listing import is_like, ordered, part
from webapp.rest.operation import (
    NO_SUSPENSION,
    NO_TENANT,
    PAGING,
    SORTING,
    Json,
    Query,
    booleans,
    flag_of,
    lists,
    numbers,
    operation,
    read_body,
    text_of,
    texts,
)
from webapp.rest.repeating import repeatable
from webapp.rest.values import read_variables

FILTERS = (
    *texts("processDefinitionId", "key", "keyLike", "name", "nameLike", "deploymentId"),
    *lists("tenantIdIn", "keysIn"),
    *numbers("version"),
    *booleans("latestVersion", "startableInTasklist", "active"),
    *NO_TENANT,
    *NO_SUSPENSION,
)
_SORT_KEYS: dict[str, Callable[[DefinitionView], Any]] = {
    "key": lambda d: d.key,
    "name": lambda d: d.name,
    "version": lambda d: d.version,
    "id": lambda d: d.id,
    "tenantId": lambda d: d.agency_id,
    "deploymentId": lambda d: d.deployment_id,
}
KEY = "/process-definition/key/<key>"
KEY_AND_TENANT = "/process-definition/key/<key>/tenant-id/<tenant>"


def find(
    kind: str, id: str | None = None, key: str | None = None, tenant: str | None = None
) -> DefinitionView:
    """The version by its id, or the newest of a key. Raises ``...NotFound``, ``QueryInvalid``."""
    return engine.get_definition(database(), caller(), kind, id=id, key=key, agency_id=tenant)


def definition_json(definition: DefinitionView) -> Json:
    """A version of a process as Camunda writes it."""
    return {
        "id": definition.id,
        "key": definition.key,
        "category": None,
        "description": None,
        "name": definition.name,
        "version": definition.version,
        "resource": definition.resource_name,
        "deploymentId": definition.deployment_id,
        "diagram": None,
        "suspended": False,
        "tenantId": definition.agency_id,
        "versionTag": None,
        "historyTimeToLive": None,
        "startableInTasklist": definition.startable,
    }


def form_place(form_key: str | None) -> Json:
    """Where a form is, as Camunda writes it; ``form_key`` None where there is none."""
    reference = {"key": form_key, "binding": "latest", "version": None} if form_key else None
    return {"key": None, "camundaFormRef": reference, "contextPath": None}


def select(kind: str, query: Query) -> list[DefinitionView]:
    """The versions that Camunda's filter parameters let through, sorted."""
    found = engine.list_definitions(
        database(),
        caller(),
        kind,
        agency_ids=query.get("tenantIdIn", ()),
        key=query.get("key"),
        latest=query.get("latestVersion", False),
        startable=query.get("startableInTasklist", False),
        deployment_id=query.get("deploymentId"),
    )
    id = query.get("processDefinitionId") or query.get("decisionDefinitionId")
    version = query.get("version")
    found = [
        d
        for d in found
        if id in (None, d.id)
        and version in (None, d.version)
        and query.get("name") in (None, d.name)
        and is_like(query.get("keyLike"), d.key)
        and is_like(query.get("nameLike"), d.name)
        and ("keysIn" not in query or d.key in query["keysIn"])
    ]
    return ordered(found, query, _SORT_KEYS)


@operation("GET", "/process-definition", "Versions of processes", query=(*FILTERS, *SORTING, *PAGING))
def listed(query: Query) -> ResponseReturnValue:
    return jsonify([definition_json(d) for d in part(select("process", query), query)])


@operation("GET", "/process-definition/count", "How many versions of processes", query=FILTERS)
def counted(query: Query) -> ResponseReturnValue:
    return jsonify(count=len(select("process", query)))


@operation("GET", "/process-definition/<id>", "One version")
@operation("GET", KEY, "The newest version of a key")
@operation("GET", KEY_AND_TENANT, "The newest version of a key of an agency")
def one(
    query: Query, id: str | None = None, key: str | None = None, tenant: str | None = None
) -> ResponseReturnValue:
    return jsonify(definition_json(find("process", id, key, tenant)))


@operation("GET", "/process-definition/<id>/xml", "The diagram of a version")
@operation("GET", KEY + "/xml", "The newest diagram of a key")
@operation("GET", KEY_AND_TENANT + "/xml", "The newest diagram of a key of an agency")
def xml(
    query: Query, id: str | None = None, key: str | None = None, tenant: str | None = None
) -> ResponseReturnValue:
    found = find("process", id, key, tenant)
    content = engine.definition_content(database(), caller(), "process", found.id)
    return jsonify(id=found.id, bpmn20Xml=text_of_file(content))


@operation("GET", "/process-definition/<id>/deployed-start-form", "The start form of a version")
@operation("GET", KEY + "/deployed-start-form", "The start form of a key")
@operation("GET", KEY_AND_TENANT + "/deployed-start-form", "The start form of a key of an agency")
def deployed_start_form(
    query: Query, id: str | None = None, key: str | None = None, tenant: str | None = None
) -> ResponseReturnValue:
    found = find("process", id, key, tenant)
    schema = engine.start_form(database(), caller(), found.agency_id, found.key, found.id)
    if schema is None:
        raise FormNotFound(id=found.key)
    return jsonify(schema)


@operation("GET", "/process-definition/<id>/startForm", "Where the start form of a version is")
@operation("GET", KEY + "/startForm", "Where the start form of a key is")
@operation("GET", KEY_AND_TENANT + "/startForm", "Where the start form of a key of an agency is")
def start_form_place(
    query: Query, id: str | None = None, key: str | None = None, tenant: str | None = None
) -> ResponseReturnValue:
    found = find("process", id, key, tenant)
    schema = engine.start_form(database(), caller(), found.agency_id, found.key, found.id)
    return jsonify(form_place(schema["id"] if schema else None))


_START = {
    "type": "object",
    "properties": {
        "variables": {"type": "object", "additionalProperties": {"$ref": "#/components/schemas/Variable"}},
        "businessKey": {"type": "string", "nullable": True},
        "withVariablesInReturn": {"type": "boolean"},
    },
}
_STARTED = {
    200: "The new instance",
    400: "A variable or a field of the form is not valid",
    403: "Not allowed",
}


def _start(id: str | None, key: str | None, tenant: str | None) -> ResponseReturnValue:
    body = read_body(["variables", "businessKey", "withVariablesInReturn"])
    wants_variables = flag_of(body, "withVariablesInReturn")
    found = find("process", id, key, tenant)
    variables, business_key = read_variables(body.get("variables")), text_of(body, "businessKey")

    def act(at: Database) -> ResponseReturnValue:
        instance = engine.start_instance(
            at,
            caller(),
            found.agency_id,
            found.key,
            variables,
            definition_id=found.id,
            business_key=business_key,
        )
        answer = instance_json(instance)
        if wants_variables:
            answer["variables"] = case_variables(instance.id, at)
        return jsonify(answer)

    return repeatable("start", act)


@operation(
    "POST",
    "/process-definition/<id>/start",
    "Start a version",
    body=_START,
    answers=_STARTED,
    repeatable=True,
)
@operation("POST", KEY + "/start", "Start the newest version", body=_START, answers=_STARTED, repeatable=True)
@operation(
    "POST",
    KEY_AND_TENANT + "/start",
    "Start an agency's newest version",
    body=_START,
    answers=_STARTED,
    repeatable=True,
)
def start(
    query: Query, id: str | None = None, key: str | None = None, tenant: str | None = None
) -> ResponseReturnValue:
    return _start(id, key, tenant)


@operation(
    "POST",
    "/process-definition/<id>/submit-form",
    "Start a version",
    body=_START,
    answers=_STARTED,
    repeatable=True,
)
@operation(
    "POST", KEY + "/submit-form", "Start the newest version", body=_START, answers=_STARTED, repeatable=True
)
@operation(
    "POST",
    KEY_AND_TENANT + "/submit-form",
    "Start an agency's newest version",
    body=_START,
    answers=_STARTED,
    repeatable=True,
)
def submit_form(
    query: Query, id: str | None = None, key: str | None = None, tenant: str | None = None
) -> ResponseReturnValue:
    return _start(id, key, tenant)
