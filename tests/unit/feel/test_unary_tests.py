"""The cells of decision tables."""

import pytest

from engine.errors import ExpressionInvalid
from engine.feel import parse_unary_tests


@pytest.mark.parametrize(
    ("cell", "yes", "no"),
    [
        ("< 12", [11, 0.5], [12, None, "a"]),
        ("[12..17]", [12, 15.5, 17], [11, 18, None]),
        ("(12..17[", [13], [12, 17]),
        ('"ringan"', ["ringan"], ["berat", None, 1]),
        ('"ringan", "sedang"', ["ringan", "sedang"], ["berat"]),
        ("< 5, > 10", [1, 11], [7]),
        ("not(< 5, > 10)", [7], [1, 11]),
        ('not("a")', ["b", None], ["a", 1]),
        ("-", [1, None, "a"], []),
        ("", [1, None], []),
        ("-5", [-5], [5]),
        ("null", [None], [0, ""]),
        ("true", [True], [False, None, 1]),
        ("? > 5 and ? < 10", [7], [5, 10, None]),
        ('contains(?, "an")', ["ringan"], ["berat"]),
        ("batas", [12], [13]),
        ("[batas..15]", [12, 15], [11, 16]),
        ("[belum_ada..15]", [], [1, 15, None]),
        (">= batas + 1", [13], [12]),
        ("daftar", ["a", "b"], ["c"]),
        ("list contains(daftar, ?)", ["a"], ["c"]),
        ("!= 5", [4], [5]),
        ("= 5", [5], [4]),
        ('@"2026-03-30"', [], ["2026-03-30"]),
        ('date(?) > @"2026-03-30"', ["2026-03-31"], ["2026-03-29"]),
        ("[1, 2]", [[1, 2], 1], [[1], 3]),
    ],
)
def test_a_cell_holds_or_not(cell, yes, no):
    tests = parse_unary_tests(cell)
    scope = {"batas": 12, "daftar": ["a", "b"]}
    assert [value for value in yes if not tests.matches(value, scope)] == []
    assert [value for value in no if tests.matches(value, scope)] == []


def test_the_names_of_a_cell_leave_the_input_out():
    assert parse_unary_tests("? > batas").names == {"batas"}


def test_a_comparison_of_different_kinds_holds_neither_way():
    assert not parse_unary_tests("< 12").matches("a", {})
    assert not parse_unary_tests("not(< 12)").matches("a", {})


@pytest.mark.parametrize(
    ("cell", "position"), [("<", 1), ("1,", 2), ("[1..5", 5), ("not(1", 5), ('"a" "b"', 4)]
)
def test_a_cell_that_does_not_parse_says_where(cell, position):
    with pytest.raises(ExpressionInvalid) as error:
        parse_unary_tests(cell)
    assert error.value.position == position
