"""``/external-task``: what workers call: fetch and lock, and reports of what became of the work."""

from datetime import timedelta
from typing import Any

from flask import jsonify
from flask.typing import ResponseReturnValue

import engine
from engine import LockedTask, Topic
from engine.errors import QueryInvalid
from webapp.db import database
from webapp.rest.external_tasks import external_task_json
from webapp.rest.gate import caller
from webapp.rest.operation import (
    Json,
    Query,
    flag_of,
    number_of,
    operation,
    read_body,
    required_text,
    text_of,
    texts_of,
)
from webapp.rest.values import read_variables, write_variables
from webapp.rest.waiting import until_found

_TEXT, _NUMBER, _FLAG = {"type": "string"}, {"type": "integer"}, {"type": "boolean"}
_TEXTS = {"type": "array", "items": _TEXT}
_VARIABLES = {"type": "object", "additionalProperties": {"$ref": "#/components/schemas/Variable"}}
_TOPIC: Json = {
    "topicName": _TEXT,
    "lockDuration": _NUMBER,
    "variables": _TEXTS,
    "localVariables": _FLAG,
    "businessKey": _TEXT,
    "processDefinitionId": _TEXT,
    "processDefinitionIdIn": _TEXTS,
    "processDefinitionKey": _TEXT,
    "processDefinitionKeyIn": _TEXTS,
    "tenantIdIn": _TEXTS,
    "includeExtensionProperties": _FLAG,
    "deserializeValues": _FLAG,
}
_FETCH: Json = {
    "type": "object",
    "required": ["workerId", "maxTasks", "topics"],
    "properties": {
        "workerId": _TEXT,
        "maxTasks": {"type": "integer", "minimum": 1},
        "usePriority": _FLAG,
        "asyncResponseTimeout": {"type": "integer", "minimum": 0},
        "topics": {
            "type": "array",
            "items": {"type": "object", "required": ["topicName", "lockDuration"], "properties": _TOPIC},
        },
    },
}
LONGEST_TIMEOUT = 1_800_000
"""Milliseconds; the most that Camunda allows in ``asyncResponseTimeout``."""


@operation(
    "POST",
    "/external-task/fetchAndLock",
    "Fetch free tasks of some topics and lock them for a worker",
    body=_FETCH,
    answers={200: "The tasks that the worker now holds, with variables"},
)
def fetch_and_lock(query: Query) -> ResponseReturnValue:
    body = read_body([*_FETCH["properties"], "sorting"])
    if body.get("sorting"):
        raise QueryInvalid(reason="'sorting' is not supported; the oldest come first, or 'usePriority'")
    timeout = number_of(body, "asyncResponseTimeout") or 0
    if not 0 <= timeout <= LONGEST_TIMEOUT:
        raise QueryInvalid(reason=f"'asyncResponseTimeout' is from 0 to {LONGEST_TIMEOUT}")
    worker, most = required_text(body, "workerId"), number_of(body, "maxTasks") or 0
    named = _topics(body)
    topics, by_priority = [topic for topic, _ in named], flag_of(body, "usePriority")
    actor, opened = caller(), database()
    found = until_found(
        lambda: engine.fetch_and_lock(opened, actor, worker, most, topics, use_priority=by_priority), timeout
    )
    with_properties = {topic.name for topic, wanted in named if wanted}
    return jsonify([_locked_json(locked, with_properties) for locked in found])


def _topics(body: Json) -> list[tuple[Topic, bool]]:
    """Topics, and whether the properties of their elements are wanted."""
    topics = body.get("topics")
    if not isinstance(topics, list) or not all(isinstance(topic, dict) for topic in topics):
        raise QueryInvalid(reason="'topics' is a list of {topicName, lockDuration, ...}")
    return [_topic({name: value for name, value in topic.items() if value is not None}) for topic in topics]


def _topic(topic: Json) -> tuple[Topic, bool]:
    if topic.get("processVariables") == {}:  # a filter that filters nothing: what the Python client sends
        del topic["processVariables"]
    if topic.get("withoutTenantId") is False:
        del topic["withoutTenantId"]
    for name in topic:
        if name not in _TOPIC:
            raise QueryInvalid(reason=f"'{name}' is not supported in a topic")
    flag_of(topic, "deserializeValues")  # lists and objects are JSON in a text either way
    parsed = Topic(
        name=required_text(topic, "topicName"),
        lock_duration=_milliseconds(topic, "lockDuration"),
        variables=texts_of(topic, "variables"),
        local_only=flag_of(topic, "localVariables"),
        business_key=text_of(topic, "businessKey"),
        definition_ids=_one_or_many(topic, "processDefinitionId"),
        definition_keys=_one_or_many(topic, "processDefinitionKey"),
        agency_ids=texts_of(topic, "tenantIdIn") or (),
    )
    return parsed, flag_of(topic, "includeExtensionProperties")


def _one_or_many(topic: Json, name: str) -> tuple[str, ...]:
    one, many = text_of(topic, name), texts_of(topic, f"{name}In")
    if one is not None and many is not None:
        raise QueryInvalid(reason=f"'{name}' and '{name}In' exclude each other")
    return (one,) if one is not None else many or ()


def _milliseconds(body: Json, name: str, default: int | None = None) -> timedelta:
    value = number_of(body, name)
    if value is None and default is None:
        raise QueryInvalid(reason=f"'{name}' is missing")
    return timedelta(milliseconds=value if value is not None else default or 0)


def _locked_json(locked: LockedTask, with_properties: set[str]) -> Json:
    properties: Json = {}
    if locked.task.topic in with_properties:
        properties = {"extensionProperties": locked.properties}
    return {
        **external_task_json(locked.task),
        "errorDetails": locked.error_details,
        "variables": write_variables(locked.variables),
        **properties,
    }


def _body(*required: str, **properties: Any) -> Json:
    return {
        "type": "object",
        "required": ["workerId", *required],
        "properties": {"workerId": _TEXT} | properties,
    }


_REPORTED = {
    204: "Done",
    400: "Another worker has it, or a value is not valid",
    403: "The caller does not work on the topic",
    404: "No such task, or cancelled meanwhile",
}
_MOVED = _REPORTED | {422: "The diagram cannot go on"}
_COMPLETE = _body(variables=_VARIABLES, localVariables=_VARIABLES)


@operation("POST", "/external-task/<id>/complete", "The work is done", body=_COMPLETE, answers=_MOVED)
def complete(id: str, query: Query) -> ResponseReturnValue:
    body = read_body(list(_COMPLETE["properties"]))
    engine.complete_external_task(
        database(),
        caller(),
        id,
        required_text(body, "workerId"),
        read_variables(body.get("variables")),
        read_variables(body.get("localVariables")),
    )
    return "", 204


_FAILURE = _body(errorMessage=_TEXT, errorDetails=_TEXT, retries=_NUMBER, retryTimeout=_NUMBER)


@operation("POST", "/external-task/<id>/failure", "The work has failed", body=_FAILURE, answers=_REPORTED)
def failure(id: str, query: Query) -> ResponseReturnValue:
    body = read_body(list(_FAILURE["properties"]))
    engine.fail_external_task(
        database(),
        caller(),
        id,
        required_text(body, "workerId"),
        text_of(body, "errorMessage"),
        text_of(body, "errorDetails"),
        number_of(body, "retries") or 0,
        _milliseconds(body, "retryTimeout", 0),
    )
    return "", 204


_ERROR = _body("errorCode", errorCode=_TEXT, errorMessage=_TEXT, variables=_VARIABLES)


@operation(
    "POST",
    "/external-task/<id>/bpmnError",
    "The work has ended with a BPMN error",
    body=_ERROR,
    answers=_MOVED | {204: "An event of the diagram has caught it; where none does, there is an incident"},
)
def bpmn_error(id: str, query: Query) -> ResponseReturnValue:
    body = read_body(list(_ERROR["properties"]))
    engine.report_bpmn_error(
        database(),
        caller(),
        id,
        required_text(body, "workerId"),
        required_text(body, "errorCode"),
        text_of(body, "errorMessage"),
        read_variables(body.get("variables")),
    )
    return "", 204


_LOCK = _body("lockDuration", lockDuration=_NUMBER)
_EXTEND = _body("newDuration", newDuration=_NUMBER)


@operation("POST", "/external-task/<id>/lock", "Lock one task", body=_LOCK, answers=_REPORTED)
def lock(id: str, query: Query) -> ResponseReturnValue:
    body = read_body(list(_LOCK["properties"]))
    worker, duration = required_text(body, "workerId"), _milliseconds(body, "lockDuration")
    engine.lock_external_task(database(), caller(), id, worker, duration)
    return "", 204


@operation(
    "POST", "/external-task/<id>/extendLock", "Keep a task for longer", body=_EXTEND, answers=_REPORTED
)
def extend_lock(id: str, query: Query) -> ResponseReturnValue:
    body = read_body(list(_EXTEND["properties"]))
    worker, duration = required_text(body, "workerId"), _milliseconds(body, "newDuration")
    engine.extend_lock(database(), caller(), id, worker, duration)
    return "", 204


@operation("POST", "/external-task/<id>/unlock", "Give a task back at once", answers=_REPORTED)
def unlock(id: str, query: Query) -> ResponseReturnValue:
    engine.unlock_external_task(database(), caller(), id)
    return "", 204
