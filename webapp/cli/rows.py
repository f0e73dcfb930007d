"""Rows of values for ``titian decide``: JSON and CSV files in, CSV out."""

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from engine.definitions.dmn import DecisionInput

_BOOLEANS = {"true": True, "ya": True, "yes": True, "false": False, "tidak": False, "no": False}
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""With these a spreadsheet begins to compute (OWASP, CSV injection); the last four are the wide ones."""


@dataclass(frozen=True)
class Rows:
    """``rows``: a dict of JSON values each. ``is_list``: the file holds many, not one object.

    ``delimiter``: of the CSV file that they come from, "" for JSON.
    """

    rows: Sequence[Mapping[str, Any]]
    is_list: bool = True
    delimiter: str = ""


def read_rows(path: Path, inputs: Iterable[DecisionInput]) -> Rows:
    """The rows of a .json or .csv file; ``inputs`` tell the types of a CSV file's cells.

    Raises ClickException that says where the file is wrong.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{path} is not UTF-8: {error.reason} at byte {error.start}") from error
    if path.suffix.lower() == ".csv":
        return _read_csv(text, path, {found.name: found.type for found in inputs})
    if path.suffix.lower() == ".json":
        return _read_json(text, path)
    raise click.ClickException(f"{path} is neither .json nor .csv")


def _read_json(text: str, path: Path) -> Rows:
    try:
        found = json.loads(text)
    except ValueError as error:
        raise click.ClickException(f"{path} is no JSON: {error}") from error
    rows = found if isinstance(found, list) else [found]
    for number, row in enumerate(rows, 1):
        if not isinstance(row, dict):
            raise click.ClickException(f"{path}: row {number} is no object but {json.dumps(row)[:60]}")
    return Rows(rows, isinstance(found, list))


def _read_csv(text: str, path: Path, types: Mapping[str, str]) -> Rows:
    first = text.partition("\n")[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    lines = [line for line in reader if any(cell.strip() for cell in line)]
    if not lines:
        raise click.ClickException(f"{path} is empty; its first row holds the names of the inputs")
    names = [name.strip() for name in lines[0]]
    if len(set(names)) < len(names) or "" in names:
        raise click.ClickException(f"{path}: a column has no name, or two have the same: {', '.join(names)}")
    rows = []
    for number, line in enumerate(lines[1:], 1):
        if len(line) != len(names):
            raise click.ClickException(f"{path}: row {number} has {len(line)} cells, the first {len(names)}")
        try:
            cells = zip(names, line, strict=True)
            rows.append({name: _value(cell.strip(), types.get(name, "")) for name, cell in cells})
        except ValueError as error:
            raise click.ClickException(f"{path}: row {number}: {error}") from error
    return Rows(rows, True, delimiter)


def _value(cell: str, type_: str) -> Any:
    """A cell as JSON; an empty one is null, one without a type what it looks like.

    Raises ValueError for what the type does not have.
    """
    if not cell:
        return None
    if type_ in ("", "Any"):
        if cell.lower() in _BOOLEANS:
            return _BOOLEANS[cell.lower()]
        return json.loads(cell) if _NUMBER.fullmatch(cell) else cell
    if type_ == "number":
        if not _NUMBER.fullmatch(cell):
            raise ValueError(f"'{cell}' is no number")
        return json.loads(cell)
    if type_ == "boolean":
        if cell.lower() not in _BOOLEANS:
            raise ValueError(f"'{cell}' is neither true nor false")
        return _BOOLEANS[cell.lower()]
    return cell


def write_csv(lines: Iterable[Sequence[Any]], delimiter: str) -> str:
    """Lines of JSON values as CSV; null is an empty cell, and no text is a formula."""
    written = io.StringIO()
    writer = csv.writer(written, delimiter=delimiter, lineterminator="\n")
    writer.writerows([_harmless(cell_of(value)) for value in line] for line in lines)
    return written.getvalue()


def _harmless(cell: str) -> str:
    """A cell that a spreadsheet takes as text: an apostrophe before what would begin a formula (issue 5).

    A number stays one, with its sign: it computes nothing.
    """
    return f"'{cell}" if cell.startswith(_FORMULA) and not _NUMBER.fullmatch(cell) else cell


def cell_of(value: Any) -> str:
    """A JSON value as the text of a cell."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
