"""One's own API tokens: make, list, revoke."""

from datetime import timedelta

from flask import flash, render_template, request
from werkzeug.wrappers import Response

from engine import clock, list_tokens, make_token, revoke_token
from engine.errors import StateConflict
from webapp.account.part import blueprint, to
from webapp.auth import current_actor
from webapp.auth.bearer import SCOPES, Scope
from webapp.auth.events import Event, signed
from webapp.auth.proof import needs_proof
from webapp.db import database
from webapp.i18n import gettext

DAYS = (7, 30, 90, 365)
"""How long a token may be good."""

_LONGEST_LABEL = 60


@blueprint.get("/tokens")
def tokens() -> str:
    """The tokens, and the form of a new one."""
    return _page({})


@blueprint.post("/tokens")
@needs_proof("account.tokens")
def make() -> str | tuple[str, int]:
    """Make a token with ``label``, ``scope`` (several) and ``days``; shows it for the only time."""
    label = " ".join(request.form.get("label", "").replace("\0", "").split())
    scopes = [scope for scope in Scope if scope in request.form.getlist("scope")]
    days = request.form.get("days", "")
    problems = {}
    if not label or len(label) > _LONGEST_LABEL:
        problems["label"] = gettext(
            "Write what the token is for, in at most %(most)s characters.", most=_LONGEST_LABEL
        )
    if not scopes:
        problems["scope"] = gettext("Choose what the token is good for.")
    if days not in map(str, DAYS):
        problems["days"] = gettext("Choose how long the token is good.")
    actor = current_actor()
    if not problems:
        try:
            until = clock.now() + timedelta(days=int(days))
            token = make_token(database(), actor, label, scopes, until)
        except StateConflict:
            problems["label"] = gettext("You have as many tokens as one can have. Revoke one first.")
        else:
            signed(Event.TOKEN_MADE, actor.user_id, label=label, scopes=scopes, days=days)
            return _page({}, token)
    return _page(problems), 400


@blueprint.post("/tokens/<token_id>/revoke")
def revoke(token_id: str) -> Response:
    """End a token at once."""
    actor = current_actor()
    if revoke_token(database(), actor, token_id):
        signed(Event.TOKEN_REVOKED, actor.user_id, token=token_id)
        flash(gettext("The token is revoked."), "success")
    return to("tokens")


def _page(problems: dict[str, str], token: str = "") -> str:
    return render_template(
        "account/tokens.html",
        tokens=list_tokens(database(), current_actor()),
        now=clock.now(),
        token=token,
        scopes=[(str(scope), gettext(text)) for scope, text in SCOPES.items()],
        days=DAYS,
        chosen=request.form.getlist("scope"),
        label="" if token else request.form.get("label", ""),
        problems=problems,
    )
