"""Timers: rows in ``job``, fired when they are due, one transaction each."""

import logging
from datetime import datetime, timedelta

from sqlalchemy import Engine, select, update

from engine import clock
from engine.commands.instances import fire_timer
from engine.errors import ConcurrentUpdate, TitianError
from engine.store import reading, writing
from engine.store.tables import Job
from engine.types import SYSTEM

_log = logging.getLogger(__name__)
BATCH = 100
BACK_OFF = timedelta(minutes=1)
"""A timer that fails is tried again this much later; it keeps its row and its error."""


def fire_due_timers(database: Engine, now: datetime | None = None) -> int:
    """Fire the timers that are due at ``now``, oldest first, at most ``BATCH``; returns how many fired.

    A timer that fails, whatever the reason, loses a retry and waits for ``BACK_OFF``, so that the others go
    on; without retries it stays for a person to see.
    """
    moment = now or clock.now()
    due = (
        select(Job.id).where(Job.retries > 0, Job.due_at <= moment).order_by(Job.due_at, Job.id).limit(BATCH)
    )
    with reading(database) as tx:
        ids = tx.scalars(due).all()
    return sum(_fire(database, job_id, moment) for job_id in ids)


def _fire(database: Engine, job_id: str, moment: datetime) -> bool:
    try:
        return fire_timer(database, SYSTEM, job_id, moment)
    except ConcurrentUpdate:
        return False  # somebody was faster; the next round looks again
    except TitianError as error:
        _log.warning("timer %s failed: %s", job_id, type(error).__name__)
        reason = str(error)
    except Exception as error:  # noqa: BLE001 - one broken timer must not hold up all the others
        _log.exception("timer %s failed", job_id)
        reason = type(error).__name__
    with writing(database) as tx:
        values = {"retries": Job.retries - 1, "due_at": moment + BACK_OFF, "error": reason}
        tx.execute(update(Job).where(Job.id == job_id).values(**values))
    return False
