"""The first page of the account: who one is, how the account is protected, and what happened to it."""

from flask import current_app, g, render_template

from engine import factors, identity_link, list_logins, list_sign_in_events, list_tokens
from webapp.account.part import blueprint
from webapp.admin.membership import name_of
from webapp.agencies import agency_name
from webapp.auth import current_actor
from webapp.auth.events import Event
from webapp.auth.sessions import idle_time
from webapp.db import database
from webapp.i18n import gettext


@blueprint.get("")
def index() -> str:
    """The account at a glance."""
    actor, settings = current_actor(), current_app.config["SETTINGS"]
    return render_template(
        "account/index.html",
        user=g.user,
        groups=[(agency_name(a), name_of(a, group)) for a, group in sorted(actor.memberships)],
        has=factors(database(), actor.user_id),
        logins=list_logins(database(), actor, idle_time()),
        tokens=list_tokens(database(), actor),
        events=[(each, said(each.event)) for each in list_sign_in_events(database(), actor)],
        provider=settings.oidc_name if settings.oidc_issuer else "",
        link=identity_link(database(), actor, settings.oidc_issuer) if settings.oidc_issuer else None,
    )


def said(name: str) -> str:
    """What a reader is told of an event."""
    known = Event.__members__.get(name.upper())
    return gettext(known.value) if known else name
