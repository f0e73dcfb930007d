"""Reads the processes of a BPMN document. Never raises on a parsed tree: what is wrong, the linter says."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from lxml import etree

from engine.definitions.model import (
    CallMapping,
    Element,
    EventDefinition,
    Flow,
    Lane,
    Loop,
    Process,
    names_in,
)
from engine.definitions.xml import BPMN, CAMUNDA, line_of

SUB_PROCESSES: Final = frozenset({"subProcess", "transaction", "adHocSubProcess"})
GATEWAYS: Final = frozenset(
    {"exclusiveGateway", "inclusiveGateway", "parallelGateway", "eventBasedGateway", "complexGateway"}
)
EVENTS: Final = frozenset(
    {"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"}
)
TASKS: Final = frozenset(
    {
        "task",
        "userTask",
        "manualTask",
        "serviceTask",
        "sendTask",
        "receiveTask",
        "scriptTask",
        "businessRuleTask",
    }
)
ACTIVITIES: Final = TASKS | SUB_PROCESSES | {"callActivity"}
FLOW_NODES: Final = EVENTS | GATEWAYS | ACTIVITIES

_CODES: Final = {"error": "errorCode", "escalation": "escalationCode"}


def read_processes(root: etree._Element, resource: str) -> dict[str, Process]:
    """The processes of a BPMN document by key (id), in its order; one without an id is left out.

    ``root``: from ``parse_xml``. ``resource``: name of the file.
    """
    named = {e.get("id", ""): e for e in root if tag_of(e) in ("message", "signal", "error", "escalation")}
    pools = {
        local_ref(p.get("processRef")): name_of(p)
        for p in root.iterfind(f"{bpmn('collaboration')}/{bpmn('participant')}")
    }
    found: dict[str, Process] = {}
    for node in root.iterfind(bpmn("process")):
        key = node.get("id", "")
        if key and key not in found:
            found[key] = _read_process(node, resource, named, pools.get(key))
    return found


def _read_process(
    node: etree._Element, resource: str, named: Mapping[str, etree._Element], participant: str | None
) -> Process:
    key, attributes = node.get("id", ""), camunda_attributes(node)
    elements: dict[str, Element] = {}
    flows: dict[str, Flow] = {}
    for scope, child in flow_elements(node):
        element_id = child.get("id", "")
        if not element_id:
            continue
        if tag_of(child) == "sequenceFlow":
            flows.setdefault(element_id, _read_flow(child, scope))
        else:
            elements.setdefault(element_id, _read_element(child, scope, named))
    lanes = tuple(_read_lane(lane) for lane in node.iter(bpmn("lane")))
    return Process(
        key=key,
        name=name_of(node),
        resource=resource,
        line=line_of(node),
        executable=node.get("isExecutable", "false").strip() in ("true", "1"),
        version_tag=attributes.get("versionTag") or None,
        participant=participant,
        documentation=_documentation(node),
        starter_groups=names_in(attributes.get("candidateStarterGroups", "")),
        starter_users=names_in(attributes.get("candidateStarterUsers", "")),
        attributes=attributes,
        properties=properties_of(node),
        elements=_connect(_associate(node, elements), flows, lanes),
        flows=flows,
        lanes=lanes,
    )


def flow_elements(scope: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    """Pairs (id of the scope, flow node or sequence flow), through all sub-processes, in document order."""
    for child in scope:
        tag = tag_of(child)
        if tag in FLOW_NODES or tag == "sequenceFlow":
            yield scope.get("id", ""), child
        if tag in SUB_PROCESSES:
            yield from flow_elements(child)


def _read_element(node: etree._Element, scope: str, named: Mapping[str, etree._Element]) -> Element:
    tag = tag_of(node)
    flag = "cancelActivity" if tag == "boundaryEvent" else "isInterrupting"
    before, after = _asynchronous(node)
    return Element(
        id=node.get("id", ""),
        name=name_of(node),
        type=tag,
        line=line_of(node),
        scope=scope,
        documentation=_documentation(node),
        attributes=camunda_attributes(node) | _retry_cycle(node),
        properties=properties_of(node),
        events=tuple(_read_events(node, named)),
        attached_to=local_ref(node.get("attachedToRef")) or None if tag == "boundaryEvent" else None,
        interrupting=node.get(flag, "true").strip() not in ("false", "0"),
        default_flow=local_ref(node.get("default")) or None,
        triggered_by_event=tag in SUB_PROCESSES and node.get("triggeredByEvent", "").strip() in ("true", "1"),
        loop=_read_loop(node),
        called=node.get("calledElement", "").strip() or None if tag == "callActivity" else None,
        mappings=tuple(_read_mappings(node)),
        async_before=before,
        async_after=after,
        for_compensation=is_true(node.get("isForCompensation")),
    )


def _asynchronous(node: etree._Element) -> tuple[bool, bool]:
    """Whether a token waits for a job before and after it; ``async`` is the older name of ``asyncBefore``."""
    attributes = camunda_attributes(node)
    said = {name for name in ("asyncBefore", "async", "asyncAfter") if is_true(attributes.get(name))}
    return bool(said & {"asyncBefore", "async"}), "asyncAfter" in said


def _retry_cycle(node: etree._Element) -> dict[str, str]:
    """How a failed job there is tried again; the element's own, else that of its items."""
    path = f"{bpmn('extensionElements')}/{camunda('failedJobRetryTimeCycle')}"
    around = f"{bpmn('multiInstanceLoopCharacteristics')}/{path}"
    found = next((e for e in (node.find(path), node.find(around)) if e is not None), None)
    return {} if found is None else {"failedJobRetryTimeCycle": text_of(found)}


def _read_events(node: etree._Element, named: Mapping[str, etree._Element]) -> Iterator[EventDefinition]:
    if tag_of(node) in ("receiveTask", "sendTask"):  # as a message event waits or throws (BPMN 10.3.3)
        ref = local_ref(node.get("messageRef")) or None
        name = named[ref].get("name") or None if ref and ref in named else None
        mappings = tuple(_read_mappings(node))
        yield EventDefinition("message", line_of(node), ref, name, mappings=mappings)
    for child in node if tag_of(node) in EVENTS else ():
        tag = tag_of(child)
        if not tag.endswith(("EventDefinition", "eventDefinitionRef")):
            continue
        kind = tag.removesuffix("EventDefinition")
        ref = local_ref(child.get("activityRef" if kind == "compensate" else f"{kind}Ref")) or None
        target = named.get(ref) if ref else None
        timer = next((c for c in child if tag_of(c) in ("timeDate", "timeDuration", "timeCycle")), None)
        condition = child.find(bpmn("condition"))
        said = timer if timer is not None else condition
        yield EventDefinition(
            kind=kind,
            line=line_of(child),
            ref=ref,
            name=(child if target is None else target).get("name") or None,
            code=target.get(_CODES[kind]) or None if target is not None and kind in _CODES else None,
            timer=None if timer is None else tag_of(timer),
            text=None if said is None else text_of(said),
            error_message=None if target is None else target.get(camunda("errorMessage")),
            attributes=camunda_attributes(child),
            mappings=tuple(_read_mappings(child)),
        )


def _read_loop(node: etree._Element) -> Loop | None:
    multi = node.find(bpmn("multiInstanceLoopCharacteristics"))
    if multi is not None:
        item = multi.find(bpmn("outputDataItem"))
        before, after = _asynchronous(multi)
        return Loop(
            kind="sequential" if multi.get("isSequential", "false").strip() in ("true", "1") else "parallel",
            line=line_of(multi),
            cardinality=_text_at(multi, "loopCardinality"),
            collection=multi.get(camunda("collection")) or None,
            element_variable=multi.get(camunda("elementVariable")) or None,
            completion=_text_at(multi, "completionCondition"),
            output=_text_at(multi, "loopDataOutputRef"),
            output_item=None if item is None else item.get("id"),
            behavior=multi.get("behavior"),
            async_before=before,
            async_after=after,
        )
    loop = node.find(bpmn("standardLoopCharacteristics"))
    if loop is None:
        return None
    return Loop(
        kind="standard",
        line=line_of(loop),
        condition=_text_at(loop, "loopCondition"),
        maximum=loop.get("loopMaximum"),
        test_before=loop.get("testBefore", "false").strip() in ("true", "1"),
    )


def _read_mappings(node: etree._Element) -> Iterator[CallMapping]:
    for extension in node.iterfind(bpmn("extensionElements")):
        for child in extension:
            if child.tag in (camunda("in"), camunda("out")):
                yield CallMapping(
                    direction=etree.QName(child).localname,
                    line=line_of(child),
                    source=child.get("source"),
                    source_expression=child.get("sourceExpression"),
                    target=child.get("target"),
                    variables=child.get("variables"),
                    business_key=child.get("businessKey"),
                    local=child.get("local") == "true",
                )


def _read_flow(node: etree._Element, scope: str) -> Flow:
    return Flow(
        id=node.get("id", ""),
        name=name_of(node),
        line=line_of(node),
        scope=scope,
        source=local_ref(node.get("sourceRef")),
        target=local_ref(node.get("targetRef")),
        condition=_text_at(node, "conditionExpression"),
        properties=properties_of(node),
    )


def _read_lane(node: etree._Element) -> Lane:
    lane_id = node.get("id", "")
    return Lane(
        id=lane_id,
        name=name_of(node),
        line=line_of(node),
        group=properties_of(node).get("kelompok", "").strip() or lane_id.removeprefix("lane_"),
        members=tuple(local_ref(text_of(ref)) for ref in node.iterfind(bpmn("flowNodeRef"))),
    )


def _associate(node: etree._Element, elements: Mapping[str, Element]) -> dict[str, Element]:
    """The elements with the handlers that associations lead to (BPMN 10.7.1); others are notes."""
    handlers: defaultdict[str, list[str]] = defaultdict(list)
    for association in node.iter(bpmn("association")):
        target = local_ref(association.get("targetRef"))
        if target in elements and elements[target].for_compensation:
            handlers[local_ref(association.get("sourceRef"))].append(target)
    return {
        key: replace(e, handlers=tuple(handlers[key])) if key in handlers else e
        for key, e in elements.items()
    }


def _connect(
    elements: Mapping[str, Element], flows: Mapping[str, Flow], lanes: tuple[Lane, ...]
) -> dict[str, Element]:
    """The elements with their flows and lanes. Lanes come outer before inner, so the innermost stays."""
    into: defaultdict[str, list[str]] = defaultdict(list)
    out_of: defaultdict[str, list[str]] = defaultdict(list)
    for flow in flows.values():
        out_of[flow.source].append(flow.id)
        into[flow.target].append(flow.id)
    own = {member: lane for lane in lanes for member in lane.members}

    def lane_of(element: Element) -> Lane | None:
        host = elements.get(element.attached_to or "")
        around = element.scope
        for candidate in (element, host):
            if candidate is not None and candidate.id in own:
                return own[candidate.id]
        seen: set[str] = set()
        while around in elements and around not in seen:  # ids that are used twice may form a circle
            if around in own:
                return own[around]
            seen.add(around)
            around = elements[around].scope
        return None

    connected: dict[str, Element] = {}
    for element in elements.values():
        lane = lane_of(element)
        connected[element.id] = replace(
            element,
            lane=lane.name if lane else None,
            lane_group=lane.group if lane else None,
            incoming=tuple(into[element.id]),
            outgoing=tuple(out_of[element.id]),
        )
    return connected


def bpmn(name: str) -> str:
    """A BPMN name as lxml writes it."""
    return f"{{{BPMN}}}{name}"


def camunda(name: str) -> str:
    """A Camunda name as lxml writes it."""
    return f"{{{CAMUNDA}}}{name}"


def tag_of(node: etree._Element) -> str:
    """Local name of a BPMN element, empty for one of another namespace."""
    name = etree.QName(node)
    return name.localname if name.namespace == BPMN else ""


def is_true(text: str | None) -> bool:
    """Whether an XML boolean is true; absent is not."""
    return (text or "").strip() in ("true", "1")


def local_ref(text: str | None) -> str:
    """The id in a reference, which BPMN allows to carry a namespace prefix (``tns:msg_1``)."""
    return (text or "").strip().rpartition(":")[2]


def name_of(node: etree._Element) -> str:
    """The name of an element with its line breaks as blanks."""
    return " ".join(node.get("name", "").split())


def text_of(node: etree._Element) -> str:
    """All text inside an element, without blanks around it."""
    return "".join(str(part) for part in node.itertext()).strip()


def camunda_attributes(node: etree._Element) -> dict[str, str]:
    """Camunda's attributes by local name."""
    prefix = camunda("")
    return {str(k)[len(prefix) :]: str(v) for k, v in node.attrib.items() if str(k).startswith(prefix)}


def properties_of(node: etree._Element) -> dict[str, str]:
    """``camunda:property`` name -> value, of the element itself."""
    path = f"{bpmn('extensionElements')}/{camunda('properties')}/{camunda('property')}"
    return {p.get("name", ""): p.get("value", "") for p in node.iterfind(path)}


def _text_at(node: etree._Element, name: str) -> str | None:
    child = node.find(bpmn(name))
    return None if child is None else text_of(child)


def _documentation(node: etree._Element) -> str:
    return "\n\n".join(text_of(d) for d in node.iterfind(bpmn("documentation")))
