"""Numeric functions (DMN 1.5, 10.3.4.5)."""

from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
)
from random import SystemRandom
from typing import Any

from engine.feel.runtime import Run
from engine.feel.values.numbers import CONTEXT, guarded, integer, modulo, rounded
from engine.feel.values.temporal import DaysTime, YearsMonths

from .registry import builtin

_RANDOM = SystemRandom()
_SLOW = 50
"""Steps that a logarithm or exponential costs."""


_LARGEST_SCALE = 10_000
"""Beyond it a scale is out of range whatever it is."""


def _round(run: Run, name: str, value: Decimal, scale: Decimal, mode: str) -> Any:
    """``decimal`` takes the whole part of its scale, as all engines do; the others want it whole."""
    digits = int(scale) if name == "decimal" and abs(scale) < _LARGEST_SCALE else integer(scale)
    found = None if digits is None else rounded(value, digits, mode)
    return run.warn(f"{name}(): the scale is out of range") if found is None else found


def _register_rounding(name: str, mode: str, optional: bool) -> None:
    @builtin(name, f"n: number, scale{'?' * optional}: number")
    def implementation(run: Run, value: Decimal, scale: Decimal | None = None) -> Any:
        return _round(run, name, value, Decimal(0) if scale is None else scale, mode)


for _name, _mode, _optional in (
    ("decimal", ROUND_HALF_EVEN, False),
    ("floor", ROUND_FLOOR, True),
    ("ceiling", ROUND_CEILING, True),
    ("round up", ROUND_UP, False),
    ("round down", ROUND_DOWN, False),
    ("round half up", ROUND_HALF_UP, False),
    ("round half down", ROUND_HALF_DOWN, False),
):
    _register_rounding(_name, _mode, _optional)


@builtin("abs", "n: number|days and time duration|years and months duration")
def absolute(run: Run, value: Any) -> Any:
    if isinstance(value, Decimal):
        return value.copy_abs()
    return DaysTime(abs(value.nanos)) if isinstance(value, DaysTime) else YearsMonths(abs(value.months))


@builtin("modulo", "dividend: number, divisor: number")
def modulo_(run: Run, dividend: Decimal, divisor: Decimal) -> Any:
    found = modulo(dividend, divisor)
    return run.warn("modulo(): there is no result") if found is None else found


@builtin("sqrt", "number: number")
def square_root(run: Run, value: Decimal) -> Any:
    return guarded(CONTEXT.sqrt, value) if value >= 0 else run.warn("sqrt() of a negative number")


@builtin("log", "number: number")
def logarithm(run: Run, value: Decimal) -> Any:
    run.step(_SLOW)
    return guarded(CONTEXT.ln, value) if value > 0 else run.warn("log() of a number that is not positive")


@builtin("exp", "number: number")
def exponential(run: Run, value: Decimal) -> Any:
    run.step(_SLOW)
    return guarded(CONTEXT.exp, value)


@builtin("odd", "number: number")
def odd(run: Run, value: Decimal) -> Any:
    remainder = guarded(CONTEXT.remainder, value, Decimal(2))
    return None if remainder is None else abs(remainder) == 1


@builtin("even", "number: number")
def even(run: Run, value: Decimal) -> Any:
    remainder = guarded(CONTEXT.remainder, value, Decimal(2))
    return None if remainder is None else remainder == 0


@builtin("random number", "")
def random_number(run: Run) -> Any:
    return Decimal(_RANDOM.randrange(10**16)).scaleb(-16)
