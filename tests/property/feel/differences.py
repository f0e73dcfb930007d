"""Where engine.feel and feelin differ, and who is right: sections and tables are those of DMN 1.5.

``expressions.py`` makes none of these. Each example is the text, what we answer and what feelin answers.
"""

from typing import NamedTuple


class Difference(NamedTuple):
    reason: str
    examples: tuple[tuple[str, str, str], ...]


DIFFERENCES = (
    Difference(
        "A number has 34 decimal digits and keeps its scale (10.3.2.3.1). feelin has binary floating point.",
        (
            ("0.1 + 0.2 = 0.3", "true", "false"),
            ("1 / 3 * 3 = 1", "false", "true"),
            ("12345678901234567890 + 1 = 12345678901234567890", "false", "true"),
            ("string(1 / 3)", '"0.3333333333333333333333333333333333"', '"0.3333333333333333"'),
            ("string(1.50)", '"1.50"', '"1.5"'),
            ("string(0.5 + 0.5)", '"1.0"', '"1"'),
            ("10 ** 400 > 10 ** 399", "true", "false"),
        ),
    ),
    Difference(
        "Durations are multiplied, divided and negated (Table 57), and have a size (10.3.4.5). feelin: null.",
        (
            ('-@"P1D"', "-86400 s", "null"),
            ('-@"P1M"', "P-1M", "null"),
            ('@"P1D" * 2', "172800 s", "null"),
            ('2 * @"P1D"', "172800 s", "null"),
            ('@"P1D" / 2', "43200 s", "null"),
            ('abs(@"-P1D")', "86400 s", "null"),
            ('sum([@"P1D", @"P2D"])', "259200 s", "null"),
        ),
    ),
    Difference(
        "Values of different kinds are neither equal nor unequal, and have no order: null (Table 50 "
        "to 54). feelin says yes or no.",
        (
            ('1 != "a"', "null", "true"),
            ('"a" < 5', "null", "false"),
            ('5 < "a"', "null", "false"),
            ('@"2026-03-30" < 5', "null", "false"),
            ("true < false", "null", "error"),
            ('@"2026-03-30" = @"2026-03-30T00:00:00Z"', "null", "true"),
            ('@"2026-03-30" < @"2026-03-30T12:00:00Z"', "null", "true"),
            ('@"P1Y" = @"P365D"', "null", "true"),
            ('@"P1Y" < @"P366D"', "null", "true"),
            ('[1, "a"] = [1, 2]', "null", "false"),
            ('{a: 1} = {a: "x"}', "null", "false"),
            ('before(1, "a")', "null", "false"),
        ),
    ),
    Difference(
        "A list of one is no element where values are compared (Table 53; 10.3.4.6). feelin takes "
        "both out of their lists.",
        (
            ("[1] = 1", "null", "true"),
            ("1 = [1]", "null", "true"),
            ("[] = [null]", "false", "true"),
            ("[1] = []", "false", "null"),
            ("is([1], 1)", "false", "true"),
            ("distinct values([[1], 1])", "[[1], 1]", "[[1]]"),
        ),
    ),
    Difference(
        "A condition holds if it is true; anything else is otherwise (Table 54). feelin: whatever is "
        "not false or null.",
        (
            ("if 1 then 1 else 2", "2", "1"),
            ('if "a" then 1 else 2', "2", "1"),
            ("some i in [1, 2] satisfies i", "null", "true"),
            ("sort([1, 2], function(a, b) 0)", "null", "[2, 1]"),
        ),
    ),
    Difference(
        "some and every are or and and of three values (Table 54): null if nothing decides. feelin "
        "counts null as false.",
        (
            ("some i in [1, null] satisfies i > 1", "null", "false"),
            ("every i in [1, null] satisfies i > 0", "null", "false"),
        ),
    ),
    Difference(
        "e in (a, b) is e in a or e in b (Table 55), and null in a range has no answer. feelin: false.",
        (
            ('5 in "a"', "null", "false"),
            ('1 in ("a", 2)', "null", "false"),
            ('1 in (> "a")', "null", "false"),
            ("null in [1..3]", "null", "false"),
            ("5 in null", "false", "null"),
            ("null in null", "true", "null"),
            ("[1, 2] in [1, 2]", "true", "false"),
            ("n in (? > 3)", "true", "false"),
        ),
    ),
    Difference(
        "x between a and b is x >= a and x <= b (Table 55), and a range ends where it begins or after. "
        "feelin swaps the ends.",
        (
            ("5 between 7 and 1", "false", "true"),
            ("5 in [7..1]", "null", "true"),
            ("[7..1]", "null", "[7..1]"),
        ),
    ),
    Difference(
        "Text between two letters is in their range, by code points (Table 50). feelin lists the letters.",
        (('"bb" in ["a".."f"]', "true", "false"),),
    ),
    Difference(
        "An iteration goes to 0, over open ranges, over dates, and over one value as over its list "
        "(Table 54). feelin does not.",
        (
            ("for i in -2..0 return i", "[-2, -1, 0]", "null"),
            ("for i in 2..0 return i", "[2, 1, 0]", "null"),
            ("for i in (1..3) return i", "[2]", "[1, 2]"),
            ('for i in @"2026-01-01"..@"2026-01-02" return i', "[2026-01-01, 2026-01-02]", "error"),
            ("for i in 5 return i", "[5]", "null"),
            ("for i in [1, 2], j in 3 return i + j", "[4, 5]", "null"),
            ("some i in 5 satisfies i > 4", "true", "null"),
        ),
    ),
    Difference(
        "A filter is asked for each element, and keeps those for which it is true (Table 54). feelin "
        "asks once where it sees no comparison, and drops false and null.",
        (
            ("xs[odd(item)]", "[1, 3]", "[]"),
            ('ts[contains(item, "a")]', '["a"]', "[]"),
            ("xs[not(item = 1)]", "[2, 3]", "[1, 2, 3]"),
            ('rows[contains(nama, "A")].nama', '["Ani"]', "[]"),
            ('ts[if item = "a" then true else false]', '["a"]', "[]"),
            ("[true, false][item = false]", "[false]", "[]"),
            ("[1, null][item = null]", "[null]", "[]"),
            ("xs[null]", "[]", "null"),
            ("xs[item]", "1", "[]"),
        ),
    ),
    Difference(
        "A context has an entry once (10.3.1.2, rule 57). feelin: the last counts.",
        (("{a: 1, a: 2}", "null", "{a: 2}"),),
    ),
    Difference(
        "A path goes into lists of lists (Table 54).",
        (("[[c], [c]].x", "[[1], [1]]", "[null, null]"),),
    ),
    Difference(
        "Arguments are as many as parameters and of their types (10.3.2.13), and a function in a "
        "context knows itself.",
        (
            ("(function(a, b) a)(1)", "null", "1"),
            ('(function(a: number) a)("x")', "null", '"x"'),
            ("{f: function(n) if n = 0 then 1 else n * f(n - 1), r: f(3)}.r", "6", "null"),
            ("string(function(a) a)", '"function"', '"<function>"'),
        ),
    ),
    Difference(
        "instance of (10.3.2.9) asks for the type. feelin asks JavaScript.",
        (
            ("1 instance of number", "true", "false"),
            ("null instance of Any", "false", "error"),
        ),
    ),
    Difference(
        "Positions that a string does not have: null (10.3.4.3); positions count characters, not "
        "halves of them.",
        (
            ('substring("abc", 0)', "null", '"c"'),
            ('substring("abc", 4)', "null", '""'),
            ('substring("abc", -4)', "null", '"c"'),
            ('substring("abc", 1, 0)', "null", '""'),
            ('substring("😀abc", -2)', '"bc"', '"c"'),
        ),
    ),
    Difference(
        "Positions that a list does not have: null; negative ones count from the end (10.3.4.4). "
        "feelin: as Array.slice.",
        (
            ("insert before([1, 2], 3, 9)", "null", "[1, 2, 9]"),
            ("insert before([1, 2], -1, 9)", "[1, 9, 2]", "[9, 1, 2]"),
            ("insert before([1, 2], 0, 9)", "null", "[1, 9, 2]"),
            ("remove([1, 2], -1)", "[1]", "[2]"),
            ("remove([1, 2], 3)", "null", "[1, 2]"),
            ("sublist([1, 2], 0)", "null", "[2]"),
            ("sublist([1, 2], 3)", "null", "[]"),
            ("sublist([1, 2], 1, 5)", "null", "[1, 2]"),
            ("list replace([1, 2], 3, 9)", "null", "[1, 2, 9]"),
            ("list replace([1, 2], -1, 9)", "[1, 9]", "[9, 2]"),
        ),
    ),
    Difference(
        "list contains and index of compare as = does (10.3.4.4). feelin: as === does.",
        (
            ('list contains([@"2026-01-01"], @"2026-01-01")', "true", "false"),
            ("list contains([[1]], [1])", "true", "false"),
            ("index of([{a: 1}], {a: 1})", "[1]", "[]"),
        ),
    ),
    Difference(
        "min and max take whatever has an order (10.3.4.4).",
        (
            ('min("a", "b")', '"a"', "null"),
            ('max([@"2026-01-01", @"2026-01-02"])', "2026-01-02", "null"),
        ),
    ),
    Difference(
        "median orders numbers, mode answers in ascending order (10.3.4.4). feelin orders them as "
        "text, or not.",
        (
            ("median([10, 9, 2])", "9", "2"),
            ("mode([0.5, 0.5, 0.25, 0.25])", "[0.25, 0.5]", "[0.5, 0.25]"),
        ),
    ),
    Difference(
        "A list is asked for (10.3.4.4): null is none.",
        (
            ("concatenate([1], null)", "null", "[1, null]"),
            ("union([1, 2])", "[1, 2]", "error"),
        ),
    ),
    Difference(
        "Without a function sort is ascending (engine.feel goes beyond 10.3.4.8).",
        (("sort([3, 1, 2])", "[1, 2, 3]", "null"),),
    ),
    Difference(
        "number() reads FEEL's numbers, and separators may be left out (10.3.4.1). feelin: as "
        "JavaScript, always three arguments.",
        (
            ('number(" 1 ", null, null)', "null", "1"),
            ('number("0x10", null, null)', "null", "16"),
            ('number("", null, null)', "null", "0"),
        ),
    ),
    Difference(
        "string() writes literals that are FEEL (Table 70).",
        (
            ('string({a: 1, "b c": 1})', '"{a: 1, b c: 1}"', r'"{a: 1, \"b c\": 1}"'),
            ('string(@"-P1D")', '"-P1D"', '"P-1D"'),
            ('string(@"P0M")', '"P0M"', '"PT0S"'),
            ('string(@"2026-01-01T10:00:00.5")', '"2026-01-01T10:00:00.5"', '"2026-01-01T10:00:00.500"'),
            ("string([1..3])", '"[1..3]"', '"<range>"'),
        ),
    ),
    Difference(
        "Regular expressions are XPath's (10.3.4.3): other escapes and flags, $1 of no group is "
        "empty, nothing empty is replaced. feelin has JavaScript's.",
        (
            ('split("abc", "")', "null", '["a", "b", "c"]'),
            ('split("a1b", "(1)")', '["a", "b"]', '["a", "1", "b"]'),
            (r'replace("abc", "(b)", "\\$1")', '"a$1c"', r'"a\\bc"'),
            ('replace("abc", "b", "$1")', '"ac"', '"a$1c"'),
            ('replace("aXb", "x", "y", "q")', '"aXb"', "null"),
            ('replace("abc", "", "x")', "null", '"xaxbxcx"'),
            ('matches("ab", "a b", "x")', "true", "error"),
            (r'matches("é", "\\w")', "true", "false"),
            (r'matches("a", "\\i")', "true", "null"),
            ('matches("abc", "[a-z-[b]]+$")', "true", "null"),
        ),
    ),
    Difference(
        "get value takes a path of keys (engine.feel goes beyond 10.3.4.11).",
        (('get value({a: {b: 1}}, ["a", "b"])', "1", "null"),),
    ),
    Difference(
        "There is no 30 February and no 13th month; a date of a date and time is its own day, a text "
        "must be a date (10.3.4.1). Hours go from 0 to 23 (Table 65), though XML Schema knows 24:00:00. "
        "feelin counts on, in UTC.",
        (
            ("date(2026, 13, 1)", "null", "2027-01-01"),
            ("date(2026, 2, 30)", "null", "2026-03-02"),
            ('date(@"2026-03-30T01:00:00+07:00")', "2026-03-30", "2026-03-29"),
            ('date("2026-03-30T10:00:00")', "null", "2026-03-30"),
            ("time(25, 0, 0)", "null", "3600 s"),
            ('@"24:00:00"', "null", "1900-01-02 0 s"),
            ('@"2026-03-30T24:00:00"', "null", "2026-03-31 0 s"),
        ),
    ),
    Difference(
        "feelin takes midnight of 1 January 1900 for a time; and QuickJS has no zones with names.",
        (
            ("date(1900, 1, 1)", "1900-01-01", "0 s +0 s"),
            ('@"10:00:00@Asia/Jakarta" = @"03:00:00Z"', "true", "false"),
        ),
    ),
    Difference(
        "Durations are of two kinds, never mixed, of whole parts (10.3.2.3); a time may leave its "
        "seconds out (engine.feel goes beyond).",
        (
            ('@"P1Y1D"', "null", "86400 s"),
            ('@"P1W"', "null", "604800 s"),
            ('@"P1.5D"', "null", "129600 s"),
            ('@"P1D" + @"P1M"', "null", "86400 s"),
            ('@"10:00"', "36000 s", "null"),
            ('time(10, 30, 0, @"PT7H")', "37800 s +25200 s", "error"),
        ),
    ),
    Difference(
        "A date plus a duration is a date (Table 57). feelin turns it into a date and time.",
        (
            ('@"2026-03-30" + @"PT12H"', "2026-03-30", "2026-03-30 43200 s +0 s"),
            ('@"2026-03-30" + @"PT36H"', "2026-03-31", "2026-03-31 43200 s +0 s"),
            ('@"2026-03-30" - @"PT1H"', "2026-03-29", "2026-03-29 82800 s +0 s"),
        ),
    ),
    Difference(
        "A clock without zone and one with: the clocks are compared, a difference has no answer "
        "(Table 54, 57).",
        (
            ('@"10:00:00" = @"10:00:00Z"', "true", "false"),
            ('@"2026-03-30T10:00:00" = @"2026-03-30T10:00:00Z"', "true", "false"),
            ('@"10:00:00Z" - @"09:00:00"', "null", "3600 s"),
        ),
    ),
    Difference(
        "Durations are equal if they are equally long (Table 53). feelin compares long ones by whole months.",
        (('@"P200D" = @"P201D"', "false", "true"),),
    ),
    Difference(
        "Parts of durations and times are those of Table 65. feelin has them as they were written, "
        "and others.",
        (
            ('@"PT36H".days', "1", "0"),
            ('@"PT36H".hours', "12", "36"),
            ('@"P14M".years', "1", "0"),
            ('@"P14M".months', "2", "14"),
            ('@"P1D".years', "null", "0"),
            ('@"PT1.5S".seconds', "1.5", "1"),
            ('@"2026-03-30".hour', "null", "0"),
            ('@"10:00:00".year', "null", "1900"),
            ('@"2026-03-30T10:00:00Z".time offset', "P0M", "null"),
        ),
    ),
    Difference(
        "years and months duration: whole months (10.3.4.1). feelin has fractions.",
        (
            ('years and months duration(@"2024-01-15", @"2026-03-20")', "P26M", "P26.2M"),
            ('years and months duration(@"2024-01-31", @"2024-02-29")', "P0M", "P1M"),
        ),
    ),
    Difference(
        "is() answers true or false (10.3.4.6).",
        (('is(1, "a")', "false", "null"),),
    ),
    Difference(
        "Functions that feelin does not have (10.3.4).",
        (
            ('trim(" a ")', '"a"', "null"),
            ("duplicate values([1, 2, 1])", "[1]", "null"),
            ('range("[1..3]")', "[1..3]", "null"),
            ('last day of month(@"2026-02-01")', "28", "null"),
            ("random number() < 1", "true", "null"),
            ("coincides(1, 1)", "true", "null"),
            ("during(1, [1..2])", "true", "null"),
            ("overlaps before([1..2], [2..3])", "true", "null"),
            ("overlaps after([2..3], [1..2])", "true", "null"),
            ("finishes(2, [1..2])", "true", "null"),
            ("finished by([1..2], 2)", "true", "null"),
            ("starts(1, [1..2])", "true", "null"),
            ("started by([1..2], 1)", "true", "null"),
        ),
    ),
    Difference(
        "Escapes in a string are those of JSON, and single quotes (10.3.1.2).",
        (('"a\\\'b"', '"a\'b"', '"a\\\\\'b"'),),
    ),
)
