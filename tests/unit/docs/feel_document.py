"""Reads docs/feel.md: its examples, its tables, and the decision tables drawn in it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.unit.dmn.models import decision, file, table

PATH = Path(__file__).parents[3] / "docs" / "feel.md"
LINES = PATH.read_text(encoding="utf-8").splitlines()

_POLICIES = {
    "U": ("UNIQUE", ""),
    "F": ("FIRST", ""),
    "A": ("ANY", ""),
    "P": ("PRIORITY", ""),
    "O": ("OUTPUT ORDER", ""),
    "R": ("RULE ORDER", ""),
    "C": ("COLLECT", ""),
    "C+": ("COLLECT", "SUM"),
    "C<": ("COLLECT", "MIN"),
    "C>": ("COLLECT", "MAX"),
    "C#": ("COLLECT", "COUNT"),
}


@dataclass(frozen=True)
class Example:
    """``text  →  expected  // remark``.

    ``context``: the FEEL context that stands above it. ``line`` counts from 1.
    """

    line: int
    context: str
    text: str
    expected: str
    remark: str


@dataclass(frozen=True)
class Grid:
    """A markdown table; cells without the back-quotes around them."""

    line: int
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def blocks(language: str) -> Iterator[tuple[int, list[str]]]:
    """The fenced blocks of a language: the number of their first line, and their lines."""
    start = 0
    for number, line in enumerate(LINES, 1):
        if line == f"```{language}":
            start = number + 1
        elif line == "```" and start:
            yield start, LINES[start - 1 : number - 1]
            start = 0


def examples(language: str) -> list[Example]:
    """The examples in all blocks of a language; a line without an arrow is the context of those below it."""
    found = []
    for start, lines in blocks(language):
        context = "{}"
        for number, line in enumerate(lines, start):
            text, arrow, rest = line.rpartition("  →  ")
            if not arrow:
                context = line
                continue
            expected, _, remark = rest.partition("  // ")
            found.append(Example(number, context, text.strip(), expected.strip(), remark.strip()))
    return found


def grids() -> list[Grid]:
    """All markdown tables of the page."""
    found: list[Grid] = []
    rows: list[tuple[str, ...]] = []
    for number, line in enumerate([*LINES, ""], 1):
        if line.startswith("|"):
            rows.append(tuple(_bare(cell) for cell in re.split(r"\|", line.strip("|"))))
        elif rows:
            found.append(Grid(number - len(rows), rows[0], tuple(rows[2:])))
            rows = []
    return found


def grid(title: str) -> Grid:
    """The only table whose first heading is ``title``."""
    (found,) = [each for each in grids() if each.header[0] == title]
    return found


def decision_tables() -> list[tuple[Grid, bytes, list[Example]]]:
    """The decision tables: as drawn, as DMN files with the decision ``d1``, and what comes of them."""
    results = examples("feel-table")
    drawn = [each for each in grids() if each.header[0] in _POLICIES]
    ends = [each.line for each in drawn[1:]] + [len(LINES)]
    return [
        (each, _model(each), [result for result in results if each.line < result.line < end])
        for each, end in zip(drawn, ends, strict=True)
    ]


def policy_of(drawn: Grid) -> tuple[str, str]:
    """The hit policy and the aggregation of a decision table."""
    return _POLICIES[drawn.header[0]]


def _model(drawn: Grid) -> bytes:
    headings = drawn.header[1:]
    inputs = [re.fullmatch(r"(.+) \((.+)\)", each) for each in headings if not each.startswith("→ ")]
    outputs = [each.removeprefix("→ ") for each in headings if each.startswith("→ ")]
    named = {row[0]: [cell or None for cell in row[1:]] for row in drawn.rows}
    empty: Sequence[str | None] = [None] * len(headings)
    values, defaults = named.pop("nilai", empty), named.pop("bawaan", empty)
    policy, aggregation = policy_of(drawn)
    logic = table(
        [each[1] for each in inputs if each],
        outputs,
        [[cell or "" for cell in row] for row in named.values()],
        policy=policy,
        aggregation=aggregation,
        types=[each[2] for each in inputs if each],
        allowed=values[: len(inputs)],
        values=values[len(inputs) :],
        defaults=defaults[len(inputs) :],
    )
    return file(decision("d1", logic))


def _bare(cell: str) -> str:
    text = cell.strip()
    return text[1:-1] if re.fullmatch(r"`[^`]+`", text) else text
