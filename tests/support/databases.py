"""Fixtures: an empty database with Titian's tables, fresh for each test, on SQLite and on PostgreSQL."""

import itertools
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from engine import seal_open_data
from engine.store import metadata, writing
from engine.store.queue import create_queue
from tests.support.keys import open_database
from tests.support.postgresql import Server, running_server

KINDS = ("sqlite", "postgresql")
TEMPLATE = "titian_template"
_numbers = itertools.count(1)


def chosen_kinds() -> list[str]:
    """Which databases to test on: `TITIAN_TEST_DATABASES`, comma-separated; both by default."""
    chosen = [kind.strip() for kind in os.environ.get("TITIAN_TEST_DATABASES", ",".join(KINDS)).split(",")]
    if unknown := sorted(set(chosen) - set(KINDS)):
        raise pytest.UsageError(f"TITIAN_TEST_DATABASES knows {', '.join(KINDS)}; not {', '.join(unknown)}")
    return chosen


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
def postgresql_server() -> Iterator[Server]:
    """One server for all tests of this process, with a template database that has all tables."""
    with running_server() as server:
        server.execute(f"CREATE DATABASE {TEMPLATE}")
        make_tables(server.url(TEMPLATE))
        yield server


@pytest.fixture(params=chosen_kinds())
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database with all tables, this test's own. The test runs once for each kind."""
    if request.param == "sqlite":
        file = tmp_path / "titian.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), file)
        yield f"sqlite:///{file}"
        return
    server: Server = request.getfixturevalue("postgresql_server")
    name = f"titian_{next(_numbers)}"
    server.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    yield server.url(name)
    server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def database(database_url: str) -> Iterator[Engine]:
    """An open, empty database with all tables, this test's own. The test runs once for each kind."""
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
    name = f"titian_{next(_numbers)}"
    server.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    yield server.url(name)
    server.execute(f"DROP DATABASE {name} WITH (FORCE)")
