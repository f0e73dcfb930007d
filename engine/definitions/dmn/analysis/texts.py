"""Sets of values as FEEL writes them in a cell."""

from datetime import date, time, timedelta
from typing import Any

from engine.definitions.dmn.analysis.axes import Axis, Piece
from engine.feel import Range, to_json
from engine.feel.values.kinds import NAMES, text_of_end


def text_of(axis: Axis, mask: int, within: int) -> str:
    """The text of a set: ``[12..17)``, ``"berat"``, ``not("ringan")``; ``-`` for all there is.

    ``within``: the values that come into question. The text says nothing of others.
    """
    mask &= within
    if mask == within:
        return "-"
    if mask == within & ~axis.null:
        return "not(null)"
    is_mixed = len(axis.starts) + bool(axis.strangers) > 1
    if not is_mixed and mask & _rest(axis):
        return f"not({', '.join(_singles(axis, within & ~mask))})"
    found = [text for kind in axis.starts for text in _texts(axis, kind, mask, is_mixed=is_mixed)]
    if mask & axis.strangers:
        known = " or ".join(f"? instance of {NAMES[kind]}" for kind in axis.starts)
        found.append(f"? != null and not({known})")
    return ", ".join([*found, "null"] if mask & axis.null else found)


def value_text(value: Any) -> str:
    """A value, FEEL's or Python's, as a cell holds it."""
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, date | time | timedelta):
        return f'@"{to_json(value)}"'
    return text_of_end(value)


def _rest(axis: Axis) -> int:
    """All texts that no cell names."""
    return sum(1 << bit for bit, piece in enumerate(axis.pieces) if piece.kind is str and not piece.single)


def _singles(axis: Axis, mask: int) -> list[str]:
    pieces = (piece for bit, piece in enumerate(axis.pieces) if mask >> bit & 1)
    return [value_text(piece.low) for piece in pieces if piece.single]


def _texts(axis: Axis, kind: type, mask: int, *, is_mixed: bool) -> list[str]:
    """What a set has of one kind."""
    here = mask & axis.span(kind)
    if is_mixed and here == axis.span(kind):
        return [f"? instance of {NAMES[kind]}"]
    if kind is str or kind is bool:
        if here & _rest(axis):
            named = ", ".join(_singles(axis, axis.span(kind) & ~mask))
            return [f"? instance of string and not(? in ({named}))"]
        return _singles(axis, here)
    texts = []
    for first, end in _runs(axis, kind, here):
        low, high = axis.pieces[first], axis.pieces[end - 1]
        texts.append(value_text(low.low) if low is high and low.single else _range(low, high))
    return texts


def _runs(axis: Axis, kind: type, mask: int) -> list[tuple[int, int]]:
    """Pieces side by side, as (first, end)."""
    runs: list[tuple[int, int]] = []
    for bit in range(*axis.starts[kind]):
        if mask >> bit & 1:
            if runs and runs[-1][1] == bit:
                runs[-1] = (runs[-1][0], bit + 1)
            else:
                runs.append((bit, bit + 1))
    return runs


def _range(low: Piece, high: Piece) -> str:
    if low.low is None and high.high is None:
        return f"? instance of {NAMES[type(low.sample)]}"
    if low.low is None:
        return f"{'<=' if high.single else '<'} {value_text(high.high)}"
    if high.high is None:
        return f"{'>=' if low.single else '>'} {value_text(low.low)}"
    return str(Range(low.low, high.high, low.single, high.single))
