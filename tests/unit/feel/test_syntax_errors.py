"""Texts that are no FEEL: where, and why."""

import pytest

from engine.errors import ExpressionInvalid
from engine.feel import parse_expression


@pytest.mark.parametrize(
    ("text", "position", "reason"),
    [
        ("", 0, "an expression was expected, not the end"),
        ("1 + * 2", 4, "an expression was expected, not '*'"),
        ("1 2", 2, "the end was expected, not '2'"),
        ("(1", 2, "')' was expected, not the end"),
        ("[1, 2", 5, "',' was expected, not the end"),
        ("{a 1}", 1, "a key and ':' were expected, not 'a'"),
        ('"abc', 0, "a string does not end"),
        ("a # b", 2, "'#' is not part of FEEL"),
        ("if a then b", 11, "'else' was expected, not the end"),
        ("for x return 1", 4, "'name in list' was expected, not 'x'"),
        ("some x in [1] return x", 14, "'satisfies' was expected, not 'return'"),
        ("f(1, a: 2)", 1, "arguments are either all named or all positional"),
        ("[1..2", 5, "']', ')' or '[' was expected at the end of the range, not the end"),
        ("x instance of", 13, "a name was expected, not the end"),
        ("x instance of number<string>", 20, "the type number takes no arguments"),
        ("x between 1 or 2", 12, "'and' was expected, not 'or'"),
        ("function(a) external {java: {}}", 12, "external functions (Java, PMML) are not supported"),
        ("1.2em", 3, "the end was expected, not 'em'"),
        ("a.", 2, "a name was expected, not the end"),
        ("then", 0, "an expression was expected, not 'then'"),
        ("((1)", 4, "')' was expected, not the end"),
    ],
)
def test_an_error_says_where_and_why(text, position, reason):
    with pytest.raises(ExpressionInvalid) as error:
        parse_expression(text)
    assert (error.value.position, error.value.reason) == (position, reason)
    assert error.value.text == text


@pytest.mark.parametrize(
    "text", ["(" * 200, "[" * 200, "-" * 200 + "1", "a" + "[1]" * 200, "not(" * 200, "x=" * 200 + "x"]
)
def test_nesting_is_capped(text):
    with pytest.raises(ExpressionInvalid, match="nested deeper than 90 levels"):
        parse_expression(text)


def test_length_is_capped():
    with pytest.raises(ExpressionInvalid, match="longer than 32768 characters"):
        parse_expression('"' + "a" * 40_000 + '"')


def test_a_long_sum_is_not_a_deep_one():
    assert parse_expression("1" + " + 1" * 5000).evaluate({}) == 5001
    assert parse_expression("true" + " and true" * 3000).evaluate({}) is True
