"""Signing in with a password, signing out, and the choice of language."""

import re

from flask import current_app, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine import set_language, set_password
from engine.types import SYSTEM
from webapp.agencies import agencies
from webapp.auth.events import Event, signed
from webapp.auth.limits import count, password_counts, require_few
from webapp.auth.lookup import stored_credentials
from webapp.auth.part import blueprint, next_page
from webapp.auth.passkeys import passkeys_work
from webapp.auth.passwords import check_password, hash_password, is_outdated
from webapp.auth.requirement import Lack
from webapp.auth.sessions import half_way, public, sign_in, sign_out
from webapp.auth.targets import safe_target
from webapp.config import DEMO_PASSWORD
from webapp.db import database
from webapp.demo import DemoUser, demo_users
from webapp.i18n import LANGUAGES, choose_language, gettext

_USER_ID = re.compile(r"[a-z0-9._-]{1,40}@[a-z0-9._-]{1,40}")
"""What may stand in the log: some type their password into the field of the name."""


@blueprint.get("/login")
@public
def login() -> str | Response:
    """The sign-in page; ``next`` is where to go afterwards, ``user_id`` fills in the name."""
    return login_page(request.args.get("user_id", "")[:64])


@blueprint.post("/login")
@public
def enter() -> tuple[str, int] | Response:
    """Sign in with ``user_id`` and ``password``. 401 with one and the same answer for all that is wrong."""
    user_id, password = request.form.get("user_id", "").strip(), request.form.get("password", "")
    counts = password_counts("form", user_id)
    require_few(counts)
    if not verified(user_id, password):
        count(counts)
        signed(Event.LOGIN_FAILED, user_id if _USER_ID.fullmatch(user_id) else "", method="password")
        return login_page(
            user_id, gettext("User name and password do not match. Check both and try again.")
        ), 401
    sign_in(user_id, "password")
    return redirect(next_page())


@blueprint.post("/logout")
@half_way(Lack.FACTOR, Lack.ENROLMENT)
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
        set_password(database(), SYSTEM, user_id, hash_password(password), same=True)
    return True


def login_page(user_id: str = "", problem: str = "") -> str:
    """The sign-in page, with what was wrong."""
    settings = current_app.config["SETTINGS"]
    return render_template(
        "auth/login.html",
        user_id=user_id,
        problem=problem,
        next=safe_target(request.values.get("next"), ""),
        demo=settings.demo,
        demo_password=DEMO_PASSWORD,
        demo_users=_demo_users() if settings.demo else [],
        passkeys=passkeys_work(),
        provider=settings.oidc_name if settings.oidc_issuer else "",
        bundle="sign-in",
    )


def _demo_users() -> list[tuple[str, list[DemoUser]]]:
    """Names of agencies, each with its users; the administrator stands alone."""
    each = [(agency.name, demo_users([agency])[:-1]) for agency in agencies().values()]
    return [*each, ("Titian", demo_users([]))]
