"""Changing one's own password."""

from flask import flash, render_template, request
from werkzeug.wrappers import Response

from engine import set_password
from engine.desk import list_browsers
from webapp.account.part import blueprint, to
from webapp.auth import current_actor, verified
from webapp.auth.events import Event, signed
from webapp.auth.limits import count, password_counts, require_few
from webapp.auth.password_rules import password_problem
from webapp.auth.passwords import LONGEST, SHORTEST, hash_password
from webapp.auth.sessions import current_login, sign_in
from webapp.db import database
from webapp.i18n import gettext


@blueprint.get("/password")
def password() -> str:
    """The form of a new password."""
    return _page({})


@blueprint.post("/password")
def change_password() -> tuple[str, int] | Response:
    """Change the password from ``old`` to ``password``; ends all other logins."""
    actor, login = current_actor(), current_login()
    counts = password_counts("form", actor.user_id)
    require_few(counts)
    if not verified(actor.user_id, request.form.get("old", "")):
        count(counts)
        signed(Event.LOGIN_FAILED, actor.user_id, method="password change")
        return _page({"old": gettext("This is not your password.")}), 400
    wanted = request.form.get("password", "")
    if problem := password_problem(wanted, actor.user_id, actor.name):
        return _page({"password": problem}), 400
    told = list_browsers(database(), actor)
    set_password(database(), actor, actor.user_id, hash_password(wanted))
    signed(Event.PASSWORD_CHANGED, actor.user_id)
    sign_in(actor.user_id, login.method, strong=login.strong)
    flash(gettext("Your password is changed. All your other logins have ended."), "success")
    if told:
        flash(gettext("No device tells you any more: turn it on again there, under Notifications."))
    return to("index")


def _page(problems: dict[str, str]) -> str:
    return render_template("account/password.html", problems=problems, shortest=SHORTEST, longest=LONGEST)
