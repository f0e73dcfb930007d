"""``Idempotency-Key``: a request that is sent again because its answer was lost is not done again.

What was answered may hold what is confidential in a case, and rights end at the next request: before such an
answer is given again, it is asked whether the caller may still read it, and that is recorded.
"""

from collections.abc import Callable, Sequence
from typing import Any

import orjson
from flask import Response, make_response, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from engine import Database, KeyedRequest, answered, get_instance, once, reads_sealed
from engine.errors import InstanceErased, InstanceNotFound
from webapp.db import database
from webapp.recording import noted, seen
from webapp.rest.gate import caller

HEADER = "Idempotency-Key"


def repeatable(
    operation: str,
    act: Callable[[Database], ResponseReturnValue],
    content: bytes | None = None,
    shows: Sequence[str] = (),
) -> ResponseReturnValue:
    """What ``act`` answers; with an ``Idempotency-Key`` the answer to the first such request, done once.

    ``operation``: its name, for the key's row; ``content``: all that was asked, the body where it is not
    given; ``shows``: ids of cases that the answer shows beside those that ``seen`` notes. Raises as
    ``engine.once``, and ``InstanceNotFound`` where an answer with what is confidential in a case may not be
    read any more.
    """
    asked = _asked(operation, content)
    if asked is None:
        return act(database())
    first = False

    def answer(tx: Connection) -> bytes:
        nonlocal first
        first = True
        response = make_response(act(tx))
        return orjson.dumps(
            [response.status_code, response.get_data(as_text=True), sorted({*noted(), *shows})]
        )

    kept = once(database(), caller(), asked, answer)
    return _response(kept) if first else _again(kept)


def repeated(operation: str, content: bytes) -> ResponseReturnValue | None:
    """What ``repeatable`` has answered to this request; None where it is the first: for what is costly to
    prepare before. Raises as ``repeatable``."""
    asked = _asked(operation, content)
    kept = None if asked is None else answered(database(), caller(), asked)
    return None if kept is None else _again(kept)


def _asked(operation: str, content: bytes | None) -> KeyedRequest | None:
    key = request.headers.get(HEADER)
    if key is None:
        return None
    content = request.get_data() if content is None else content
    return KeyedRequest(key, operation, b"\n".join([request.full_path.encode(), content]))


def _again(kept: bytes) -> Response:
    for instance_id in orjson.loads(kept)[2]:
        _require_readable(instance_id)
    return _response(kept)


def _require_readable(instance_id: str) -> None:
    if get_instance(database(), caller(), instance_id).erased_at is not None:
        raise InstanceErased(id=instance_id)  # what was answered before is erased too
    if not reads_sealed(database(), caller(), instance_id):
        raise InstanceNotFound(id=instance_id)
    seen(instance_id)


def _response(kept: bytes) -> Response:
    status, text, _ = orjson.loads(kept)
    kind: dict[str, Any] = {"mimetype": "application/json"} if text else {}
    return Response(text, status, **kind)
