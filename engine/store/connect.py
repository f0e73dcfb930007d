"""Opening a database, and the two kinds of transaction: reading and writing.

All the expressions that are evaluated inside one transaction draw on one budget (``one_allowance``): others
wait while it lasts.
"""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import IntegrityError, InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry

from engine.errors import DatabaseUnavailable
from engine.feel import one_allowance
from engine.secrecy import KeyPlace, Keys, with_keys
from engine.store import bell
from engine.store.refusals import translate

BUSY_SECONDS = 30
"""How long a writer waits for another before it gives up."""

IDLE_SECONDS = 60
"""How long PostgreSQL keeps the locks of a transaction in which nothing happens."""

Database = Engine | Connection
"""Where a command or query works: a database, or a transaction of the caller's that it takes part in."""

_log = logging.getLogger(__name__)

_WRITES = "titian_writes"
_FILE = "titian_file"
_TURN = "titian_turn"
_turns: dict[str, Lock] = {}
_ALONE = "titian_alone"
_READS = {"isolation_level": "REPEATABLE READ"}
_READS_ONCE = {"isolation_level": "AUTOCOMMIT"}


def open_database(url: str, *, keys: KeyPlace | None = None, **options: Any) -> Engine:
    """Open the database at a SQLAlchemy ``url`` (``sqlite:///var/titian.db``, ``postgresql+psycopg://...``).

    ``keys``: where the keys of its cases are; by default, for a SQLite file, the folder ``keys`` beside it.

    SQLite runs in WAL mode with ``synchronous=FULL``: a committed step survives a power cut. Errors do not
    carry the values of a statement, or they would get into the log.
    """
    parsed = make_url(url)
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    database = create_engine(parsed, **{"hide_parameters": True} | options)
    prepare(database, keys)
    return database


def prepare(database: Engine, keys: KeyPlace | None = None) -> None:
    """Give an engine (made here or by Flask-SQLAlchemy) our errors, its keys, and what durability needs."""
    with_keys(database, Keys(keys or KeyPlace.beside(database.url.render_as_string(hide_password=False))))
    event.listen(database, "handle_error", translate)
    if database.dialect.name == "sqlite":
        event.listen(database, "connect", _configure_sqlite)
        file = _SqliteFile()
        event.listen(database, "do_connect", file.connecting)
        event.listen(database, "connect", file.connected)
        event.listen(database, "checkout", file.used)
        event.listen(database, "begin", _begin_sqlite)
        database.update_execution_options(**{_TURN: _turn_of(str(database.url.database or ""))})
    else:
        event.listen(database, "connect", _configure_postgresql)


def _turn_of(file: str) -> Lock:
    """The lock of a file: every engine of this process that writes in it waits for the same one."""
    if file in ("", ":memory:"):
        return Lock()
    return _turns.setdefault(str(Path(file).resolve()), Lock())


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
    options = connection.get_execution_options()
    if not options.get(_ALONE):
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get(_WRITES) else "BEGIN")


class _SqliteFile:
    """Never works on in a file that was removed or replaced: SQLite would, and all of that would be lost."""

    def __init__(self) -> None:
        self.path = ""

    def connecting(self, _dialect: object, _record: object, arguments: list[str], _options: object) -> None:
        """Make no empty file where there has been a database."""
        if self.path and self.path == arguments[0]:
            self._identity()

    def connected(self, connection: sqlite3.Connection, record: ConnectionPoolEntry) -> None:
        self.path = connection.execute("PRAGMA database_list").fetchone()[2]
        record.info[_FILE] = self._identity() if self.path else None  # else it is in memory

    def used(self, _connection: object, record: ConnectionPoolEntry, _proxy: object) -> None:
        if record.info[_FILE] is not None and self._identity() != record.info[_FILE]:
            raise InvalidatePoolError("the database file has been replaced")  # the pool opens the new one

    def _identity(self) -> tuple[int, int]:
        try:
            found = Path(self.path).stat()
        except OSError as gone:
            _log.error("the database file is gone: %s", gone)
            raise DatabaseUnavailable from gone
        return found.st_dev, found.st_ino


def _configure_postgresql(connection: psycopg.Connection[Any], _record: object) -> None:
    """No wait is for ever, and a machine that has vanished in the middle of a step holds no lock for long."""
    connection.autocommit = True  # or a rollback would take it back
    connection.execute(f"SET lock_timeout = '{BUSY_SECONDS}s'")
    connection.execute(f"SET idle_in_transaction_session_timeout = '{IDLE_SECONDS}s'")
    connection.autocommit = False


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
    with one_allowance(), _turn(database), _writer(database) as connection:
        try:
            with connection.begin():
                yield connection
        finally:
            marked = not connection.invalidated and bell.take_mark(connection)
    if marked:
        bell.ring()


def _writer(database: Engine) -> Connection:
    return database.connect().execution_options(**{_WRITES: True})


@contextmanager
def _turn(database: Engine) -> Iterator[None]:
    """Wait for the other writers of this process, where the database takes one at a time.

    SQLite has no queue: whoever waits there looks again now and then, each time after a longer pause, and
    those who come later slip in between. Writers of other processes are waited for there all the same.
    """
    lock: Lock | None = database.get_execution_options().get(_TURN)
    if lock is None:
        yield
        return
    if not lock.acquire(timeout=BUSY_SECONDS):
        _log.error("the database is not available: other writers have taken %s s", BUSY_SECONDS)
        raise DatabaseUnavailable
    try:
        yield
    finally:
        lock.release()


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
    with one_allowance(), connection:  # begun by its first statement; nothing to commit
        yield connection


@contextmanager
def reading_once(database: Database) -> Iterator[Connection]:
    """For one SELECT, which sees one state of the database by itself: no transaction is begun or ended. What
    never changes, or is remembered (``engine.catalog``), may be looked up beside it.

    Inside a transaction of the caller's, that one, with what it has written.
    """
    if isinstance(database, Connection):
        yield database
        return
    # SQLite's driver is always in autocommit mode here; SQLAlchemy, told so, would take it out again.
    alone = {_ALONE: True} if database.dialect.name == "sqlite" else _READS_ONCE
    with one_allowance(), database.connect().execution_options(**alone) as connection:
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
