"""``camunda:mapDecisionResult``, and the two functions that stand for the whole engine's FEEL and DMN."""

from decimal import Decimal

import pytest

from engine.definitions.dmn import MAPPINGS, evaluate_decision, evaluate_expression, map_result
from engine.errors import DecisionError, DecisionNotFound, ExpressionInvalid
from tests.unit.dmn.models import decision, evaluate, file, literal, table

NONE = evaluate(table(["n"], ["a"], [["> 1", "1"]]), n=0)
ONE = evaluate(table(["n"], ["a"], [["-", "1.50"]]))
PAIR = evaluate(table(["n"], ["a", "b"], [["-", "1", '"x"']]))
MANY = evaluate(table(["n"], ["a"], [["-", "1"], ["-", "2"]], policy="COLLECT"))
MANY_PAIRS = evaluate(table(["n"], ["a", "b"], [["-", "1", "2"], ["-", "3", "4"]], policy="RULE ORDER"))
SUM = evaluate(table(["n"], ["a"], [["-", "1"], ["-", "2"]], policy="COLLECT", aggregation="SUM"))


@pytest.mark.parametrize(
    ("mapping", "result", "value"),
    [
        ("singleEntry", NONE, None),
        ("singleEntry", ONE, 1.5),
        ("singleEntry", SUM, 3),
        ("singleResult", NONE, None),
        ("singleResult", ONE, {"a": 1.5}),
        ("singleResult", PAIR, {"a": 1, "b": "x"}),
        ("collectEntries", NONE, []),
        ("collectEntries", ONE, [1.5]),
        ("collectEntries", MANY, [1, 2]),
        ("resultList", NONE, []),
        ("resultList", PAIR, [{"a": 1, "b": "x"}]),
        ("resultList", MANY_PAIRS, [{"a": 1, "b": 2}, {"a": 3, "b": 4}]),
    ],
)
def test_a_mapping_shapes_the_result_as_camunda_does(mapping, result, value):
    assert map_result(result, mapping) == value


@pytest.mark.parametrize(
    ("mapping", "result", "reason"),
    [
        ("singleEntry", MANY, "2 rules match, but the mapping takes one"),
        ("singleEntry", PAIR, "there are 2 outputs, but the mapping takes one"),
        ("singleResult", MANY_PAIRS, "2 rules match, but the mapping takes one"),
        ("collectEntries", MANY_PAIRS, "there are 2 outputs, but the mapping takes one"),
        ("semua", ONE, "unknown mapping 'semua'"),
    ],
)
def test_a_mapping_takes_no_more_than_it_says(mapping, result, reason):
    with pytest.raises(DecisionError, match=reason):
        map_result(result, mapping)


def test_the_list_of_rows_is_what_comes_without_a_mapping():
    assert map_result(ONE) == map_result(ONE, "resultList")
    assert {"singleEntry", "singleResult", "collectEntries", "resultList"} == MAPPINGS


def test_a_mapped_result_is_json():
    dated = evaluate(literal('{sejak: date("2026-01-02"), lama: duration("P1D"), n: 1.50}'))
    assert map_result(dated, "singleEntry") == {"sejak": "2026-01-02", "lama": "P1D", "n": 1.5}


TWO = file(decision("d_1", literal("n + 1"), name="Tambah satu"), decision("d_2", literal("n + 2")))


@pytest.mark.parametrize(("which", "value"), [("d_1", 6), ("Tambah satu", 6), ("d_2", 7)])
def test_a_decision_is_evaluated_by_id_or_name(which, value):
    found = evaluate_decision({"a.dmn": TWO}, which, {"n": 5})
    assert found == value
    assert isinstance(found, Decimal)


def test_the_first_resource_is_the_model_that_is_asked():
    other = file(decision("d_9", literal("9")))
    assert evaluate_decision({"b.dmn": other, "a.dmn": TWO}, "d_9", {}) == 9
    with pytest.raises(DecisionNotFound):
        evaluate_decision({"b.dmn": other, "a.dmn": TWO}, "d_1", {})
    with pytest.raises(DecisionNotFound):
        evaluate_decision({}, "d_1", {})


def test_several_outputs_are_a_dict_and_many_results_a_list():
    pair = file(decision("p", table(["n"], ["a", "b"], [["-", "1", "2"]])))
    assert evaluate_decision({"p.dmn": pair}, "p", {}) == {"a": 1, "b": 2}
    many = file(decision("m", table(["n"], ["a"], [["-", "1"], ["-", "2"]], policy="COLLECT")))
    assert evaluate_decision({"m.dmn": many}, "m", {}) == [1, 2]


@pytest.mark.parametrize("text", ["umur + 1", "= umur + 1"])
def test_an_expression_is_evaluated_with_or_without_its_sign(text):
    assert evaluate_expression(text, {"umur": 11}) == 12


def test_an_expression_knows_the_names_of_its_context():
    assert evaluate_expression("gaji-pokok * 2", {"gaji-pokok": 4}) == 8
    assert evaluate_expression("anak.nama-ibu", {"anak": {"nama-ibu": "A"}}) == "A"
    assert (
        evaluate_expression("sum(daftar.nilai/hari)", {"daftar": [{"nilai/hari": 1}, {"nilai/hari": 2}]}) == 3
    )
    with pytest.raises(ExpressionInvalid):
        evaluate_expression("1 +", {})
