"""The nation's calendar out of a file: what a release knows, without undoing what people have changed."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update
from uuid_utils import uuid7

from engine.commands.calendars import changing_calendar, day_values
from engine.deadlines import CalendarEntry
from engine.record import record
from engine.store import Database, reading
from engine.store.tables import CalendarDay, table_of
from engine.types import SYSTEM, RecordAction

_Rows = list[dict[str, Any]]


def seed_calendar(database: Database, entries: Sequence[CalendarEntry]) -> int:
    """Bring the nation's days to what ``entries`` say; returns how many rows were added, changed or dropped.

    What people have changed or removed since it was seeded stays as it is. What they have added stays too,
    and is not entered a second time: who typed a new year's days before the release came is not contradicted.
    """
    wanted = _seeds(entries)
    with reading(database) as tx:
        if not any(_differences(tx, wanted)):
            return 0
    with changing_calendar(database, SYSTEM, None) as tx:
        new, changed, gone = _differences(tx, wanted)
        table = table_of(CalendarDay)
        if new:
            tx.execute(insert(table), new)
        if changed:
            renewed = update(table).where(table.c.id == bindparam("row_id"))
            tx.execute(renewed.values({name: bindparam(name) for name in day_values(entries[0])}), changed)
        if gone:
            tx.execute(delete(table).where(table.c.id.in_(gone)))
        count = len(new) + len(changed) + len(gone)
        record(tx, SYSTEM, RecordAction.CHANGE_CALENDAR, subject=f"calendar:seed {count}")
    return count


def _differences(tx: Connection, wanted: Mapping[str, dict[str, Any]]) -> tuple[_Rows, _Rows, list[str]]:
    """Rows to insert, rows to update (``row_id``), and ids to delete."""
    table = table_of(CalendarDay)
    rows = tx.execute(select(table).where(table.c.agency_id.is_(None))).mappings().all()
    known = {row["seed"]: row for row in rows if row["seed"]}
    added = [row for row in rows if not row["seed"] and not row["removed"]]
    untouched = {seed: row for seed, row in known.items() if row["revision"] == 0}
    fixed = {"agency_id": None, "revision": 0, "removed": False}
    new = [
        {**values, **fixed, "id": str(uuid7()), "seed": seed}
        for seed, values in wanted.items()
        if seed not in known and not any(_is_same(row, values) for row in added)
    ]
    changed = [
        {**values, "row_id": row["id"]}
        for seed, row in untouched.items()
        if (values := wanted.get(seed, {})) and any(row[name] != value for name, value in values.items())
    ]
    return new, changed, [row["id"] for seed, row in untouched.items() if seed not in wanted]


def _is_same(row: Mapping[Any, Any], values: Mapping[str, Any]) -> bool:
    """Whether people have entered already what a line of the file says: the same kind, on one of its days."""
    meets = row["first_day"] <= values["last_day"] and row["last_day"] >= values["first_day"]
    return bool(row["kind"] == values["kind"] and meets)


def _seeds(entries: Iterable[CalendarEntry]) -> Mapping[str, dict[str, Any]]:
    """The values of each entry by a name that stays when its date moves: kind, year, name, and a number for
    those that are called the same."""
    found, numbers = {}, Counter[str]()
    for entry in sorted(entries, key=lambda entry: entry.first):
        name = f"{entry.kind} {entry.first.year} {entry.name}"[:240]
        numbers[name] += 1
        found[f"{name} {numbers[name]}"] = day_values(entry)
    return found
