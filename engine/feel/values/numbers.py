"""FEEL numbers: IEEE 754 decimal128, that is 34 digits (DMN 1.5, 10.3.2.3.1)."""

from collections.abc import Callable
from decimal import (
    ROUND_FLOOR,
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DecimalException,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)

CONTEXT = Context(
    prec=34,
    rounding=ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    capitals=1,
    clamp=0,
    flags=[],
    traps=[InvalidOperation, DivisionByZero, Overflow],
)
_WIDE = Context(prec=12_400, Emin=-12_400, Emax=12_400, traps=[InvalidOperation, Overflow])
"""Holds any FEEL number at any scale, for rounding."""

_LARGEST_EXACT = 10**34
_SMALLEST_SCALE, _LARGEST_SCALE = -6111, 6176


def from_int(value: int) -> Decimal | None:
    """The number nearest to a Python int; None beyond 10^6144."""
    if -_LARGEST_EXACT <= value <= _LARGEST_EXACT:
        return Decimal(value)
    if value.bit_length() > 20_500:
        return None
    return finite(Decimal(value))


def finite(value: Decimal) -> Decimal | None:
    """The number in 34 digits; None for NaN, infinity and what is too large."""
    try:
        found = CONTEXT.plus(value)
    except DecimalException:
        return None
    return found if found.is_finite() else None


def guarded(operation: Callable[..., Decimal], *operands: Decimal) -> Decimal | None:
    """The result of a decimal operation; None where it has none (1 / 0, overflow)."""
    try:
        return operation(*operands)
    except DecimalException:
        return None


def rounded(value: Decimal, scale: int, mode: str) -> Decimal | None:
    """``value`` with ``scale`` digits after the point (negative: before); None for a scale out of range."""
    if not _SMALLEST_SCALE <= scale <= _LARGEST_SCALE:
        return None
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and -exponent <= scale:
        return value
    quantum = Decimal((0, (1,), -scale))
    wide = guarded(lambda number: number.quantize(quantum, rounding=mode, context=_WIDE), value)
    return None if wide is None else guarded(CONTEXT.plus, wide)


def modulo(dividend: Decimal, divisor: Decimal) -> Decimal | None:
    """``dividend - divisor * floor(dividend / divisor)``: the sign of the divisor (DMN Table 76)."""
    if not divisor:
        return None
    remainder = guarded(CONTEXT.remainder, dividend, divisor)
    if remainder is None:
        return _wide_modulo(dividend, divisor)
    if remainder and (remainder < 0) != (divisor < 0):
        return guarded(CONTEXT.add, remainder, divisor)
    return remainder


def _wide_modulo(dividend: Decimal, divisor: Decimal) -> Decimal | None:
    quotient = guarded(_WIDE.divide, dividend, divisor)
    if quotient is None:
        return None
    whole = quotient.to_integral_value(rounding=ROUND_FLOOR, context=_WIDE)
    return guarded(lambda a, b: CONTEXT.plus(_WIDE.subtract(a, b)), dividend, _WIDE.multiply(divisor, whole))


def integer(value: Decimal) -> int | None:
    """The int of a whole number of at most 34 digits, else None."""
    if value.adjusted() > 34:
        return None
    whole = int(value)
    return whole if whole == value else None


def index(value: Decimal) -> int:
    """The whole part of a number, as a position; beyond any list for a giant one."""
    return int(value) if value.adjusted() < 18 else 10**18


def text(value: Decimal) -> str:
    """Plain decimal notation: ``1E3`` is ``1000``, ``1.50`` stays ``1.50``; nothing is just ``0``."""
    return format(value, "f") if value else "0"
