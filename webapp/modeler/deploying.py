"""Deploying from an editor: the linter's findings first, and what changes."""

from typing import Any

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

import engine
from engine.definitions.lint import Finding
from engine.errors import DeploymentRefused
from webapp.auth import current_actor
from webapp.db import database
from webapp.i18n import gettext, ngettext
from webapp.modeler.part import blueprint, require_own


@blueprint.post("/deploy/<agency_id>")
def deploy(agency_id: str) -> ResponseReturnValue:
    """Deploy what an editor holds: ``{"resources": [{"name", "content"}]}``.

    200 ``{message, findings}`` (warnings), or 400 ``{message, findings}`` and nothing has changed.
    """
    resources = _sent_resources()
    try:
        deployment = engine.deploy(
            database(),
            current_actor(),
            require_own(agency_id),
            _title(resources),
            resources,
            source="modeler",
        )
    except DeploymentRefused as refused:
        errors = sum(finding.severity == "error" for finding in refused.findings)
        message = ngettext("There is %(num)d error.", "There are %(num)d errors.", errors)
        return jsonify(message=message, findings=[finding_json(f) for f in refused.findings]), 400
    made = [f"{d.name} ({gettext('version')} {d.version})" for d in deployment.definitions]
    message = (
        gettext(
            "Deployed: %(names)s. New cases follow it; running cases keep their version.",
            names=", ".join(made),
        )
        if made
        else gettext("Nothing has changed, so there is no new version.")
    )
    return jsonify(message=message, findings=[finding_json(f) for f in deployment.warnings])


@blueprint.post("/check/<agency_id>")
def check(agency_id: str) -> ResponseReturnValue:
    """What the linter says of what an editor holds: ``{findings}``. Changes nothing."""
    found = engine.check_deployment(database(), current_actor(), require_own(agency_id), _sent_resources())
    return jsonify(findings=[finding_json(finding) for finding in found])


def _sent_resources() -> dict[str, bytes]:
    """The files of the request by name. Raises ``BadRequest``."""
    body = request.get_json()
    sent = body.get("resources") if isinstance(body, dict) else None
    if not isinstance(sent, list) or not sent:
        raise BadRequest('the body must be {"resources": [{"name", "content"}]}')
    resources: dict[str, bytes] = {}
    for file in sent:
        name, content = (file.get("name"), file.get("content")) if isinstance(file, dict) else (None, None)
        if not isinstance(name, str) or not isinstance(content, str):
            raise BadRequest("a resource has a name and a content, both texts")
        if name in resources:
            raise BadRequest(f"two resources are called '{name}'")
        resources[name] = content.encode("utf-8", "replace")
    return resources


def _title(resources: dict[str, bytes]) -> str:
    return ", ".join(resources)


def finding_json(finding: Finding) -> dict[str, Any]:
    """A finding in the reader's language, as the panel of problems takes it."""
    parameters = dict(finding.parameters)
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "resource": finding.resource,
        "element_id": finding.element_id,
        "element_name": finding.element_name,
        "line": finding.line,
        "message": gettext(finding.template) % parameters if parameters else gettext(finding.template),
        "hint": gettext(finding.hint_template) % parameters if parameters else gettext(finding.hint_template),
    }
