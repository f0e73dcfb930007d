"""Fixtures: an empty database with Titian's tables, fresh for each test, on SQLite and on PostgreSQL."""

import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from zlib import crc32

import pytest
from sqlalchemy import Engine

from engine import seal_open_data
from engine.store import metadata, writing
from engine.store.queue import create_queue
from tests.support.keys import open_database
from tests.support.office import open_office
from tests.support.postgresql import Server, running_server

KINDS = ("sqlite", "postgresql")
TEMPLATE, OPENED = "titian_template", "titian_opened"


def chosen_kinds() -> list[str]:
    """Which databases to test on: `TITIAN_TEST_DATABASES`, comma-separated; both by default."""
    chosen = [kind.strip() for kind in os.environ.get("TITIAN_TEST_DATABASES", ",".join(KINDS)).split(",")]
    if unknown := sorted(set(chosen) - set(KINDS)):
        raise pytest.UsageError(f"TITIAN_TEST_DATABASES knows {', '.join(KINDS)}; not {', '.join(unknown)}")
    return chosen


def other_half(items: Sequence[pytest.Item], spread: Sequence[Path]) -> list[pytest.Item]:
    """Tests of the files in ``spread`` that are left out since their twin on the other database runs.

    What asks the engine through pages or the API runs on one database each, half of them on either: the
    engine's own tests, which issue the same statements, run on both. Whoever names the databases
    (`TITIAN_TEST_DATABASES`) gets each test on each of them.
    """
    if "TITIAN_TEST_DATABASES" in os.environ:
        return []
    twins: dict[str, dict[str, pytest.Item]] = {}
    for item in items:
        params = getattr(item, "callspec", None)
        kind = next((v for v in params.params.values() if v in KINDS), None) if params is not None else None
        inside = any(item.path.is_relative_to(folder) for folder in spread)
        if kind is not None and inside and not item.get_closest_marker("every_database"):
            twins.setdefault(item.nodeid.replace(str(kind), "*"), {})[str(kind)] = item
    left_out = []
    for name, pair in twins.items():
        if len(pair) == len(KINDS):
            runs = KINDS[crc32(name.encode()) % len(KINDS)]
            left_out += [item for kind, item in pair.items() if kind != runs]
    return left_out


def make_tables(url: str) -> None:
    """Create every table in the empty database at ``url``, and close it."""
    database = open_database(url)
    metadata.create_all(database)
    with writing(database) as tx:
        create_queue(tx)
    seal_open_data(database)  # there is none: as `titian init` leaves it
    database.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables; tests work on copies."""
    file = tmp_path_factory.mktemp("sqlite") / "template.db"
    make_tables(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def opened_sqlite(sqlite_template: Path) -> Path:
    """A copy of it with the office of `tests.support.office`."""
    file = sqlite_template.with_name("opened.db")
    shutil.copyfile(sqlite_template, file)
    _open_office(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def opened_postgresql(postgresql_server: Server) -> str:
    """The name of a template database with the office of `tests.support.office`."""
    postgresql_server.execute(f"CREATE DATABASE {OPENED} TEMPLATE {TEMPLATE}")
    _open_office(postgresql_server.url(OPENED))
    return OPENED


def _open_office(url: str) -> None:
    database = open_database(url)
    open_office(database)
    database.dispose()


@pytest.fixture
def opened() -> None:
    """Whoever asks for this beside a database finds the office in it: made once, not for each test."""


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Server]:
    """One server for all tests of this process, with a template database that has all tables."""
    with running_server() as server:
        server.execute(f"CREATE DATABASE {TEMPLATE}")
        make_tables(server.url(TEMPLATE))
        yield server


@pytest.fixture(params=chosen_kinds())
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database with all tables, this test's own: empty, or `opened`. The test runs once for each
    kind."""
    office = "opened" in request.fixturenames
    if request.param == "sqlite":
        file = tmp_path / "titian.db"
        shutil.copyfile(request.getfixturevalue("opened_sqlite" if office else "sqlite_template"), file)
        yield f"sqlite:///{file}"
        return
    server: Server = request.getfixturevalue("postgresql_server")
    with server.copy(request.getfixturevalue("opened_postgresql") if office else TEMPLATE) as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Engine]:
    """An open database with all tables, this test's own: empty, or `opened`. Runs once for each kind."""
    engine = open_database(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def postgresql_only(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of an empty PostgreSQL database with all tables, for what SQLite cannot do; the test is left
    out where `TITIAN_TEST_DATABASES` leaves PostgreSQL out."""
    if "postgresql" not in chosen_kinds():
        pytest.skip("PostgreSQL is not among TITIAN_TEST_DATABASES")
    server: Server = request.getfixturevalue("postgresql_server")
    with server.copy(TEMPLATE) as url:
        yield url
