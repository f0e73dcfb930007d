"""``/task``: lists, one, claim, give back, assign, complete."""

from typing import Any

from flask import jsonify
from flask.typing import ResponseReturnValue

import engine
from engine import Database, Page, TaskFilter
from engine.types import TaskView
from webapp.db import database
from webapp.recording import seen
from webapp.rest.gate import caller
from webapp.rest.instances import case_variables
from webapp.rest.operation import (
    PAGING,
    SORTING,
    Json,
    Query,
    body_as_query,
    flag_of,
    operation,
    read_body,
    text_of,
)
from webapp.rest.paging import SORT_IN_BODY, page_of, page_of_body
from webapp.rest.repeating import repeatable
from webapp.rest.task_filter import FILTERS, task_filter
from webapp.rest.values import read_variables, write_moment

_SORT_KEYS = {
    "instanceId": "instance",
    "dueDate": "due",
    "followUpDate": "followUp",
    "created": "created",
    "assignee": "assignee",
    "id": "id",
    "name": "name",
    "nameCaseInsensitive": "name",
    "priority": "priority",
}


def task_json(task: TaskView) -> Json:
    """A task as Camunda writes it."""
    return {
        "id": task.id,
        "name": task.name,
        "assignee": task.assignee,
        "owner": task.owner,
        "created": write_moment(task.created_at),
        "lastUpdated": None,
        "due": write_moment(task.due_at),
        "followUp": write_moment(task.follow_up_at),
        "delegationState": task.delegation_state,
        "description": None,
        "executionId": task.instance_id,
        "parentTaskId": None,
        "priority": task.priority,
        "processDefinitionId": task.definition_id,
        "processInstanceId": task.instance_id,
        "caseExecutionId": None,
        "caseDefinitionId": None,
        "caseInstanceId": None,
        "taskDefinitionKey": task.element_id,
        "suspended": task.suspended,
        "formKey": None,
        "camundaFormRef": _form_ref(task),
        "tenantId": task.agency_id,
    }


def _form_ref(task: TaskView) -> Json | None:
    return {"key": task.form_key, "binding": "latest", "version": None} if task.form_key else None


def _listed(filter: TaskFilter, page: Page) -> ResponseReturnValue:
    return jsonify([task_json(task) for task in engine.list_tasks(database(), caller(), filter, page)])


def _counted(filter: TaskFilter) -> ResponseReturnValue:
    return jsonify(count=engine.count_tasks(database(), caller(), filter))


@operation("GET", "/task", "User tasks that the caller may see", query=(*FILTERS, *SORTING, *PAGING))
def listed(query: Query) -> ResponseReturnValue:
    return _listed(task_filter(query), page_of(query, _SORT_KEYS))


@operation("POST", "/task", "User tasks by a filter in the body", query=PAGING, body={"type": "object"})
def searched(query: Query) -> ResponseReturnValue:
    body = read_body([p.name for p in FILTERS] + SORT_IN_BODY)
    page = page_of_body(body, query, _SORT_KEYS)
    return _listed(task_filter(body_as_query(FILTERS, body)), page)


@operation("GET", "/task/count", "How many user tasks", query=FILTERS)
def counted(query: Query) -> ResponseReturnValue:
    return _counted(task_filter(query))


@operation("POST", "/task/count", "How many user tasks, by a filter in the body", body={"type": "object"})
def counted_by_body(query: Query) -> ResponseReturnValue:
    body = read_body([p.name for p in FILTERS] + SORT_IN_BODY)
    body.pop("sorting", None)
    return _counted(task_filter(body_as_query(FILTERS, body)))


@operation("GET", "/task/<id>", "One user task, while it is open", answers={200: "The task", 404: "None"})
def one(id: str, query: Query) -> ResponseReturnValue:
    task = open_task(id)
    seen(task.instance_id, task.agency_id, f"task:{id}")
    return jsonify(task_json(task))


def open_task(id: str) -> TaskView:
    """An open task; Camunda has no others under ``/task``. Raises ``TaskNotFound``."""
    task = engine.get_task(database(), caller(), id)
    if task.ended_at is not None:
        raise engine.errors.TaskNotFound(id=id)
    return task


_USER = {"type": "object", "properties": {"userId": {"type": "string", "nullable": True}}}
_DONE = {204: "Done", 403: "Not allowed", 404: "No such task", 409: "Too late"}


@operation("POST", "/task/<id>/claim", "Take a task", body=_USER, answers=_DONE)
def claim(id: str, query: Query) -> ResponseReturnValue:
    engine.claim_task(database(), caller(), id, text_of(read_body(["userId"]), "userId"))
    return "", 204


@operation("POST", "/task/<id>/unclaim", "Give a task back to its groups", answers=_DONE)
def unclaim(id: str, query: Query) -> ResponseReturnValue:
    engine.unclaim_task(database(), caller(), id)
    return "", 204


@operation("POST", "/task/<id>/assignee", "Give a task to a person", body=_USER, answers=_DONE)
def assign(id: str, query: Query) -> ResponseReturnValue:
    engine.assign_task(database(), caller(), id, text_of(read_body(["userId"]), "userId"))
    return "", 204


_VARIABLES: dict[str, Any] = {
    "type": "object",
    "properties": {
        "variables": {"type": "object", "additionalProperties": {"$ref": "#/components/schemas/Variable"}},
        "withVariablesInReturn": {"type": "boolean"},
    },
}
_COMPLETED = {
    200: "Done, with the variables (withVariablesInReturn)",
    204: "Done",
    400: "A variable or a field of the form is not valid (fields)",
    403: "Not allowed",
    404: "No such task",
    409: "Completed or cancelled already",
    422: "The diagram cannot go on, or the Idempotency-Key belongs to another request",
}


def _complete(id: str) -> ResponseReturnValue:
    body = read_body(["variables", "withVariablesInReturn"])
    wants_variables = flag_of(body, "withVariablesInReturn")
    variables = read_variables(body.get("variables"))

    def act(at: Database) -> ResponseReturnValue:
        instance = engine.complete_task(at, caller(), id, variables)
        return jsonify(case_variables(instance.id, at)) if wants_variables else ("", 204)

    return repeatable("complete", act)


@operation(
    "POST", "/task/<id>/complete", "Complete a task", body=_VARIABLES, answers=_COMPLETED, repeatable=True
)
def complete(id: str, query: Query) -> ResponseReturnValue:
    return _complete(id)


@operation(
    "POST",
    "/task/<id>/submit-form",
    "Complete a task by its form",
    body=_VARIABLES,
    answers=_COMPLETED,
    repeatable=True,
)
def submit_form(id: str, query: Query) -> ResponseReturnValue:
    return _complete(id)
