"""The blueprint that the views of this folder hang on, and the proof that the grave ones ask for."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import Blueprint, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response

from engine import clock
from webapp.auth.requirement import Lack
from webapp.auth.sessions import current_login, lacking
from webapp.errors import wants_json
from webapp.i18n import gettext

blueprint = Blueprint("account", __name__, url_prefix="/account", template_folder="templates")

FRESH = timedelta(minutes=15)
"""So old may a proof be."""

P = ParamSpec("P")
R = TypeVar("R")


def is_fresh() -> bool:
    """Whether the user of this login has proved to be the one a short while ago."""
    return clock.now() - current_login().proved_at < FRESH


def needs_proof(page: str) -> Callable[[Callable[P, R]], Callable[P, R | Response]]:
    """Mark a view that asks for a fresh proof first; ``page``: the endpoint to go on with afterwards.

    Setting up what the login lacks needs none: the password was shown a moment ago.
    """

    def mark(view: Callable[P, R]) -> Callable[P, R | Response]:
        @wraps(view)
        def proved(*given: P.args, **named: P.kwargs) -> R | Response:
            if is_fresh() or lacking() is Lack.ENROLMENT:
                return view(*given, **named)
            target = url_for("account.confirm", next=url_for(page))
            if wants_json() or request.is_json:
                message = gettext("Confirm first that it is you.")
                answer = jsonify(type="ProofNeeded", message=message, next=target)
                answer.status_code = 403
                return answer
            return redirect(target, 303)

        return proved

    return mark


def to(endpoint: str) -> Response:
    """Go on with one of the account's pages."""
    return redirect(url_for(f"account.{endpoint}"), 303)
