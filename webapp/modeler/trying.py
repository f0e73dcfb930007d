"""Trying a decision out while it is drawn: what it asks for, and what it says to given values."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

import engine
from engine.definitions.dmn import DecisionOutline, Trial, check_decisions
from engine.errors import DecisionError, DecisionNotFound
from webapp.i18n import gettext
from webapp.modeler.part import blueprint
from webapp.modeler.reasons import conflict_in_words, in_words

_FILE = "keputusan.dmn"


@blueprint.post("/decision/try")
def try_out() -> ResponseReturnValue:
    """Evaluate a decision of a file that is not deployed; nothing is read or stored.

    ``{"xml", "decision", "inputs"}``; ``inputs``: JSON values by name, or null to learn what is asked for.
    200 ``{kind, inputs: [{name, type, options}], outputs}``, and where inputs are given ``{value, rows,
    rules: [{id, number}], warnings: [{element, message}]}``, or ``{error, decision, element, rules}`` if it
    cannot be evaluated. 400 for what is no DMN, 404 if it has no such decision.
    """
    xml, decision, inputs = _sent()
    resources = {_FILE: xml}
    outline = next(iter(engine.outline_decisions(resources, decision)), None)
    if outline is None:
        raise DecisionNotFound(id=decision)
    answer = _outline_json(outline)
    if inputs is None:
        return jsonify(answer)
    try:
        trial = engine.try_decision(resources, outline.id, inputs)
    except DecisionError as error:
        return jsonify(answer | _error_json(error, resources))
    return jsonify(answer | _trial_json(trial, outline))


def _sent() -> tuple[bytes, str, Mapping[str, Any] | None]:
    """File, decision and inputs of the request. Raises ``BadRequest``."""
    body = request.get_json()
    sent = body if isinstance(body, dict) else {}
    xml, decision, inputs = sent.get("xml"), sent.get("decision"), sent.get("inputs")
    if not isinstance(xml, str) or not isinstance(decision, str):
        raise BadRequest('the body must be {"xml", "decision", "inputs"}; the first two are texts')
    if inputs is not None and not isinstance(inputs, dict):
        raise BadRequest("the inputs must be an object of values by name, or null")
    return xml.encode("utf-8", "replace"), decision, inputs


def _outline_json(outline: DecisionOutline) -> dict[str, Any]:
    inputs = [{"name": i.name, "type": i.type, "options": list(i.options)} for i in outline.inputs]
    return {"kind": outline.kind, "inputs": inputs, "outputs": list(outline.outputs)}


def _trial_json(trial: Trial, outline: DecisionOutline) -> dict[str, Any]:
    warnings = []
    for warning in dict.fromkeys(trial.warnings):
        element, message = in_words(warning)
        warnings.append({"element": element, "message": message})
    rules = _numbered(trial.rules, outline)
    return {"value": trial.value, "rows": list(trial.rows), "rules": rules, "warnings": warnings}


def _error_json(error: DecisionError, resources: Mapping[str, bytes]) -> dict[str, Any]:
    """Why and where, which may be in a decision that this one needs; ``rules``: those that are at odds."""
    outline = next(iter(engine.outline_decisions(resources, error.decision)), None)
    rules = _numbered(error.rules, outline) if outline else []
    message = (
        conflict_in_words(error.reason, [rule["number"] for rule in rules])
        or _problem(error, resources[_FILE])
        or in_words(error.reason)[1]
    )
    return {"error": message, "decision": error.decision, "element": error.element, "rules": rules}


def _problem(error: DecisionError, xml: bytes) -> str:
    """The linter's sentence where a fault of the file itself keeps the decision from being evaluated."""
    for problem in check_decisions(xml, _FILE):
        if problem.element_id == error.element and str(problem) == error.reason:
            return gettext(problem.template) % problem.parameters
    return ""


def _numbered(rules: Sequence[str], outline: DecisionOutline) -> list[dict[str, Any]]:
    """Rules with the numbers of their rows, in the order given."""
    numbers = {id_: number for number, id_ in enumerate(outline.rules, 1)}
    return [{"id": id_, "number": numbers[id_]} for id_ in rules if id_ in numbers]
