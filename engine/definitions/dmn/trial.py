"""Decisions of a file that is not deployed: what they ask for, and what they say to given values."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.definitions.dmn.decision import Decision, decisions_of, find_decision, read_model
from engine.definitions.dmn.model import Node, Table
from engine.definitions.dmn.types import listed_values
from engine.errors import DecisionNotFound, ExpressionFailed
from engine.feel import Expression, one_allowance, to_json
from engine.feel.inside import TypeRef


@dataclass(frozen=True)
class DecisionInput:
    """A value that a decision asks for.

    ``type``: its FEEL type where the file tells (``number``, ``string``, ``boolean``, ``date``...), else "".
    ``options``: the allowed values, as JSON, where the file lists them.
    """

    name: str
    type: str = ""
    options: tuple[Any, ...] = ()


@dataclass(frozen=True)
class DecisionOutline:
    """A decision or decision service of a file.

    ``kind``: of its logic (``decisionTable``, ``literalExpression``...; ``decisionService``). ``outputs``:
    names of its results. ``rules``: ids of a table's rules in order.
    """

    id: str
    name: str
    kind: str
    inputs: tuple[DecisionInput, ...]
    outputs: tuple[str, ...]
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Trial:
    """What a decision says, as JSON has it. Fields as in ``DecisionResult``."""

    value: Any
    rows: tuple[Mapping[str, Any], ...]
    rules: tuple[str, ...]
    warnings: tuple[str, ...]


def outline_decisions(resources: Mapping[str, bytes], only: str | None = None) -> list[DecisionOutline]:
    """The decisions of a file in its order.

    ``resources``: files by name; the first is the one that is meant, the others what it imports.
    ``only``: the id of the one that is asked for; then there is one, or none.
    Raises XmlRefused if it is no DMN.
    """
    decisions = decisions_of(read_model(resources))
    with one_allowance():
        return [_outline(decision) for decision in decisions if only in (None, decision.id)]


def try_decision(resources: Mapping[str, bytes], decision: str, variables: Mapping[str, Any]) -> Trial:
    """Evaluate a decision as a process would.

    ``resources`` as in ``outline_decisions``; ``decision``: an id or name; ``variables``: JSON values by
    name. Raises XmlRefused, DecisionNotFound, DecisionError.
    """
    found = find_decision(read_model(resources), decision)
    if found is None:
        raise DecisionNotFound(id=decision)
    result = found.evaluate(variables)
    rows = tuple(to_json(row) for row in result.rows)
    return Trial(to_json(result.value), rows, result.rules, result.warnings)


def _outline(decision: Decision) -> DecisionOutline:
    node, table = decision.node, decision.table
    kind = node.boxed.kind if node.boxed else node.kind
    rules = tuple(rule.id for rule in table.rules) if table else ()
    return DecisionOutline(node.id, node.name, kind, _inputs(decision), decision.outputs, rules)


def _inputs(decision: Decision) -> tuple[DecisionInput, ...]:
    """What the expressions take from outside: its own first, in the order of its columns.

    Input data is among it whether an expression names it or not.
    """
    service = decision.node.service
    given = [decision.model.graph[key] for key in service.inputs] if service else []
    nodes = [node for node in decision.needed if node not in given]
    data = [node for node in (*given, *nodes) if node in given or node.kind == "inputData"]
    known = {node.variable.name: _input(node.variable.name, node.variable.type) for node in data}
    provided = {name for node in nodes if node.kind != "inputData" for name in node.provides}
    found = {node.variable.name: known[node.variable.name] for node in given}
    for node in reversed(nodes):
        for each in _asked_by(node):
            if each.name not in provided:
                better = known.get(each.name, each)
                found.setdefault(each.name, better if better.type or better.options else each)
    return tuple({**found, **{name: each for name, each in known.items() if name not in found}}.values())


def _asked_by(node: Node) -> Iterator[DecisionInput]:
    """What the logic of one node takes from outside, its table's columns first."""
    if node.boxed is None:
        return
    columns = _columns(node.table) if node.table else {}
    yield from (each for name, each in columns.items() if name in node.boxed.names)
    yield from map(DecisionInput, sorted(node.boxed.names - columns.keys()))


def _columns(table: Table) -> dict[str, DecisionInput]:
    """The inputs of a table that are a variable and nothing else."""
    found = {}
    for column in table.inputs:
        name = column.expression.text.strip()
        if column.expression.names == {name}:
            found[name] = _input(name, column.type, column.order)
    return found


def _input(name: str, type_: TypeRef | None, order: Expression | None = None) -> DecisionInput:
    base, seen = type_, set[int]()
    while base is not None and base.own is not None and id(base) not in seen:
        seen.add(id(base))
        base = getattr(base.own, "base", None)
    listed = order or listed_values(type_)
    return DecisionInput(name, base.name if base else "", _values(listed))


def _values(listed: Expression | None) -> tuple[Any, ...]:
    if listed is None or listed.names:
        return ()
    try:
        values = listed.evaluate({})
    except ExpressionFailed:
        return ()
    plain = values if isinstance(values, list) else []
    simple = all(isinstance(value, (str, bool)) or to_json(value) == value for value in plain)
    return tuple(to_json(value) for value in plain) if simple else ()
