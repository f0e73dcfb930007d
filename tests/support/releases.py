"""Databases as earlier releases have left them (``tests/fixtures``), on both kinds of database."""

import json
import lzma
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, MetaData, insert, select, text

from engine.store import migrate
from tests.support.databases import chosen_kinds
from tests.support.keys import open_database
from tests.support.postgresql import Server

FIXTURES = Path(__file__).parents[1] / "fixtures"
Copies = Callable[[], Engine]


def unpack(name: str, path: Path) -> Engine:
    """The SQLite database of a release, opened at ``path``."""
    path.write_bytes(lzma.decompress((FIXTURES / f"{name}.db.xz").read_bytes()))
    return open_database(f"sqlite:///{path}")


def told(name: str) -> dict[str, Any]:
    """What that release said of its cases: ``before`` and ``after`` its own engine led them to their end."""
    found: dict[str, Any] = json.loads(lzma.decompress((FIXTURES / f"{name}.json.xz").read_bytes()))
    return found


def copy_rows(source: Engine, target: Engine) -> None:
    """Copy every row between two databases that have the same tables."""
    old, new = MetaData(), MetaData()
    old.reflect(source)
    new.reflect(target)
    with source.connect() as read, target.begin() as write:
        for table in new.sorted_tables:
            if table.name != "alembic_version":
                rows = [_aware(dict(row._mapping)) for row in read.execute(select(old.tables[table.name]))]
                if rows:
                    write.execute(insert(table), rows)
        write.execute(
            text("SELECT setval(pg_get_serial_sequence('history_event', 'seq'), max(seq)) FROM history_event")
        )


def _aware(row: dict[str, Any]) -> dict[str, Any]:
    """SQLite keeps moments in UTC without saying so."""
    return {k: v.replace(tzinfo=UTC) if isinstance(v, datetime) else v for k, v in row.items()}


@pytest.fixture(scope="module", params=chosen_kinds())
def migrated_0001(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Copies]:
    """Makes copies of the first release's database, brought to the schema of today."""
    folder = tmp_path_factory.mktemp("release")
    old = unpack("release_0001", folder / "release.db")
    with ExitStack() as stack:
        if request.param == "sqlite":
            migrate(old)
            old.dispose()
            yield lambda: _sqlite_copy(folder, stack)
        else:
            server: Server = request.getfixturevalue("postgresql_server")
            first = _postgresql(server, "release_0001", stack)
            migrate(first, "0001")
            copy_rows(old, first)
            migrate(first)
            first.dispose()
            yield lambda: _postgresql(server, "release_copy", stack, "release_0001")


def _sqlite_copy(folder: Path, stack: ExitStack) -> Engine:
    path = folder / "copy.db"
    for suffix in ("", "-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)
    shutil.copyfile(folder / "release.db", path)
    database = open_database(f"sqlite:///{path}")
    stack.callback(database.dispose)
    return database


def _postgresql(server: Server, name: str, stack: ExitStack, template: str = "template1") -> Engine:
    server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    server.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    database = open_database(server.url(name))
    stack.callback(database.dispose)
    return database
