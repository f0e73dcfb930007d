"""The graph: one way in, everything reachable, flows that stay in their scope."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from engine.definitions.lint.deployment import Deployment, Diagram
from engine.definitions.lint.finding import Finding, Rule
from engine.definitions.model import Element, Process
from engine.definitions.reading import SUB_PROCESSES
from engine.errors import N_

START_MISSING = Rule(
    id="start-missing",
    severity="error",
    title=N_("A process or sub-process without a start event."),
    why=N_("Nobody could say where it begins."),
    hint=N_("Draw a start event in it."),
)
START_SEVERAL = Rule(
    id="start-several",
    severity="error",
    title=N_("Several start events that begin in the same way."),
    why=N_("A start by hand, or by one message or signal, begins at one place."),
    hint=N_("Keep one start event, and put a gateway behind it."),
    template=N_("'%(first)s' already begins in this way."),
)
UNREACHABLE = Rule(
    id="unreachable",
    severity="error",
    title=N_("An element that no start event leads to."),
    why=N_("It would never happen."),
    hint=N_("Connect it with a sequence flow, or remove it."),
)
DEAD_END = Rule(
    id="dead-end",
    severity="warning",
    title=N_("An element without a way out that is no end event."),
    why=N_("The case ends there, and its end has no name."),
    hint=N_("Lead it to an end event that says the outcome."),
)
FLOW_UNCONNECTED = Rule(
    id="flow-unconnected",
    severity="error",
    title=N_("A sequence flow that lacks its source or its target."),
    why=N_("It leads nowhere, or comes from nowhere."),
    hint=N_("Connect both ends to elements of the same process, or remove the flow."),
)
FLOW_CROSSES_SCOPE = Rule(
    id="flow-crosses-scope",
    severity="error",
    title=N_("A sequence flow across the border of a sub-process or process."),
    why=N_("BPMN allows none (7.6.1), and the engine could not follow it."),
    hint=N_("End the sub-process, and connect the sub-process itself; between pools use a message."),
)
FLOW_MISPLACED = Rule(
    id="flow-misplaced",
    severity="error",
    title=N_(
        "A sequence flow into a start or boundary event, out of an end event, or at an event sub-process."
    ),
    why=N_("These elements begin or end by themselves; the flow would never be taken."),
    hint=N_("Remove the flow, or use an intermediate event."),
    template=N_("No sequence flow may lead here in this direction (%(direction)s)."),
)
ACTIVITY_SPLITS = Rule(
    id="activity-splits",
    severity="error",
    title=N_("Several flows, or a flow with a condition, out of a task or an event."),
    why=N_("What happens then is easily misread; the engine lets only gateways decide and split."),
    hint=N_("Draw a gateway behind it: exclusive to choose, parallel to do all."),
)
RULES = (
    START_MISSING,
    START_SEVERAL,
    UNREACHABLE,
    DEAD_END,
    FLOW_UNCONNECTED,
    FLOW_CROSSES_SCOPE,
    FLOW_MISPLACED,
    ACTIVITY_SPLITS,
)

_IN: Final = "in"
_OUT: Final = "out"


def check(diagram: Diagram, deployment: Deployment) -> Iterator[Finding]:
    """The graph of each executable process."""
    for process in diagram.processes:
        yield from _check_starts(diagram, process)
        yield from _check_flows(diagram, process)
        alive = _reachable(process)
        for element in process.elements.values():
            if element.id not in alive:
                yield UNREACHABLE.at(diagram.place(element))
            yield from _check_ways(diagram, process, element)


def _check_starts(diagram: Diagram, process: Process) -> Iterator[Finding]:
    starts: defaultdict[str, list[Element]] = defaultdict(list)
    for element in process.elements.values():
        if element.type == "startEvent":
            starts[element.scope].append(element)
    scopes = [e for e in process.elements.values() if e.type in SUB_PROCESSES]
    parts: list[tuple[str, Process | Element]] = [(process.key, process), *((e.id, e) for e in scopes)]
    for scope_id, scope in parts:
        found = starts[scope_id]
        if not found:
            yield START_MISSING.at(diagram.place(scope))
        first: dict[object, Element] = {}
        for start in found:
            other = first.setdefault(_way_of(start) if scope is process else None, start)
            if other is not start:
                yield START_SEVERAL.at(diagram.place(start), first=other.name or other.id)


def _way_of(start: Element) -> object:
    """How a process begins there: by hand, by one message or signal; each timer is a way of its own."""
    event = start.event_definition
    if event is None:
        return None
    return (event.kind, event.name or start.id)


def _check_flows(diagram: Diagram, process: Process) -> Iterator[Finding]:
    for flow in process.flows.values():
        source, target = process.elements.get(flow.source), process.elements.get(flow.target)
        if source and target:
            if not source.scope == target.scope == flow.scope:
                yield FLOW_CROSSES_SCOPE.at(diagram.place(flow))
        elif {flow.source, flow.target} <= diagram.node_ids:
            yield FLOW_CROSSES_SCOPE.at(diagram.place(flow))
        else:
            yield FLOW_UNCONNECTED.at(diagram.place(flow))


def _check_ways(diagram: Diagram, process: Process, element: Element) -> Iterator[Finding]:
    link = element.event if element.event == "link" else ""
    if element.for_compensation or (element.type == "boundaryEvent" and element.event == "compensate"):
        return  # outside the flow: rules of their own
    closed_in = element.type in ("startEvent", "boundaryEvent") or element.triggered_by_event
    closed_out = element.type == "endEvent" or element.triggered_by_event
    if element.incoming and (closed_in or (link and element.type == "intermediateCatchEvent")):
        yield FLOW_MISPLACED.at(diagram.place(element), direction=_IN)
    throws_link = link and element.type == "intermediateThrowEvent"
    if element.outgoing and (closed_out or throws_link):
        yield FLOW_MISPLACED.at(diagram.place(element), direction=_OUT)
    if not element.outgoing and not closed_out and not throws_link:
        yield DEAD_END.at(diagram.place(element))
    if not element.type.endswith("Gateway") and not closed_out:
        flows = [process.flows[flow_id] for flow_id in element.outgoing]
        if len(flows) > 1 or any(flow.condition is not None for flow in flows):
            yield ACTIVITY_SPLITS.at(diagram.place(element))


def _reachable(process: Process) -> frozenset[str]:
    """Ids of the elements that a token can come to: by flow, boundary, link, or as an event sub-process."""
    onward: defaultdict[str, list[str]] = defaultdict(list)
    for flow in process.flows.values():
        onward[flow.source].append(flow.target)
    catches = {
        (e.scope, e.event_definition.name): e.id
        for e in process.elements.values()
        if e.event_definition and e.event == "link" and e.type == "intermediateCatchEvent"
    }
    todo: list[str] = []
    for element in process.elements.values():
        if element.attached_to:
            onward[element.attached_to].append(element.id)
        onward[element.id] += element.handlers
        if element.event_definition and element.event == "link" and element.type == "intermediateThrowEvent":
            partner = catches.get((element.scope, element.event_definition.name))
            onward[element.id] += [partner] if partner else []
        if element.type == "startEvent" or element.triggered_by_event:
            if element.scope == process.key:
                todo.append(element.id)
            else:
                onward[element.scope].append(element.id)
    alive: set[str] = set()
    while todo:
        current = todo.pop()
        if current in process.elements and current not in alive:
            alive.add(current)
            todo += onward[current]
    return frozenset(alive)
