"""Random decision tables over a few inputs, the inputs to ask them, and their rules asked one by one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import product
from typing import Any

from hypothesis import strategies as st

from engine.definitions.dmn import Decision
from engine.definitions.dmn.model import Table
from engine.feel import YearsMonths, parse_unary_tests
from tests.unit.dmn.models import only, table

KINDS: dict[str, tuple[list[str], list[Any]]] = {
    "number": (["1", "2", "3", "-1", "2.5", "1 + 1"], [Decimal(n) / 4 for n in range(-8, 18)]),
    "integer": (["1", "2", "3", "5"], [Decimal(n) for n in range(-1, 8)]),
    "string": (['"a"', '"b"', '"c"'], ["a", "b", "c", "lain", ""]),
    "boolean": (["true", "false"], [True, False]),
    "date": (
        ['date("2026-01-01")', '@"2026-01-02"', 'date("2026-03-01")', "date(2026, 3, 5)"],
        [date(2026, 1, 1) + timedelta(days=n) for n in (-1, 0, 1, 2, 58, 59, 60, 63, 64)],
    ),
    "dateTime": (
        ['date and time("2026-01-01T10:00:00+07:00")', '@"2026-01-01T12:00:00+07:00"'],
        [
            datetime.fromisoformat(f"2026-01-01T{clock}")
            for clock in ("09:00+07:00", "03:00Z", "10:00", "11:30", "11:30+07:00", "12:00+07:00", "12:00")
        ]
        + [datetime(2026, 1, 1, 12, tzinfo=UTC)],
    ),
    "dayTimeDuration": (
        ['duration("PT2H")', '@"P1D"', '-duration("PT1H")'],
        [timedelta(hours=n) for n in (-2, -1, 0, 2, 3, 24, 25)],
    ),
    "yearMonthDuration": (['@"P1Y"', 'duration("P1Y2M")'], [YearsMonths(n) for n in (0, 12, 13, 14, 15)]),
}
"""Type -> (constants of cells, values of inputs around all of them)."""
ORDERED = frozenset(KINDS) - {"string", "boolean"}
OPAQUE = ("? = z", "z", "string length(z)", "[z..3]")


@dataclass(frozen=True)
class Made:
    """A table: its inputs with their types and allowed values, and its rows of cells."""

    inputs: str
    types: tuple[str, ...]
    allowed: tuple[str | None, ...]
    rows: tuple[tuple[str, ...], ...]
    policy: str

    @cached_property
    def decision(self) -> Decision:
        values = ['"q", 1, "p"'] if self.policy == "PRIORITY" else []
        return only(
            table(
                list(self.inputs),
                ["o"],
                self.rows,
                policy=self.policy,
                types=self.types,
                allowed=self.allowed,
                values=values,
            )
        )

    @property
    def table(self) -> Table:
        assert self.decision.table is not None
        return self.decision.table

    def values(self, column: int) -> list[Any]:
        """Values of an input: null, and what its type and the allowed values leave."""
        found, allowed = KINDS[self.types[column]][1], self.table.inputs[column].allowed
        return [None, *(v for v in found if allowed is None or allowed.matches(v, {}))]

    @property
    def any_inputs(self) -> st.SearchStrategy[dict[str, Any]]:
        return st.fixed_dictionaries(
            {name: st.sampled_from(self.values(n)) for n, name in enumerate(self.inputs)}
        )

    @property
    def all_inputs(self) -> list[dict[str, Any]]:
        columns = [self.values(number) for number in range(len(self.inputs))]
        return [dict(zip(self.inputs, row, strict=True)) for row in product(*columns)]


def matching(table_: Table, inputs: Mapping[str, Any], **more: Any) -> list[str]:
    """Ids of the rules that hold, whatever the hit policy makes of them."""
    scope = {**inputs, **more}
    values = [inputs[column.expression.text] for column in table_.inputs]
    return [
        rule.id
        for rule in table_.rules
        if all(c is None or c.matches(v, scope) for c, v in zip(rule.conditions, values, strict=True))
    ]


def lies_in(columns: Mapping[str, str], inputs: Mapping[str, Any]) -> bool:
    """Whether inputs lie in a region, as its own texts have it."""
    return all(parse_unary_tests(text).matches(inputs[name], {}) for name, text in columns.items())


def cells(kind: str, *, opaque: bool) -> st.SearchStrategy[str]:
    constants = KINDS[kind][0]
    constant = st.sampled_from(constants)
    tests = [constant, st.just("null")]
    if kind in ORDERED:
        tests.append(st.builds("{} {}".format, st.sampled_from(["<", "<=", ">", ">="]), constant))
        brackets = st.tuples(st.sampled_from("[("), constant, constant, st.sampled_from("])"))
        tests.append(brackets.map(lambda b: f"{b[0]}{b[1]}..{b[2]}{b[3]}"))
    tests.append(constant.map("!= {}".format))
    lists = st.lists(st.one_of(tests), min_size=1, max_size=3).map(", ".join)
    found = [st.just("-"), st.one_of(tests), lists, lists.map("not({})".format)]
    return st.one_of([*found, st.sampled_from(OPAQUE)] if opaque else found)


def _allowed(kind: str) -> st.SearchStrategy[str | None]:
    constants = KINDS[kind][0]
    texts = [None, None, ", ".join(constants[:2])]
    return st.sampled_from([*texts, f">= {constants[0]}"] if kind in ORDERED else texts)


@st.composite
def tables(
    draw: st.DrawFn, policies: Sequence[str], *, opaque: bool = False, most: int = 7, names: str = "xyw"
) -> Made:
    """A table of one to three inputs with one output."""
    inputs = names[: draw(st.integers(1, len(names)))]
    types = tuple(draw(st.sampled_from(sorted(KINDS))) for _ in inputs)
    row = st.tuples(*(cells(kind, opaque=opaque) for kind in types), st.sampled_from(['"p"', '"q"', "1"]))
    rows = tuple(draw(st.lists(row, min_size=1, max_size=most)))
    allowed = tuple(draw(_allowed(kind)) for kind in types)
    return Made(inputs, types, allowed, rows, draw(st.sampled_from(policies)))
