"""What FEEL expressions give, as an analyst writes them."""

from decimal import Decimal

import pytest

from engine.feel import Function, Range, parse_expression


def value(text, scope=None, **options):
    return parse_expression(text, **options).evaluate(scope or {})


def warnings_of(text, scope=None):
    found = []
    assert parse_expression(text).evaluate(scope or {}, found) is None
    return found


def test_a_leading_equals_sign_makes_no_difference():
    assert value("= 1 + 2") == value("1 + 2") == 3


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (".5", Decimal("0.5")),
        ("-1.50", Decimal("-1.50")),
        ('"a\\n\\"b\\" \\u0041\\U01F40E"', 'a\n"b" A🐎'),
        ('"\\uD83D\\uDC0E"', "🐎"),
        ('"\\d stays"', "\\d stays"),
        ("true", True),
        ("null", None),
        ("[1, [2]]", [1, [2]]),
        ('{a: 1, "b c": 2}', {"a": 1, "b c": 2}),
    ],
)
def test_a_literal_is_its_value(text, expected):
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("10 - 4 - 3", 3),
        ("2 ** 3 ** 2", 64),
        ("0 ** 0", 1),
        ("-2 ** 2", 4),
        ("10--5", 15),
        ("1 + 3/2*2 - 2**3", -4),
        ("0.1 + 0.2", Decimal("0.3")),
        ("1 / 3", Decimal("0.3333333333333333333333333333333333")),
        ('"a" + "b"', "ab"),
    ],
)
def test_arithmetic_is_decimal_and_goes_by_precedence(text, expected):
    assert value(text) == expected


def test_floats_of_the_scope_are_the_decimals_one_reads():
    assert value("x + 0.2", {"x": 0.1}) == Decimal("0.3")


@pytest.mark.parametrize(
    "text", ["1 / 0", "1 + null", 'null - "a"', '1 + "a"', "10 ** 9999", "-true", "1 + true"]
)
def test_arithmetic_without_a_result_is_null_with_the_reason(text):
    assert "has no result" in warnings_of(text)[0]


def test_a_warning_names_the_position():
    assert warnings_of('1 + "a"') == ["number + string has no result (position 2)"]


def test_a_name_of_several_words_is_one_name():
    assert value("Monthly   Salary * 12", {"Monthly Salary": 100}) == 1200


def test_a_known_name_may_hold_signs_and_keywords():
    scope = {"a-b": 1, "values in a list": 2}
    assert value("a-b + values in a list", scope, names=scope.keys()) == 3
    assert value("a  -  b", scope, names=scope.keys()) == 1
    assert value("(a)-(b)", {"a": 5, "b": 3, "a-b": 0}, names={"a-b"}) == 2
    assert value("a-bc", {"a": 5, "bc": 3}, names={"a-b"}) == 2
    assert value("a-b", {"a": 5, "b": 3}) == 2


def test_the_longest_known_name_wins():
    names = {"a+b", "a+b+c"}
    assert value("a+b+c", {"a+b+c": 1, "a+b": 2}, names=names) == 1
    assert value("a+b+d", {"a+b": 2, "d": 3}, names=names) == 5


def test_a_quoted_name_may_hold_anything():
    assert value("`a-b` + 1", {"a-b": 1}) == 2


def test_comments_are_skipped():
    assert value("1 /* one */ + // two\n 2") == 3


def test_an_unknown_name_is_null_with_a_warning():
    assert warnings_of("umur") == ["the name 'umur' is not known (position 0)"]


def test_a_variable_hides_a_built_in_function_but_a_plain_value_cannot_be_called():
    assert value("count + count([1, 2])", {"count": 5}) == 7


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('if umur < 12 then "anak" else "remaja"', "anak"),
        ('if null then "a" else "b"', "b"),
        ('if "x" then "a" else "b"', "b"),
        ("if false then 1 else if true then 2 else 3", 2),
    ],
)
def test_if_takes_its_else_unless_the_condition_is_true(text, expected):
    assert value(text, {"umur": 10}) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("for i in 1..3 return i * 2", [2, 4, 6]),
        ("for i in 3..1 return i", [3, 2, 1]),
        ("for i in [1..3] return i", [1, 2, 3]),
        ("for i in [1, 2], j in [10, 20] return i + j", [11, 21, 12, 22]),
        ("for xs in [[1, 2], [3]], x in xs return x", [1, 2, 3]),
        ("for i in 0..4 return if i = 0 then 1 else i * partial[-1]", [1, 1, 2, 6, 24]),
        ("for i in 1..3 return partial", [[], [[]], [[], [[]]]]),
        ("for i in 1..2 return {a: partial}", [{"a": []}, {"a": [{"a": []}]}]),
        ("for f in (for i in 1..2 return function() count(partial)) return f()", [0, 1]),
        ("count(for i in 1..5000 return count(partial))", 5000),
        ("for my item in [1] return my item + 1", [2]),
        ('for d in @"2026-02-27"..@"2026-03-01" return d.day', [27, 28, 1]),
        ("for i in [] return i", []),
        ("for i in 5 return i", [5]),
    ],
)
def test_for_makes_a_list(text, expected):
    assert value(text) == expected


def test_for_over_nothing_is_null():
    assert "cannot go through" in warnings_of("for i in null return i")[0]
    assert "cannot go through" in warnings_of("for i in 1.5..3 return i")[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("some x in [1, 2] satisfies x > 1", True),
        ("some x in [1, 2] satisfies x > 2", False),
        ("every x in [1, 2] satisfies x > 0", True),
        ("every x in [1, 2], y in [2, 3] satisfies x < y", False),
        ("some x in [] satisfies true", False),
        ("every x in [] satisfies false", True),
        ("some x in [1, null] satisfies x > 1", None),
        ("every x in [1, null] satisfies x > 0", None),
        ("every x in [-1, null] satisfies x > 0", False),
    ],
)
def test_some_and_every_know_three_values(text, expected):
    assert value(text) is expected


PEOPLE = {
    "orang": [{"nama": "Ani", "umur": 11}, {"nama": "Budi", "umur": 17}, {"nama": "Citra", "umur": None}]
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[1, 2, 3][item > 1]", [2, 3]),
        ("[1, 2, 3][1]", 1),
        ("[1, 2, 3][-1]", 3),
        ("[1, 2, 3][4]", None),
        ("[1, 2, 3][0]", None),
        ("[1, 2, 3][count([1, 2])]", 2),
        ("[][1]", None),
        ("[][item > 1]", []),
        ("5[1]", 5),
        ("5[item > 3]", [5]),
        ("null[1]", None),
        ("orang[umur < 12].nama", ["Ani"]),
        ("orang[item.umur > 12][1].nama", "Budi"),
        ("orang.nama", ["Ani", "Budi", "Citra"]),
        ("orang[umur = null].nama", ["Citra"]),
        ("orang[umur > batas].nama", ["Budi"]),
        ("[{item: 1}, {item: 2}][item > 1]", [{"item": 2}]),
    ],
)
def test_a_filter_picks_elements(text, expected):
    assert value(text, {**PEOPLE, "batas": 12}) == expected


def test_a_path_goes_through_contexts_and_their_gaps_are_null():
    scope = {"anak": {"ibu": {"nama": "Sri"}}}
    assert value("anak.ibu.nama", scope) == "Sri"
    assert value("anak.ayah.nama", scope) is None
    assert value("anak.nama.depan", scope) is None
    assert value("{a: {b: 1}}.a.b") == 1


def test_entries_of_a_context_see_the_entries_before_them():
    assert value("{a: 1, b: a + 1, c: {d: b + 1}}") == {"a": 1, "b": 2, "c": {"d": 3}}
    assert value("{a-b: 1, c: a-b + 1}") == {"a-b": 1, "c": 2}
    assert value("{a: a + 1}", {"a": 1}) == {"a": 2}


def test_a_context_with_one_key_twice_is_null():
    assert "twice" in warnings_of("{a: 1, a: 2}")[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(function(a, b) a - b)(5, 3)", 2),
        ("(function(a, b) a - b)(b: 5, a: 3)", -2),
        ("{tambah: function(x) x + n, n: 10, hasil: tambah(1)}.hasil", 11),
        ("{f: function(n) if n <= 1 then 1 else n * f(n - 1), x: f(20)}.x", 2432902008176640000),
        ("(function(a) function(b) a * b)(3)(4)", 12),
        ('(function(a: number) a)("x")', None),
        ("(function(a: number) a)([5])", 5),
        ("(function(a: list<number>) a)(5)", [5]),
        ("(function(a, b) a)(1)", None),
        ("(function(a, b) b)(a: 1)", None),
        ("(function(f) f(16))(sqrt)", 4),
        ("5(1)", None),
    ],
)
def test_functions_are_values(text, expected):
    assert value(text) == expected


def test_a_function_that_leaves_an_expression_can_be_handed_to_another():
    double = value("function(x) x * 2")
    assert isinstance(double, Function)
    assert value("f(21)", {"f": double}) == 42


OF_NUMBERS = "function<number>->number"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 instance of number", True),
        ('"a" instance of number', False),
        ("null instance of number", False),
        ("null instance of Null", True),
        ("1 instance of Any", True),
        ("[1, 2] instance of list<number>", True),
        ('[1, "a"] instance of list<number>', False),
        ("(function(a: number) a) instance of function<number>->number", True),
        ("(function(a: number) a) instance of function<string>->number", False),
        ("(function(a: list<number>) a) instance of function<list<number>>->number", True),
        ("(function(a: list<string>) a) instance of function<list<number>>->number", False),
        (
            "(function(a: context<x: number>) a) instance of function<context<x: number, y: string>>->number",
            True,
        ),
        (
            "(function(a: context<x: number, y: string>) a) instance of function<context<x: number>>->number",
            False,
        ),
        (f"(function(a: function<number>->number) a) instance of function<{OF_NUMBERS}>->number", True),
        (f"(function(a: function<string>->number) a) instance of function<{OF_NUMBERS}>->number", False),
        ("(function(a) a) instance of function<string>->number", True),
        ("abs instance of function<number>->number", True),
        ("(function() 1) instance of function<>->number", True),
        ("[1] instance of list", None),
        ("{a: 1} instance of context<a: number>", True),
        ("{a: 1} instance of context<a: string>", False),
        ("{a: 1} instance of context<a: number, b: number>", False),
        ("[1..3] instance of range<number>", True),
        ("(function(x) x) instance of function<number> -> number", True),
        ("(function(x) x) instance of function<> -> number", False),
        ('@"P1Y" instance of years and months duration', True),
        ('@"P1D" instance of years and months duration', False),
        ('@"2026-03-30T09:00" instance of date and time', True),
        ("1 instance of tNoSuchType", None),
    ],
)
def test_instance_of_checks_the_kind(text, expected):
    assert value(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5 in [1..5]", True),
        ("5 in [1..5)", False),
        ("5 in ]1..5[", False),
        ("1 in (1..5)", False),
        ("5 in (<= 5)", True),
        ("5 in (4, 5, 6)", True),
        ("5 in (< 5, > 5)", False),
        ("5 in > 4", True),
        ("5 in [4, 5]", True),
        ("5 in [[1..3], [4..6]]", True),
        ('5 in ["a"]', False),
        ('5 in ["a".."b"]', None),
        ("null in [1..5]", None),
        ("5 in (? > 4 and ? < 6)", True),
        ("5 between 1 and 5 and true", True),
        ("0 between 1 and 5", False),
        ("null between 1 and 5", None),
        ("9 between null and 5", False),
    ],
)
def test_in_and_between_place_a_value(text, expected):
    assert value(text) is expected


def test_a_range_is_a_value_with_properties():
    assert value("[1..3]") == Range(Decimal(1), Decimal(3))
    assert value("(< 5).end") == 5
    assert value("(< 5).start") is None
    assert value("(< 5).end included") is False
    assert value("[1..3) = [1..3[") is True
    assert "order" in warnings_of("[3..1]")[0]


@pytest.mark.parametrize("text", ["{a: 1}.b", '"a".b', "1.b", "null.b", '@"2026-03-30".hour', "x.__class__"])
def test_a_property_that_is_not_there_is_null(text):
    assert value(text, {"x": "abc"}) is None


def test_the_names_of_an_expression_are_its_variables():
    expression = parse_expression(
        "count(orang[umur < batas]) + (for i in xs, j in i return i + j + k)[1]"
        " + {a: 1, b: a + c}.b + anak.nama"
    )
    assert expression.names == {"orang", "xs", "k", "c", "anak"}
    assert expression.filter_names == {"umur", "batas"}


@pytest.mark.parametrize(
    ("text", "copied"),
    [
        ("nama", {"nama"}),
        ("anak.nama", {"anak"}),
        ("upper case(nama) + kota", {"nama", "kota"}),
        ('if umur < 12 then "peksos" else kelompok', {"kelompok"}),
        ("[if umur < 12 then a else b]", {"a", "b"}),
        ("umur < 12 and nama = null", set()),
        ("umur in [1..12]", set()),
        ("umur between 1 and batas", set()),
        ("some x in orang satisfies x.umur < batas", set()),
        ("nama instance of string", set()),
        ("orang[umur < batas].nama", {"orang"}),
        ("for i in xs return if i < batas then i else k", {"xs", "k"}),
        ("{a: 1, b: a + c}.b", {"c"}),
        ('(function(x) if x = nama then kota else x)("a")', {"kota"}),
    ],
)
def test_what_only_chooses_is_not_copied(text, copied):
    assert parse_expression(text).copied == copied
