"""A power cut tears the end off SQLite's write-ahead log: what is left is whole, up to the last whole commit.

`make crash N=2000` tears more often than the suite does (TITIAN_TORN).
"""

import os
import random
import shutil
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, func, select, text

import engine
from engine import clock
from engine.store import reading
from engine.store.tables import HistoryEntry
from tests.integration.engine.models import drawn, form, task, tasks
from tests.support.invariants import check_invariants
from tests.support.keys import open_database
from tests.support.office import Office, open_office
from tests.unit.interpreter.diagrams import boundary, call, end, many, parallel, process, timer

TEARS = int(os.environ.get("TITIAN_TORN", "100"))
HEADER, FRAME_HEADER = 32, 24
MODEL = process(
    task("i", formRef="isian")
    + parallel("ps", "pj")
    + task("m", many("daftar", "satu"))
    + boundary("b", "m", timer("PT1H"), cancel=False)
    + tasks("x", "z")
    + end("e9")
    + call("ca", "q", 'in source="kota" target="v"'),
    "s > i > ps; ps > m > pj; ps > ca > pj; pj > z > e; b > x > e9",
)
CALLED = process(tasks("qa"), "s > qa > e", "q")
FIELDS = ({"key": "nama", "properties": {"rahasia": "ya"}}, {"key": "kota"})


@dataclass(frozen=True)
class Log:
    """A database file, the log beside it, and after each command: (end of its commit, events in history)."""

    file: Path
    wal: bytes
    states: list[tuple[int, int]]

    def state_before(self, place: int) -> int:
        """Events in history by the last commit that ends at or before a byte of the log."""
        return max(events for end, events in self.states if end <= place)


@pytest.fixture(scope="module")
def log(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Log:
    """A working day in one log, which was begun anew once: old frames lie behind its end."""
    file = tmp_path_factory.mktemp("torn") / "titian.db"
    shutil.copyfile(sqlite_template, file)
    database = open_database(f"sqlite:///{file}")
    event.listen(database, "connect", lambda c, _: c.execute("PRAGMA wal_autocheckpoint=0"))
    office = open_office(database)
    office.deploy(drawn(MODEL), drawn(CALLED), isian_form=form("isian", *FIELDS))
    for _ in range(12):
        _work(office, [])
    with database.connect() as connection:
        assert connection.execute(text("PRAGMA wal_checkpoint(RESTART)")).one()[0] == 0
    states = [(0, _events(office))]
    for _ in range(4):
        _work(office, states, Path(f"{file}-wal"))
    copy = file.with_name("copy.db")
    shutil.copyfile(file, copy)
    wal = Path(f"{file}-wal").read_bytes()
    database.dispose()
    assert states[-1][0] < len(wal), "old frames lie behind the end"
    return Log(copy, wal, states)


def _work(office: Office, states: list[tuple[int, int]], wal: Path | None = None) -> None:
    """One case with everything, noted after every command where there is a ``wal``."""

    def note() -> None:
        if wal:
            states.append((_end_of_log(wal.read_bytes()), _events(office)))

    case = office.start(daftar=[1, 2])
    note()
    office.do(case, "i", nama="Ani", kota="x")
    note()
    office.do(case, "m")
    note()
    engine.run_due_jobs(office.database, clock.now() + timedelta(hours=2))
    note()
    office.do(case, "qa", hasil=1)
    note()
    if not wal:
        for step in ("m", "x", "z"):
            office.do(case, step)


def _events(office: Office) -> int:
    with reading(office.database) as tx:
        return tx.scalar(select(func.count(HistoryEntry.seq))) or 0


def _end_of_log(wal: bytes) -> int:
    """Where the last commit of the log ends (https://sqlite.org/fileformat2.html, section 4)."""
    size, found = FRAME_HEADER + _number(wal, 8), 0
    for start in range(HEADER, len(wal) - size + 1, size):
        if wal[start + 8 : start + 16] != wal[16:24]:  # the salt: frames of the last round
            break
        if _number(wal, start + 4):  # only a commit knows the size of the database
            found = start + size
    return found


def _number(content: bytes, place: int) -> int:
    return int.from_bytes(content[place : place + 4], "big")


def _torn(log: Log, chance: random.Random) -> tuple[bytes, int]:
    """A damaged log, and the byte up to which it is sound."""
    place = chance.randrange(log.states[-1][0])
    if chance.random() < 0.5:
        return log.wal[:place], place
    damaged = bytearray(log.wal)
    length = chance.choice((1, 512, 4096))  # a bit that fell over, a sector, a page
    for each in range(place, min(place + length, len(damaged))):
        damaged[each] ^= chance.randint(1, 255)
    size = FRAME_HEADER + _number(log.wal, 8)
    return bytes(damaged), 0 if place < HEADER else place - (place - HEADER) % size


def test_a_torn_log_leaves_the_commits_before_the_tear_and_a_working_system(log: Log, tmp_path: Path) -> None:
    chance = random.Random(seed := random.randrange(2**32))
    seen = set()
    for number in range(TEARS):
        wal, sound = _torn(log, chance)
        file = tmp_path / "torn.db"
        shutil.copyfile(log.file, file)
        Path(f"{file}-wal").write_bytes(wal)
        Path(f"{file}-shm").unlink(missing_ok=True)
        office = Office(open_database(f"sqlite:///{file}"))
        told = f"tear {number} of seed {seed}, sound up to {sound} of {len(log.wal)}"
        assert _events(office) == log.state_before(sound), told
        assert check_invariants(office.database) >= 12, told
        with reading(office.database) as tx:
            assert tx.scalar(text("PRAGMA integrity_check")) == "ok", told
        case = office.start(daftar=[1])
        office.do(case, "i", nama="Ani", kota="x")
        office.opens(case, "m qa")
        seen.add(log.state_before(sound))
        office.database.dispose()
    assert len(seen) > 5, "tears at many places of the day"
