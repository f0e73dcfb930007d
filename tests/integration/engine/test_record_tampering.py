"""Somebody who owns the database, or the folder of the heads, changes the log: all of it is found."""

import json
import os
import random
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from engine.record import (
    Finding,
    RecordPlace,
    begin_record,
    link_entries,
    record_each,
    verify_record,
    with_record,
)
from engine.record import verifying as verifying_module
from engine.store import open_database, writing
from engine.types import Access, Channel, Origin, RecordAction, acting_from
from tests.integration.engine.models import drawn, tasks
from tests.support.office import HOME, Office, open_office
from tests.unit.interpreter.diagrams import process

TAMPERINGS = int(os.environ.get("TITIAN_TAMPERINGS", "500"))
SEED = int(os.environ.get("TITIAN_SEED", "20261122"))
ENTRY = (
    *("id", "at", "agency_id", "user_id", "instance_id", "action", "subject", "purpose", "channel"),
    *("address", "history_seq", "digest", "mac", "block"),
)
BLOCK = ("number", "at", "entries", "total", "hash", "signature")
HISTORY = ("instance_id", "agency_id", "definition_id", "at", "user_id", "events")
STEPS = drawn(process(tasks("a", "b"), "s > a > b > e"))


class Sql:
    """The database as an attacker has it, of either kind: rows as dicts, no trigger, no foreign key."""

    def __init__(self, run: Callable[..., list[tuple[Any, ...]]]) -> None:
        self.run = run

    def column(self, query: str) -> list[Any]:
        return [row[0] for row in self.run(query)]


def changed(value: Any, chance: random.Random) -> Any:
    """Another value of the same type."""
    if value is None:
        return None
    if isinstance(value, bytes):
        at = chance.randrange(len(value))
        return value[:at] + bytes([value[at] ^ chance.randrange(1, 256)]) + value[at + 1 :]
    if isinstance(value, int):
        return value + chance.choice((-1, 1, 1000))
    if isinstance(value, str) and value[:2] == "20" and ":" in value:  # a moment, in SQLite
        digit = chance.choice("0123456789".replace(value[-1], ""))
        return value[:-1] + digit
    if isinstance(value, str):
        return chance.choice([value + "x", value[:-1], "lain"])
    return value.replace(microsecond=(value.microsecond + 1) % 1_000_000)


def edit(sql: Sql, chance: random.Random, table: str, key: str, columns: tuple[str, ...]) -> str:
    """One field of one row."""
    while True:
        row = chance.choice(sql.column(f"SELECT {key} FROM {table}"))
        name = chance.choice(columns)
        [old] = sql.column(f"SELECT {name} FROM {table} WHERE {key} = {row}")
        new = changed(old, chance)
        if new != old and (name != key or new not in sql.column(f"SELECT {key} FROM {table}")):
            sql.run(f"UPDATE {table} SET {name} = :new WHERE {key} = {row}", new=new)
            return f"{table} {row}: {name} from {old!r} to {new!r}"


def delete(sql: Sql, chance: random.Random, table: str, key: str) -> str:
    gone = chance.sample(sql.column(f"SELECT {key} FROM {table}"), chance.randint(1, 3))
    for row in gone:
        sql.run(f"DELETE FROM {table} WHERE {key} = {row}")
    return f"{table}: {gone} deleted"


def insert(sql: Sql, chance: random.Random, table: str, key: str, columns: tuple[str, ...]) -> str:
    """A copy of a row with a key of its own; in the log perhaps as if it had never been chained."""
    rows = sql.column(f"SELECT {key} FROM {table}")
    row, new = chance.choice(rows), max(rows) + chance.randint(1, 9)
    names = [name for name in columns if name != key]
    values = ["NULL" if name == "block" and chance.random() < 0.5 else name for name in names]
    sql.run(
        f"INSERT INTO {table} ({key}, {', '.join(names)}) SELECT {new}, {', '.join(values)}"
        f" FROM {table} WHERE {key} = {row}"
    )
    return f"{table}: {row} copied to {new}"


def swap(sql: Sql, chance: random.Random, table: str, key: str) -> str:
    """Two rows change places."""
    one, other = chance.sample(sql.column(f"SELECT {key} FROM {table}"), 2)
    for old, new in ((one, -1), (other, one), (-1, other)):
        sql.run(f"UPDATE {table} SET {key} = {new} WHERE {key} = {old}")
    return f"{table}: {one} and {other} swapped"


def move(sql: Sql, chance: random.Random) -> str:
    """An entry goes to another block, or to none."""
    entry = chance.choice(sql.column("SELECT id FROM access_entry WHERE block IS NOT NULL"))
    [own] = sql.column(f"SELECT block FROM access_entry WHERE id = {entry}")
    others = [b for b in sql.column("SELECT number FROM access_block") if b != own]
    new = chance.choice(["NULL", *others, max(others) + 5])
    sql.run(f"UPDATE access_entry SET block = {new} WHERE id = {entry}")
    return f"entry {entry} from block {own} to {new}"


def cut(sql: Sql, chance: random.Random) -> str:
    """The end of the log goes, entries and blocks alike, or all of it."""
    last = chance.randrange(max(sql.column("SELECT number FROM access_block")))
    sql.run(f"DELETE FROM access_entry WHERE block > {last} OR block IS NULL")
    sql.run(f"DELETE FROM access_block WHERE number > {last}")
    return f"cut after block {last}"


def everything(sql: Sql, chance: random.Random) -> str:
    for table in chance.choice([["access_entry"], ["access_block"], ["access_entry", "access_block"]]):
        sql.run(f"DELETE FROM {table}")
    return "everything deleted"


DATABASE: dict[str, Callable[[Sql, random.Random], str]] = {
    "edit an entry": lambda s, c: edit(s, c, "access_entry", "id", ENTRY),
    "edit a block": lambda s, c: edit(s, c, "access_block", "number", BLOCK),
    "edit history": lambda s, c: edit(s, c, "history_entry", "seq", HISTORY),
    "delete entries": lambda s, c: delete(s, c, "access_entry", "id"),
    "delete blocks": lambda s, c: delete(s, c, "access_block", "number"),
    "delete history": lambda s, c: delete(s, c, "history_entry", "seq"),
    "insert an entry": lambda s, c: insert(s, c, "access_entry", "id", ENTRY),
    "insert a block": lambda s, c: insert(s, c, "access_block", "number", BLOCK),
    "insert history": lambda s, c: insert(s, c, "history_entry", "seq", ("seq", *HISTORY)),
    "swap entries": lambda s, c: swap(s, c, "access_entry", "id"),
    "swap blocks": lambda s, c: swap(s, c, "access_block", "number"),
    "swap history": lambda s, c: swap(s, c, "history_entry", "seq"),
    "move an entry": move,
    "cut the end": cut,
    "delete everything": everything,
}


def tamper_heads(lines: list[str], chance: random.Random) -> list[str]:
    """The heads' file, changed."""
    at = chance.randrange(len(lines))
    head = json.loads(lines[at])
    name = chance.choice(list(head))
    head[name] = changed(head[name], chance)
    other = chance.choice([i for i in range(len(lines)) if i != at])
    swapped = json.loads(lines[at]) | {"hash": json.loads(lines[other])["hash"]}
    forged = {"restored": 0, "at": head["at"], "signature": "00" * 64}
    return chance.choice(
        [
            [*lines[:at], json.dumps(head), *lines[at + 1 :]],
            [*lines[:at], *lines[at + 1 :]],
            [*lines[:at], json.dumps(swapped), *lines[at + 1 :]],
            [*lines, json.dumps(head | {"number": len(lines) + 1})],
            [*lines, json.dumps(forged)],
            [*lines[:at], "{}", *lines[at:]],
            [*lines[:at], "coretan", *lines[at + 1 :]],
            lines[:at],
        ]
    )


def work(office: Office) -> None:
    """A log of six blocks, of changes and of reads."""
    begin_record(office.database)
    office = open_office(office.database)
    office.deploy(STEPS)
    for number in range(6):
        with acting_from(Origin(Channel.BROWSER, f"10.0.0.{number}")):
            case = office.start()
            office.do(case, "a")
            read = [
                Access(RecordAction.OPEN_CASE, HOME, case.id),
                Access(RecordAction.REVEAL_IDENTITY, HOME, case.id, "variable:nik", "permintaan orang tua"),
            ]
            with writing(office.database) as tx:
                record_each(tx, office.user("petugas"), read)
        link_entries(office.database)


def found_in(database: Engine) -> list[Finding]:
    found: list[Finding] = []
    verify_record(database, found.append)
    return found


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """No writer is at work here whose head could still come."""
    monkeypatch.setattr(verifying_module, "_PATIENCE", 0.0)


def tampered(folder: Path, chance: random.Random) -> str:
    """Change a copy of the log somewhere; says what was done."""
    if chance.random() < 0.15:
        file = folder / "log" / "heads.jsonl"
        before = file.read_text().splitlines()
        after = tamper_heads(before, chance)
        file.write_text("".join(line + "\n" for line in after))
        return f"heads: {set(before) ^ set(after)}"
    raw = sqlite3.connect(folder / "titian.db", isolation_level=None)
    try:
        for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            raw.execute(f"DROP TRIGGER {name}")
        sql = Sql(lambda query, **values: raw.execute(query, values).fetchall())
        what = chance.choice(list(DATABASE))
        return f"{what}: {DATABASE[what](sql, chance)}"
    finally:
        raw.close()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # its file can be copied
def test_random_tamperings_are_all_found_and_the_untouched_log_is_right(
    database_url: str, tmp_path: Path
) -> None:
    database = open_database(database_url)
    place = RecordPlace.within(tmp_path / "log")
    with_record(database, place)
    work(Office(database))
    assert found_in(database) == []
    database.dispose()
    original = tmp_path / "original"
    original.mkdir()
    with sqlite3.connect(tmp_path / "titian.db") as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copyfile(tmp_path / "titian.db", original / "titian.db")
    shutil.copytree(tmp_path / "log", original / "log")
    missed, done = [], set()
    for number in range(TAMPERINGS):
        folder = tmp_path / "copy"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(original, folder)
        what = tampered(folder, random.Random(SEED + number))
        done.add(what.split(":")[0])
        copy = open_database(f"sqlite:///{folder}/titian.db")
        with_record(copy, RecordPlace.within(folder / "log"))
        if not found_in(copy):
            missed.append((number, what))
        copy.dispose()
    assert missed == []
    assert TAMPERINGS < 500 or done == {*DATABASE, "heads"}, "every kind had its turn"


@pytest.mark.parametrize("what", DATABASE)
def test_each_kind_of_tampering_is_found_on_each_database(
    database: Engine, tmp_path: Path, what: str
) -> None:
    with_record(database, RecordPlace.within(tmp_path / "log"))
    work(Office(database))
    assert found_in(database) == []
    with writing(database) as tx:
        if tx.dialect.name == "sqlite":
            names = tx.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all()
            for name in names:
                tx.execute(text(f"DROP TRIGGER {name}"))
        else:
            tx.execute(text("SET LOCAL session_replication_role = replica"))

        def run(query: str, **values: Any) -> list[tuple[Any, ...]]:
            answer = tx.execute(text(query), values)
            return [tuple(row) for row in answer] if answer.returns_rows else []

        told = DATABASE[what](Sql(run), random.Random(SEED))
    assert found_in(database), told


def test_a_value_of_another_type_is_found_and_stops_nothing(tmp_path: Path, sqlite_template: Path) -> None:
    """SQLite takes any value in any column."""
    shutil.copyfile(sqlite_template, tmp_path / "titian.db")
    database = open_database(f"sqlite:///{tmp_path}/titian.db")
    with_record(database, RecordPlace.within(tmp_path / "log"))
    work(Office(database))
    database.dispose()
    with sqlite3.connect(tmp_path / "titian.db") as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    places = [("access_entry", n) for n in ENTRY] + [("access_block", n) for n in BLOCK]
    places += [("history_entry", n) for n in HISTORY]
    for table, name in places:
        for value in ("coretan", 3.5, b"\0", "9" * 40):
            copy = tmp_path / "copy.db"
            shutil.copyfile(tmp_path / "titian.db", copy)
            raw = sqlite3.connect(copy, isolation_level=None)
            for (trigger,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                raw.execute(f"DROP TRIGGER {trigger}")
            try:
                raw.execute(
                    f"UPDATE {table} SET {name} = ? WHERE rowid = (SELECT max(rowid) FROM {table})", (value,)
                )
            except sqlite3.IntegrityError:
                continue  # the row's own number
            finally:
                raw.close()
            changed_copy = open_database(f"sqlite:///{copy}")
            with_record(changed_copy, RecordPlace.within(tmp_path / "log"))
            assert found_in(changed_copy), (table, name, value)
            changed_copy.dispose()
