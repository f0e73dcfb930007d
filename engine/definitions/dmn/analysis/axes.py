"""One input of a table: its values, cut where a cell makes a difference.

A set of values is an int, a bit for each piece. Whatever a cell says, it says of a whole piece: of a value
that it is compared with, of all those between two of them, of all other texts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final

from engine.definitions.dmn.analysis.cells import ORDERED, Cell, Simple
from engine.definitions.dmn.analysis.lines import LINES, NOTHING, UNKNOWN, WHOLE, number_between
from engine.feel import Date, DateTime, DaysTime, Range, Time, YearsMonths

_COUNTED: Final = frozenset({"integer", "long"})
KINDS: Final[Mapping[str, type]] = MappingProxyType(
    {
        **dict.fromkeys(("number", "double", "integer", "long"), Decimal),
        "string": str,
        "boolean": bool,
        "date": Date,
        "time": Time,
        **dict.fromkeys(("dateTime", "date and time"), DateTime),
        **dict.fromkeys(("dayTimeDuration", "days and time duration"), DaysTime),
        **dict.fromkeys(("yearMonthDuration", "years and months duration"), YearsMonths),
    }
)
"""The kind of values of a declared type."""
_OTHERS: Final = (Decimal(0), "", True, Date(2000, 1, 1), YearsMonths(0))


@dataclass(frozen=True)
class Piece:
    """Values that no cell tells apart.

    ``kind``: their type; None for those of kinds that no cell speaks of. A single value is both ends;
    otherwise they lie between the ends (None: no such end). ``sample``: one of them; UNKNOWN if none can be
    named.
    """

    kind: type | None
    low: Any = None
    high: Any = None
    single: bool = False
    sample: Any = UNKNOWN


@dataclass(frozen=True)
class Axis:
    """An input expression and its pieces: the kinds one after another in their order, then what is of no
    such kind, then null.

    ``domain``: the pieces that the declared type and the allowed values leave, with null. ``free``: whether
    an input may really have every one of those values, whatever the others have.
    """

    text: str
    pieces: tuple[Piece, ...]
    domain: int
    free: bool
    starts: Mapping[type, tuple[int, int]] = field(repr=False)
    places: Mapping[tuple[type, Any], int] = field(repr=False)

    @property
    def null(self) -> int:
        """Null alone."""
        return 1 << (len(self.pieces) - 1)

    @cached_property
    def sampled(self) -> int:
        """The pieces of which a value can be named."""
        return sum(1 << bit for bit, piece in enumerate(self.pieces) if piece.sample is not UNKNOWN)

    @cached_property
    def strangers(self) -> int:
        """Values of kinds that no cell speaks of, if there are others."""
        unknown = sum(1 << bit for bit, piece in enumerate(self.pieces) if piece.kind is None)
        return unknown if len(self.pieces) > 2 else 0

    def mask(self, cell: Cell) -> int | None:
        """The set of values for which a cell holds, in the domain; None if it cannot be told."""
        yes = silent = 0
        for test in cell.tests:
            found = self._test(test)
            if found is None:
                return None
            yes, silent = yes | found[0], silent | found[1]
        whole = (1 << len(self.pieces)) - 1
        return (whole & ~yes & ~silent if cell.negated else yes) & self.domain

    def _test(self, test: Simple) -> tuple[int, int] | None:
        """(values for which it holds, values for which it has no answer), as DMN's Table 55 and FEEL's
        equality have it: null equals nothing but null, and other kinds have no answer."""
        whole = (1 << len(self.pieces)) - 1
        if test.operator == "never":
            return 0, whole
        if test.value is None:
            return (self.null, 0) if test.operator == "=" else (whole & ~self.null, 0)
        kind = type(next(test.constants))
        alike = self.span(kind)
        if alike and any((kind, key_of(value)) not in self.places for value in test.constants):
            return None  # zones that cannot be compared
        if isinstance(test.value, Range):
            return (self._range(kind, test.value) if alike else 0), whole & ~alike
        point = 1 << self.places[kind, key_of(test.value)] if alike else 0
        strange = whole & ~alike & ~self.null
        return (point, strange) if test.operator == "=" else (alike & ~point | self.null, strange)

    def span(self, kind: type) -> int:
        """All values of a kind."""
        first, end = self.starts.get(kind, (0, 0))
        return (1 << end) - (1 << first)

    def _range(self, kind: type, range_: Range) -> int:
        first, end = self.starts[kind]
        if range_.low is not None:
            first = self.places[kind, key_of(range_.low)] + (not range_.low_included)
        if range_.high is not None:
            end = self.places[kind, key_of(range_.high)] + range_.high_included
        return (1 << end) - (1 << first) if first < end else 0


def key_of(value: Any) -> Any:
    """What tells values of one kind apart, in their order."""
    line = LINES.get(type(value))
    return value if line is None else line.number(value)


def make_axis(
    text: str, types: Iterable[str], cells: Iterable[Cell], allowed: Iterable[Cell], *, free: bool
) -> Axis:
    """The axis of an input.

    ``types``: declared by the columns that have it. ``cells``: what can be told of their cells. ``allowed``:
    their allowed values, each of which bounds the domain.
    """
    declared, allowed = set(types), list(allowed)
    constants = [value for cell in (*cells, *allowed) for value in cell.constants]
    kinds, is_open = _kinds(declared, {type(value) for value in constants})
    counted = declared <= _COUNTED and bool(declared)
    pieces: list[Piece] = []
    starts: dict[type, tuple[int, int]] = {}
    for kind in sorted(kinds, key=lambda kind: kind.__name__):
        found = _pieces(kind, [value for value in constants if type(value) is kind], counted)
        starts[kind] = (len(pieces), len(pieces) + len(found))
        pieces += found
    if is_open:
        sample = next(value for value in _OTHERS if type(value) not in kinds)
        pieces.append(Piece(None, sample=sample))
    pieces.append(Piece(type(None), single=True, sample=None))
    places = {
        (piece.kind, key_of(piece.low)): bit
        for bit, piece in enumerate(pieces)
        if piece.single and piece.kind not in (None, type(None))
    }
    whole = Axis(text, tuple(pieces), (1 << len(pieces)) - 1, free, starts, places)
    domain = whole.domain
    for cell in allowed:
        bound = whole.mask(cell)
        if bound is None:
            free = False
        else:
            domain &= bound | whole.null
    return Axis(text, whole.pieces, domain, free, starts, whole.places)


def _kinds(declared: set[str], found: set[type]) -> tuple[set[type], bool]:
    """(kinds of an input's values, whether it may have others too).

    Where no cell holds a value of the declared type, the declaration is taken for a slip: modelers write
    "string" where nobody chose a type, and the engine does not insist on it.
    """
    if not declared or not declared <= KINDS.keys():
        return found, True
    wanted = {KINDS[name] for name in declared}
    if "date" in declared and DateTime in found:  # Camunda's dates have a time
        wanted = wanted | {DateTime} if Date in found else wanted - {Date} | {DateTime}
    return (wanted, False) if not found or wanted & found else (found, True)


def _pieces(kind: type, constants: list[Any], counted: bool) -> list[Piece]:
    if kind is bool:
        return [Piece(bool, value, value, True, value) for value in (False, True)]
    values = list({key_of(value): value for value in constants}.values())
    if kind is str:
        points = [Piece(str, value, value, True, value) for value in values]
        return [*points, Piece(str, sample=_other_text(set(values)))]
    if kind not in ORDERED:
        return []
    if kind is DateTime or kind is Time:
        values = _alike(kind, values)
    counted = counted and all(
        value.adjusted() < 34 and value == value.to_integral_value() for value in values
    )
    return _between(kind, sorted(values, key=key_of), counted)


def _alike(kind: type, values: list[Any]) -> list[Any]:
    """The values if clocks without a zone agree with instants about their order, else none of them."""
    zones = {value.time.zone if kind is DateTime else value.zone for value in values}
    zone = next(iter(zones), None)
    is_fixed = zone is None or (kind is DateTime and zone.offset is not None)
    return values if len(zones) < 2 and is_fixed else []


def _between(kind: type, values: list[Any], counted: bool) -> list[Piece]:
    """Values in their order with what lies between them."""
    pieces: list[Piece] = []
    for low, high in zip([None, *values], [*values, None], strict=True):
        if low is not None:
            pieces.append(Piece(kind, low, low, True, low))
        found = _sample(kind, low, high, counted)
        if found is not NOTHING:
            pieces.append(Piece(kind, low, high, sample=found))
    return pieces


def _sample(kind: type, low: Any, high: Any, counted: bool) -> Any:
    if kind is Decimal:
        return WHOLE.between(low, high, None) if counted else number_between(low, high)
    some = low if low is not None else high
    return LINES[kind].between(low, high, some.time.zone if isinstance(some, DateTime) else None)


def _other_text(known: set[str]) -> str:
    text = "lain"
    while text in known:
        text += "_"
    return text
