"""Events: only the kinds that the engine runs, each where BPMN allows it, with what it needs."""

from collections.abc import Iterator
from typing import Final

from engine.definitions.lint.deployment import Deployment, Diagram
from engine.definitions.lint.finding import Finding, Rule
from engine.definitions.model import Element, EventDefinition, Process
from engine.definitions.reading import ACTIVITIES, EVENTS
from engine.errors import N_

EVENT_KIND = Rule(
    id="event-kind",
    severity="error",
    title=N_("An event of a kind that the engine does not run at this place."),
    why=N_("It would never fire, or never be thrown."),
    hint=N_("Possible here: %(allowed)s."),
    template=N_("An event of the kind '%(kind)s' is not run here."),
)
EVENT_MULTIPLE = Rule(
    id="event-multiple",
    severity="error",
    title=N_("An event with several definitions."),
    why=N_("The engine does not run multiple and parallel multiple events."),
    hint=N_("Draw an event for each, behind an event-based gateway where the first one decides."),
    template=N_("The event has %(count)d definitions."),
)
MESSAGE_WITHOUT_NAME = Rule(
    id="message-without-name",
    severity="error",
    title=N_("A message event, or a task that sends or receives, whose message has no name."),
    why=N_("A message finds its event by its name alone."),
    hint=N_("Choose a message in the properties and give it a name."),
    template=N_("The message has no name."),
)
SIGNAL_WITHOUT_NAME = Rule(
    id="signal-without-name",
    severity="error",
    title=N_("A signal event without a signal, or with a signal that has no name."),
    why=N_("A signal finds who listens by its name alone."),
    hint=N_("Choose a signal in the event's properties and give it a name."),
)
EXTERNAL_MISPLACED = Rule(
    id="external-misplaced",
    severity="error",
    title=N_("A message event that waits and names a topic."),
    why=N_("A worker outside sends; nothing works on a topic while an event waits."),
    hint=N_("Remove the implementation from the event; it belongs to events that throw a message."),
)
CODE_MISSING = Rule(
    id="code-missing",
    severity="error",
    title=N_("An error or escalation event whose code is not known."),
    why=N_("What is thrown is caught by its code."),
    hint=N_("Choose an error or escalation in the event's properties and give it a code."),
    template=N_("The code of this event (%(kind)s) is not known."),
)
LINK_UNMATCHED = Rule(
    id="link-unmatched",
    severity="error",
    title=N_("A link event without exactly one partner."),
    why=N_("A link goes on at the one catching link event of the same name in the same scope."),
    hint=N_("Give the throwing and the one catching link event the same name."),
    template=N_("The link '%(name)s' leads nowhere, or to several places, or comes from nowhere."),
)
BOUNDARY_MISPLACED = Rule(
    id="boundary-misplaced",
    severity="error",
    title=N_("A boundary event that is not on an activity of its own scope."),
    why=N_("It would never be armed."),
    hint=N_("Attach it to the border of a task, a sub-process or a call activity."),
    template=N_("The boundary event is attached to no activity of the same scope."),
)
ERROR_NOT_INTERRUPTING = Rule(
    id="error-not-interrupting",
    severity="error",
    title=N_("An error event that does not interrupt."),
    why=N_("After an error the activity has ended; BPMN knows no error event that lets it go on (10.5.6)."),
    hint=N_("Make it interrupting, or use an escalation."),
)
RULES = (
    EVENT_KIND,
    EVENT_MULTIPLE,
    MESSAGE_WITHOUT_NAME,
    SIGNAL_WITHOUT_NAME,
    EXTERNAL_MISPLACED,
    CODE_MISSING,
    LINK_UNMATCHED,
    BOUNDARY_MISPLACED,
    ERROR_NOT_INTERRUPTING,
)

NONE: Final = "none"
_START: Final = (NONE, "message", "signal", "timer")
_EVENT_SUB_PROCESS_START: Final = ("timer", "message", "signal", "error", "escalation", "conditional")
_ALLOWED: Final[dict[str, tuple[str, ...]]] = {
    "endEvent": (NONE, "message", "signal", "error", "escalation", "terminate", "compensate", "cancel"),
    "intermediateCatchEvent": ("timer", "message", "signal", "conditional", "link"),
    "intermediateThrowEvent": (NONE, "message", "signal", "escalation", "link", "compensate"),
    "boundaryEvent": (
        "timer",
        "message",
        "signal",
        "error",
        "escalation",
        "conditional",
        "compensate",
        "cancel",
    ),
}
_THROWING: Final = ("intermediateThrowEvent", "endEvent")


def check(diagram: Diagram, deployment: Deployment) -> Iterator[Finding]:
    """Every event of every executable process, and tasks that send or wait for a message."""
    for _, task in diagram.elements("receiveTask", "sendTask"):
        named = task.event_definition is not None and task.event_definition.name
        if not named and not (task.is_external and task.type == "sendTask"):
            yield MESSAGE_WITHOUT_NAME.at(diagram.place(task))
    for process, event in diagram.elements(*EVENTS):
        allowed, kind = _allowed(process, event), event.event or NONE
        if len(event.events) > 1:
            yield EVENT_MULTIPLE.at(diagram.place(event), count=len(event.events))
        elif kind not in allowed:
            yield EVENT_KIND.at(diagram.place(event), kind=kind, allowed=", ".join(allowed))
        elif event.event_definition is not None:
            yield from _check_definition(diagram, process, event, event.event_definition)
        if event.type == "boundaryEvent":
            host = _host(process, event)
            if host is None or not _is_activity(host) or host.scope != event.scope:
                yield BOUNDARY_MISPLACED.at(diagram.place(event))


def _host(process: Process, event: Element) -> Element | None:
    return process.elements.get(event.attached_to or "")


def _is_activity(element: Element) -> bool:
    return element.type in ACTIVITIES and not element.triggered_by_event


def _allowed(process: Process, event: Element) -> tuple[str, ...]:
    """Kinds of definitions that an event may have where it stands."""
    if event.type == "boundaryEvent":
        host = _host(process, event)
        refused = set()
        if host is not None and host.type not in ("subProcess", "transaction", "callActivity"):
            refused.add("escalation")
        if host is not None and host.type != "transaction":
            refused.add("cancel")
        return tuple(kind for kind in _ALLOWED[event.type] if kind not in refused)
    if event.type != "startEvent":
        return _ALLOWED[event.type]
    scope = process.elements.get(event.scope)
    if scope is None:
        return _START
    return _EVENT_SUB_PROCESS_START if scope.triggered_by_event else (NONE,)


def _check_definition(
    diagram: Diagram, process: Process, event: Element, definition: EventDefinition
) -> Iterator[Finding]:
    place, catching = diagram.place(event), event.type in ("boundaryEvent", "startEvent")
    if event.is_external and event.type not in _THROWING:
        yield EXTERNAL_MISPLACED.at(place)
    elif definition.kind == "message" and not definition.name and not event.is_external:
        yield MESSAGE_WITHOUT_NAME.at(place)
    if definition.kind == "signal" and not definition.name:
        yield SIGNAL_WITHOUT_NAME.at(place)
    if definition.kind in ("error", "escalation"):
        catches_all = catching and definition.ref is None
        if not definition.code and not catches_all:
            yield CODE_MISSING.at(place, kind=definition.kind)
        if definition.kind == "error" and not event.interrupting:
            yield ERROR_NOT_INTERRUPTING.at(place)
    if definition.kind == "link" and not _link_is_matched(process, event, definition.name):
        yield LINK_UNMATCHED.at(place, name=definition.name or "")


def _link_is_matched(process: Process, event: Element, name: str | None) -> bool:
    """One catching link of the name in the scope, and at least one throwing (BPMN 10.5.5)."""
    partners = [
        e.type
        for e in process.elements.values()
        if e.scope == event.scope
        and e.event_definition
        and e.event_definition.kind == "link"
        and e.event_definition.name == name
    ]
    return bool(name) and partners.count("intermediateCatchEvent") == 1 and len(partners) > 1
