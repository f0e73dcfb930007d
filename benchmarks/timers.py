"""How long after its time a timer fires, with a million others pending: a real `titian worker` does it."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from statistics import median, quantiles

from sqlalchemy import Engine, select, text

import engine
from benchmarks.http_cases import Place
from benchmarks.table import print_table
from engine.store import reading, writing
from engine.store.tables import Job, UserTask
from engine.types import SYSTEM
from tests.integration.engine.models import drawn, task
from tests.support.keys import open_database
from tests.unit.interpreter.diagrams import catch, process, timer

PENDING = 1_000_000
AGENCY = "pasuruan"
LEAD = 12.0
"""Seconds until the first timer of a round is due: all of them are armed by then."""

_FILL = {
    "sqlite": """
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :pending)
        INSERT INTO job (id, kind, agency_id, due_at, priority, retries, details, suspended)
        SELECT 'pending-' || i, 'timer', :agency,
            strftime('%Y-%m-%d %H:%M:%f000', '2126-01-01', '+' || i || ' seconds'), 0, 3, '{}', 0 FROM n
    """,
    "postgresql": """
        INSERT INTO job (id, kind, agency_id, due_at, priority, retries, details, suspended)
        SELECT 'pending-' || i, 'timer', :agency, timestamptz '2126-01-01 UTC' + i * interval '1 second',
            0, 3, '{}', false FROM generate_series(1, :pending) i
    """,
}


def measure(place: Place, cases: int) -> None:
    """Print the latency of ``cases`` timers that are due one after the other, and of as many at once."""
    rows = []
    for kind in place.kinds:
        with place.databases(kind) as urls:
            rows += [(kind, *row) for row in _measured(urls["titian"], cases)]
    title = f"Seconds from a timer's time to the task behind it, {PENDING:,} others pending"
    print_table(title, ("database", "timers", "median", "p95", "most", "last fired after"), rows)


def _measured(url: str, cases: int) -> Iterator[tuple[str, ...]]:
    database = open_database(url)
    waits = process(catch("t", timer("=jeda")) + task("a", group="peksos"), "s > t > a > e", "jeda")
    engine.deploy(database, SYSTEM, AGENCY, "jeda", {"jeda.bpmn": drawn(waits)})
    with writing(database) as tx:
        tx.execute(text(_FILL[database.dialect.name]), {"pending": PENDING, "agency": AGENCY})
    with database.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    with _worker(url):
        for name, apart in (("ten a second", 0.1), ("all at once", 0.0)):
            late = _late(database, cases, apart)
            figures = (median(late), quantiles(late, n=20)[-1], max(late))
            yield f"{cases}, {name}", *(f"{figure:.2f}" for figure in figures), f"{late[-1]:.2f}"
    database.dispose()


def _late(database: Engine, cases: int, apart: float) -> list[float]:
    """Seconds between due and done of timers that are due ``apart`` seconds after each other, in order."""
    begun, due = time.monotonic(), dict[str, datetime]()
    for number in range(cases):
        seconds = LEAD + number * apart - (time.monotonic() - begun)
        instance = engine.start_instance(database, SYSTEM, AGENCY, "jeda", {"jeda": f"PT{seconds:.3f}S"})
        with reading(database) as tx:
            due[instance.id] = tx.scalars(select(Job.due_at).where(Job.instance_id == instance.id)).one()
    done: dict[str, datetime] = {}
    while len(done) < cases:
        time.sleep(0.5)
        created = select(UserTask.instance_id, UserTask.created_at).where(UserTask.instance_id.in_(due))
        with reading(database) as tx:
            done = {row.instance_id: row.created_at for row in tx.execute(created)}
    order = sorted(due, key=due.__getitem__)
    return [(done[instance] - due[instance]).total_seconds() for instance in order]


@contextmanager
def _worker(url: str) -> Iterator[None]:
    command = [sys.executable, "-m", "webapp.cli", "worker"]
    worker = subprocess.Popen(command, env=os.environ | {"TITIAN_DATABASE_URL": url})
    try:
        yield
    finally:
        worker.terminate()
        worker.wait(60)
