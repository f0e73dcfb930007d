"""The sentences that the catalogue knows of the engine are those that the engine says."""

import pytest

from engine import evaluate_expression
from engine.definitions.dmn import try_decision
from engine.errors import DecisionError
from tests.unit.dmn.models import decision, file, literal, table
from webapp.modeler.reasons import REASONS, template_of

EXPRESSIONS = [
    "tidak_ada",
    "1 instance of aneh",
    "upper case(1)",
    "(function(a) a)(1, 2)",
    '(function(a: number) a)("x")',
    "date(2026, 1, 1).abad",
    "[1, 2](3)",
    "(1)(2)",
    '1 + "x"',
    '1 < "x"',
    "[1, 2][5]",
    'number("x")',
    'date("x")',
    "date(2026, 2, 30)",
    'time("x")',
    'date and time("x")',
    'duration("x")',
    'sum([1, "x"])',
    'min([1, "x"])',
]


def warnings() -> list[str]:
    """What the engine says of each expression, without the place."""
    found: list[str] = []
    for expression in EXPRESSIONS:
        evaluate_expression(expression, {}, found)
    typed = '<variable name="a" typeRef="number"/>' + literal('"x"')
    allowed = '<itemDefinition name="warna"><typeRef>string</typeRef><allowedValues><text>"biru"</text>'
    allowed += "</allowedValues></itemDefinition>"
    colour = '<variable name="a" typeRef="warna"/>' + literal('"hijau"')
    branches = f"<if>{literal('1')}</if><then>{literal('2')}</then><else>{literal('3')}</else>"
    condition = f"<conditional>{branches}</conditional>"
    for parts in (
        [decision("a", typed)],
        [allowed, decision("a", colour)],
        [decision("a", "")],
        [decision("a", condition)],
    ):
        found += try_decision({"x": file(*parts)}, "a", {}).warnings
    return [warning.rpartition(" (position")[0].removeprefix("a: ") for warning in found]


def errors() -> list[str]:
    """Why some decisions cannot be evaluated."""
    deep: object = 1
    for _ in range(100):
        deep = [deep]
    found = []
    for logic in (
        literal("count(for a in 1..1000, b in 1..1000 return a)"),
        literal("n"),
        literal('string join(for a in 1..60000 return "0123456789")'),
        table(["1"], ["x"], [["-", "1"]], types=["number"], allowed=["2"]),
        table(["1"], ["x"], [["-", "1"]], types=["number"], values=["2"]),
    ):
        with pytest.raises(DecisionError) as raised:
            try_decision({"x": file(decision("a", logic))}, "a", {"n": deep})
        found.append(raised.value.reason)
    return found


def test_every_sentence_of_the_catalogue_is_one_that_the_engine_says() -> None:
    said = {template_of(sentence) for sentence in warnings() + errors()} - {None}
    hard_to_reach = {"it takes too long", "it is nested too deeply"}
    assert set(REASONS) - said == hard_to_reach
