"""Which inputs two versions of a table answer differently."""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, Final

from engine.definitions.dmn.analysis.cells import read_cell
from engine.definitions.dmn.analysis.findings import MAX_COLUMNS, MAX_RULES
from engine.definitions.dmn.analysis.model import Difference
from engine.definitions.dmn.analysis.partition import Box, Budget, Partition, bits, mark_parts
from engine.definitions.dmn.analysis.space import Space
from engine.definitions.dmn.model import Rule, Table
from engine.feel import Expression
from engine.feel.constants import VARIES, constant

MAX_REGIONS: Final = 500
_STEPS: Final = 400_000
_UNCERTAIN: Final = -1

Answer = Callable[[dict[str, Any]], Any]


def differences(old: Table, new: Table, answer_old: Answer, answer_new: Answer) -> list[Difference]:
    """The regions of inputs whose answer changes, none of them twice; outside of them none does.

    Inputs are matched by the text of their expression; a column that one table lacks is ``-`` there.
    ``answer_old`` and ``answer_new`` evaluate the tables: values by input expressions -> an answer. An error
    is an answer too, which the caller makes a value of. Where a cell or an answer is computed, where the
    tables are too large, and beyond ``MAX_REGIONS``, a region is not ``certain``: it may hold inputs that
    keep theirs, and the last may hold what others do.
    """
    if any(len(table.rules) > MAX_RULES or len(table.inputs) > MAX_COLUMNS for table in (old, new)):
        example = {column.expression.text: None for column in (*old.inputs, *new.inputs)}
        before, after = answer_old(dict(example)), answer_new(dict(example))
        return [Difference(dict.fromkeys(example, "-"), example, before, after, certain=False)]
    return _Comparison((old, new), (answer_old, answer_new)).differences()


class _Side:
    """One of the tables: its rules as rows and, behind them, its allowed values as one more."""

    def __init__(self, table: Table, space: Space, answer: Answer) -> None:
        self.table = table
        self.answer = answer
        self.rows = [*space.rows(table), space.allowed(table)]
        columns = table.outputs
        self.frame = (
            table.hit_policy,
            table.aggregation,
            tuple((c.name, _text(c.allowed), _text(c.order), _text(c.default)) for c in columns),
        )
        self.contents = [(row, self._outputs(number)) for number, row in enumerate(self.rows)]
        self.fixed = [self._is_fixed(number) for number in range(len(self.rows))]

    def _rule(self, number: int) -> Rule | None:
        return self.table.rules[number] if number < len(self.table.rules) else None

    def _outputs(self, number: int) -> tuple[str, ...] | None:
        rule = self._rule(number)
        return None if rule is None else tuple(_text(cell) for cell in rule.outputs)

    def _is_fixed(self, number: int) -> bool:
        """Whether it can be told when a rule holds, and what it says."""
        rule = self._rule(number)
        return not self.rows[number].opaque and (rule is None or all(map(_is_constant, rule.outputs)))

    @cached_property
    def is_fixed(self) -> bool:
        """Whether what stands around the rules is the same for all inputs."""
        columns = self.table.outputs
        return all(
            _is_constant(c.order) and _is_constant(c.default) and (c.allowed is None or read_cell(c.allowed))
            for c in columns
        )


class _Comparison:
    def __init__(self, tables: tuple[Table, Table], answers: tuple[Answer, Answer]) -> None:
        self.space = Space(tables, bounded=False)
        self.sides = [_Side(t, self.space, a) for t, a in zip(tables, answers, strict=True)]
        self.first = len(self.sides[0].rows)
        """The rows of the old table come first."""
        boxes = [row.box for side in self.sides for row in side.rows]
        self.partition = Partition(boxes, self.space.domain, Budget(_STEPS))
        self.fixed = [fixed for side in self.sides for fixed in side.fixed]
        self.changes: list[tuple[Any, Any]] = []
        self._numbers: dict[str, int] = {}
        self._marks: dict[int, object] = {}
        self._keys: dict[int, list[Any]] = {}

    def differences(self) -> list[Difference]:
        """All regions; where they are too many, the last is everything."""
        whole = self.space.domain
        regions, root = mark_parts(self.partition, self._settle)
        found: list[Difference] = []
        for box, mark in regions.boxes(root):
            if len(found) == MAX_REGIONS:
                return [*found, self._difference(whole, _UNCERTAIN)]
            found.append(self._difference(box, mark))
        return found

    def _difference(self, box: Box, mark: Any) -> Difference:
        example = self.space.example(box)
        is_certain = mark != _UNCERTAIN
        before, after = self.changes[mark] if is_certain else [s.answer(example) for s in self.sides]
        return Difference(self.space.texts(box, self.space.domain), example, before, after, is_certain)

    def _settle(self, depth: int, over: int, chosen: Box) -> tuple[bool, object]:
        self.partition.budget.spend(over.bit_count())
        if self._is_alike(depth, over):
            return True, None
        if self.partition.budget.is_spent:
            return True, _UNCERTAIN
        is_last = depth == len(self.partition.order)
        if is_last and over not in self._marks:
            self._marks[over] = self._change(over, chosen)
        return is_last, self._marks.get(over)

    def _is_alike(self, depth: int, over: int) -> bool:
        """Whether both tables have the same rules over a part, in the same order."""
        old, new = self.sides
        if old.frame != new.frame:
            return False
        keys = self._keys_at(depth)
        here = [keys[number] for number in bits(over & (1 << self.first) - 1)]
        return here == [keys[number] for number in bits(over >> self.first << self.first)]

    def _keys_at(self, depth: int) -> list[Any]:
        """For each row a number that tells what of it matters from a depth on."""
        if depth not in self._keys:
            axes, known = self.partition.order[depth:], dict[Any, int]()
            contents = [content for side in self.sides for content in side.contents]
            boxes = zip(self.partition.boxes, contents, strict=True)
            keys = [(tuple(box[a] for a in axes), row.opaque, outputs) for box, (row, outputs) in boxes]
            self._keys[depth] = [known.setdefault(key, len(known)) for key in keys]
        return self._keys[depth]

    def _change(self, over: int, chosen: Box) -> object:
        """The mark of a part that no cell cuts any more: None if the answer stays."""
        box = list(self.space.domain)
        for axis, values in zip(self.partition.order, chosen, strict=True):
            box[axis] = values
        is_sampled = all(mask & axis.sampled for mask, axis in zip(box, self.space.axes, strict=True))
        is_fixed = all(side.is_fixed for side in self.sides) and all(self.fixed[row] for row in bits(over))
        if not is_sampled or not is_fixed:
            return _UNCERTAIN
        example = self.space.example(tuple(box))
        before, after = (side.answer(example) for side in self.sides)
        if _is_same(before, after):
            return None
        number = self._numbers.setdefault(repr((before, after)), len(self.changes))
        if number == len(self.changes):
            self.changes.append((before, after))
        return number


def _text(part: Any) -> str:
    return "" if part is None else str(part.text)


def _is_constant(cell: Expression | None) -> bool:
    return cell is None or constant(cell.node) is not VARIES


def _is_same(one: Any, other: Any) -> bool:
    if isinstance(one, Sequence) and not isinstance(one, str) and type(one) is type(other):
        return len(one) == len(other) and all(map(_is_same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_is_same(one[key], other[key]) for key in one)
    return type(one) is type(other) and bool(one == other)
