"""``/deployment``: deploying files as Camunda Modeler sends them, and what was deployed."""

from collections.abc import Callable
from typing import Any

from flask import jsonify, request
from flask.typing import ResponseReturnValue

import engine
from engine.errors import DeploymentRefused, QueryInvalid
from engine.types import DeploymentView
from webapp.db import database
from webapp.errors import error_body
from webapp.rest.definitions import definition_json
from webapp.rest.gate import caller
from webapp.rest.listing import is_like, ordered, part
from webapp.rest.operation import NO_TENANT, PAGING, SORTING, Json, Query, lists, operation, texts
from webapp.rest.values import read_boolean, write_moment

SETTINGS = (
    "deployment-name",
    "deployment-source",
    "tenant-id",
    "enable-duplicate-filtering",
    "deploy-changed-only",
)
_FORM = {
    "type": "object",
    "properties": {
        **{name: {"type": "string"} for name in SETTINGS},
        "*": {"type": "string", "format": "binary", "description": "A file: .bpmn, .dmn or .form"},
    },
}


def _json(deployment: DeploymentView) -> Json:
    return {
        "links": [],
        "id": deployment.id,
        "name": deployment.name,
        "source": deployment.source or None,
        "deploymentTime": write_moment(deployment.deployed_at),
        "tenantId": deployment.agency_id,
    }


@operation(
    "POST",
    "/deployment/create",
    "Deploy files to an agency (tenant-id)",
    body=_FORM,
    media="multipart/form-data",
    answers={
        200: "The deployment",
        400: "The linter's findings",
        403: "Only analis deploys",
        404: "No such agency",
    },
)
def create(query: Query) -> ResponseReturnValue:
    """All of the files or none. A file that has not changed makes no new version, whatever is asked."""
    for name in request.form:
        if name not in SETTINGS:
            raise QueryInvalid(reason=f"'{name}' is not supported")
    for name in ("enable-duplicate-filtering", "deploy-changed-only"):
        _require_boolean(name)
    resources = _sent_files()
    try:
        deployment = engine.deploy(
            database(),
            caller(),
            _agency(),
            request.form.get("deployment-name", "-"),
            resources,
            source=request.form.get("deployment-source", ""),
        )
    except DeploymentRefused as refused:
        return jsonify(_refused(refused)), 400
    return jsonify(
        _json(deployment)
        | _deployed(deployment)
        | {"warnings": [finding_json(finding) for finding in deployment.warnings]}
    )


def _sent_files() -> dict[str, bytes]:
    resources: dict[str, bytes] = {}
    for field, file in request.files.items(multi=True):
        name = file.filename or field
        if name in resources:
            raise QueryInvalid(reason=f"two files are called '{name}'")
        resources[name] = file.read()
    if not resources:
        raise QueryInvalid(reason="there is no file to deploy")
    return resources


def _require_boolean(name: str) -> None:
    try:
        read_boolean(request.form.get(name, "true"))
    except ValueError as error:
        raise QueryInvalid(reason=f"'{name}': {error}") from error


def _agency() -> str:
    """The tenant that is named, or the only one to which the caller may deploy."""
    if tenant := request.form.get("tenant-id"):
        return tenant
    own = caller().agencies_with("analis") or frozenset(caller().by_agency)
    if len(own) != 1:
        raise QueryInvalid(reason="'tenant-id' says to which agency")
    return next(iter(own))


def _deployed(deployment: DeploymentView) -> Json:
    kinds = {
        "process": "deployedProcessDefinitions",
        "decision": "deployedDecisionDefinitions",
        "form": "deployedFormDefinitions",
    }
    answer: Json = {"deployedDecisionRequirementsDefinitions": None, "deployedCaseDefinitions": None}
    for kind, name in kinds.items():
        made = {d.id: definition_json(d) for d in deployment.definitions if d.kind == kind}
        answer[name] = made or None
    return answer


def _refused(refused: DeploymentRefused) -> Json:
    """Camunda's ``ParseException``: problems by file; and our findings in full."""
    details: dict[str, Json] = {}
    for finding in refused.findings:
        problems = details.setdefault(finding.resource, {"errors": [], "warnings": []})
        problems["errors" if finding.severity == "error" else "warnings"].append(
            {
                "message": str(finding),
                "line": finding.line,
                "column": None,
                "mainElementId": finding.element_id,
                "elementIds": [finding.element_id] if finding.element_id else [],
            }
        )
    findings = [finding_json(finding) for finding in refused.findings]
    return error_body(refused, english=True) | {"details": details, "findings": findings}


def finding_json(finding: Any) -> Json:
    """A finding of the linter: the rule, what is wrong, where, and what to do."""
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "resource": finding.resource,
        "elementId": finding.element_id,
        "elementName": finding.element_name,
        "line": finding.line,
        "message": finding.message,
        "hint": finding.hint,
    }


FILTERS = (*texts("id", "name", "nameLike", "source"), *lists("tenantIdIn"), *NO_TENANT)
_SORT_KEYS: dict[str, Callable[[DeploymentView], Any]] = {
    "id": lambda d: d.id,
    "name": lambda d: d.name,
    "deploymentTime": lambda d: d.deployed_at,
    "tenantId": lambda d: d.agency_id,
}


def _found(query: Query) -> list[DeploymentView]:
    found = engine.list_deployments(
        database(), caller(), agency_ids=query.get("tenantIdIn", ()), name=query.get("name")
    )
    return [
        d
        for d in found
        if query.get("id") in (None, d.id)
        and query.get("source") in (None, d.source)
        and is_like(query.get("nameLike"), d.name)
    ]


@operation("GET", "/deployment", "Deployments, the newest first", query=(*FILTERS, *SORTING, *PAGING))
def listed(query: Query) -> ResponseReturnValue:
    return jsonify([_json(d) for d in part(ordered(_found(query), query, _SORT_KEYS), query)])


@operation("GET", "/deployment/count", "How many deployments", query=FILTERS)
def counted(query: Query) -> ResponseReturnValue:
    return jsonify(count=len(_found(query)))


@operation("GET", "/deployment/<id>", "One deployment", answers={200: "The deployment", 404: "None"})
def one(id: str, query: Query) -> ResponseReturnValue:
    return jsonify(_json(engine.get_deployment(database(), caller(), id)))
