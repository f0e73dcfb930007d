"""The files of one deployment, read as far as the rules need them."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from lxml import etree

from engine.definitions.copies import sealed_by
from engine.definitions.dmn.analysis import STEPS, Budget
from engine.definitions.forms import parse_form
from engine.definitions.forms.components import options_of
from engine.definitions.forms.reading import walk
from engine.definitions.lint.finding import Known, Place
from engine.definitions.model import Element, Flow, Lane, Process
from engine.definitions.reading import FLOW_NODES, bpmn, name_of, tag_of
from engine.definitions.xml import line_of
from engine.errors import FormRefused

MAX_ELEMENTS: Final = 3_000
NAMED: Final = FLOW_NODES | {"sequenceFlow", "process", "lane"}
"""Elements that have names of their own, and are counted."""

Part = Process | Element | Flow | Lane | etree._Element


@dataclass(frozen=True)
class Diagram:
    """A BPMN file. Only executable processes are looked into: a partner's pool may hold what it likes."""

    resource: str
    root: etree._Element
    processes: tuple[Process, ...]

    @cached_property
    def nodes(self) -> tuple[etree._Element, ...]:
        """The XML of the executable processes."""
        found = self.root.iterfind(bpmn("process"))
        return tuple(n for n in found if n.get("isExecutable", "").strip() in ("true", "1"))

    @cached_property
    def keys(self) -> frozenset[str]:
        """Ids of all processes of the file, a partner's too."""
        return frozenset(key for n in self.root.iterfind(bpmn("process")) if (key := n.get("id", "")))

    @cached_property
    def node_ids(self) -> frozenset[str]:
        """Ids of all flow nodes of the file, those of other pools too."""
        return frozenset(n.get("id", "") for n in self.root.iter(etree.Element) if tag_of(n) in FLOW_NODES)

    @cached_property
    def size(self) -> int:
        """How many elements one sees in it."""
        return sum(tag_of(node) in NAMED for node in self.inside())

    def inside(self) -> Iterator[etree._Element]:
        """Everything in the executable processes, these included, in document order."""
        for node in self.nodes:
            yield from node.iter(etree.Element)

    def elements(self, *types: str) -> Iterator[tuple[Process, Element]]:
        """Flow nodes of the executable processes, of some types or of all."""
        for process in self.processes:
            for element in process.elements.values():
                if not types or element.type in types:
                    yield process, element

    def place(self, part: Part, line: int = 0) -> Place:
        """Where a part is. XML without an id of its own is placed at the element that it belongs to."""
        if isinstance(part, Process):
            return Place(self.resource, part.key, part.name, line or part.line)
        if isinstance(part, Element | Flow | Lane):
            return Place(self.resource, part.id, part.name, line or part.line)
        owner = _owner_of(part)
        return Place(self.resource, owner.get("id", ""), name_of(owner), line or line_of(part))


@dataclass(frozen=True)
class TableFile:
    """A DMN file."""

    resource: str
    content: bytes
    root: etree._Element


@dataclass(frozen=True)
class FormFile:
    """A form. ``schema``: its JSON, an object."""

    resource: str
    content: bytes
    schema: Mapping[str, Any]

    @property
    def id(self) -> str:
        """The form's id, empty without one."""
        found = self.schema.get("id")
        return found if isinstance(found, str) else ""


@dataclass(frozen=True)
class Deployment:
    """All files together, and what the agency has already."""

    diagrams: tuple[Diagram, ...]
    tables: tuple[TableFile, ...]
    forms: tuple[FormFile, ...]
    known: Known

    @cached_property
    def budget(self) -> Budget:
        """What looking into all decision tables together may cost."""
        return Budget(STEPS)

    @cached_property
    def table_files(self) -> Mapping[str, bytes]:
        """The DMN files by name: each may import the others."""
        return {table.resource: table.content for table in self.tables}

    @cached_property
    def processes(self) -> frozenset[str]:
        """Keys that a call activity may name; one that is not executable here hides a deployed one."""
        here = {p.key for d in self.diagrams for p in d.processes}
        drawn = {key for d in self.diagrams for key in d.keys}
        return (self.known.processes - drawn) | here

    @cached_property
    def decisions(self) -> frozenset[str]:
        """Ids that a business rule task may name."""
        return self.known.decisions.union(i for t in self.tables for i in decision_ids(t.root))

    @cached_property
    def form_ids(self) -> frozenset[str]:
        """Ids that a start event or a user task may name."""
        return self.known.forms.union(f.id for f in self.forms)

    @cached_property
    def drawn(self) -> Mapping[str, Process]:
        """The processes of the deployment by key."""
        return {process.key: process for diagram in self.diagrams for process in diagram.processes}

    @cached_property
    def sealed(self) -> Mapping[str, frozenset[str]]:
        """Id of a form -> names of the variables that it seals."""
        found = dict(self.known.sealed)
        for file in self.forms:
            with suppress(FormRefused):
                found[file.id] = sealed_by(parse_form(file.content, file.resource))
        return found

    @cached_property
    def answers(self) -> Mapping[str, frozenset[str]]:
        """``answers_of`` the forms of the deployment."""
        return answers_of(form.schema for form in self.forms)

    @cached_property
    def whole_numbers(self) -> frozenset[str]:
        """``whole_numbers_of`` the forms of the deployment."""
        return whole_numbers_of(form.schema for form in self.forms)


def decision_ids(root: etree._Element) -> list[str]:
    """Ids of the decisions of a DMN document, in its order."""
    path = f"{{{etree.QName(root).namespace}}}decision"
    return [decision_id for d in root.iterfind(path) if (decision_id := d.get("id", ""))]


def _owner_of(node: etree._Element) -> etree._Element:
    """The nearest element around (or the node itself) that one can point at in a diagram."""
    owner: etree._Element | None = node
    while owner is not None:
        tag = tag_of(owner)
        if owner.get("id") and (
            tag in FLOW_NODES or tag in ("sequenceFlow", "process", "lane", "participant")
        ):
            return owner
        owner = owner.getparent()
    return node


def answers_of(schemas: Iterable[Mapping[str, Any]]) -> dict[str, frozenset[str]]:
    """Key of a form's field -> the options that the forms offer for it.

    An option that is no text stands as itself and a question mark, so that no text equals it.
    """
    found: dict[str, frozenset[str]] = {}
    for schema in schemas:
        for component in walk(dict(schema)):
            key = component.get("key", "")
            if "values" in component or "valuesKey" in component or "valuesExpression" in component:
                options = [value for value, _ in options_of(component) or [(None, "")]]
                texts = (value if isinstance(value, str) else f"{value}?" for value in options)
                found[key] = found.get(key, frozenset()).union(texts)
    return found


def whole_numbers_of(schemas: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """Keys of fields for numbers that every form asks for without decimals."""
    digits: dict[str, set[object]] = {}
    for schema in schemas:
        for field in walk(dict(schema)):
            if key := field.get("key"):
                is_number = field.get("type") == "number"
                digits.setdefault(key, set()).add(field.get("decimalDigits") if is_number else None)
    return frozenset(key for key, found in digits.items() if found == {0})
