"""One mapping from what the engine refuses to HTTP, for the pages and for ``/engine-rest`` alike.

A page shows what went wrong and what to do, in the reader's language. A machine gets
``{"type": ..., "message": ...}`` in English, and each field's message where a form was refused.
"""

import logging
from collections.abc import Sequence
from typing import Any

from flask import Flask, Response, g, jsonify, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError

from engine.errors import (
    N_,
    ActionForbidden,
    DatabaseUnavailable,
    DrawingBusy,
    ExecutionFailed,
    FieldError,
    FormInvalid,
    IdempotencyKeyReused,
    InputInvalid,
    LogKeyInvalid,
    ResourceNotFound,
    SecretUnavailable,
    StateConflict,
    TitianError,
)
from webapp.i18n import gettext

MACHINE_PREFIX = "/engine-rest"

_log = logging.getLogger(__name__)

STATUS: tuple[tuple[type[TitianError], int], ...] = (
    (IdempotencyKeyReused, 422),
    (InputInvalid, 400),
    (ActionForbidden, 403),
    (ResourceNotFound, 404),
    (StateConflict, 409),
    (ExecutionFailed, 422),
    (DrawingBusy, 503),
    (DatabaseUnavailable, 503),
    (SecretUnavailable, 503),
    (LogKeyInvalid, 503),
)
"""The branches of the tree in ``engine.errors``; every error is on one of them."""

RETRY_SECONDS = "5"
"""When to ask again, where the database was away or too much is asked for at once."""

PAGES: dict[int, tuple[str, str]] = {
    400: (N_("This request is not valid"), N_("Go back, check what you filled in, and try again.")),
    403: (N_("You may not do this"), N_("Ask the manager of your agency if you need to.")),
    404: (N_("This page does not exist"), N_("The address may be wrong, or the case is not one of yours.")),
    405: (N_("This does not work here"), N_("Go back and use the buttons of the page.")),
    409: (
        N_("Things have changed meanwhile"),
        N_("Nothing was saved. Open the case again to see how it stands."),
    ),
    413: (N_("This is too large"), N_("Send a smaller file or less text.")),
    422: (N_("The process cannot go on"), N_("Nothing was saved. Tell the process analyst of your agency.")),
    429: (N_("Too many attempts"), N_("Wait a few minutes, then try again.")),
    503: (N_("The service is not available"), N_("Try again in a moment, or tell the administrator.")),
    500: (N_("Something broke on our side"), N_("Nothing was saved. Try again, or tell the administrator.")),
}


LONG_FIELDS = ("answer", "consent", "course", "data", "handling", "message", "note", "reason")
"""Fields of forms into which people write sentences."""


def http_status(error: TitianError) -> int:
    """The HTTP status of an engine error."""
    return next((status for kind, status in STATUS if isinstance(error, kind)), 500)


def localized(error: TitianError | FieldError) -> str:
    """The sentence of an error in the reader's language.

    Parameters that are texts of ours (the name of an action) are translated, values of people are not in
    any catalogue and stay.
    """
    parameters = {
        name: gettext(value) if isinstance(value, str) and value else value
        for name, value in error.parameters.items()
    }
    template = gettext(error.template)
    return template % parameters if parameters else template


def error_body(error: TitianError, *, english: bool) -> dict[str, Any]:
    """What a program gets: ``type`` (the class), ``message`` and, of a refused form, ``fields``.

    ``fields`` holds ``{"field": path, "message": sentence}`` in the form's order.
    """
    say: Any = str if english else localized
    body: dict[str, Any] = {"type": type(error).__name__, "message": say(error)}
    if isinstance(error, FormInvalid):
        body["fields"] = [{"field": wrong.field, "message": say(wrong)} for wrong in error.fields]
    return body


def wants_json() -> bool:
    """Whether the client of this request is a program or a script, not a person at a page."""
    if for_machine():
        return True
    return request.is_json or request.accept_mimetypes.best_match(("text/html", "application/json")) == (
        "application/json"
    )


def for_machine() -> bool:
    """Whether this request is for the machine API."""
    return request.path == MACHINE_PREFIX or request.path.startswith(f"{MACHINE_PREFIX}/")


def init_errors(app: Flask) -> None:
    """Answer every error of ``app`` with a page or with JSON, never with a stack trace."""
    app.register_error_handler(TitianError, _refused)
    app.register_error_handler(HTTPException, _failed)


def _refused(error: TitianError) -> tuple[Response | str, int, dict[str, str]]:
    status = http_status(error)
    headers = {}
    if isinstance(error, DatabaseUnavailable | DrawingBusy):
        headers["Retry-After"] = RETRY_SECONDS
        g.database_away = isinstance(error, DatabaseUnavailable)
    if isinstance(error, SecretUnavailable):  # where the keys are is for whoever runs the server
        _log.error("%s", error)
        error = SecretUnavailable()
    if wants_json():
        return jsonify(error_body(error, english=for_machine())), status, headers
    return _page(status, localized(error), _typed()), status, headers


def _failed(error: HTTPException) -> Response:
    status = error.code or 500
    headers = [(name, value) for name, value in error.get_headers() if name.lower() != "content-type"]
    if status < 400:  # a redirect that routing raised
        return Response(status=status, headers=headers)
    if isinstance(error, SecurityError):  # the host is not ours, so no address of ours can be written
        return Response("This host name is not one of this server.\n", status, mimetype="text/plain")
    if wants_json():
        message = (error.description or error.name) if for_machine() else _explanation(error, status)
        response = jsonify(type=type(error).__name__, message=message)
    else:
        response = Response(_page(status, _explanation(error, status)), mimetype="text/html")
    response.status_code = status
    response.headers.extend(headers)  # Allow of a 405, Retry-After of a 429, WWW-Authenticate of a 401
    return response


def _explanation(error: HTTPException, status: int) -> str:
    if isinstance(error, CSRFError):
        return gettext("This page has been open for too long. Load it again, then send it again.")
    return gettext(_texts(status)[1])


def _texts(status: int) -> tuple[str, str]:
    return PAGES.get(status) or PAGES[500 if status >= 500 else 400]


def _typed() -> list[str]:
    """What whoever is signed in has written into the long fields of the form that was refused: it is shown
    again, to be copied, as the form may not open any more."""
    if request.method != "POST" or not g.get("actor"):
        return []
    return [text for name in LONG_FIELDS if (text := request.form.get(name, "").strip())]


def _page(status: int, message: str, typed: Sequence[str] = ()) -> str:
    title, hint = (gettext(text) for text in _texts(status))
    return render_template(
        "errors/error.html",
        status=status,
        title=title,
        message=message,
        hint="" if hint == message else hint,
        typed=typed,
    )
