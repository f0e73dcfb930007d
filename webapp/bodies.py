"""How large and how deep a request may be. The size is decided before anything is read of it."""

from typing import Any

import orjson
from flask import Flask, request
from flask.json.provider import DefaultJSONProvider

_MEBIBYTE = 1024 * 1024
FORM = _MEBIBYTE
"""No form of a case is larger (bytes)."""

FILES = 16 * _MEBIBYTE
"""A deployment with many files."""

TRIAL = 4 * _MEBIBYTE
"""A decision that is tried: sent with every change, so less than a deployment may hold."""

_WITH_FILES = frozenset({"rest", "modeler"})
"""Blueprints that take files."""


class _Json(DefaultJSONProvider):
    """Reads JSON with orjson, which refuses what is nested too deep; Python's own runs into its own end."""

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        return orjson.loads(s)


def init_bodies(app: Flask) -> None:
    """Refuse what is too large with 413. To be called before whatever looks into forms (CSRF)."""
    app.json = _Json(app)
    app.config.update(MAX_CONTENT_LENGTH=FILES, MAX_FORM_MEMORY_SIZE=FILES, MAX_FORM_PARTS=500)
    app.before_request(_limit)


def _limit() -> None:
    if request.blueprint not in _WITH_FILES:
        request.max_content_length = FORM
    elif request.endpoint == "modeler.try_out":
        request.max_content_length = TRIAL
