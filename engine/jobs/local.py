"""The dispatcher for one machine: this thread sleeps until a job is due, or until a commit rings the bell."""

import logging
import threading
from datetime import datetime

from sqlalchemy import Engine

from engine import clock
from engine.jobs.chores import Chores
from engine.jobs.running import run_once
from engine.store import bell

LONGEST = 1.0
"""Seconds between two looks at most: another process may have written a job, and the clock may be set."""

SHORTEST = 0.02
"""Seconds between two looks that found nothing that could be done."""

_log = logging.getLogger(__name__)


def work(database: Engine, stop: threading.Event) -> None:
    """Run jobs as they become due, one after the other, until ``stop``.

    A database that is away for a while is waited for. SQLite has one writer at a time: more threads would
    only wait for each other.
    """
    chores = Chores()
    while not stop.is_set():
        try:
            chores.run(database)
            done, upcoming = run_once(database, clock.now())
        except Exception:  # noqa: BLE001 - whatever it was, the next round may succeed, and jobs must go on
            _log.exception("looking for jobs failed")
            done, upcoming = 0, None
        pause = _seconds_until(upcoming)
        if pause > 0 or not done:
            bell.wait(max(pause, SHORTEST))


def _seconds_until(moment: datetime | None) -> float:
    if moment is None:
        return LONGEST
    return min(LONGEST, max(0.0, (moment - clock.now()).total_seconds()))
