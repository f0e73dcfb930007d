"""``/migration``: plans between two versions of a process, and instances that are moved by them."""

from typing import Any

from flask import jsonify
from flask.typing import ResponseReturnValue

import engine
from engine import InstanceFilter, InstanceMigration, MigrationPlanView
from engine.errors import MigrationBlocked, QueryInvalid
from webapp.db import database
from webapp.rest.gate import caller
from webapp.rest.instances import FILTERS, instance_filter
from webapp.rest.operation import Json, Query, body_as_query, flag_of, ids_of, operation, read_body, text_of

_INSTRUCTION = {
    "type": "object",
    "properties": {
        "sourceActivityIds": {"type": "array", "items": {"type": "string"}},
        "targetActivityIds": {"type": "array", "items": {"type": "string"}},
        "updateEventTrigger": {"type": "boolean"},
    },
}
_PLAN = {
    "type": "object",
    "properties": {
        "sourceProcessDefinitionId": {"type": "string"},
        "targetProcessDefinitionId": {"type": "string"},
        "instructions": {"type": "array", "items": _INSTRUCTION},
    },
    "required": ["sourceProcessDefinitionId", "targetProcessDefinitionId"],
}
_ENDS = {
    "sourceProcessDefinitionId": {"type": "string"},
    "targetProcessDefinitionId": {"type": "string"},
    "updateEventTriggers": {"type": "boolean"},
}
_EXECUTION = {
    "type": "object",
    "properties": {
        "migrationPlan": _PLAN,
        "processInstanceIds": {"type": "array", "items": {"type": "string"}},
        "processInstanceQuery": {"type": "object"},
        "skipCustomListeners": {"type": "boolean"},
        "skipIoMappings": {"type": "boolean"},
    },
    "required": ["migrationPlan"],
}
_REFUSED = {400: "The plan cannot be used", 403: "Not allowed", 404: "No such version"}


@operation(
    "POST",
    "/migration/generate",
    "A plan that maps every activity that can stand for itself",
    body={"type": "object", "properties": _ENDS, "required": list(_ENDS)[:2]},
    answers={200: "The plan", **_REFUSED},
)
def generate(query: Query) -> ResponseReturnValue:
    body = read_body([*_ENDS])
    _keep_due_times(body, "updateEventTriggers")
    plan = engine.plan_migration(database(), caller(), *_ends(body), None)
    return jsonify(_plan_json(plan))


@operation(
    "POST",
    "/migration/validate",
    "What is wrong with a plan",
    body=_PLAN,
    answers={200: "The report", **_REFUSED},
)
def validate(query: Query) -> ResponseReturnValue:
    source, target, mapping = _plan(read_body([*_PLAN["properties"], "variables"]))
    plan = engine.plan_migration(database(), caller(), source, target, None, mapping=mapping)
    return jsonify(instructionReports=_reports(plan))


@operation(
    "POST",
    "/migration/execute",
    "Move instances, all or none; 400 names what blocks",
    body=_EXECUTION,
    answers={204: "Done", **_REFUSED},
)
def execute(query: Query) -> ResponseReturnValue:
    source, target, mapping, wanted = _execution()
    plan = engine.plan_migration(database(), caller(), source, target, None, mapping=mapping)
    if plan.problems:
        return _refused("The plan is not valid.", {"instructionReports": _reports(plan)})
    try:
        engine.migrate_together(database(), caller(), source, target, wanted, mapping=mapping)
    except MigrationBlocked as blocked:
        return _refused(str(blocked), _blocked(blocked.instances[0]))
    return "", 204


def _refused(message: str, report: Json) -> ResponseReturnValue:
    return jsonify(type="MigrationRefused", message=message, validationReport=report), 400


@operation(
    "POST",
    "/migration/executeAsync",
    "Move those instances that can be moved; done when this answers",
    body=_EXECUTION,
    answers={200: "What was done, as a batch", **_REFUSED},
)
def execute_async(query: Query) -> ResponseReturnValue:
    source, target, mapping, wanted = _execution()
    report = engine.migrate_instances(database(), caller(), source, target, wanted, mapping=mapping)
    total = len(report.done) + len(report.blocked)
    return jsonify(
        id=report.batch_id,
        type="instance-migration",
        totalJobs=total,
        jobsCreated=total,
        batchJobsPerSeed=total,
        invocationsPerBatchJob=1,
        seedJobDefinitionId=None,
        monitorJobDefinitionId=None,
        batchJobDefinitionId=None,
        suspended=False,
        tenantId=None,
        createUserId=caller().user_id,
        migrated=[found.instance_id for found in report.done],
        blocked=[_blocked(found) for found in report.blocked],
    )


def _execution() -> tuple[str, str, dict[str, str], InstanceFilter]:
    body = read_body([*_EXECUTION["properties"]])
    for name in ("skipCustomListeners", "skipIoMappings"):  # there are none to skip
        flag_of(body, name)
    if not isinstance(body.get("migrationPlan"), dict):
        raise QueryInvalid(reason="'migrationPlan' is missing")
    source, target, mapping = _plan(body["migrationPlan"])
    by_query = body.get("processInstanceQuery")
    if ("processInstanceIds" in body) == (by_query is not None):
        raise QueryInvalid(reason="one of 'processInstanceIds' and 'processInstanceQuery' is needed")
    if by_query is None:
        return source, target, mapping, InstanceFilter(instance_ids=tuple(ids_of(body, "processInstanceIds")))
    if not isinstance(by_query, dict):
        raise QueryInvalid(reason="'processInstanceQuery' is an object")
    return source, target, mapping, instance_filter(body_as_query(FILTERS, by_query))


def _ends(body: Json) -> tuple[str, str]:
    ends = [text_of(body, name) for name in list(_ENDS)[:2]]
    if not all(ends):
        raise QueryInvalid(reason="'sourceProcessDefinitionId' and 'targetProcessDefinitionId' are needed")
    return str(ends[0]), str(ends[1])


def _plan(body: Json) -> tuple[str, str, dict[str, str]]:
    """Source, target and mapping of a plan. Raises ``QueryInvalid``."""
    instructions = body.get("instructions")
    if not isinstance(instructions, list):
        raise QueryInvalid(reason="'instructions' is a list")
    mapping: dict[str, str] = {}
    for number, entry in enumerate(instructions):
        pair = [_only(number, entry, name) for name in ("sourceActivityIds", "targetActivityIds")]
        _keep_due_times(entry, "updateEventTrigger")
        if pair[0] in mapping:
            raise QueryInvalid(reason=f"instruction {number}: '{pair[0]}' is mapped already")
        mapping[pair[0]] = pair[1]
    return *_ends(body), mapping


def _keep_due_times(body: Json, name: str) -> None:
    if flag_of(body, name):
        raise QueryInvalid(reason=f"'{name}': a timer that runs keeps its due time")


def _only(number: int, entry: Any, name: str) -> str:
    ids = entry.get(name) if isinstance(entry, dict) else None
    if not (isinstance(ids, list) and len(ids) == 1 and isinstance(ids[0], str)):
        raise QueryInvalid(reason=f"instruction {number}: '{name}' is a list of one id")
    found: str = ids[0]
    return found


def _plan_json(plan: MigrationPlanView) -> Json:
    return {
        "sourceProcessDefinitionId": plan.source_definition_id,
        "targetProcessDefinitionId": plan.target_definition_id,
        "instructions": [_instruction_json(before, after) for before, after in plan.mapping.items()],
        "variables": None,
    }


def _instruction_json(before: str, after: str | None) -> Json:
    targets = [] if after is None else [after]
    return {"sourceActivityIds": [before], "targetActivityIds": targets, "updateEventTrigger": False}


def _reports(plan: MigrationPlanView) -> list[Json]:
    failures: dict[str, list[str]] = {}
    for problem in plan.problems:
        failures.setdefault(problem.element_id, []).append(str(problem))
    return [
        {"instruction": _instruction_json(element_id, plan.mapping.get(element_id)), "failures": found}
        for element_id, found in failures.items()
    ]


def _blocked(found: InstanceMigration) -> Json:
    """Camunda's report of an instance that cannot be moved."""
    return {
        "processInstanceId": found.instance_id,
        "failures": [],
        "activityInstanceValidationReports": [
            {"sourceScopeId": problem.element_id, "failures": [str(problem)]} for problem in found.problems
        ],
    }
