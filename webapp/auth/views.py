"""Signing in, signing out, and the choice of language."""

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine import get_actor, note_failed_login, set_language, set_password
from engine.types import SYSTEM
from webapp.agencies import agencies
from webapp.auth.limits import limit_address, limit_user
from webapp.auth.lookup import stored_credentials
from webapp.auth.passwords import check_password, hash_password, is_outdated
from webapp.auth.sessions import public, sign_in, sign_out
from webapp.auth.targets import safe_target
from webapp.config import DEMO_PASSWORD
from webapp.db import database
from webapp.demo import DemoUser, demo_users
from webapp.i18n import LANGUAGES, choose_language, gettext
from webapp.navigation import home

blueprint = Blueprint("auth", __name__, template_folder="templates")


@blueprint.get("/login")
@public
def login() -> str | Response:
    """The sign-in page; ``next`` is where to go afterwards, ``user_id`` fills in the name."""
    return _page(request.args.get("user_id", "")[:64])


@blueprint.post("/login")
@limit_address
@limit_user
@public
def enter() -> tuple[str, int] | Response:
    """Sign in with ``user_id`` and ``password``. 401 with one and the same answer for all that is wrong."""
    user_id, password = request.form.get("user_id", "").strip(), request.form.get("password", "")
    if not verified(user_id, password):
        note_failed_login(database(), user_id)
        return _page(user_id, gettext("User name and password do not match. Check both and try again.")), 401
    sign_in(user_id, current_app.config["SETTINGS"].session_hours)
    actor = get_actor(database(), user_id)
    begin = home(actor) if actor else url_for("inbox.index")
    target = safe_target(request.form.get("next"), begin)
    return redirect(begin if target == url_for("inbox.index") else target)


@blueprint.post("/logout")
def logout() -> Response:
    """End this login, on the server as well."""
    sign_out()
    flash(gettext("You have signed out."))
    return redirect(url_for("auth.login"))


@blueprint.post("/language")
@public
def language() -> Response:
    """Use ``language`` (``id`` or ``en``) from now on; go back to ``next``."""
    chosen = request.form.get("language", "")
    if chosen in LANGUAGES:
        choose_language(chosen)
        if actor := g.get("actor"):
            set_language(database(), actor, chosen)
    return redirect(safe_target(request.form.get("next"), url_for("inbox.index")))


def verified(user_id: str, password: str) -> bool:
    """Whether this is an active user with this password. Renews a hash that was made at a lower cost."""
    stored = stored_credentials(user_id)
    hashed = stored[0] if stored else None
    if not check_password(hashed, password):
        return False
    if hashed and is_outdated(hashed):
        set_password(database(), SYSTEM, user_id, hash_password(password))
    return True


def _page(user_id: str = "", problem: str = "") -> str:
    settings = current_app.config["SETTINGS"]
    return render_template(
        "auth/login.html",
        user_id=user_id,
        problem=problem,
        next=safe_target(request.values.get("next"), ""),
        demo=settings.demo,
        demo_password=DEMO_PASSWORD,
        demo_users=_demo_users() if settings.demo else [],
    )


def _demo_users() -> list[tuple[str, list[DemoUser]]]:
    """Names of agencies, each with its users; the administrator stands alone."""
    each = [(agency.name, demo_users([agency])[:-1]) for agency in agencies().values()]
    return [*each, ("Titian", demo_users([]))]
