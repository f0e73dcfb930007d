"""What is found in a table, and between two."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Region:
    """A part of all inputs.

    ``columns``: by the text of the input expression, its values as a cell of FEEL would hold them, ``-`` for
    any. ``example``: one value for each, which really lies there (numbers are Decimal).
    """

    columns: Mapping[str, str]
    example: Mapping[str, Any]


@dataclass(frozen=True)
class Gap(Region):
    """Inputs for which no rule speaks, and no default does."""


@dataclass(frozen=True)
class Overlap(Region):
    """Inputs for which two rules speak that must not. ``rules``: their ids, in the order of the table."""

    rules: tuple[str, str]


@dataclass(frozen=True)
class Unreachable:
    """A rule that never speaks.

    ``columns``: its cells. ``by``: ids of rules that speak in its place; none where its own cells hold for
    nothing, then ``empty`` is the input expression of such a cell.
    """

    rule: str
    columns: Mapping[str, str]
    by: tuple[str, ...] = ()
    empty: str = ""


@dataclass(frozen=True)
class Analysis:
    """What is found in a table.

    ``more_gaps``, ``more_overlaps``: how many there are besides those named. ``too_large``: the table was not
    looked at to the end; what is found holds, and there may be more.
    """

    gaps: tuple[Gap, ...] = ()
    overlaps: tuple[Overlap, ...] = ()
    unreachable: tuple[Unreachable, ...] = ()
    more_gaps: int = 0
    more_overlaps: int = 0
    too_large: bool = False


@dataclass(frozen=True)
class Difference(Region):
    """Inputs that two versions of a table may answer differently.

    ``before``, ``after``: their answers to the example. ``certain``: every input of the region changes its
    answer in this way. Otherwise it could not be told: a cell or an answer is computed, or the tables are too
    large.
    """

    before: Any
    after: Any
    certain: bool
