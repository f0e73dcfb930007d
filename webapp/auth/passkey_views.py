"""Signing in with a passkey: instead of a password, or after it. The page's script asks and sends."""

from typing import Any

from flask import abort, jsonify, request
from werkzeug.wrappers import Response

from engine import factors, get_actor
from webapp.auth.events import Event, signed
from webapp.auth.limits import address_counts, challenge_counts, count, factor_counts, require_few
from webapp.auth.part import blueprint, next_page
from webapp.auth.passkeys import answered, ask, passkeys_work
from webapp.auth.requirement import Lack
from webapp.auth.sessions import half_way, public, sign_in, signing_in, strengthen
from webapp.db import database
from webapp.i18n import gettext

Answer = Response | tuple[Response, int]


@blueprint.post("/login/passkey/options")
@public
def passkey_options() -> Response:
    """What to ask a browser for whose user says no name: any passkey of this address."""
    _require_a_name()
    require_few(challenge_counts())
    count(challenge_counts())
    return jsonify(ask("login"))


@blueprint.post("/login/passkey")
@public
def passkey() -> Answer:
    """Sign in with the passkey that has answered; tells where to go. 401 where the answer is not right."""
    known = answered("login", credential_sent())
    if known is None or get_actor(database(), known.user_id) is None:
        require_few(counts := address_counts("passkey"))  # a right one is never kept waiting by others
        count(counts)
        signed(Event.LOGIN_FAILED, known.user_id if known else "", method="passkey")
        return refused()
    sign_in(known.user_id, "passkey", strong=True)
    return jsonify(next=next_page())


@blueprint.post("/login/second/passkey/options")
@half_way(Lack.FACTOR)
def second_passkey_options() -> Response:
    """What to ask a browser for after the password: one of the user's own passkeys."""
    _require_a_name()
    user_id = signing_in().user_id
    return jsonify(ask(f"second {user_id}", factors(database(), user_id)))


@blueprint.post("/login/second/passkey")
@half_way(Lack.FACTOR)
def second_passkey() -> Answer:
    """Check the passkey after the password; tells where to go. 401 where the answer is not right."""
    user_id = signing_in().user_id
    counts = factor_counts(user_id)
    require_few(counts)
    known = answered(f"second {user_id}", credential_sent())
    if known is None or known.user_id != user_id:
        count(counts)
        signed(Event.FACTOR_FAILED, user_id)
        return refused()
    strengthen("passkey")
    return jsonify(next=next_page())


def credential_sent() -> Any:
    """The browser's answer in the body of this request."""
    body = request.get_json(silent=True)
    return body.get("credential") if isinstance(body, dict) else None


def refused() -> tuple[Response, int]:
    """What the script shows where an answer was not right."""
    message = gettext("This passkey does not fit. Try again, or sign in another way.")
    return jsonify(type="PasskeyRefused", message=message), 401


def _require_a_name() -> None:
    if not passkeys_work():
        abort(404)
