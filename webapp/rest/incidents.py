"""``/incident``: what a manager must look at, open ones only."""

from flask import jsonify
from flask.typing import ResponseReturnValue

import engine
from engine import IncidentFilter, IncidentView
from engine.errors import IncidentNotFound
from webapp.db import database
from webapp.recording import seen
from webapp.rest.gate import caller
from webapp.rest.operation import PAGING, SORTING, Json, Query, lists, moments, operation, texts
from webapp.rest.paging import page_of
from webapp.rest.values import write_moment

_FIELDS = {
    "incidentId": "incident_id",
    "incidentType": "kind",
    "incidentMessage": "message",
    "incidentMessageLike": "message_like",
    "processDefinitionId": "definition_id",
    "processDefinitionKeyIn": "definition_keys",
    "processInstanceId": "instance_id",
    "activityId": "element_id",
    "failedActivityId": "element_id",
    "configuration": "subject_id",
    "tenantIdIn": "agency_ids",
    "incidentTimestampBefore": "before",
    "incidentTimestampAfter": "after",
}
FILTERS = (
    *texts("incidentId", "incidentType", "incidentMessage", "incidentMessageLike", "processDefinitionId"),
    *texts("processInstanceId", "activityId", "failedActivityId", "configuration"),
    *lists("processDefinitionKeyIn", "tenantIdIn"),
    *moments("incidentTimestampBefore", "incidentTimestampAfter"),
)
_SORT_KEYS = {
    "incidentId": "id",
    "incidentMessage": "message",
    "incidentTimestamp": "created",
    "incidentType": "kind",
    "executionId": "instance",
    "activityId": "element",
    "processInstanceId": "instance",
    "processDefinitionId": "definition_id",
    "tenantId": "agency",
}


def _filter(query: Query) -> IncidentFilter:
    return IncidentFilter(**{_FIELDS[name]: value for name, value in query.items() if name in _FIELDS})


def incident_json(incident: IncidentView) -> Json:
    """An incident as Camunda writes it; ``configuration``: the job's, external task's or token's id. For the
    access log: whose worker's words the caller reads with it."""
    if incident.tells_workers_words:
        seen(incident.instance_id, incident.agency_id, f"external_task:{incident.subject_id}")
    return {
        "id": incident.id,
        "incidentTimestamp": write_moment(incident.created_at),
        "incidentType": incident.kind,
        "incidentMessage": incident.message,
        "processDefinitionId": incident.definition_id,
        "processInstanceId": incident.instance_id,
        "executionId": incident.instance_id,
        "activityId": incident.element_id,
        "failedActivityId": incident.element_id,
        "causeIncidentId": incident.id,
        "rootCauseIncidentId": incident.id,
        "configuration": incident.subject_id,
        "tenantId": incident.agency_id,
        "jobDefinitionId": None,
        "annotation": None,
    }


@operation("GET", "/incident", "Open incidents of the caller's agencies", query=(*FILTERS, *SORTING, *PAGING))
def listed(query: Query) -> ResponseReturnValue:
    found = engine.list_incidents(database(), caller(), _filter(query), page_of(query, _SORT_KEYS))
    return jsonify([incident_json(incident) for incident in found])


@operation("GET", "/incident/count", "How many open incidents", query=FILTERS)
def counted(query: Query) -> ResponseReturnValue:
    return jsonify(count=engine.count_incidents(database(), caller(), _filter(query)))


@operation(
    "GET", "/incident/<id>", "One open incident", answers={200: "The incident", 404: "None, or resolved"}
)
def one(id: str, query: Query) -> ResponseReturnValue:
    incident = engine.get_incident(database(), caller(), id)
    if incident.resolved_at is not None:
        raise IncidentNotFound(id=id)
    return jsonify(incident_json(incident))
