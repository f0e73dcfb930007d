"""Keeping the keys: a database belongs to one key store, and what an earlier release left open is sealed."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Engine, Row, and_, func, insert, or_, select, text, update

from engine import catalog
from engine.commands.outbox import seal_carried
from engine.errors import KeysUnavailable
from engine.secrecy import CaseKey, keys_of, seal_text
from engine.store import reading, reading_once, writing
from engine.store.documents import (
    open_variables,
    pack_events,
    seal_values,
    seal_variables,
    unpack_events,
)
from engine.store.tables import HistoryEntry, Job, KeyStoreMark, ProcessInstance, UserTask

_AT_ONCE = 200
_OPEN = or_(
    and_(ProcessInstance.sealed.is_not(None), func.length(ProcessInstance.sealed) > len("[]")),
    func.length(ProcessInstance.reason) > 0,
)
_NOT_YET = and_(ProcessInstance.key_id.is_(None), _OPEN)


def bind_keys(database: Engine) -> None:
    """See that the key store is the one that this database's cases are sealed with; the first one counts.

    Comes before anything is sealed: two machines with a key store each would seal what the other cannot open.
    Raises ``KeysUnavailable``.
    """
    store_id = keys_of(database).view().id
    with reading(database) as tx:
        known = _known(tx)
    if known is None:
        with writing(database) as tx:
            known = _known(tx)
            if known is None:
                tx.execute(insert(KeyStoreMark).values(id=1, store_id=store_id))
                return
    if known != store_id:
        raise KeysUnavailable(
            reason=f"this database belongs to the key store {known}, and the one that is set is {store_id}:"
            " set TITIAN_KEYS_URL, or bring the key store back"
        )


def _known(tx: Connection) -> str | None:
    return tx.scalars(select(KeyStoreMark.store_id)).one_or_none()


def seal_open_data(database: Engine) -> int:
    """Seal what releases before sealing have left open; returns how many cases. A second call finds nothing.

    Every case is sealed in one transaction. At the end the database lets go of the pages where it stood.
    """
    count = 0
    while sealed := _seal_some(database):
        count += sealed
    with writing(database) as tx:
        jobs = _seal_jobs(tx)
    if count or jobs:
        _sweep(database)
    return count


def _seal_some(database: Engine) -> int:
    columns = ("id", "definition_id", "variables", "sealed", "submitted", "reason", "ended_at")
    query = select(*(getattr(ProcessInstance, name) for name in columns)).where(_NOT_YET).limit(_AT_ONCE)
    with writing(database) as tx:
        rows = tx.execute(query.with_for_update()).all()
        for row in rows:
            _seal_one(tx, row)
        return len(rows)


def _seal_one(tx: Connection, row: Row[Any]) -> None:
    key = keys_of(tx).take()
    scopes = open_variables(row.variables, None, None)
    marked = catalog.sealed_fields(tx, catalog.load_process(tx, row.definition_id))
    sealed = set(row.sealed) | {name for scope in scopes.values() for name in marked.intersection(scope)}
    document, secrets = seal_variables(scopes, sealed, lambda: key, ended=row.ended_at is not None)
    plain, submitted = _parted(row.submitted, sealed, key)
    tx.execute(
        update(ProcessInstance)
        .where(ProcessInstance.id == row.id)
        .values(
            variables=document,
            secrets=secrets,
            sealed=sorted(sealed),
            submitted=plain,
            submitted_secrets=submitted,
            reason=seal_text(key, "reason", row.reason) if row.reason else row.reason,
            key_id=key.id,
        )
    )
    given = select(UserTask.id, UserTask.submitted).where(
        UserTask.instance_id == row.id, UserTask.submitted.is_not(None)
    )
    for task in tx.execute(given).all():
        plain, secrets = _parted(task.submitted, sealed, key)
        values: dict[str, Any] = {"submitted": plain, "submitted_secrets": secrets}
        tx.execute(update(UserTask).where(UserTask.id == task.id).values(**values))
    _seal_reasons(tx, row.id, key)


def _parted(values: Any, sealed: Iterable[str], key: CaseKey) -> tuple[Any, bytes | None]:
    return (None, None) if values is None else seal_values(values, set(sealed), lambda: key)


def _seal_reasons(tx: Connection, instance_id: str, key: CaseKey) -> None:
    entries = select(HistoryEntry.seq, HistoryEntry.events).where(HistoryEntry.instance_id == instance_id)
    for entry in tx.execute(entries).all():
        events = unpack_events(entry.events)
        if any((event.details or {}).get("reason") for event in events):
            told = [event._replace(details=_sealed(event.details, key)) for event in events]
            changed = update(HistoryEntry).where(HistoryEntry.seq == entry.seq)
            tx.execute(changed.values(events=pack_events(told)))


def _sealed(details: Mapping[str, Any] | None, key: CaseKey) -> dict[str, Any] | None:
    if not details or not details.get("reason"):
        return None if details is None else dict(details)
    return {**details, "reason": seal_text(key, "reason", details["reason"])}


def _seal_jobs(tx: Connection) -> int:
    """Messages and signals that are on their way."""
    count = 0
    for job in tx.execute(select(Job.id, Job.details).where(Job.kind.in_(("message", "signal")))).all():
        if job.details.get("variables"):
            details = seal_carried(tx, job.details)
            tx.execute(update(Job).where(Job.id == job.id).values(details=details))
            count += 1
    return count


def _sweep(database: Engine) -> None:
    """Let the database write its pages anew, so that none keeps what stood there."""
    with reading_once(database) as alone:  # neither works inside a transaction
        if database.dialect.name == "sqlite":
            alone.execute(text("VACUUM"))
            alone.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
            return
        for table in (ProcessInstance, UserTask, HistoryEntry, Job):
            alone.execute(text(f"VACUUM (FULL) {table.__tablename__}"))
