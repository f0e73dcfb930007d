"""A decision table at work: which rules match, and what the hit policy makes of them (DMN 1.5, 8.2.10)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from engine.definitions.dmn.model import Aggregation, HitPolicy, Output, Rule, Table
from engine.definitions.dmn.types import fit
from engine.errors import DecisionError
from engine.feel import Expression, parse_expression

_EQUAL: Final = parse_expression("a = b")
_POSITION: Final = parse_expression("index of(values, value)[1]")
_AGGREGATES: Final[Mapping[Aggregation, Expression]] = {
    Aggregation.SUM: parse_expression("sum(values)"),
    Aggregation.MIN: parse_expression("min(values)"),
    Aggregation.MAX: parse_expression("max(values)"),
    Aggregation.COUNT: parse_expression("count(values)"),
}

Row = dict[str, Any]


@dataclass(frozen=True)
class Hit:
    """A matching rule and the values of its outputs."""

    rule: Rule
    row: Row


@dataclass(frozen=True)
class Run:
    """One evaluation: whose table it is, what its expressions see, where warnings go."""

    decision: str
    table: Table
    scope: Mapping[str, Any]
    warnings: list[str]

    def fail(self, element: str, reason: str) -> DecisionError:
        return DecisionError(self.decision, element, reason)


def evaluate_table(run: Run) -> tuple[Any, list[Row], list[str]]:
    """Evaluate a table: (value, rows, ids of the rules behind them), as ``DecisionResult`` has them.

    Raises DecisionError if the hit policy is violated or a value is not among the allowed ones,
    ExpressionFailed if an expression uses up its budget.
    """
    table = run.table
    hits = [Hit(rule, _outputs(rule, run)) for rule in _matching(run)]
    if not hits:
        row = _default(run)
        if row is None:
            return _nothing(table)
        value = _value(table, row)
        return (value if table.hit_policy.is_single else [value]), [row], []
    chosen = _POLICIES[table.hit_policy](run, hits)
    rules = [hit.rule.id for hit in chosen]
    if table.aggregation is not None:
        name = table.outputs[0].name
        values = [hit.row[name] for hit in chosen]
        total = _AGGREGATES[table.aggregation].evaluate({"values": values}, run.warnings)
        return total, [{name: total}], rules
    values = [_value(table, hit.row) for hit in chosen]
    return (values[0] if table.hit_policy.is_single else values), [hit.row for hit in chosen], rules


def _matching(run: Run) -> list[Rule]:
    inputs = _inputs(run)
    found = []
    for rule in run.table.rules:
        cells = zip(rule.conditions, inputs, strict=True)
        if all(cell is None or cell.matches(value, run.scope, run.warnings) for cell, value in cells):
            found.append(rule)
            if run.table.hit_policy is HitPolicy.FIRST:
                break
    return found


def _inputs(run: Run) -> list[Any]:
    """The values of the input expressions; each must be among the allowed ones, null always is."""
    values = []
    for column in run.table.inputs:
        value = fit(column.expression.evaluate(run.scope, run.warnings), column.type_ref)
        if column.allowed and value is not None and not column.allowed.matches(value, run.scope):
            raise run.fail(column.id, f"'{value}' is not among the allowed values of the input")
        values.append(value)
    return values


def _outputs(rule: Rule, run: Run) -> Row:
    row = {}
    for column, cell in zip(run.table.outputs, rule.outputs, strict=True):
        value = None if cell is None else cell.evaluate(run.scope, run.warnings)
        if column.allowed and value is not None and not column.allowed.matches(value, run.scope):
            raise run.fail(rule.id, f"'{value}' is not among the allowed values of the output")
        row[column.name] = value
    return row


def _default(run: Run) -> Row | None:
    outputs = run.table.outputs
    if all(column.default is None for column in outputs):
        return None
    return {
        column.name: None if column.default is None else column.default.evaluate(run.scope, run.warnings)
        for column in outputs
    }


def _nothing(table: Table) -> tuple[Any, list[Row], list[str]]:
    """No rule matched and nothing stands in for one."""
    if table.aggregation is Aggregation.COUNT:
        return 0, [{table.outputs[0].name: 0}], []
    return (None if table.hit_policy.is_single or table.aggregation else []), [], []


def _value(table: Table, row: Row) -> Any:
    return row if len(table.outputs) > 1 else row[table.outputs[0].name]


def _equal(first: Any, second: Any) -> bool:
    return _EQUAL.evaluate({"a": first, "b": second}) is True


def _unique(run: Run, hits: list[Hit]) -> list[Hit]:
    if len(hits) > 1:
        rules = ", ".join(hit.rule.id for hit in hits)
        raise run.fail(run.table.id, f"the rules {rules} match at once, but the hit policy is UNIQUE")
    return hits


def _any(run: Run, hits: list[Hit]) -> list[Hit]:
    others = [hit for hit in hits if not _equal(hit.row, hits[0].row)]
    if others:
        rules = ", ".join(hit.rule.id for hit in (hits[0], *others))
        raise run.fail(run.table.id, f"the rules {rules} match and disagree, but the hit policy is ANY")
    return hits[:1]


def _by_priority(run: Run, hits: list[Hit]) -> list[Hit]:
    orders = [(column, _order(column, run)) for column in run.table.outputs]

    def rank(hit: Hit) -> list[int]:
        return [_position(hit.row[column.name], order) for column, order in orders]

    return sorted(hits, key=rank)


def _order(column: Output, run: Run) -> list[Any]:
    values = None if column.order is None else column.order.evaluate(run.scope, run.warnings)
    return values if isinstance(values, list) else []


def _position(value: Any, order: list[Any]) -> int:
    """Where a value stands among the output values; what is not listed comes last."""
    position = _POSITION.evaluate({"values": order, "value": value})
    return len(order) + 1 if position is None else int(position)


_POLICIES: Final[Mapping[HitPolicy, Callable[[Run, list[Hit]], list[Hit]]]] = {
    HitPolicy.UNIQUE: _unique,
    HitPolicy.ANY: _any,
    HitPolicy.FIRST: lambda _, hits: hits[:1],
    HitPolicy.PRIORITY: lambda run, hits: _by_priority(run, hits)[:1],
    HitPolicy.OUTPUT_ORDER: _by_priority,
    HitPolicy.RULE_ORDER: lambda _, hits: hits,
    HitPolicy.COLLECT: lambda _, hits: hits,
}
