"""``/process-instance/.../variables``: setting and removing variables of an instance by hand."""

from flask.typing import ResponseReturnValue

import engine
from engine.errors import QueryInvalid
from webapp.db import database
from webapp.rest.gate import caller
from webapp.rest.operation import Query, operation, read_body
from webapp.rest.values import read_variables

_VARIABLE = {"$ref": "#/components/schemas/Variable"}
_DONE = {
    204: "Done",
    400: "A name or value is not valid",
    403: "Not allowed",
    404: "None",
    409: "Ended already",
}


@operation(
    "PUT",
    "/process-instance/<id>/variables/<name>",
    "Set one variable of an instance",
    body=_VARIABLE,
    answers=_DONE,
)
def put(id: str, name: str, query: Query) -> ResponseReturnValue:
    values = read_variables({name: read_body(["value", "type", "valueInfo", "local"])})
    engine.set_variables(database(), caller(), id, values)
    return "", 204


@operation(
    "DELETE",
    "/process-instance/<id>/variables/<name>",
    "Remove one variable of an instance",
    answers=_DONE,
)
def delete(id: str, name: str, query: Query) -> ResponseReturnValue:
    engine.set_variables(database(), caller(), id, {}, [name])
    return "", 204


@operation(
    "POST",
    "/process-instance/<id>/variables",
    "Set and remove variables of an instance, all or none",
    body={
        "type": "object",
        "properties": {
            "modifications": {"type": "object", "additionalProperties": _VARIABLE},
            "deletions": {"type": "array", "items": {"type": "string"}},
        },
    },
    answers=_DONE,
)
def modify(id: str, query: Query) -> ResponseReturnValue:
    body = read_body(["modifications", "deletions"])
    deletions = body.get("deletions", [])
    if not isinstance(deletions, list) or not all(isinstance(name, str) for name in deletions):
        raise QueryInvalid(reason="'deletions' is a list of names")
    engine.set_variables(database(), caller(), id, read_variables(body.get("modifications")), deletions)
    return "", 204
