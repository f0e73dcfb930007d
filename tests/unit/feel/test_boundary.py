"""Values on their way in and out."""

from collections import ChainMap
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

import pytest

from engine.errors import ExpressionFailed
from engine.feel import DaysTime, YearsMonths, from_json, parse_expression, to_json


def value(text, scope=None, warnings=None):
    return parse_expression(text).evaluate(scope or {}, warnings)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (Decimal(5), 5),
        (Decimal("5.00"), 5),
        (Decimal("0.1"), 0.1),
        (Decimal("0E+6000"), 0),
        (Decimal("1E+18"), 10**18),
        (Decimal("1E+30"), 1e30),
        (Decimal("1E+6000"), "1E+6000"),
        (True, True),
        (None, None),
        ("a", "a"),
        (date(2026, 3, 30), "2026-03-30"),
        (datetime(2026, 3, 30, 9, tzinfo=UTC), "2026-03-30T09:00:00Z"),
        (timedelta(hours=48), "P2D"),
        (YearsMonths(14), "P1Y2M"),
        (DaysTime(1), "PT0.000000001S"),
        ([Decimal(1), {"a": (Decimal(2),)}], [1, {"a": [2]}]),
    ],
)
def test_a_value_becomes_json(given, expected):
    found = to_json(given)
    assert found == expected
    assert type(found) is type(expected)


def test_ranges_and_functions_become_text():
    assert to_json(value('["a".."c")')) == '["a".."c")'
    assert to_json(value("(>= 2.50)")) == "[2.50..)"
    assert to_json(value("[sum]")) == ["function sum"]


def test_text_of_a_moment_can_be_read_back():
    assert from_json("2026-03-30") == date(2026, 3, 30)
    assert from_json("PT1H") == timedelta(hours=1)
    assert from_json("besok") == "besok"


def test_numbers_inside_lists_and_contexts_are_decimals():
    found = value("x", {"x": [1, 0.1, {"a": 2}]})
    assert found == [Decimal(1), Decimal("0.1"), {"a": Decimal(2)}]
    assert type(found[0]) is type(found[2]["a"]) is Decimal


def test_an_int_is_rounded_to_34_digits_and_beyond_the_range_null():
    assert value("x", {"x": 10**40 + 1}) == Decimal(10**40)
    assert value("x", {"x": 10**9999}) is None


@pytest.mark.parametrize("number", [float("nan"), float("inf"), Decimal("NaN"), Decimal("Infinity")])
def test_what_is_no_number_is_null(number):
    assert value("x", {"x": number}) is None
    assert value("x < 1", {"x": number}) is None


class Colour(StrEnum):
    RED = "red"


def test_subclasses_count_as_the_plain_type():
    assert value('x = "red"', {"x": Colour.RED}) is True


def test_any_mapping_is_a_context_and_a_scope():
    scope = ChainMap({"a": 1}, {"b": MappingProxyType({"c": (1, 2)})})
    assert value("a + b.c[2]", scope) == 3


def test_other_python_objects_are_null_with_a_warning():
    warnings = []
    assert value("x.real", {"x": object()}, warnings) is None
    assert "object" in warnings[0]
    assert value("x", {"x": 1j}) is None


def test_a_scope_is_never_changed():
    scope = {"xs": [1, {"a": 2}]}
    value("append(xs, 3)", scope)
    value('context put(xs[2], "a", 5)', scope)
    assert scope == {"xs": [1, {"a": 2}]}


def test_a_scope_that_holds_itself_is_refused():
    endless = []
    endless.append(endless)
    with pytest.raises(ExpressionFailed, match="nested"):
        value("x", {"x": endless})


def test_only_what_is_asked_for_is_turned_into_feel():
    class Watched(dict):
        seen = ()

        def __getitem__(self, key):
            self.seen = (*self.seen, key)
            return super().__getitem__(key)

    scope = Watched(a=1, b=2)
    value("a + 1", scope)
    assert scope.seen == ("a",)


def test_at_most_a_hundred_warnings_are_kept():
    warnings = []
    value("for i in 1..1000 return i + null", {}, warnings)
    assert len(warnings) == 100
