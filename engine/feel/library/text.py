"""FEEL values as FEEL text (the ``string`` function, DMN Table 72)."""

from decimal import Decimal
from typing import Any

from engine.feel import limits
from engine.feel.limits import Exhausted, Step
from engine.feel.values.kinds import size, text_of_end
from engine.feel.values.numbers import text as number_text


def text(value: Any, step: Step, depth: int = 0) -> str:
    """What ``string(value)`` gives; strings inside lists and contexts are quoted. Raises Exhausted."""
    step(1)
    if isinstance(value, str):
        step(len(value) // limits.CHARACTERS_A_STEP)
        return value if not depth else text_of_end(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    if isinstance(value, Decimal):
        step(size(value) // limits.CHARACTERS_A_STEP)
        return number_text(value)
    if depth > limits.NESTING:
        raise Exhausted(f"a value is nested deeper than {limits.NESTING} levels")
    if isinstance(value, list):
        return "[" + ", ".join(text(item, step, depth + 1) for item in value) + "]"
    if isinstance(value, dict):
        step(sum(map(len, value)) // limits.CHARACTERS_A_STEP)
        return (
            "{"
            + ", ".join(f"{_key(key)}: {text(item, step, depth + 1)}" for key, item in value.items())
            + "}"
        )
    step(size(value) // limits.CHARACTERS_A_STEP)
    return str(value)


def _key(key: str) -> str:
    return key if key.replace(" ", "").isalnum() else text_of_end(key)
