"""API tokens (RFC 6750): a program acts in its owner's name, within the token's scopes.

A scope narrows what the owner may do and never widens it: the owner's rights of right now are asked too.
"""

from datetime import timedelta
from enum import StrEnum

from flask import Request

from engine import clock, see_token, token_bearer
from engine.errors import N_
from engine.types.sign_in import Bearer
from webapp.db import database

_SEEN = timedelta(minutes=1)
_LONGEST = 128


class Scope(StrEnum):
    """What a token may be good for."""

    READ = "read"
    TASKS = "tasks"
    EXTERNAL = "external"
    DEPLOY = "deploy"
    MANAGE = "manage"


SCOPES: dict[Scope, str] = {
    Scope.READ: N_("Read: tasks, cases, definitions and history"),
    Scope.TASKS: N_("Work: start cases, take and complete tasks, send messages and signals"),
    Scope.EXTERNAL: N_("External tasks: fetch, lock and complete them"),
    Scope.DEPLOY: N_("Deploy: diagrams, decision tables and forms"),
    Scope.MANAGE: N_("Manage: stop, change, move and cancel cases, jobs and retries"),
}
"""What a reader is told of each."""


def bearer(request: Request) -> Bearer | None:
    """Who makes a request with a token; None without one, or with a wrong one."""
    sent = request.authorization
    if sent is None or sent.type != "bearer" or not sent.token or len(sent.token) > _LONGEST:
        return None
    found = token_bearer(database(), sent.token)
    if found is None:
        return None
    used, now = found.token.used_at, clock.now()
    if used is None or now - used > _SEEN:  # not at every call
        see_token(database(), found.token.id)
    return found
