"""What Camunda 7 would do and this engine does not: refused if it matters, else mentioned."""

from collections.abc import Iterator, Mapping
from typing import Final

from lxml import etree

from engine.definitions.lint.deployment import Deployment, Diagram
from engine.definitions.lint.finding import Finding, Rule
from engine.definitions.reading import bpmn, camunda, camunda_attributes, tag_of
from engine.definitions.xml import CAMUNDA
from engine.errors import N_

ASYNC_CONTINUATION = Rule(
    id="async-continuation",
    severity="error",
    title=N_("An asynchronous continuation."),
    why=N_("The engine goes on within one transaction; the promised interruption would not be there."),
    hint=N_("Switch off 'asynchronous before' and 'asynchronous after'."),
    template=N_("'%(attribute)s' is not supported."),
)
PROGRAM_CODE = Rule(
    id="program-code",
    severity="error",
    title=N_("A class, a delegate, a topic, a listener, a connector or a script."),
    why=N_("A diagram never runs program code on the server, and nothing works on topics yet."),
    hint=N_("Remove it; use decisions, FEEL expressions and user tasks."),
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
RULES = (ASYNC_CONTINUATION, PROGRAM_CODE, FORM_KIND, ATTRIBUTE_IGNORED, CAMUNDA_8)

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
    "process": frozenset({"candidateStarterGroups", "candidateStarterUsers", "versionTag"}),
    "startEvent": _FORM,
    "userTask": _FORM | {
        "assignee", "candidateGroups", "candidateUsers", "dueDate", "followUpDate", "priority",
    },
    "businessRuleTask": frozenset(
        {"decisionRef", "decisionRefBinding", "decisionRefVersion", "mapDecisionResult", "resultVariable"}
    ),
    "callActivity": frozenset({"calledElementBinding"}),
    "multiInstanceLoopCharacteristics": frozenset({"collection", "elementVariable"}),
}  # fmt: skip
"""Camunda's attributes that do something, by the element that they stand on."""


def check(diagram: Diagram, deployment: Deployment) -> Iterator[Finding]:
    """Attributes and extension elements of other engines."""
    for node in diagram.inside():
        tag = tag_of(node)
        for name, value in camunda_attributes(node).items():
            if (rule := _rule_for(name, tag)) and not (name in _ASYNC and value.strip() in ("false", "0")):
                yield rule.at(diagram.place(node), part=name, attribute=name)
        if tag == "extensionElements":
            yield from _check_extensions(diagram, node)
        if any(str(name).startswith(f"{{{_ZEEBE}}}") for name in node.attrib):
            yield CAMUNDA_8.at(diagram.place(node), part=f"zeebe:{tag}")


def _rule_for(attribute: str, tag: str) -> Rule | None:
    if attribute in _ASYNC:
        return ASYNC_CONTINUATION
    if attribute in _FORM_ATTRIBUTES:
        return FORM_KIND
    if attribute in _CODE_ATTRIBUTES:
        return PROGRAM_CODE
    if attribute in _HARMLESS or attribute in _HONOURED.get(tag, ()):
        return None
    return ATTRIBUTE_IGNORED


def _check_extensions(diagram: Diagram, extensions: etree._Element) -> Iterator[Finding]:
    owner = extensions.getparent()
    calls = owner is not None and owner.tag == bpmn("callActivity")
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
        elif not (calls and name.localname in ("in", "out")):
            yield ATTRIBUTE_IGNORED.at(place, part=name.localname)
