"""The door of ``/engine-rest``: an API token or HTTP Basic on every call.

No cookie opens it, so no page elsewhere could ride on one.
"""

from flask import Blueprint, Response, g, jsonify, request

from engine import Actor
from webapp.auth.basic import PasswordNotEnough, basic_actor
from webapp.auth.bearer import bearer
from webapp.auth.csrf import csrf
from webapp.auth.events import Event, signed
from webapp.auth.limits import address_counts, basic_user, count, password_counts, require_few
from webapp.auth.requirement import requires_factor

blueprint = Blueprint("rest", __name__, url_prefix="/engine-rest")
csrf.exempt(blueprint)  # nothing here looks at a cookie

_CHALLENGE = 'Basic realm="Titian", charset="UTF-8"'
_BEARER = 'Bearer realm="Titian"'


@blueprint.before_request
def require_login() -> Response | None:
    """Let nobody in without a token or a password that is right at this moment."""
    sent = request.authorization
    return _by_token() if sent is not None and sent.type == "bearer" else _by_password()


def _by_token() -> Response | None:
    found = bearer(request)
    if found is None:
        # Asked only now: nobody guesses a token, and whoever tries must not keep a right one at the same
        # address outside.
        require_few(counts := address_counts("bearer"))
        count(counts)
        return _refused(
            "This API token is unknown, has run out or was revoked.", f'{_BEARER}, error="invalid_token"'
        )
    if requires_factor(found.actor) and not found.has_factor:
        return _refused("The owner of this API token must set up a second factor first.", _BEARER)
    g.rest_actor, g.rest_scopes = found.actor, found.token.scopes
    return None


def _by_password() -> Response | None:
    counts = password_counts("basic", basic_user())
    try:
        actor = basic_actor(request, lambda: require_few(counts))
    except PasswordNotEnough:
        count(counts)  # or it would be a place to try passwords at
        signed(Event.LOGIN_FAILED, basic_user(), method="basic")
        return _refused("A password is not enough for this user: use an API token.", _BEARER)
    if actor is None:
        if request.authorization is not None:  # a call without credentials is no failure
            require_few(counts)  # not asked yet where there was no password to try
            count(counts)
            signed(Event.LOGIN_FAILED, basic_user(), method="basic")
        return _refused("Sign in with an API token or HTTP Basic.", f"{_CHALLENGE}, {_BEARER}")
    g.rest_actor = actor
    return None


def _refused(message: str, challenge: str) -> Response:
    answer = jsonify(type="AuthenticationException", message=message)
    answer.status_code = 401
    answer.headers["WWW-Authenticate"] = challenge
    return answer


def out_of_scope(needed: str) -> Response:
    """The answer to a token that is not good for this."""
    answer = jsonify(type="AuthorizationException", message=f"This API token has not the scope '{needed}'.")
    answer.status_code = 403
    answer.headers["WWW-Authenticate"] = f'{_BEARER}, error="insufficient_scope", scope="{needed}"'
    return answer


def caller() -> Actor:
    """Who called."""
    actor: Actor = g.rest_actor
    return actor
