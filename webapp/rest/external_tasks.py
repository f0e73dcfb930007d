"""``/external-task``: lists, one, its error, topics, and what a manager changes."""

from flask import Response, jsonify
from flask.typing import ResponseReturnValue

import engine
from engine import ExternalTaskFilter, ExternalTaskView, Page
from engine.errors import QueryInvalid
from webapp.db import database
from webapp.recording import seen
from webapp.rest.gate import caller
from webapp.rest.operation import (
    NO_TENANT,
    PAGING,
    SORTING,
    Json,
    Parameter,
    Query,
    body_as_query,
    booleans,
    lists,
    moments,
    number_of,
    operation,
    read_body,
    texts,
    texts_of,
)
from webapp.rest.paging import SORT_IN_BODY, page_of, page_of_body
from webapp.rest.values import write_moment

_TEXTS = {
    "externalTaskId": "task_id",
    "topicName": "topic",
    "workerId": "worker_id",
    "activityId": "element_id",
    "executionId": "instance_id",
    "processInstanceId": "instance_id",
    "processDefinitionId": "definition_id",
}
_LISTS = {
    "externalTaskIdIn": "task_ids",
    "activityIdIn": "element_ids",
    "processInstanceIdIn": "instance_ids",
    "tenantIdIn": "agency_ids",
}
_MOMENTS = {"lockExpirationBefore": "lock_before", "lockExpirationAfter": "lock_after"}
_PRIORITIES = {"priorityHigherThanOrEquals": "priority_from", "priorityLowerThanOrEquals": "priority_to"}
_FIELDS = _TEXTS | _LISTS | _MOMENTS | _PRIORITIES
_YES = {
    "locked": ("locked", True),
    "notLocked": ("locked", False),
    "withRetriesLeft": ("with_retries", True),
    "noRetriesLeft": ("with_retries", False),
    "active": ("suspended", False),
    "suspended": ("suspended", True),
}
"""Parameters that narrow where they are true; false is as good as absent, as in Camunda."""

_TOPICS = {
    "withLockedTasks": ("locked", True),
    "withUnlockedTasks": ("locked", False),
    "withRetriesLeft": ("with_retries", True),
}


def _read_priority(text: str) -> int:
    if not -(2**31) <= (priority := int(text)) < 2**31:
        raise ValueError("a whole number of 32 bits")
    return priority


FILTERS: tuple[Parameter, ...] = (
    *texts(*_TEXTS),
    *lists(*_LISTS),
    *moments(*_MOMENTS),
    *(
        Parameter(name, _read_priority, {"type": "integer", "minimum": -(2**31), "maximum": 2**31 - 1})
        for name in _PRIORITIES
    ),
    *booleans(*_YES),
    *NO_TENANT,
)
_SORT_KEYS = {
    "id": "id",
    "lockExpirationTime": "lock",
    "processInstanceId": "instance",
    "processDefinitionId": "definition_id",
    "processDefinitionKey": "definition",
    "tenantId": "agency",
    "taskPriority": "priority",
    "createTime": "created",
}


def external_task_json(task: ExternalTaskView) -> Json:
    """An external task as Camunda writes it."""
    return {
        "activityId": task.element_id,
        "activityInstanceId": task.id,
        "businessKey": task.business_key,
        "createTime": write_moment(task.created_at),
        "errorMessage": task.error_message,
        "executionId": task.instance_id,
        "id": task.id,
        "lockExpirationTime": write_moment(task.lock_expires_at),
        "priority": task.priority,
        "processDefinitionId": task.definition_id,
        "processDefinitionKey": task.definition_key,
        "processDefinitionVersionTag": None,
        "processInstanceId": task.instance_id,
        "retries": task.retries,
        "suspended": task.suspended,
        "tenantId": task.agency_id,
        "topicName": task.topic,
        "workerId": task.worker_id,
    }


def _shown(task: ExternalTaskView) -> Json:
    """An external task; for the access log, whose worker's words the caller reads with it."""
    if task.error_message:
        seen(task.instance_id, task.agency_id, f"external_task:{task.id}")
    return external_task_json(task)


def _filter(query: Query, yes: dict[str, tuple[str, bool]] = _YES) -> ExternalTaskFilter:
    values: Json = {}
    for name, given in query.items():
        field, value = yes[name] if name in yes and given else (_FIELDS.get(name), given)
        if field is not None and values.setdefault(field, value) != value:
            raise QueryInvalid(reason=f"'{name}' contradicts another parameter")
    return ExternalTaskFilter(**values)


def _listed(filter: ExternalTaskFilter, page: Page) -> ResponseReturnValue:
    found = engine.list_external_tasks(database(), caller(), filter, page)
    return jsonify([_shown(task) for task in found])


@operation(
    "GET", "/external-task", "External tasks that the caller may see", query=(*FILTERS, *SORTING, *PAGING)
)
def listed(query: Query) -> ResponseReturnValue:
    return _listed(_filter(query), page_of(query, _SORT_KEYS))


@operation(
    "POST", "/external-task", "External tasks by a filter in the body", query=PAGING, body={"type": "object"}
)
def searched(query: Query) -> ResponseReturnValue:
    body = read_body([p.name for p in FILTERS] + SORT_IN_BODY)
    page = page_of_body(body, query, _SORT_KEYS)
    return _listed(_filter(body_as_query(FILTERS, body)), page)


@operation("GET", "/external-task/count", "How many external tasks", query=FILTERS)
def counted(query: Query) -> ResponseReturnValue:
    return jsonify(count=engine.count_external_tasks(database(), caller(), _filter(query)))


@operation("POST", "/external-task/count", "How many, by a filter in the body", body={"type": "object"})
def counted_by_body(query: Query) -> ResponseReturnValue:
    body = read_body([p.name for p in FILTERS] + SORT_IN_BODY)
    body.pop("sorting", None)
    filter = _filter(body_as_query(FILTERS, body))
    return jsonify(count=engine.count_external_tasks(database(), caller(), filter))


@operation(
    "GET",
    "/external-task/topic-names",
    "Topics of the external tasks that the caller may see",
    query=booleans(*_TOPICS),
)
def topics(query: Query) -> ResponseReturnValue:
    return jsonify(engine.topic_names(database(), caller(), _filter(query, _TOPICS)))


@operation("GET", "/external-task/<id>", "One external task", answers={200: "The task", 404: "None"})
def one(id: str, query: Query) -> ResponseReturnValue:
    return jsonify(_shown(engine.get_external_task(database(), caller(), id)))


@operation(
    "GET",
    "/external-task/<id>/errorDetails",
    "What its worker wrote of its last failure, as text",
    answers={200: "The text", 204: "There is none", 404: "No such task"},
)
def error_details(id: str, query: Query) -> ResponseReturnValue:
    task = engine.get_external_task(database(), caller(), id)
    seen(task.instance_id, task.agency_id, f"external_task:{id}")
    details = engine.external_task_error(database(), caller(), id)
    return Response(details, mimetype="text/plain") if details else ("", 204)


_KEPT = {204: "Done", 403: "Only the agency's manager may", 404: "No such task"}
_RETRIES = {"type": "integer", "minimum": 0}


def _retries(body: Json) -> int:
    retries = number_of(body, "retries")
    if retries is None:
        raise QueryInvalid(reason="'retries' is missing")
    return retries


@operation(
    "PUT",
    "/external-task/<id>/retries",
    "Let workers try a task again; 0 takes it from them",
    body={"type": "object", "required": ["retries"], "properties": {"retries": _RETRIES}},
    answers=_KEPT,
)
def set_retries(id: str, query: Query) -> ResponseReturnValue:
    engine.set_external_task_retries(database(), caller(), [id], _retries(read_body(["retries"])))
    return "", 204


_IDS = {"type": "array", "items": {"type": "string"}}


@operation(
    "PUT",
    "/external-task/retries",
    "The same for several tasks, or all of some instances: all or none",
    body={
        "type": "object",
        "required": ["retries"],
        "properties": {"retries": _RETRIES, "externalTaskIds": _IDS, "processInstanceIds": _IDS},
    },
    answers=_KEPT,
)
def set_all_retries(query: Query) -> ResponseReturnValue:
    body = read_body(["retries", "externalTaskIds", "processInstanceIds"])
    ids, instances = texts_of(body, "externalTaskIds") or (), texts_of(body, "processInstanceIds") or ()
    retries = _retries(body)
    if instances:
        of_instances = ExternalTaskFilter(instance_ids=instances)
        ids += tuple(task.id for task in engine.list_external_tasks(database(), caller(), of_instances))
    if not ids:
        raise QueryInvalid(reason="'externalTaskIds' or 'processInstanceIds' names at least one task")
    engine.set_external_task_retries(database(), caller(), ids, retries)
    return "", 204


@operation(
    "PUT",
    "/external-task/<id>/priority",
    "Let workers take a task earlier or later",
    body={"type": "object", "required": ["priority"], "properties": {"priority": {"type": "integer"}}},
    answers=_KEPT,
)
def set_priority(id: str, query: Query) -> ResponseReturnValue:
    priority = number_of(read_body(["priority"]), "priority")
    if priority is None:
        raise QueryInvalid(reason="'priority' is missing")
    engine.set_external_task_priority(database(), caller(), id, priority)
    return "", 204
