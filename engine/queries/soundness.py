"""Looking over a whole database: does what waits in its rows agree with the states of its instances?"""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, Row, select

from engine import catalog, interpreter
from engine.errors import TitianError
from engine.store.tables import ExternalTask, Job, ProcessInstance, Subscription, UserTask

WAITING = frozenset({"user_task", "timer", "async", "message", "signal", "external_task"})
"""What a token waits for that has a row of its own."""


def unsound_instances(tx: Connection) -> Iterator[tuple[str, str]]:
    """Open instances whose rows do not stand for exactly their live tokens: pairs (id, what is wrong)."""
    waiting = _waiting_rows(tx)
    columns = (ProcessInstance.id, ProcessInstance.definition_id, ProcessInstance.state)
    instances: Iterable[Row[Any]] = tx.execute(select(*columns).where(ProcessInstance.ended_at.is_(None)))
    for instance in instances:
        try:
            tokens = _tokens(tx, instance)
        except TitianError as error:
            yield instance.id, str(error)
            continue
        rows = waiting.get(instance.id, set())
        if tokens != rows:
            yield instance.id, f"{len(tokens - rows)} rows are missing, {len(rows - tokens)} are too many"


def _tokens(tx: Connection, instance: Row[Any]) -> set[str]:
    executable = catalog.load_process(tx, instance.definition_id).executable
    host = interpreter.Host(scopes={}, decide=_nothing, resolve_due=_nothing)
    workflow = interpreter.load(instance.state, executable, host)
    return {waiting.token_id for waiting in workflow.waiting() if waiting.kind in WAITING}


def _waiting_rows(tx: Connection) -> dict[str, set[str]]:
    """By instance, the ids of everything that waits."""
    found: dict[str, set[str]] = {}
    for query in (
        select(UserTask.instance_id, UserTask.id).where(UserTask.ended_at.is_(None)),
        select(Job.instance_id, Job.id).where(Job.kind.in_(("timer", "async"))),
        select(Subscription.instance_id, Subscription.id),
        select(ExternalTask.instance_id, ExternalTask.id),
    ):
        for instance_id, row_id in tx.execute(query):
            found.setdefault(str(instance_id), set()).add(row_id)
    return found


def _nothing(*_: Any) -> Any:
    raise AssertionError("looking at an instance decides nothing")
