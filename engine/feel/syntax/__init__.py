"""Text to syntax tree. Knows no values: ``parse`` and ``parse_tests`` are all that others need."""

from collections.abc import Iterable

from . import forms, nodes
from .cursor import Cursor
from .expressions import expression, unary_test
from .free import free_names, weight, with_types, without_choices
from .lexer import check_length

__all__ = ["free_names", "nodes", "parse", "parse_tests", "weight", "with_types", "without_choices"]

_READERS = forms
"""Imported for what it registers with ``expressions.prefix``."""


def parse(text: str, names: Iterable[str] = ()) -> nodes.Node:
    """The tree of an expression. Raises ExpressionInvalid."""
    check_length(text)
    cursor = Cursor(text, names)
    cursor.take("=")
    found = expression(cursor)
    _end(cursor)
    return found


def parse_tests(text: str, names: Iterable[str] = ()) -> nodes.Tests:
    """The tree of unary tests (DMN 1.5, 10.3.1.2, rule 15). Raises ExpressionInvalid."""
    check_length(text)
    cursor = Cursor(text, names)
    if cursor.token.kind == "end" or (cursor.is_op("-") and cursor.after().kind == "end"):
        return nodes.Tests(0, ())
    if cursor.is_word("not") and (negated := _negated(cursor)):
        return negated
    found = _tests(cursor)
    _end(cursor)
    return nodes.Tests(0, found)


def _negated(cursor: Cursor) -> nodes.Tests | None:
    """``not(a, b)`` around everything; None if the bracket ends before the text does."""
    start = cursor.token
    cursor.advance()
    if cursor.is_op("("):
        cursor.advance()
        found = _tests(cursor)
        cursor.expect(")")
        if cursor.token.kind == "end":
            return nodes.Tests(start.at, found, negated=True)
    cursor.jump(start.at)
    return None


def _tests(cursor: Cursor) -> tuple[nodes.Test, ...]:
    found = [unary_test(cursor)]
    while cursor.take(","):
        found.append(unary_test(cursor))
    return tuple(found)


def _end(cursor: Cursor) -> None:
    if cursor.token.kind != "end":
        cursor.fail(f"the end was expected, not {cursor.describe()}")
