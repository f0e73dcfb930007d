"""Sets of values as FEEL writes them in a cell."""

from typing import Any

from engine.definitions.dmn.analysis.axes import Axis, Piece
from engine.feel import Range
from engine.feel.values.kinds import text_of_end


def text_of(axis: Axis, mask: int, within: int) -> str:
    """The text of a set: ``[12..17)``, ``"berat"``, ``not("ringan")``; ``-`` for all there is.

    ``within``: the values that come into question. The text says nothing of others.
    """
    mask &= within
    if mask == within:
        return "-"
    found: list[str] = []
    for first, end in _runs(axis, mask, within):
        found += _text_of_run(axis, first, end)
    if mask & axis.strangers and len(found) == 0:
        return _without(axis, within & ~mask)
    texts = [piece for piece in axis.pieces if piece.kind is str and not piece.single]
    if texts and mask & (1 << axis.pieces.index(texts[0])):
        left_out = _without(axis, axis.span(str) & within & ~mask | within & ~mask & axis.null)
        return ", ".join([left_out, *found])
    if mask == within & ~axis.null:
        return "not(null)"
    if mask & axis.null:
        found.append("null")
    return ", ".join(found)


def value_text(value: Any) -> str:
    """A value as a cell holds it."""
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    return text_of_end(value)


def _without(axis: Axis, mask: int) -> str:
    """Everything but some single values."""
    named = [piece for bit, piece in enumerate(axis.pieces) if mask >> bit & 1 and piece.single]
    return f"not({', '.join(value_text(piece.low) for piece in named)})" if named else "-"


def _runs(axis: Axis, mask: int, within: int) -> list[tuple[int, int]]:
    """Pieces of one kind side by side, as (first, end); texts and null stand alone."""
    runs: list[tuple[int, int]] = []
    for kind, (first, end) in axis.starts.items():
        begin = None
        for bit in range(first, end):
            if not mask >> bit & 1:
                begin = None
            elif begin is None or kind in (str, bool):
                runs.append((bit, bit + 1))
                begin = bit
            else:
                runs[-1] = (begin, bit + 1)
    return runs


def _text_of_run(axis: Axis, first: int, end: int) -> list[str]:
    low, high = axis.pieces[first], axis.pieces[end - 1]
    if end - first == 1 and low.single:
        return [value_text(low.low)]
    if low.kind is str:
        return []
    return [_range(low, high)]


def _range(low: Piece, high: Piece) -> str:
    if low.low is None and high.high is None:
        return "not(null)"
    if low.low is None:
        return f"{'<=' if high.single else '<'} {value_text(high.high)}"
    if high.high is None:
        return f"{'>=' if low.single else '>'} {value_text(low.low)}"
    return str(Range(low.low, high.high, low.single, high.single))
