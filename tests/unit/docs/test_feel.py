"""docs/feel.md tells the truth: every example, table and number in it."""

import doctest
import re

import pytest

import engine
from engine.definitions.dmn import Aggregation, HitPolicy, parse_decisions
from engine.definitions.forms.conditions import parse_condition
from engine.errors import DecisionError, ExpressionFailed, ExpressionInvalid
from engine.feel import limits, parse_expression, parse_unary_tests
from engine.feel.library.registry import SIGNATURES, Signature
from tests.unit.docs import feel_document
from tests.unit.docs.feel_document import Example, Grid

ROOT = feel_document.PATH.parents[1]
FUNCTION_TABLES = [each for each in feel_document.grids() if each.header[0] == "fungsi · function"]
FUNCTIONS = [row for each in FUNCTION_TABLES for row in each.rows]


def shown(value):
    """A value as FEEL text: ``1``, ``"1"`` and ``1.0`` differ, as do a date and the text of one."""
    return engine.evaluate_expression("string([value])", {"value": value})


def evaluated(text):
    return engine.evaluate_expression(text, {})


def id_of(example):
    return f"line {example.line}"


@pytest.mark.parametrize("example", feel_document.examples("feel"), ids=id_of)
def test_every_example_gives_what_is_written_with_just_the_warnings_that_are_written(example: Example):
    scope = evaluated(example.context)
    if example.expected == "error":
        with pytest.raises((ExpressionInvalid, ExpressionFailed)) as failure:
            engine.evaluate_expression(example.text, scope)
        assert failure.value.reason == example.remark
        return
    warnings: list[str] = []
    parse_expression(example.text, frozenset(scope)).evaluate(scope, warnings)
    assert shown(engine.evaluate_expression(example.text, scope)) == shown(evaluated(example.expected))
    assert " / ".join(warnings) == example.remark


TABLES = feel_document.decision_tables()
RESULTS = [(content, result) for _, content, results in TABLES for result in results]


@pytest.mark.parametrize(("content", "result"), RESULTS, ids=[id_of(result) for _, result in RESULTS])
def test_every_decision_table_gives_what_is_written(content: bytes, result: Example):
    inputs = evaluated(result.text)
    if result.expected == "error":
        with pytest.raises(DecisionError, match=re.escape(result.remark)):
            parse_decisions(content, "feel.dmn")["d1"].evaluate(inputs)
        return
    found = parse_decisions(content, "feel.dmn")["d1"].evaluate(inputs).value
    assert shown(found) == shown(evaluated(result.expected))


def test_every_hit_policy_has_a_table_with_results():
    shown_policies = {feel_document.policy_of(drawn) for drawn, _, results in TABLES if results}
    assert shown_policies == {(policy.value, "") for policy in HitPolicy} | {
        ("COLLECT", aggregation.value) for aggregation in Aggregation
    }
    assert [drawn.line for drawn, _, results in TABLES if not results] == []


def test_the_first_table_is_the_one_that_pasuruan_runs():
    _, content, _ = TABLES[0]
    model = (ROOT / "processes/pasuruan/pasuruan_jalur.dmn").read_bytes()
    for age in (None, 0, 11, 12, 17, 18):
        for level in (None, "ringan", "berat"):
            theirs = {"umur_saat_kejadian": age, "tingkat_tindak_pidana": level}
            ours = {"umur": age, "tingkat": level}
            assert engine.evaluate_decision(
                {"m.dmn": model}, "pasuruan_jalur", theirs
            ) == engine.evaluate_decision({"m.dmn": content}, "d1", ours)


@pytest.mark.parametrize("row", feel_document.grid("nilai · value").rows, ids=" in ".join)
def test_every_cell_matches_as_written(row: tuple[str, str, str]):
    value, cell, expected = row
    assert parse_unary_tests(cell).matches(evaluated(value), {}) is evaluated(expected)


def test_the_truth_table_is_true():
    truth: Grid = feel_document.grid("a")
    for first, second, *answers in truth.rows:
        scope = {"a": evaluated(first), "b": evaluated(second)}
        found = [engine.evaluate_expression(text, scope) for text in truth.header[2:]]
        assert found == [evaluated(answer) for answer in answers], (first, second)
    assert len(truth.rows) == 6, "and and or do not mind the order of their operands"


def test_every_built_in_function_has_a_row_with_the_forms_of_the_registry():
    rows = {name_of(row): row[0] for row in FUNCTIONS}
    assert len(rows) == len(FUNCTIONS)
    assert {name: forms_of(name, signatures) for name, signatures in SIGNATURES.items()} == {
        name: cell.removesuffix(" ⁺").replace("`", "") for name, cell in rows.items()
    }


def name_of(row):
    return row[0].strip("`").partition("(")[0]


def forms_of(name: str, signatures: list[Signature]) -> str:
    def form(signature: Signature) -> str:
        marks = [("..." if p.variadic else "?" if p.optional else "") for p in signature.parameters]
        names = [p.name + mark for p, mark in zip(signature.parameters, marks, strict=True)]
        return f"{name}({', '.join(names)})"

    forms = [form(signature) for signature in signatures]
    return "<br>".join(dict.fromkeys(forms))


def test_the_functions_that_it_calls_absent_are_absent():
    found = re.search(r"`is defined`.*?tidak ada", " ".join(feel_document.LINES))
    assert found
    absent = re.findall(r"`([a-z ]+)`", found[0])
    assert len(absent) == 9
    assert [name for name in absent if name in SIGNATURES] == []


@pytest.mark.parametrize("row", FUNCTIONS, ids=name_of)
def test_the_example_of_every_function_calls_it_and_gives_what_is_written(row: tuple[str, str, str, str]):
    text, _, expected = row[3].partition(" → ")
    assert text.startswith(f"{name_of(row)}(")
    assert shown(engine.evaluate_expression(text, {})) == shown(evaluated(expected))
    assert row[1]
    assert row[2]


def test_every_limit_is_in_the_table_with_its_number():
    rows = {name: float(value) for name, value, _ in feel_document.grid("batas · limit").rows}
    numbers = {name: value for name, value in vars(limits).items() if isinstance(value, (int, float))}
    assert rows == numbers


def test_what_it_says_of_fields_that_hide_is_so():
    assert parse_condition("=umur >= 12").holds({"umur": None})
    assert parse_condition("=umur >= 12").holds({"umur": 15})
    assert not parse_condition("=umur != null and umur >= 12").holds({"umur": None})


def test_the_lines_for_the_server_print_what_is_written():
    (block,) = feel_document.blocks("pycon")
    test = doctest.DocTestParser().get_doctest("\n".join(block[1]) + "\n", {}, "feel.md", None, block[0])
    assert len(test.examples) == 4
    assert doctest.DocTestRunner().run(test).failed == 0


def test_every_link_inside_the_page_leads_to_a_heading():
    text = "\n".join(feel_document.LINES)
    slugs = {
        re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        for heading in re.findall(r"^#+ (.+)$", text, re.M)
    }
    links = re.findall(r"\]\(#([^)]+)\)", text)
    assert links
    assert [link for link in links if link not in slugs] == []
