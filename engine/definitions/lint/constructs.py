"""BPMN that the engine does not run, and so refuses: never half right."""

from collections.abc import Iterator
from typing import Final

from lxml import etree

from engine.definitions.lint.deployment import Deployment, Diagram
from engine.definitions.lint.finding import Finding, Rule
from engine.definitions.reading import ACTIVITIES, EVENTS, FLOW_NODES, SUB_PROCESSES, bpmn, tag_of
from engine.errors import N_

SCRIPT_TASK = Rule(
    id="script-task",
    severity="error",
    title=N_("A script task."),
    why=N_("A diagram never runs program code on the server."),
    hint=N_("Use a business rule task with a decision, or FEEL in a condition."),
    template=N_("Script tasks are not run."),
)
SERVICE_TASK = Rule(
    id="service-task",
    severity="error",
    title=N_("A service task that is no external task, or an external task without a topic."),
    why=N_("Program code runs outside: a worker takes the tasks of its topic; others would wait for ever."),
    hint=N_("Choose the implementation 'External' and enter a topic, or use a user task."),
    template=N_("No worker could find this element (%(kind)s)."),
)
SUB_PROCESS_KIND = Rule(
    id="sub-process-kind",
    severity="error",
    title=N_("An ad-hoc sub-process."),
    why=N_("BPMN leaves open when its activities begin and when it ends."),
    hint=N_("Use an ordinary sub-process."),
    template=N_("Sub-processes of this kind (%(kind)s) are not run."),
)
COMPLEX_GATEWAY = Rule(
    id="complex-gateway",
    severity="error",
    title=N_("A complex gateway."),
    why=N_("BPMN leaves open what it means."),
    hint=N_("Use exclusive, inclusive or parallel gateways."),
)
TOKEN_QUANTITY = Rule(
    id="token-quantity",
    severity="error",
    title=N_("An activity with a start or completion quantity other than 1."),
    why=N_("The engine always takes and gives one token."),
    hint=N_("Remove startQuantity and completionQuantity; use multi-instance for several."),
)
DATA_ASSOCIATION = Rule(
    id="data-association",
    severity="error",
    title=N_("An input or output specification, or a data association."),
    why=N_("All variables belong to the case; what the association promises would not happen."),
    hint=N_("Remove it; a task reads and writes the variables of the case."),
    template=N_("'%(part)s' is not supported."),
)
CORRELATION = Rule(
    id="correlation-property",
    severity="error",
    title=N_("A correlation property, key or subscription."),
    why=N_("Messages find their case by its registration number; the property would be ignored."),
    hint=N_("Remove it, and send the message with the business key of the case."),
    template=N_("'%(part)s' is not supported."),
)
RESOURCE_ROLE = Rule(
    id="resource-role",
    severity="error",
    title=N_("A performer or potential owner in BPMN's own notation."),
    why=N_("It would be ignored, and the wrong people could take the task."),
    hint=N_(
        "Name the candidate groups or the assignee in the task's properties, or place the task in a lane."
    ),
    template=N_("'%(part)s' is not supported."),
)
UNKNOWN_CONSTRUCT = Rule(
    id="unknown-construct",
    severity="error",
    title=N_(
        "A part that the engine does not know: a choreography, a conversation, a global task, a misspelt one."
    ),
    why=N_("It would be ignored, and the case would go another way than the picture."),
    hint=N_("Draw it as a task, an event, a gateway or a sub-process."),
    template=N_("'%(part)s' is not supported."),
)
RULES = (
    SCRIPT_TASK,
    SERVICE_TASK,
    SUB_PROCESS_KIND,
    COMPLEX_GATEWAY,
    TOKEN_QUANTITY,
    DATA_ASSOCIATION,
    CORRELATION,
    RESOURCE_ROLE,
    UNKNOWN_CONSTRUCT,
)

_BY_TAG: Final[dict[str, Rule]] = {
    "scriptTask": SCRIPT_TASK,
    "adHocSubProcess": SUB_PROCESS_KIND,
    "complexGateway": COMPLEX_GATEWAY,
}
_PARTS: Final[dict[str, Rule]] = {
    "ioSpecification": DATA_ASSOCIATION,
    "ioBinding": DATA_ASSOCIATION,
    "dataInputAssociation": DATA_ASSOCIATION,
    "dataOutputAssociation": DATA_ASSOCIATION,
    "correlationSubscription": CORRELATION,
    "potentialOwner": RESOURCE_ROLE,
    "humanPerformer": RESOURCE_ROLE,
    "performer": RESOURCE_ROLE,
    "resourceRole": RESOURCE_ROLE,
}
_ROOT_PARTS: Final[dict[str, Rule]] = {
    "correlationProperty": CORRELATION,
    "choreography": UNKNOWN_CONSTRUCT,
    "globalChoreographyTask": UNKNOWN_CONSTRUCT,
    "globalTask": UNKNOWN_CONSTRUCT,
    "globalUserTask": UNKNOWN_CONSTRUCT,
    "globalManualTask": UNKNOWN_CONSTRUCT,
    "globalScriptTask": UNKNOWN_CONSTRUCT,
    "globalBusinessRuleTask": UNKNOWN_CONSTRUCT,
    "conversation": UNKNOWN_CONSTRUCT,
    "globalConversation": UNKNOWN_CONSTRUCT,
}
_SCOPES: Final = SUB_PROCESSES | {"process"}
_SCOPE_PARTS: Final = (
    FLOW_NODES
    | set(_PARTS)
    | {
        "sequenceFlow",
        "documentation",
        "extensionElements",
        "auditing",
        "monitoring",
        "property",
        "laneSet",
        "dataObject",
        "dataObjectReference",
        "dataStoreReference",
        "textAnnotation",
        "association",
        "group",
        "incoming",
        "outgoing",
        "multiInstanceLoopCharacteristics",
        "standardLoopCharacteristics",
        "completionCondition",
    }
)
"""What may stand in a process or sub-process; data and artifacts are drawings for the reader."""


def check(diagram: Diagram, deployment: Deployment) -> Iterator[Finding]:
    """Constructs by their XML names, wherever they stand."""
    for node in diagram.root:
        if rule := _ROOT_PARTS.get(tag_of(node)):
            yield rule.at(diagram.place(node), part=tag_of(node))
    for key in diagram.root.iterfind(f"{bpmn('collaboration')}/{bpmn('correlationKey')}"):
        yield CORRELATION.at(diagram.place(key), part="correlationKey")
    for _, element in diagram.elements():
        if (element.is_external or element.type == "serviceTask") and not element.topic:
            yield SERVICE_TASK.at(diagram.place(element), kind=element.type)
    for node in diagram.inside():
        tag, place = tag_of(node), diagram.place(node)
        if rule := _BY_TAG.get(tag) or _PARTS.get(tag):
            yield rule.at(place, kind=tag, part=tag)
        if tag in ACTIVITIES:
            yield from _check_activity(diagram, node)
        for part in _unknown_parts(node):
            yield UNKNOWN_CONSTRUCT.at(place, part=part)


def _check_activity(diagram: Diagram, node: etree._Element) -> Iterator[Finding]:
    if any(node.get(name, "1").strip() != "1" for name in ("startQuantity", "completionQuantity")):
        yield TOKEN_QUANTITY.at(diagram.place(node))


def _unknown_parts(node: etree._Element) -> Iterator[str]:
    """Attributes and children that would change what happens, or were meant to."""
    tag, parent = tag_of(node), node.getparent()
    around = "" if parent is None else tag_of(parent)
    if (tag in FLOW_NODES or tag == "sequenceFlow") and around not in _SCOPES:
        yield tag
    if tag.endswith(("EventDefinition", "eventDefinitionRef")) and around not in EVENTS:
        yield tag
    for name in ("instantiate", "eventGatewayType"):
        if node.get(name, "false").strip() not in ("false", "0", "Exclusive"):
            yield name
    if node.get("waitForCompletion", "true").strip() in ("false", "0"):
        yield "waitForCompletion"
    if tag in _SCOPES:
        for child in node:
            if (part := tag_of(child)) and part not in _SCOPE_PARTS:
                yield part
