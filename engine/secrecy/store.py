"""The key store as a database: its tables, and an engine on it that gives up before others do.

Whoever asks it may hold the lock of the main database meanwhile, for which the others wait 30 seconds.
"""

from pathlib import Path
from typing import Any, Final

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    create_engine,
    event,
    make_url,
)

BUSY_SECONDS: Final = 15
"""How long a command waits for another that writes in the key store."""

_CONNECT_SECONDS: Final = 5

metadata = MetaData()
KEY = Table(
    "case_key",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("master_id", String(64), nullable=False),
    Column("wrapped", LargeBinary),
    Column("made_at", Integer, nullable=False),
    Column("destroyed_at", Integer),
    Index("ix_case_key_master_id", "master_id"),
)
STORE = Table(
    "key_store",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("id", String(64), nullable=False),
    Column("master_id", String(64), nullable=False),
)
"""One row: the id of this key store, and of the master key in use."""


def open_store(url_text: str) -> Engine:
    """An engine on the key store at a URL; the folder of a SQLite file is made."""
    url = make_url(url_text)
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    sqlite = url.get_backend_name() == "sqlite"
    if sqlite:
        Path(str(url.database)).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    waits = f"-c lock_timeout={BUSY_SECONDS}s -c statement_timeout={BUSY_SECONDS * 4}s"
    options = {} if sqlite else {"connect_args": {"connect_timeout": _CONNECT_SECONDS, "options": waits}}
    engine = create_engine(url, hide_parameters=True, **options)
    if sqlite:
        event.listen(engine, "connect", _configure)
        event.listen(engine, "begin", _begin)
    return engine


def _configure(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout={BUSY_SECONDS * 1000}",
        "journal_mode=DELETE",
        "synchronous=FULL",
        "secure_delete=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("titian_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
