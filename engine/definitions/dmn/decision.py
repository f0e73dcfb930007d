"""Decisions, ready to be evaluated with the decisions that they require."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from engine.definitions.dmn.model import DecisionProblem, Node, Table, Unsupported
from engine.definitions.dmn.reading import read_nodes
from engine.definitions.dmn.results import DecisionResult
from engine.definitions.dmn.table import Run, evaluate_table
from engine.definitions.dmn.types import fit
from engine.definitions.xml import kind_of, parse_xml
from engine.errors import DecisionError, DecisionNotFound, XmlRefused
from engine.feel import parse_expression


@dataclass(frozen=True)
class Decision:
    """One decision of a DMN file. ``graph``: all decisions of the file by id, itself among them."""

    node: Node
    graph: Mapping[str, Node] = field(repr=False, compare=False)

    @property
    def id(self) -> str:
        return self.node.id

    @property
    def name(self) -> str:
        return self.node.name

    @property
    def outputs(self) -> tuple[str, ...]:
        """Names of the results: a table's output columns, else the decision's variable."""
        logic = self.node.logic
        return (
            tuple(o.name for o in logic.outputs) if isinstance(logic, Table) else (self.node.variable.name,)
        )

    @property
    def copied(self) -> frozenset[str]:
        """Names of the variables whose values may stand in the result; not those that only choose a rule."""
        found: set[str] = set()
        for node in _order(self.node, self.graph):
            logic = node.logic
            if isinstance(logic, Table):
                cells = [cell for rule in logic.rules for cell in rule.outputs]
                expressions = [*cells, *(column.default for column in logic.outputs)]
            else:
                expressions = [] if isinstance(logic, Unsupported) else [logic.expression]
            found.update(name for expression in expressions if expression for name in expression.names)
        return frozenset(found)

    def evaluate(self, variables: Mapping[str, Any]) -> DecisionResult:
        """Evaluate the decision; those that it requires come first, each once.

        ``variables``: JSON or FEEL values by name. What the file requires wins over a variable of its name.
        Raises DecisionError if a decision violates its hit policy or allowed values or is of a kind that is
        not supported, ExpressionFailed if an expression uses up its budget.
        """
        warnings: list[str] = []
        scope = dict(variables)
        *required, last = _order(self.node, self.graph)
        for node in required:
            scope |= _visible(node, _evaluate(node, scope, warnings))
        return _evaluate(last, scope, warnings)


def parse_decisions(content: bytes, resource: str) -> dict[str, Decision]:
    """The decisions of a DMN file (1.1 to 1.5) by id, in its order.

    ``resource``: the file's name, for messages. Decisions of a kind that is not supported are among them and
    fail when they are evaluated. Cached. Raises XmlRefused if it is no DMN or has problems.
    """
    return dict(_parse(content, resource))


def check_decisions(content: bytes, resource: str) -> list[DecisionProblem]:
    """Everything wrong with a DMN file, in its order; an empty list if it may be deployed.

    Raises XmlRefused if it is no DMN at all.
    """
    return list(_read(content, resource)[1])


def evaluate_decision(resources: Mapping[str, bytes], decision: str, inputs: Mapping[str, Any]) -> Any:
    """Evaluate one decision of a model.

    ``resources``: files by name; the first is the model that is asked. ``decision``: its id or name.
    ``inputs``: values by the names of the model's inputs, JSON or FEEL.
    Returns one value, a dict of outputs, or a list of either for a hit policy with many results; None if no
    rule matches. Numbers are Decimal, dates and durations Python's own.
    Raises XmlRefused, DecisionNotFound, DecisionError, ExpressionFailed.
    """
    for resource, content in resources.items():
        decisions = parse_decisions(content, resource)
        named = {found.name: found for found in decisions.values()}
        found = decisions.get(decision) or named.get(decision)
        if found is None:
            break
        return found.evaluate(inputs).value
    raise DecisionNotFound(id=decision)


def evaluate_expression(text: str, context: Mapping[str, Any]) -> Any:
    """Evaluate one FEEL expression.

    ``text``: with or without a leading ``=``. ``context``: variables by name, JSON or FEEL values.
    Returns a Python value (numbers are Decimal), None where the standard gives none.
    Raises ExpressionInvalid, ExpressionFailed.
    """
    return parse_expression(text, frozenset(context)).evaluate(context)


@lru_cache(maxsize=256)
def _read(content: bytes, resource: str) -> tuple[Mapping[str, Node], tuple[DecisionProblem, ...]]:
    root = parse_xml(content, resource)
    if kind_of(root, resource) != "dmn":
        raise XmlRefused(resource=resource, reason="it is a process diagram, not a decision model")
    nodes, reader = read_nodes(root)
    return MappingProxyType(nodes), tuple(reader.problems)


def _parse(content: bytes, resource: str) -> dict[str, Decision]:
    nodes, problems = _read(content, resource)
    for problem in problems:
        if not problem.local:
            raise XmlRefused(resource=resource, reason=f"line {problem.line}: {problem}")
    return {node.id: Decision(node, nodes) for node in nodes.values() if not node.is_function}


def _order(last: Node, graph: Mapping[str, Node]) -> list[Node]:
    """What a decision requires, directly or not, each once and before it is needed; the decision last.

    Ends because a file whose decisions require each other in a circle is refused.
    """
    ordered: dict[str, Node] = {}
    stack = [last]
    while stack:
        node = stack[-1]
        missing = [graph[required] for required in node.required if required not in ordered]
        stack.extend(missing)
        if not missing:
            ordered.setdefault(stack.pop().id, node)
    return list(ordered.values())


def _evaluate(node: Node, scope: Mapping[str, Any], warnings: list[str]) -> DecisionResult:
    typed = {v.name: fit(scope[v.name], v.type_ref) for v in node.inputs if v.type_ref and v.name in scope}
    names = {**scope, **typed} if typed else scope
    logic = node.logic
    if isinstance(logic, Unsupported):
        raise DecisionError(
            node.id, logic.id, f"a boxed expression of the kind '{logic.kind}' is not supported"
        )
    if isinstance(logic, Table):
        value, rows, rules = evaluate_table(Run(node.id, logic, names, warnings))
        return DecisionResult(node.id, value, tuple(rows), tuple(rules), tuple(warnings))
    value = logic.expression.evaluate(names, warnings)
    return DecisionResult(node.id, value, ({node.variable.name: value},), (), tuple(warnings))


def _visible(node: Node, result: DecisionResult) -> dict[str, Any]:
    """A result by the names that others see: its variable's (DMN 1.5, 7.3.1), its outputs' (Camunda 7)."""
    if not isinstance(node.logic, Table):
        return {node.variable.name: result.value}
    rows = result.rows
    if node.logic.hit_policy.is_single or node.logic.aggregation:
        outputs = dict(rows[0]) if rows else {}
    else:
        outputs = {column.name: [row[column.name] for row in rows] for column in node.logic.outputs}
    return {**outputs, node.variable.name: result.value}
