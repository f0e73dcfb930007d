"""engine.feel and feelin, the evaluator of bpmn.io, give the same value to expressions that Hypothesis makes.

Where they differ the standard decides: a fault of ours is mended, one of feelin's is in ``differences.py``.
"""

import json
import os
from math import isclose
from typing import Any

import pytest
from hypothesis import given, settings

from engine.feel import parse_expression, parse_unary_tests
from tests.property.feel.cells import unary_tests
from tests.property.feel.differences import DIFFERENCES
from tests.property.feel.expressions import EXPRESSIONS
from tests.property.feel.parts import SCOPE
from tests.support.feelin import brief, feelin, shown

COUNT = int(os.environ.get("TITIAN_EXPRESSIONS", "600"))
LITTLE = 1e-9
"""By which numbers may differ, in proportion: feelin's are binary."""


def same(ours: Any, theirs: Any) -> bool:
    """Whether two shown values are one, numbers but for a little."""
    if isinstance(ours, dict) and isinstance(theirs, dict) and ours.keys() == theirs.keys():
        if "number" in ours:
            return isclose(float(ours["number"]), float(theirs["number"]), rel_tol=LITTLE, abs_tol=LITTLE)
        return all(same(ours[key], theirs[key]) for key in ours)
    if isinstance(ours, list) and isinstance(theirs, list):
        return len(ours) == len(theirs) and all(map(same, ours, theirs))
    return type(ours) is type(theirs) and ours == theirs


@settings(max_examples=COUNT)
@given(EXPRESSIONS)
def test_an_expression_has_the_value_that_feelin_gives_it(text: str) -> None:
    ours, theirs = shown(parse_expression(text).evaluate(SCOPE)), feelin().value(text, SCOPE)
    assert same(ours, theirs), f"{text}\n  ours:   {brief(ours)}\n  feelin: {brief(theirs)}"


@settings(max_examples=COUNT // 4)
@given(unary_tests())
def test_a_cell_of_a_table_holds_where_feelin_says_so(cell: tuple[str, str | float]) -> None:
    text, value = cell
    theirs = feelin().test(text, SCOPE | {"?": value})
    assert parse_unary_tests(text).matches(value, SCOPE) is theirs


@pytest.mark.parametrize(
    ("text", "ours", "theirs"), [example for difference in DIFFERENCES for example in difference.examples]
)
def test_a_listed_difference_is_still_one(text: str, ours: str, theirs: str) -> None:
    assert ours != theirs
    assert brief(shown(parse_expression(text).evaluate(SCOPE))) == ours
    assert brief(feelin().value(text, SCOPE)) == theirs


def test_the_comparison_sees_what_differs() -> None:
    values = [None, True, 1, "1", [], [1], [1, 2], {"number": "1"}, {"number": "1.00001"}, {"months": 1}]
    assert [(a, b) for a in values for b in values if same(a, b) and json.dumps(a) != json.dumps(b)] == []
    assert all(same(value, value) for value in values)


def test_feelin_tells_what_it_cannot_do_and_ends() -> None:
    assert "error" in feelin().value("1 +", {})
    assert "error" in feelin().value("for i in 1..2.5 return i", {})
    assert feelin().value("1 + 1", {}) == {"number": "2"}
