"""Gaps, overlaps and rules that never speak, in one table."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from engine.definitions.dmn.analysis.model import Analysis, Gap, Overlap, Unreachable
from engine.definitions.dmn.analysis.partition import (
    Box,
    Budget,
    Partition,
    first_somewhere,
    mark_parts,
)
from engine.definitions.dmn.analysis.space import Row, Space
from engine.definitions.dmn.model import HitPolicy, Rule, Table
from engine.feel import Expression
from engine.feel.constants import VARIES, constant
from engine.feel.values.compare import equal

MAX_NAMED: Final = 5
"""Gaps and overlaps of a table that are told one by one."""
MAX_RULES: Final = 3_000
MAX_COLUMNS: Final = 100
STEPS: Final = 600_000
"""For one table. Neither gaps nor overlaps nor rules that never speak may take more than half of them."""
_READING: Final = 5
"""Steps that reading a cell takes."""
_PAIRS_A_STEP: Final = 10

_SINGLE: Final = (HitPolicy.UNIQUE, HitPolicy.ANY, HitPolicy.FIRST, HitPolicy.PRIORITY)
"""Policies with one answer. Where rules add up to a list, an empty one is an answer too, and no gap."""


def analyse(table: Table, computed: frozenset[str] = frozenset(), budget: Budget | None = None) -> Analysis:
    """What is wrong with a table by its own logic. It reports nothing that is not so.

    ``computed``: names of variables that cannot have just any value, such as the results of other decisions.
    ``budget``: for several tables together. Takes about a second at most; a table that needs longer is
    ``too_large``. A table without rules has no findings.
    """
    shared = budget or Budget(STEPS)
    is_small = len(table.rules) <= MAX_RULES and len(table.inputs) <= MAX_COLUMNS
    if not is_small or not shared.spend(len(table.rules) * len(table.inputs) * _READING):
        return Analysis(too_large=True)
    if not table.rules:
        return Analysis()
    space = Space([table], computed)
    rows = space.rows(table)
    gaps, more_gaps, gaps_end = _gaps(table, space, rows, Budget(STEPS // 2, shared))
    overlaps, more_overlaps, overlaps_end = _overlaps(table, space, rows, Budget(STEPS // 2, shared))
    unreachable, reach_ends = _unreachable(table, space, rows, Budget(STEPS // 2, shared))
    return Analysis(
        gaps=gaps,
        overlaps=overlaps,
        unreachable=unreachable,
        more_gaps=more_gaps,
        more_overlaps=more_overlaps,
        too_large=not (gaps_end and overlaps_end and reach_ends),
    )


def _gaps(
    table: Table, space: Space, rows: Sequence[Row], budget: Budget
) -> tuple[tuple[Gap, ...], int, bool]:
    """(gaps, how many more, whether that is all). Null is no gap: it stands for an input that is missing."""
    if table.hit_policy not in _SINGLE or any(column.default for column in table.outputs):
        return (), 0, True
    whole = tuple(axis.domain & axis.sampled & ~axis.null & ~axis.strangers for axis in space.axes)
    boxes = [_at_most(space, row, whole) for row in rows]
    partition = Partition(boxes, whole, budget)

    def settle(depth: int, over: int, _: Box) -> tuple[bool, object]:
        if over & partition.covering[depth] or (over and budget.is_spent):
            return True, None
        return not over, "gap"

    regions, root = mark_parts(partition, settle) if all(whole) else (None, None)
    if regions is None:
        return (), 0, True
    found = []
    for box, _ in regions.boxes(root):
        found.append(Gap(space.texts(box, whole), space.example(box)))
        if len(found) == MAX_NAMED:
            break
    return tuple(found), regions.count(root) - len(found), not budget.is_spent


def _at_most(space: Space, row: Row, whole: Box) -> Box:
    """All inputs for which a rule may speak: of inputs that are not free nobody knows the values."""
    if not all(row.box):
        return row.box
    axes = zip(space.axes, row.box, whole, strict=True)
    return tuple(mask if axis.free else all_ for axis, mask, all_ in axes)


def _at_least(space: Space, row: Row) -> Box | None:
    """Inputs for which a rule speaks and that there are for certain; None if there may be none."""
    axes = list(zip(space.axes, row.box, strict=True))
    if row.opaque or any(not axis.free and mask != axis.domain for axis, mask in axes):
        return None
    box = tuple(mask & axis.sampled for axis, mask in axes)
    return box if all(box) else None


def _overlaps(
    table: Table, space: Space, rows: Sequence[Row], budget: Budget
) -> tuple[tuple[Overlap, ...], int, bool]:
    """(overlaps, how many more, whether that is all)."""
    if table.hit_policy not in (HitPolicy.UNIQUE, HitPolicy.ANY):
        return (), 0, True
    answers = [_answer(rule) for rule in table.rules] if table.hit_policy is HitPolicy.ANY else []
    found: list[Overlap] = []
    count = 0
    boxes = {number: box for number, row in enumerate(rows) if (box := _at_least(space, row))}
    for one, meeting in _meeting(boxes, budget):
        others = meeting
        if answers:
            if not budget.spend(len(meeting)):
                break
            others = [other for other in meeting if _disagree(answers[one], answers[other])]
        count += len(others)
        for other in others[: MAX_NAMED - len(found)]:
            box = tuple(a & b for a, b in zip(boxes[one], boxes[other], strict=True))
            ids = (table.rules[one].id, table.rules[other].id)
            found.append(Overlap(space.texts(box, space.domain), space.example(box), ids))
    return tuple(found), count - len(found), not budget.is_spent


def _meeting(boxes: dict[int, Box], budget: Budget) -> Iterator[tuple[int, list[int]]]:
    """Each box with the later ones that it has a part in common with."""
    numbers = list(boxes)
    for place, one in enumerate(numbers, 1):
        others = numbers[place:]
        for axis, mask in enumerate(boxes[one]):
            if not budget.spend(len(others) // _PAIRS_A_STEP + 1):
                return
            others = [number for number in others if boxes[number][axis] & mask]
        yield one, others


def _unreachable(
    table: Table, space: Space, rows: Sequence[Row], budget: Budget
) -> tuple[tuple[Unreachable, ...], bool]:
    """(rules that never speak, whether that is all)."""
    found: dict[int, Unreachable] = {}
    for number, row in enumerate(rows):
        if not all(row.box):
            empty = next(axis.text for axis, mask in zip(space.axes, row.box, strict=True) if not mask)
            found[number] = Unreachable(table.rules[number].id, _cells(table, number), empty=empty)
    order = [number for number in _speaking_order(table) if number not in found]
    seen, is_all = _first(space, [rows[number] for number in order], budget)
    for place, number in enumerate(order):
        if not seen >> place & 1:
            before = [other for other in order[:place] if _meet(rows[other].box, rows[number].box)]
            by = tuple(table.rules[other].id for other in sorted(before)[:MAX_NAMED])
            found[number] = Unreachable(table.rules[number].id, _cells(table, number), by)
    return tuple(found[number] for number in sorted(found)), is_all


def _cells(table: Table, number: int) -> dict[str, str]:
    conditions = zip(table.inputs, table.rules[number].conditions, strict=True)
    return {column.expression.text: "-" if cell is None else cell.text for column, cell in conditions}


def _meet(one: Box, other: Box) -> bool:
    return all(a & b for a, b in zip(one, other, strict=True))


def _first(space: Space, rows: Sequence[Row], budget: Budget) -> tuple[int, bool]:
    """(the rules that are the first to hold somewhere, whether that is known to the end).

    What cannot be told of cells is one more axis: which of their texts hold. If a rule is first anywhere, it
    is so where no others hold than its own, for each that holds besides can only put more rules before it.
    """
    worlds = list(dict.fromkeys(row.opaque for row in rows))
    if not budget.spend(len(worlds) ** 2 // _PAIRS_A_STEP):
        return (1 << len(rows)) - 1, False
    held = {o: sum(1 << bit for bit, world in enumerate(worlds) if o <= world) for o in worlds}
    boxes = [(*row.box, held[row.opaque]) for row in rows]
    partition = Partition(boxes, (*space.domain, (1 << len(worlds)) - 1), budget)
    return first_somewhere(partition), not budget.is_spent


def _speaking_order(table: Table) -> list[int]:
    """Numbers of rules, those that are heard first before the others; only rules of which that is known."""
    if table.hit_policy is HitPolicy.FIRST:
        return list(range(len(table.rules)))
    if table.hit_policy is not HitPolicy.PRIORITY:
        return []
    orders = [_value(column.order) for column in table.outputs]
    if any(order is VARIES for order in orders):
        return []
    answers = {number: _answer(rule) for number, rule in enumerate(table.rules)}
    ranks = {
        number: [_rank(value, order or []) for value, order in zip(answer, orders, strict=True)]
        for number, answer in answers.items()
        if answer is not None
    }
    return sorted(ranks, key=lambda number: (ranks[number], number))


def _rank(value: Any, order: list[Any]) -> int:
    places = (place for place, listed in enumerate(order) if equal(listed, value, lambda _: None) is True)
    return next(places, len(order) + 1)


def _value(expression: Expression | None) -> Any:
    return None if expression is None else constant(expression.node)


def _answer(rule: Rule) -> list[Any] | None:
    """The outputs of a rule as FEEL values; None if one of them is computed."""
    values = [_value(cell) for cell in rule.outputs]
    return None if VARIES in values else values


def _disagree(one: list[Any] | None, other: list[Any] | None) -> bool:
    """Whether two answers are known not to be equal."""
    if one is None or other is None:
        return False
    return any(equal(a, b, lambda _: None) is not True for a, b in zip(one, other, strict=True))
