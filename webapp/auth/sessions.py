"""The actor of every request, from the login that the cookie names (Flask-Login; the logins are our rows)."""

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from flask import Flask, Response, abort, current_app, g, jsonify, redirect, request, session, url_for
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from werkzeug.wrappers import Response as AnyResponse

from engine import clock, close_login, login_actor, open_login, see_login
from engine.desk import replace_login
from engine.types import Actor
from engine.types.sign_in import LoginActor, LoginView
from webapp.auth import devices
from webapp.auth.events import Event, signed
from webapp.auth.kept import SECRET, USER, init_kept, kept_for, page_before
from webapp.auth.passwords import prepare_passwords
from webapp.auth.requirement import Lack, lack_of
from webapp.db import database
from webapp.errors import for_machine, wants_json
from webapp.i18n import gettext

View = TypeVar("View", bound=Callable[..., object])
_SEEN = timedelta(minutes=1)
"""So often is written down that a login is used: not at every request."""
_HALF_WAY = timedelta(minutes=15)
"""So long may the second factor take."""
_WAYS = {Lack.FACTOR: "auth.second", Lack.ENROLMENT: "account.enrol"}
logins = LoginManager()


class Login(UserMixin):  # type: ignore[misc]
    """A login as Flask-Login keeps it: the cookie holds ``id``, the secret of its row, and no user id."""

    def __init__(self, id: str, found: LoginActor) -> None:
        self.id, self.found = id, found


@logins.user_loader  # type: ignore[untyped-decorator]
def find_login(secret: str) -> Login | None:
    """The login that a cookie names; None once it has ended or its user may not enter any more."""
    if g.get("database_away"):  # the page that says so is written for nobody in particular
        return None
    found = login_actor(database(), secret, idle_time())
    return Login(secret, found) if found else None


def idle_time() -> timedelta:
    """How long a login is good without a request."""
    return timedelta(minutes=current_app.config["SETTINGS"].idle_minutes)


def public(view: View) -> View:
    """Mark a view that needs no login."""
    view.needs_no_login = True  # type: ignore[attr-defined]
    return view


def unattended(view: View) -> View:
    """Mark a view that a page asks by itself: it keeps no login alive at which nobody sits."""
    view.unattended = True  # type: ignore[attr-defined]
    return view


def half_way(*lacks: Lack) -> Callable[[View], View]:
    """Mark a view that a login which still lacks one of these may see too."""

    def mark(view: View) -> View:
        view.half_way = lacks  # type: ignore[attr-defined]
        return view

    return mark


def current_actor() -> Actor:
    """Who makes this request. 401 where nobody is signed in, or not wholly."""
    actor: Actor | None = g.get("actor")
    if actor is None:
        abort(401)
    return actor


def signing_in() -> Actor:
    """Who makes this request, signed in wholly or half way. 401 for a stranger."""
    if not current_user.is_authenticated:
        abort(401)
    actor: Actor = current_user.found.actor
    return actor


def current_login() -> LoginView:
    """The login of this request. 401 for a stranger."""
    if not current_user.is_authenticated:
        abort(401)
    login: LoginView = current_user.found.login
    return login


def lacking() -> Lack:
    """What the login of this request lacks."""
    lack: Lack = g.get("lack", Lack.NOTHING)
    return lack


def sign_in(user_id: str, method: str, *, strong: bool = False) -> None:
    """Begin a login of ``user_id``, in a fresh session so that an id planted before is worth nothing.

    Whoever signs in again as the same user keeps the token of the pages that are still open, so that a form
    whose login ran out while it was filled in can be sent from where it stands, and what opens the forms that
    were sent meanwhile (``webapp.auth.kept``).
    """
    before = str(current_user.id) if current_user.is_authenticated else ""
    kept = ("language", "csrf_token", SECRET) if session.get(USER) == user_id else ("language",)
    _renew(*kept)
    session.permanent = True
    session[USER] = user_id
    secret = open_login(
        database(),
        user_id,
        current_app.config["SETTINGS"].session_hours,
        method=method,
        strong=strong,
        address=request.remote_addr or "",
        agent=request.user_agent.string,
    )
    if before:
        replace_login(database(), before, secret)
    login_user(find_login(secret))
    _let_in()
    if lacking() is Lack.NOTHING:
        devices.remember(user_id)
        signed(Event.LOGIN, user_id, method=method)


def strengthen(how: str) -> None:
    """The user of this login has shown a second factor: go on with a new one that knows it."""
    sign_in(signing_in().user_id, f"{current_login().method}+{how}"[:64], strong=True)


def sign_out() -> None:
    """End the login of this request, on the server too, and what this browser tells."""
    if current_user.is_authenticated:
        device = ""
        if lack_of(current_user.found) is Lack.NOTHING:  # else it was half a login
            signed(Event.LOGOUT, signing_in().user_id)
            device = devices.device_secret()
        close_login(database(), current_user.id, device)
    logout_user()
    _renew("language")


def _renew(*names: str) -> None:
    """Empty the session but for ``names``."""
    kept = {name: session[name] for name in names if name in session}
    session.clear()
    session.update(kept)


def init_auth(app: Flask) -> None:
    """Ask for a login at every route of ``app`` that is not public. The machine API has its own."""
    prepare_passwords()
    logins.init_app(app)
    app.before_request(_require_login)
    init_kept(app)


def _require_login() -> AnyResponse | None:
    if request.endpoint is None or for_machine():
        return None  # an unknown address is a 404 for everybody
    if current_user.is_authenticated:
        _let_in()
    view = current_app.view_functions[request.endpoint]
    if g.get("actor") or request.endpoint == "static" or getattr(view, "needs_no_login", False):
        return None
    if lacking() in getattr(view, "half_way", ()):
        return None
    return _to(_WAYS.get(lacking(), "auth.login"))


def _let_in() -> None:
    """Put who it is, or what is lacking, where the views look for it."""
    found: LoginActor = current_user.found
    login, now, lack = found.login, clock.now(), lack_of(found)
    if lack and now - login.created_at > _HALF_WAY:
        sign_out()
        return
    g.user, g.lack = found.user, lack
    if lack:
        g.pop("actor", None)
        return
    g.actor = found.actor
    view = current_app.view_functions.get(request.endpoint or "")
    if now - login.seen_at > _SEEN and not getattr(view, "unattended", False):
        see_login(database(), login.id)


def _to(endpoint: str) -> AnyResponse:
    if wants_json() and not request.headers.get("HX-Request"):
        message = gettext("Your login has ended. Sign in again in another tab, then send this once more.")
        response = jsonify(type="Unauthorized", message=message)
        response.status_code = 401
        return response
    here = request.full_path.rstrip("?") if request.method == "GET" else kept_for(page_before())
    login = url_for(endpoint, next=here)
    if request.headers.get("HX-Request"):
        return Response(status=401, headers={"HX-Redirect": login})
    return redirect(login)
