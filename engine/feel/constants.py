"""What an expression is worth, where it is always the same."""

from typing import Any, Final

from .compiler import compile_node
from .limits import Exhausted
from .runtime import Env, Run
from .syntax import nodes

VARIES: Final = object()
"""Stands for the value of an expression that depends on something."""

_FUNCTIONS: Final = frozenset(
    {"date", "time", "date and time", "duration", "years and months duration", "number", "string"}
)


def constant(node: nodes.Node) -> Any:
    """The FEEL value of an expression of literals and of functions that make values of them, else VARIES.

    Null is a value: ``date("2026-02-30")`` is always null.
    """
    if isinstance(node, nodes.Literal) and isinstance(node.value, str | bool | None):
        return node.value
    if not _is_constant(node):
        return VARIES
    run = Run(None)
    try:
        return compile_node(node, True)(Env({}, None, run))
    except (Exhausted, RecursionError):
        return VARIES
    finally:
        run.close()


def _is_constant(part: object) -> bool:
    if isinstance(part, nodes.Literal | nodes.AtLiteral):
        return True
    if isinstance(part, nodes.Call):
        called = part.function
        is_known = isinstance(called, nodes.Name) and called.name in _FUNCTIONS
        return is_known and all(map(_is_constant, (*part.positional, *(n for _, n in part.named))))
    if isinstance(part, nodes.Negation):
        return _is_constant(part.operand)
    if isinstance(part, nodes.Arithmetic):
        return _is_constant(part.first) and all(_is_constant(operand) for _, operand in part.rest)
    if isinstance(part, nodes.RangeOf):
        return _is_constant(part.low) and _is_constant(part.high)
    if isinstance(part, nodes.ListOf):
        return all(map(_is_constant, part.items))
    return isinstance(part, nodes.Context) and all(_is_constant(entry) for _, entry in part.entries)
