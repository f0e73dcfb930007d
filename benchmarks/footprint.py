"""What a server holds and a finished case leaves: memory, bytes on disk, seconds to the first answer."""

import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from sqlalchemy import make_url, text

from benchmarks.cases import titian_case
from benchmarks.client import Client
from benchmarks.http_cases import Place
from benchmarks.serving import free_port, serving
from benchmarks.table import print_table
from tests.support.keys import open_database


def measure(place: Place, cases: int) -> None:
    """Print cold start and memory of `titian serve`, and the bytes that a finished case takes on disk."""
    rows = []
    for kind in place.kinds:
        with place.databases(kind) as urls:
            rows.append((kind, *_row(place, urls["titian"], cases)))
    head = ("database", "first 200 after s", "again s", "memory MB", "bytes/finished case", "with free space")
    print_table("`titian serve`, and what a finished case leaves", head, rows)


def _row(place: Place, url: str, cases: int) -> tuple[str, ...]:
    port = free_port()
    argv = [sys.executable, "-m", "webapp.cli", "serve", "--demo", "--port", str(port)]
    with serving(argv, port, url, place.folder) as first:
        cold = first.cold
    before, before_packed = _size(url), _size(url, packed=True)
    with serving(argv, port, url, place.folder) as server:
        client = Client(port)
        for _ in range(cases):
            titian_case(client, {})
        memory = server.memory
        warm = server.cold
    size, packed = (_size(url) - before) / cases, (_size(url, packed=True) - before_packed) / cases
    return f"{cold:.2f}", f"{warm:.2f}", f"{memory / 1e6:.0f}", f"{packed:.0f}", f"{size:.0f}"


def _size(url: str, *, packed: bool = False) -> int:
    """Bytes of the database on disk, all of its log written back; ``packed``: without the space that is free
    for rows to come."""
    if make_url(url).get_backend_name() == "sqlite":
        file = str(make_url(url).database)
        with closing(sqlite3.connect(file)) as connection:
            if packed:
                connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return Path(file).stat().st_size
    database = open_database(url)
    with database.connect().execution_options(isolation_level="AUTOCOMMIT") as session:
        session.execute(text("VACUUM FULL" if packed else "VACUUM"))
        size = int(session.scalar(text("SELECT pg_database_size(current_database())")) or 0)
    database.dispose()
    return size
