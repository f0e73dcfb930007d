"""Small BPMN diagrams as text: ``document(process([user("a")], "s > a > e"))``."""

from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from engine.definitions import parse_xml

NAMESPACES = (
    'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'
)
REFERENCES = (
    '<bpmn:message id="m_putusan" name="putusan"/><bpmn:message id="m_keluhan" name="keluhan"/>'
    '<bpmn:signal id="s_darurat" name="darurat"/>'
    '<bpmn:error id="e_tolak" name="tolak" errorCode="TOLAK" camunda:errorMessage="tidak lengkap"/>'
    '<bpmn:error id="e_lain" name="lain" errorCode="LAIN"/>'
    '<bpmn:escalation id="x_lambat" name="lambat" escalationCode="LAMBAT"/>'
)

MESSAGE = '<bpmn:messageEventDefinition messageRef="m_putusan"/>'
COMPLAINT = '<bpmn:messageEventDefinition messageRef="m_keluhan"/>'
SIGNAL = '<bpmn:signalEventDefinition signalRef="s_darurat"/>'
ERROR = '<bpmn:errorEventDefinition errorRef="e_tolak"/>'
OTHER_ERROR = '<bpmn:errorEventDefinition errorRef="e_lain"/>'
ANY_ERROR = "<bpmn:errorEventDefinition/>"
ESCALATION = '<bpmn:escalationEventDefinition escalationRef="x_lambat"/>'
TERMINATE = "<bpmn:terminateEventDefinition/>"
COMPENSATION = "<bpmn:compensateEventDefinition/>"
CANCEL = "<bpmn:cancelEventDefinition/>"

START, END = '<bpmn:startEvent id="s"/>', '<bpmn:endEvent id="e"/>'


def node(tag: str, element_id: str, inner: str = "", /, **attributes: str) -> str:
    """Any element; ``camunda_x`` becomes ``camunda:x``."""
    pairs = {k.replace("camunda_", "camunda:"): v for k, v in attributes.items()}
    text = "".join(f" {name}={quoteattr(value)}" for name, value in pairs.items())
    return f'<bpmn:{tag} id="{element_id}"{text}>{inner}</bpmn:{tag}>'


def user(*ids: str) -> str:
    return "".join(node("userTask", i) for i in ids)


def exclusive(element_id: str, default: str = "") -> str:
    return node("exclusiveGateway", element_id, **({"default": default} if default else {}))


def inclusive(element_id: str, default: str = "") -> str:
    return node("inclusiveGateway", element_id, **({"default": default} if default else {}))


def parallel(*ids: str) -> str:
    return "".join(node("parallelGateway", i) for i in ids)


def start(element_id: str, event: str = "", *, interrupting: bool = True) -> str:
    return node("startEvent", element_id, event, isInterrupting=str(interrupting).lower())


def end(element_id: str, event: str = "") -> str:
    return node("endEvent", element_id, event)


def throw(element_id: str, event: str = "") -> str:
    return node("intermediateThrowEvent", element_id, event)


def catch(element_id: str, event: str) -> str:
    return node("intermediateCatchEvent", element_id, event)


def boundary(element_id: str, at: str, event: str, *, cancel: bool = True) -> str:
    return node("boundaryEvent", element_id, event, attachedToRef=at, cancelActivity=str(cancel).lower())


def service(element_id: str) -> str:
    return node("serviceTask", element_id, camunda_type="external", camunda_topic="sipp")


def decision(element_id: str, result: str) -> str:
    return node("businessRuleTask", element_id, camunda_decisionRef="risiko", camunda_resultVariable=result)


def timer(text: str, kind: str = "timeDuration") -> str:
    return f"<bpmn:timerEventDefinition><bpmn:{kind}>{escape(text)}</bpmn:{kind}></bpmn:timerEventDefinition>"


def condition(text: str) -> str:
    inner = f"<bpmn:condition>{escape(text)}</bpmn:condition>"
    return f"<bpmn:conditionalEventDefinition>{inner}</bpmn:conditionalEventDefinition>"


def link(name: str) -> str:
    return f'<bpmn:linkEventDefinition name="{name}"/>'


def many(
    collection: str = "",
    element: str = "",
    *,
    sequential: bool = False,
    until: str = "",
    cardinality: str = "",
    output: str = "",
    item: str = "",
) -> str:
    """Multi-instance characteristics."""
    own = f' camunda:collection="{collection}"' if collection else ""
    own += f' camunda:elementVariable="{element}"' if element else ""
    inner = f"<bpmn:loopCardinality>{cardinality}</bpmn:loopCardinality>" if cardinality else ""
    if output:
        inner += f"<bpmn:loopDataOutputRef>{output}</bpmn:loopDataOutputRef>"
        inner += f'<bpmn:outputDataItem id="{item}"/>'
    inner += f"<bpmn:completionCondition>{escape(until)}</bpmn:completionCondition>" if until else ""
    tag = "multiInstanceLoopCharacteristics"
    return f'<bpmn:{tag} isSequential="{str(sequential).lower()}"{own}>{inner}</bpmn:{tag}>'


def again_while(text: str, *, before: bool = False, maximum: int | None = None) -> str:
    """Standard loop characteristics."""
    most = f' loopMaximum="{maximum}"' if maximum else ""
    inner = f"<bpmn:loopCondition>{escape(text)}</bpmn:loopCondition>" if text else ""
    tag = "standardLoopCharacteristics"
    return f'<bpmn:{tag} testBefore="{str(before).lower()}"{most}>{inner}</bpmn:{tag}>'


def call(element_id: str, called: str, *mappings: str, loop: str = "") -> str:
    """A call activity; mappings like ``in source="a" target="b"``."""
    inner = "".join(f"<camunda:{m}/>" for m in mappings)
    return node(
        "callActivity",
        element_id,
        f"<bpmn:extensionElements>{inner}</bpmn:extensionElements>{loop}",
        calledElement=called,
    )


def sub(element_id: str, nodes: str, flows: str, *, loop: str = "") -> str:
    return node("subProcess", element_id, loop + nodes + flows_of(flows))


def on_event(element_id: str, event: str, nodes: str, flows: str, *, interrupting: bool = True) -> str:
    """An event sub-process whose start event is ``<id>_s``."""
    begin = start(f"{element_id}_s", event, interrupting=interrupting)
    return node("subProcess", element_id, begin + nodes + flows_of(flows), triggeredByEvent="true")


def undoes(handler: str, at: str, tag: str = "userTask", inner: str = "", **attributes: str) -> str:
    """A compensation event ``<handler>_b`` at an activity, and the activity that undoes it."""
    event = node("boundaryEvent", f"{handler}_b", COMPENSATION, attachedToRef=at)
    way = f'<bpmn:association id="{handler}_a" sourceRef="{handler}_b" targetRef="{handler}"/>'
    return event + node(tag, handler, inner, isForCompensation="true", **attributes) + way


def transaction(element_id: str, nodes: str, flows: str, *, loop: str = "") -> str:
    return node("transaction", element_id, loop + nodes + flows_of(flows))


def process(nodes: str, flows: str, key: str = "p") -> str:
    """A process; ``s`` and ``e`` are its start and end. Flows: ``s > a > g; g > b if x > 3; g > c``."""
    return node("process", key, START + nodes + END + flows_of(flows), isExecutable="true")


def document(*processes: str) -> etree._Element:
    text = f'<bpmn:definitions {NAMESPACES} targetNamespace="x" id="d">{REFERENCES}{"".join(processes)}'
    return parse_xml(f"{text}</bpmn:definitions>".encode(), "uji.bpmn")


def flows_of(text: str) -> str:
    """Flow ids are ``<source>__<target>``."""
    out = ""
    for part in filter(None, (p.strip() for p in text.split(";"))):
        chain, _, when = part.partition(" if ")
        names = [name.strip() for name in chain.split(">")]
        inner = f"<bpmn:conditionExpression>{escape(when)}</bpmn:conditionExpression>" if when else ""
        for source, target in pairwise(names):
            repeated = out.count(f'id="{source}__{target}')
            flow_id = f"{source}__{target}" + (f"_{repeated}" if repeated else "")
            out += f'<bpmn:sequenceFlow id="{flow_id}" sourceRef="{source}" targetRef="{target}">{inner}'
            out += "</bpmn:sequenceFlow>"
    return out
