"""DMN files -> the graph of their inputs, decisions, functions and services. Problems are only collected."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from lxml import etree

from engine.definitions.dmn.boxed import FUNCTION, KINDS, read_logic
from engine.definitions.dmn.cells import Reader, special
from engine.definitions.dmn.circles import in_circles
from engine.definitions.dmn.elements import child, children, kind_in, name_in
from engine.definitions.dmn.model import Boxed, DecisionProblem, Node, Requirement, Service, Variable
from engine.definitions.dmn.place import Place
from engine.definitions.dmn.types import TypeTable, fitting, names_of, read_types, result_type
from engine.definitions.xml import line_of
from engine.errors import N_
from engine.feel.inside import Closure, Env, Function, TypeRef

MAX_NODES: Final = 2_000
"""Decisions, functions and inputs of one file; each of them is looked for in every cell."""

_INPUT, _DECISION, _KNOWLEDGE, _SERVICE = (
    "inputData",
    "decision",
    "businessKnowledgeModel",
    "decisionService",
)
NODES: Final = (_INPUT, _DECISION, _KNOWLEDGE, _SERVICE)
_REQUIREMENTS: Final = ("informationRequirement", "knowledgeRequirement")


@dataclass(frozen=True)
class File:
    """A DMN file before it is linked. ``imports``: under which name it sees another model, by namespace."""

    resource: str
    root: etree._Element
    namespace: str
    imports: Mapping[str, str]

    @property
    def elements(self) -> Iterator[etree._Element]:
        return children(self.root, *NODES)

    def key(self, reference: str) -> str:
        """``#id``, ``id`` or ``namespace#id`` as the key of a node."""
        namespace, found, id_ = reference.rpartition("#")
        return f"{(namespace if found else '') or self.namespace}#{id_}"


_Elements = Mapping[str, tuple[File, etree._Element]]
"""By key: the element of a node, and the file that it stands in."""


def open_file(resource: str, root: etree._Element, reader: Reader) -> File:
    """A parsed file. ``root``: its ``definitions``."""
    reader.resource = resource
    namespace = root.get("namespace", "")
    imports: dict[str, str] = {}
    for found in children(root, "import"):
        if "/DMN/" in found.get("importType", ""):
            imports[found.get("namespace", "")] = name_in(found)
        else:
            template = N_("%(element)s: imports of the type '%(type)s' are not supported.")
            reader.problem(found, template, type=found.get("importType", ""))
    return File(resource, root, namespace, imports)


def read_graph(files: Mapping[str, File], reader: Reader) -> dict[str, Node]:
    """The nodes of all files by key, those of a file in its order.

    ``files``: by namespace, the one that is asked first. Problems are noted in ``reader``.
    """
    count = sum(1 for file in files.values() for _ in file.elements)
    if count > MAX_NODES:
        first = next(iter(files.values())).root
        template = N_("%(element)s has %(count)d decisions and inputs, more than %(limit)d.")
        reader.problem(first, template, count=count, limit=MAX_NODES)
        return {}
    nodes: dict[str, Node] = {}
    tables: dict[str, TypeTable] = {}
    for file in _imported_first(files):
        tables[file.namespace] = _types(file, tables, reader)
    elements = {file.key(_id(e)): (file, e) for file in files.values() for e in file.elements}
    for file in files.values():
        known = _names(file, files) | _own_names(file, tables[file.namespace])
        reading = _Reading(file, elements, reader, tables[file.namespace], known)
        nodes |= reading.nodes(nodes)
    return nodes | {
        key: replace(nodes[key], broken=nodes[key].broken or problem)
        for key, problem in _check(elements, nodes, reader).items()
    }


def _imported_first(files: Mapping[str, File]) -> list[File]:
    """Every file after those that it imports; of a circle in any order."""
    done: dict[str, File] = {}
    waiting = [(file, False) for file in reversed(list(files.values()))]
    entered: set[str] = set()
    while waiting:
        file, leaving = waiting.pop()
        if leaving:
            done.setdefault(file.namespace, file)
        elif file.namespace not in entered:
            entered.add(file.namespace)
            waiting.append((file, True))
            waiting += [(files[n], False) for n in file.imports if n in files]
    return list(done.values())


def prefixes_of(files: Mapping[str, File]) -> dict[str, str]:
    """For the namespace of every model that the first one imports, the names of imports on the way to it."""
    first = next(iter(files))
    found, waiting = {first: ""}, [first]
    for namespace in waiting:
        for other, alias in files[namespace].imports.items():
            if other in files and other not in found:
                found[other] = ".".join(filter(None, (found[namespace], alias)))
                waiting.append(other)
    return found


def _types(file: File, tables: Mapping[str, TypeTable], reader: Reader) -> TypeTable:
    imported: dict[str, TypeRef] = {}
    for namespace, alias in file.imports.items():
        if namespace in tables:
            own = tables[namespace].own
            imported |= {f"{alias}.{name}" if alias else name: type_ for name, type_ in own.items()}
    table = TypeTable(imported)
    reader.resource = file.resource
    read_types(file.root, table, reader, special(name_in(e) for e in children(file.root, "itemDefinition")))
    return table


def _names(file: File, files: Mapping[str, File]) -> frozenset[str]:
    """The names that FEEL must be told anywhere in a file: those of what it imports, and of components."""
    imported = [files[namespace] for namespace in file.imports if namespace in files]
    names = [alias for alias in file.imports.values() if alias]
    names += [_variable_name(element) for other in imported for element in other.elements]
    names += [name for other in imported for name in _inner_names(other)]
    return special(names)


def _own_names(file: File, types: TypeTable) -> frozenset[str]:
    """The same of the file itself: of its types, their components, and the parts of results."""
    return special((*names_of(types.own.values()), *types.own, *_inner_names(file)))


class _Reading:
    """The nodes of one file, being read. ``elements``: of all files, by key; ``known``: as in ``Place``."""

    def __init__(
        self,
        file: File,
        elements: _Elements,
        reader: Reader,
        types: TypeTable,
        known: frozenset[str],
    ) -> None:
        self.file, self.elements, self.reader = file, elements, reader
        self.types, self.known = types, known

    def nodes(self, others: Mapping[str, Node]) -> dict[str, Node]:
        self.reader.resource = self.file.resource
        found: dict[str, Node] = {}
        for element in self.file.elements:
            key = self.file.key(_id(element))
            if not element.get("id") or key in found or key in others:
                self.reader.problem(element, N_("%(element)s: every decision needs an id of its own."))
            if key in found or key in others:
                continue
            found[key] = self._node(element, key)
        return found

    def _node(self, element: etree._Element, key: str) -> Node:
        before = len(self.reader.problems)
        kind, id_ = kind_in(element), _id(element)
        found = child(element, "variable")
        type_ = self.types.find(found.get("typeRef")) if found is not None else None
        variable = Variable(_variable_name(element), type_)
        requires = tuple(self._requirements(element))
        seen = special([name for other in requires for name in other.path] + [variable.name])
        place = Place(self.reader, self.types, self.known | seen, id_, variable.name, type_)
        node = Node(
            key=key,
            id=id_,
            name=name_in(element) or id_,
            kind=kind,
            line=line_of(element),
            variable=variable,
            boxed=self._logic(element, kind, place),
            requires=requires,
            service=self._service(element) if kind == _SERVICE else None,
        )
        broken = next((p for p in self.reader.problems[before:] if p.stops and not p.local), None)
        return replace(node, broken=broken)

    def _logic(self, element: etree._Element, kind: str, place: Place) -> Boxed | None:
        if kind == _KNOWLEDGE:
            return self._knowledge(element, place)
        if kind != _DECISION:
            return None
        boxed = read_logic(element, place)
        if boxed is None:
            template = N_("%(element)s decides nothing: it has neither a table nor an expression.")
            self.reader.problem(element, template, stops=False)
        return boxed

    def _knowledge(self, element: etree._Element, place: Place) -> Boxed | None:
        """The function that a business knowledge model stands for; its variable has the type of a result."""
        logic = child(element, "encapsulatedLogic")
        if logic is None:
            template = N_("%(element)s decides nothing: it has neither a table nor an expression.")
            self.reader.problem(element, template)
            return None
        boxed = KINDS[FUNCTION](logic, place)
        result = result_type(place.result)
        return boxed if result is None else replace(boxed, closure=_giving(boxed.closure, result))

    def _requirements(self, element: etree._Element) -> Iterator[Requirement]:
        for requirement in children(element, *_REQUIREMENTS):
            for found in children(requirement, "requiredInput", "requiredDecision", "requiredKnowledge"):
                yield self._requirement(self.file.key(found.get("href", "")))

    def _requirement(self, key: str) -> Requirement:
        file, element = self.elements.get(key, (self.file, None))
        name, alias = _variable_name(element), self.file.imports.get(file.namespace, "")
        return Requirement(key, (alias, name) if alias and file is not self.file else (name,))

    def _service(self, element: etree._Element) -> Service:
        def keys(name: str) -> tuple[str, ...]:
            return tuple(self.file.key(found.get("href", "")) for found in children(element, name))

        service = Service(keys("outputDecision"), keys("inputData"), keys("inputDecision"))
        if not service.outputs:
            self.reader.problem(element, N_("%(element)s is a service without an output decision."))
        return service


def _giving(maker: Closure, result: TypeRef) -> Closure:
    """Makes a function whose results are as a type wants them."""

    def evaluate(env: Env) -> Function | None:
        made = maker(env)
        if not isinstance(made, Function):
            return None
        fits = fitting(lambda inner: inner.vars["result"], result)
        return Function(
            made.name,
            made.parameters,
            lambda run, given, named: fits(Env({"result": made.call(run, given, named)}, None, run)),
            made.types,
            result,
        )

    return evaluate


def _inner_names(file: File) -> Iterator[str]:
    """What the contexts, relations and tables of a file call their parts: results are looked into by them."""
    for element in file.root.iter(etree.Element):
        kind = kind_in(element)
        if kind == "contextEntry":
            yield name_in(child(element, "variable"))
        elif kind in ("column", "output"):
            yield name_in(element)


def _id(element: etree._Element) -> str:
    """The id of a node; the standard lets it be left out, and then the name serves."""
    return element.get("id") or name_in(element)


def _variable_name(element: etree._Element | None) -> str:
    """The variable of a node; without one, its name serves (DMN 1.1 files of Camunda)."""
    if element is None:
        return ""
    return name_in(child(element, "variable")) or name_in(element) or element.get("id", "")


def _check(elements: _Elements, nodes: Mapping[str, Node], reader: Reader) -> dict[str, DecisionProblem]:
    """What is wrong with the requirements, by the key of the node that cannot be evaluated for it."""
    broken: dict[str, DecisionProblem] = {}

    def problem(key: str, template: str, **parameters: str) -> DecisionProblem:
        file, element = elements[key]
        reader.resource = file.resource
        return reader.problem(element, template, local=False, stops=True, **parameters)

    for node in nodes.values():
        for key in _needed(node):
            if key not in nodes:
                template = N_("%(element)s requires '%(required)s', which this file does not have.")
                found = problem(node.key, template, required=key.rpartition("#")[2])
                broken.setdefault(node.key, found)
    for key in in_circles({key: _needed(node) for key, node in nodes.items()}):
        template = N_("%(element)s waits for decisions that require each other.")
        broken[key] = problem(key, template)
    return broken


def _needed(node: Node) -> list[str]:
    service = node.service
    return [need.key for need in node.requires] + (
        [*service.outputs, *service.data, *service.decisions] if service else []
    )
