"""What a cell says of its input, where that can be told: comparisons with values that never change."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from engine.definitions.dmn.analysis.lines import LINES
from engine.feel import Range, UnaryTests
from engine.feel.constants import VARIES, constant
from engine.feel.syntax import nodes

ORDERED: Final = frozenset({Decimal, *LINES})
"""Kinds of values that ranges may be made of here. Texts have an order too, which no table means."""
PLAIN: Final = ORDERED | {str, bool, type(None)}


@dataclass(frozen=True)
class Simple:
    """One test. ``operator``: ``=`` or ``!=`` a value; ``in`` a range; ``never``: it has no answer at all."""

    operator: str
    value: Any = None

    @property
    def constants(self) -> Iterator[Any]:
        """The values that the input is compared with."""
        if isinstance(self.value, Range):
            yield from (end for end in (self.value.low, self.value.high) if end is not None)
        elif self.value is not None:
            yield self.value


@dataclass(frozen=True)
class Cell:
    """Tests of which one must hold; none of them, and each with an answer, where it is ``negated``."""

    tests: tuple[Simple, ...]
    negated: bool = False

    @property
    def constants(self) -> Iterator[Any]:
        for test in self.tests:
            yield from test.constants


def read_cell(tests: UnaryTests) -> Cell | None:
    """What a cell says; None for one that cannot be told (a variable, a function, ``?``, a list)."""
    found = [_read(test) for test in tests.node.tests]
    simple = tuple(test for test in found if test is not None)
    return Cell(simple, tests.node.negated) if len(simple) == len(found) else None


def _read(test: nodes.Test) -> Simple | None:
    node = test.expression
    if test.uses_input:
        return None
    if isinstance(node, nodes.OperatorTest):
        return _compared(node.operator, constant(node.operand))
    value = constant(node)
    if isinstance(node, nodes.RangeOf):
        if value is None:
            return Simple("never")
        return Simple("in", value) if isinstance(value, Range) and type(value.low) in ORDERED else None
    return Simple("=", value) if type(value) in PLAIN else None


def _compared(operator: str, value: Any) -> Simple | None:
    if value is VARIES or type(value) not in PLAIN:
        return None
    if operator in ("=", "!="):
        return Simple(operator, value)
    if value is None or isinstance(value, bool):
        return Simple("never")
    if isinstance(value, str):
        return None
    included = operator.endswith("=")
    if operator.startswith("<"):
        return Simple("in", Range(None, value, False, included))
    return Simple("in", Range(value, None, included, False))
