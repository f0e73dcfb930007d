"""Forms are not lost at a login or a proof of identity: what was filled in waits, and is back in its place.

A form that is sent when the login has ended, or before a proof is asked for, is kept on the server
(``engine.commands.kept_forms``), sealed with a secret of this browser's session that ends with the sign-out.
Afterwards its page comes with everything filled in, and its user sends it once more: with the token of that
page and the rights of that moment.
"""

from dataclasses import dataclass
from secrets import token_urlsafe
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import orjson
from flask import Flask, Response, current_app, flash, g, render_template, request, session, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.datastructures import FileStorage

from engine.desk import drop_form, keep_form, kept_form
from webapp.auth.csrf import csrf
from webapp.auth.targets import safe_target
from webapp.bodies import FORM
from webapp.db import database
from webapp.errors import LONG_FIELDS
from webapp.i18n import gettext
from webapp.refill import refilled

SECRET, USER = "keeping", "user"
"""Where the session holds the secret, and whose session it is."""

FIELD = "kept"
"""What tells a page, and then its form, which one it is."""

SECRETS = frozenset({"password", "old", "code"})
"""Fields that are never kept: what proves who somebody is."""

_OURS = frozenset({"csrf_token", "next", FIELD})
"""Fields that nobody fills in."""

_PLACES = {"agency", "agency_id", "case", "draft", "instance_id", "tab", "task_id"}
UNSEEN = frozenset(_PLACES | {"hour", "push", "seen", "summary"})
"""Hidden fields, which nobody needs to copy."""

REFUSED, _LONGEST_PAGE = "refused", 500
"""Where the session holds which form was refused last, and on which page it stood."""

ANCHOR = "isian"
"""Where the page shows the form."""

_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


@dataclass(frozen=True)
class Kept:
    """``path``: where the form goes; ``fields``: name and value; ``left``: what was not kept (``file``,
    ``password``)."""

    id: str
    path: str
    fields: list[tuple[str, str]]
    left: list[str]


def kept_for(page: str) -> str:
    """``page``, where this request's form stands; with what brings back there what was filled in.

    Nothing is kept of a stranger, and of a form that is none of ours.
    """
    user_id = session.get(USER)
    if request.method != "POST" or request.mimetype not in _FORMS or not user_id or not _is_ours():
        return page
    fields = [pair for pair in request.form.items(multi=True) if pair[0] not in SECRETS | _OURS]
    files: list[FileStorage] = [file for file in request.files.values() if file.filename]
    if not fields and not files:
        return page
    left = ["file"] * bool(files) + ["password"] * any(map(request.form.get, SECRETS))
    content = orjson.dumps({"path": request.path, "fields": fields, "left": left})
    if len(content) > FORM:
        flash(gettext("What you sent is too large to be kept. Go back in your browser and copy it."), "error")
        return page
    secret = session.setdefault(SECRET, token_urlsafe(32))
    return _with(page, keep_form(database(), user_id, secret, content))


def page_before() -> str:
    """The page that this request's form stands on, as far as the browser tells and it can be asked for."""
    for told in (request.headers.get("HX-Current-URL"), request.referrer):
        if page := _page_at(_own_path(told or "")):
            return page
    return request.path if _opens(request.path) else url_for("inbox.index")


def brings_back(page: str) -> bool:
    """Whether ``page`` is one that a form waits for."""
    return FIELD in dict(parse_qsl(urlsplit(page).query))


def init_kept(app: Flask) -> None:
    """Let pages of ``app`` come with what is kept for them. To be called after the logins are looked at."""
    app.before_request(_find)
    app.after_request(_bring_back)
    app.after_request(_arrived)
    app.after_request(_note_refused)
    app.jinja_env.globals.update(brings_back=brings_back)


def _is_ours() -> bool:
    try:
        csrf.protect()
    except CSRFError:
        return False
    return True


def _own_path(address: str) -> str:
    """Path and query of an address of this server; empty for any other."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    path = urlunsplit(("", "", parts.path, parts.query, ""))
    return safe_target(path, "") if parts.netloc == request.host else ""


def _opens(page: str) -> bool:
    adapter = current_app.create_url_adapter(request)
    return adapter is not None and adapter.test(urlsplit(page).path, "GET")


def _page_at(address: str) -> str:
    """``address`` where it opens; of a form's, under which a refusal was shown, the page of that form."""
    path, page = session.get(REFUSED, ("", ""))
    if path == urlsplit(address).path and (path == request.path or not _opens(path)):
        return str(page)
    return address if address and _opens(address) else ""


def _with(page: str, form_id: str) -> str:
    parts = urlsplit(page)
    query = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != FIELD]
    return urlunsplit(("", "", parts.path, urlencode([*query, (FIELD, form_id)]), ANCHOR))


def _find() -> None:
    """Look up what a page is asked for with; ``g.kept_gone`` where it is not there any more."""
    form_id = request.args.get(FIELD, "")
    if request.method != "GET" or not form_id or not g.get("actor") or "\0" in form_id:
        return
    content = kept_form(database(), g.actor.user_id, session.get(SECRET, ""), form_id)
    if content is None:
        g.kept_gone = True
        return
    found = orjson.loads(content)
    fields = [(name, value) for name, value in found["fields"]]
    g.kept = Kept(form_id, found["path"], fields, found["left"])


def _bring_back(response: Response) -> Response:
    """Fill the page; where it has no such form any more, show what was typed, to be copied."""
    kept: Kept | None = g.pop("kept", None)
    if kept is None or response.status_code >= 500:
        return response
    page = None
    if response.status_code == 200 and response.mimetype == "text/html":
        note = render_template("kept/note.html", left=kept.left, anchor=ANCHOR)
        text = response.get_data(as_text=True)
        page = refilled(text, request.path, kept.path, kept.fields, note=note, token=(FIELD, kept.id))
    if page is None:
        page = render_template("kept/copy.html", typed=_texts(kept), anchor=ANCHOR)
        if response.status_code < 400:  # a redirect led away from the form
            response.status_code = 200
            response.headers.pop("Location", None)
        response.mimetype = "text/html"
    response.set_data(page)
    return response


def _texts(kept: Kept) -> list[str]:
    """What was filled in: each long text, and the short ones as lines of one."""
    long: list[str] = []
    short: list[str] = []
    for name, value in kept.fields:
        if (text := value.strip()) and name not in UNSEEN:
            (long if name in LONG_FIELDS or " " in text else short).append(text)
    return [*long, "\n".join(short)] if short else long


def _arrived(response: Response) -> Response:
    """What was sent from a page that it was brought back to is needed no longer."""
    if request.method != "POST" or request.mimetype not in _FORMS or response.status_code >= 400:
        return response
    if g.get("actor") and (form_id := request.form.get(FIELD, "").replace("\0", "")):
        drop_form(database(), g.actor.user_id, form_id)
    return response


def _note_refused(response: Response) -> Response:
    """Keep in mind where a form stood that is refused: it may be sent again from the page that says so."""
    is_page = response.mimetype == "text/html" and request.mimetype in _FORMS
    if request.method == "POST" and is_page and response.status_code >= 400 and g.get("actor"):
        page = page_before()
        if page != request.path and len(page) <= _LONGEST_PAGE:
            session[REFUSED] = request.path, page
    return response
