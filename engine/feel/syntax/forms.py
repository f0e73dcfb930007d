"""What starts with a keyword or a bracket: ``if``, ``for``, ``some``, functions, lists, contexts, ranges."""

import re

from . import nodes
from .cursor import Cursor
from .expressions import expression, prefix, unary_test
from .lexer import Token
from .types import type_reference

_BEFORE_IN = re.compile(r"\s*([^\s,\[\](){}\"]+(?:\s+[^\s,\[\](){}\"]+)*?)\s+in\b")
_RANGE_START = ("<", "<=", ">", ">=", "=")


@prefix("if")
def _if(cursor: Cursor, start: Token) -> nodes.Node:
    condition = expression(cursor)
    cursor.expect("then")
    then = expression(cursor)
    cursor.expect("else")
    return nodes.If(start.at, condition, then, expression(cursor))


@prefix("for")
def _for(cursor: Cursor, start: Token) -> nodes.Node:
    iterators = _iterators(cursor)
    cursor.expect("return")
    return nodes.For(start.at, iterators, expression(cursor))


@prefix("some", "every")
def _quantified(cursor: Cursor, start: Token) -> nodes.Node:
    iterators = _iterators(cursor)
    cursor.expect("satisfies")
    return nodes.Quantified(start.at, start.text, iterators, expression(cursor))


def _iterators(cursor: Cursor) -> tuple[nodes.Iterator, ...]:
    depth, found = cursor.depth, [_iterator(cursor)]
    while cursor.take(","):
        cursor.enter()
        found.append(_iterator(cursor))
    cursor.depth = depth
    return tuple(found)


def _iterator(cursor: Cursor) -> nodes.Iterator:
    match = _BEFORE_IN.match(cursor.text, cursor.token.at)
    if match is None or cursor.token.kind not in ("word", "name"):
        cursor.fail(f"'name in list' was expected, not {cursor.describe()}")
    name = " ".join(match[1].split())
    cursor.jump(match.end(1))
    cursor.expect("in")
    source = expression(cursor)
    end = expression(cursor) if cursor.take("..") else None
    cursor.know(name)
    return nodes.Iterator(name, source, end)


@prefix("function")
def _function(cursor: Cursor, start: Token) -> nodes.Node:
    cursor.expect("(")
    parameters: list[tuple[str, nodes.TypeRef | None]] = []
    while not cursor.is_op(")"):
        if parameters:
            cursor.expect(",")
        parameters.append(_parameter(cursor))
    cursor.expect(")")
    for name, _ in parameters:
        cursor.know(name)
    if cursor.is_word("external") and cursor.after().text == "{":
        cursor.fail("external functions (Java, PMML) are not supported")
    return nodes.FunctionOf(start.at, tuple(parameters), expression(cursor))


def _parameter(cursor: Cursor) -> tuple[str, nodes.TypeRef | None]:
    if label := cursor.lexer.label(cursor.token.at):
        cursor.jump(label.end)
        cursor.expect(":")
        return label.text, type_reference(cursor)
    if name := cursor.lexer.parameter(cursor.token.at):
        cursor.jump(name.end)
        return name.text, None
    return cursor.name(), None


@prefix("(")
def _bracketed(cursor: Cursor, start: Token) -> nodes.Node:
    """A bracketed expression, a range that starts open, or ``(< 5)``, a range without one end."""
    ranges = cursor.ranges
    if cursor.is_op(*_RANGE_START):
        found = unary_test(cursor).expression
    else:
        cursor.ranges = 0
        found = expression(cursor)
        cursor.ranges = ranges
        if cursor.is_op(".."):
            return _range(cursor, start, found)
    cursor.expect(")")
    return found


@prefix("]")
def _open_range(cursor: Cursor, start: Token) -> nodes.Node:
    return _range(cursor, start, expression(cursor))


@prefix("[")
def _list(cursor: Cursor, start: Token) -> nodes.Node:
    ranges, cursor.ranges = cursor.ranges, 0
    items: list[nodes.Node] = []
    while not cursor.is_op("]"):
        if items:
            cursor.expect(",")
        items.append(_item(cursor))
        if len(items) == 1 and cursor.is_op(".."):
            cursor.ranges = ranges
            return _range(cursor, start, items[0])
    cursor.ranges = ranges
    cursor.expect("]")
    return nodes.ListOf(start.at, tuple(items))


def _item(cursor: Cursor) -> nodes.Node:
    """A list may hold unary tests (``x in [< 5, > 10]``)."""
    return unary_test(cursor).expression if cursor.is_op(*_RANGE_START, "!=") else expression(cursor)


def _range(cursor: Cursor, start: Token, low: nodes.Node) -> nodes.Node:
    cursor.expect("..")
    cursor.ranges += 1
    high = expression(cursor)
    cursor.ranges -= 1
    if not cursor.is_op("]", ")", "["):
        cursor.fail(f"']', ')' or '[' was expected at the end of the range, not {cursor.describe()}")
    end = cursor.advance()
    return nodes.RangeOf(start.at, low, high, start.text == "[", end.text == "]")


@prefix("{")
def _context(cursor: Cursor, start: Token) -> nodes.Node:
    ranges, cursor.ranges = cursor.ranges, 0
    entries: list[tuple[str, nodes.Node]] = []
    while not cursor.is_op("}"):
        if entries:
            cursor.expect(",")
        key = _key(cursor)
        cursor.expect(":")
        entries.append((key, expression(cursor)))
        cursor.know(key)
    cursor.expect("}")
    cursor.ranges = ranges
    return nodes.Context(start.at, tuple(entries))


def _key(cursor: Cursor) -> str:
    if cursor.token.kind == "string":
        return cursor.advance().text
    label = cursor.lexer.label(cursor.token.at)
    if label is None:
        cursor.fail(f"a key and ':' were expected, not {cursor.describe()}")
    cursor.jump(label.end)
    return label.text
