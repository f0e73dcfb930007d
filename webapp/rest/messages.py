"""``/message``: giving a message to the one instance that waits for it, or starting a process with it."""

from flask import jsonify
from flask.typing import ResponseReturnValue

import engine
from engine import Database
from engine.errors import InstanceNotFound, QueryInvalid
from webapp.rest.gate import caller
from webapp.rest.instances import case_variables, instance_json
from webapp.rest.operation import Json, Query, flag_of, operation, read_body, required_text, text_of
from webapp.rest.repeating import repeatable
from webapp.rest.values import read_variables

_BODY = {
    "type": "object",
    "required": ["messageName"],
    "properties": {
        "messageName": {"type": "string"},
        "businessKey": {"type": "string"},
        "tenantId": {"type": "string"},
        "processInstanceId": {"type": "string"},
        "processVariables": {
            "type": "object",
            "additionalProperties": {"$ref": "#/components/schemas/Variable"},
        },
        "resultEnabled": {"type": "boolean"},
        "variablesInResultEnabled": {"type": "boolean"},
    },
}
_NO_KEYS = ("correlationKeys", "localCorrelationKeys")
"""Clients made from Camunda's models send them empty, which asks for nothing."""


def _variables(instance_id: str, at: Database) -> dict[str, Json]:
    """The case's variables; none for a service account, which may move the case but not see it."""
    try:
        return case_variables(instance_id, at)
    except InstanceNotFound:
        return {}


@operation(
    "POST",
    "/message",
    "Correlate a message",
    body=_BODY,
    answers={
        200: "What it moved (resultEnabled)",
        204: "Done",
        400: "Nobody, or more than one, waits for it",
    },
    repeatable=True,
)
def correlate(query: Query) -> ResponseReturnValue:
    body = read_body([*_BODY["properties"], "withoutTenantId", "all", *_NO_KEYS])
    name = required_text(body, "messageName")
    if flag_of(body, "all") or flag_of(body, "withoutTenantId"):
        raise QueryInvalid(reason="'all' and 'withoutTenantId' are not supported")
    for keys in _NO_KEYS:
        if body.get(keys):
            raise QueryInvalid(reason=f"'{keys}' is not supported: the business key says which case is meant")
    wants_result = flag_of(body, "resultEnabled")
    wants_variables = flag_of(body, "variablesInResultEnabled")
    options: Json = {
        "agency_id": text_of(body, "tenantId"),
        "business_key": text_of(body, "businessKey"),
        "instance_id": text_of(body, "processInstanceId"),
        "variables": read_variables(body.get("processVariables")),
    }

    def act(at: Database) -> ResponseReturnValue:
        instance = engine.correlate_message(at, caller(), name, **options)
        if not wants_result:
            return "", 204
        result: Json = {
            "resultType": "Execution",
            "execution": None,
            "processInstance": instance_json(instance),
        }
        if wants_variables:
            result["variables"] = _variables(instance.id, at)
        return jsonify([result])

    return repeatable("message", act)
