"""Failed sign-ins are counted, per address and per user; whoever has too many waits.

Kept in the memory of the server: a restart forgets them.
"""

import time

from flask import Response, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits import RateLimitItem, parse
from werkzeug.exceptions import TooManyRequests

from webapp.errors import for_machine

PER_ADDRESS = "30 per 5 minutes"
PER_USER = "10 per 5 minutes"
_PER_ADDRESS, _PER_USER = parse(PER_ADDRESS), parse(PER_USER)

limiter = Limiter(get_remote_address, storage_uri="memory://", headers_enabled=True)


def _user_of_form() -> str:
    return f"user:{request.form.get('user_id', '').strip()}"


def _form_failed(response: Response) -> bool:
    return response.status_code == 401


limit_address = limiter.limit(PER_ADDRESS, methods=["POST"], deduct_when=_form_failed)
limit_user = limiter.limit(PER_USER, key_func=_user_of_form, methods=["POST"], deduct_when=_form_failed)


def require_few_failures() -> None:
    """Raise ``TooManyRequests`` where the Basic logins of this address or this user have failed too often.

    By hand and not by the extension's decorators: those cost every call of the API a tenth of its time.
    """
    for limit, key in _basic_limits():
        if not limiter.limiter.test(limit, *key):
            until = limiter.limiter.get_window_stats(limit, *key).reset_time
            raise TooManyRequests(retry_after=max(1, int(until - time.time()) + 1))


def count_failure() -> None:
    """Count a Basic login that has failed; a call without credentials is none."""
    if request.authorization is not None:
        for limit, key in _basic_limits():
            limiter.limiter.hit(limit, *key)


def _basic_limits() -> tuple[tuple[RateLimitItem, tuple[str, str]], ...]:
    user = request.authorization.get("username", "") if request.authorization else ""
    return (
        (_PER_ADDRESS, ("basic", get_remote_address())),
        (_PER_USER, ("basic", f"user:{user}")),
    )


@limiter.request_filter
def _counts_by_itself() -> bool:
    return for_machine()
