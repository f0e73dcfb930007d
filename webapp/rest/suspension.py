"""``/process-instance/.../suspended``: letting instances rest, and go on again."""

from flask.typing import ResponseReturnValue

import engine
from engine.errors import QueryInvalid
from webapp.db import database
from webapp.rest.gate import caller
from webapp.rest.operation import Json, Query, ids_of, operation, read_body

_FLAG = {"suspended": {"type": "boolean"}}
_DONE = {204: "Done", 403: "Not allowed", 404: "None", 409: "Ended already"}


def _flag(body: Json) -> bool:
    if not isinstance(body.get("suspended"), bool):
        raise QueryInvalid(reason="'suspended' is true or false")
    return body["suspended"] is True


@operation(
    "PUT",
    "/process-instance/<id>/suspended",
    "Suspend or activate an instance",
    body={"type": "object", "properties": _FLAG, "required": ["suspended"]},
    answers=_DONE,
)
def suspend(id: str, query: Query) -> ResponseReturnValue:
    suspended = _flag(read_body(["suspended"]))
    engine.set_suspension(database(), caller(), [id], suspended=suspended)
    return "", 204


@operation(
    "PUT",
    "/process-instance/suspended",
    "Suspend or activate instances by their ids, all or none",
    body={
        "type": "object",
        "properties": {**_FLAG, "processInstanceIds": {"type": "array", "items": {"type": "string"}}},
        "required": ["suspended", "processInstanceIds"],
    },
    answers=_DONE,
)
def suspend_many(query: Query) -> ResponseReturnValue:
    body = read_body(["suspended", "processInstanceIds"])
    ids = ids_of(body, "processInstanceIds")
    engine.set_suspension(database(), caller(), ids, suspended=_flag(body))
    return "", 204
