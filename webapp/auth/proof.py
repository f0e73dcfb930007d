"""The fresh proof that grave deeds ask for, so that an open browser is not enough (ASVS 5.0, 7.5.1)."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import jsonify, redirect, url_for
from werkzeug.wrappers import Response

from engine import clock
from webapp.auth.kept import kept_for
from webapp.auth.requirement import Lack
from webapp.auth.sessions import current_login, lacking
from webapp.errors import wants_json
from webapp.i18n import gettext

FRESH = timedelta(minutes=15)
"""So old may a proof be."""

P = ParamSpec("P")
R = TypeVar("R")


def is_fresh() -> bool:
    """Whether the user of this login has proved to be the one a short while ago."""
    return clock.now() - current_login().proved_at < FRESH


def needs_proof(page: str, *arguments: str) -> Callable[[Callable[P, R]], Callable[P, R | Response]]:
    """Mark a view that asks for a fresh proof first; ``page``: the endpoint of the page with its form, to go
    on with afterwards, with these ``arguments`` of the view. What was filled in is there again.

    Setting up what the login lacks needs none: the password was shown a moment ago.
    """

    def mark(view: Callable[P, R]) -> Callable[P, R | Response]:
        @wraps(view)
        def proved(*given: P.args, **named: P.kwargs) -> R | Response:
            if is_fresh() or lacking() is Lack.ENROLMENT:
                return view(*given, **named)
            path: dict[str, Any] = {name: named[name] for name in arguments}
            after = url_for(page, **path)
            if wants_json():
                target = url_for("account.confirm", next=after)
                message = gettext("Confirm first that it is you.")
                answer = jsonify(type="ProofNeeded", message=message, next=target)
                answer.status_code = 403
                return answer
            return redirect(url_for("account.confirm", next=kept_for(after)), 303)

        return proved

    return mark
