"""A form that is sent again because its answer was lost on the way is not done again.

A phone with a weak line sends a form, the server does it, and the answer never arrives: the page can only
say that there is no connection. What is sent again then gets the first answer, as ``engine.once`` keeps it.
"""

import hmac
from collections.abc import Callable
from hashlib import sha256

from flask import current_app, request
from sqlalchemy import Connection

from engine import Database, KeyedRequest, get_instance, once
from engine.types import InstanceView
from webapp.auth import current_actor
from webapp.db import database


def done_once(operation: str, form: str, act: Callable[[Database], InstanceView]) -> InstanceView:
    """The case after ``act``, or after the same request before it from the same ``form``.

    ``operation``: its name; ``form``: what is sent once and no more, a page's draft or a task. A plain button
    without scripts is done each time. Raises ``IdempotencyKeyReused`` where something else was sent from the
    form before, and as ``act``.
    """
    if not request.is_json:
        return act(database())
    secret = str(current_app.config["SECRET_KEY"]).encode()
    key = hmac.new(secret, f"{operation} {form}".encode(), sha256).hexdigest()
    done: list[InstanceView] = []

    def first(tx: Connection) -> bytes:
        done.append(act(tx))
        return done[0].id.encode()

    case = once(database(), current_actor(), KeyedRequest(key, operation, request.get_data()), first)
    return done[0] if done else get_instance(database(), current_actor(), case.decode())
