"""``/history``: instances, stays at elements, tasks and variables, open and ended."""

from dataclasses import replace
from datetime import datetime

from flask import jsonify
from flask.typing import ResponseReturnValue

import engine
from engine import ActivityFilter, InstanceFilter, TaskFilter
from engine.errors import QueryInvalid
from engine.types import ActivityView, InstanceView, TaskView, VariableView
from webapp.db import database
from webapp.recording import seen
from webapp.rest.gate import caller
from webapp.rest.operation import (
    NO_SUSPENSION,
    NO_TENANT,
    PAGING,
    SORTING,
    Json,
    Query,
    booleans,
    lists,
    moments,
    operation,
    texts,
)
from webapp.rest.paging import page_of
from webapp.rest.values import write_moment, write_view


def _milliseconds(start: datetime, end: datetime | None) -> int | None:
    return None if end is None else int((end - start).total_seconds() * 1000)


_INSTANCE_FIELDS = {
    "processInstanceId": "instance_id",
    "processInstanceIds": "instance_ids",
    "processInstanceBusinessKey": "business_key",
    "processInstanceBusinessKeyLike": "business_key_like",
    "processDefinitionId": "definition_id",
    "processDefinitionKey": "definition_key",
    "tenantIdIn": "agency_ids",
    "startedBefore": "started_before",
    "startedAfter": "started_after",
    "startedBy": "started_by",
}
_INSTANCE_FILTERS = (
    *texts(
        "processInstanceId",
        "processInstanceBusinessKey",
        "processInstanceBusinessKeyLike",
        "processDefinitionId",
        "processDefinitionKey",
        "startedBy",
    ),
    *lists("processInstanceIds", "tenantIdIn"),
    *booleans("finished", "unfinished", "active", "completed", "externallyTerminated"),
    *NO_TENANT,
    *NO_SUSPENSION,
    *moments("startedBefore", "startedAfter"),
)
_INSTANCE_SORT = {
    "instanceId": "id",
    "definitionId": "definition",
    "definitionKey": "definition",
    "businessKey": "business_key",
    "startTime": "started",
    "endTime": "ended",
}


def _instances(query: Query) -> InstanceFilter:
    found = InstanceFilter(
        **{_INSTANCE_FIELDS[name]: value for name, value in query.items() if name in _INSTANCE_FIELDS}
    )
    if query.get("finished") and query.get("unfinished"):
        raise QueryInvalid(reason="'finished' and 'unfinished' exclude each other")
    if query.get("finished"):
        found = replace(found, ended=True)
    if query.get("unfinished") or query.get("active"):
        found = replace(found, ended=False)
    if query.get("completed"):
        found = replace(found, outcome="completed")
    if query.get("externallyTerminated"):
        found = replace(found, outcome="cancelled")
    return found


def _instance_json(instance: InstanceView, *, listed: bool) -> Json:
    states = {"completed": "COMPLETED", "cancelled": "EXTERNALLY_TERMINATED", None: "ACTIVE"}
    return {
        "id": instance.id,
        "businessKey": instance.business_key,
        "processDefinitionId": instance.definition_id,
        "processDefinitionKey": instance.definition_key,
        "processDefinitionName": instance.definition_name,
        "processDefinitionVersion": instance.definition_version,
        "startTime": write_moment(instance.started_at),
        "endTime": write_moment(instance.ended_at),
        "removalTime": None,
        "durationInMillis": _milliseconds(instance.started_at, instance.ended_at),
        "startUserId": instance.started_by,
        "startActivityId": None,
        "deleteReason": None if listed else instance.reason,  # people write names there; one case is recorded
        "rootProcessInstanceId": instance.id,
        "superProcessInstanceId": None,
        "superCaseInstanceId": None,
        "caseInstanceId": None,
        "tenantId": instance.agency_id,
        "state": states[instance.outcome],
    }


@operation(
    "GET",
    "/history/process-instance",
    "Instances, open and ended",
    query=(*_INSTANCE_FILTERS, *SORTING, *PAGING),
)
def instances(query: Query) -> ResponseReturnValue:
    page = page_of(query, _INSTANCE_SORT)
    found = engine.list_instances(database(), caller(), _instances(query), page)
    return jsonify([_instance_json(instance, listed=True) for instance in found])


@operation("GET", "/history/process-instance/count", "How many instances", query=_INSTANCE_FILTERS)
def count_instances(query: Query) -> ResponseReturnValue:
    return jsonify(count=engine.count_instances(database(), caller(), _instances(query)))


@operation(
    "GET",
    "/history/process-instance/<id>",
    "One instance, open or ended",
    answers={200: "The instance", 404: "None"},
)
def one_instance(id: str, query: Query) -> ResponseReturnValue:
    instance = engine.get_instance(database(), caller(), id)
    seen(id, instance.agency_id)
    return jsonify(_instance_json(instance, listed=False))


_ACTIVITY_FIELDS = {
    "activityInstanceId": "token_id",
    "processInstanceId": "instance_id",
    "processDefinitionId": "definition_id",
    "activityId": "element_id",
    "activityType": "element_type",
    "tenantIdIn": "agency_ids",
    "canceled": "cancelled",
}
_ACTIVITY_FILTERS = (
    *texts("activityInstanceId", "processInstanceId", "processDefinitionId", "activityId", "activityType"),
    *lists("tenantIdIn"),
    *booleans("finished", "unfinished", "canceled"),
    *NO_TENANT,
)
_ACTIVITY_SORT = {
    "startTime": "started",
    "endTime": "ended",
    "activityId": "element_id",
    "activityName": "element_name",
    "activityType": "element_type",
    "instanceId": "instance",
    "occurrence": "started",
}


def _activities(query: Query) -> ActivityFilter:
    found = ActivityFilter(
        **{_ACTIVITY_FIELDS[name]: value for name, value in query.items() if name in _ACTIVITY_FIELDS}
    )
    if query.get("finished") and query.get("unfinished"):
        raise QueryInvalid(reason="'finished' and 'unfinished' exclude each other")
    if query.get("finished") or query.get("unfinished"):
        found = replace(found, finished=bool(query.get("finished")))
    return found


def _activity_json(activity: ActivityView) -> Json:
    is_task = activity.element_type == "userTask"
    return {
        "id": activity.token_id,
        "activityId": activity.element_id,
        "activityName": activity.element_name,
        "activityType": activity.element_type,
        "processDefinitionKey": activity.definition_key,
        "processDefinitionId": activity.definition_id,
        "processInstanceId": activity.instance_id,
        "executionId": activity.instance_id,
        "taskId": activity.token_id if is_task else None,
        "assignee": activity.assignee,
        "calledProcessInstanceId": None,
        "startTime": write_moment(activity.started_at),
        "endTime": write_moment(activity.ended_at),
        "durationInMillis": _milliseconds(activity.started_at, activity.ended_at),
        "canceled": activity.cancelled,
        "completeScope": False,
        "rootProcessInstanceId": activity.instance_id,
        "tenantId": activity.agency_id,
    }


@operation(
    "GET",
    "/history/activity-instance",
    "Stays of tokens at elements",
    query=(*_ACTIVITY_FILTERS, *SORTING, *PAGING),
)
def activities(query: Query) -> ResponseReturnValue:
    page = page_of(query, _ACTIVITY_SORT)
    found = engine.list_activities(database(), caller(), _activities(query), page)
    for instance_id, agency_id in sorted({(each.instance_id, each.agency_id) for each in found}):
        seen(instance_id, agency_id, "activities")
    return jsonify([_activity_json(activity) for activity in found])


@operation("GET", "/history/activity-instance/count", "How many stays", query=_ACTIVITY_FILTERS)
def count_activities(query: Query) -> ResponseReturnValue:
    return jsonify(count=engine.count_activities(database(), caller(), _activities(query)))


_TASK_TEXTS = {
    "taskId": "task_id",
    "processInstanceId": "instance_id",
    "processInstanceBusinessKey": "business_key",
    "processInstanceBusinessKeyLike": "business_key_like",
    "processDefinitionId": "definition_id",
    "processDefinitionKey": "definition_key",
    "taskDefinitionKey": "element_id",
    "taskName": "name",
    "taskNameLike": "name_like",
    "taskAssignee": "assignee",
    "taskAssigneeLike": "assignee_like",
}
_TASK_LISTS = {
    "tenantIdIn": "agency_ids",
    "taskDefinitionKeyIn": "element_ids",
    "processInstanceBusinessKeyIn": "business_keys",
}
_TASK_MOMENTS = {
    "startedBefore": "created_before",
    "startedAfter": "created_after",
    "taskDueDateBefore": "due_before",
    "taskDueDateAfter": "due_after",
}
_TASK_FIELDS = _TASK_TEXTS | _TASK_LISTS | _TASK_MOMENTS
_TASK_FILTERS = (
    *texts(*_TASK_TEXTS),
    *lists(*_TASK_LISTS),
    *moments(*_TASK_MOMENTS),
    *booleans("finished", "unfinished"),
    *NO_TENANT,
)
_TASK_SORT = {
    "taskId": "id",
    "taskName": "name",
    "startTime": "created",
    "endTime": "ended",
    "dueDate": "due",
    "assignee": "assignee",
    "priority": "priority",
    "processInstanceId": "instance",
}


def _tasks(query: Query) -> TaskFilter:
    ended = None
    if query.get("finished") and query.get("unfinished"):
        raise QueryInvalid(reason="'finished' and 'unfinished' exclude each other")
    if query.get("finished") or query.get("unfinished"):
        ended = bool(query.get("finished"))
    fields = {_TASK_FIELDS[name]: value for name, value in query.items() if name in _TASK_FIELDS}
    return TaskFilter(**fields, ended=ended)


def _task_json(task: TaskView) -> Json:
    return {
        "id": task.id,
        "processDefinitionKey": task.definition_key,
        "processDefinitionId": task.definition_id,
        "processInstanceId": task.instance_id,
        "executionId": task.instance_id,
        "activityInstanceId": task.id,
        "name": task.name,
        "description": None,
        "deleteReason": task.outcome,
        "owner": None,
        "assignee": task.assignee or (task.ended_by if task.outcome == "completed" else None),
        "startTime": write_moment(task.created_at),
        "endTime": write_moment(task.ended_at),
        "duration": _milliseconds(task.created_at, task.ended_at),
        "taskDefinitionKey": task.element_id,
        "priority": task.priority,
        "due": write_moment(task.due_at),
        "followUp": write_moment(task.follow_up_at),
        "parentTaskId": None,
        "rootProcessInstanceId": task.instance_id,
        "tenantId": task.agency_id,
    }


@operation("GET", "/history/task", "User tasks, open and ended", query=(*_TASK_FILTERS, *SORTING, *PAGING))
def tasks(query: Query) -> ResponseReturnValue:
    found = engine.list_tasks(database(), caller(), _tasks(query), page_of(query, _TASK_SORT))
    return jsonify([_task_json(task) for task in found])


@operation("GET", "/history/task/count", "How many user tasks", query=_TASK_FILTERS)
def count_tasks(query: Query) -> ResponseReturnValue:
    return jsonify(count=engine.count_tasks(database(), caller(), _tasks(query)))


_VARIABLE_FILTERS = (
    *texts("processInstanceId", "variableName"),
    *lists("processInstanceIdIn"),
    *booleans("deserializeValues"),
)


def _variables(query: Query) -> list[VariableView]:
    ids = list(query.get("processInstanceIdIn", ()))
    if "processInstanceId" in query:
        ids.append(query["processInstanceId"])
    if not ids:
        raise QueryInvalid(reason="'processInstanceId' or 'processInstanceIdIn' is needed")
    return engine.history_variables(database(), caller(), instance_ids=ids, name=query.get("variableName"))


@operation(
    "GET", "/history/variable-instance", "The last values of variables", query=(*_VARIABLE_FILTERS, *PAGING)
)
def variables(query: Query) -> ResponseReturnValue:
    first = query.get("firstResult", 0)
    found = _variables(query)[first:]
    found = found[: query.get("maxResults", len(found))]
    name = query.get("variableName")
    for instance_id in sorted({variable.instance_id for variable in found}):
        seen(instance_id, subject=f"variable:{name}" if name else "")
    return jsonify([_variable_json(v) for v in found])


@operation("GET", "/history/variable-instance/count", "How many variables", query=_VARIABLE_FILTERS)
def count_variables(query: Query) -> ResponseReturnValue:
    return jsonify(count=len(_variables(query)))


def _variable_json(variable: VariableView) -> Json:
    return write_view(variable) | {
        "id": f"{variable.instance_id}:{variable.scope}:{variable.name}",
        "name": variable.name,
        "processInstanceId": variable.instance_id,
        "executionId": variable.instance_id,
        "activityInstanceId": None,
        "taskId": None,
        "state": "CREATED",
    }
