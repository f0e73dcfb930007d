"""The built-in functions, mostly by the examples of the standard (DMN 1.5, 10.3.4)."""

from decimal import Decimal

import pytest

from engine.feel import parse_expression
from engine.feel.library import BUILTINS

HOLDS = """
substring("foobar", 3) = "obar"
0 ** 0 = 1 and 0.0 ** 0.00 = 1
substring("foobar", 3, 3) = "oba"
substring("foobar", -2, 1) = "a"
substring("\\U01F40Eab", 2) = "ab"
string length("\\U01F40Eab") = 3
upper case("aBc4") = "ABC4"
lower case("aBc4") = "abc4"
substring before("foobar", "bar") = "foo"
substring before("foobar", "xyz") = ""
substring after("foobar", "ob") = "ar"
substring after("", "a") = ""
contains("foobar", "of") = false
starts with("foobar", "fo")
ends with("foobar", "r")
trim("  a b ") = "a b"
string join(["a", "b", "c"], "_and_") = "a_and_b_and_c"
string join(["a", null, "c"], "X") = "aXc"
string join(["a", "b"]) = "ab"
string join([], "X") = ""
split("John Doe", "\\\\s") = ["John", "Doe"]
split("a;b;c;;", ";") = ["a", "b", "c", "", ""]
matches("foobar", "^fo*b")
replace("banana", "a", "o") = "bonono"
replace("abcd", "(ab)|(a)", "[1=$1][2=$2]") = "[1=ab][2=]cd"
list contains([1, 2, null], null)
count([1, [2, 3]]) = 2
count([]) = 0
min([1, 2, 3]) = 1
max(1, 2, 3) = 3
max("a", "b") = "b"
min(@"2026-01-02", @"2026-01-01") = @"2026-01-01"
sum(1, 2, 3) = 6
sum(@"P1D", @"PT12H") = @"P1DT12H"
mean([1, 2, 3]) = 2
product([2, 3, 4]) = 24
median(8, 2, 5, 3, 4) = 4
median([6, 1, 2, 3]) = 2.5
stddev(2, 4, 7, 5) = 2.081665999466132735282297706979931
mode(6, 3, 9, 6, 6) = [6]
mode([6, 1, 9, 6, 1]) = [1, 6]
mode([]) = []
all([false, null, true]) = false
all([])
any([false, null, true])
any([]) = false
sublist([4, 5, 6], 1, 2) = [4, 5]
sublist([4, 5, 6], -2) = [5, 6]
append([1], 2, 3) = [1, 2, 3]
concatenate([1, 2], [3]) = [1, 2, 3]
insert before([1, 3], 1, 2) = [2, 1, 3]
remove([1, 2, 3], 2) = [1, 3]
list replace([2, 4, 7, 8], 3, 6) = [2, 4, 6, 8]
list replace([2, 4, 7, 8], function(item, newItem) item < newItem, 5) = [5, 5, 7, 8]
reverse([1, 2, 3]) = [3, 2, 1]
index of([1, 2, 3, 2], 2) = [2, 4]
union([1, 2], [2, 3]) = [1, 2, 3]
distinct values([1, 2, 3, 2, 1]) = [1, 2, 3]
duplicate values([1, 2, 3, 2, 1]) = [2, 1]
flatten([[1, 2], [[3]], 4]) = [1, 2, 3, 4]
sort(list: [3, 1, 4, 5, 2], precedes: function(x, y) x < y) = [1, 2, 3, 4, 5]
sort(["b", "a"]) = ["a", "b"]
decimal(1/3, 2) = .33
decimal(1.5, 0) = 2
decimal(2.5, 0) = 2
decimal(1234, -2) = 1200
decimal(1/3, 2.5) = .33
number("1.2e3") = 1200
1.2E-1 = .12
not([true]) = false
distinct values([1, true, 1.0, "a", null, "a", [1], null, [1], false]) = [1, true, "a", null, [1], false]
duplicate values([1, true, 1.0, "a", null, 1, "a", null, [1]]) = [1, "a", null]
count(distinct values(for i in 1..5000 return i)) = 5000
append(list: [1], item: [2]) = [1, [2]]
concatenate(list: [1, 2]) = [1, 2]
union(list: [1, 1]) = [1]
sum(@"P1D", @"P2D") = @"P3D"
(null <= null) = true
(true >= true) = true
range("[2..)").start = 2
range("(..2)").end included = false
range("(..@\\"2026-01-01\\"]").end = @"2026-01-01"
{what if?: 1}.what if? = 1
(function(a+b) a+b)(3) = 3
floor(-1.56, 1) = -1.6
floor(1.5) = 1
ceiling(-1.56, 1) = -1.5
round up(-5.5, 0) = -6
round down(-1.126, 2) = -1.12
round half up(-1.126, 2) = -1.13
round half down(5.5, 0) = 5
abs(-10) = 10
abs(@"-PT5H") = @"PT5H"
modulo(-12, 5) = 3
modulo(12, -5) = -3
modulo(10.1, 4.5) = 1.1
modulo(-10.1, 4.5) = 3.4
sqrt(16) = 4
decimal(log(10), 11) = 2.30258509299
decimal(exp(5), 12) = 148.413159102577
odd(5) and not(odd(2)) and even(-2) and not(even(0.5))
random number() < 1
number("1 000,0", " ", ",") = number("1,000.0", ",", ".")
number("12") = 12
string(1.1) = "1.1"
string([1, "a", null, {b: @"P1D"}]) = "[1, \\"a\\", null, {b: P1D}]"
string(10 ** 20) = "100000000000000000000"
years and months duration(@"2011-12-22", @"2013-08-24") = @"P1Y8M"
years and months duration(@"2013-08-24", @"2011-12-22") = @"-P1Y8M"
day of year(date(2019, 9, 17)) = 260
day of week(date(2019, 9, 17)) = "Tuesday"
month of year(date(2019, 9, 17)) = "September"
week of year(date(2003, 12, 29)) = 1
week of year(date(2005, 1, 1)) = 53
last day of month(@"2028-02-01") = 29
get value({key1: "value1"}, "key1") = "value1"
get value({a: {b: 1}}, ["a", "b"]) = 1
get entries({key1: "value1"})[key = "key1"].value = ["value1"]
context([{key: "a", value: 1}, {key: "b", value: 2}]) = {a: 1, b: 2}
context put({x: 1, y: {a: 0}}, ["y", "a"], 2) = {x: 1, y: {a: 2}}
context put({x: 1}, "y", 2) = {x: 1, y: 2}
context merge([{x: 1, y: 0}, {y: 2}]) = {x: 1, y: 2}
is(1, 1.0)
not(is(1, "1"))
before(1, 10) and before([1..10), [10..20]) and not(before([1..10], 10))
after([11..20], [1..10])
meets([1..5], [5..10]) and met by([5..10], [1..5])
overlaps([1..5], [5..8]) and not(overlaps([1..5), [5..8]))
overlaps before([1..5], [3..8]) and overlaps after([3..8], [1..5])
finishes(10, [1..10]) and finished by([1..10], [5..10])
includes([1..10], 5) and during([4..6], [1..10])
starts(1, [1..10]) and started by([1..10], [1..5])
coincides([1..5], [1..5]) and coincides(5, 5)
includes((> 3), 5) and before((< 3), 4) and not(before((> 3), 4))
range("[1..3]") = [1..3]
range("(date(\\"2026-01-01\\")..@\\"2026-02-01\\"]") = (@"2026-01-01"..@"2026-02-01"]
"""

NULL = """
substring("abc", 0)
substring("abc", 4)
substring("abc", 1, 0)
string length(null)
string length(1)
string length("a", "b")
upper case(string: "a", extra: 1)
min([])
max(1, "a")
sum([])
sum("a")
mean([1, null])
median([])
stddev(47)
sublist([1, 2], 3)
sublist([1, 2], 1, 3)
insert before([1], 3, 2)
remove([1], 0)
list replace([1], function(a, b) "x", 2)
sort([1, "a"])
decimal(1, 6177)
decimal(1, null)
modulo(1, 0)
sqrt(-1)
log(0)
number("1,000.0", ",", ",")
number("abc")
number("1e")
1e999999999
mean(@"P1D", @"2020-01-01")
sum(@"P1D", @"2020-01-01")
sort([1, "a"], function(x, y) x < y)
sort([2, 1], function(x) true)
range("[2..]")
range("[..2]")
range("(..[2])")
true <= false
null < null
string(null)
context([{key: "a"}])
context put({}, [], 1)
context put({x: 1}, ["y", "a"], 2)
context put({x: 1}, ["x", "a"], 2)
context merge([1])
get value("a", "a")
all(0)
years and months duration(1, 2)
day of year("2026-01-01")
matches("a", "(")
matches("a", "a", "z")
replace("abc", "x*", "-")
replace("abc", "b", "$")
before([1..2], "a")
range("[1..x]")
range("[3..1]")
range("5")
"""


def lines(text):
    return [line for line in text.splitlines() if line]


@pytest.mark.parametrize("text", lines(HOLDS))
def test_the_example_holds(text):
    assert parse_expression(text).evaluate({}) is True


@pytest.mark.parametrize("text", lines(NULL))
def test_out_of_its_domain_a_function_is_null(text):
    assert parse_expression(text).evaluate({}) is None


def test_every_built_in_function_has_an_example():
    examples = HOLDS + "today() now() date( time( date and time( duration("
    assert [name for name in BUILTINS if f"{name}(" not in examples] == []


def test_a_list_of_one_stands_for_its_element_and_an_element_for_its_list():
    assert parse_expression('upper case(["a"])').evaluate({}) == "A"
    assert parse_expression("count(5)").evaluate({}) == 1


def test_arguments_may_be_named():
    text = 'substring(start position: 2, string: "abc")'
    assert parse_expression(text).evaluate({}) == "bc"


def test_a_wrong_call_says_what_was_given():
    warnings = []
    assert parse_expression('count(1, "a")').evaluate({}, warnings) is None
    assert warnings == ["count(number, string): there is no such form of the function (position 5)"]


def test_a_random_number_lies_from_0_to_1():
    found = parse_expression("random number()").evaluate({})
    assert isinstance(found, Decimal)
    assert 0 <= found < 1
