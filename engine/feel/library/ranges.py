"""Functions over ranges and points (DMN 1.5, 10.3.4.7, Allen's relations) and ``range`` (10.3.4.1).

An end is compared as a pair: its value, and a little more (excluded start) or less (excluded end).
"""

from collections.abc import Callable
from typing import Any

from engine.errors import ExpressionInvalid
from engine.feel.limits import CHARACTERS_A_STEP
from engine.feel.runtime import Run
from engine.feel.syntax import nodes, parse
from engine.feel.values.compare import order
from engine.feel.values.kinds import NAMES, Range
from engine.feel.values.numbers import finite
from engine.feel.values.temporal import Date, DateTime, DaysTime, Time, YearsMonths
from engine.feel.values.temporal_text import parse_any

from .registry import BUILTINS, builtin

_POINT = (
    "|".join(NAMES[type_] for type_ in NAMES if type_ in (Date, Time, DateTime, DaysTime, YearsMonths))
    + "|number|string"
)


class _NoOrder(Exception):
    """Ends that cannot be compared."""


def _start(value: Any) -> tuple[Any, int]:
    if not isinstance(value, Range):
        return value, 0
    return value.low, 0 if value.low_included else 1


def _end(value: Any) -> tuple[Any, int]:
    if not isinstance(value, Range):
        return value, 0
    return value.high, 0 if value.high_included else -1


def _compare(left: tuple[Any, int], right: tuple[Any, int]) -> int:
    """-1, 0, 1. A missing start lies before all values, a missing end after. Who calls has paid for it."""
    if left[0] is None or right[0] is None:
        first = 0 if left[0] is not None else -left[1]
        second = 0 if right[0] is not None else -right[1]
        return (first > second) - (first < second)
    found = order(left[0], right[0], _paid)
    if found is None:
        raise _NoOrder
    return found or (left[1] > right[1]) - (left[1] < right[1])


def _paid(cost: int) -> None:
    """A step for what has been paid."""


def _pay(run: Run, *values: Any) -> None:
    """For looking at the ends a few times."""
    for end in (end for value in values for end in (_start(value)[0], _end(value)[0])):
        if isinstance(end, str):
            run.step(len(end) // CHARACTERS_A_STEP)


Relation = Callable[[Any, Any], bool]


def _before(a: Any, b: Any) -> bool:
    return _compare(_end(a), _start(b)) < 0


def _meets(a: Any, b: Any) -> bool:
    return _end(a)[1] == 0 == _start(b)[1] and _compare(_end(a), _start(b)) == 0


def _overlaps(a: Any, b: Any) -> bool:
    return _compare(_end(a), _start(b)) >= 0 and _compare(_start(a), _end(b)) <= 0


def _overlaps_before(a: Any, b: Any) -> bool:
    starts_before = _compare(_start(a), _start(b)) < 0
    return starts_before and _compare(_end(a), _start(b)) >= 0 and _compare(_end(a), _end(b)) <= 0


def _finishes(a: Any, b: Any) -> bool:
    return _compare(_end(a), _end(b)) == 0 and _compare(_start(a), _start(b)) >= 0


def _includes(a: Any, b: Any) -> bool:
    return _compare(_start(a), _start(b)) <= 0 and _compare(_end(a), _end(b)) >= 0


def _starts(a: Any, b: Any) -> bool:
    return _compare(_start(a), _start(b)) == 0 and _compare(_end(a), _end(b)) <= 0


def _coincides(a: Any, b: Any) -> bool:
    return _compare(_start(a), _start(b)) == 0 == _compare(_end(a), _end(b))


def _flipped(relation: Relation) -> Relation:
    return lambda a, b: relation(b, a)


_POINTS = f"point1: {_POINT}, point2: {_POINT}"
_POINT_RANGE = f"point: {_POINT}, range: range"
_RANGE_POINT = f"range: range, point: {_POINT}"
_RANGES = "range1: range, range2: range"

_RELATIONS: dict[str, tuple[Relation, tuple[str, ...]]] = {
    "before": (_before, (_POINTS, _POINT_RANGE, _RANGE_POINT, _RANGES)),
    "after": (_flipped(_before), (_POINTS, _POINT_RANGE, _RANGE_POINT, _RANGES)),
    "meets": (_meets, (_RANGES,)),
    "met by": (_flipped(_meets), (_RANGES,)),
    "overlaps": (_overlaps, (_RANGES,)),
    "overlaps before": (_overlaps_before, (_RANGES,)),
    "overlaps after": (_flipped(_overlaps_before), (_RANGES,)),
    "finishes": (_finishes, (_POINT_RANGE, _RANGES)),
    "finished by": (_flipped(_finishes), (_RANGE_POINT, _RANGES)),
    "includes": (_includes, (_RANGE_POINT, _RANGES)),
    "during": (_flipped(_includes), (_POINT_RANGE, _RANGES)),
    "starts": (_starts, (_POINT_RANGE, _RANGES)),
    "started by": (_flipped(_starts), (_RANGE_POINT, _RANGES)),
    "coincides": (_coincides, (_POINTS, _RANGES)),
}


def _register(name: str, relation: Relation, signature: str) -> None:
    @builtin(name, signature)
    def implementation(run: Run, first: Any, second: Any) -> Any:
        _pay(run, first, second)
        try:
            return relation(first, second)
        except _NoOrder:
            return run.warn(f"{name}(): the values have no common order")


for _name, (_relation, _signatures) in _RELATIONS.items():
    for _signature in _signatures:
        _register(_name, _relation, _signature)


@builtin("range", "from: string")
def range_from_text(run: Run, source: str) -> Any:
    """A range of literals as text: ``[1..3]``, ``(date("2026-01-01")..@"2026-02-01"]``, ``[1..)``."""
    run.step(len(source))
    if half := _without_end(run, source.strip()):
        return half
    node = _parsed(source)
    if not isinstance(node, nodes.RangeOf):
        return run.warn("range(): the text is not a range")
    low, high = _fixed(run, node.low), _fixed(run, node.high)
    found = None if low is None or high is None else order(low, high, run.step)
    if found is None or found > 0:
        return run.warn("range(): the ends are not literals, or not in order")
    return Range(low, high, node.low_included, node.high_included)


def _parsed(source: str) -> nodes.Node | None:
    try:
        return parse(source)
    except ExpressionInvalid:
        return None


def _without_end(run: Run, source: str) -> Range | None:
    """A range without one of its ends, where it must be open (DMN 1.5, 10.3.1.2, rule 66)."""
    opening, low, separator, high, closing = source[:1], *source[1:-1].partition(".."), source[-1:]
    if not separator or opening not in ("[", "(", "]") or closing not in ("]", ")", "["):
        return None
    if high.strip() == "" and closing != "]" and (end := _literal(run, low)) is not None:
        return Range(end, None, opening == "[", False)
    if low.strip() == "" and opening != "[" and (end := _literal(run, high)) is not None:
        return Range(None, end, False, closing == "]")
    return None


def _literal(run: Run, source: str) -> Any:
    node = _parsed(source)
    end = None if node is None else _fixed(run, node)
    return None if order(end, end, run.step) is None else end


def _fixed(run: Run, node: nodes.Node) -> Any:
    """The value of a literal end; None for anything else."""
    if isinstance(node, nodes.AtLiteral):
        return parse_any(node.text)
    if isinstance(node, nodes.Literal):
        return node.value if isinstance(node.value, (str, bool)) or node.value is None else finite(node.value)
    if not isinstance(node, nodes.Call) or not isinstance(node.function, nodes.Name) or node.named:
        return None
    texts = tuple(part.value for part in node.positional if isinstance(part, nodes.Literal))
    if node.function.name not in ("date", "time", "date and time", "duration"):
        return None
    return BUILTINS[node.function.name].call(run, texts, {}) if len(texts) == len(node.positional) else None
