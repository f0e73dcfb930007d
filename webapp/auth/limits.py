"""Failed sign-ins are counted, per address and per user; whoever has too many waits.

Kept in the memory of the server: a restart forgets them.
"""

from flask import Blueprint, Response, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

PER_ADDRESS = "30 per 5 minutes"
PER_USER = "10 per 5 minutes"

limiter = Limiter(get_remote_address, storage_uri="memory://", headers_enabled=True)


def _user_of_form() -> str:
    return f"user:{request.form.get('user_id', '').strip()}"


def _user_of_basic() -> str:
    return f"user:{request.authorization.get('username', '') if request.authorization else ''}"


def _form_failed(response: Response) -> bool:
    return response.status_code == 401


limit_address = limiter.limit(PER_ADDRESS, methods=["POST"], deduct_when=_form_failed)
limit_user = limiter.limit(PER_USER, key_func=_user_of_form, methods=["POST"], deduct_when=_form_failed)


def limit_basic(blueprint: Blueprint) -> None:
    """Count the failed Basic logins (401 although credentials were sent) of a blueprint's routes together."""
    limiter.shared_limit(PER_ADDRESS, scope="basic", deduct_when=_basic_failed)(blueprint)
    limiter.shared_limit(PER_USER, scope="basic", key_func=_user_of_basic, deduct_when=_basic_failed)(
        blueprint
    )


def _basic_failed(response: Response) -> bool:
    return response.status_code == 401 and request.authorization is not None
