"""Telling whoever runs jobs that there is something to do, inside the transaction that makes it necessary.

The rows of ``job`` are the truth; this only spreads the word. On SQLite a bell rings after the commit. On
PostgreSQL a job of procrastinate is deferred in the same transaction (``lock``: the process instance,
``queueing_lock``: our job), and its NOTIFY wakes the workers of every machine.
"""

from collections.abc import Sequence
from typing import Any

import procrastinate
import procrastinate.exceptions
from procrastinate.jobs import Job as Message
from procrastinate.schema import SchemaManager
from sqlalchemy import Connection, text

from engine.errors import ConcurrentUpdate
from engine.store import bell

QUEUE = "titian"
TASK = "titian.run_job"

_SAID = text(
    "SELECT queueing_lock FROM procrastinate_jobs WHERE status = 'todo' AND queueing_lock = ANY(:ids)"
)
_app = procrastinate.App(connector=procrastinate.SyncPsycopgConnector())
"""Never opened: it writes on the connections of our own transactions."""


def create_queue(tx: Connection) -> None:
    """Make procrastinate's tables beside ours; nothing happens on SQLite, or where they are.

    The release is pinned: a newer one brings migrations, and each goes into a schema version of ours.
    """
    if tx.dialect.name != "postgresql":
        return
    if tx.scalar(text("SELECT to_regclass('procrastinate_jobs') IS NULL")):
        _driver(tx).execute(SchemaManager.get_schema())


def drop_queue(tx: Connection) -> None:
    """Take away what ``create_queue`` has made."""
    if tx.dialect.name != "postgresql":
        return
    kinds = {
        "FUNCTION": "SELECT oid::regprocedure::text FROM pg_proc WHERE proname LIKE 'procrastinate%'",
        "TYPE": "SELECT typname FROM pg_type WHERE typname LIKE 'procrastinate%' AND typtype IN ('c', 'e')",
    }
    for table in ("events", "periodic_defers", "jobs", "workers"):
        tx.execute(text(f"DROP TABLE IF EXISTS procrastinate_{table} CASCADE"))
    for kind, query in kinds.items():
        for name in tx.scalars(text(query)).all():
            tx.execute(text(f"DROP {kind} IF EXISTS {name} CASCADE"))


def announce(tx: Connection, jobs: Sequence[tuple[str, str | None, int]]) -> None:
    """Say that jobs are to be run now: (id, process instance, priority).

    Raises ``ConcurrentUpdate`` where another transaction is saying so at this moment.
    """
    if tx.dialect.name != "postgresql":
        bell.mark(tx)
        return
    said = set(tx.scalars(_SAID, {"ids": [job_id for job_id, _, _ in jobs]})) if jobs else set()
    messages = [
        Message(
            id=None,
            queue=QUEUE,
            task_name=TASK,
            priority=priority,
            lock=instance_id,
            queueing_lock=job_id,
            task_kwargs={"job_id": job_id},
        )
        for job_id, instance_id, priority in jobs
        if job_id not in said
    ]
    if messages:
        try:
            _app.job_manager.batch_defer_jobs(messages, connection=_driver(tx))
        except procrastinate.exceptions.AlreadyEnqueued as error:
            raise ConcurrentUpdate from error


def _driver(tx: Connection) -> Any:
    """The psycopg connection that SQLAlchemy's transaction runs on."""
    return tx.connection.driver_connection
