"""The dispatcher for many machines: workers of procrastinate, and a sweep that finds what is due.

A job that is due at once was announced in the transaction that made it (``engine.store.queue``). Timers stay
in our own table, where an index finds the due ones among a million; every worker sweeps, one at a time. The
sweep also takes away what a dead worker holds: our row is still there, so the job is announced again.
Procrastinate's jobs are notes to look at ours, and are deleted once somebody has.
"""

import asyncio
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import procrastinate
from sqlalchemy import Engine, func, select, text

from engine import clock
from engine.jobs.chores import Chores
from engine.jobs.running import TO_DO, earliest, run_announced
from engine.store import writing
from engine.store.queue import QUEUE, TASK, announce
from engine.store.tables import Job

SWEEP = 1.0
"""Seconds between two sweeps at most."""

LOOK = 0.1
"""Seconds between two looks at whether to stop, and between sweeps while there is more than ``MOST``."""

LEAST = 0.02
"""Seconds between two sweeps at least."""

MOST = 500
"""Jobs that wait in procrastinate's table at most: it looks for the next one among all that wait."""

SILENCE = 15.0
"""Seconds after which a worker that says nothing counts as dead."""

_LOCK = 7483926
"""Any number that is ours alone: who holds this advisory lock sweeps."""

_log = logging.getLogger(__name__)
logging.getLogger("procrastinate").setLevel(logging.WARNING)

_UNHEARD = text(
    "NOT EXISTS (SELECT 1 FROM procrastinate_jobs p WHERE p.queueing_lock = job.id AND p.status = 'todo')"
    " AND NOT EXISTS (SELECT 1 FROM procrastinate_jobs p WHERE p.queueing_lock = job.id"
    " AND p.status = 'doing')"
)
_ABANDONED = text(
    "DELETE FROM procrastinate_jobs WHERE status = 'doing' AND (worker_id IS NULL OR worker_id IN"
    " (SELECT id FROM procrastinate_workers WHERE last_heartbeat < now() - :silence))"
)
_WAITING = text(
    "SELECT count(*) FROM (SELECT 1 FROM procrastinate_jobs WHERE status = 'todo' LIMIT :most) waiting"
)


def work(database: Engine, stop: threading.Event, concurrency: int = 1, *, silence: float = SILENCE) -> None:
    """Run jobs as they become due, ``concurrency`` at a time, until ``stop``; then those that have begun.

    A database that is away for a while is waited for. ``silence``: seconds after which other workers take
    over what this one holds, should it die; the same for all.
    """
    while not stop.is_set():
        try:
            asyncio.run(_work(database, stop, concurrency, silence))
        except Exception:  # noqa: BLE001 - whatever it was, the next round may succeed, and jobs must go on
            _log.exception("the worker has stopped; it begins again")
            stop.wait(SWEEP)


async def _work(database: Engine, stop: threading.Event, concurrency: int, silence: float) -> None:
    threads = ThreadPoolExecutor(concurrency + 1, thread_name_prefix="job")
    asyncio.get_running_loop().set_default_executor(threads)
    app = _app(database)
    async with app.open_async():
        runs = [
            asyncio.create_task(
                app.run_worker_async(
                    queues=[QUEUE],
                    concurrency=concurrency,
                    fetch_job_polling_interval=SWEEP,  # who waits for a lock hears nothing when it is free
                    delete_jobs="always",
                    install_signal_handlers=False,
                    update_heartbeat_interval=silence / 4,
                    stalled_worker_timeout=silence,
                )
            ),
            asyncio.create_task(_sweep_for_ever(database, silence)),
        ]
        while not stop.is_set() and not any(run.done() for run in runs):
            await asyncio.sleep(LOOK)
        for run in runs:
            run.cancel()
        ended = await asyncio.gather(*runs, return_exceptions=True)
    for error in ended:
        if isinstance(error, Exception):
            raise error


def _app(database: Engine) -> procrastinate.App:
    """Procrastinate on the same database, with the one task that there is."""
    _, options = database.dialect.create_connect_args(database.url)
    connector = procrastinate.PsycopgConnector(kwargs=options, min_size=1, max_size=4)
    app = procrastinate.App(connector=connector)

    @app.task(name=TASK, queue=QUEUE)
    def run_job(job_id: str) -> None:
        run_announced(database, job_id)

    return app


async def _sweep_for_ever(database: Engine, silence: float) -> None:
    chores = Chores()
    while True:
        await asyncio.to_thread(chores.run, database)
        await asyncio.sleep(await asyncio.to_thread(sweep, database, silence))


def sweep(database: Engine, silence: float = SILENCE) -> float:
    """Announce the jobs that are due and of which nobody has heard. Returns the seconds until the next sweep:
    when the next job is due, or ``SWEEP``; sooner where more wait than is good.

    One sweeps at a time; the others have nothing to do meanwhile.
    """
    now = clock.now()
    with writing(database) as tx:
        if not tx.scalar(select(func.pg_try_advisory_xact_lock(_LOCK))):
            return SWEEP
        tx.execute(_ABANDONED, {"silence": timedelta(seconds=silence)})
        room = MOST - (tx.scalar(_WAITING, {"most": MOST}) or 0)
        waiting = select(Job.id, Job.instance_id, Job.priority).where(text(TO_DO["postgresql"]))
        due = waiting.where(Job.due_at <= now, _UNHEARD).order_by(Job.due_at).limit(room)
        found = tx.execute(due).all()
        announce(tx, [(job.id, job.instance_id, job.priority) for job in found])
        upcoming = earliest("postgresql").where(Job.due_at > now).limit(1)
        following = tx.execute(upcoming).one_or_none()
    if len(found) == room:
        return LOOK
    until: timedelta = following.due_at - now if following is not None else timedelta(seconds=SWEEP)
    return min(SWEEP, max(LEAST, until.total_seconds()))
