"""Who gets a case next: the steps that can follow a step, read from the diagram."""

from functools import lru_cache

from engine import definition_content
from engine.definitions import Element, Process, parse_xml, read_processes
from engine.types import Actor
from webapp.db import database

_STOPS = frozenset({"userTask", "callActivity", "receiveTask"})


def process_of(actor: Actor, definition_id: str, key: str) -> Process:
    """The process of a version. Raises ``DefinitionNotFound`` for what the actor may not see."""
    content = definition_content(database(), actor, "process", definition_id)
    return _parsed(content, key)


@lru_cache(64)
def _parsed(content: bytes, key: str) -> Process:
    return read_processes(parse_xml(content, key), key)[key]


def following(process: Process, element_id: str) -> list[Element]:
    """The steps that people get after ``element_id``, and the ends it can reach, in the order of the flows.

    Looks through gateways, decisions and events; conditions are not evaluated, since they depend on what is
    being filled in.
    """
    found: dict[str, Element] = {}
    seen: set[str] = set()
    todo = _after(process, element_id)
    while todo:
        element = todo.pop(0)
        if element.id in seen:
            continue
        seen.add(element.id)
        if element.type in _STOPS or (element.type == "endEvent" and element.scope == process.key):
            found[element.id] = element
        elif element.type in ("subProcess", "transaction"):
            todo = _starts(process, element.id) + todo
        elif element.type == "endEvent":
            todo = _after(process, element.scope) + todo
        else:
            todo = _after(process, element.id) + todo
    return list(found.values())


def _starts(process: Process, scope: str) -> list[Element]:
    return [e for e in process.elements.values() if e.scope == scope and e.type == "startEvent"]


def _after(process: Process, element_id: str) -> list[Element]:
    flows = [process.flows[flow_id] for flow_id in process.elements[element_id].outgoing]
    return [process.elements[flow.target] for flow in flows]
