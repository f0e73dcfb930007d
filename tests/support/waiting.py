"""Commands that wait for each other in a real PostgreSQL: one holds a lock, another is begun and waits."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, text

from engine.store import writing

SECONDS = 30.0
_WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted")


@contextmanager
def while_held(
    database: Engine, hold: Callable[[Connection], object], other: Callable[[], object]
) -> Iterator[Connection]:
    """A transaction that has done ``hold``, while ``other`` waits for it on another connection; both have
    ended after the block, and what ``other`` raises is raised."""
    with ThreadPoolExecutor(1) as pool:
        with writing(database) as tx:
            hold(tx)
            begun: Future[object] = pool.submit(other)
            _until_it_waits(database, begun)
            yield tx
        begun.result(SECONDS)


def _until_it_waits(database: Engine, begun: Future[object]) -> None:
    last = time.monotonic() + SECONDS
    with database.connect() as looking:
        while not looking.scalar(_WAITING):
            assert not begun.done(), "it does not wait"
            assert time.monotonic() < last, "nobody waits"
