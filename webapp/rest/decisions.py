"""``/decision-definition``: versions of decision tables, their files, and their answers."""

from flask import jsonify
from flask.typing import ResponseReturnValue

import engine
from engine.definitions import text_of_file
from engine.types import DefinitionView
from webapp.db import database
from webapp.rest.definitions import find, select
from webapp.rest.gate import caller
from webapp.rest.listing import part
from webapp.rest.operation import (
    NO_TENANT,
    PAGING,
    SORTING,
    Json,
    Query,
    booleans,
    lists,
    numbers,
    operation,
    read_body,
    texts,
)
from webapp.rest.values import plain, read_variables

FILTERS = (
    *texts("decisionDefinitionId", "key", "keyLike", "name", "nameLike", "deploymentId"),
    *lists("tenantIdIn"),
    *numbers("version"),
    *booleans("latestVersion"),
    *NO_TENANT,
)
KEY = "/decision-definition/key/<key>"
KEY_AND_TENANT = "/decision-definition/key/<key>/tenant-id/<tenant>"


def _json(definition: DefinitionView) -> Json:
    return {
        "id": definition.id,
        "key": definition.key,
        "category": None,
        "name": definition.name,
        "version": definition.version,
        "resource": definition.resource_name,
        "deploymentId": definition.deployment_id,
        "decisionRequirementsDefinitionId": None,
        "decisionRequirementsDefinitionKey": None,
        "tenantId": definition.agency_id,
        "versionTag": None,
        "historyTimeToLive": None,
    }


@operation("GET", "/decision-definition", "Versions of decisions", query=(*FILTERS, *SORTING, *PAGING))
def listed(query: Query) -> ResponseReturnValue:
    return jsonify([_json(d) for d in part(select("decision", query), query)])


@operation("GET", "/decision-definition/count", "How many versions of decisions", query=FILTERS)
def counted(query: Query) -> ResponseReturnValue:
    return jsonify(count=len(select("decision", query)))


@operation("GET", "/decision-definition/<id>", "One version")
@operation("GET", KEY, "The newest version of a key")
@operation("GET", KEY_AND_TENANT, "The newest version of a key of an agency")
def one(
    query: Query, id: str | None = None, key: str | None = None, tenant: str | None = None
) -> ResponseReturnValue:
    return jsonify(_json(find("decision", id, key, tenant)))


@operation("GET", "/decision-definition/<id>/xml", "The file of a version")
@operation("GET", KEY + "/xml", "The newest file of a key")
@operation("GET", KEY_AND_TENANT + "/xml", "The newest file of a key of an agency")
def xml(
    query: Query, id: str | None = None, key: str | None = None, tenant: str | None = None
) -> ResponseReturnValue:
    found = find("decision", id, key, tenant)
    content = engine.definition_content(database(), caller(), "decision", found.id)
    return jsonify(id=found.id, dmnXml=text_of_file(content))


_BODY = {
    "type": "object",
    "properties": {
        "variables": {"type": "object", "additionalProperties": {"$ref": "#/components/schemas/Variable"}}
    },
}
_ANSWERS = {200: "The rows of the result", 400: "The decision cannot be evaluated", 404: "No such decision"}


@operation("POST", "/decision-definition/<id>/evaluate", "Evaluate a version", body=_BODY, answers=_ANSWERS)
@operation("POST", KEY + "/evaluate", "Evaluate the newest version", body=_BODY, answers=_ANSWERS)
@operation(
    "POST", KEY_AND_TENANT + "/evaluate", "Evaluate an agency's newest version", body=_BODY, answers=_ANSWERS
)
def evaluate(
    query: Query, id: str | None = None, key: str | None = None, tenant: str | None = None
) -> ResponseReturnValue:
    variables = read_variables(read_body(["variables"]).get("variables"))
    found = find("decision", id, key, tenant)
    rows = engine.evaluate_decision_definition(database(), caller(), found.id, variables)
    return jsonify([plain(row) for row in rows])
