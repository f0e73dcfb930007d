"""Conditions as form-js reads them: FEEL unary tests on no value (``evaluateUnaryTest``, 1.23).

That differs from an expression in one point that shows: a condition that is null, as ``umur >= 12`` is while
``umur`` is empty, holds, because null equals no value. Within ``not(...)`` around the whole it does not.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from engine.feel import Expression, parse_expression


@dataclass(frozen=True)
class Condition:
    """``conditional.hide`` or ``readonly`` of a component."""

    expression: Expression
    negated: bool

    def holds(self, names: Mapping[str, Any]) -> bool:
        """Whether form-js would hide the component (make it readonly). Raises ExpressionFailed."""
        value = self.expression.evaluate(names)
        return (value is None or value is True or (isinstance(value, list) and None in value)) != self.negated


@lru_cache(maxsize=4096)
def parse_condition(text: str) -> Condition:
    """The condition in a text that begins with ``=``. Raises ExpressionInvalid."""
    inner = _inside_not(text.removeprefix("=").strip())
    return Condition(parse_expression(text if inner is None else inner), inner is not None)


def _inside_not(text: str) -> str | None:
    """What stands between the brackets of a ``not(...)`` that is the whole text; None for any other text."""
    head, bracket, body = text.partition("(")
    if head.strip() != "not" or not bracket:
        return None
    depth, quoted, escaped = 1, False, False
    for position, sign in enumerate(body):
        if quoted:
            quoted, escaped = escaped or sign != '"', sign == "\\" and not escaped
        elif sign == '"':
            quoted = True
        elif sign in "()":
            depth += 1 if sign == "(" else -1
            if depth == 0:
                return body[:position] if position == len(body) - 1 else None
    return None
