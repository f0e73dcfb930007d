"""A step of somebody that could not go on: rolled back, and shown to the managers as an incident."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, Row, select

from engine.commands.incidents import open_incident
from engine.errors import ExecutionFailed
from engine.store import Database, writing
from engine.store.tables import ExternalTask, ProcessInstance, Subscription, UserTask


@contextmanager
def stepping(database: Database, token_id: str | None = None) -> Iterator[Connection]:
    """``writing``, for a step of a person or program. Where the process cannot go on from there, all is
    rolled back, and an incident (``failedStep``) opened in a transaction of its own; the error is raised.

    ``token_id``: of the step, where the error does not say it. Inside a transaction of the caller's, that
    one has to see to it.
    """
    try:
        with writing(database) as tx:
            yield tx
    except ExecutionFailed as error:
        error.token_id = error.token_id or token_id
        if isinstance(database, Engine) and error.token_id is not None:
            _note(database, error.token_id, str(error))
        raise


def _note(database: Engine, token_id: str, message: str) -> None:
    with writing(database) as tx:
        found = _waiting(tx, token_id)
        if found is not None:
            open_incident(
                tx,
                "failedStep",
                agency_id=found.agency_id,
                subject_id=token_id,
                message=message,
                instance_id=found.instance_id,
                definition_id=found.definition_id,
                process_key=found.process_key,
                element_id=found.element_id,
            )


def _waiting(tx: Connection, token_id: str) -> Row[Any] | None:
    """Where a token waits, from its row."""
    places: tuple[tuple[Any, Any], ...] = (
        (UserTask, UserTask.process_key),
        (ExternalTask, ExternalTask.process_key),
        (Subscription, ProcessInstance.definition_key),
    )
    for table, process_key in places:
        query = (
            select(
                table.agency_id,
                table.instance_id,
                ProcessInstance.definition_id,
                process_key.label("process_key"),
                table.element_id,
            )
            .join(ProcessInstance, ProcessInstance.id == table.instance_id)
            .where(table.id == token_id)
        )
        row: Row[Any] | None = tx.execute(query).one_or_none()
        if row is not None:
            return row
    return None
