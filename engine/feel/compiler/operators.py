"""Arithmetic, comparison and three-valued logic."""

from collections.abc import Callable
from decimal import Decimal, DecimalException
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from engine.feel.limits import CHARACTERS_A_STEP, STRING, Exhausted
from engine.feel.runtime import Env
from engine.feel.syntax import nodes
from engine.feel.values.arithmetic import OPERATIONS, negate
from engine.feel.values.compare import compare
from engine.feel.values.kinds import kind

from .core import Closure, compile_node, compiles
from .names import constant

_POWER_STEPS = 20
"""A power takes as long as so many steps."""

FAST: dict[str, Callable[[Any, Any], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge, "=": eq, "!=": ne}


@compiles(nodes.Comparison)
def comparison(node: nodes.Comparison, top: bool) -> Closure:
    left, operator, at = compile_node(node.left, top), node.operator, node.at
    fast = FAST[operator]
    if isinstance(node.right, nodes.Literal):
        fixed = constant(node.right)
        if isinstance(fixed, (Decimal, str)):
            return _with_constant(left, operator, fast, fixed, at)
    right = compile_node(node.right, top)

    def general(env: Env) -> bool | None:
        first, second = left(env), right(env)
        if type(first) is Decimal and type(second) is Decimal:
            return fast(first, second)
        if type(first) is str and type(second) is str:
            env.run.step(len(first) // CHARACTERS_A_STEP)
            return fast(first, second)
        return _compare(env, operator, first, second, at)

    return general


def _with_constant(
    left: Closure, operator: str, fast: Callable[[Any, Any], bool], fixed: Decimal | str, at: int
) -> Closure:
    type_ = type(fixed)

    def quick(env: Env) -> bool | None:
        first = left(env)
        if type(first) is type_:
            return fast(first, fixed)
        return _compare(env, operator, first, fixed, at)

    return quick


def _compare(env: Env, operator: str, left: Any, right: Any, at: int) -> bool | None:
    found = compare(operator, left, right, env.run.step)
    if found is None:
        env.run.warn(f"{kind(left)} {operator} {kind(right)} has no answer", at)
    return found


@compiles(nodes.Arithmetic)
def arithmetic(node: nodes.Arithmetic, top: bool) -> Closure:
    first, at = compile_node(node.first, top), node.at
    steps = [(operator, compile_node(operand, top)) for operator, operand in node.rest]
    if len(steps) == 1:
        (operator, second) = steps[0]
        return lambda env: _operate(env, operator, first(env), second(env), at)

    def chain(env: Env) -> Any:
        value = first(env)
        for operator, operand in steps:
            value = _operate(env, operator, value, operand(env), at)
        return value

    return chain


def _operate(env: Env, operator: str, left: Any, right: Any, at: int) -> Any:
    operation = OPERATIONS[operator].get((type(left), type(right)))
    if operation is None:
        return env.run.warn(f"{kind(left)} {operator} {kind(right)} has no result", at)
    if operator == "**":
        env.run.step(_POWER_STEPS)
    if type(left) is str:
        size = len(left) + len(right)
        if size > STRING:
            raise Exhausted(f"a string is longer than {STRING} characters")
        env.run.step(size // CHARACTERS_A_STEP)
    try:
        result = operation(left, right)
    except DecimalException:
        result = None
    if result is None:
        env.run.warn(f"{kind(left)} {operator} {kind(right)} has no result that FEEL can hold", at)
    return result


@compiles(nodes.Negation)
def negation(node: nodes.Negation, top: bool) -> Closure:
    operand, at = compile_node(node.operand, top), node.at

    def negated(env: Env) -> Any:
        value = operand(env)
        result = negate(value)
        return env.run.warn(f"-{kind(value)} has no result", at) if result is None else result

    return negated


@compiles(nodes.Logic)
def logic(node: nodes.Logic, top: bool) -> Closure:
    """``and`` is false as soon as one operand is, ``or`` true; else null if one is not a boolean."""
    operands = [compile_node(operand, top) for operand in node.operands]
    decisive = node.operator == "or"

    def evaluate(env: Env) -> bool | None:
        answer: bool | None = not decisive
        for operand in operands:
            value = operand(env)
            if value is decisive:
                return bool(value)
            if type(value) is not bool:
                answer = None
        return answer

    return evaluate


@compiles(nodes.Between)
def between(node: nodes.Between, top: bool) -> Closure:
    value, low, high, at = (
        compile_node(node.value, top),
        compile_node(node.low, top),
        compile_node(node.high, top),
        node.at,
    )

    def evaluate(env: Env) -> bool | None:
        found = value(env)
        above = _compare(env, ">=", found, low(env), at)
        below = _compare(env, "<=", found, high(env), at)
        if above is False or below is False:
            return False
        return None if above is None or below is None else True

    return evaluate


@compiles(nodes.If)
def conditional(node: nodes.If, top: bool) -> Closure:
    condition, then, otherwise = (
        compile_node(part, top) for part in (node.condition, node.then, node.otherwise)
    )
    return lambda env: then(env) if condition(env) is True else otherwise(env)
