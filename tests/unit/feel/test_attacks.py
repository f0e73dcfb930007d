"""Expressions that want to hang the server, fill its memory, or reach into Python."""

from contextlib import suppress

import pytest

from engine.errors import ExpressionFailed, ExpressionInvalid
from engine.feel import limits, one_allowance, parse_expression, parse_unary_tests
from tests.support.effort import effort

DOUBLED = 'a0: "xxxxxxxxxx", ' + ", ".join(f"a{n + 1}: a{n} + a{n}" for n in range(40))
"""A text that doubles forty times."""

TOO_MUCH = [
    "for i in 1..1000000000 return i",
    "for i in 1..10000, j in 1..10000 return i * j",
    "some i in 1..100000000 satisfies false",
    "[1, 2, 3][count(for i in 1..1000000 return i) > 0]",
    "{f: function(n) f(n + 1), x: f(0)}.x",
    "{f: function(n) if n = 0 then 0 else f(n - 1) + f(n - 1), x: f(60)}.x",
    "(function(f) f(f))(function(f) f(f))",
    "{" + DOUBLED + "}",
    "{a: for i in 1..1000 return 1, b: for i in 1..1000 return a, c: flatten(b)}",
    "for i in 1..1000 return partial",
    "flatten(for i in 1..200 return [partial])",
    "string(for i in 1..60 return [partial])",
    "(for i in 1..60 return [partial, partial]) = (for i in 1..60 return [partial, partial])",
    "(for i in 1..60 return [partial, partial])",
    "(for i in 1..60 return [partial, partial]).a",
    "(for i in 1..200 return [partial[-1]])[-1]",
    '{s: string join(for i in 1..400 return "%s"), x: for i in 1..100000 return s}' % ("x" * 1000),
    '{s: string join(for i in 1..400 return "%s"), x: for i in 1..100000 return contains(s, "y")}'
    % ("x" * 1000),
    '{s: string join(for i in 1..400 return "%s"), t: s + "", x: for i in 1..100000 return s = t}'
    % ("x" * 1000),
    'string join(for i in 1..100000 return "xxxxxxxxxxxxxxxxxxxxxxxxx")',
    "distinct values(for i in 1..20000 return [i])",
    "for i in 1..100000 return 1.2345678901234567 ** 123.45678901",
    "for i in 1..100000 return log(i + 0.1)",
    'for d in @"0001-01-01"..@"9999-12-31" return d',
    r'matches("xxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "((x*)*)\\2*y")',
    'matches("a", "((((a{1,90}){1,90}){1,90}){1,90})")',
    'matches("a", "a{1,99999}")',
    'for i in 1..100000 return matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "(a|b|ab)*c")',
    '{c: (for i in 1..600 return {a: partial[-1]})[-1], x: context put(c, for i in 1..600 return "a", 1)}.x',
    "some " + ", ".join(f"i{n} in [1, 2]" for n in range(60)) + " satisfies false",
    "sort(for i in 1..100000 return -i, function(a, b) a < b)",
    "for i in 1..100000 return " + "+".join(["1"] * 1900),
    "{f: function() " + "+".join(["1"] * 1900) + ", x: for i in 1..100000 return f()}.x",
    "(for i in 1..2000 return i)[" + "+".join(["1"] * 1900) + " < 0]",
]
"""What works too long, or grows, by what it says."""

LONG = "{d: for i in 1..%d return if i = 1 then %s else partial[-1] + partial[-1], s: d[-1], x: %s}.x"
KEYS = "{c: context(for i in 1..20000 return {key: string(i), value: i}), %s}.x"
LABOURS = [
    LONG
    % (18, '"aa"', 'for g in [string join(for i in 1..900 return "(x)?")] return matches(s, "(?:(a))*" + g)'),
    LONG % (18, '"aa"', 'matches(s, "[" + string join(for i in 1..99 return "b-c") + "]*$")'),
    LONG % (17, '"aa"', 'max(for i in 1..99000 return if odd(i) then s + "1" else s + "2")'),
    LONG % (17, '"aa"', 'list contains(for b in [s + "1"], i in 1..60000 return b, s + "2")'),
    LONG % (17, '"aa"', 'for b in [s + "1"], c in [s + "2"], i in 1..60000 return b in [c..c]'),
    LONG % (17, '"aa"', 'for b in [s + "1"], c in [s + "2"], i in 1..60000 return before(b, [c..c])'),
    LONG % (18, '"bb"', 'for i in 1..10000 return replace("a", "a", s)'),
    LONG % (13, '"1+"', 'for i in 1..10000 return range("[" + s + "1..2]")'),
    LONG % (6, '"(("', "for i in 1..100000 return range(s)"),
    'for i in 1..100000 return matches("", string(i) + "(a{1,9}){1,99}")',
    KEYS % 'd: context put(c, "1", 2), x: for i in 1..100000 return c = d',
    "{a: for i in 1..60000 return 1, x: concatenate(" + ", ".join(["a"] * 2500) + ")}.x",
    "{a: for i in 1..60000 return 1, x: union(" + ", ".join(["a"] * 2500) + ")}.x",
    LONG % (17, '"aa"', "for c in [context([{key: s, value: 1}])], i in 1..60000 return c"),
    LONG % (17, '"aa"', "string(for c in [context([{key: s, value: 1}])], i in 1..60000 return c)"),
    LONG % (17, '"aa"', 'for c in [["a"..s]], i in 1..60000 return c'),
    LONG % (14, '"aa"', 'replace(s, "(a+)", string join(for i in 1..7000 return "$1"))'),
    "{n: [10 ** 6144..10 ** 6144], x: string(for i in 1..60000 return n)}.x",
]
"""What does much in few steps: each was once not counted for what it takes."""

READ_AT_ONCE = [
    "sum(" + "a" * 30_000 + ")",
    "{" + "a-" * 8000 + "b: 1, x: " + "a-" * 8000 + "a}",
    "for " + "a-" * 5000 + "b in x return " + "a-" * 5000 + "a",
    'matches("a", "(?:(?:(?:){99999}){99999}){99999}b")',
    'matches("a", "(?:(?:a{0}){99999}){99999}b")',
    'matches("{}", "^({}[x]{})*$", "i")'.format("b" * 900, ("[" + "c-d" * 33 + "a-b-") * 85, "]" * 85),
    'replace("a", "(a)", "$" + string join(for i in 1..20000 return "0"))',
]
"""What took seconds, or for ever, to be read."""


@pytest.mark.parametrize("text", [*TOO_MUCH, *LABOURS], ids=lambda text: text[-40:])
def test_an_expression_that_takes_too_much_fails(text):
    expression = parse_expression(text)
    with pytest.raises(ExpressionFailed):
        expression.evaluate({})


@pytest.mark.parametrize("text", READ_AT_ONCE, ids=lambda text: text[:30])
def test_what_is_odd_to_read_is_read_at_once(text):
    def read() -> None:
        with suppress(ExpressionInvalid):
            parse_expression(text).evaluate({})

    assert effort(read) < 500


NULL = [
    "9" * 6000 + " ** " + "9" * 6000,
    "2 ** 999999999",
    "10 ** 6144 * 10",
    'duration("P999999999999999999D") * 10 ** 18',
    '@"2020-01-01" + duration("P999999999999Y")',
    "date(10 ** 30, 1, 1)",
    "[1, 2][10 ** 6000]",
    'substring("abc", 10 ** 6000)',
    'time("00:00:00@../../../etc/passwd")',
    'time("00:00:00@/etc/passwd")',
    "x.__class__",
    '"".__class__.__mro__',
    "x.append",
    "sum.call",
    "sum.__globals__",
    '@"2020-01-01".date',
    '@"2020-01-01".__doc__',
    "[1..2].low",
    'get value({}, "__class__")',
    'get value({a: 1}, ["a", "__class__"])',
    "([1][item.__globals__ = 1])[1]",
    "globals()",
    "__builtins__",
    'getattr("", "join")',
    'exec("1")',
    '__import__("os")',
    'eval("1")',
    'open("/etc/passwd")',
    'matches("a", "%s")' % ("(" * 3000),
]


@pytest.mark.parametrize("text", NULL, ids=lambda text: text[:40])
def test_what_reaches_too_far_is_null(text):
    assert parse_expression(text).evaluate({"x": "abc"}) is None


def test_format_strings_are_just_text():
    text = '"{0.__class__} %(x)s %s ${x}"'
    assert parse_expression(text).evaluate({"x": 1}) == text[1:-1]


def test_giant_numbers_are_rounded_not_computed():
    assert parse_expression("9" * 30_000).evaluate({}) is None
    assert str(parse_expression("string length(string(10 ** 6144))").evaluate({})) == "6145"
    assert parse_expression("modulo(10 ** 6144, 0.1)").evaluate({}) == 0


def test_digits_after_a_group_that_there_is_are_text():
    zeros = "0" * 5000
    assert parse_expression('replace("abc", "(b)", z)').evaluate({"z": "$1" + zeros}) == f"ab{zeros}c"


def test_names_that_are_long_and_alike_are_refused_with_a_place():
    text = "{" + "a-" * 8000 + "b: 1, x: " + "a-" * 8000 + "a}"
    with pytest.raises(ExpressionInvalid) as error:
        parse_expression(text)
    assert error.value.reason == "its names are too long and too much alike"
    assert 16_000 < error.value.position < len(text)


def test_thousands_of_names_are_read():
    text = "{" + ", ".join(f"a-{n}: a-{n // 2}" for n in range(2000)) + "}"
    assert len(parse_expression(text).evaluate({"a": 4000})) == 2000


def test_the_clock_ends_what_was_counted_wrongly(monkeypatch):
    monkeypatch.setattr(limits, "SECONDS", 0.0)
    with pytest.raises(ExpressionFailed) as error:
        parse_expression("count(for i in 1..20000 return i)").evaluate({})
    assert error.value.reason == "it takes too long"


def test_the_expressions_of_one_command_share_one_budget():
    half = parse_expression("count(for i in 1..200000 return i)")
    one = parse_unary_tests("> 5")
    with one_allowance():
        assert half.evaluate({}) == 200_000
        with one_allowance():
            assert half.evaluate({}) == 200_000
            assert one.matches(7, {})
        with pytest.raises(ExpressionFailed):
            half.evaluate({})
    assert half.evaluate({}) == 200_000


def test_a_command_may_evaluate_so_often_and_no_more():
    one = parse_expression("[x]")  # two steps, and one for being evaluated; the result is one more
    with one_allowance():
        for _ in range(limits.STEPS_TOGETHER // 3 + 1):
            one.evaluate({"x": 1})
        with pytest.raises(ExpressionFailed):
            one.evaluate({"x": 1})


def test_an_expression_has_a_few_thousand_parts_at_most():
    assert parse_expression("+".join(["1"] * 3000)).evaluate({}) == 3000
    with pytest.raises(ExpressionInvalid):
        parse_expression("+".join(["1"] * 8000))
    with pytest.raises(ExpressionInvalid):
        parse_unary_tests(",".join(["1"] * 8000))


def test_a_failure_says_where():
    with pytest.raises(ExpressionFailed) as error:
        parse_expression("1 + count(for i in 1..10000000 return i)").evaluate({})
    assert (error.value.position, error.value.reason) == (10, "it takes too many steps")
