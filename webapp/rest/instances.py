"""``/process-instance``: lists, one, its variables, and its end before time."""

from dataclasses import replace

from flask import jsonify
from flask.typing import ResponseReturnValue

import engine
from engine import Database, InstanceFilter, Page
from engine.errors import InstanceNotFound, QueryInvalid, ResourceNotFound
from engine.types import InstanceView
from webapp.db import database
from webapp.recording import seen
from webapp.rest.gate import caller
from webapp.rest.operation import (
    NO_TENANT,
    PAGING,
    SORTING,
    Json,
    Query,
    body_as_query,
    booleans,
    ids_of,
    lists,
    operation,
    read_body,
    suspension_in,
    text_of,
    texts,
)
from webapp.rest.paging import SORT_IN_BODY, page_of, page_of_body
from webapp.rest.values import write_variables

FILTERS = (
    *texts("businessKey", "businessKeyLike", "processDefinitionId", "processDefinitionKey"),
    *lists("processInstanceIds", "tenantIdIn", "activityIdIn"),
    *booleans("active", "suspended"),
    *NO_TENANT,
)
_FIELDS = {
    "businessKey": "business_key",
    "businessKeyLike": "business_key_like",
    "processDefinitionId": "definition_id",
    "processDefinitionKey": "definition_key",
    "processInstanceIds": "instance_ids",
    "tenantIdIn": "agency_ids",
}
_SORT_KEYS = {
    "instanceId": "id",
    "definitionKey": "definition",
    "definitionId": "definition",
    "businessKey": "business_key",
}


def instance_filter(query: Query) -> InstanceFilter:
    """The engine's filter for parameters of Camunda's dialect: open instances. Raises ``QueryInvalid``."""
    found = InstanceFilter(
        **{_FIELDS[name]: value for name, value in query.items() if name in _FIELDS}, ended=False
    )
    found = replace(found, suspended=suspension_in(query))
    if at := query.get("activityIdIn"):
        if len(at) > 1:
            raise QueryInvalid(reason="'activityIdIn' takes one id")
        found = replace(found, element_id=at[0])
    return found


def instance_json(instance: InstanceView) -> Json:
    """A running instance as Camunda writes it."""
    return {
        "links": [],
        "id": instance.id,
        "definitionId": instance.definition_id,
        "definitionKey": instance.definition_key,
        "businessKey": instance.business_key,
        "caseInstanceId": None,
        "ended": instance.ended_at is not None,
        "suspended": instance.suspended,
        "tenantId": instance.agency_id,
    }


def _listed(filter: InstanceFilter, page: Page) -> ResponseReturnValue:
    found = engine.list_instances(database(), caller(), filter, page)
    return jsonify([instance_json(instance) for instance in found])


@operation(
    "GET", "/process-instance", "Open instances that the caller may see", query=(*FILTERS, *SORTING, *PAGING)
)
def listed(query: Query) -> ResponseReturnValue:
    return _listed(instance_filter(query), page_of(query, _SORT_KEYS))


@operation(
    "POST",
    "/process-instance",
    "Open instances by a filter in the body",
    query=PAGING,
    body={"type": "object"},
)
def searched(query: Query) -> ResponseReturnValue:
    body = read_body([p.name for p in FILTERS] + SORT_IN_BODY)
    page = page_of_body(body, query, _SORT_KEYS)
    return _listed(instance_filter(body_as_query(FILTERS, body)), page)


@operation("GET", "/process-instance/count", "How many open instances", query=FILTERS)
def counted(query: Query) -> ResponseReturnValue:
    return jsonify(count=engine.count_instances(database(), caller(), instance_filter(query)))


def _open(id: str) -> InstanceView:
    instance = engine.get_instance(database(), caller(), id)
    if instance.ended_at is not None:
        raise InstanceNotFound(id=id)
    return instance


@operation("POST", "/process-instance/count", "How many, by a filter in the body", body={"type": "object"})
def counted_by_body(query: Query) -> ResponseReturnValue:
    body = read_body([p.name for p in FILTERS] + SORT_IN_BODY)
    body.pop("sorting", None)
    return jsonify(
        count=engine.count_instances(database(), caller(), instance_filter(body_as_query(FILTERS, body)))
    )


@operation("GET", "/process-instance/<id>", "One open instance", answers={200: "The instance", 404: "None"})
def one(id: str, query: Query) -> ResponseReturnValue:
    instance = _open(id)
    seen(id, instance.agency_id)
    return jsonify(instance_json(instance))


@operation(
    "GET",
    "/process-instance/<id>/variables",
    "The variables of an open instance",
    query=booleans("deserializeValues"),
)
def variables(id: str, query: Query) -> ResponseReturnValue:
    _open(id)
    return jsonify(case_variables(id))


def case_variables(id: str, at: Database | None = None) -> dict[str, Json]:
    """The variables of an instance by name; sealed values only for whoever works on the case.

    ``at``: the transaction that they are read in, where it is not one of its own.
    """
    found = engine.instance_variables(at or database(), caller(), id)
    seen(id)
    return write_variables(found)


@operation(
    "GET",
    "/process-instance/<id>/variables/<name>",
    "One variable of an open instance",
    query=booleans("deserializeValue"),
)
def variable(id: str, name: str, query: Query) -> ResponseReturnValue:
    _open(id)
    found = case_variables(id)
    if name not in found:
        raise ResourceNotFound(id=name)
    return jsonify(found[name])


@operation(
    "DELETE",
    "/process-instance/<id>",
    "Cancel an instance, without a reason",
    query=booleans("skipCustomListeners", "skipIoMappings", "skipSubprocesses", "failIfNotExists"),
    answers={204: "Cancelled", 403: "Not allowed", 404: "None", 409: "Ended already"},
)
def delete(id: str, query: Query) -> ResponseReturnValue:
    try:
        engine.cancel_instance(database(), caller(), id, "")
    except InstanceNotFound:
        if query.get("failIfNotExists") is not False:
            raise
    return "", 204


@operation(
    "POST",
    "/process-instance/delete",
    "Cancel instances, with a reason; done when this answers",
    body={
        "type": "object",
        "properties": {
            "processInstanceIds": {"type": "array", "items": {"type": "string"}},
            "deleteReason": {"type": "string"},
        },
        "required": ["processInstanceIds"],
    },
    answers={
        200: "What was done, as a batch",
        403: "Not allowed",
        404: "One of them is not there",
        409: "One of them has ended",
    },
)
def delete_many(query: Query) -> ResponseReturnValue:
    body = read_body(["processInstanceIds", "deleteReason", "skipCustomListeners", "skipSubprocesses"])
    ids = ids_of(body, "processInstanceIds")
    engine.cancel_instances(database(), caller(), ids, text_of(body, "deleteReason") or "")
    return jsonify(_batch(ids, caller().user_id))


def _batch(ids: list[str], user_id: str) -> Json:
    """What was done, in the form of the batch with which Camunda begins; there is no batch to look up."""
    return {
        "id": ids[0],
        "type": "instance-deletion",
        "totalJobs": len(ids),
        "jobsCreated": len(ids),
        "batchJobsPerSeed": len(ids),
        "invocationsPerBatchJob": 1,
        "seedJobDefinitionId": None,
        "monitorJobDefinitionId": None,
        "batchJobDefinitionId": None,
        "suspended": False,
        "tenantId": None,
        "createUserId": user_id,
    }
