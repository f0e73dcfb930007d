"""Compensation and transactions: what is undone, by whom, and when (BPMN 10.7, 10.3.5)."""

from collections.abc import Iterator

from engine.definitions.lint.deployment import Deployment, Diagram
from engine.definitions.lint.finding import Finding, Rule
from engine.definitions.model import Element, Process
from engine.errors import N_

COMPENSATION_HANDLER = Rule(
    id="compensation-handler",
    severity="error",
    title=N_("A compensation event without exactly one activity that undoes, or a second such event."),
    why=N_("The engine could not tell how to undo what the activity has done."),
    hint=N_("Lead one association, and no flow, from the event to one activity for compensation beside it."),
)
COMPENSATION_UNUSED = Rule(
    id="compensation-unused",
    severity="error",
    title=N_("An activity for compensation that no compensation event leads to, or with flows or events."),
    why=N_("It would never happen, or go another way than the picture."),
    hint=N_("Attach a compensation event to what it undoes, and connect the two by an association alone."),
)
COMPENSATION_TARGET = Rule(
    id="compensation-target",
    severity="error",
    title=N_("A compensation that is thrown for what cannot be undone there."),
    why=N_("Nothing would be undone."),
    hint=N_("Name an activity of the same scope that has a compensation event, or none to undo all of them."),
)
CANCEL_MISPLACED = Rule(
    id="cancel-misplaced",
    severity="error",
    title=N_("A cancel event outside a transaction, or a transaction with other than one on its border."),
    why=N_("A cancelled transaction is left by the one cancel event on its border (10.3.5)."),
    hint=N_("Put the end event directly into a transaction, and one cancel event on its border."),
)
RULES = (COMPENSATION_HANDLER, COMPENSATION_UNUSED, COMPENSATION_TARGET, CANCEL_MISPLACED)


def check(diagram: Diagram, deployment: Deployment) -> Iterator[Finding]:
    """Compensation events, their handlers, and cancel events."""
    for process in diagram.processes:
        used, undoable = set[str](), _undoable(process)
        hosts: set[str | None] = set()
        for element in process.elements.values():
            if element.type == "boundaryEvent" and element.event == "compensate":
                fits = _undoes(process, element) and element.attached_to not in hosts
                if not fits:
                    yield COMPENSATION_HANDLER.at(diagram.place(element))
                used.update(element.handlers)
                hosts.add(element.attached_to)
        for element in process.elements.values():
            if element.for_compensation and not _is_apart(process, element, used):
                yield COMPENSATION_UNUSED.at(diagram.place(element))
            if _names_nothing(process, element, undoable):
                yield COMPENSATION_TARGET.at(diagram.place(element))
            if element.event == "cancel" and not _leaves_transaction(process, element):
                yield CANCEL_MISPLACED.at(diagram.place(element))


def _undoes(process: Process, boundary: Element) -> bool:
    handlers = [process.elements[handler_id] for handler_id in boundary.handlers]
    return len(handlers) == 1 and handlers[0].scope == boundary.scope and not boundary.outgoing


def _is_apart(process: Process, handler: Element, used: set[str]) -> bool:
    """Whether only a compensation event leads to a handler (BPMN 10.7.2: outside the flow)."""
    border = any(element.attached_to == handler.id for element in process.elements.values())
    flows = handler.incoming or handler.outgoing
    return handler.id in used and not (flows or border or handler.triggered_by_event)


def _names_nothing(process: Process, element: Element, undoable: frozenset[str]) -> bool:
    """Whether it throws a compensation for an activity that cannot be undone from there."""
    event = element.event_definition
    if event is None or event.kind != "compensate" or element.type == "boundaryEvent" or event.ref is None:
        return False
    if event.ref not in undoable:
        return True
    scope, seen = element.scope, set[str]()
    while scope != process.elements[event.ref].scope:
        around = process.elements.get(scope)
        if around is None or not around.triggered_by_event or scope in seen:
            return True
        seen.add(scope)
        scope = around.scope
    return False


def _undoable(process: Process) -> frozenset[str]:
    """Ids of the activities with a compensation event, and of the sub-processes around them.

    What stands inside an activity for compensation is never undone.
    """
    found: set[str] = set()
    for boundary in process.elements.values():
        if boundary.type != "boundaryEvent" or boundary.event != "compensate":
            continue
        part = process.elements.get(boundary.attached_to or "")
        while part is not None and part.id not in found and not part.for_compensation:
            found.add(part.id)
            part = process.elements.get(part.scope)
    return frozenset(found)


def _leaves_transaction(process: Process, event: Element) -> bool:
    """Whether a cancel event ends inside a transaction, or is the one on its border."""
    transaction = process.elements.get(event.attached_to or event.scope)
    if event.type != "endEvent" and (transaction is None or event.type != "boundaryEvent"):
        return True  # another rule refuses it there
    if transaction is None or transaction.type != "transaction":
        return event.type == "boundaryEvent"
    border = [e for e in process.elements.values() if e.attached_to == transaction.id and e.event == "cancel"]
    return len(border) == 1
