"""Values that tasks and calls need: priorities, results of decisions, variables in and out."""

import re
from collections.abc import Iterator
from typing import Final

from engine.definitions.lint.deployment import Deployment, Diagram
from engine.definitions.lint.expressions import is_juel
from engine.definitions.lint.finding import Finding, Rule
from engine.definitions.model import FOUR_EYES as FOUR_EYES_PROPERTY
from engine.definitions.model import CallMapping, Element, expression_in
from engine.errors import N_

ATTRIBUTE_VALUE = Rule(
    id="attribute-value",
    severity="error",
    title=N_("An attribute whose value the engine does not know."),
    why=N_("The engine would fall back to something that the diagram does not say."),
    hint=N_("Possible: %(allowed)s."),
    template=N_("'%(text)s' is no value for %(attribute)s."),
)
RESULT_UNUSED = Rule(
    id="result-unused",
    severity="warning",
    title=N_("A business rule task that keeps no result."),
    why=N_("The decision would be taken and forgotten."),
    hint=N_("Name a result variable."),
)
CALL_MAPPING = Rule(
    id="call-mapping",
    severity="error",
    title=N_("A variable mapping that is incomplete."),
    why=N_("A called process, or who catches a message or signal, gets only what is mapped."),
    hint=N_("Give a source or a source expression, and a target; or variables='all'."),
    template=N_("A mapping (%(direction)s) is incomplete."),
)
CALL_BUSINESS_KEY = Rule(
    id="call-business-key",
    severity="error",
    title=N_("A business key that is handed to a called process."),
    why=N_("A called process runs under the registration number of its caller; another key has no effect."),
    hint=N_("Remove the business key from the call activity's mappings."),
)
FOUR_EYES = Rule(
    id="four-eyes",
    severity="error",
    title=N_("A rule of four eyes that names no task."),
    why=N_("Whoever drafts a letter could sign it too, and nobody would notice."),
    hint=N_("Write ids of other user tasks of the same process in 'empat_mata', with commas between them."),
    template=N_("'%(ref)s' is no other user task of this process."),
)
RULES = (ATTRIBUTE_VALUE, RESULT_UNUSED, CALL_MAPPING, CALL_BUSINESS_KEY, FOUR_EYES)

_NO_TASK: Final = N_("Only a user task can ask for a second person.")

RESULT_MAPPINGS: Final = ("singleEntry", "singleResult", "collectEntries", "resultList")


def check(diagram: Diagram, deployment: Deployment) -> Iterator[Finding]:
    """User tasks, business rule tasks and call activities."""
    for _, task in diagram.elements("userTask"):
        text = task.attributes.get("priority", "").strip()
        literal = text and expression_in(text) is None and not is_juel(text)
        if literal and not re.fullmatch(r"-?[0-9]{1,9}", text):
            allowed = N_("a whole number, or FEEL after '='")
            yield ATTRIBUTE_VALUE.at(diagram.place(task), text=text, attribute="priority", allowed=allowed)
    for _, task in diagram.elements("businessRuleTask"):
        if not task.is_external:
            yield from _check_decision(diagram, task)
    yield from _check_carried(diagram)
    yield from _check_four_eyes(diagram)
    for _, call in diagram.elements("callActivity"):
        for mapping in call.mappings:
            place = diagram.place(call, mapping.line)
            if mapping.business_key is not None:
                yield CALL_BUSINESS_KEY.at(place)
            elif not _is_complete(mapping):
                yield CALL_MAPPING.at(place, direction=mapping.direction)


def _check_four_eyes(diagram: Diagram) -> Iterator[Finding]:
    """What ``empat_mata`` names must be there: a slip of the pen would let everybody sign."""
    for process, element in diagram.elements():
        text = element.properties.get(FOUR_EYES_PROPERTY)
        if text is None:
            continue
        if element.type != "userTask":
            yield FOUR_EYES.at(diagram.place(element), _NO_TASK)
            continue
        for ref in element.four_eyes or (text,):
            named = process.elements.get(ref)
            if named is None or named.type != "userTask" or named.id == element.id:
                yield FOUR_EYES.at(diagram.place(element), ref=ref)


def _check_carried(diagram: Diagram) -> Iterator[Finding]:
    """What thrown messages and signals carry; they may name whom they are for."""
    for _, element in diagram.elements():
        for definition in element.events:
            for mapping in definition.mappings:
                if mapping.business_key is None and not _is_complete(mapping):
                    place = diagram.place(element, mapping.line)
                    yield CALL_MAPPING.at(place, direction=mapping.direction)


def _check_decision(diagram: Diagram, task: Element) -> Iterator[Finding]:
    mapping = task.attributes.get("mapDecisionResult", RESULT_MAPPINGS[-1])
    if mapping not in RESULT_MAPPINGS:
        allowed = ", ".join(RESULT_MAPPINGS)
        yield ATTRIBUTE_VALUE.at(
            diagram.place(task), text=mapping, attribute="mapDecisionResult", allowed=allowed
        )
    if not task.attributes.get("resultVariable", "").strip():
        yield RESULT_UNUSED.at(diagram.place(task))


def _is_complete(mapping: CallMapping) -> bool:
    if mapping.variables is not None:
        return mapping.variables == "all"
    return bool(mapping.target and (mapping.source or mapping.source_expression is not None))
