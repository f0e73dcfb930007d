"""``/job``: what the engine has to do by itself, and what a manager does about it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Response, jsonify
from flask.typing import ResponseReturnValue

import engine
from engine import JobFilter, JobView
from engine.errors import QueryInvalid
from webapp.db import database
from webapp.recording import seen
from webapp.rest.gate import caller
from webapp.rest.operation import (
    LONGEST_LIST,
    NO_TENANT,
    PAGING,
    SORTING,
    Json,
    Parameter,
    Query,
    body_as_query,
    booleans,
    lists,
    never,
    operation,
    read_body,
    texts,
)
from webapp.rest.paging import SORT_IN_BODY, page_of, page_of_body
from webapp.rest.values import read_moment, write_moment

_LAST = 2**31 - 1
_FIELDS = {
    "jobId": "job_id",
    "jobIds": "job_ids",
    "processInstanceId": "instance_id",
    "processInstanceIds": "instance_ids",
    "processDefinitionId": "definition_id",
    "processDefinitionKey": "definition_key",
    "activityId": "element_id",
    "failedActivityId": "element_id",
    "tenantIdIn": "agency_ids",
    "priorityLowerThanOrEquals": "priority_to",
    "priorityHigherThanOrEquals": "priority_from",
}
_YES = {
    "withRetriesLeft": ("with_retries", True),
    "noRetriesLeft": ("with_retries", False),
    "withException": ("failed", True),
    "executable": ("executable", True),
    "active": ("suspended", False),
    "suspended": ("suspended", True),
    "timers": ("kinds", ("timer", "start_timer")),
    "messages": ("kinds", ("async", "message", "signal")),
}
"""Flags that ask for something where they are true, and for nothing where they are not."""


def _number(text: str) -> int:
    if not text.lstrip("-").isdecimal() or abs(int(text)) > _LAST:
        raise ValueError(f"a whole number from -{_LAST} to {_LAST}")
    return int(text)


def _due(text: str) -> Mapping[str, datetime]:
    """``gt_<moment>`` and ``lt_<moment>``, separated by a comma."""
    found = {}
    for part in text.split(","):
        name = {"gt": "due_after", "lt": "due_before"}.get(part[:2])
        if name is None or part[2:3] != "_":
            raise ValueError("gt_<moment> or lt_<moment>, or both with a comma between")
        found[name] = read_moment(part[3:])
    return found


FILTERS = (
    *texts("jobId", "processInstanceId", "processDefinitionId", "processDefinitionKey", "activityId"),
    *texts("failedActivityId"),
    *lists("jobIds", "processInstanceIds", "tenantIdIn"),
    *booleans(*_YES),
    *(
        Parameter(name, _number, {"type": "integer", "minimum": -_LAST, "maximum": _LAST})
        for name in ("priorityLowerThanOrEquals", "priorityHigherThanOrEquals")
    ),
    Parameter("dueDates", _due, {"type": "string", "example": "gt_2026-01-05T09:00:00.000+0700"}),
    *NO_TENANT,
    *never("every job belongs to an agency", "includeJobsWithoutTenantId"),
)
_SORT_KEYS = {
    "jobId": "id",
    "processInstanceId": "instance",
    "executionId": "instance",
    "processDefinitionId": "definition_id",
    "processDefinitionKey": "definition",
    "jobPriority": "priority",
    "jobRetries": "retries",
    "jobDueDate": "due",
    "tenantId": "agency",
}


def _filter(query: Query) -> JobFilter:
    found: dict[str, Any] = {_FIELDS[name]: value for name, value in query.items() if name in _FIELDS}
    if query.get("activityId") not in (None, query.get("failedActivityId", query.get("activityId"))):
        raise QueryInvalid(reason="'activityId' and 'failedActivityId' name two elements")
    if "failedActivityId" in query:
        found["failed"] = True
    found |= query.get("dueDates", {})
    for name, (field, value) in _YES.items():
        if query.get(name):
            if field in found and found[field] != value:
                raise QueryInvalid(reason=f"'{name}' contradicts another parameter")
            found[field] = value
    return JobFilter(**found)


def job_json(job: JobView) -> Json:
    """A job as Camunda writes it."""
    return {
        "id": job.id,
        "jobDefinitionId": None,
        "dueDate": write_moment(job.due_at),
        "processInstanceId": job.instance_id,
        "executionId": job.instance_id,
        "processDefinitionId": job.definition_id,
        "processDefinitionKey": job.definition_key,
        "retries": job.retries,
        "exceptionMessage": job.error,
        "failedActivityId": job.element_id if job.error else None,
        "suspended": job.suspended,
        "priority": job.priority,
        "tenantId": job.agency_id,
        "createTime": None,
        "batchId": None,
    }


@operation("GET", "/job", "Jobs of the caller's agencies", query=(*FILTERS, *SORTING, *PAGING))
def listed(query: Query) -> ResponseReturnValue:
    found = engine.list_jobs(database(), caller(), _filter(query), page_of(query, _SORT_KEYS))
    return jsonify([job_json(job) for job in found])


@operation("POST", "/job", "Jobs by a filter in the body", query=PAGING, body={"type": "object"})
def searched(query: Query) -> ResponseReturnValue:
    body = read_body([p.name for p in FILTERS] + SORT_IN_BODY)
    page = page_of_body(body, query, _SORT_KEYS)
    found = engine.list_jobs(database(), caller(), _filter(body_as_query(FILTERS, body)), page)
    return jsonify([job_json(job) for job in found])


@operation("GET", "/job/count", "How many jobs", query=FILTERS)
def counted(query: Query) -> ResponseReturnValue:
    return jsonify(count=engine.count_jobs(database(), caller(), _filter(query)))


@operation("POST", "/job/count", "How many, by a filter in the body", body={"type": "object"})
def counted_by_body(query: Query) -> ResponseReturnValue:
    body = read_body([p.name for p in FILTERS] + SORT_IN_BODY)
    body.pop("sorting", None)
    return jsonify(count=engine.count_jobs(database(), caller(), _filter(body_as_query(FILTERS, body))))


@operation("GET", "/job/<id>", "One job", answers={200: "The job", 404: "None, or done"})
def one(id: str, query: Query) -> ResponseReturnValue:
    return jsonify(job_json(engine.get_job(database(), caller(), id)))


@operation("GET", "/job/<id>/stacktrace", "What a job has failed with, as text", answers={200: "The error"})
def stacktrace(id: str, query: Query) -> ResponseReturnValue:
    job = engine.get_job(database(), caller(), id)
    if job.instance_id:
        seen(job.instance_id, job.agency_id, f"job:{id}")
    return Response(job.error or "", mimetype="text/plain")


def _retries(body: Json) -> int:
    retries = body.get("retries")
    if not isinstance(retries, int) or isinstance(retries, bool):
        raise QueryInvalid(reason="'retries' is a whole number")
    return retries


_CHANGED = {204: "Changed", 403: "Not allowed", 404: "None, or done"}


@operation(
    "PUT",
    "/job/<id>/retries",
    "How often to try a job again; its incident is resolved",
    body={"type": "object", "properties": {"retries": {"type": "integer", "minimum": 0}}},
    answers=_CHANGED,
)
def set_retries(id: str, query: Query) -> ResponseReturnValue:
    engine.set_job_retries(database(), caller(), [id], _retries(read_body(["retries"])))
    return "", 204


@operation(
    "POST",
    "/job/retries",
    "How often to try several jobs again: all of them or none; done when this answers",
    body={
        "type": "object",
        "properties": {
            "retries": {"type": "integer", "minimum": 0},
            "jobIds": {"type": "array", "items": {"type": "string"}},
        },
    },
    answers={200: "What was done, as a batch", 403: "Not allowed", 404: "One of them is not there"},
)
def set_many_retries(query: Query) -> ResponseReturnValue:
    body = read_body(["retries", "jobIds"])
    ids = body.get("jobIds")
    if not isinstance(ids, list) or not ids or not all(isinstance(id, str) for id in ids):
        raise QueryInvalid(reason="'jobIds' is a list of at least one id")
    if len(ids) > LONGEST_LIST:
        raise QueryInvalid(reason=f"'jobIds' takes at most {LONGEST_LIST} ids")
    engine.set_job_retries(database(), caller(), ids, _retries(body))
    return jsonify(id=ids[0], type="set-job-retries", totalJobs=len(ids), jobsCreated=len(ids))


@operation(
    "POST",
    "/job/<id>/execute",
    "Do a job now",
    answers={204: "Done", 403: "Not allowed", 404: "None, or done", 409: "Suspended", 422: "It has failed"},
)
def execute(id: str, query: Query) -> ResponseReturnValue:
    engine.execute_job(database(), caller(), id)
    return "", 204


@operation(
    "PUT",
    "/job/<id>/duedate",
    "When to do a job; null: now",
    body={
        "type": "object",
        "properties": {"duedate": {"type": "string", "format": "date-time", "nullable": True}},
    },
    answers=_CHANGED,
)
def set_due(id: str, query: Query) -> ResponseReturnValue:
    body = read_body(["duedate", "cascade"])
    if body.get("cascade") not in (None, False):
        raise QueryInvalid(reason="'cascade' is not supported: later rounds of a cycle keep their times")
    engine.set_job_due(database(), caller(), id, _moment(body.get("duedate")))
    return "", 204


def _moment(text: Any) -> datetime | None:
    if text is None:
        return None
    try:
        return read_moment(str(text))
    except ValueError as error:
        raise QueryInvalid(reason=f"'duedate': {error}") from error
