"""Running what is due: on one machine by a thread, on many by procrastinate; one job a transaction.

Law: the rows of ``job`` are the truth. A dispatcher only chooses when and where a job is run; told twice, too
early or too late, it does nothing wrong, and what it was not told of it finds.
"""

import threading

from sqlalchemy import Engine

from engine.jobs import local, workers
from engine.jobs.chain import linking
from engine.jobs.running import run_due_jobs

__all__ = ["run_due_jobs", "work_on_jobs"]


def work_on_jobs(
    database: Engine, stop: threading.Event, concurrency: int = 1, silence: float = workers.SILENCE
) -> None:
    """Run jobs as they become due, until ``stop`` is set; what has begun is brought to its end.

    On PostgreSQL any number of processes may do so, each running ``concurrency`` jobs at a time; where one
    says nothing for ``silence`` seconds, the others take over. On SQLite it is one job at a time. The access
    log is chained meanwhile (``engine.jobs.chain``).
    """
    with linking(database):
        if database.dialect.name == "postgresql":
            workers.work(database, stop, concurrency, silence=silence)
        else:
            local.work(database, stop)
