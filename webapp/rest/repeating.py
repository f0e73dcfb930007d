"""``Idempotency-Key``: a request that is sent again because its answer was lost is not done again.

What was answered may hold what is confidential in a case, and rights end at the next request: before such an
answer is given again, it is asked whether the caller may still read it, and that is recorded.
"""

from collections.abc import Callable
from typing import Any

import orjson
from flask import Response, make_response, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from engine import Database, KeyedRequest, get_instance, once, reads_sealed
from engine.errors import InstanceErased, InstanceNotFound
from webapp.db import database
from webapp.recording import noted, seen
from webapp.rest.gate import caller

HEADER = "Idempotency-Key"


def repeatable(operation: str, act: Callable[[Database], ResponseReturnValue]) -> ResponseReturnValue:
    """What ``act`` answers; with an ``Idempotency-Key`` the answer to the first such request, done once.

    ``operation``: its name, for the key's row. Raises as ``engine.once``, and ``InstanceNotFound`` where an
    answer with the variables of a case may not be read any more.
    """
    key = request.headers.get(HEADER)
    if key is None:
        return act(database())
    first = False

    def answer(tx: Connection) -> bytes:
        nonlocal first
        first = True
        response = make_response(act(tx))
        return orjson.dumps([response.status_code, response.get_data(as_text=True), noted()])

    content = b"\n".join([request.full_path.encode(), request.get_data()])
    kept = once(database(), caller(), KeyedRequest(key, operation, content), answer)
    status, text, cases = orjson.loads(kept)
    if not first:
        for instance_id in cases:
            _require_readable(instance_id)
    return _response(status, text)


def _require_readable(instance_id: str) -> None:
    if get_instance(database(), caller(), instance_id).erased_at is not None:
        raise InstanceErased(id=instance_id)  # what was answered before is erased too
    if not reads_sealed(database(), caller(), instance_id):
        raise InstanceNotFound(id=instance_id)
    seen(instance_id)


def _response(status: int, text: str) -> Response:
    kind: dict[str, Any] = {"mimetype": "application/json"} if text else {}
    return Response(text, status, **kind)
