"""The actor of every request, from the login that the cookie names (Flask-Login; the logins are our rows)."""

from collections.abc import Callable
from typing import TypeVar

from flask import Flask, Response, abort, current_app, g, jsonify, redirect, request, session, url_for
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from werkzeug.wrappers import Response as AnyResponse

from engine import close_login, login_actor, open_login
from engine.types import Actor, UserView
from webapp.auth.passwords import prepare_passwords
from webapp.db import database
from webapp.errors import for_machine, wants_json
from webapp.i18n import gettext

View = TypeVar("View", bound=Callable[..., object])
_USER = "user"
logins = LoginManager()


class Login(UserMixin):  # type: ignore[misc]
    """A login as Flask-Login keeps it: the cookie holds ``id``, the secret of its row, and no user id."""

    def __init__(self, id: str, actor: Actor, user: UserView) -> None:
        self.id, self.actor, self.user = id, actor, user


@logins.user_loader  # type: ignore[untyped-decorator]
def find_login(login_id: str) -> Login | None:
    """The login that a cookie names; None once it has ended or its user may not enter any more."""
    if g.get("database_away"):  # the page that says so is written for nobody in particular
        return None
    found = login_actor(database(), login_id)
    return Login(login_id, *found) if found else None


def public(view: View) -> View:
    """Mark a view that needs no login."""
    view.needs_no_login = True  # type: ignore[attr-defined]
    return view


def current_actor() -> Actor:
    """Who makes this request. 401 where nobody is signed in."""
    actor: Actor | None = g.get("actor")
    if actor is None:
        abort(401)
    return actor


def sign_in(user_id: str, hours: int) -> None:
    """Begin a login of ``user_id``, in a fresh session so that an id planted before is worth nothing.

    Whoever signs in again as the same user keeps the token of the pages that are still open, so that a form
    whose login ran out while it was filled in can be sent from where it stands.
    """
    kept = ("language", "csrf_token") if session.get(_USER) == user_id else ("language",)
    _renew(*kept)
    session.permanent = True
    session[_USER] = user_id
    login_user(find_login(open_login(database(), user_id, hours)))


def sign_out() -> None:
    """End the login of this request, on the server too."""
    if current_user.is_authenticated:
        close_login(database(), current_user.id)
    logout_user()
    _renew("language")


def _renew(*names: str) -> None:
    """Empty the session but for ``names``."""
    kept = {name: session[name] for name in names if name in session}
    session.clear()
    session.update(kept)


def init_auth(app: Flask) -> None:
    """Ask for a login at every route of ``app`` that is not public. The machine API has its own (Basic)."""
    prepare_passwords()
    logins.init_app(app)
    app.before_request(_require_login)


def _require_login() -> AnyResponse | None:
    if request.endpoint is None or for_machine():
        return None  # an unknown address is a 404 for everybody
    if current_user.is_authenticated:
        g.actor, g.user = current_user.actor, current_user.user
    view = current_app.view_functions[request.endpoint]
    if g.get("actor") or request.endpoint == "static" or getattr(view, "needs_no_login", False):
        return None
    return _to_login()


def _to_login() -> AnyResponse:
    here = request.full_path.rstrip("?") if request.method == "GET" else url_for("inbox.index")
    login = url_for("auth.login", next=here)
    if request.headers.get("HX-Request"):
        return Response(status=401, headers={"HX-Redirect": login})
    if wants_json():
        message = gettext("Your login has ended. Sign in again in another tab, then send this once more.")
        response = jsonify(type="Unauthorized", message=message)
        response.status_code = 401
        return response
    return redirect(login)
