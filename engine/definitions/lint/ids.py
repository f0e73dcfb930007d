"""Ids and sizes: what everything else relies on."""

import re
from collections.abc import Iterator
from typing import Final

from engine.definitions.lint.deployment import Deployment, Diagram
from engine.definitions.lint.finding import Finding, Rule
from engine.definitions.reading import FLOW_NODES, bpmn, tag_of
from engine.errors import N_

MAX_ELEMENTS: Final = 3_000
MAX_ID: Final = 200

ID_INVALID = Rule(
    id="id-invalid",
    severity="error",
    title=N_("A process, element or flow without an id, or with one that is no XML name."),
    why=N_("History, forms and other systems name it by its id."),
    hint=N_("Begin with a letter; then letters, digits, '_', '-' and '.', %(limit)d at most."),
    template=N_("The id '%(id)s' is not valid."),
)
ID_DUPLICATE = Rule(
    id="id-duplicate",
    severity="error",
    title=N_("One id for two elements."),
    why=N_("A token at one of them could be taken for a token at the other."),
    hint=N_("Give one of them another id."),
    template=N_("The id '%(id)s' is already used in line %(first)d."),
)
TOO_LARGE = Rule(
    id="diagram-too-large",
    severity="error",
    title=N_("A diagram with too many elements."),
    why=N_("Nobody could read it, and every step of a case would be slow."),
    hint=N_("Split it: a part of its own becomes a process that a call activity calls."),
    template=N_("The diagram has %(count)d elements, more than %(limit)d."),
)
PROCESS_MISSING = Rule(
    id="process-not-executable",
    severity="error",
    title=N_("A diagram without an executable process."),
    why=N_("Nothing in it could be started."),
    hint=N_("Tick 'executable' in the properties of the process."),
)
RULES = (ID_INVALID, ID_DUPLICATE, TOO_LARGE, PROCESS_MISSING)

_NAME = re.compile(r"[^\W\d][\w.-]*")
_NAMED: Final = FLOW_NODES | {"sequenceFlow", "process", "lane"}


def check_size(diagram: Diagram) -> Iterator[Finding]:
    """Whether a diagram is small enough for the other rules."""
    count = sum(tag_of(node) in _NAMED for node in diagram.inside())
    if count > MAX_ELEMENTS:
        yield TOO_LARGE.at(diagram.place(diagram.root), count=count, limit=MAX_ELEMENTS)


def check(diagram: Diagram, deployment: Deployment) -> Iterator[Finding]:
    """All ids of the file."""
    if not diagram.nodes:
        processes = list(diagram.root.iterfind(bpmn("process")))
        yield PROCESS_MISSING.at(diagram.place(processes[0] if processes else diagram.root))
    first: dict[str, int] = {}
    for node in diagram.root.iter(bpmn("*")):
        node_id = node.get("id")
        if node_id is not None:
            place = diagram.place(node)
            if node_id in first:
                yield ID_DUPLICATE.at(place, id=node_id, first=first[node_id])
            first.setdefault(node_id, place.line)
    for node in diagram.inside():
        if tag_of(node) in _NAMED:
            node_id = node.get("id", "")
            if not _NAME.fullmatch(node_id) or len(node_id) > MAX_ID:
                yield ID_INVALID.at(diagram.place(node), id=node_id, limit=MAX_ID)
