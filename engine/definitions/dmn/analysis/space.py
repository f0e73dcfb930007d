"""The inputs of tables as axes, their rules as boxes in the space between them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

from engine.definitions.dmn.analysis.axes import KINDS, Axis, make_axis
from engine.definitions.dmn.analysis.cells import Cell, read_cell
from engine.definitions.dmn.analysis.partition import Box, bits, common
from engine.definitions.dmn.analysis.texts import text_of
from engine.definitions.dmn.model import Input, Table
from engine.feel import UnaryTests
from engine.feel.boundary import export
from engine.feel.syntax import nodes
from engine.feel.values.properties import PROPERTIES

_PROPERTIES: Final = frozenset(name for properties in PROPERTIES.values() for name in properties)
"""Names behind a dot that may be computed from a date or a duration."""


@dataclass(frozen=True)
class Row:
    """A rule as a box.

    ``opaque``: (axis, text) of the cells that cannot be told. They leave their axis whole.
    """

    box: Box
    opaque: frozenset[tuple[int, str]] = frozenset()


class Space:
    """The axes of one table, or of two that are compared: an axis for each input expression.

    ``computed``: variables that cannot have just any value, such as the results of other decisions.
    ``bounded``: whether the allowed values bound the domain, and types that are not the same.
    """

    def __init__(
        self, tables: Sequence[Table], computed: frozenset[str] = frozenset(), *, bounded: bool = True
    ) -> None:
        self._bounded = bounded
        columns: dict[str, list[Input]] = {}
        for table in tables:
            for column in table.inputs:
                columns.setdefault(column.expression.text, []).append(column)
        paths = {text: _path(found[0], computed) for text, found in columns.items()}
        tied = {
            text
            for (one, path), (two, other) in combinations(paths.items(), 2)
            if path and other and path[: len(other)] == other[: len(path)]
            for text in (one, two)
        }
        self._read: dict[str, Cell | None] = {}
        self._masks: dict[tuple[int, str], int | None] = {}
        cells: dict[str, list[Cell]] = {text: [] for text in columns}
        for table in tables:
            for rule in table.rules:
                for column, condition in zip(table.inputs, rule.conditions, strict=True):
                    if condition is not None and (cell := self._cell(condition)):
                        cells[column.expression.text].append(cell)
        self.axes = tuple(
            self._axis(text, found, cells[text], free=paths[text] is not None and text not in tied)
            for text, found in columns.items()
        )
        self._numbers = {axis.text: number for number, axis in enumerate(self.axes)}

    def _axis(self, text: str, columns: list[Input], cells: list[Cell], *, free: bool) -> Axis:
        bounds = [self._cell(column.allowed) for column in columns if column.allowed is not None]
        known = [bound for bound in bounds if bound is not None]
        types = {column.type_ref for column in columns}
        if not self._bounded:
            declared = types if len({KINDS.get(name) for name in types}) == 1 else ()
            return make_axis(text, declared, [*cells, *known], (), free=free)
        return make_axis(text, types, cells, known, free=free and len(known) == len(bounds))

    def _cell(self, tests: UnaryTests) -> Cell | None:
        if tests.text not in self._read:
            self._read[tests.text] = read_cell(tests)
        return self._read[tests.text]

    @property
    def domain(self) -> Box:
        """All values that the inputs may have by their types and allowed values, null among them."""
        return tuple(axis.domain for axis in self.axes)

    def rows(self, table: Table) -> list[Row]:
        """The rules of a table. A column that it lacks holds whatever comes."""
        return [self.row(table.inputs, rule.conditions) for rule in table.rules]

    def allowed(self, table: Table) -> Row:
        """The inputs that a table takes: null, and what is among the allowed values."""
        columns = [column for column in table.inputs if column.allowed]
        row = self.row(columns, [column.allowed for column in columns])
        return Row(tuple(m | a.null for m, a in zip(row.box, self.axes, strict=True)), row.opaque)

    def row(self, columns: Iterable[Input], conditions: Iterable[UnaryTests | None]) -> Row:
        box, opaque = list(self.domain), set[tuple[int, str]]()
        for column, condition in zip(columns, conditions, strict=True):
            if condition is None:
                continue
            number = self._numbers[column.expression.text]
            mask = self._mask(number, condition)
            if mask is None:
                opaque.add((number, condition.text))
            else:
                box[number] = common(mask, box[number])
        return Row(tuple(box), frozenset(opaque))

    def _mask(self, number: int, condition: UnaryTests) -> int | None:
        key = (number, condition.text)
        if key not in self._masks:
            cell = self._cell(condition)
            self._masks[key] = None if cell is None else self.axes[number].mask(cell)
        return self._masks[key]

    def texts(self, box: Box, within: Box) -> Mapping[str, str]:
        """A box as FEEL, by the text of the input expression."""
        found = zip(self.axes, box, within, strict=True)
        return {axis.text: text_of(axis, mask, all_) for axis, mask, all_ in found}

    def example(self, box: Box) -> dict[str, Any]:
        """A value of each axis in a box, by the text of the input expression, as FEEL gives it to Python."""
        return {axis.text: _sample(axis, mask) for axis, mask in zip(self.axes, box, strict=True)}


def _sample(axis: Axis, mask: int) -> Any:
    """A value of a set that can be named, null only where there is no other."""
    for bit in bits(mask & axis.sampled):
        return export(axis.pieces[bit].sample, lambda _: None)
    return None


def _path(column: Input, computed: frozenset[str]) -> tuple[str, ...] | None:
    """The variable that an input is, with the names behind its dots; None for anything else."""
    node, names = column.expression.node, list[str]()
    while isinstance(node, nodes.Path):
        if node.name in _PROPERTIES:
            return None
        names.insert(0, node.name)
        node = node.base
    is_variable = isinstance(node, nodes.Name) and node.name not in computed
    return (node.name, *names) if is_variable else None  # type: ignore[attr-defined]
