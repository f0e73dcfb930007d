"""Ids and sizes: what everything else relies on."""

import re
from collections.abc import Iterator
from typing import Final

from lxml import etree

from engine.definitions.lint.deployment import MAX_ELEMENTS, NAMED, Deployment, Diagram
from engine.definitions.lint.finding import Finding, Rule
from engine.definitions.reading import bpmn, tag_of, text_of
from engine.definitions.xml import MAX_EXPRESSIONS
from engine.errors import N_

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

_FEEL: Final = frozenset({"collection", "sourceExpression"})
"""Attributes that are expressions without a sign of it."""

_NAME = re.compile(r"[^\W\d][\w.-]*")
_SAID: Final = frozenset(
    {"conditionExpression", "condition", "completionCondition", "loopCondition", "loopCardinality"}
    | {"timeDate", "timeDuration", "timeCycle"}
)
_TEXT_TOO_LARGE = N_("The expressions of the diagram have %(count)d characters, more than %(limit)d.")


def check_size(diagram: Diagram) -> Iterator[Finding]:
    """Whether a diagram is small enough for the other rules."""
    place = diagram.place(diagram.root)
    if diagram.size > MAX_ELEMENTS:
        yield TOO_LARGE.at(place, count=diagram.size, limit=MAX_ELEMENTS)
    elif (count := sum(map(_characters, diagram.inside()))) > MAX_EXPRESSIONS:
        yield TOO_LARGE.at(place, _TEXT_TOO_LARGE, count=count, limit=MAX_EXPRESSIONS)


def _characters(node: etree._Element) -> int:
    """How much of an element is, or may be, an expression."""
    said = len(text_of(node)) if tag_of(node) in _SAID else 0
    attributes = ((etree.QName(name).localname, str(value)) for name, value in node.attrib.items())
    return said + sum(len(value) for name, value in attributes if name in _FEEL or value.startswith("="))


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
        if tag_of(node) in NAMED:
            node_id = node.get("id", "")
            if not _NAME.fullmatch(node_id) or len(node_id) > MAX_ID:
                yield ID_INVALID.at(diagram.place(node), id=node_id, limit=MAX_ID)
