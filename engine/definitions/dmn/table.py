"""A decision table at work: which rules match, and what the hit policy makes of them (DMN 1.5, 8.2.10)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from engine.definitions.dmn.model import Aggregation, HitPolicy, Outcome, Rule, Table
from engine.definitions.dmn.types import fitted, made_to_fit, plain_type, read_texts
from engine.errors import DecisionError
from engine.feel import Expression, UnaryTests
from engine.feel.inside import (
    BUILTINS,
    Closure,
    Env,
    Run,
    Source,
    TestClosure,
    TypeRef,
    closure_of,
    equal,
    tests_of,
)

_AGGREGATES: Final[Mapping[Aggregation, str]] = MappingProxyType(
    {Aggregation.SUM: "sum", Aggregation.MIN: "min", Aggregation.MAX: "max", Aggregation.COUNT: "count"}
)

Row = dict[str, Any]


class _Cell(NamedTuple):
    """A condition: which input it is about, what tests it, where it stands."""

    column: int
    test: TestClosure
    source: Source


class _Result(NamedTuple):
    """What gives the value of an output, and where it stands."""

    closure: Closure
    source: Source


@dataclass(frozen=True)
class Hit:
    """A matching rule and the values of its outputs."""

    rule: Rule
    row: Row


def compile_table(table: Table, decision: str, types: Mapping[str, TypeRef]) -> Callable[[Env], Outcome]:
    """What evaluates a table in an environment. ``decision``: its id; ``types``: those that the file defines.

    The callable raises DecisionError if the hit policy is violated or a value is not among the allowed ones.
    """
    return _Compiled(table, decision, types)


class _Compiled:
    """A table with its cells as closures. Shared between threads; all that changes is in the environment."""

    def __init__(self, table: Table, decision: str, types: Mapping[str, TypeRef]) -> None:
        self.table, self.decision, self.types = table, decision, types
        self.inputs = [self._result(column.expression, column.id) for column in table.inputs]
        self.allowed = [self._tests(column.allowed) for column in table.inputs]
        self.rules = [(rule, self._cells(rule), self._results(rule)) for rule in table.rules]
        self.values = [self._tests(column.allowed) for column in table.outputs]
        self.defaults = [self._result(column.default, column.id) for column in table.outputs]
        self.orders = [self._result(column.order, column.id) for column in table.outputs]

    def __call__(self, env: Env) -> Outcome:
        run, table = env.run, self.table
        outside = run.source
        hits = self._hits(env)
        if not hits:
            outcome = self._nothing(env)
        else:
            outcome = self._outcome(env, _POLICIES[table.hit_policy](self, env, hits))
        run.source = outside
        return outcome

    def fail(self, element: str, reason: str) -> DecisionError:
        return DecisionError(self.decision, element, reason)

    def conflict(self, hits: list[Hit], how: str) -> DecisionError:
        """The hit policy forbids that these rules match."""
        rules, policy = [hit.rule.id for hit in hits], self.table.hit_policy
        reason = f"the rules {', '.join(rules)} match {how}, but the hit policy is {policy}"
        return DecisionError(self.decision, self.table.id, reason, rules=rules)

    def _cells(self, rule: Rule) -> tuple[_Cell, ...]:
        return tuple(
            _Cell(index, tests_of(cell, self.types), Source(rule.id, cell.text))
            for index, cell in enumerate(rule.conditions[: len(self.inputs)])
            if cell is not None
        )

    def _results(self, rule: Rule) -> tuple[_Result, ...]:
        return tuple(self._result(cell, rule.id) for cell in rule.outputs)

    def _result(self, cell: Expression | None, element: str) -> _Result:
        if cell is None:
            return _Result(_null, Source(element, ""))
        return _Result(closure_of(cell, self.types), Source(element, cell.text))

    def _tests(self, tests: UnaryTests | None) -> TestClosure | None:
        return None if tests is None else tests_of(tests, self.types)

    def _hits(self, env: Env) -> list[Hit]:
        run, values, first = env.run, self._inputs(env), self.table.hit_policy is HitPolicy.FIRST
        run.step(len(self.rules) // 4 + 1)
        found: list[Hit] = []
        for rule, cells, results in self.rules:
            for column, test, source in cells:
                run.source = source
                if test(env, values[column]) is not True:
                    break
            else:
                found.append(Hit(rule, self._row(env, rule, results)))
                if first:
                    break
        return found

    def _inputs(self, env: Env) -> list[Any]:
        """The values of the input expressions; each must be among the allowed ones, null always is."""
        run, values = env.run, []
        for column, (closure, source), allowed in zip(
            self.table.inputs, self.inputs, self.allowed, strict=True
        ):
            run.source = source
            value = closure(env)
            if column.type is not None:
                value = read_texts(value, column.type) if run.json else made_to_fit(value, column.type, run)
            if allowed and value is not None and allowed(env, value) is not True:
                raise self.fail(column.id, "what it got is not among the allowed values of the input")
            values.append(value)
        return values

    def _row(self, env: Env, rule: Rule, results: tuple[_Result, ...]) -> Row:
        run, row = env.run, {}
        for column, (closure, source), allowed in zip(self.table.outputs, results, self.values, strict=False):
            run.source = source
            value = _typed(closure(env), column.type, run)
            if allowed and value is not None and allowed(env, value) is not True:
                raise self.fail(rule.id, "what the rule gives is not among the allowed values of the output")
            row[column.name] = value
        return row

    def _outcome(self, env: Env, hits: list[Hit]) -> Outcome:
        table, rules = self.table, tuple(hit.rule.id for hit in hits)
        if table.aggregation is not None:
            name = table.outputs[0].name
            values = [hit.row[name] for hit in hits]
            total = BUILTINS[_AGGREGATES[table.aggregation]].call(env.run, (values,), {})
            return Outcome(total, ({name: total},), rules)
        found = [self._value(hit.row) for hit in hits]
        value = found[0] if table.hit_policy.is_single else found
        return Outcome(value, tuple(hit.row for hit in hits), rules)

    def _nothing(self, env: Env) -> Outcome:
        """No rule matched: the defaults speak, where there are any.

        By the letter (DMN 1.5, 10.3.2.10) nothing is null for every hit policy, and a default stands for all;
        in a process a table of many results has an empty list, or one of one.
        """
        table = self.table
        if any(column.default is not None for column in table.outputs):
            row = {}
            for column, (closure, source) in zip(table.outputs, self.defaults, strict=True):
                env.run.source = source
                row[column.name] = _typed(closure(env), column.type, env.run)
            value = self._value(row)
            alone = table.hit_policy.is_single or table.aggregation or not env.run.json
            return Outcome(value if alone else [value], (row,), ())
        if table.aggregation is Aggregation.COUNT:
            zero = BUILTINS["count"].call(env.run, ([],), {})
            return Outcome(zero, ({table.outputs[0].name: zero},), ())
        is_null = table.hit_policy.is_single or table.aggregation or not env.run.json
        return Outcome(None if is_null else [], (), ())

    def _value(self, row: Row) -> Any:
        return row if len(self.table.outputs) > 1 else next(iter(row.values()), None)

    def unique(self, env: Env, hits: list[Hit]) -> list[Hit]:
        if len(hits) > 1:
            raise self.conflict(hits, "at once")
        return hits

    def any_(self, env: Env, hits: list[Hit]) -> list[Hit]:
        others = [hit for hit in hits if equal(hit.row, hits[0].row, env.run.step) is not True]
        if others:
            raise self.conflict([hits[0], *others], "and disagree")
        return hits[:1]

    def by_priority(self, env: Env, hits: list[Hit]) -> list[Hit]:
        """The hits, those with the output value that is listed first in front; column by column."""
        outputs = zip(self.table.outputs, self.orders, strict=True)
        orders = [(column, self._order(env, order)) for column, order in outputs]

        def rank(hit: Hit) -> list[int]:
            return [_position(env.run, hit.row[column.name], order) for column, order in orders]

        return sorted(hits, key=rank)

    def _order(self, env: Env, order: _Result) -> list[Any]:
        env.run.source = order.source
        values = order.closure(env)
        return values if isinstance(values, list) else []


def _typed(value: Any, type_: TypeRef | None, run: Run) -> Any:
    """An output as its column wants it, else null; in a process what does not fit stays as it is.

    Editors write ``string`` into every new column, so that tables of numbers say they were texts.
    """
    if type_ is None or value is None or type(value) is plain_type(type_):
        return value
    return made_to_fit(value, type_, run) if run.json else fitted(value, type_, run)


def _null(env: Env) -> None:
    """The value of an empty cell."""


def _position(run: Run, value: Any, order: list[Any]) -> int:
    """Where a value stands among the output values; what is not listed comes last."""
    for position, listed in enumerate(order):
        if equal(listed, value, run.step) is True:
            return position
    return len(order)


_Policy = Callable[[_Compiled, Env, list[Hit]], list[Hit]]

_POLICIES: Final[Mapping[HitPolicy, _Policy]] = MappingProxyType(
    {
        HitPolicy.UNIQUE: _Compiled.unique,
        HitPolicy.ANY: _Compiled.any_,
        HitPolicy.FIRST: lambda _, __, hits: hits[:1],
        HitPolicy.PRIORITY: lambda table, env, hits: table.by_priority(env, hits)[:1],
        HitPolicy.OUTPUT_ORDER: _Compiled.by_priority,
        HitPolicy.RULE_ORDER: lambda _, __, hits: hits,
        HitPolicy.COLLECT: lambda _, __, hits: hits,
    }
)
