"""Opening a database, and the two kinds of transaction: reading and writing."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import OperationalError

from engine.errors import ConcurrentUpdate

BUSY_SECONDS = 30
"""How long a writer waits for another on SQLite before it gives up."""

_WRITES = "titian_writes"
_SERIALIZATION_FAILURES = frozenset({"40001", "40P01", "55P03"})


def open_database(url: str, **options: Any) -> Engine:
    """Open the database at a SQLAlchemy ``url`` (``sqlite:///var/titian.db``, ``postgresql+psycopg://...``).

    SQLite runs in WAL mode with ``synchronous=FULL``: a committed step survives a power cut.
    """
    parsed = make_url(url)
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    database = create_engine(parsed, **options)
    prepare(database)
    return database


def prepare(database: Engine) -> None:
    """Give an engine (made here or by Flask-SQLAlchemy) the settings that durability needs."""
    if database.dialect.name == "sqlite":
        event.listen(database, "connect", _configure_sqlite)
        event.listen(database, "begin", _begin_sqlite)


def _configure_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # SQLAlchemy's "begin" event below says BEGIN, not the driver
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes the lock at once: a read lock that becomes a write lock may fail without waiting.
    writes = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def writing(database: Engine) -> Iterator[Connection]:
    """One write transaction: committed at the end of the block, rolled back on any exception.

    Raises ``ConcurrentUpdate`` where the database itself finds that two writers collide.
    """
    with database.connect().execution_options(**{_WRITES: True}) as connection:
        try:
            with connection.begin():
                yield connection
        except OperationalError as error:
            if _is_collision(error):
                raise ConcurrentUpdate from error
            raise


@contextmanager
def reading(database: Engine) -> Iterator[Connection]:
    """One read transaction; sees one state of the database from beginning to end on SQLite."""
    with database.connect() as connection, connection.begin():
        yield connection


def _is_collision(error: OperationalError) -> bool:
    original = error.orig
    if getattr(original, "sqlstate", None) in _SERIALIZATION_FAILURES:
        return True
    return isinstance(original, sqlite3.OperationalError) and "locked" in str(original)
