"""Copying a whole database: into one SQLite file, from either kind, and from such a file into either."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, Table, func, insert, select, text

from engine.store.connect import changing_schema, open_database, reading, writing
from engine.store.migrate import migrate
from engine.store.tables import metadata

ROWS = 1000
"""Rows that are copied at a time."""


@contextmanager
def new_file(path: Path) -> Iterator[Path]:
    """A file that takes the place of ``path`` at the end of the block, whole and for good, or never.

    Only its owner may read it: it holds everything.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        yield draft
        _to_disk(draft)
        draft.replace(path)
        _to_disk(path.parent)
    finally:
        for suffix in ("", "-wal", "-shm", "-journal"):
            Path(f"{draft}{suffix}").unlink(missing_ok=True)


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def copy_to_file(database: Engine, file: Path) -> None:
    """Copy a database, as it is at one moment, into an empty SQLite file. Nobody who writes has to wait.

    SQLite's own online backup copies everything; of PostgreSQL it is the tables of this release.
    """
    if database.dialect.name == "sqlite":
        with database.connect() as connection:
            source = connection.connection.driver_connection
            target = sqlite3.connect(file)
            source.backup(target)  # type: ignore[union-attr]
            target.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it
            target.close()
        return
    target_database = open_database(f"sqlite:///{file}")
    migrate(target_database)
    with reading(database) as source_tx:
        source_tx.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        with changing_schema(target_database) as target_tx:
            copy_rows(source_tx, target_tx)
    close_file(target_database)


def close_file(database: Engine) -> None:
    """Close a SQLite database so that one file is all of it."""
    with database.connect() as connection:
        connection.connection.driver_connection.execute("PRAGMA journal_mode=DELETE")  # type: ignore[union-attr]
    database.dispose()


def replace_rows(file: Engine, database: Engine) -> None:
    """Put the rows of a file in the place of a PostgreSQL database's, in one transaction."""
    migrate(database)
    names = ", ".join(f'"{table.name}"' for table in metadata.sorted_tables)
    with reading(file) as source, writing(database) as tx:
        tx.execute(text(f"TRUNCATE {names}"))
        tx.execute(text("TRUNCATE procrastinate_jobs CASCADE"))  # only word of jobs; the rows are the truth
        copy_rows(source, tx)
        for table, column in _counted():
            last = select(
                func.setval(func.pg_get_serial_sequence(table.name, column), func.max(table.c[column]))
            )
            tx.execute(last)


def copy_rows(source: Connection, target: Connection) -> None:
    """Copy every row of every table, those first that others point to."""
    for table in metadata.sorted_tables:
        rows = source.execution_options(yield_per=ROWS).execute(select(table)).mappings()
        for part in rows.partitions():
            target.execute(insert(table), [dict(row) for row in part])


def _counted() -> Iterator[tuple[Table, str]]:
    """The columns that the database numbers by itself."""
    for table in metadata.sorted_tables:
        for column in table.columns:
            if column.identity is not None:
                yield table, column.name


def count_rows(tx: Connection) -> dict[str, int]:
    """How many rows each table has."""
    return {
        table.name: tx.scalar(select(func.count()).select_from(table)) or 0
        for table in metadata.sorted_tables
    }
