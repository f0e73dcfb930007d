"""What Camunda 7 would do and this engine does not: refused if it matters, else mentioned."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from lxml import etree

from engine.definitions.lint.deployment import Deployment, Diagram
from engine.definitions.lint.finding import Finding, Rule
from engine.definitions.lint.timers import is_duration
from engine.definitions.model import Element, Process
from engine.definitions.reading import FLOW_NODES, camunda, camunda_attributes, tag_of, text_of
from engine.definitions.xml import CAMUNDA
from engine.errors import N_

ASYNC_CONTINUATION = Rule(
    id="async-continuation",
    severity="error",
    title=N_("An asynchronous continuation where no token can wait."),
    why=N_("At an event sub-process, behind an event-based gateway or after an end it would do nothing."),
    hint=N_("Switch it off; in an event sub-process set it on the start event."),
    template=N_("'%(attribute)s' has no effect here."),
)
PROGRAM_CODE = Rule(
    id="program-code",
    severity="error",
    title=N_("A class, a delegate, a listener, a connector or a script."),
    why=N_("A diagram never runs program code on the server."),
    hint=N_("Remove it; use decisions, FEEL expressions, user tasks and external tasks."),
    template=N_("'%(part)s' is not run."),
)
FORM_KIND = Rule(
    id="form-kind",
    severity="error",
    title=N_("A form that is no form-js form by reference."),
    why=N_("Generated forms and form keys would show the worker nothing."),
    hint=N_("Choose 'Camunda Forms' and name the form's id as the form reference."),
    template=N_("'%(part)s' is not supported."),
)
ATTRIBUTE_IGNORED = Rule(
    id="attribute-ignored",
    severity="warning",
    title=N_("A Camunda attribute or extension that the engine ignores."),
    why=N_("The diagram promises something that will not happen."),
    hint=N_("Remove it if it matters."),
    template=N_("'%(part)s' has no effect."),
)
CAMUNDA_8 = Rule(
    id="camunda-8",
    severity="error",
    title=N_("A diagram made for Camunda 8."),
    why=N_("Its assignments, forms and conditions are written in another way and would be ignored."),
    hint=N_("Make the diagram for 'Camunda Platform 7' and enter the properties again."),
    template=N_("'%(part)s' belongs to Camunda 8."),
)
CONDITION_FILTER = Rule(
    id="condition-filter",
    severity="error",
    title=N_("A conditional event that looks at some variables or changes only."),
    why=N_("BPMN lets it go off whenever its condition becomes true (10.5.5); the filter would be ignored."),
    hint=N_("Remove the variable name and the variable events; say in the condition what matters."),
    template=N_("'%(attribute)s' is not supported."),
)
RETRIES_INVALID = Rule(
    id="retries-invalid",
    severity="error",
    title=N_("A retry time cycle that cannot be read."),
    why=N_("The engine could not tell when to try a failed job again."),
    hint=N_("Write how often and how long apart, as R3/PT5M, or each pause, as PT1M,PT10M,PT1H."),
    template=N_("'%(text)s' says not when to try again."),
)
RULES = (
    ASYNC_CONTINUATION,
    RETRIES_INVALID,
    CONDITION_FILTER,
    PROGRAM_CODE,
    FORM_KIND,
    ATTRIBUTE_IGNORED,
    CAMUNDA_8,
)

_RETRIES: Final = re.compile(r"R[0-9]{1,3}/(?P<pause>.+)")
_ZEEBE: Final = "http://camunda.org/schema/zeebe/1.0"
_ASYNC: Final = frozenset({"asyncBefore", "asyncAfter", "async"})
_CODE_ATTRIBUTES: Final = frozenset(
    {
        "class", "delegateExpression", "expression", "type", "topic", "resource",
        "variableMappingClass", "variableMappingDelegateExpression",
    }
)  # fmt: skip
_CODE_ELEMENTS: Final = frozenset(
    {
        "executionListener", "taskListener", "connector", "script", "inputOutput", "field",
        "errorEventDefinition",
    }
)  # fmt: skip
_TOPIC_TAGS: Final = frozenset({"serviceTask", "sendTask", "businessRuleTask", "messageEventDefinition"})
"""What may be an external task."""
_RETRIED: Final = FLOW_NODES | {"multiInstanceLoopCharacteristics"}
"""Where jobs come from."""
_CARRIED: Final = frozenset({"messageEventDefinition", "signalEventDefinition"})
_THROWING: Final = frozenset({"intermediateThrowEvent", "endEvent"})
_FORM_ATTRIBUTES: Final = frozenset({"formKey", "formHandlerClass"})
_HARMLESS: Final = frozenset(
    {
        "exclusive", "historyTimeToLive", "isStartableInTasklist", "modelerTemplate",
        "modelerTemplateVersion", "diagramRelationId",
    }
)  # fmt: skip
"""Written by the modeler without being asked, or about Camunda's own house-keeping."""
_FORM: Final = frozenset({"formRef", "formRefBinding", "formRefVersion"})
_HONOURED: Final[Mapping[str, frozenset[str]]] = {
    "process": frozenset(
        {"candidateStarterGroups", "candidateStarterUsers", "versionTag", "jobPriority", "taskPriority"}
    ),
    "startEvent": _FORM,
    "userTask": _FORM | {
        "assignee", "candidateGroups", "candidateUsers", "dueDate", "followUpDate", "priority",
    },
    "businessRuleTask": frozenset(
        {"decisionRef", "decisionRefBinding", "decisionRefVersion", "mapDecisionResult", "resultVariable"}
    ),
    "callActivity": frozenset({"calledElementBinding"}),
    "multiInstanceLoopCharacteristics": frozenset({"collection", "elementVariable"}),
    "errorEventDefinition": frozenset({"errorCodeVariable", "errorMessageVariable"}),
    "escalationEventDefinition": frozenset({"escalationCodeVariable"}),
}  # fmt: skip
"""Camunda's attributes that do something, by the element that they stand on."""


def check(diagram: Diagram, deployment: Deployment) -> Iterator[Finding]:
    """Attributes and extension elements of other engines."""
    for node in diagram.inside():
        tag = tag_of(node)
        for name, value in camunda_attributes(node).items():
            if rule := _rule_for(name, value.strip(), tag):
                yield rule.at(diagram.place(node), part=name, attribute=name)
        if tag == "extensionElements":
            yield from _check_extensions(diagram, node)
        if any(str(name).startswith(f"{{{_ZEEBE}}}") for name in node.attrib):
            yield CAMUNDA_8.at(diagram.place(node), part=f"zeebe:{tag}")
    for process, element in diagram.elements():
        for attribute in _idle_continuations(process, element):
            yield ASYNC_CONTINUATION.at(diagram.place(element), attribute=attribute)


def _rule_for(attribute: str, value: str, tag: str) -> Rule | None:
    if attribute in _FORM_ATTRIBUTES:
        return FORM_KIND
    if tag == "conditionalEventDefinition" and attribute in ("variableName", "variableEvents"):
        return CONDITION_FILTER
    external = tag in _TOPIC_TAGS and (attribute == "topic" or (attribute, value) == ("type", "external"))
    if attribute in _CODE_ATTRIBUTES and not external:
        return PROGRAM_CODE
    honoured = (
        external
        or (tag in _RETRIED and (attribute in _ASYNC or attribute == "jobPriority"))
        or (tag in _TOPIC_TAGS and attribute == "taskPriority")
        or attribute in _HONOURED.get(tag, ())
    )
    return None if honoured or attribute in _HARMLESS else ATTRIBUTE_IGNORED


def _idle_continuations(process: Process, element: Element) -> Iterator[str]:
    """Asynchronous continuations of an element that would never stop a token."""
    gateways = (process.elements.get(process.flows[flow_id].source) for flow_id in element.incoming)
    awaited = any(gateway and gateway.type == "eventBasedGateway" for gateway in gateways)
    if element.async_before and (element.triggered_by_event or awaited):
        yield "asyncBefore"
    if element.async_after and (element.triggered_by_event or element.type == "endEvent"):
        yield "asyncAfter"


def _check_extensions(diagram: Diagram, extensions: etree._Element) -> Iterator[Finding]:
    owner = extensions.getparent()
    tag = "" if owner is None else tag_of(owner)
    around = None if owner is None else owner.getparent()
    carries = tag == "sendTask" or (tag in _CARRIED and around is not None and tag_of(around) in _THROWING)
    mappings = ("in", "out") if tag == "callActivity" else ("in",) if carries else ()
    for child in extensions:
        name, place = etree.QName(child), diagram.place(child)
        if name.namespace == _ZEEBE:
            yield CAMUNDA_8.at(place, part=f"zeebe:{name.localname}")
        elif name.namespace != CAMUNDA or child.tag == camunda("properties"):
            continue
        elif name.localname in _CODE_ELEMENTS:
            yield PROGRAM_CODE.at(place, part=name.localname)
        elif name.localname == "formData":
            yield FORM_KIND.at(place, part=name.localname)
        elif name.localname == "failedJobRetryTimeCycle" and tag in _RETRIED:
            yield from _check_retries(diagram, child)
        elif name.localname not in mappings:
            yield ATTRIBUTE_IGNORED.at(place, part=name.localname)


def _check_retries(diagram: Diagram, node: etree._Element) -> Iterator[Finding]:
    """How often and when a failed job is tried again: ``R3/PT5M``, or the pauses one by one."""
    text = text_of(node)
    cycle = _RETRIES.fullmatch(text)
    pauses = [cycle["pause"]] if cycle else text.split(",")
    if not all(is_duration(pause.strip()) for pause in pauses):
        yield RETRIES_INVALID.at(diagram.place(node), text=text)
