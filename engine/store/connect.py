"""Opening a database, and the two kinds of transaction: reading and writing.

All the expressions that are evaluated inside one transaction draw on one budget (``one_allowance``): others
wait while it lasts.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, ExceptionContext, create_engine, event, make_url
from sqlalchemy.exc import DataError, IntegrityError

from engine.errors import ConcurrentUpdate, QueryInvalid, TitianError
from engine.feel import one_allowance
from engine.store import bell

BUSY_SECONDS = 30
"""How long a writer waits for another on SQLite before it gives up."""

Database = Engine | Connection
"""Where a command or query works: a database, or a transaction of the caller's that it takes part in."""

_WRITES = "titian_writes"
_READS = {"isolation_level": "REPEATABLE READ"}
_COLLISIONS = frozenset({"40001", "40P01", "55P03", "23505"})
"""PostgreSQL's serialization failure, deadlock, lock not available, and a row that another made first."""


def open_database(url: str, **options: Any) -> Engine:
    """Open the database at a SQLAlchemy ``url`` (``sqlite:///var/titian.db``, ``postgresql+psycopg://...``).

    SQLite runs in WAL mode with ``synchronous=FULL``: a committed step survives a power cut. Errors do not
    carry the values of a statement, or they would get into the log.
    """
    parsed = make_url(url)
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    database = create_engine(parsed, **{"hide_parameters": True} | options)
    prepare(database)
    return database


def prepare(database: Engine) -> None:
    """Give an engine (made here or by Flask-SQLAlchemy) our errors, and what durability needs."""
    event.listen(database, "handle_error", _translate)
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


def _translate(context: ExceptionContext) -> TitianError | None:
    """What the database itself refuses, as an error of ours; None leaves everything else as it is.

    Two writers that collide are a ``ConcurrentUpdate``. A value that no column can hold (NUL in a text, half
    a surrogate pair, a number beyond 64 bits) is ``QueryInvalid``: it can only have come from a caller.
    """
    error = context.original_exception
    state = getattr(error, "sqlstate", None)
    if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
        return ConcurrentUpdate()
    if isinstance(error, sqlite3.IntegrityError) and "UNIQUE" in str(error):
        return ConcurrentUpdate()
    if state in _COLLISIONS:
        return ConcurrentUpdate()
    no_value = isinstance(context.sqlalchemy_exception, DataError)
    no_value |= isinstance(error, UnicodeEncodeError | OverflowError)
    return QueryInvalid(reason="a value is too large, or not text") if no_value else None


@contextmanager
def writing(database: Database) -> Iterator[Connection]:
    """One write transaction: committed at the end of the block, rolled back on any exception.

    Inside a transaction of the caller's, that one: then the caller commits. Rings the bell where the
    transaction was marked (``engine.store.bell``). Raises ``ConcurrentUpdate`` where the database itself
    finds that two writers collide.
    """
    if isinstance(database, Connection):
        yield database
        return
    marked = False
    with one_allowance(), database.connect().execution_options(**{_WRITES: True}) as connection:
        try:
            with connection.begin():
                yield connection
        finally:
            marked = not connection.invalidated and bell.take_mark(connection)
    if marked:
        bell.ring()


@contextmanager
def reading(database: Database) -> Iterator[Connection]:
    """One read transaction; sees one state of the database from beginning to end.

    Inside a transaction of the caller's, that one, with what it has written.
    """
    if isinstance(database, Connection):
        yield database
        return
    connection = database.connect()
    if database.dialect.name == "postgresql":
        connection = connection.execution_options(**_READS)
    with one_allowance(), connection, connection.begin():
        yield connection


@contextmanager
def changing_schema(database: Engine) -> Iterator[Connection]:
    """One write transaction in which tables may be made anew under the rows that point to them.

    SQLite changes a table by making another one, and dropping a table that others point to is refused while
    foreign keys are looked at (https://sqlite.org/lang_altertable.html, section 7): they are looked at in the
    end. Raises ``IntegrityError`` where a row then points nowhere.
    """
    if database.dialect.name != "sqlite":
        with writing(database) as tx:
            yield tx
        return
    with database.connect().execution_options(**{_WRITES: True}) as connection:
        driver = connection.connection.cursor()  # the pragma does nothing inside a transaction
        driver.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                yield connection
                lost = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
                if lost:
                    raise IntegrityError(
                        "PRAGMA foreign_key_check", None, ValueError(f"rows without: {lost[:5]}")
                    )
        finally:
            driver.execute("PRAGMA foreign_keys=ON")
