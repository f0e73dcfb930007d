"""Unary tests and ``in`` (DMN 1.5, 10.3.2.15 and Table 55): ``f(env, value) -> bool | None``."""

from collections.abc import Callable
from decimal import Decimal
from operator import le, lt
from typing import Any

from engine.feel.runtime import Env
from engine.feel.syntax import nodes
from engine.feel.values.compare import compare, matches, order
from engine.feel.values.kinds import Range

from .core import Closure, compile_node, compiles
from .names import constant
from .operators import FAST

_FIXED = (nodes.Literal, nodes.AtLiteral)

TestClosure = Callable[[Env, Any], bool | None]


def compile_tests(node: nodes.Tests, top: bool) -> TestClosure:
    """True if one of the tests holds (none, when negated); no tests at all hold for everything."""
    tests = [_compile_test(test, top) for test in node.tests]
    if not tests:
        return lambda env, value: True
    if len(tests) == 1 and not node.negated:
        return tests[0]
    negated = node.negated

    def evaluate(env: Env, value: Any) -> bool | None:
        answer: bool | None = False
        for test in tests:
            found = test(env, value)
            if found is True:
                return not negated
            if found is None:
                answer = None
        return not answer if negated and answer is not None else answer

    return evaluate


def _compile_test(test: nodes.Test, top: bool) -> TestClosure:
    node = test.expression
    if test.uses_input:
        return _over_input(compile_node(node, False))
    if isinstance(node, nodes.OperatorTest):
        return _comparing(node.operator, compile_node(node.operand, top), node.operand)
    expected = compile_node(node, top)
    if isinstance(node, nodes.Literal):
        return _comparing("=", expected, node)
    if isinstance(node, nodes.RangeOf):
        within = _within(expected, isinstance(node.low, _FIXED) and isinstance(node.high, _FIXED))
        return _between_numbers(node, within) or within

    return _equal_or_true(expected)


def _equal_or_true(expected: Closure) -> TestClosure:
    """Whether the input is the value, or among its elements; or whether a condition without ``?`` is true.

    DMN 1.5, 8.1: an input entry is satisfied as well where its expression is true.
    """

    def evaluate(env: Env, value: Any) -> bool | None:
        found = expected(env)
        if found is True and type(value) is not bool:
            return True
        return matches(value, found, env.run.step)

    return evaluate


def _comparing(operator: str, operand: Closure, node: nodes.Node) -> TestClosure:
    """The input compared; at once, if what it is compared with is a number or text in the cell."""
    if not isinstance(node, nodes.Literal) or isinstance(node.value, bool) or node.value is None:
        return lambda env, value: compare(operator, value, operand(env), env.run.step)
    fixed, fast = constant(node), FAST[operator]
    type_ = type(fixed)

    def quick(env: Env, value: Any) -> bool | None:
        return fast(value, fixed) if type(value) is type_ else compare(operator, value, fixed, env.run.step)

    return quick


def _within(range_: Closure, fixed: bool) -> TestClosure:
    """Whether the input lies in a range. One of literals is made once, at the first use."""
    made: list[Any] = []

    def evaluate(env: Env, value: Any) -> bool | None:
        found = made[0] if made else range_(env)
        if fixed and not made:
            made.append(found)
        return None if found is None else matches(value, found, env.run.step)

    return evaluate


def _between_numbers(node: nodes.RangeOf, otherwise: TestClosure) -> TestClosure | None:
    """A number compared with both ends at once, if these are numbers in order; other inputs as ever."""
    if not isinstance(node.low, nodes.Literal) or not isinstance(node.high, nodes.Literal):
        return None
    low, high = constant(node.low), constant(node.high)
    if type(low) is not Decimal or type(high) is not Decimal or low > high:
        return None
    above, below = (le if node.low_included else lt), (le if node.high_included else lt)

    def quick(env: Env, value: Any) -> bool | None:
        if type(value) is Decimal:
            return bool(above(low, value) and below(value, high))
        return otherwise(env, value)

    return quick


def _over_input(closure: Closure) -> TestClosure:
    def evaluate(env: Env, value: Any) -> bool | None:
        found = closure(Env({"?": value}, env, env.run))
        if found is True or found is False:
            return bool(found)
        return None if found is None else matches(value, found, env.run.step)

    return evaluate


@compiles(nodes.In)
def in_(node: nodes.In, top: bool) -> Closure:
    value, tests = compile_node(node.value, top), compile_tests(node.tests, top)
    return lambda env: tests(env, value(env))


@compiles(nodes.OperatorTest)
def operator_test(node: nodes.OperatorTest, top: bool) -> Closure:
    """``(< 5)`` as a value: a range without one end. ``(!= 5)`` is no range."""
    operand, operator, at = compile_node(node.operand, top), node.operator, node.at

    def evaluate(env: Env) -> Any:
        end = operand(env)
        if order(end, end, env.run.step) is None or operator == "!=":
            return env.run.warn(f"'{operator}' makes no range of this", at)
        if operator == "=":
            return Range(end, end)
        if operator.startswith("<"):
            return Range(None, end, False, operator == "<=")
        return Range(end, None, operator == ">=", False)

    return evaluate


@compiles(nodes.RangeOf)
def range_of(node: nodes.RangeOf, top: bool) -> Closure:
    low, high, at = compile_node(node.low, top), compile_node(node.high, top), node.at
    low_included, high_included = node.low_included, node.high_included

    def evaluate(env: Env) -> Any:
        start, end = low(env), high(env)
        if order(start, end, env.run.step) not in (-1, 0):
            return env.run.warn("the ends of a range have no common order, or the wrong one", at)
        return Range(start, end, low_included, high_included)

    return evaluate
