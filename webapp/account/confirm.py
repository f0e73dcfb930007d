"""Proving once more that it is oneself, before something grave."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine import prove_login
from webapp.account.part import blueprint
from webapp.auth import current_actor, verified
from webapp.auth.events import Event, signed
from webapp.auth.limits import count, password_counts, require_few
from webapp.auth.lookup import stored_credentials
from webapp.auth.passwords import NO_PASSWORD
from webapp.auth.sessions import current_login
from webapp.auth.targets import safe_target
from webapp.db import database
from webapp.i18n import gettext


@blueprint.get("/confirm")
def confirm() -> str:
    """The page that asks for the password once more."""
    return _page()


@blueprint.post("/confirm")
def check_confirm() -> tuple[str, int] | Response:
    """Check ``password`` and go on to ``next``. 401 where it is wrong."""
    user_id, password = current_actor().user_id, request.form.get("password", "")
    counts = password_counts("form", user_id)
    require_few(counts)
    if not verified(user_id, password):
        count(counts)
        signed(Event.LOGIN_FAILED, user_id, method="confirm")
        return _page(gettext("This is not your password.")), 401
    prove_login(database(), current_login().id)
    return redirect(_target(), 303)


def _target() -> str:
    return safe_target(request.values.get("next"), url_for("account.index"))


def _page(problem: str = "") -> str:
    stored = stored_credentials(current_actor().user_id)
    has_password = stored is not None and stored.password_hash != NO_PASSWORD
    return render_template("account/confirm.html", problem=problem, has_password=has_password, next=_target())
