"""One's own passkeys: add and remove. The page's script asks the browser to make one."""

from typing import Any

from flask import flash, jsonify, request, url_for
from werkzeug.wrappers import Response

from engine import factors, remove_passkey
from engine.errors import NameTaken, StateConflict
from webapp.account.part import blueprint, to
from webapp.auth import current_actor
from webapp.auth.events import Event, signed
from webapp.auth.passkey_views import credential_sent, refused
from webapp.auth.passkeys import add_answered, ask_for_new
from webapp.auth.proof import needs_proof
from webapp.auth.requirement import Lack, requires_factor
from webapp.auth.sessions import current_login, half_way, signing_in, strengthen
from webapp.db import database
from webapp.i18n import gettext

_LONGEST_LABEL = 60


@blueprint.post("/passkeys/options")
@half_way(Lack.ENROLMENT)
@needs_proof("account.factors")
def options() -> Response:
    """What to ask the browser for that is to make a passkey."""
    actor = signing_in()
    return jsonify(ask_for_new(actor, factors(database(), actor.user_id)))


@blueprint.post("/passkeys")
@half_way(Lack.ENROLMENT)
@needs_proof("account.factors")
def add() -> Response | tuple[Response, int]:
    """Add the passkey that the browser has made; tells where to go on. 401 where the answer is not right."""
    actor = signing_in()
    try:
        added = add_answered(actor, _label(request.get_json(silent=True)), credential_sent())
    except NameTaken:
        message = gettext("This passkey is set up already.")
        return jsonify(type="PasskeyKnown", message=message), 409
    except StateConflict:
        message = gettext("You have as many passkeys as one can have. Remove one first.")
        return jsonify(type="PasskeysTooMany", message=message), 409
    if not added:
        return refused()
    signed(Event.PASSKEY_ADDED, actor.user_id)
    if not current_login().strong:  # it was proved just now, and the next request would ask for it
        strengthen("passkey")
    flash(gettext("The passkey is added."), "success")
    return jsonify(next=url_for("account.factors"))


@blueprint.post("/passkeys/<passkey_id>/remove")
@needs_proof("account.factors")
def drop(passkey_id: str) -> Response:
    """Remove a passkey, unless it is the last factor of somebody who needs one."""
    actor = current_actor()
    has = factors(database(), actor.user_id)
    if has.totp_at is None and len(has.passkeys) < 2 and requires_factor(actor):
        flash(gettext("You need a second factor. Set up another one first, then remove this."), "error")
    elif remove_passkey(database(), actor, passkey_id):
        signed(Event.PASSKEY_REMOVED, actor.user_id)
        flash(gettext("The passkey is removed. Delete it in the settings of your device, too."), "success")
    return to("factors")


def _label(body: Any) -> str:
    label = body.get("label") if isinstance(body, dict) else None
    label = " ".join(label.split())[:_LONGEST_LABEL] if isinstance(label, str) else ""
    return label.replace("\0", "") or gettext("Passkey")
