"""Browsers in which a user has signed in before, told apart by a cookie.

Somebody who tries passwords from elsewhere slows down strangers' browsers, never these: so nobody can lock a
colleague out. The cookie opens nothing; it only lets its user try. It is ``Lax``: a provider's page leads
back here, and ``Strict`` cookies stay away on such a way.
"""

from flask import Response, after_this_request, current_app, request

from engine import knows_device, remember_device
from webapp.db import database

DAYS = 90
_SECONDS = DAYS * 24 * 3600
_LONGEST = 128


def cookie_name() -> str:
    """Its name; outside demo mode no other host and no plain HTTP can set it."""
    return "titian-device" if current_app.config["SETTINGS"].demo else "__Host-titian-device"


def device_secret() -> str:
    """What this browser's cookie holds, or nothing."""
    return request.cookies.get(cookie_name(), "")[:_LONGEST]


def is_known(user_id: str) -> bool:
    """Whether the user has signed in with this browser before."""
    secret = device_secret()
    return bool(secret) and "\0" not in user_id and knows_device(database(), user_id, secret)


def remember(user_id: str) -> None:
    """Keep in mind that the user has signed in with this browser."""
    secret = remember_device(database(), user_id, device_secret(), DAYS)

    @after_this_request
    def set_cookie(response: Response) -> Response:
        response.set_cookie(
            cookie_name(),
            secret,
            max_age=_SECONDS,
            secure=not current_app.config["SETTINGS"].demo,
            httponly=True,
            samesite="Lax",
        )
        return response
