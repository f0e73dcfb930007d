"""``/openapi.json``: made of the same declarations as the routes; and the answer for what is missing."""

import re
from typing import Any

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from webapp.rest.gate import blueprint
from webapp.rest.operation import OPERATIONS, Operation, Query, operation
from webapp.rest.schemas import COMPONENTS, content_of

_VARIABLE = {
    "type": "object",
    "properties": {
        "value": {"nullable": True, "description": "Lists and objects: JSON in a text, with the type Json"},
        "type": {
            "type": "string",
            "enum": ["String", "Boolean", "Integer", "Long", "Short", "Double", "Date", "Json", "Null"],
        },
        "valueInfo": {"type": "object", "properties": {"sealed": {"type": "boolean"}}},
    },
}
_ERROR = {
    "type": "object",
    "required": ["type", "message"],
    "properties": {
        "type": {"type": "string"},
        "message": {"type": "string"},
        "fields": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "field": {"type": "string"},
                    "message": {"type": "string"},
                },
            },
        },
    },
}

_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "The same key with the same request: done once, answered alike, for 24 hours",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"},
}


_PATH_PART = {"type": "string", "minLength": 1, "pattern": "^[^/]+$"}


def document() -> dict[str, Any]:
    """The OpenAPI document of every declared operation."""
    paths: dict[str, dict[str, Any]] = {}
    for declared in OPERATIONS:
        path = re.sub(r"<(\w+)>", r"{\1}", declared.rule)
        paths.setdefault(path, {})[declared.method.lower()] = _described(declared)
    return {
        "openapi": "3.0.3",
        "info": {"title": "Titian", "version": "1", "description": "Camunda 7's REST dialect"},
        "servers": [{"url": "/engine-rest"}],
        "security": [{"token": []}, {"basic": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "An API token of one's account"},
                "basic": {"type": "http", "scheme": "basic"},
            },
            "schemas": {"Variable": _VARIABLE, "Error": _ERROR, **COMPONENTS},
        },
    }


def _described(declared: Operation) -> dict[str, Any]:
    path = [
        {"name": name, "in": "path", "required": True, "schema": _PATH_PART}
        for name in re.findall(r"<(\w+)>", declared.rule)
    ]
    query = [
        {"name": p.name, "in": "query", "schema": dict(p.schema)}
        | ({"style": "form", "explode": False} if p.schema["type"] == "array" else {})
        for p in declared.query
    ]
    described: dict[str, Any] = {
        "operationId": declared.endpoint,
        "summary": declared.summary,
        "tags": [declared.tag],
        "parameters": path + query + ([_KEY] if declared.repeatable else []),
        "responses": _responses(declared),
    }
    if declared.body is not None:
        described["requestBody"] = {"content": {declared.media: {"schema": declared.body}}}
    return described


def _responses(declared: Operation) -> dict[str, Any]:
    answers = {
        400: "The request is not valid",
        401: "Not signed in",
        403: "Not allowed, or the API token lacks the scope",
        429: "Too many wrong passwords",
    }
    if "<" in declared.rule or declared.body is not None:  # a body names cases, tasks and agencies too
        answers[404] = "It is not there, or not the caller's"
    if declared.method != "GET":
        answers |= {409: "Somebody else changed it at the same time", 413: "The body is too large"}
    if declared.repeatable:
        answers[422] = "The Idempotency-Key belongs to another request"
    answers |= declared.answers
    error = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    described: dict[str, Any] = {}
    for status, text in sorted(answers.items()):
        described[str(status)] = {"description": text}
        if status == 200:
            described["200"]["content"] = content_of(declared.method, declared.rule)
        elif status >= 400:
            described[str(status)]["content"] = error
    return described


@operation("GET", "/openapi.json", "This document")
def openapi(query: Query) -> ResponseReturnValue:
    return jsonify(document())


@blueprint.route("/<path:rest>", methods=["GET", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
def unsupported(rest: str) -> ResponseReturnValue:
    """Answer for all of Camunda's endpoints that are not here: 501 and the name, never silence."""
    message = f"{request.method} /{rest} is not supported; /engine-rest/openapi.json lists what is."
    return jsonify(type="NotSupported", message=message), 501
