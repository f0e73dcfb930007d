"""How large and how deep a request may be. The size is decided before anything is read of it."""

import io
from typing import IO, Any

import orjson
from flask import Flask, Request, current_app, request
from flask.json.provider import DefaultJSONProvider

from webapp.config import MEBIBYTE, MOST_UPLOADED

FORM = MEBIBYTE
"""No form of a case is larger (bytes)."""

FILES = 16 * MEBIBYTE
"""A deployment with many files."""

TRIAL = 4 * MEBIBYTE
"""A decision that is tried: sent with every change, so less than a deployment may hold."""

BESIDE = MEBIBYTE // 4
"""What may come with the file of a case: its words, and the seams of the form."""

LARGEST = MOST_UPLOADED * MEBIBYTE + BESIDE
"""No request is larger."""

_WITH_FILES = frozenset({"rest", "modeler"})
"""Blueprints that take files."""

_ATTACHING = frozenset(
    {
        "/tasks/<task_id>/attachments",
        "/start/<agency_id>/<key>/attachments",
        "/engine-rest/task/<id>/attachment/create",
    }
)
"""Routes that take one file of a case."""


class _Request(Request):
    """Keeps files in memory: a temporary file would hold a child's photo unsealed on the disk."""

    def _get_file_stream(self, *_: Any, **__: Any) -> IO[bytes]:
        return io.BytesIO()


class _Json(DefaultJSONProvider):
    """Reads JSON with orjson, which refuses what is nested too deep; Python's own runs into its own end."""

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        return orjson.loads(s)


def init_bodies(app: Flask) -> None:
    """Refuse what is too large with 413. To be called before whatever looks into forms (CSRF)."""
    app.json = _Json(app)
    app.request_class = _Request
    app.config.update(MAX_CONTENT_LENGTH=FILES, MAX_FORM_MEMORY_SIZE=FILES, MAX_FORM_PARTS=500)
    app.before_request(_limit)


def _limit() -> None:
    if request.url_rule is not None and request.url_rule.rule in _ATTACHING:
        request.max_content_length = current_app.config["SETTINGS"].upload_mebibytes * MEBIBYTE + BESIDE
    elif request.blueprint not in _WITH_FILES:
        request.max_content_length = FORM
    elif request.endpoint == "modeler.try_out":
        request.max_content_length = TRIAL
