"""From tree to closures: ``compile_node(node, top)`` gives ``f(env) -> value``.

``top`` tells that no local names are around, so that a name is one look-up in the caller's scope.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from engine.feel.limits import NODES_A_STEP
from engine.feel.runtime import Env
from engine.feel.syntax import nodes, weight

Closure = Callable[[Env], Any]
_Compiler = Callable[[Any, bool], Closure]
_Decorated = TypeVar("_Decorated", bound=_Compiler)

_COMPILERS: dict[type[nodes.Node], _Compiler] = {}


def compiles(node_type: type[nodes.Node]) -> Callable[[_Decorated], _Decorated]:
    """Register the compiler of one kind of node."""

    def register(compiler: _Decorated) -> _Decorated:
        _COMPILERS[node_type] = compiler
        return compiler

    return register


def cost_of(node: nodes.Node) -> int:
    """The steps that doing a node once costs; what is repeated inside it costs its own besides."""
    return 1 + weight(node) // NODES_A_STEP


def compile_node(node: nodes.Node, top: bool) -> Closure:
    """The closure of a node."""
    return _COMPILERS[type(node)](node, top)
