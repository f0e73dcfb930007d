"""DMN 1.5, 8.2.10: which of the matching rules speak, and what comes of it."""

import itertools

import pytest

from engine.definitions.dmn import evaluate_decision
from engine.errors import DecisionError
from tests.unit.dmn.models import decision, evaluate, file, table

AGES = [["< 12", '"rj"'], ["[12..17]", '"diversi"'], [">= 18", '"lain"']]
OVERLAP = [["> 1", '"b"', "10"], ["> 2", '"a"', "20"], ["> 3", '"b"', "30"]]


def of(policy: str, n: int, rules=OVERLAP, outputs=("huruf", "angka"), **more):
    return evaluate(table(["n"], outputs, rules, policy=policy, types=["number"], **more), n=n)


@pytest.mark.parametrize(
    ("age", "way"), [(0, "rj"), (11, "rj"), (12, "diversi"), (17, "diversi"), (18, "lain")]
)
def test_unique_gives_the_one_rule_that_matches(age, way):
    found = of("UNIQUE", age, AGES, ["jalur"])
    assert (found.value, list(found.rows)) == (way, [{"jalur": way}])


def test_unique_names_the_rules_when_more_than_one_matches():
    with pytest.raises(DecisionError, match="r1, r2, r3 match at once, but the hit policy is UNIQUE"):
        of("UNIQUE", 5)


def test_first_gives_the_first_in_the_order_of_the_table():
    found = of("FIRST", 5)
    assert (found.value, found.rules) == ({"huruf": "b", "angka": 10}, ("r1",))


def test_any_gives_what_all_agree_on():
    same = [["> 1", '"a"', "10"], ["> 2", '"a"', "10.0"]]
    found = of("ANY", 5, same)
    assert (found.value, found.rules) == ({"huruf": "a", "angka": 10}, ("r1",))


def test_any_names_the_rules_that_disagree():
    with pytest.raises(DecisionError, match="r1, r2 match and disagree, but the hit policy is ANY"):
        of("ANY", 3)


def test_any_does_not_take_true_for_one():
    with pytest.raises(DecisionError, match="disagree"):
        of("ANY", 5, [["> 1", "true"], ["> 2", "1"]], ["o"])


def test_priority_gives_the_highest_in_the_order_of_the_output_values():
    found = of("PRIORITY", 5, values=['"a","b"'])
    assert (found.value, found.rules) == ({"huruf": "a", "angka": 20}, ("r2",))


def test_priority_goes_by_the_second_output_where_the_first_is_equal():
    found = of("PRIORITY", 5, values=['"b","a"', "30, 20, 10"])
    assert found.value == {"huruf": "b", "angka": 30}


def test_priority_keeps_the_order_of_the_table_where_nothing_else_decides():
    assert of("PRIORITY", 5, values=['"b","a"']).rules == ("r1",)


def test_output_order_gives_all_with_the_highest_first():
    found = of("OUTPUT ORDER", 5, values=['"a","b"'])
    assert found.rules == ("r2", "r1", "r3")
    assert [row["angka"] for row in found.value] == [20, 10, 30]


@pytest.mark.parametrize("policy", ["RULE ORDER", "COLLECT"])
def test_rule_order_and_collect_give_all_in_the_order_of_the_table(policy):
    found = of(policy, 3, [["> 1", "10"], ["> 2", "20"], ["> 3", "30"]], ["angka"])
    assert (found.value, found.rules) == ([10, 20], ("r1", "r2"))


@pytest.mark.parametrize(("aggregation", "value"), [("SUM", 60), ("MIN", 10), ("MAX", 30), ("COUNT", 3)])
def test_collect_makes_one_value_of_many(aggregation, value):
    found = of("COLLECT", 5, [["> 1", "20"], ["> 2", "10"], ["> 3", "30"]], ["n2"], aggregation=aggregation)
    assert (found.value, list(found.rows), found.rules) == (value, [{"n2": value}], ("r1", "r2", "r3"))


def test_min_and_max_compare_texts_too():
    words = [["> 1", '"b"'], ["> 2", '"a"']]
    assert of("COLLECT", 5, words, ["w"], aggregation="MIN").value == "a"


@pytest.mark.parametrize("policy", ["UNIQUE", "FIRST", "PRIORITY", "ANY"])
def test_nothing_matches_is_null_for_one_result(policy):
    found = of(policy, 0, values=['"a","b"'])
    assert (found.value, found.rows, found.rules) == (None, (), ())


@pytest.mark.parametrize("policy", ["RULE ORDER", "OUTPUT ORDER", "COLLECT"])
def test_nothing_matches_is_an_empty_list_for_many(policy):
    found = of(policy, 0, values=['"a","b"'])
    assert (found.value, found.rows) == ([], ())


@pytest.mark.parametrize(
    ("aggregation", "value"), [("SUM", None), ("MIN", None), ("MAX", None), ("COUNT", 0)]
)
def test_nothing_matches_counts_as_none(aggregation, value):
    assert of("COLLECT", 0, [["> 1", "1"]], ["o"], aggregation=aggregation).value == value


@pytest.mark.parametrize("policy", ["UNIQUE", "FIRST", "ANY"])
def test_a_default_speaks_when_no_rule_does(policy):
    found = of(policy, 0, defaults=['"z"', None])
    assert (found.value, found.rules) == ({"huruf": "z", "angka": None}, ())


@pytest.mark.parametrize("policy", ["RULE ORDER", "COLLECT"])
def test_a_default_is_one_of_many_where_there_may_be_many(policy):
    assert of(policy, 0, [["> 1", "1"]], ["o"], defaults=["7 * 6"]).value == [42]


@pytest.mark.parametrize("aggregation", ["SUM", "MIN", "MAX", "COUNT"])
def test_a_default_is_one_value_where_many_are_made_one(aggregation):
    found = of("COLLECT", 0, [["> 1", "1"]], ["o"], defaults=["7"], aggregation=aggregation)
    assert (found.value, list(found.rows)) == (7, [{"o": 7}])


@pytest.mark.parametrize("policy", ["RULE ORDER", "OUTPUT ORDER", "COLLECT"])
def test_by_the_letter_nothing_is_null_and_a_default_stands_alone(policy):
    logic = table(["n"], ["o"], [["> 1", "1"]], policy=policy, types=["number"], values=["1, 2"])
    assert evaluate_decision({"x.dmn": file(decision("a", logic))}, "a", {"n": 0}) is None
    logic = table(["n"], ["o"], [["> 1", "1"]], policy=policy, values=["1, 2"], defaults=["2"])
    assert evaluate_decision({"x.dmn": file(decision("a", logic))}, "a", {"n": 0}) == 2


def test_a_default_is_silent_when_a_rule_speaks():
    assert of("UNIQUE", 2, defaults=['"z"', "0"]).value == {"huruf": "b", "angka": 10}


def test_the_order_of_rules_does_not_matter_to_priority():
    for rules in itertools.permutations(OVERLAP):
        assert of("PRIORITY", 5, rules, values=['"a","b"', "10,20,30"]).value == {"huruf": "a", "angka": 20}


def test_a_table_without_a_hit_policy_is_unique():
    with pytest.raises(DecisionError, match="UNIQUE"):
        evaluate(table(["n"], ["o"], [["-", "1"], ["-", "2"]]).replace(' hitPolicy="UNIQUE"', ""), n=1)
