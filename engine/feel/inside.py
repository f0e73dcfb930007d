"""What DMN builds on: the parts of FEEL out of which a larger evaluation is made (boxed expressions, tables).

Values are FEEL values throughout; ``lift`` and ``export`` stand at the ends of the whole evaluation. A larger
evaluation has one ``Run``, and so one budget and one list of warnings for all of its texts.
"""

from collections.abc import Mapping
from typing import Any

from .boundary import export, lift
from .compiler import Closure, TestClosure, compile_node, compile_tests
from .compiler.collections import Bound, filtering, iterating
from .compiler.core import cost_of
from .compiler.functions import defining
from .expression import Expression, UnaryTests
from .library import BUILTINS
from .library.text import text
from .limits import Exhausted
from .runtime import Env, Run, Source
from .syntax import with_types
from .syntax.nodes import TypeRef
from .values.compare import equal, order
from .values.kinds import NAMES, TYPES, Function, kind
from .values.temporal import Date, DateTime, DaysTime, Time, YearsMonths
from .values.temporal_text import parse_any
from .values.types import admitted, conforms, convert

__all__ = [
    "BUILTINS",
    "NAMES",
    "TYPES",
    "Bound",
    "Closure",
    "Date",
    "DateTime",
    "DaysTime",
    "Env",
    "Exhausted",
    "Function",
    "Run",
    "Source",
    "TestClosure",
    "Time",
    "TypeRef",
    "YearsMonths",
    "admitted",
    "closure_of",
    "conforms",
    "convert",
    "cost_of",
    "defining",
    "equal",
    "export",
    "filtering",
    "iterating",
    "kind",
    "lift",
    "order",
    "parse_any",
    "tests_of",
    "text_of",
]


def closure_of(expression: Expression, types: Mapping[str, TypeRef]) -> Closure:
    """What evaluates a parsed expression in an environment; ``types``: those that its model defines."""
    return compile_node(with_types(expression.node, types) if types else expression.node, False)


def tests_of(tests: UnaryTests, types: Mapping[str, TypeRef]) -> TestClosure:
    """What evaluates parsed unary tests: ``f(env, value) -> bool | None``; ``types`` as in closure_of."""
    return compile_tests(with_types(tests.node, types) if types else tests.node, False)


def text_of(value: Any) -> str:
    """A FEEL value as FEEL writes it; texts in it are quoted."""
    return text(value, Run(None).step, 1)
