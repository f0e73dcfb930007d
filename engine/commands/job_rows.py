"""Rows of jobs: how they are written, and when a failed one is tried again."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from engine import clock
from engine.commands.due import resolve_due
from engine.errors import ExecutionFailed
from engine.store import hot
from engine.store.queue import announce

RETRIES = 3
"""How often a job that has failed is tried again, where its element says nothing else."""

BACK_OFF = ("PT1M", "PT5M", "PT25M")
"""How long it waits each time; the last again and again where there are more retries."""

MAX_RETRIES = 2**31 - 1
"""The most that the column holds."""

SET_BY_HAND = "retries"
"""In the details of a job whose retries a manager has set: what the diagram says of them counts no more."""

_UTC = ZoneInfo("UTC")
_REPEATED = re.compile(r"R(?P<count>\d+)/(?P<interval>[^/]+)")


def job_row(
    kind: str,
    job_id: str,
    agency_id: str,
    due_at: datetime,
    *,
    instance_id: str | None = None,
    definition_id: str | None = None,
    process_key: str | None = None,
    element_id: str | None = None,
    priority: int = 0,
    details: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The columns of a new job, as ``engine.store.tables.Job`` describes them."""
    return {
        "id": job_id,
        "kind": kind,
        "agency_id": agency_id,
        "instance_id": instance_id,
        "definition_id": definition_id,
        "process_key": process_key,
        "element_id": element_id,
        "due_at": due_at,
        "priority": priority,
        "retries": RETRIES,
        "error": None,
        "details": dict(details or {}),
        "suspended": False,
    }


def insert_jobs(tx: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert jobs (of ``job_row``). Whoever runs jobs hears of those that are due when the transaction has
    been committed; the others are found when their time comes.
    """
    if rows:
        tx.execute(hot.ADD_JOBS, rows)
        tell(tx, rows)


def tell(tx: Connection, rows: Iterable[Mapping[str, Any]]) -> None:
    """Announce those of new jobs that are due already."""
    now = clock.now()
    due = [(row["id"], row["instance_id"], row["priority"]) for row in rows if row["due_at"] <= now]
    if due:
        announce(tx, due)


def retry_plan(text: str | None) -> tuple[int, tuple[str, ...]]:
    """How often to try again, and the pauses, of a ``camunda:failedJobRetryTimeCycle``.

    ``R5/PT10M``: five times; ``PT1M,PT5M``: after each of these. Without one, or where it is none of these:
    ``RETRIES`` and ``BACK_OFF``.
    """
    repeated = _REPEATED.fullmatch((text or "").strip())
    parts = (repeated["interval"] if repeated else text or "").split(",")
    pauses = tuple(part.strip() for part in parts if part.strip())
    if not pauses or not all(map(_is_duration, pauses)):
        return RETRIES, BACK_OFF
    return int(repeated["count"]) if repeated else len(pauses), pauses


def _is_duration(text: str) -> bool:
    try:
        resolve_due("timeDuration", text, datetime(2026, 1, 1, tzinfo=UTC), _UTC)
    except ExecutionFailed:
        return False
    return True


def next_try(plan: tuple[int, tuple[str, ...]], left: int, at: datetime) -> datetime:
    """When to try again, with ``left`` retries after a failure at ``at``."""
    times, pauses = plan
    number = min(max(times - left, 0), len(pauses) - 1)
    later = resolve_due("timeDuration", pauses[number], at, _UTC)
    return max(later, at + timedelta(seconds=1))
