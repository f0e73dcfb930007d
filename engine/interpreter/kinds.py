"""Which element becomes which node, and what is refused because no node runs it."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from engine.definitions import Element, EventDefinition, Process
from engine.errors import XmlRefused
from engine.interpreter.boundaries import Boundary
from engine.interpreter.calls import CallActivity, SubProcess
from engine.interpreter.compensation import CancelEnd, Compensate
from engine.interpreter.events import WAITING_KINDS, Catch, EventGateway
from engine.interpreter.gateways import ExclusiveGateway, InclusiveGateway, ParallelGateway
from engine.interpreter.nodes import DecisionTask, ExternalTask, Node, PassThrough, Throw, UserTask

_NODES: Final[Mapping[str, Callable[[Any, str, Element], Node]]] = {
    "startEvent": PassThrough,
    "endEvent": Throw,
    "intermediateThrowEvent": Throw,
    "intermediateCatchEvent": Catch,
    "boundaryEvent": Boundary,
    "task": PassThrough,
    "manualTask": PassThrough,
    "userTask": UserTask,
    "serviceTask": ExternalTask,
    "sendTask": Throw,
    "receiveTask": Catch,
    "businessRuleTask": DecisionTask,
    "callActivity": CallActivity,
    "subProcess": SubProcess,
    "transaction": SubProcess,
    "exclusiveGateway": ExclusiveGateway,
    "inclusiveGateway": InclusiveGateway,
    "parallelGateway": ParallelGateway,
    "eventBasedGateway": EventGateway,
}
SUB_PROCESSES: Final = frozenset({"subProcess", "transaction"})
_CAUGHT: Final = frozenset(WAITING_KINDS)
_THROWN: Final = frozenset({"message", "signal", "escalation"})
_INSIDE: Final = frozenset({"error", "escalation"})
_EVENTS: Final[Mapping[str, frozenset[str]]] = {
    "startEvent": _CAUGHT | _INSIDE,
    "intermediateCatchEvent": _CAUGHT | {"link"},
    "receiveTask": _CAUGHT,
    "sendTask": frozenset({"message"}),
    "boundaryEvent": _CAUGHT | _INSIDE | {"compensate", "cancel"},
    "intermediateThrowEvent": _THROWN | {"link", "compensate"},
    "endEvent": _THROWN | {"error", "terminate", "compensate", "cancel"},
}
_ACTIVITIES: Final = frozenset(
    {"task", "manualTask", "userTask", "serviceTask", "sendTask", "receiveTask", "businessRuleTask"}
    | {"callActivity"}
    | SUB_PROCESSES
)
_EXTERNAL: Final = frozenset(
    {"serviceTask", "sendTask", "businessRuleTask", "intermediateThrowEvent", "endEvent"}
)
_NO_WAY_IN: Final = frozenset({"startEvent", "boundaryEvent"})
_MUST_WAIT: Final = frozenset({"intermediateCatchEvent", "receiveTask", "boundaryEvent"})
_ID: Final = re.compile(r"[\w.\-]+")


def refused(process: Process, element_id: str, reason: str) -> XmlRefused:
    """The error for a diagram that cannot be run as it is drawn."""
    return XmlRefused(resource=process.resource or process.key, reason=f"'{element_id}': {reason}")


def node_class(element: Element) -> Callable[[Any, str, Element], Node]:
    """What runs an element that ``check_element`` has let pass."""
    if element.event == "link":
        return PassThrough
    if element.event == "compensate":
        return Compensate
    if element.event == "cancel" and element.type == "endEvent":
        return CancelEnd
    if element.is_external and element.type in _EXTERNAL:
        return ExternalTask
    return _NODES[element.type]


def is_activity(element: Element) -> bool:
    """Whether it may be repeated and have boundary events."""
    return element.type in _ACTIVITIES and not element.triggered_by_event


def may_connect(source: Element, target: Element) -> bool:
    """Whether a sequence flow may lead from one to the other (BPMN 7.6.1)."""
    if source.type == "endEvent" or target.type in _NO_WAY_IN:
        return False
    apart = source.triggered_by_event or source.for_compensation
    return not (apart or target.triggered_by_event or target.for_compensation)


def check_element(process: Process, element: Element) -> None:
    """Raise XmlRefused for an element that no node runs, or that lacks what its node needs."""
    problem = _problem(element)
    if element.type == "boundaryEvent":
        host = process.elements.get(element.attached_to or "")
        if host is None or not is_activity(host) or host.scope != element.scope:
            problem = "it is attached to no activity of its scope"
        elif host.for_compensation:
            problem = "an activity for compensation has no boundary events"
        elif element.event == "cancel" and host.type != "transaction":
            problem = "only a transaction can be cancelled"
    if element.type == "endEvent" and element.event == "cancel":
        problem = problem or _cancel_problem(process, element)
    if problem:
        raise refused(process, element.id, problem)


def _cancel_problem(process: Process, element: Element) -> str | None:
    """A cancel end event stands in a transaction with one cancel event on its border (BPMN 10.3.5)."""
    scope = process.elements.get(element.scope)
    border = [e for e in process.elements.values() if e.attached_to == element.scope and e.event == "cancel"]
    ready = scope is not None and scope.type == "transaction" and len(border) == 1
    return None if ready else "it stands in no transaction with one cancel event on its border"


def _problem(element: Element) -> str | None:
    if element.type not in _NODES:
        return f"a {element.type} is not run"
    if not _ID.fullmatch(element.id):
        return "the id is no XML name"
    if len(element.events) > 1:
        return "an event has one definition"
    return _kind_problem(element) or _task_problem(element) or _loop_problem(element)


def _kind_problem(element: Element) -> str | None:
    """What is wrong with the event that it waits for or throws."""
    if element.is_external and element.type in _EXTERNAL:
        if not element.topic:
            return "an external task needs a topic"
        return None if element.event in (None, "message") else "only a message may be sent by a worker"
    if element.event is None:
        return "it waits for nothing" if element.type in _MUST_WAIT else None
    if element.event not in _EVENTS.get(element.type, ()):
        return f"a {element.event} event is not run here"
    return _event_problem(element.events[0])


def _task_problem(element: Element) -> str | None:
    match element.type:
        case "callActivity" if not element.called:
            return "it calls nothing"
        case "serviceTask" if not element.is_external:
            return "a service task is run as an external task only"
        case "businessRuleTask" if not (element.is_external or element.attributes.get("decisionRef")):
            return "it asks no decision"
    return None


def _event_problem(event: EventDefinition) -> str | None:
    if event.kind in ("message", "signal") and not event.name:
        return f"the {event.kind} has no name"
    if event.kind == "timer" and not (event.timer and event.text):
        return "the timer says no time"
    if event.kind == "conditional" and not event.text:
        return "the condition is missing"
    return None


def _loop_problem(element: Element) -> str | None:
    loop = element.loop
    if loop is None:
        return None
    if not is_activity(element):
        return "only activities can be repeated"
    if loop.kind != "standard":
        return None if loop.collection or loop.cardinality else "multi-instance over nothing"
    if loop.maximum and not loop.maximum.strip().isdecimal():
        return "loopMaximum is no number"
    return None if loop.condition or loop.maximum else "the loop says neither how often nor how long"
