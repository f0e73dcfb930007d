"""Where one is signed in, and ending it."""

from flask import flash, render_template
from werkzeug.wrappers import Response

from engine import end_login, end_other_logins, list_logins
from webapp.account.agents import described
from webapp.account.part import blueprint, to
from webapp.auth import current_actor
from webapp.auth.events import Event, signed
from webapp.auth.sessions import current_login, idle_time
from webapp.db import database
from webapp.i18n import gettext


@blueprint.get("/logins")
def logins() -> str:
    """Every browser in which one is signed in."""
    found = list_logins(database(), current_actor(), idle_time())
    return render_template(
        "account/logins.html",
        logins=[(each, described(each.agent)) for each in found],
        own=current_login().id,
    )


@blueprint.post("/logins/<login_id>/end")
def end(login_id: str) -> Response:
    """End one of them."""
    actor = current_actor()
    if end_login(database(), actor, login_id):
        signed(Event.LOGINS_ENDED, actor.user_id)
        flash(gettext("That login has ended."), "success")
    return to("logins")


@blueprint.post("/logins/end-others")
def end_others() -> Response:
    """End all but this one."""
    actor = current_actor()
    if end_other_logins(database(), actor, current_login().id):
        signed(Event.LOGINS_ENDED, actor.user_id)
    flash(gettext("You are signed in here only."), "success")
    return to("logins")
