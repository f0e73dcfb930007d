"""Camunda 7's REST dialect under ``/engine-rest``: its paths, parameters, JSON; by API token or HTTP Basic.

A view parses a request, calls one engine command or query, and renders. Each is declared with ``operation``,
which reads the query strictly and is the source of ``/engine-rest/openapi.json``. What Camunda has and we do
not is answered with 501 and its name, an unknown parameter with 400: never with silence.
"""

from webapp.rest import (
    calendars,
    decisions,
    definitions,
    deployments,
    events,
    external_tasks,
    external_work,
    history,
    incidents,
    instances,
    jobs,
    messages,
    migration,
    modification,
    openapi,
    scopes,
    shares,
    suspension,
    task_attachments,
    task_comments,
    task_forms,
    tasks,
    tenants,
    variables,
)
from webapp.rest.gate import blueprint

MODULES = (
    calendars,
    decisions,
    definitions,
    deployments,
    events,
    external_tasks,
    external_work,
    history,
    incidents,
    instances,
    jobs,
    messages,
    migration,
    modification,
    openapi,
    shares,
    suspension,
    task_attachments,
    task_comments,
    task_forms,
    tasks,
    tenants,
    variables,
)

__all__ = ["MODULES", "blueprint", "scopes"]
