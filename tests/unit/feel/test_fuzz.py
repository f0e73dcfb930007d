"""Random texts: FEEL answers with a value, ExpressionInvalid or ExpressionFailed, and nothing else."""

import contextlib
import json
import re
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import ExpressionFailed, ExpressionInvalid
from engine.feel import parse_expression, parse_unary_tests, to_json
from engine.feel.library import BUILTINS
from engine.feel.limits import Exhausted
from engine.feel.regex import PatternInvalid, compile_pattern, search

SCOPE = {"a": 1, "b": "teks", "xs": [1, 2.5, None, "z"], "c": {"d": [{"e": 1}, {"e": None}]}, "f": True}

PIECES = st.sampled_from(
    [
        *(
            "1",
            "0",
            "2.5",
            ".5",
            '"a"',
            '"',
            "true",
            "null",
            '@"2026-03-30"',
            '@"PT1H"',
            "?",
            "-",
            "+",
            "*",
            "/",
        ),
        *(
            "**",
            "=",
            "!=",
            "<",
            "<=",
            ">",
            ">=",
            "(",
            ")",
            "[",
            "]",
            "{",
            "}",
            ",",
            ":",
            ".",
            "..",
            "and",
            "or",
        ),
        *(
            "not",
            "if",
            "then",
            "else",
            "for",
            "in",
            "return",
            "some",
            "every",
            "satisfies",
            "between",
            "function",
        ),
        *(
            "instance of",
            "number",
            "list<",
            "a",
            "b",
            "xs",
            "c",
            "d",
            "e",
            "item",
            "partial",
            "//",
            "/*",
            "*/",
        ),
        *("count", "sum", "date", "string", "sort", "matches", "date and time", "years and months duration"),
    ]
)
SOUP = st.lists(PIECES, max_size=30).map(" ".join)


def failure_of(attempt):
    try:
        attempt()
    except (ExpressionInvalid, ExpressionFailed) as error:
        return error
    return None


def harmless(text):
    for parse, run in (
        (parse_expression, lambda parsed: json.dumps(to_json(parsed.evaluate(SCOPE, [])))),
        (parse_unary_tests, lambda parsed: parsed.matches(1, SCOPE, [])),
    ):
        failure = failure_of(lambda parse=parse, run=run: run(parse(text)))
        assert failure is None or (failure.reason and 0 <= failure.position <= len(text))


@settings(deadline=None)
@given(SOUP)
def test_a_soup_of_tokens_is_harmless(text):
    harmless(text)


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_harmless(text):
    harmless(text)


LEAVES = st.one_of(
    st.integers(-5, 5).map(str),
    st.sampled_from(
        ["1.5", '"a"', '"z"', "true", "false", "null", "a", "b", "xs", "c", "c.d", "c.d.e", "f", "item"]
    ),
    st.sampled_from(
        ['@"2026-03-30"', '@"09:00:00Z"', '@"2026-03-30T09:00:00"', '@"P1D"', '@"P1M"', "[1..3]"]
    ),
)


def grow(inner):
    operators = st.sampled_from(
        ["+", "-", "*", "/", "**", "=", "!=", "<", "<=", ">", ">=", "and", "or", "in"]
    )
    return st.one_of(
        st.tuples(inner, operators, inner).map(lambda part: f"({part[0]}) {part[1]} ({part[2]})"),
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
        st.tuples(inner, inner).map(lambda part: f"{{x: {part[0]}, y: {part[1]}}}"),
        st.tuples(inner, inner).map(lambda part: f"({part[0]})[{part[1]}]"),
        st.tuples(inner, inner, inner).map(lambda part: f"if {part[0]} then {part[1]} else {part[2]}"),
        st.tuples(inner, inner).map(lambda part: f"for a in {part[0]} return {part[1]}"),
        st.tuples(inner, inner).map(lambda part: f"some item in {part[0]} satisfies {part[1]}"),
        st.tuples(inner, inner, inner).map(lambda part: f"({part[0]}) between ({part[1]}) and ({part[2]})"),
        st.tuples(inner, st.sampled_from(["x", "e", "year", "days", "start"])).map(
            lambda p: f"({p[0]}).{p[1]}"
        ),
        st.tuples(st.sampled_from(sorted(BUILTINS)), st.lists(inner, max_size=3)).map(
            lambda part: f"{part[0]}({', '.join(part[1])})"
        ),
        inner.map(lambda part: f"(function(a) {part})(1)"),
    )


EXPRESSIONS = st.recursive(LEAVES, grow, max_leaves=12)


@settings(deadline=None)
@given(EXPRESSIONS)
def test_a_well_formed_expression_always_has_a_value(text):
    json.dumps(to_json(parse_expression(text).evaluate(SCOPE, [])))


@settings(deadline=None)
@given(EXPRESSIONS)
def test_an_expression_gives_the_same_value_twice(text):
    if "now" in text or "random" in text:
        return
    expression = parse_expression(text)
    assert to_json(expression.evaluate(SCOPE)) == to_json(expression.evaluate(SCOPE))


@settings(deadline=None)
@given(st.decimals(-1000, 1000, places=3), st.decimals(-1000, 1000, places=3))
def test_numbers_compute_as_decimals_do(left, right):
    scope = {"x": left, "y": right}
    for operator in "+-*":
        expected = eval(f"left {operator} right")  # noqa: S307 - the oracle
        assert parse_expression(f"x {operator} y").evaluate(scope) == expected
    assert parse_expression("x < y").evaluate(scope) is (left < right)
    assert parse_expression("modulo(x, 7)").evaluate(scope) == left - 7 * (left / 7).__floor__()


@settings(deadline=None)
@given(st.integers(-999_999, 999_999), st.integers(1, 12), st.integers(1, 28), st.integers(-(10**9), 10**9))
def test_adding_days_and_taking_them_away_is_nothing(year, month, day, days):
    text = "((date(y, m, d) + duration) - duration) = date(y, m, d)"
    scope = {"y": year, "m": month, "d": day, "duration": parse_expression(f'@"P{abs(days)}D"').evaluate({})}
    assert parse_expression(text).evaluate(scope) is True


PATTERNS = st.lists(
    st.sampled_from(
        ["a", "b", "ab", ".", "[ab]", "[^a]", "(a|b)", "(ab)", "\\d", "^", "$", "a?", "b*", "(a*)+", "b{1,2}"]
    ),
    max_size=6,
).map("".join)


@settings(deadline=None)
@given(PATTERNS, st.text("ab1", max_size=8))
def test_patterns_match_what_pythons_own_match(pattern, text):
    ours = search(compile_pattern(pattern, ""), text, 0, lambda cost: None)
    theirs = re.search(pattern, text)
    assert (None if ours is None else ours[:2]) == (None if theirs is None else theirs.span())


@settings(deadline=None)
@given(st.text("ab()[]{}*+?|\\^$-.,123pLd", max_size=20), st.text(max_size=10))
def test_any_pattern_is_harmless(pattern, text):
    with contextlib.suppress(PatternInvalid, Exhausted):
        search(compile_pattern(pattern, ""), text, 0, lambda cost: None)


def test_a_decimal_result_is_never_an_infinity():
    assert parse_expression("10 ** 6144 * 9.99").evaluate({}) == Decimal("9.99E+6144")
    assert parse_expression("10 ** 6144 * 10").evaluate({}) is None
