"""From what a diagram says (``engine.definitions``) to the graph that tokens move on."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from engine.definitions import Element, Flow, Process
from engine.errors import ExecutionFailed
from engine.interpreter.boundaries import Boundary, Frame
from engine.interpreter.compensable import add_compensation
from engine.interpreter.event_subprocesses import EventSubProcess
from engine.interpreter.events import EventGateway
from engine.interpreter.gateways import Choice, Route
from engine.interpreter.kinds import SUB_PROCESSES, check_element, may_connect, node_class, refused
from engine.interpreter.nodes import Branch, Node
from engine.interpreter.repeat import Repeat
from engine.interpreter.spec import Connection, ScopeSpec
from engine.interpreter.spiff import TaskSpec


def build(process: Process) -> dict[str, ScopeSpec]:
    """The graphs of a process and of its sub-processes, by name.

    Raises XmlRefused, naming the element, for what the interpreter cannot run faithfully.
    """
    scopes = {process.key: ScopeSpec(process.key, process.key)}
    attached: defaultdict[str, list[Element]] = defaultdict(list)
    starts: defaultdict[str, list[Element]] = defaultdict(list)
    for element in process.elements.values():
        check_element(process, element)
        if element.type in SUB_PROCESSES:
            scopes[element.id] = ScopeSpec(f"{process.key}/{element.id}", process.key)
        elif element.type == "startEvent":
            starts[element.scope].append(element)
        elif element.attached_to and element.event != "compensate":
            attached[element.attached_to].append(element)
    for element in process.elements.values():
        if element.scope not in scopes:
            raise refused(process, element.id, "it stands in nothing that is run")
        _add_element(process, scopes[element.scope], element, attached[element.id], starts[element.id])
    for flow in process.flows.values():
        _connect_flow(process, scopes.get(flow.scope), flow)
    for source, target in _links(process):
        scopes[source.scope].task_specs[source.id].connect(_inlet(scopes[source.scope], target.id))
    add_compensation(process, scopes)
    for name, scope in scopes.items():
        if len(scope.starts) != 1 and name != process.key:
            raise refused(process, name, f"a sub-process needs one start event, not {len(scope.starts)}")
    return {scope.name: scope for scope in scopes.values()}


def _note_what_waits(scope: ScopeSpec, element: Element) -> None:
    """So that scopes in which nothing can wait need not be looked through."""
    if element.type != "startEvent":  # a scope begins when its event has come
        scope.heard.update(event.kind for event in element.events)
    scope.joins |= element.type == "inclusiveGateway"


def check_callable(process: Process, scope: ScopeSpec) -> None:
    """A called process must have one start event that needs no event. Raises XmlRefused."""
    try:
        scope.start_for(None)
    except ExecutionFailed as error:
        raise refused(process, process.key, "it is called, but has no start event of its own") from error


def _add_element(
    process: Process, scope: ScopeSpec, element: Element, boundaries: list[Element], starts: list[Element]
) -> None:
    """An element of a scope: an event sub-process with its ``starts``, or what a flow can lead to."""
    _note_what_waits(scope, element)
    if element.triggered_by_event:
        scope.listeners.append(_event_subprocess(process, scope, element, starts))
        scope.heard.update(event.kind for event in scope.listeners[-1].event_element.events)
    elif element.type != "boundaryEvent":
        _add(scope, element, boundaries)


def _add(scope: ScopeSpec, element: Element, boundaries: list[Element]) -> None:
    """The node of an element, with its loop and its boundary events."""
    make = node_class(element)
    node: Node
    if element.loop is not None:
        item = make(scope, f"{element.id} [item]", element)
        item.async_before, item.async_after = element.loop.async_before, element.loop.async_after
        node = Repeat(scope, element.id, element, element.loop, item)
    else:
        node = make(scope, element.id, element)
    if element.type == "startEvent":
        scope.starts[element.id] = node
    if boundaries:
        frame = Frame(scope, f"{element.id} [frame]", element)
        for inner in (node, *(_boundary(scope, boundary) for boundary in boundaries)):
            frame.connect(inner)
    _inlet(scope, element.id).async_before = element.async_before
    node.async_after = element.async_after


def _boundary(scope: ScopeSpec, element: Element) -> Boundary:
    node = Boundary(scope, element.id, element)
    node.async_before, node.async_after = element.async_before, element.async_after
    return node


def _event_subprocess(
    process: Process, scope: ScopeSpec, element: Element, starts: list[Element]
) -> EventSubProcess:
    if len(starts) != 1 or starts[0].event is None:
        raise refused(process, element.id, "an event sub-process needs one start event with an event")
    return EventSubProcess(scope, element.id, element, starts[0])


def _connect_flow(process: Process, scope: ScopeSpec | None, flow: Flow) -> None:
    specs: Mapping[str, Any] = scope.task_specs if scope is not None else {}
    if scope is None or flow.source not in specs or flow.target not in specs:
        raise refused(process, flow.id, "the flow does not connect two elements of its own scope")
    if not may_connect(process.elements[flow.source], process.elements[flow.target]):
        raise refused(process, flow.id, "no flow may lead from or to these elements")
    source, inlet = specs[flow.source], _inlet(scope, flow.target)
    if isinstance(source, EventGateway) and not hasattr(inlet, "event"):
        raise refused(process, flow.id, "behind an event-based gateway stand catching events only")
    if isinstance(source, EventGateway) and inlet.async_before:
        raise refused(process, flow.id, "nothing stops between an event-based gateway and its events")
    if inlet.name in source._outputs:
        branch = Branch(scope, f"{flow.id} [branch]", source.element)
        branch.connect(inlet)
        inlet = branch
    if isinstance(source, Choice):
        source.routes.append(_route(process, source.element, flow, inlet))
    elif flow.condition is not None:
        raise refused(process, flow.id, "only exclusive and inclusive gateways choose by condition")
    source.connect(inlet)
    scope.flows[flow.id] = Connection(source.name, inlet.name)


def _route(process: Process, gateway: Element, flow: Flow, inlet: TaskSpec) -> Route:
    if gateway.default_flow == flow.id:
        return Route(None, inlet.name)
    if flow.condition is None and len(gateway.outgoing) > 1:
        raise refused(process, flow.id, "the flow needs a condition, or must be the default flow")
    return Route(flow.condition, inlet.name)


def _inlet(scope: ScopeSpec, element_id: str) -> TaskSpec:
    """Where a token that goes to an element arrives."""
    return scope.task_specs.get(f"{element_id} [frame]") or scope.task_specs[element_id]


def _links(process: Process) -> Iterator[tuple[Element, Element]]:
    """Pairs of throwing and catching link events: flows drawn as two events (BPMN 10.5.5)."""
    throws: list[Element] = []
    catches: defaultdict[tuple[str, str | None], list[Element]] = defaultdict(list)
    for element in process.elements.values():
        if element.event == "link" and element.type == "intermediateThrowEvent":
            throws.append(element)
        elif element.event == "link":
            catches[element.scope, element.events[0].name].append(element)
    for throw in throws:
        targets = catches[throw.scope, throw.events[0].name]
        if len(targets) != 1:
            raise refused(process, throw.id, f"the link leads to {len(targets)} events, not one")
        yield throw, targets[0]
