"""Operators, postfixes and their precedence (DMN 1.5, 10.3.1.2): a Pratt parser.

Levels, from loose to tight: ``or``; ``and``; comparisons, ``between`` and ``in``; ``+ -``; ``* /``; ``**``;
sign; ``instance of``; path, filter, invocation.
"""

from collections.abc import Callable
from decimal import Decimal

from . import nodes
from .cursor import Cursor
from .lexer import Token
from .names import KEYWORDS
from .types import type_reference

OR, AND, COMPARISON, SUM, PRODUCT, POWER, SIGN, INSTANCE = range(1, 9)

_OPERATORS = {
    **dict.fromkeys(("=", "!=", "<", "<=", ">", ">="), COMPARISON),
    **dict.fromkeys(("+", "-"), SUM),
    **dict.fromkeys(("*", "/"), PRODUCT),
    "**": POWER,
}
_WORDS = {"or": OR, "and": AND, "between": COMPARISON, "in": COMPARISON}
_CONSTANTS = {"true": True, "false": False, "null": None}

Reader = Callable[[Cursor, Token], nodes.Node]
PREFIXES: dict[str, Reader] = {}
"""What starts with a keyword or bracket, filled by the modules that read it."""


def prefix(*starts: str) -> Callable[[Reader], Reader]:
    """Register the reader of what starts with one of ``starts``; it is called past that token."""

    def register(reader: Reader) -> Reader:
        PREFIXES.update(dict.fromkeys(starts, reader))
        return reader

    return register


def expression(cursor: Cursor, level: int = 0) -> nodes.Node:
    """Read an expression whose operators bind tighter than ``level``. Raises ExpressionInvalid."""
    depth = cursor.depth
    cursor.enter()
    node = _postfixed(cursor, _primary(cursor))
    while (found := _infix_level(cursor)) > level:
        cursor.enter()
        node = _infix(cursor, node, found)
    cursor.depth = depth
    return node


def _primary(cursor: Cursor) -> nodes.Node:
    token = cursor.token
    if reader := _TOKENS.get(token.kind):
        return reader(cursor, token)
    if token.kind in ("word", "op") and (found := PREFIXES.get(token.text)):
        return found(cursor, cursor.advance())
    if token.kind != "word" or token.text in KEYWORDS:
        cursor.fail(f"an expression was expected, not {cursor.describe()}")
    return nodes.Name(token.at, cursor.name())


_TOKENS: dict[str, Reader] = {
    "number": lambda cursor, token: nodes.Literal(cursor.advance().at, Decimal(token.text)),
    "string": lambda cursor, token: nodes.Literal(cursor.advance().at, token.text),
    "at": lambda cursor, token: nodes.AtLiteral(cursor.advance().at, token.text),
    "name": lambda cursor, token: nodes.Name(token.at, cursor.name()),
}


@prefix("true", "false", "null")
def _constant(cursor: Cursor, start: Token) -> nodes.Node:
    return nodes.Literal(start.at, _CONSTANTS[start.text])


@prefix("?")
def _input(cursor: Cursor, start: Token) -> nodes.Node:
    cursor.inputs += 1
    return nodes.Name(start.at, "?")


@prefix("-")
def _sign(cursor: Cursor, start: Token) -> nodes.Node:
    operand = expression(cursor, POWER)
    if isinstance(operand, nodes.Literal) and isinstance(operand.value, Decimal):
        return nodes.Literal(start.at, operand.value.copy_negate())
    return nodes.Negation(start.at, operand)


def _infix_level(cursor: Cursor) -> int:
    token = cursor.token
    if token.kind == "op":
        return _OPERATORS.get(token.text, 0)
    if token.kind == "word":
        return INSTANCE if cursor.is_instance_of() else _WORDS.get(token.text, 0)
    return 0


def _infix(cursor: Cursor, left: nodes.Node, level: int) -> nodes.Node:
    at = cursor.token.at
    if level in (OR, AND):
        return _logic(cursor, left, level)
    if level in (SUM, PRODUCT, POWER):
        return _arithmetic(cursor, left, level)
    operator = cursor.advance().text
    if level == INSTANCE:
        cursor.expect("of")
        return nodes.InstanceOf(at, left, type_reference(cursor))
    if operator == "between":
        low = expression(cursor, COMPARISON)
        cursor.expect("and")
        return nodes.Between(at, left, low, expression(cursor, COMPARISON))
    if operator == "in":
        return nodes.In(at, left, _tests_after_in(cursor))
    return nodes.Comparison(at, operator, left, expression(cursor, COMPARISON))


def _logic(cursor: Cursor, left: nodes.Node, level: int) -> nodes.Node:
    at, operator, operands = cursor.token.at, cursor.token.text, [left]
    while cursor.take(operator):
        operands.append(expression(cursor, level))
    return nodes.Logic(at, operator, tuple(operands))


def _arithmetic(cursor: Cursor, left: nodes.Node, level: int) -> nodes.Node:
    at, rest = cursor.token.at, []
    while _infix_level(cursor) == level:
        operator = cursor.advance().text
        rest.append((operator, expression(cursor, level)))
    return nodes.Arithmetic(at, left, tuple(rest))


def _tests_after_in(cursor: Cursor) -> nodes.Tests:
    """``in`` takes one test, or several in round brackets: ``x in (< 5, [10..20])``."""
    at = cursor.token.at
    if not cursor.is_op("("):
        return nodes.Tests(at, (unary_test(cursor, COMPARISON),))
    start = cursor.token
    cursor.advance()
    first = unary_test(cursor)
    if cursor.is_op(".."):
        cursor.jump(start.at)
        return nodes.Tests(at, (unary_test(cursor, COMPARISON),))
    found = [first]
    while cursor.take(","):
        found.append(unary_test(cursor))
    cursor.expect(")")
    return nodes.Tests(at, tuple(found))


def unary_test(cursor: Cursor, level: int = 0) -> nodes.Test:
    """Read one unary test: ``< 12``, a range, a value, or an expression over ``?``."""
    at, before = cursor.token.at, cursor.inputs
    if cursor.is_op("<", "<=", ">", ">=", "=", "!="):
        operator = cursor.advance().text
        operand = nodes.OperatorTest(at, operator, expression(cursor, COMPARISON))
        return nodes.Test(at, operand, False)
    found = expression(cursor, level)
    return nodes.Test(at, found, cursor.inputs > before)


def _postfixed(cursor: Cursor, node: nodes.Node) -> nodes.Node:
    while cursor.token.kind == "op":
        if cursor.is_op("."):
            node = _path(cursor, node)
        elif cursor.is_op("[") and not _closes_range(cursor):
            node = _filter(cursor, node)
        elif cursor.is_op("("):
            node = _call(cursor, node)
        else:
            break
        cursor.enter()
    return node


def _path(cursor: Cursor, base: nodes.Node) -> nodes.Node:
    at = cursor.advance().at
    if cursor.token.kind == "word" and cursor.token.text in KEYWORDS:
        return nodes.Path(at, base, cursor.advance().text)
    return nodes.Path(at, base, cursor.name())


def _closes_range(cursor: Cursor) -> bool:
    """Whether ``[`` ends a range, as in ``[1..5[``: no expression follows it."""
    if not cursor.ranges:
        return False
    following = cursor.after()
    if following.kind == "word":
        return following.text in ("and", "or", "then", "else", "return", "satisfies", "in", "instance")
    return following.kind == "end" or (
        following.kind == "op" and following.text not in ("(", "[", "{", "-", "<", "<=", ">", ">=")
    )


def _filter(cursor: Cursor, base: nodes.Node) -> nodes.Node:
    at = cursor.advance().at
    ranges, cursor.ranges = cursor.ranges, 0
    condition = expression(cursor)
    cursor.ranges = ranges
    cursor.expect("]")
    return nodes.Filter(at, base, condition)


def _call(cursor: Cursor, function: nodes.Node) -> nodes.Node:
    at = cursor.advance().at
    ranges, cursor.ranges = cursor.ranges, 0
    positional: list[nodes.Node] = []
    named: list[tuple[str, nodes.Node]] = []
    while not cursor.is_op(")"):
        if positional or named:
            cursor.expect(",")
        if label := cursor.lexer.label(cursor.token.at):
            cursor.jump(label.end)
            cursor.expect(":")
            named.append((label.text, expression(cursor)))
        else:
            positional.append(expression(cursor))
    if positional and named:
        cursor.fail("arguments are either all named or all positional", at)
    cursor.ranges = ranges
    cursor.expect(")")
    return nodes.Call(at, function, tuple(positional), tuple(named))
