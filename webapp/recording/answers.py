"""Noting what an answer shows while it is made, and writing it down before it is sent."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import Flask, current_app, g, request
from werkzeug.routing import Rule
from werkzeug.wrappers import Response

from engine import Access, record_now
from engine.types import Actor, Channel, Origin, RecordAction, set_origin
from webapp.db import database
from webapp.errors import for_machine
from webapp.recording.declared import DECLARED, Declaration


@dataclass(frozen=True)
class _Seen:
    instance_id: str | None
    agency_id: str | None
    subject: str
    purpose: str


def seen(
    instance_id: str | None, agency_id: str | None = None, subject: str = "", *, purpose: str = ""
) -> None:
    """Note that the answer to this request shows a case (None: the log itself, or a register).

    ``subject``: kind and id of what is shown of it, such as ``task:...``, never a value. The action is the
    one that the route declares.
    """
    notes: list[_Seen] = g.setdefault("seen", [])
    note = _Seen(instance_id, agency_id, subject, purpose)
    if note not in notes:
        notes.append(note)


def noted() -> list[str]:
    """Ids of the cases that the answer to this request shows, as far as it is made."""
    return sorted({note.instance_id for note in g.get("seen", []) if note.instance_id})


def init_recording(app: Flask) -> None:
    """Record the answers of ``app``, and where each request comes from.

    Raises ``RuntimeError`` for routes that are not declared.
    """
    undeclared = [
        name for rule in app.url_map.iter_rules() for name in names_of(rule) if name not in DECLARED
    ]
    if undeclared:
        raise RuntimeError(f"declare in webapp/recording/declared.py what these record: {undeclared}")
    for endpoint, view in app.view_functions.items():
        app.view_functions[endpoint] = _recorded(view)


def names_of(rule: Rule) -> list[str]:
    """How the declarations name the routes of a rule: method and path."""
    return [f"{method} {rule.rule}" for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})]


def note_origin() -> None:
    """Say where this request comes from, before anything of it is done."""
    channel = Channel.BROWSER
    if for_machine():
        sent = request.authorization
        channel = Channel.TOKEN if sent is not None and sent.type == "bearer" else Channel.BASIC
    set_origin(Origin(channel, request.remote_addr or ""))


def _recorded(view: Callable[..., Any]) -> Callable[..., Response]:
    @wraps(view)
    def answer(*arguments: Any, **path: Any) -> Response:
        response = current_app.make_response(current_app.ensure_sync(view)(*arguments, **path))
        _write(_declaration(), response.status_code)
        return response

    return answer


def _declaration() -> Declaration:
    method = "GET" if request.method in ("HEAD", "OPTIONS") else request.method
    assert request.url_rule is not None, "there is a view, so there is a rule"
    return DECLARED[f"{method} {request.url_rule.rule}"]


def _write(declared: Declaration, status: int) -> None:
    """Write down what was noted. Raises ``RuntimeError`` where the view and its declaration disagree."""
    notes: list[_Seen] = g.pop("seen", [])
    if notes and declared.action is None:
        raise RuntimeError(f"{request.url_rule} shows a case and is declared not to")
    if declared.always and not notes and 200 <= status < 300:
        raise RuntimeError(f"{request.url_rule} is declared to show a case and has noted none")
    if notes:
        action = declared.action or RecordAction.OPEN_CASE
        deeds = [Access(action, n.agency_id, n.instance_id, n.subject, n.purpose) for n in notes]
        record_now(database(), _actor(), deeds)


def _actor() -> Actor:
    actor: Actor = g.get("rest_actor") or g.actor
    return actor
