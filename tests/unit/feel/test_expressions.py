"""What FEEL expressions give, as an analyst writes them."""

from decimal import Decimal

import pytest

from engine.errors import ExpressionInvalid
from engine.feel import parse_expression, parse_unary_tests


def value(text, scope=None):
    return parse_expression(text).evaluate(scope or {})


def test_a_leading_equals_sign_makes_no_difference():
    assert value("= 1 + 2") == value("1 + 2") == 3


def test_a_name_of_several_words_is_one_name():
    assert value("Monthly Salary * 12", {"Monthly Salary": 100}) == 1200


def test_an_unknown_name_is_null_with_a_warning():
    warnings = []
    assert parse_expression("umur").evaluate({}, warnings) is None
    assert "'umur'" in warnings[0]


def test_numbers_are_decimal():
    assert value("0.1 + 0.2") == Decimal("0.3")
    assert value("x + 0.2", {"x": 0.1}) == Decimal("0.3")


def test_a_syntax_error_says_where():
    with pytest.raises(ExpressionInvalid) as error:
        parse_expression("1 + * 2")
    assert error.value.position == 4


def test_a_cell_of_a_table_is_a_list_of_tests():
    assert parse_unary_tests('"ringan","sedang"').matches("sedang", {})
    assert not parse_unary_tests("not([12..17])").matches(15, {})
    assert parse_unary_tests("-").matches(None, {})
