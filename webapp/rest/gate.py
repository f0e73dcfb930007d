"""The door of ``/engine-rest``: HTTP Basic on every call; no cookie that a page elsewhere could ride on."""

from flask import Blueprint, Response, g, jsonify, request

from engine import Actor, note_failed_login
from webapp.auth.basic import basic_actor
from webapp.auth.csrf import csrf
from webapp.auth.limits import count_failure, require_few_failures
from webapp.db import database

blueprint = Blueprint("rest", __name__, url_prefix="/engine-rest")
csrf.exempt(blueprint)  # nothing here looks at a cookie


@blueprint.before_request
def require_login() -> Response | None:
    """Let nobody in without a password that is right at this moment."""
    require_few_failures()
    actor = basic_actor(request)
    if actor is None:
        count_failure()
        if request.authorization is not None:
            note_failed_login(database(), request.authorization.get("username") or "")
        answer = jsonify(type="AuthenticationException", message="Sign in with HTTP Basic.")
        answer.status_code = 401
        answer.headers["WWW-Authenticate"] = 'Basic realm="Titian", charset="UTF-8"'
        return answer
    g.rest_actor = actor
    return None


def caller() -> Actor:
    """Who called."""
    actor: Actor = g.rest_actor
    return actor
