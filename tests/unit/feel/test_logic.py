"""Three-valued logic and equality (DMN 1.5, Tables 50-54)."""

import pytest

from engine.feel import parse_expression


def value(text):
    return parse_expression(text).evaluate({})


TABLE = [
    ("true", "true", True, True),
    ("true", "false", False, True),
    ("true", "null", None, True),
    ("false", "true", False, True),
    ("false", "false", False, False),
    ("false", "null", False, None),
    ("null", "true", None, True),
    ("null", "false", False, None),
    ("null", "null", None, None),
]


@pytest.mark.parametrize(("left", "right", "both", "either"), TABLE)
def test_and_and_or_follow_the_table(left, right, both, either):
    assert value(f"{left} and {right}") is both
    assert value(f"{left} or {right}") is either


@pytest.mark.parametrize("other", ["1", '"true"', "[]", '@"P1D"'])
def test_what_is_no_boolean_counts_as_null(other):
    assert value(f"{other} and true") is None
    assert value(f"{other} and false") is False
    assert value(f"{other} or true") is True
    assert value(f"not({other})") is None


def test_not_turns_booleans_only():
    assert value("not(true)") is False
    assert value("not(false)") is True
    assert value("not(null)") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 = 1.00", True),
        ("1 != 2", True),
        ('1 = "1"', None),
        ('1 != "1"', None),
        ("null = null", True),
        ("1 = null", False),
        ("null != 1", True),
        ("true = true", True),
        ("true = 1", None),
        ("[1, 2] = [1, 2]", True),
        ("[1, 2] = [2, 1]", False),
        ("[1] = [1, 2]", False),
        ('[1] = ["a"]', None),
        ('[1, 2] = ["a", 3]', False),
        ("{a: 1, b: 2} = {b: 2, a: 1}", True),
        ("{a: 1} = {a: 2}", False),
        ("{a: 1} = {b: 1}", False),
        ("[1..2] = [1..2]", True),
        ("[1..2] = [1..2)", False),
        ("sum = sum", True),
        ('@"P1Y" = @"P12M"', True),
        ('@"P1D" = @"PT24H"', True),
        ('@"P1Y" = @"P365D"', None),
        ('@"2026-03-30" = @"2026-03-30T00:00:00"', None),
    ],
)
def test_equality_is_within_a_kind(text, expected):
    assert value(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 < 2", True),
        ("2 <= 2", True),
        ('"abc" < "abd"', True),
        ('1 < "2"', None),
        ("null < 1", None),
        ("true < false", None),
        ("[1] < [2]", None),
        ('@"2026-03-30" < @"2026-03-31"', True),
        ('@"PT1H" < @"P1D"', True),
        ('@"P1D" < @"P1M"', None),
    ],
)
def test_order_is_for_numbers_texts_and_times(text, expected):
    assert value(text) is expected


def test_a_chain_of_operators_stops_at_the_first_decisive_operand():
    warnings = []
    assert parse_expression("false and unknown").evaluate({}, warnings) is False
    assert warnings == []
