"""The nation's calendar as a file: ``kalender.csv`` beside the folders of the agencies."""

import csv
from datetime import date
from pathlib import Path

from engine.desk import CalendarEntry, EntryKind, EntryStatus
from webapp.cli.folders import FolderInvalid

NAME = "kalender.csv"


def read_calendar(processes: Path) -> list[CalendarEntry]:
    """The entries of ``kalender.csv`` in a ``processes`` folder; none where there is no such file.

    Columns: ``tanggal``, ``jenis``, ``nama``, and where they say something ``sampai`` (the last day),
    ``dasar`` (the decree) and ``status``. Raises ``FolderInvalid`` with the line that cannot be read.
    """
    file = processes / NAME
    if not file.is_file():
        return []
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = csv.DictReader(lines)
        try:
            return [_entry(row) for row in rows]
        except (KeyError, ValueError, TypeError) as error:
            raise FolderInvalid(f"{file}, line {rows.line_num}: {error}") from error


def _entry(row: dict[str, str]) -> CalendarEntry:
    first = date.fromisoformat(row["tanggal"])
    last = date.fromisoformat(row.get("sampai") or row["tanggal"])
    if last < first:
        raise ValueError(f"{last} is before {first}")
    status = EntryStatus(row.get("status") or "ditetapkan")
    return CalendarEntry(first, last, EntryKind(row["jenis"]), row["nama"], row.get("dasar") or "", status)
