"""``/process-instance/.../modification``: moving the tokens of an instance by hand."""

from typing import Any, get_args

from flask.typing import ResponseReturnValue

import engine
from engine import Instruction
from engine.errors import QueryInvalid
from webapp.db import database
from webapp.rest.gate import caller
from webapp.rest.operation import Json, Query, flag_of, operation, read_body, text_of
from webapp.rest.values import read_variables

_TYPES = get_args(Instruction.__annotations__["type"])
_FIELDS = {
    "type": {"type": "string", "enum": list(_TYPES)},
    "activityId": {"type": "string"},
    "transitionId": {"type": "string"},
    "activityInstanceId": {"type": "string"},
    "transitionInstanceId": {"type": "string"},
    "ancestorActivityInstanceId": {"type": "string"},
    "processKey": {"type": "string", "description": "Of the called process that the activity is in"},
    "variables": {"type": "object", "additionalProperties": {"$ref": "#/components/schemas/Variable"}},
}
_HARMLESS = ("cancelCurrentActiveActivityInstances",)
_BODY = {
    "type": "object",
    "properties": {
        "instructions": {
            "type": "array",
            "items": {"type": "object", "properties": _FIELDS, "required": ["type"]},
        },
        "annotation": {"type": "string", "description": "Why; kept in the history"},
        "skipCustomListeners": {"type": "boolean"},
        "skipIoMappings": {"type": "boolean"},
    },
    "required": ["instructions"],
}


@operation(
    "POST",
    "/process-instance/<id>/modification",
    "Start before or after activities or on flows, and cancel; all or none",
    body=_BODY,
    answers={
        204: "Done",
        400: "An instruction cannot be carried out",
        403: "Not allowed",
        404: "None",
        409: "Ended already",
        422: "The diagram cannot go on",
    },
)
def modify(id: str, query: Query) -> ResponseReturnValue:
    body = read_body(["instructions", "annotation", "skipCustomListeners", "skipIoMappings"])
    for name in ("skipCustomListeners", "skipIoMappings"):  # there are none to skip
        flag_of(body, name)
    found = body.get("instructions")
    if not isinstance(found, list) or not found:
        raise QueryInvalid(reason="'instructions' is a list of at least one instruction")
    instructions = [_instruction(number, entry) for number, entry in enumerate(found)]
    engine.modify_instance(database(), caller(), id, instructions, text_of(body, "annotation") or "")
    return "", 204


def _instruction(number: int, entry: Any) -> Instruction:
    """One instruction of the body. Raises ``QueryInvalid``, with its number from 0."""
    if not isinstance(entry, dict):
        raise QueryInvalid(reason=f"instruction {number} is no object")
    fields: Json = {name: value for name, value in entry.items() if value is not None}
    for name in fields:
        if name not in _FIELDS and name not in _HARMLESS:
            raise QueryInvalid(reason=f"instruction {number}: '{name}' is not supported")
    kind: Any = fields.get("type")
    if kind not in _TYPES:
        raise QueryInvalid(reason=f"instruction {number}: the type is one of {', '.join(_TYPES)}")
    texts = {name: text_of(fields, name) for name in _FIELDS if name not in ("type", "variables")}
    place = texts["transitionId"] if kind == "startTransition" else texts["activityId"]
    token = texts["activityInstanceId"] or texts["transitionInstanceId"]
    if kind == "cancel" and bool(place) == bool(token):
        raise QueryInvalid(reason=f"instruction {number}: one of activityId and activityInstanceId is needed")
    if kind != "cancel" and (token or not place):
        wanted = "transitionId" if kind == "startTransition" else "activityId"
        raise QueryInvalid(reason=f"instruction {number}: '{wanted}' is needed, and no instance")
    return Instruction(
        type=kind,
        element_id=place or "",
        token_id=token,
        ancestor=texts["ancestorActivityInstanceId"],
        process_key=texts["processKey"],
        variables=read_variables(fields.get("variables")),
    )
