"""Which activities can be undone, and how: compensation events and their associations (BPMN 10.7)."""

from collections.abc import Mapping

from engine.definitions import Element, Process
from engine.interpreter.compensation import Done
from engine.interpreter.kinds import refused
from engine.interpreter.nodes import Branch, Node
from engine.interpreter.repeat import Repeat
from engine.interpreter.spec import ScopeSpec


def add_compensation(process: Process, scopes: Mapping[str, ScopeSpec]) -> None:
    """Give each activity that can be undone its ``Done`` spec.

    ``scopes``: graphs by the id of their process or sub-process, outer before inner. Raises XmlRefused for a
    compensation event without its handler, a handler without its event, and a throw that names nothing.
    """
    used: set[str] = set()
    for boundary in process.elements.values():
        if boundary.type == "boundaryEvent" and boundary.event == "compensate":
            used.add(_add_handler(process, scopes[boundary.scope], boundary))
    for element in process.elements.values():
        if element.for_compensation and (element.id not in used or element.triggered_by_event):
            raise refused(process, element.id, "no compensation event leads to it")
    for key in reversed(list(scopes)):
        part = process.elements.get(key)
        if part is not None and any(isinstance(spec, Done) for spec in scopes[key].task_specs.values()):
            _add_parts(scopes[part.scope], part)
    for element in process.elements.values():
        _check_throw(process, scopes, element)


def _add_handler(process: Process, scope: ScopeSpec, boundary: Element) -> str:
    """Returns the id of the handler."""
    handlers = [process.elements[handler_id] for handler_id in boundary.handlers]
    if len(handlers) != 1 or handlers[0].scope != boundary.scope or boundary.outgoing:
        raise refused(process, boundary.id, "one association leads to the one activity that undoes")
    host = process.elements[boundary.attached_to or ""]
    node = _performer(scope, host.id)
    if node.done is not None:
        raise refused(process, boundary.id, "the activity has another compensation event")
    Branch(scope, boundary.id, boundary)  # so that the handler can say where its token came from
    node.done = Done(scope, f"{host.id} [done]", host, boundary.id, scope.task_specs[handlers[0].id])
    return handlers[0].id


def _add_parts(scope: ScopeSpec, element: Element) -> None:
    """A sub-process without a handler is undone part by part; a handler's own parts are never undone."""
    node = _performer(scope, element.id)
    if node.done is None and not element.for_compensation:
        node.done = Done(scope, f"{element.id} [done]", element)


def _performer(scope: ScopeSpec, element_id: str) -> Node:
    """What completes each time that the activity does: the item of a multi-instance."""
    node: Node = scope.task_specs[element_id]
    return node.item if isinstance(node, Repeat) else node


def _check_throw(process: Process, scopes: Mapping[str, ScopeSpec], element: Element) -> None:
    """A throw may name an activity of its scope, or, in an event sub-process, of the scope around it."""
    event, key = element.event_definition, element.scope
    if event is None or event.kind != "compensate" or element.type == "boundaryEvent" or event.ref is None:
        return
    while f"{event.ref} [done]" not in scopes[key].task_specs:
        around = process.elements.get(key)
        if around is None or not around.triggered_by_event:
            raise refused(process, element.id, f"nothing undoes '{event.ref}' there")
        key = around.scope
