"""A DMN file -> its decisions as nodes of a graph. What is wrong is collected, never raised."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final

from lxml import etree

from engine.definitions.dmn.cells import Reader, text_of
from engine.definitions.dmn.model import (
    Aggregation,
    HitPolicy,
    Input,
    Literal,
    Logic,
    Node,
    Output,
    Rule,
    Table,
    Unsupported,
    Variable,
)
from engine.definitions.dmn.types import type_name
from engine.definitions.xml import line_of
from engine.errors import N_
from engine.feel import parse_expression

BOXED: Final = frozenset(
    {
        "context",
        "conditional",
        "every",
        "filter",
        "for",
        "functionDefinition",
        "invocation",
        "list",
        "relation",
        "some",
    }
)
MAX_NODES: Final = 2_000
"""Decisions, functions and inputs of one file; each of them is looked for in every cell."""

_FUNCTIONS: Final = ("businessKnowledgeModel", "decisionService")
_NODES: Final = ("decision", *_FUNCTIONS)
_BOXED_KIND: Final = N_("%(element)s is a boxed expression of the kind '%(kind)s', which is not supported.")
_NULL: Final = parse_expression("null")
"""Stands where an expression is missing; the file is refused for it."""


def read_nodes(root: etree._Element) -> tuple[dict[str, Node], Reader]:
    """The decisions and functions below ``definitions`` by id, in the file's order, and what is wrong."""
    variables = {node.get("id", ""): _variable(node) for node in _children(root, *_NODES, "inputData")}
    if len(variables) > MAX_NODES:
        reader = Reader()
        template = N_("%(element)s has %(count)d decisions and inputs, more than %(limit)d.")
        reader.problem(root, template, count=len(variables), limit=MAX_NODES)
        return {}, reader
    reader = Reader(v.name for v in variables.values())
    for found in _children(root, "import"):
        reader.problem(found, N_("%(element)s: imports of other models are not supported."))
    nodes: dict[str, Node] = {}
    for found in _children(root, *_NODES):
        node_id = found.get("id", "")
        if not node_id or node_id in nodes:
            reader.problem(found, N_("%(element)s: every decision needs an id of its own."))
            continue
        nodes[node_id] = _read_node(found, node_id, variables, reader)
    _check_requirements(root, nodes, reader)
    return nodes, reader


def _read_node(
    element: etree._Element, node_id: str, variables: Mapping[str, Variable], reader: Reader
) -> Node:
    inputs = _hrefs(element, "informationRequirement", "requiredInput")
    is_function = etree.QName(element).localname in _FUNCTIONS
    return Node(
        id=node_id,
        name=_name(element.get("name")) or node_id,
        line=line_of(element),
        variable=variables[node_id],
        logic=_function(element, node_id, reader) if is_function else _logic(element, node_id, reader),
        inputs=tuple(variables[href] for href in inputs if href in variables),
        required=(
            *_hrefs(element, "informationRequirement", "requiredDecision"),
            *_hrefs(element, "knowledgeRequirement", "requiredKnowledge"),
        ),
        is_function=is_function,
    )


def _function(element: etree._Element, node_id: str, reader: Reader) -> Logic:
    """A business knowledge model as the FEEL function that it stands for, if its body is an expression."""
    logic = next(_children(element, "encapsulatedLogic"), element)
    body = next(_children(logic, "literalExpression"), None)
    if body is None or logic.get("kind", "FEEL") != "FEEL":
        reader.problem(element, _BOXED_KIND, local=True, kind="function")
        return Unsupported(node_id, "function")
    parameters = [_name(child.get("name")) for child in _children(logic, "formalParameter")]
    expression = reader.function(body, parameters)
    return Literal(node_id, expression) if expression else Unsupported(node_id, "literalExpression")


def _logic(element: etree._Element, decision_id: str, reader: Reader) -> Logic:
    for child in element:
        kind = etree.QName(child).localname
        if kind == "decisionTable":
            return _table(child, decision_id, element, reader)
        if kind == "literalExpression":
            expression = reader.expression(child)
            if expression is not None:
                return Literal(child.get("id", decision_id), expression)
            if not text_of(child):
                reader.problem(child, N_("%(element)s has no expression."))
            return Unsupported(decision_id, kind)
        if kind in BOXED:
            reader.problem(child, _BOXED_KIND, local=True, kind=kind)
            return Unsupported(decision_id, kind)
    reader.problem(element, N_("%(element)s decides nothing: it has neither a table nor an expression."))
    return Unsupported(decision_id, "none")


def _table(element: etree._Element, decision_id: str, decision: etree._Element, reader: Reader) -> Table:
    policy = element.get("hitPolicy", "UNIQUE")
    aggregation = element.get("aggregation")
    if policy not in list(HitPolicy) or (aggregation and aggregation not in list(Aggregation)):
        template = N_("%(element)s has an unknown hit policy: %(policy)s")
        reader.problem(element, template, policy=f"{policy} {aggregation or ''}".strip())
        policy, aggregation = HitPolicy.UNIQUE, None
    table = Table(
        id=element.get("id", decision_id),
        hit_policy=HitPolicy(policy),
        aggregation=Aggregation(aggregation) if aggregation and policy == HitPolicy.COLLECT else None,
        inputs=tuple(_input(child, reader) for child in _children(element, "input")),
        outputs=tuple(
            _output(child, _variable(decision).name, reader) for child in _children(element, "output")
        ),
        rules=tuple(_rule(child, n, reader) for n, child in enumerate(_children(element, "rule"), 1)),
    )
    _check_table(element, table, reader)
    return table


def _input(element: etree._Element, reader: Reader) -> Input:
    found = next(_children(element, "inputExpression"), None)
    expression = reader.expression(found)
    if not text_of(found):
        reader.problem(element, N_("%(element)s asks for nothing: the input has no expression."))
    return Input(
        id=element.get("id", ""),
        label=element.get("label", ""),
        expression=expression or _NULL,
        type_ref=type_name(found.get("typeRef") if found is not None else None),
        allowed=reader.tests(next(_children(element, "inputValues"), None)),
    )


def _output(element: etree._Element, variable: str, reader: Reader) -> Output:
    values = next(_children(element, "outputValues"), None)
    return Output(
        id=element.get("id", ""),
        name=_name(element.get("name")) or variable,
        allowed=reader.tests(values),
        order=reader.listing(values),
        default=reader.expression(next(_children(element, "defaultOutputEntry"), None)),
    )


def _rule(element: etree._Element, number: int, reader: Reader) -> Rule:
    return Rule(
        id=element.get("id") or f"rule_{number}",
        conditions=tuple(reader.tests(cell) for cell in _children(element, "inputEntry")),
        outputs=tuple(reader.expression(cell) for cell in _children(element, "outputEntry")),
    )


def _check_table(element: etree._Element, table: Table, reader: Reader) -> None:
    if not table.outputs:
        reader.problem(element, N_("%(element)s has no output."))
    if len({column.name for column in table.outputs}) < len(table.outputs):
        reader.problem(element, N_("%(element)s has two outputs of the same name, or without one."))
    if table.aggregation and len(table.outputs) > 1:
        reader.problem(element, N_("%(element)s aggregates, which takes exactly one output."))
    if table.hit_policy in (HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER) and not any(
        column.order for column in table.outputs
    ):
        reader.problem(element, N_("%(element)s goes by priority, but no output lists its values in order."))
    for rule, found in zip(table.rules, _children(element, "rule"), strict=True):
        if len(rule.conditions) != len(table.inputs) or len(rule.outputs) != len(table.outputs):
            reader.problem(found, N_("%(element)s does not have a cell for every input and output."))


def _check_requirements(root: etree._Element, nodes: Mapping[str, Node], reader: Reader) -> None:
    elements = {found.get("id", ""): found for found in _children(root, *_NODES)}
    for node in nodes.values():
        for required in node.required:
            if required not in nodes:
                template = N_("%(element)s requires '%(required)s', which this file does not have.")
                reader.problem(elements[node.id], template, required=required)
    for decision_id in in_circles(nodes):
        reader.problem(elements[decision_id], N_("%(element)s waits for decisions that require each other."))


def in_circles(nodes: Mapping[str, Node]) -> list[str]:
    """Ids of the decisions that wait for themselves, or for one that does."""
    waiting = {node.id: {r for r in node.required if r in nodes} for node in nodes.values()}
    dependents = defaultdict(list)
    for node_id, required in waiting.items():
        for other in required:
            dependents[other].append(node_id)
    ready = [node_id for node_id, required in waiting.items() if not required]
    while ready:
        done = ready.pop()
        del waiting[done]
        for node_id in dependents[done]:
            waiting[node_id].discard(done)
            if not waiting[node_id]:
                ready.append(node_id)
    return list(waiting)


def _children(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    return (child for child in element if etree.QName(child).localname in names)


def _hrefs(element: etree._Element, requirement: str, name: str) -> Iterator[str]:
    for found in _children(element, requirement):
        for child in _children(found, name):
            yield child.get("href", "").removeprefix("#")


def _variable(element: etree._Element) -> Variable:
    """The variable of a decision or an input; without one, its name serves (DMN 1.1 files of Camunda)."""
    found = next(_children(element, "variable"), None)
    name = _name(found.get("name") if found is not None else None) or _name(element.get("name"))
    type_ref = type_name(found.get("typeRef") if found is not None else None)
    return Variable(name or element.get("id", ""), type_ref)


def _name(text: str | None) -> str:
    """A FEEL name with single spaces between its words."""
    return " ".join((text or "").split())
