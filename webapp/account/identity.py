"""Linking one's account with that at the OpenID provider, and cutting the link."""

from flask import abort, current_app, flash, render_template, session
from werkzeug.wrappers import Response

from engine import clock, unlink_identity
from webapp.account.part import blueprint, to
from webapp.auth import current_actor
from webapp.auth.events import Event, signed
from webapp.auth.oidc_views import LINKING, SECONDS
from webapp.auth.proof import needs_proof
from webapp.db import database
from webapp.i18n import gettext


@blueprint.post("/identity/link")
@needs_proof("account.index")
def link() -> str:
    """Begin linking the account there. By POST, so that no page elsewhere sends anybody on this way."""
    settings = current_app.config["SETTINGS"]
    if not settings.oidc_issuer:
        abort(404)
    session[LINKING] = current_actor().user_id, clock.now().timestamp() + SECONDS
    return render_template("account/link.html", provider=settings.oidc_name)


@blueprint.post("/identity/unlink")
@needs_proof("account.index")
def unlink() -> Response:
    """Cut the link; an account that was made from there keeps it."""
    actor = current_actor()
    if unlink_identity(database(), actor, current_app.config["SETTINGS"].oidc_issuer):
        signed(Event.IDENTITY_UNLINKED, actor.user_id)
        flash(gettext("The link is cut."), "success")
    return to("index")
