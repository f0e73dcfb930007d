"""One job, and all that are due: what fails is noted and holds up nothing else."""

import logging
from datetime import datetime

from sqlalchemy import Engine, Select, select, text

from engine import clock
from engine.commands.jobs import note_failure, run_job
from engine.errors import ConcurrentUpdate, DatabaseUnavailable, InstanceSuspended, TitianError
from engine.store import reading
from engine.store.tables import Job

_log = logging.getLogger(__name__)
BATCH = 100
TO_DO = {"sqlite": "retries > 0 AND suspended = 0", "postgresql": "retries > 0 AND NOT suspended"}
"""The index's own condition, word for word, or SQLite does not use it."""


def run_due_jobs(database: Engine, now: datetime | None = None) -> int:
    """Run the jobs that are due at ``now``, oldest first, at most ``BATCH``; returns how many did work."""
    return run_once(database, now or clock.now())[0]


def run_once(database: Engine, now: datetime) -> tuple[int, datetime | None]:
    """The same, and when to look again at the latest: None where nothing waits, ``now`` where more is due."""
    with reading(database) as tx:
        found = tx.execute(earliest(database.dialect.name).limit(BATCH + 1)).all()
    due = [job for job in found[:BATCH] if job.due_at <= now]
    done = sum(run(database, job.id, job.due_at, now) for job in due)
    return done, found[len(due)].due_at if len(found) > len(due) else None


def earliest(dialect: str) -> Select[str, datetime]:
    """The jobs that wait, the earliest first."""
    return select(Job.id, Job.due_at).where(text(TO_DO[dialect])).order_by(Job.due_at)


def run(database: Engine, job_id: str, due_at: datetime, now: datetime) -> bool:
    """Run one job that was seen to be due at ``due_at``. A failure, whatever the reason, is noted with the
    job and not raised.

    Raises ``DatabaseUnavailable``, which is no fault of the job.
    """
    try:
        return run_job(database, job_id, now)
    except (ConcurrentUpdate, InstanceSuspended):
        return False  # somebody was faster; the next round looks again
    except DatabaseUnavailable:
        raise
    except Exception as error:  # noqa: BLE001 - one broken job must not hold up all the others
        if isinstance(error, TitianError):
            _log.warning("job %s failed: %s", job_id, type(error).__name__)
        else:
            _log.exception("job %s failed", job_id)
        note_failure(database, job_id, due_at, error, now)
    return False


def run_announced(database: Engine, job_id: str) -> bool:
    """Run one job whose id was heard of. Nothing is done where it is gone, or not due any more."""
    with reading(database) as tx:
        due_at = tx.scalars(select(Job.due_at).where(Job.id == job_id)).one_or_none()
    return due_at is not None and run(database, job_id, due_at, clock.now())
