"""The engine without HTTP: completions a second with a durable commit each, and what one costs."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import perf_counter

from sqlalchemy import Engine, event, text

import engine
from benchmarks import floor
from benchmarks.http_cases import Place
from benchmarks.recorded import AGENCY, CASE, KEY
from benchmarks.table import print_table
from tests.support.keys import open_database

HEAD = (
    "database",
    "completions/s",
    "floor/s",
    "ratio",
    "median ms",
    "p95 ms",
    "statements",
    "commits",
    "bytes",
)


@dataclass
class Costs:
    """``seconds`` of each completion; statements and commits of all together; ``written``: bytes of log."""

    seconds: list[float] = field(default_factory=list)
    statements: int = 0
    commits: int = 0
    written: int = 0


def measure(place: Place, cases: int) -> None:
    """Print the completions a second of whole recorded cases, and of the bare write set in the same run."""
    rows = []
    for kind in place.kinds:
        with place.databases(kind) as urls:
            rows.append((kind, *_row(urls, cases)))
    print_table("The embedded engine: completing one user task, one durable commit each", HEAD, rows)


def _row(urls: dict[str, str], cases: int) -> tuple[str, ...]:
    ours, bare = open_database(urls["titian"]), open_database(urls["bare"])
    floor.metadata.create_all(bare)
    _run_cases(ours, 3, Costs())
    _run_floor(bare, 3)
    costs = Costs()
    _run_cases(ours, cases, costs)
    least = _run_floor(bare, cases)
    ours.dispose()
    bare.dispose()
    count = len(costs.seconds)
    rate, floor_rate = count / sum(costs.seconds), count / sum(least)
    times = sorted(costs.seconds)
    return (
        f"{rate:.0f}",
        f"{floor_rate:.0f}",
        f"{rate / floor_rate:.2f}",
        f"{median(times) * 1000:.2f}",
        f"{times[int(count * 0.95)] * 1000:.2f}",
        f"{costs.statements / count:.1f}",
        f"{costs.commits / count:.1f}",
        f"{costs.written / count:.0f}",
    )


def _run_cases(database: Engine, cases: int, costs: Costs) -> None:
    """Run the recorded case again and again; only the completions are measured."""
    for _ in range(cases):
        begin, *tasks = CASE
        actors = {step.user: engine.get_actor(database, step.user) for step in CASE}
        starter = actors[begin.user]
        assert starter is not None
        case = engine.start_instance(database, starter, AGENCY, KEY, begin.values)
        for step in tasks:
            actor = actors[step.user]
            assert actor is not None
            filter = engine.TaskFilter(instance_id=case.id, element_id=step.element)
            (task,) = engine.list_tasks(database, actor, filter)
            with _counting(database, costs):
                before = perf_counter()
                engine.complete_task(database, actor, task.id, step.values)
                costs.seconds.append(perf_counter() - before)


def _run_floor(database: Engine, cases: int) -> list[float]:
    seconds = []
    for _ in range(cases):
        _, task_id = floor.start(database)
        for _ in CASE[1:]:
            before = perf_counter()
            task_id = floor.complete(database, task_id)
            seconds.append(perf_counter() - before)
    return seconds


@contextmanager
def _counting(database: Engine, costs: Costs) -> Iterator[None]:
    """Count statements (without BEGIN and COMMIT), commits, and the bytes that the database logs for them."""

    def statement(_connection: object, _cursor: object, sql: str, *_: object) -> None:
        costs.statements += not sql.startswith("BEGIN")

    def commit(_connection: object) -> None:
        costs.commits += 1

    written = _logged(database)
    event.listen(database, "before_cursor_execute", statement)
    event.listen(database, "commit", commit)
    try:
        yield
    finally:
        event.remove(database, "before_cursor_execute", statement)
        event.remove(database, "commit", commit)
        costs.written += max(0, _logged(database) - written)


def _logged(database: Engine) -> int:
    """Bytes of the write-ahead log so far; SQLite begins its file anew at a checkpoint."""
    if database.dialect.name == "sqlite":
        log = Path(f"{database.url.database}-wal")
        return log.stat().st_size if log.exists() else 0
    with database.connect() as connection:
        return int(connection.scalar(text("SELECT pg_current_wal_lsn() - '0/0'::pg_lsn")) or 0)
