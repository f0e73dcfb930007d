"""One declaration an endpoint: its route, its query parameters, and what the OpenAPI document says of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import wraps
from typing import Any

import orjson
from flask import request
from flask.typing import ResponseReturnValue

from engine.errors import QueryInvalid
from webapp.rest.gate import blueprint
from webapp.rest.values import read_boolean, read_integer, read_moment

Json = dict[str, Any]
Query = dict[str, Any]
View = Callable[..., ResponseReturnValue]


@dataclass(frozen=True)
class Parameter:
    """A query parameter: its name in Camunda's dialect, how its text is read, its OpenAPI schema."""

    name: str
    read: Callable[[str], Any]
    schema: Mapping[str, Any]


@dataclass(frozen=True)
class Operation:
    """``rule``: Flask's, below ``/engine-rest``; ``body``: a JSON schema, or a media type and its schema.

    ``repeatable``: takes an ``Idempotency-Key``.
    """

    method: str
    rule: str
    summary: str
    tag: str
    query: tuple[Parameter, ...]
    body: Mapping[str, Any] | None
    media: str
    answers: Mapping[int, str]
    endpoint: str = field(default="")
    repeatable: bool = False


_COUNT = {"type": "integer", "minimum": 0, "maximum": 2**31 - 1}
LONGEST_LIST = 1000
"""The most values that one parameter may list."""

OPERATIONS: list[Operation] = []
"""Every endpoint, in the order of declaration."""


def texts(*names: str) -> tuple[Parameter, ...]:
    """Parameters that are text as it stands."""
    return tuple(Parameter(name, str, {"type": "string"}) for name in names)


def one_of(name: str, *known: str) -> Parameter:
    """A parameter that is one of some words."""
    words = [str(word) for word in known]

    def read(text: str) -> str:
        if text not in words:
            raise ValueError(f"is one of {', '.join(words)}")
        return text

    return Parameter(name, read, {"type": "string", "enum": words})


def lists(*names: str) -> tuple[Parameter, ...]:
    """Parameters that are comma separated lists of at most ``LONGEST_LIST`` texts."""
    schema = {"type": "array", "items": {"type": "string"}, "maxItems": LONGEST_LIST}
    return tuple(Parameter(name, _split, schema) for name in names)


def numbers(*names: str) -> tuple[Parameter, ...]:
    """Parameters that are whole numbers from 0 on."""
    return tuple(Parameter(name, read_integer, _COUNT) for name in names)


def booleans(*names: str) -> tuple[Parameter, ...]:
    """Parameters that are ``true`` or ``false``, in any letter case."""
    return tuple(Parameter(name, read_boolean, {"type": "boolean"}) for name in names)


def never(reason: str, *names: str) -> tuple[Parameter, ...]:
    """Parameters that clients send as ``false``, which asks for nothing; true is refused with ``reason``."""

    def read(text: str) -> bool:
        if read_boolean(text):
            raise ValueError(reason)
        return False

    return tuple(Parameter(name, read, {"type": "boolean", "enum": [False]}) for name in names)


NO_SUSPENSION = never("no version can be suspended", "suspended")
NO_TENANT = never("everything belongs to an agency", "withoutTenantId")


def moments(*names: str) -> tuple[Parameter, ...]:
    """Parameters that are a date and time with an offset."""
    return tuple(Parameter(name, read_moment, {"type": "string", "format": "date-time"}) for name in names)


def dates(*names: str) -> tuple[Parameter, ...]:
    """Parameters that are a day, as in ``2026-03-30``."""
    return tuple(Parameter(name, date.fromisoformat, {"type": "string", "format": "date"}) for name in names)


def _split(text: str) -> tuple[str, ...]:
    return _not_too_long(tuple(part.strip() for part in text.split(",") if part.strip()))


def _not_too_long(values: tuple[str, ...]) -> tuple[str, ...]:
    # Each value is a parameter of an SQL statement, and a database takes only so many of them.
    if len(values) > LONGEST_LIST:
        raise ValueError(f"at most {LONGEST_LIST} values")
    return values


PAGING = numbers("firstResult", "maxResults")
SORTING = texts("sortBy", "sortOrder")


def operation(
    method: str,
    rule: str,
    summary: str,
    *,
    query: Sequence[Parameter] = (),
    body: Mapping[str, Any] | None = None,
    media: str = "application/json",
    answers: Mapping[int, str] | None = None,
    repeatable: bool = False,
) -> Callable[[View], View]:
    """Declare a view as an endpoint. It is called with the path's parts and ``query``, the parsed query.

    Only what is in the request is in ``query``. A parameter that is not declared is ``QueryInvalid``. One
    view may be declared several times, for each of its routes.
    """

    def declare(view: View) -> View:
        name = f"{view.__module__.rpartition('.')[2]}_{view.__name__}_{len(OPERATIONS)}"
        tag = rule.strip("/").split("/")[0]
        declared = Operation(
            method, rule, summary, tag, tuple(query), body, media, answers or {200: "OK"}, name, repeatable
        )
        OPERATIONS.append(declared)

        @wraps(view)
        def handle(**path: str) -> ResponseReturnValue:
            return view(**path, query=read_query(declared.query))

        blueprint.add_url_rule(rule, name, handle, methods=[method])
        return view

    return declare


def read_query(parameters: Sequence[Parameter]) -> Query:
    """The query string by the declared parameters. Raises ``QueryInvalid``."""
    known = {parameter.name: parameter for parameter in parameters}
    query: Query = {}
    for name, text in request.args.items(multi=True):
        if name in query:
            raise QueryInvalid(reason=f"the parameter '{name}' stands there more than once")
        query[name] = _read(known, name, text)
    return query


def body_as_query(parameters: Sequence[Parameter], body: Mapping[str, Any]) -> Query:
    """A filter in a JSON body (``POST /task``) as if it stood in the query string. Null is left out."""
    known = {parameter.name: parameter for parameter in parameters}
    return {name: _read(known, name, value) for name, value in body.items() if value is not None}


def _read(known: Mapping[str, Parameter], name: str, value: Any) -> Any:
    if name not in known:
        raise QueryInvalid(reason=f"the parameter '{name}' is not supported here")
    try:
        if isinstance(value, list):
            return _texts_of(known[name], value)
        if isinstance(value, bool):
            value = str(value).lower()
        if isinstance(value, str | int):
            return known[name].read(str(value))
    except ValueError as error:
        raise QueryInvalid(reason=f"'{name}': {error}") from error
    raise QueryInvalid(reason=f"'{name}' is not of the type {known[name].schema['type']}")


def _texts_of(parameter: Parameter, values: list[Any]) -> tuple[str, ...]:
    if parameter.schema["type"] != "array" or not all(isinstance(value, str) for value in values):
        raise ValueError(f"a list of texts is not of the type {parameter.schema['type']}")
    return _not_too_long(tuple(values))


def read_body(allowed: Sequence[str]) -> Json:
    """The JSON object in the request's body, {} where it is empty. Raises ``QueryInvalid``.

    Null is as good as absent, whatever its name: clients made from Camunda's models send all their fields.
    """
    content = request.get_data()
    if not content.strip():
        return {}
    try:
        body = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise QueryInvalid(reason=f"the body is not JSON: {error}") from error
    if not isinstance(body, dict):
        raise QueryInvalid(reason="the body is not a JSON object")
    body = {name: value for name, value in body.items() if value is not None}
    for name in body:
        if name not in allowed:
            raise QueryInvalid(reason=f"'{name}' is not supported in the body")
    return body


def text_of(body: Json, name: str) -> str | None:
    """A text of a body, None where it is absent or null. Raises ``QueryInvalid``."""
    value = body.get(name)
    if value is not None and not isinstance(value, str):
        raise QueryInvalid(reason=f"'{name}' is a text")
    return value


def flag_of(body: Json, name: str) -> bool:
    """A boolean of a body, false where it is absent or null. Raises ``QueryInvalid``."""
    value = body.get(name)
    if value is not None and not isinstance(value, bool):
        raise QueryInvalid(reason=f"'{name}' is true or false")
    return value is True


def number_of(body: Json, name: str) -> int | None:
    """A whole number of a body, None where it is absent or null. Raises ``QueryInvalid``."""
    value = body.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= 2**53:
        raise QueryInvalid(reason=f"'{name}' is a whole number")
    return value


def texts_of(body: Json, name: str) -> tuple[str, ...] | None:
    """A list of texts of a body, None where it is absent or null. Raises ``QueryInvalid``."""
    value = body.get(name)
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise QueryInvalid(reason=f"'{name}' is a list of texts")
    if len(value) > LONGEST_LIST:
        raise QueryInvalid(reason=f"'{name}' takes at most {LONGEST_LIST} values")
    return tuple(value)


def required_text(body: Json, name: str) -> str:
    """A text of a body that must be there. Raises ``QueryInvalid``."""
    text = text_of(body, name)
    if not text:
        raise QueryInvalid(reason=f"'{name}' is missing")
    return text


def ids_of(body: Json, name: str) -> list[str]:
    """A list of ids of a body, each once. Raises ``QueryInvalid`` unless there are 1 to ``LONGEST_LIST``."""
    ids = body.get(name)
    if not isinstance(ids, list) or not ids or not all(isinstance(id, str) for id in ids):
        raise QueryInvalid(reason=f"'{name}' is a list of at least one id")
    ids = list(dict.fromkeys(ids))
    if len(ids) > LONGEST_LIST:
        raise QueryInvalid(reason=f"'{name}' takes at most {LONGEST_LIST} ids")
    return ids


def suspension_in(query: Query) -> bool | None:
    """What ``active`` and ``suspended`` ask for; false is as good as absent, as in Camunda."""
    active, suspended = query.get("active"), query.get("suspended")
    if active and suspended:
        raise QueryInvalid(reason="'active' and 'suspended' exclude each other")
    return True if suspended else False if active else None
