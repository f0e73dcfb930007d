"""FEEL expressions by the kind of their value, made by Hypothesis.

Only what engine.feel and feelin both follow the standard in; ``differences.py`` lists what is left out for
that reason. Numbers are multiples of a quarter, so that decimal and binary arithmetic agree.
"""

from hypothesis import strategies as st

from tests.property.feel.parts import (
    CLOCKS,
    COMPARISONS,
    DAYS,
    INTEGERS,
    LENGTHS,
    MOMENTS,
    MONTHS,
    QUARTERS,
    SMALL,
    ZONED_CLOCKS,
    ZONED_MOMENTS,
    Texts,
    bracketed,
    chosen,
    fill,
    kind,
    number_ranges,
    point_or_range,
)


@kind
def numbers(depth: int) -> Texts:
    leaves = st.one_of(
        INTEGERS, QUARTERS, chosen("n", "m", "c.x", "c.z.w", "xs[1]", "xs[-1]", "rows[2].umur", "(-3)", "-2")
    )
    if depth == 0:
        return leaves
    inner, some = numbers(depth - 1), number_lists(depth - 1)
    a, filled = bracketed(inner), fill("append({}, {})", some, inner)
    scaled = chosen(
        "decimal", "floor", "ceiling", "round up", "round down", "round half up", "round half down"
    )
    return st.one_of(
        leaves,
        fill("{} {} {}", leaves, chosen("+", "-", "*"), leaves),
        fill("{} {} {} {} {}", leaves, chosen("+", "-", "*"), leaves, chosen("+", "-", "*"), leaves),
        fill("{} {} {}", a, chosen("+", "-"), a),
        fill("{} * {}", a, leaves),
        fill("{} / {}", a, chosen("2", "4", "-2", "0.5")),
        fill("{} ** {}", chosen("0", "1", "2", "0.5", "-2", "(-3)"), chosen("0", "1", "2", "3")),
        fill("-{}", a),
        fill("(if {} then {} else {})", booleans(depth - 1), inner, inner),
        fill("{}({}, {})", scaled, inner, chosen("0", "1", "2")),
        fill("{}({})", chosen("floor", "ceiling", "abs"), inner),
        fill("modulo({}, {})", inner, chosen("2", "3", "-4", "0.5")),
        fill("{}({})", chosen("sum", "min", "max", "product"), filled),
        fill("count({})", some),
        fill("{}({}, {})", chosen("sum", "min", "max"), inner, inner),
        fill("mean([{}, {}])", inner, inner),
        fill("string length({})", texts(depth - 1)),
        fill("({})[{}]", filled, chosen("1", "-1", "n - 6")),
        fill("({}).{}", days(depth - 1), chosen("year", "month", "day", "weekday")),
        fill("({}).{}", CLOCKS, chosen("hour", "minute", "second")),
        fill("({}).{}", LENGTHS, chosen("days", "hours", "minutes")),
        fill("({}).{}", MONTHS, chosen("years", "months")),
        fill("{}({})", chosen("day of year", "week of year"), days(depth - 1)),
        fill("{{a: {}, b: a + {}}}.b", inner, leaves),
        fill("(function(p, q) p - q)({}, {})", inner, inner),
        fill("(function(p, q) p - q)(q: {}, p: {})", inner, inner),
        fill(
            "number(from: {}, grouping separator: null, decimal separator: null)", QUARTERS.map('"{}"'.format)
        ),
        fill('get value({{a: {}}}, "a")', inner),
        fill("{{f: function(p) p * 2 - {}, y: f({})}}.y", leaves, inner),
        fill("[{}..{}].{}", chosen("1", "n"), chosen("8", "12.5"), chosen("start", "end")),
        fill("{}(n: {})", chosen("floor", "ceiling", "abs"), inner),
        fill("{} /* {} */ + {} // {}\n", leaves, QUARTERS, leaves, QUARTERS),
        fill("({})[item > {}]", chosen("5", "n"), chosen("1", "3")).map("sum({})".format),
    )


@kind
def texts(depth: int) -> Texts:
    leaves = chosen(
        '"a"', '"b"', '"abc"', '"x y"', '"é"', '""', '"A\\"B"', "teks", "c.y", "rows[1].nama", "Nama Lengkap"
    )
    if depth == 0:
        return leaves
    inner, some = texts(depth - 1), text_lists(depth - 1)
    filled = fill("append({}, {})", some, inner)
    return st.one_of(
        leaves,
        fill("{} + {}", leaves, leaves),
        fill("({}) + ({})", inner, inner),
        fill("(if {} then {} else {})", booleans(depth - 1), inner, inner),
        fill('substring("abcdef" + {}, {})', inner, chosen("1", "3", "-2")),
        fill('substring(start position: {}, string: "abcdef" + {})', SMALL, inner),
        fill('substring("abcdef" + {}, {}, {})', inner, chosen("1", "3"), SMALL),
        fill("{}({})", chosen("upper case", "lower case"), inner),
        fill("{}({}, {})", chosen("substring before", "substring after"), inner, leaves),
        fill("string join({}, {})", some, chosen('"-"', '""', "null")),
        fill("string join({})", some),
        fill(
            "replace({}, {}, {})",
            inner,
            chosen('"(a)"', '"([ab]+)"', '"(b)|c"', '"(b)"'),
            chosen('"z"', '"[$1]"', '""'),
        ),
        fill(
            "string({})",
            st.one_of(
                INTEGERS, booleans(0), days(depth - 1), inner, CLOCKS, MOMENTS, ZONED_CLOCKS, ZONED_MOMENTS
            ),
        ),
        fill("string({})", st.one_of(number_lists(0), text_lists(0), chosen('@"P1Y"', '@"P2Y3M"', '@"P7M"'))),
        fill("{}({})", chosen("day of week", "month of year"), days(depth - 1)),
        fill("({})[{}]", filled, chosen("1", "-1")),
        fill("(for t in {} return t + {})[1]", filled, leaves),
    )


def ordered(depth: int) -> st.SearchStrategy[tuple[str, str, str]]:
    """Three texts of values of one kind that has an order."""
    kinds = (
        *(numbers(depth), texts(depth), days(depth), CLOCKS, moments(depth), lengths(depth), MONTHS),
        *(ZONED_CLOCKS, ZONED_MOMENTS),
    )
    return st.one_of(*(st.tuples(kind, kind, kind) for kind in map(bracketed, kinds)))


@kind
def booleans(depth: int) -> Texts:
    leaves = chosen(
        "true", "false", "ya", "n > 3", 'teks = "abc"', "m >= 2.5", "n < m", "c.x = 1", "kosong = null"
    )
    if depth == 0:
        return leaves
    inner, some = booleans(depth - 1), number_lists(depth - 1)
    three = ordered(depth - 1)
    return st.one_of(
        leaves,
        fill("{} {} {} {} {}", leaves, chosen("and", "or"), leaves, chosen("and", "or"), leaves),
        fill("({}) {} ({})", trits(depth - 1), chosen("and", "or"), trits(depth - 1)),
        st.tuples(three, COMPARISONS).map(lambda made: f"{made[0][0]} {made[1]} {made[0][1]}"),
        three.map(lambda m: f"{m[1]} <= {m[2]} and {m[0]} between {m[1]} and {m[2]}"),
        st.tuples(three, COMPARISONS).map(
            lambda made: f"{made[0][0]} in ({made[1]} {made[0][1]}, {made[0][2]})"
        ),
        st.tuples(three, chosen("<", "<=", ">", ">=")).map(lambda m: f"{m[0][0]} in {m[1]} {m[0][1]}"),
        three.map(lambda made: f"{made[0]} in ({made[1]}, {made[2]})"),
        fill("{} {} [{}]", bracketed(numbers(depth - 1)), chosen("in"), numbers(0)),
        fill(
            "{} in {}{}..{}{}",
            bracketed(numbers(depth - 1)),
            chosen("[", "(", "]"),
            chosen("0", "1.5"),
            chosen("3", "12"),
            chosen("]", ")", "["),
        ),
        fill("{} in [{}, {}]", bracketed(numbers(depth - 1)), numbers(0), numbers(0)),
        fill("not({})", trits(depth - 1)),
        fill("({}) {} ({})", inner, chosen("=", "!="), inner),
        fill("({}) {} null", st.one_of(numbers(depth - 1), texts(depth - 1), inner, some), chosen("=", "!=")),
        fill("{} i in {} satisfies i {} {}", chosen("some", "every"), some, COMPARISONS, numbers(depth - 1)),
        fill("some i in {}, j in {} satisfies i {} j", some, some, COMPARISONS),
        fill("{}({}, {})", chosen("contains", "starts with", "ends with"), texts(depth - 1), texts(0)),
        fill(
            "matches({}, {})",
            texts(depth - 1),
            chosen('"^a"', '"b.?$"', '"[a-c]+"', '"(x|y)"', '"\\\\s"', '"A.*B"'),
        ),
        fill("list contains({}, {})", some, numbers(depth - 1)),
        fill("list contains({}, {})", text_lists(depth - 1), texts(0)),
        fill("list contains([{}, null], {})", numbers(0), chosen("null", "kosong", "1")),
        fill("is({}, {})", days(depth - 1), days(depth - 1)),
        fill("{}({})", chosen("odd", "even"), numbers(depth - 1)),
        fill("{}([{}, {}])", chosen("all", "any"), trits(0), trits(0)),
        fill("is({}, {})", numbers(depth - 1), numbers(depth - 1)),
        fill("({}) = ({})", two_numbers(depth - 1), two_numbers(depth - 1)),
        fill("{{a: {}, b: {}}} = {{b: {}, a: {}}}", numbers(0), texts(0), texts(0), numbers(0)),
        fill("{}({}, {})", chosen("before", "after"), point_or_range(), point_or_range()),
        fill("{}({}, {})", chosen("meets", "met by", "overlaps"), number_ranges(), number_ranges()),
        fill("includes({}, {})", number_ranges(), point_or_range()),
    )


@kind
def trits(depth: int) -> Texts:
    """True, false or null."""
    return st.one_of(booleans(depth), chosen("null", "kosong", "tidak_ada", "c.tidak"))


def two_numbers(depth: int) -> Texts:
    return fill("[{}, {}]", numbers(depth), numbers(depth))


@kind
def number_lists(depth: int) -> Texts:
    leaves = st.one_of(
        chosen("xs", "[1, 2, 3]", "rows.umur", "[0]"),
        st.lists(numbers(0), max_size=4).map(lambda made: f"[{', '.join(made)}]"),
    )
    if depth == 0:
        return leaves
    inner, one = number_lists(depth - 1), numbers(depth - 1)
    return st.one_of(
        leaves,
        st.lists(one, min_size=1, max_size=4).map(lambda made: f"[{', '.join(made)}]"),
        fill("(for i in {} return i {} {})", inner, chosen("+", "-", "*"), one),
        fill("(for i in {}..{} return i * {})", chosen("1", "4", "-3"), chosen("2", "4", "-1"), numbers(0)),
        fill("(for i in {}, j in [i, {}] return i + j)", leaves, numbers(0)),
        fill("(for i in 1..{} return if i = 1 then 1 else partial[-1] + i)", SMALL),
        fill("({})[item {} {}]", inner, COMPARISONS, one),
        fill("({})[item > {} {} item < {}]", inner, numbers(0), chosen("and", "or"), numbers(0)),
        fill("rows[umur {} {}].umur", COMPARISONS, one),
        fill("append({}, {})", inner, one),
        fill("concatenate({}, {})", inner, inner),
        fill("union({}, {})", inner, inner),
        fill("{}({})", chosen("reverse", "distinct values", "flatten"), inner),
        fill("flatten([{}, [{}, {}]])", inner, one, one),
        fill("sort({}, function(a, b) a {} b)", inner, chosen("<", ">")),
        fill("sublist([1, 2, {}], {})", one, chosen("1", "2", "-2")),
        fill("sublist([1, 2, {}], {}, {})", one, chosen("1", "2"), chosen("1", "2")),
        fill("insert before([1, 2], {}, {})", chosen("1", "2"), one),
        fill("remove([1, 2, {}], {})", one, SMALL),
        fill("list replace([1, 2, 3], {}, {})", SMALL, one),
        fill("index of({}, {})", inner, numbers(0)),
        fill("mode([{}, {}, {}])", SMALL, SMALL, SMALL),
        fill("[median([{}, {}, {}])]", SMALL, SMALL, SMALL),
    )


@kind
def text_lists(depth: int) -> Texts:
    leaves = st.one_of(
        chosen("ts", '["a", "b"]', "rows.nama"),
        st.lists(texts(0), min_size=1, max_size=3).map(lambda made: f"[{', '.join(made)}]"),
    )
    if depth == 0:
        return leaves
    inner = text_lists(depth - 1)
    return st.one_of(
        leaves,
        fill("(for t in {} return t + {})", inner, texts(0)),
        fill("({})[item {} {}]", inner, COMPARISONS, texts(0)),
        fill("({})[item in ({}, {})]", inner, texts(0), texts(0)),
        fill("({})[some t in {} satisfies t = item]", inner, leaves),
        fill("split({}, {})", texts(depth - 1), chosen('"b"', '"\\\\s"', '"-"')),
        fill("append({}, {})", inner, texts(depth - 1)),
        fill("{}({})", chosen("reverse", "distinct values"), inner),
        fill("sort({}, function(a, b) a {} b)", inner, chosen("<", ">")),
        fill("rows[umur {} {}].nama", COMPARISONS, numbers(0)),
    )


@kind
def days(depth: int) -> Texts:
    if depth == 0:
        return DAYS
    inner = bracketed(days(depth - 1))
    return st.one_of(
        DAYS,
        fill("{} {} {}", inner, chosen("+", "-"), st.integers(0, 99).map('@"P{}D"'.format)),
        fill("{} {} {}", inner, chosen("+", "-"), MONTHS),
        fill("{} + {}", MONTHS, inner),
        fill(
            "date({}, {}, {})",
            st.integers(1930, 2100).map(str),
            st.integers(1, 12).map(str),
            st.integers(1, 28).map(str),
        ),
        fill("date({})", DAYS.map(lambda text: text[1:])),
        fill("date({})", MOMENTS),
    )


@kind
def moments(depth: int) -> Texts:
    if depth == 0:
        return MOMENTS
    inner = bracketed(moments(depth - 1))
    return st.one_of(
        MOMENTS,
        fill("{} {} {}", inner, chosen("+", "-"), LENGTHS),
        fill("{} {} {}", inner, chosen("+", "-"), MONTHS),
        fill("date and time({}, {})", DAYS, CLOCKS),
        fill("date and time({})", MOMENTS.map(lambda text: text[1:])),
    )


@kind
def lengths(depth: int) -> Texts:
    if depth == 0:
        return LENGTHS
    inner = bracketed(lengths(depth - 1))
    return st.one_of(
        LENGTHS,
        fill("{} {} {}", inner, chosen("+", "-"), inner),
        fill("duration({})", LENGTHS.map(lambda text: text[1:])),
    )


def clocks() -> Texts:
    return st.one_of(
        CLOCKS,
        fill("{} {} {}", CLOCKS, chosen("+", "-"), LENGTHS),
        fill("time({}, {}, {})", INTEGERS, INTEGERS, INTEGERS),
    )


@kind
def contexts(depth: int) -> Texts:
    value = st.one_of(numbers(depth), texts(depth), booleans(depth), number_lists(depth), days(depth))
    return st.one_of(
        fill("{{a: {}, b: {}}}", value, value),
        fill("context put({{a: {}}}, {}, {})", value, chosen('"a"', '"b"'), value),
        fill("context merge([{{a: {}}}, {{b: {}}}])", value, value),
        fill('context([{{key: "a", value: {}}}])', value),
        fill("get entries({{a: {}, b: {}}})", value, value),
        fill("rows[umur {} {}]", COMPARISONS, numbers(depth)),
    )


@kind
def mixed(depth: int) -> Texts:
    """Operations on values of kinds that do not go together, or on nothing: null."""
    wrong = chosen("null", "kosong", "c.tidak", "tidak_ada", "true", '"a"', "c", "xs", '@"2026-03-30"')
    one = bracketed(numbers(depth))
    return st.one_of(
        fill("{} {} {}", one, chosen("+", "-", "*", "/", "**"), wrong),
        fill("{} {} {}", wrong, chosen("-", "*", "/", "**"), one),
        fill("{} {} {}", one, chosen("<", "<=", ">", ">=", "="), chosen("null", "kosong", "c.tidak")),
        fill("{} {} {}", chosen("null", "kosong", "c.tidak"), chosen("<", "<=", ">", ">="), one),
        fill("{} = {}", one, chosen("true", '"a"', "c", '@"2026-03-30"')),
        fill(
            "{}({})",
            chosen("floor", "sqrt", "odd", "abs"),
            chosen("null", "true", '"a"', "c", "xs", '@"2026-03-30"'),
        ),
        fill(
            "{}({})",
            chosen("upper case", "string length"),
            chosen("null", "true", "1", "c", "ts[3 + 1]", "xs"),
        ),
        fill("{} / 0", one),
        fill("xs[{}]", chosen("4", "-4", "9", "0")),
        fill(
            "{}({})",
            chosen("sum", "min", "max", "product", "mean", "count"),
            chosen("[]", "xs[item > 5]", "[1, null]"),
        ),
        fill("{}.{}", chosen("c", "rows", "kosong", "n", "c.x"), chosen("tidak", "nama")),
        fill("(if {} then {} else {})", chosen("null", "kosong", "false"), one, one),
    )


@kind
def inexact(depth: int) -> Texts:
    """Numbers that no quarter is: both are right to some ten digits."""
    return st.one_of(
        fill("{} / {}", bracketed(numbers(depth)), chosen("3", "7", "0.1", "n")),
        fill("{}({})", chosen("sqrt", "log", "exp"), st.one_of(INTEGERS, QUARTERS, chosen("-1"))),
        fill("{}({})", chosen("stddev", "mean"), number_lists(depth)),
        fill("{} * 0.1 + 0.7", bracketed(numbers(depth))),
    )


@kind
def temporal(depth: int) -> Texts:
    return st.one_of(
        days(depth),
        moments(depth),
        lengths(depth),
        MONTHS,
        clocks(),
        fill("{} - {}", bracketed(days(depth)), bracketed(days(depth))),
        fill("{} - {}", bracketed(moments(depth)), bracketed(moments(depth))),
        fill("{} - {}", CLOCKS, CLOCKS),
        fill("{} - {}", ZONED_CLOCKS, ZONED_CLOCKS),
        fill("{} - {}", ZONED_MOMENTS, ZONED_MOMENTS),
        fill("{} {} {}", ZONED_MOMENTS, chosen("+", "-"), st.one_of(LENGTHS, MONTHS)),
        fill("{} + {}", MONTHS, MONTHS),
    )


EXPRESSIONS = st.one_of(
    numbers(3),
    texts(3),
    booleans(3),
    number_lists(3),
    text_lists(2),
    temporal(2),
    contexts(2),
    mixed(2),
    inexact(2),
)
