"""What the endpoints answer, as JSON schemas of the OpenAPI document; by route, so that a view says it once.

A record holds all of its fields and no others: what a case must not show cannot slip into an answer unseen
(``tests/property/test_api_document.py`` holds every answer to this).
"""

import re
from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]
TEXT: Schema = {"type": "string"}
MAYBE: Schema = {"type": "string", "nullable": True}
MOMENT: Schema = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$"}
DATE: Schema = {"type": "string", "format": "date"}
FLAG: Schema = {"type": "boolean"}
NUMBER: Schema = {"type": "integer"}
ANY: Schema = {"type": "object"}
NOTHING: Schema = {"nullable": True, "enum": [None]}
"""What Camunda has and Titian does not: always null."""


def _maybe(schema: Schema) -> Schema:
    return {**schema, "nullable": True}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _map(values: Schema) -> Schema:
    return {"type": "object", "additionalProperties": values}


def _of(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _record(schema: Schema = TEXT, names: str = "", without: str = "", /, **others: Schema) -> Schema:
    """An object of these fields alone: ``names`` are of ``schema``; ``without``: those that may be absent."""
    properties = dict.fromkeys(names.split(), schema) | others
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in without.split()],
        "additionalProperties": False,
    }


def _nothing(names: str) -> dict[str, Schema]:
    return dict.fromkeys(names.split(), NOTHING)


_DEFINITION = {"version": NUMBER, "name": MAYBE, **_nothing("category versionTag historyTimeToLive")}
_EXTERNAL = {
    "createTime": MOMENT,
    "lockExpirationTime": _maybe(MOMENT),
    "priority": NUMBER,
    "retries": _maybe(NUMBER),
    "suspended": FLAG,
    **dict.fromkeys(("activityId", "activityInstanceId", "executionId", "id", "tenantId", "topicName"), TEXT),
    **dict.fromkeys(("processDefinitionId", "processDefinitionKey", "processInstanceId"), TEXT),
    **dict.fromkeys(("businessKey", "errorMessage", "workerId"), MAYBE),
    "processDefinitionVersionTag": NOTHING,
}
_INSTANCE = {
    "links": _list(ANY),
    **dict.fromkeys(("id", "definitionId", "definitionKey", "tenantId"), TEXT),
    "businessKey": MAYBE,
    "caseInstanceId": NOTHING,
    "ended": FLAG,
    "suspended": FLAG,
}
_PLACE = _record(TEXT, "key binding", version=NOTHING)
_FINDING = _record(
    TEXT,
    "rule severity resource message hint",
    elementId=MAYBE,
    elementName=MAYBE,
    line=_maybe(NUMBER),
)
_RECEIVED: Mapping[str, Schema] = {
    **dict.fromkeys(("id", "tenantId", "toTenantId", "toGroup", "userId", "processDefinitionName"), TEXT),
    **dict.fromkeys(("createTime", "until"), MOMENT),
}
_DEPLOYMENT = {
    "links": _list(ANY),
    **dict.fromkeys(("id", "name", "tenantId"), TEXT),
    "source": MAYBE,
    "deploymentTime": MOMENT,
}
_PLAN = _record(
    TEXT,
    "sourceProcessDefinitionId targetProcessDefinitionId",
    instructions=_list(_of("Instruction")),
    variables=NOTHING,
)

_SPANS = _list(_record(TEXT, "from to"))
_WEEK = _record(_SPANS, "senin selasa rabu kamis jumat sabtu minggu")
_REASON = _record(
    DATE,
    "first last",
    kind=TEXT,
    days=NUMBER,
    minutes={"type": "number"},
    estimated=FLAG,
    **dict.fromkeys(("name", "source"), MAYBE),
    **dict.fromkeys(("since", "until"), _maybe(MOMENT)),
)

COMPONENTS: Mapping[str, Schema] = {
    "Count": _record(NUMBER, "count"),
    "Tenant": _record(TEXT, "id name"),
    "ProcessDefinition": _record(
        TEXT,
        "id key resource deploymentId tenantId",
        **_DEFINITION,
        **_nothing("description diagram"),
        suspended=FLAG,
        startableInTasklist=FLAG,
    ),
    "DecisionDefinition": _record(
        TEXT,
        "id key resource deploymentId tenantId",
        **_DEFINITION,
        **_nothing("decisionRequirementsDefinitionId decisionRequirementsDefinitionKey"),
    ),
    "FormPlace": _record(NOTHING, "key contextPath", camundaFormRef=_maybe(_PLACE)),
    "Task": _record(
        TEXT,
        "id executionId processDefinitionId processInstanceId taskDefinitionKey tenantId",
        name=MAYBE,
        assignee=MAYBE,
        created=MOMENT,
        due=_maybe(MOMENT),
        followUp=_maybe(MOMENT),
        priority=NUMBER,
        suspended=FLAG,
        camundaFormRef=_maybe(_PLACE),
        owner=MAYBE,
        delegationState=_maybe({"type": "string", "enum": ["PENDING", "RESOLVED", None]}),
        **_nothing("lastUpdated description parentTaskId formKey"),
        **_nothing("caseExecutionId caseDefinitionId caseInstanceId"),
    ),
    "CalendarDay": _record(
        FLAG,
        "known working ramadan estimated",
        date=DATE,
        hours=_SPANS,
        **dict.fromkeys(("reason", "name", "source"), MAYBE),
    ),
    "OfficeHours": _record(_WEEK, "ordinary ramadan", since=_maybe(DATE), timeZone=TEXT),
    "Clock": _record(
        TEXT,
        "id name kind state",
        amount=_maybe(NUMBER),
        provisional=FLAG,
        counts=FLAG,
        started=MOMENT,
        reasons=_maybe(_list(_REASON)),
        **dict.fromkeys(("outcome", "basis", "note"), MAYBE),
        **dict.fromkeys(("due", "warning", "ended"), _maybe(MOMENT)),
    ),
    "Comment": _record(
        TEXT,
        "id userId processInstanceId rootProcessInstanceId",
        taskId=MAYBE,
        time=MOMENT,
        message=MAYBE,
        removalTime=NOTHING,
    ),
    "Attachment": _record(
        TEXT,
        "id taskId type rootProcessInstanceId",
        links=_list(ANY),
        name=MAYBE,
        description=MAYBE,
        createTime=MOMENT,
        **_nothing("url removalTime"),
    ),
    "Instance": _record(**_INSTANCE),
    "StartedInstance": _record(TEXT, "", "variables", **_INSTANCE, variables=_map(_of("Variable"))),
    "Share": _record(
        TEXT,
        "id processInstanceId tenantId toTenantId toGroup userId consent",
        "consent revokeReason",
        fields=_list(TEXT),
        **dict.fromkeys(("createTime", "until"), MOMENT),
        revokeTime=_maybe(MOMENT),
        **dict.fromkeys(("revokeUserId", "revokeReason"), MAYBE),
    ),
    "ReceivedShare": _record(**_RECEIVED),
    "OpenedShare": _record(
        **_RECEIVED, values=_list(_record(TEXT, "name label", value={"nullable": True}, sealed=FLAG))
    ),
    "ExternalTask": _record(**_EXTERNAL),
    "LockedTask": _record(
        TEXT,
        "",
        "extensionProperties",
        **_EXTERNAL,
        errorDetails=MAYBE,
        variables=_map(_of("Variable")),
        extensionProperties=_map(TEXT),
    ),
    "Subscription": _record(
        TEXT,
        "id eventType executionId processInstanceId activityId tenantId",
        eventName=MAYBE,
        createdDate=NOTHING,
    ),
    "HistoricInstance": _record(
        TEXT,
        "id processDefinitionId processDefinitionKey rootProcessInstanceId tenantId",
        businessKey=MAYBE,
        processDefinitionName=MAYBE,
        processDefinitionVersion=NUMBER,
        startTime=MOMENT,
        endTime=_maybe(MOMENT),
        durationInMillis=_maybe(NUMBER),
        startUserId=MAYBE,
        deleteReason=MAYBE,
        state={"type": "string", "enum": ["ACTIVE", "COMPLETED", "EXTERNALLY_TERMINATED"]},
        **_nothing("removalTime startActivityId superProcessInstanceId superCaseInstanceId caseInstanceId"),
    ),
    "HistoricActivity": _record(
        TEXT,
        "id activityId activityType processDefinitionKey processDefinitionId processInstanceId executionId"
        " rootProcessInstanceId tenantId",
        activityName=MAYBE,
        taskId=MAYBE,
        assignee=MAYBE,
        calledProcessInstanceId=NOTHING,
        startTime=MOMENT,
        endTime=_maybe(MOMENT),
        durationInMillis=_maybe(NUMBER),
        canceled=FLAG,
        completeScope=FLAG,
    ),
    "HistoricTask": _record(
        TEXT,
        "id processDefinitionKey processDefinitionId processInstanceId executionId activityInstanceId"
        " taskDefinitionKey rootProcessInstanceId tenantId",
        name=MAYBE,
        deleteReason=MAYBE,
        assignee=MAYBE,
        startTime=MOMENT,
        endTime=_maybe(MOMENT),
        due=_maybe(MOMENT),
        followUp=_maybe(MOMENT),
        duration=_maybe(NUMBER),
        priority=NUMBER,
        **_nothing("description owner parentTaskId"),
    ),
    "HistoricVariable": {
        "allOf": [
            _of("Variable"),
            {
                "type": "object",
                "required": ["id", "name", "processInstanceId", "state"],
                "properties": dict.fromkeys(("id", "name", "processInstanceId", "executionId"), TEXT),
            },
        ]
    },
    "Incident": _record(
        TEXT,
        "id incidentType processDefinitionId processInstanceId executionId causeIncidentId"
        " rootCauseIncidentId tenantId",
        incidentTimestamp=MOMENT,
        incidentMessage=MAYBE,
        activityId=MAYBE,
        failedActivityId=MAYBE,
        configuration=MAYBE,
        **_nothing("jobDefinitionId annotation"),
    ),
    "Job": _record(
        MAYBE,
        "processInstanceId executionId processDefinitionId processDefinitionKey exceptionMessage"
        " failedActivityId",
        id=TEXT,
        tenantId=TEXT,
        dueDate=_maybe(MOMENT),
        retries=NUMBER,
        priority=NUMBER,
        suspended=FLAG,
        **_nothing("jobDefinitionId createTime batchId"),
    ),
    "Deployment": _record(**_DEPLOYMENT),
    "Finding": _FINDING,
    "Deployed": _record(
        **_DEPLOYMENT,
        deployedProcessDefinitions=_maybe(_map(_of("ProcessDefinition"))),
        deployedDecisionDefinitions=_maybe(_map(_of("ProcessDefinition"))),
        deployedFormDefinitions=_maybe(_map(_of("ProcessDefinition"))),
        **_nothing("deployedDecisionRequirementsDefinitions deployedCaseDefinitions"),
        warnings=_list(_of("Finding")),
    ),
    "Batch": {
        "type": "object",
        "required": ["id", "type", "totalJobs", "jobsCreated"],
        "properties": {"id": MAYBE, "type": TEXT, "totalJobs": NUMBER, "jobsCreated": NUMBER},
    },
    "Instruction": _record(_list(TEXT), "sourceActivityIds targetActivityIds", updateEventTrigger=FLAG),
    "Plan": _PLAN,
    "PlanReport": _record(
        instructionReports=_list(_record(instruction=_of("Instruction"), failures=_list(TEXT)))
    ),
    "Correlated": _record(TEXT, "resultType", execution=_maybe(ANY), processInstance=_maybe(_of("Instance"))),
}
"""Named schemas; ``Variable`` and ``Error`` stand beside them."""

_VARIABLES = _map(_of("Variable"))
_ROUTES: tuple[tuple[str, Schema], ...] = (
    (r"\w+ /openapi\.json", ANY),
    (r"GET /engine", _list(_record(TEXT, "name"))),
    (r"GET /version", _record(TEXT, "version")),
    (r"\w+ .*/count", _of("Count")),
    (r"GET /tenant", _list(_of("Tenant"))),
    (r"GET /tenant/<id>", _of("Tenant")),
    (r"GET /tenant/<id>/calendar", _list(_of("CalendarDay"))),
    (r"GET /tenant/<id>/office-hours", _list(_of("OfficeHours"))),
    (r"GET /process-definition/.*/xml", _record(TEXT, "id bpmn20Xml")),
    (r"GET /decision-definition/.*/xml", _record(TEXT, "id dmnXml")),
    (r"GET .*/deployed-(start-)?form", ANY),
    (r"GET .*/(startForm|form)", _of("FormPlace")),
    (r"GET /process-definition", _list(_of("ProcessDefinition"))),
    (r"GET /process-definition/.*", _of("ProcessDefinition")),
    (r"POST /process-definition/.*/(start|submit-form)", _of("StartedInstance")),
    (r"GET /decision-definition", _list(_of("DecisionDefinition"))),
    (r"GET /decision-definition/.*", _of("DecisionDefinition")),
    (r"POST /decision-definition/.*/evaluate", _list(_VARIABLES)),
    (r"\w+ /task", _list(_of("Task"))),
    (r"GET /task/<id>", _of("Task")),
    (r"GET /task/<id>/clock", _list(_of("Clock"))),
    (r"GET /task/<id>/comment", _list(_of("Comment"))),
    (r"\w+ /task/<id>/comment/.*", _of("Comment")),
    (r"GET /task/<id>/attachment", _list(_of("Attachment"))),
    (r"\w+ /task/<id>/attachment/(<attachment_id>|create)", _of("Attachment")),
    (r"GET /task/<id>/(form-)?variables", _VARIABLES),
    (r"POST /task/<id>/(complete|submit-form)", _VARIABLES),
    (r"\w+ /process-instance", _list(_of("Instance"))),
    (r"GET /process-instance/<id>", _of("Instance")),
    (r"GET /process-instance/<id>/variables", _VARIABLES),
    (r"GET /process-instance/<id>/variables/<name>", _of("Variable")),
    (r"POST /(process-instance/delete|job/retries|migration/executeAsync)", _of("Batch")),
    (r"GET /process-instance/<id>/share", _list(_of("Share"))),
    (r"POST /process-instance/<id>/share/create", _of("Share")),
    (r"GET /share", _list(_of("ReceivedShare"))),
    (r"GET /share/<id>", _of("OpenedShare")),
    (r"\w+ /external-task", _list(_of("ExternalTask"))),
    (r"GET /external-task/topic-names", _list(TEXT)),
    (r"POST /external-task/fetchAndLock", _list(_of("LockedTask"))),
    (r"GET /external-task/<id>", _of("ExternalTask")),
    (r"GET /event-subscription", _list(_of("Subscription"))),
    (r"GET /history/process-instance", _list(_of("HistoricInstance"))),
    (r"GET /history/process-instance/<id>", _of("HistoricInstance")),
    (r"GET /history/activity-instance", _list(_of("HistoricActivity"))),
    (r"GET /history/task", _list(_of("HistoricTask"))),
    (r"GET /history/variable-instance", _list(_of("HistoricVariable"))),
    (r"GET /incident", _list(_of("Incident"))),
    (r"GET /incident/<id>", _of("Incident")),
    (r"\w+ /job", _list(_of("Job"))),
    (r"GET /job/<id>", _of("Job")),
    (r"GET /deployment", _list(_of("Deployment"))),
    (r"GET /deployment/<id>", _of("Deployment")),
    (r"POST /deployment/create", _of("Deployed")),
    (r"POST /migration/generate", _of("Plan")),
    (r"POST /migration/validate", _of("PlanReport")),
    (r"POST /message", _list(_of("Correlated"))),
)
_AS_TEXT = r"GET .*/(errorDetails|stacktrace)"
_AS_BYTES = r"GET .*/attachment/<attachment_id>/data"


def content_of(method: str, rule: str) -> dict[str, Any]:
    """Media type and schema of a route's 200 (Flask's rule). Raises ``KeyError`` for one unknown here."""
    asked = f"{method} {rule}"
    if re.fullmatch(_AS_TEXT, asked):
        return {"text/plain": {"schema": TEXT}}
    if re.fullmatch(_AS_BYTES, asked):
        return {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
    for pattern, schema in _ROUTES:
        if re.fullmatch(pattern, asked):
            return {"application/json": {"schema": schema}}
    raise KeyError(f"webapp/rest/schemas.py does not say what {asked} answers")
