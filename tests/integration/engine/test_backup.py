"""A backup that is taken while four people work holds one moment, whole; restoring proves it."""

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text

import engine
from engine import clock, desk
from engine.commands import backup
from engine.errors import BackupRefused
from engine.store import metadata, reading, writing
from engine.store.migrate import known_versions
from engine.types import SYSTEM
from tests.integration.engine.models import drawn, form, task, tasks
from tests.support.databases import chosen_kinds, make_tables
from tests.support.invariants import check_invariants
from tests.support.keys import open_database
from tests.support.office import Office, open_office
from tests.support.postgresql import Server
from tests.support.releases import unpack
from tests.unit.interpreter.diagrams import boundary, end, exclusive, process, timer

MODEL = process(
    task("i", formRef="isian")
    + exclusive("m")
    + tasks("a", "x")
    + boundary("t", "a", timer("PT1H"), cancel=False)
    + end("e2")
    + exclusive("g", "g__e"),
    "s > i > m > a > g; g > m if lagi; g > e; t > x > e2",
)
FIELDS = ({"key": "nama", "properties": {"rahasia": "ya"}}, {"key": "kota"})
Place = Callable[[str], Engine]


@pytest.fixture
def office(database: Engine) -> Office:
    office = open_office(database)
    office.deploy(drawn(MODEL), isian_form=form("isian", *FIELDS))
    engine.seal_open_data(database)
    with writing(database) as tx:  # as `titian init` leaves it
        tx.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) PRIMARY KEY)"))
        newest = {"newest": known_versions()[0]}
        tx.execute(text("INSERT INTO alembic_version VALUES (:newest)"), newest)
    return office


@pytest.fixture
def place(database: Engine, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Place]:
    """Makes a new, empty place for a database, of a kind or of the same kind."""
    opened: list[Engine] = []
    made: list[tuple[Server, str]] = []

    def make(kind: str = "") -> Engine:
        if (kind or database.dialect.name) == "sqlite":
            url = f"sqlite:///{tmp_path}/new-{len(opened)}.db"
        elif "postgresql" not in chosen_kinds():
            pytest.skip("PostgreSQL is not among TITIAN_TEST_DATABASES")
        else:
            server = request.getfixturevalue("postgresql_server")
            name = f"restored_{os.getpid()}_{len(opened)}"
            server.execute(f"CREATE DATABASE {name}")
            made.append((server, name))
            url = server.url(name)
        opened.append(open_database(url))
        return opened[-1]

    yield make
    for each in opened:
        each.dispose()
    for server, name in made:
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def work(office: Office, rounds: int = 1, acknowledged: list[str] | None = None) -> None:
    """One case, some rounds long and still open; notes each task that was completed."""
    case = office.start()
    done = office.do(case, "i", nama="Ani Rahayu", kota="Ranai")
    for _ in range(rounds):
        if acknowledged is not None:
            acknowledged.append(done)
        done = office.do(case, "a", lagi=True)


def content(database: Engine) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table; the log has more afterwards, since who copies everything is in it."""
    with reading(database) as tx:
        return {
            table.name: sorted((tuple(row) for row in tx.execute(select(table))), key=repr)
            for table in metadata.sorted_tables
            if table.name != "access_entry"
        }


def completed(database: Engine) -> set[str]:
    with reading(database) as tx:
        return set(tx.scalars(text("SELECT id FROM user_task WHERE outcome = 'completed'")))


def test_a_backup_is_the_database_and_a_restored_one_goes_on(
    office: Office, place: Place, tmp_path: Path
) -> None:
    case = office.start()
    office.do(case, "i", nama="Ani Rahayu", kota="Ranai")
    engine.run_due_jobs(office.database, clock.now() + timedelta(hours=2))
    file = tmp_path / "titian.backup"
    told = engine.back_up(office.database, file)
    assert told.rows["process_instance"] == 1
    assert [path.name for path in tmp_path.glob("*titian.backup*")] == ["titian.backup"]
    assert file.stat().st_mode & 0o777 == 0o600
    before = content(office.database)
    new = place("")
    assert engine.restore(new, file) == told
    assert content(new) == before
    there = Office(new)
    there.opens(case, "a x")
    assert there.sealed(case) == {"nama"}
    there.do(case, "x")
    there.do(case, "a")
    there.opens(case, "DONE")
    there.do(there.start(), "i", nama="Budi", kota="x")
    assert check_invariants(new) == 2
    assert content(office.database) == before, "the old one is as it was"


def doors(office: Office) -> tuple[str, str]:
    """What opens the office to who has it: the secret of a login, and a token. Others have run out."""
    worker, late = office.user("petugas"), timedelta(hours=-1)
    login = engine.open_login(office.database, worker.user_id, 12)
    engine.open_login(office.database, worker.user_id, late / timedelta(hours=1))
    token = engine.make_token(office.database, worker, "surat", ["read"], clock.now() - late)
    engine.make_token(office.database, worker, "lama", ["read"], clock.now() + late)
    desk.subscribe_browser(office.database, worker, "https://example.org/1", "a", "b")
    return login, token


def counts(database: Engine) -> dict[str, int]:
    """How many there are of what lets somebody in, or tells somebody."""
    with reading(database) as tx:
        tables = ("login_session", "api_token", "push_subscription", "sign_in_challenge")
        return {name: tx.scalars(text(f"SELECT count(*) FROM {name}")).one() for name in tables}


def test_what_was_ended_since_the_backup_does_not_come_back(
    office: Office, place: Place, tmp_path: Path
) -> None:
    """No login, no token, no browser that shows what its user is told: it may have been stolen since."""
    login, token = doors(office)
    engine.put_challenge(office.database, "uji", {}, 900)
    engine.back_up(office.database, tmp_path / "b")
    new = place("")
    told = engine.restore(new, tmp_path / "b")
    assert (told.logins, told.tokens) == (1, 1), "those that had run out are no loss"
    assert set(counts(new).values()) == {0}
    assert engine.login_actor(new, login) is None
    assert engine.token_bearer(new, token) is None
    assert engine.token_bearer(office.database, token)


def test_who_only_moves_the_machine_may_keep_logins_and_tokens(
    office: Office, place: Place, tmp_path: Path
) -> None:
    login, token = doors(office)
    engine.back_up(office.database, tmp_path / "b")
    new = place("")
    told = engine.restore(new, tmp_path / "b", keep_logins=True)
    assert (told.logins, told.tokens) == (1, 1)
    assert counts(new) == counts(office.database)
    assert engine.login_actor(new, login)
    assert engine.token_bearer(new, token)


def test_not_even_a_restoration_that_stops_half_way_lets_in_what_was_ended(
    office: Office, place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    doors(office)
    engine.back_up(office.database, tmp_path / "b")

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(backup, "seal_open_data", die)
    new = place("")
    with pytest.raises(KeyboardInterrupt):
        engine.restore(new, tmp_path / "b")
    assert set(counts(new).values()) == {0}
    assert engine.list_users(new, SYSTEM)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_backup_of_either_kind_may_be_restored_into_either(
    office: Office, place: Place, tmp_path: Path, kind: str
) -> None:
    work(office, 3)
    engine.back_up(office.database, tmp_path / "b")
    new = place(kind)
    engine.restore(new, tmp_path / "b")
    assert content(new) == content(office.database)
    work(Office(new))
    assert check_invariants(new) == 2


def test_a_backup_while_four_write_holds_all_that_was_acknowledged_before(
    office: Office, place: Place, tmp_path: Path
) -> None:
    acknowledged: list[str] = []
    stop, wrong = threading.Event(), list[BaseException]()

    def keep_working() -> None:
        try:
            while not stop.is_set():
                work(office, 3, acknowledged)
        except BaseException as error:  # noqa: BLE001 - it is what the test is about
            wrong.append(error)

    threads = [threading.Thread(target=keep_working) for _ in range(4)]
    for thread in threads:
        thread.start()
    known, during = [], 0
    try:
        for number in range(2):
            time.sleep(0.2)
            known.append(set(acknowledged))
            engine.back_up(office.database, tmp_path / f"b{number}")
            during += len(set(acknowledged) - known[-1])
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert wrong == []
    assert during > 0, "people worked on meanwhile"
    for number, before in enumerate(known):
        new = place("")
        engine.restore(new, tmp_path / f"b{number}")
        assert before <= completed(new) <= completed(office.database)
        assert check_invariants(new) > 0


def test_nothing_is_overwritten_unless_it_is_asked_for(office: Office, place: Place, tmp_path: Path) -> None:
    file = tmp_path / "b"
    engine.back_up(office.database, file)
    kept = file.read_bytes()
    work(office)
    with pytest.raises(BackupRefused, match="exists already"):
        engine.back_up(office.database, file)
    assert file.read_bytes() == kept
    with pytest.raises(BackupRefused, match="holds data already"):
        engine.restore(office.database, file)
    assert len(engine.list_instances(office.database, SYSTEM)) == 1
    office.database.dispose()
    engine.restore(office.database, file, force=True)
    assert engine.list_instances(office.database, SYSTEM) == []
    work(office)
    engine.back_up(office.database, file, force=True)
    assert file.read_bytes() != kept


def damaged(file: Path, how: str) -> None:
    """Do to a backup what disks and people do."""
    data = bytearray(file.read_bytes())
    if how == "cut":
        file.write_bytes(data[: len(data) // 2])
    elif how == "scratched":
        for place in range(len(data) // 2, len(data) // 2 + 20_000):
            data[place] ^= 0x5A
        file.write_bytes(data)
    elif how == "another file":
        file.write_bytes(b"bukan cadangan\n" * 1000)
    elif how == "empty":
        file.write_bytes(b"")
    elif how == "of a later release":
        _change(file, "UPDATE alembic_version SET version_num = '9999'")
    elif how == "of something else":
        file.unlink()
        _change(file, "CREATE TABLE lain (x)")
    elif how == "a task is missing":
        _change(file, "DELETE FROM task_candidate", "DELETE FROM user_task WHERE ended_at IS NULL")
    elif how == "rows point nowhere":
        _change(file, "DELETE FROM process_instance")
    else:
        file.unlink()


def _change(file: Path, *statements: str) -> None:
    connection = sqlite3.connect(file)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


DAMAGES = (
    "cut",
    "scratched",
    "another file",
    "empty",
    "of a later release",
    "of something else",
    "a task is missing",
    "rows point nowhere",
    "gone",
)


@pytest.mark.parametrize(
    ("database_url", "how"),
    [(kind, how) for kind in chosen_kinds() for how in (DAMAGES if kind == "sqlite" else DAMAGES[:2])],
    indirect=["database_url"],
)
def test_a_damaged_backup_is_refused_and_the_database_is_as_it_was(
    office: Office, tmp_path: Path, how: str
) -> None:
    work(office, 5)
    file = tmp_path / "b"
    engine.back_up(office.database, file)
    before = content(office.database)
    damaged(file, how)
    with pytest.raises(BackupRefused):
        engine.restore(office.database, file, force=True)
    assert content(office.database) == before
    work(office)
    assert [path.name for path in tmp_path.glob(".*")] == []


def test_a_database_that_a_server_has_open_is_not_replaced(tmp_path: Path) -> None:
    make_tables(f"sqlite:///{tmp_path}/titian.db")
    office = open_office(open_database(f"sqlite:///{tmp_path}/titian.db"))
    with writing(office.database) as tx:
        tx.execute(text(f"CREATE TABLE alembic_version AS SELECT '{known_versions()[0]}' AS version_num"))
    engine.back_up(office.database, tmp_path / "b")
    server = open_database(f"sqlite:///{tmp_path}/titian.db")
    with reading(server), pytest.raises(BackupRefused, match="stop it first"):
        engine.restore(office.database, tmp_path / "b", force=True)
    server.dispose()
    engine.restore(office.database, tmp_path / "b", force=True)


def test_a_backup_of_the_first_release_is_brought_up_to_date(place: Place, tmp_path: Path) -> None:
    unpack("release_0001", tmp_path / "old").dispose()
    new = place("")
    told = engine.restore(new, tmp_path / "old")
    assert told.rows["process_instance"] == check_invariants(new) == 16


def test_a_database_of_an_earlier_schema_is_not_backed_up(tmp_path: Path) -> None:
    old = unpack("release_0001", tmp_path / "old.db")
    with pytest.raises(BackupRefused, match="run titian init"):
        engine.back_up(old, tmp_path / "b")
    assert not (tmp_path / "b").exists()
