"""The database is gone, read-only, full or slow, and the clock jumps: a clear no, and then work goes on."""

import logging
import os
import pwd
import resource
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import gettempdir

import pytest
from sqlalchemy import Engine, text

import engine
from engine import clock
from engine.errors import DatabaseUnavailable
from engine.store import connect, writing
from engine.types import SYSTEM, HistoryKind
from tests.integration.engine.models import drawn, task, tasks
from tests.support.databases import chosen_kinds
from tests.support.invariants import check_invariants
from tests.support.keys import open_database
from tests.support.office import Office, open_office
from tests.support.postgresql import restarting_server
from tests.unit.interpreter.diagrams import boundary, end, exclusive, process, timer

MODEL = process(
    exclusive("m") + tasks("a") + exclusive("g", "g__m") + boundary("t", "a", timer("PT1H"), cancel=False)
    + task("x") + end("e2"),
    "s > m > a > g; g > m; g > e if selesai; t > x > e2",
)  # fmt: skip
Later = Callable[[timedelta], object]


@pytest.fixture
def file(sqlite_template: Path, tmp_path: Path) -> Path:
    """A SQLite file of this test, in a folder of its own."""
    (tmp_path / "data").mkdir()
    return Path(shutil.copyfile(sqlite_template, tmp_path / "data" / "titian.db"))


@pytest.fixture
def office(file: Path) -> Iterator[Office]:
    """An office on the file, with a process that goes round and round."""
    database = open_database(f"sqlite:///{file}")
    office = open_office(database)
    office.deploy(drawn(MODEL))
    yield office
    database.dispose()


def refused(office: Office, act: Callable[[], object]) -> None:
    """The act is refused for the database's sake, and has changed nothing."""
    with pytest.raises(DatabaseUnavailable) as said:
        act()
    assert str(said.value) == "The database is not available at the moment. Nothing was saved."


def works(office: Office) -> None:
    """A case can be started and moved, and everything is sound."""
    case = office.start()
    office.do(case, "a")
    office.opens(case, "a")
    assert check_invariants(office.database)


def sides(file: Path) -> list[Path]:
    return [Path(f"{file}{suffix}") for suffix in ("", "-wal", "-shm") if Path(f"{file}{suffix}").exists()]


def test_a_file_that_is_removed_is_missed_at_once_and_taken_up_again(office: Office, file: Path) -> None:
    case = office.start()
    away = file.parent / "away"
    away.mkdir()
    for part in sides(file):
        part.rename(away / part.name)
    refused(office, lambda: office.do(case, "a"))
    refused(office, office.start)
    assert not file.exists(), "no empty file is made in its place"
    for part in list(away.iterdir()):
        part.rename(file.parent / part.name)
    office.do(case, "a")
    works(office)


def test_a_file_that_is_replaced_is_taken_up_without_a_restart(office: Office, file: Path) -> None:
    kept = office.start()
    office.database.dispose()
    copy = file.with_name("copy.db")
    shutil.copyfile(file, copy)
    office.start()
    for part in sides(file):
        part.unlink()
    copy.rename(file)
    assert [case.id for case in engine.list_instances(office.database, SYSTEM)] == [kept.id]
    works(office)


def test_a_file_that_is_no_database_is_refused(office: Office, file: Path) -> None:
    office.database.dispose()
    content = file.read_bytes()
    file.write_bytes(b"not a database" * 1000)
    refused(office, office.start)
    file.write_bytes(content)
    works(office)


def test_a_database_without_our_tables_is_not_available(tmp_path: Path) -> None:
    empty = Office(open_database(f"sqlite:///{tmp_path}/empty.db"))
    refused(empty, lambda: engine.list_agencies(empty.database, SYSTEM))


@contextmanager
def unprivileged(*paths: Path) -> Iterator[None]:
    """Obey file permissions for a while, which root does not; ``paths`` belong to whom we are meanwhile."""
    if os.geteuid() != 0:
        yield
        return
    nobody = pwd.getpwnam("nobody")
    for path in paths:
        os.chown(path, nobody.pw_uid, nobody.pw_gid)
    os.seteuid(nobody.pw_uid)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.parametrize("what", ["file", "folder"])
def test_a_read_only_database_can_be_read_and_not_written(office: Office, file: Path, what: str) -> None:
    case = office.start()
    office.database.dispose()
    for folder in file.parents:
        if folder.is_relative_to(Path(gettempdir(), "pytest-of-root")):  # pytest closes these to others
            folder.chmod(0o755)
    with unprivileged(file, file.parent):
        closed = file if what == "file" else file.parent
        closed.chmod(0o444 if what == "file" else 0o555)
        refused(office, office.start)
        refused(office, lambda: office.do(case, "a"))
        for part in (closed, *sides(file)):  # SQLite makes the others as it finds the first
            part.chmod(0o755)
        works(office)
        office.database.dispose()


def test_a_full_disk_refuses_a_step_and_spares_the_case(office: Office, file: Path) -> None:
    case = office.start()
    wal = Path(f"{file}-wal").stat().st_size
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (wal, hard))
    try:
        refused(office, lambda: office.do(case, "a"))
        office.opens(case, "a")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    office.do(case, "a")
    works(office)


def test_a_database_that_may_not_grow_refuses_a_step_and_spares_the_case(office: Office) -> None:
    case = office.start()
    with office.database.connect() as connection:
        pages = connection.scalar(text("PRAGMA page_count"))
        connection.execute(text(f"PRAGMA max_page_count={pages}"))

    def fill() -> None:
        while True:
            office.do(case, "a", isi="x" * 5000)

    refused(office, fill)
    office.opens(case, "a")
    with office.database.connect() as connection:
        connection.execute(text("PRAGMA max_page_count=1000000"))
    works(office)


def test_a_writer_that_never_ends_does_not_hold_up_the_others_for_ever(
    office: Office, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connect, "BUSY_SECONDS", 0.2)
    office.database.dispose()
    case = office.start()
    slow = sqlite3.connect(file, isolation_level=None)
    slow.execute("BEGIN IMMEDIATE")
    refused(office, lambda: office.do(case, "a"))
    office.opens(case, "a")  # reading goes on
    slow.execute("COMMIT")
    slow.close()
    works(office)


def test_what_is_wrong_with_the_database_is_logged_without_a_value(
    office: Office, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    case = office.start()
    office.database.dispose()
    file.write_bytes(b"not a database" * 1000)
    with caplog.at_level(logging.ERROR), pytest.raises(DatabaseUnavailable):
        office.do(case, "a", nama="Ani Rahayu")
    assert "file is not a database" in caplog.text
    assert "Ani" not in caplog.text


@pytest.mark.skipif("postgresql" not in chosen_kinds(), reason="PostgreSQL is not tested here")
def test_postgresql_may_be_stopped_and_started_under_a_running_server() -> None:
    with restarting_server() as process:
        server = process.server
        server.execute("CREATE DATABASE titian")
        office = Office(open_database(server.url("titian")))
        engine.store.migrate(office.database)
        open_office(office.database)
        office.deploy(drawn(MODEL))
        case = office.start()
        process.stop()
        refused(office, lambda: office.do(case, "a"))
        refused(office, office.start)
        process.start()
        office.do(case, "a")
        works(office)
        office.database.dispose()
        server.execute("ALTER DATABASE titian SET default_transaction_read_only = on")
        refused(office, office.start)
        office.opens(case, "a")
        server.execute("ALTER DATABASE titian RESET default_transaction_read_only")
        office.database.dispose()  # a session keeps what it has begun with
        works(office)
        office.database.dispose()


def test_a_lock_that_does_not_come_is_not_waited_for_for_ever(
    database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connect, "BUSY_SECONDS", 0.2)
    office = open_office(database)
    database.dispose()
    office.deploy(drawn(MODEL))
    case = office.start()
    held, over = threading.Event(), threading.Event()

    def hold() -> None:
        with writing(database) as tx:
            tx.execute(text("UPDATE process_instance SET reason = 'x'"))
            held.set()
            over.wait(10)
            tx.rollback()

    slow = threading.Thread(target=hold)
    slow.start()
    assert held.wait(10)
    refused(office, lambda: office.do(case, "a"))
    over.set()
    slow.join()
    works(office)


def test_a_step_waits_for_a_lock_that_comes_in_time_and_reading_waits_for_none(database: Engine) -> None:
    office = open_office(database)
    office.deploy(drawn(MODEL))
    case = office.start()
    held, waits, over, ended = (threading.Event() for _ in range(4))

    def hold() -> None:
        with writing(database) as tx:
            tx.execute(text("UPDATE process_instance SET reason = 'x'"))
            held.set()
            over.wait(10)

    def step() -> None:
        held.wait(10)
        waits.set()
        office.do(case, "a")
        ended.set()

    threads = [threading.Thread(target=each) for each in (hold, step)]
    for thread in threads:
        thread.start()
    assert waits.wait(10)
    for _ in range(20):
        assert engine.get_instance(database, SYSTEM, case.id).reason != "x", "it sees what is committed"
        office.opens(case, "a")
    assert not ended.is_set()
    over.set()
    assert ended.wait(10)
    for thread in threads:
        thread.join(10)
    assert [event.kind for event in office.history(case)].count(HistoryKind.TASK_COMPLETED) == 1
    works(office)


def test_a_clock_that_jumps_back_and_forth_keeps_order_and_timers(
    database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, real = open_office(database), clock.now
    office.deploy(drawn(MODEL))
    case = office.start()

    def jump(hours: int) -> None:
        monkeypatch.setattr(clock, "now", lambda: real() + timedelta(hours=hours))

    for hours in (-48, 30, -5, 0):
        jump(hours)
        office.do(case, "a")
        assert check_invariants(database, case.id)
    seen = [event.seq for event in office.history(case)]
    assert seen == sorted(seen)
    jump(-48)
    assert engine.run_due_jobs(database) == 0
    jump(2)
    assert engine.run_due_jobs(database) == 1
    office.opens(case, "a x")
    jump(-2)
    office.do(case, "x")
    office.do(case, "a", selesai=True)
    office.opens(case, "DONE")
    found = engine.list_activities(database, SYSTEM)
    assert all(a.ended_at is None or a.started_at for a in found)
