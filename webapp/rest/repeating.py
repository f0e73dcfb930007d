"""``Idempotency-Key``: a request that is sent again because its answer was lost is not done again."""

from collections.abc import Callable
from typing import Any

import orjson
from flask import Response, make_response, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from engine import Database, KeyedRequest, once
from webapp.db import database
from webapp.rest.gate import caller

HEADER = "Idempotency-Key"


def repeatable(operation: str, act: Callable[[Database], ResponseReturnValue]) -> ResponseReturnValue:
    """What ``act`` answers; with an ``Idempotency-Key`` the answer to the first such request, done once.

    ``operation``: its name, for the key's row. Raises as ``engine.once``.
    """
    key = request.headers.get(HEADER)
    if key is None:
        return act(database())

    def answer(tx: Connection) -> bytes:
        response = make_response(act(tx))
        return orjson.dumps([response.status_code, response.get_data(as_text=True)])

    content = b"\n".join([request.full_path.encode(), request.get_data()])
    return _response(once(database(), caller(), KeyedRequest(key, operation, content), answer))


def _response(answer: bytes) -> Response:
    status, text = orjson.loads(answer)
    kind: dict[str, Any] = {"mimetype": "application/json"} if text else {}
    return Response(text, status, **kind)
