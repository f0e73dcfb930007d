"""Signing in through an OpenID provider. An account is found by issuer and subject, never by e-mail."""

import logging
import re
import secrets
from typing import Any

from flask import abort, current_app, flash, redirect, request, session, url_for
from werkzeug.wrappers import Response

from engine import (
    add_user,
    clock,
    get_actor,
    identified_user,
    link_identity,
    put_challenge,
    set_memberships,
    take_challenge,
)
from engine.errors import NameTaken
from engine.types import SYSTEM
from webapp.agencies import agencies
from webapp.auth.events import Event, signed
from webapp.auth.limits import challenge_counts, count, require_few
from webapp.auth.oidc import Claims, ProviderFailed, begin, finish
from webapp.auth.part import blueprint, next_page
from webapp.auth.passkeys import origin
from webapp.auth.passwords import NO_PASSWORD
from webapp.auth.sessions import current_actor, public, sign_in
from webapp.auth.targets import safe_target
from webapp.auth.views import login_page
from webapp.config import Settings, group_mapping
from webapp.db import database
from webapp.i18n import gettext

LINKING = "linking"
"""Where the session says that an account is to be linked."""

SECONDS = 600
_KEY, _PURPOSE = "oidc", "oidc"
_log = logging.getLogger("titian.sign_in")

Answer = Response | tuple[str, int]


@blueprint.get("/login/oidc")
@public
def to_provider() -> Answer:
    """Send the browser to the provider; ``next``: where to go afterwards."""
    settings = _settings()
    require_few(challenge_counts())
    count(challenge_counts())
    nonce, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
    try:
        address, state = begin(_back(), nonce, verifier)
    except ProviderFailed as error:
        return _failed(error)
    kept = {
        "state": state,
        "nonce": nonce,
        "verifier": verifier,
        "next": safe_target(request.args.get("next"), ""),
        "linking": _linking() if request.args.get("link") else "",
        "issuer": settings.oidc_issuer,
    }
    session[_KEY] = put_challenge(database(), _PURPOSE, kept, SECONDS)
    return redirect(address)


@blueprint.get("/login/oidc/back")
@public
def from_provider() -> Answer:
    """Take the browser back from the provider: sign in, or link the account."""
    settings = _settings()
    kept = _kept()
    if kept is None or kept["issuer"] != settings.oidc_issuer:
        return _refused(gettext("This sign-in took too long, or was begun elsewhere. Try again."))
    try:
        claims = finish(request.args.to_dict(), _back(), kept["nonce"], kept["verifier"])
    except ProviderFailed as error:
        return _failed(error)
    if kept["linking"]:
        return _linked(kept["linking"], claims)
    user_id = _user_of(settings, claims)
    if user_id is None:
        signed(Event.LOGIN_FAILED, "", method="oidc", subject=claims.subject)
        return _refused(
            gettext("You have no account here yet. Ask the administrator of your agency for one.")
        )
    sign_in(user_id, "oidc", strong=claims.strong)
    return redirect(next_page(kept["next"]))


def _linking() -> str:
    """The user who has asked for a link a moment ago; an empty text where nobody has."""
    user_id, until = session.pop(LINKING, ("", 0))
    return str(user_id) if clock.now().timestamp() < until else ""


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    if not settings.oidc_issuer:
        abort(404)
    return settings


def _back() -> str:
    return origin() + url_for("auth.from_provider")


def _kept() -> dict[str, Any] | None:
    """What was kept for the way that this browser comes back from; once, and only with its own state."""
    secret = session.pop(_KEY, None)
    kept = take_challenge(database(), _PURPOSE, secret) if secret else None
    state = request.args.get("state", "")
    if kept is None or not secrets.compare_digest(state.encode(), kept["state"].encode()):
        return None
    return dict(kept)


def _user_of(settings: Settings, claims: Claims) -> str | None:
    """The user who this is: known, or made from the groups that the provider tells. None for nobody.

    Whoever was made from there belongs to what the provider says today.
    """
    mapping = group_mapping(settings)
    groups = set().union(*(mapping.get(value, set()) for value in claims.groups))
    wanted = sorted(pair for pair in groups if pair[0] in agencies())
    known = identified_user(database(), claims.issuer, claims.subject)
    if known is None:
        return _made(claims, wanted) if wanted else None
    user_id, managed = known
    actor = get_actor(database(), user_id)
    if actor is None:
        return None
    if managed and set(wanted) != set(actor.memberships):
        set_memberships(database(), SYSTEM, user_id, wanted)
    return user_id if wanted or not managed else None


def _made(claims: Claims, memberships: list[tuple[str, str]]) -> str | None:
    """A new user without a password. None where the provider's user came twice at the same moment."""
    stem = (
        re.sub(r"[^a-z0-9._-]+", "", claims.user_name.split("@")[0].lower()).strip("._-")[:30] or "pengguna"
    )
    for tail in ("", *(f"-{secrets.token_hex(3)}" for _ in range(5))):
        user_id = f"{stem}{tail}@{memberships[0][0]}"[:64]
        try:
            add_user(database(), SYSTEM, user_id, claims.name, NO_PASSWORD, memberships)
        except NameTaken:
            continue
        link_identity(database(), user_id, claims.issuer, claims.subject, managed=True)
        signed(Event.ACCOUNT_MADE, user_id, issuer=claims.issuer, subject=claims.subject)
        return user_id
    return None


def _linked(user_id: str, claims: Claims) -> Answer:
    """Link the account of whoever is signed in, if that is still who wanted it."""
    if current_actor().user_id != user_id:
        abort(401)
    try:
        link_identity(database(), user_id, claims.issuer, claims.subject)
    except NameTaken:
        flash(gettext("That account is linked with a user already."), "error")
    else:
        signed(Event.IDENTITY_LINKED, user_id, issuer=claims.issuer, subject=claims.subject)
        flash(gettext("The account is linked. You can sign in through it from now on."), "success")
    return redirect(url_for("account.index"))


def _failed(error: ProviderFailed) -> tuple[str, int]:
    _log.warning("OpenID provider: %r", str(error))
    return login_page(problem=gettext("Signing in through the provider did not work. Try again later.")), 502


def _refused(problem: str) -> tuple[str, int]:
    return login_page(problem=problem), 403
