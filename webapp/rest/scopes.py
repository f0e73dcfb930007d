"""Which scope of an API token an endpoint needs. What is in no list needs ``manage``: nothing is open by
being forgotten."""

from functools import cache

from flask import Response, g, request

from webapp.auth.bearer import Scope
from webapp.rest.gate import blueprint, out_of_scope
from webapp.rest.operation import OPERATIONS, Operation

_SEARCHES = frozenset(
    {
        "/process-instance",
        "/process-instance/count",
        "/external-task",
        "/external-task/count",
        "/job",
        "/job/count",
        "/task",
        "/task/count",
    }
)
"""What is asked with POST and changes nothing: filters in a body."""

_READS = ("/evaluate", "/migration/generate", "/migration/validate")
_WORK = (
    *("/start", "/submit-form", "/claim", "/unclaim", "/complete", "/message", "/signal"),
    *("/comment/create", "/delegate", "/resolve"),
    *("/attachment/create", "/attachment/<attachment_id>"),
)
_EXTERNAL = ("/fetchAndLock", "/complete", "/failure", "/bpmnError", "/lock", "/extendLock", "/unlock")


def scope_of(declared: Operation) -> Scope:
    """The scope that a token needs for an endpoint."""
    rule = declared.rule
    if declared.method == "GET" or rule in _SEARCHES or rule.endswith(_READS):
        return Scope.READ
    if declared.tag == "external-task":
        return Scope.EXTERNAL if rule.endswith(_EXTERNAL) else Scope.MANAGE
    if declared.tag == "deployment":
        return Scope.DEPLOY
    if declared.tag in ("process-definition", "task", "message", "signal") and rule.endswith(_WORK):
        return Scope.TASKS
    return Scope.MANAGE


@cache
def _by_endpoint() -> dict[str, Scope]:
    return {f"rest.{declared.endpoint}": scope_of(declared) for declared in OPERATIONS}


def needed_scope(endpoint: str | None) -> Scope:
    """The scope that a request to ``endpoint`` needs; what is no operation only says that it is none."""
    return _by_endpoint().get(endpoint or "", Scope.READ)


@blueprint.before_request
def require_scope() -> Response | None:
    """Let a token do only what it was made for. Runs after the door; a password has no scopes."""
    scopes = g.get("rest_scopes")
    needed = needed_scope(request.endpoint)
    return None if scopes is None or needed in scopes else out_of_scope(needed)
