"""How large a request may be. Decided before anything is read of it."""

from flask import Flask, request

_MEBIBYTE = 1024 * 1024
FORM = _MEBIBYTE
"""No form of a case is larger (bytes)."""

FILES = 16 * _MEBIBYTE
"""A deployment with many files."""

_WITH_FILES = frozenset({"rest", "modeler"})
"""Blueprints that take files."""


def init_bodies(app: Flask) -> None:
    """Refuse what is too large with 413. To be called before whatever looks into forms (CSRF)."""
    app.config.update(MAX_CONTENT_LENGTH=FILES, MAX_FORM_MEMORY_SIZE=FILES, MAX_FORM_PARTS=500)
    app.before_request(_limit)


def _limit() -> None:
    if request.blueprint not in _WITH_FILES:
        request.max_content_length = FORM
