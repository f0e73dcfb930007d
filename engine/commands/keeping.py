"""Keeping the keys: a database belongs to one key store, and what an earlier release left open is sealed."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Engine, Row, bindparam, insert, select, text, update

from engine import catalog
from engine.commands.outbox import seal_carried
from engine.commands.register_words import seal_open_words
from engine.errors import KeysUnavailable
from engine.queries.worker_errors import ERROR
from engine.secrecy import CaseKey, keys_of, seal_text
from engine.store import reading, reading_once, writing
from engine.store.documents import (
    open_values,
    open_variables,
    pack_events,
    seal_values,
    seal_variables,
    unpack_events,
)
from engine.store.tables import (
    Breach,
    DataRequest,
    ExternalTask,
    HistoryEntry,
    Incident,
    Job,
    KeyStoreMark,
    ProcessInstance,
    UserTask,
)

_AT_ONCE = 200


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


def require_sealed(database: Engine) -> None:
    """Raise ``KeysUnavailable`` where an earlier release's data still lie open: no case moves on before."""
    bind_keys(database)
    with reading(database) as tx:
        if not _is_sealed(tx):
            raise KeysUnavailable(
                reason="what an earlier release has left open is not sealed: run titian init"
            )


def seal_open_data(database: Engine, *, again: bool = False) -> int:
    """Seal what releases before sealing have left open; returns how many cases. A second call does nothing.

    Every case is sealed in one transaction. At the end the database lets go of the pages where it stood; only
    then it counts as done. ``again``: look all cases through once more, for fields that a form marks
    ``rahasia`` since. Raises ``KeysUnavailable``.
    """
    with reading(database) as tx:
        if _is_sealed(tx) and not again:
            return 0
    bind_keys(database)
    count, last = 0, ""
    while ids := _next_ids(database, last):
        with writing(database) as tx:
            count += sum(_seal_one(tx, instance_id) for instance_id in ids)
        last = ids[-1]
    with writing(database) as tx:
        beside = _seal_jobs(tx) + seal_open_words(tx)
    if count or beside:
        _sweep(database)
    with writing(database) as tx:
        tx.execute(update(KeyStoreMark).values(sealed=True))
    return count


def _is_sealed(tx: Connection) -> bool:
    return bool(tx.scalars(select(KeyStoreMark.sealed)).one_or_none())


def _next_ids(database: Engine, last: str) -> list[str]:
    after = ProcessInstance.id > last, ProcessInstance.erased_at.is_(None)
    with reading(database) as tx:
        return list(
            tx.scalars(select(ProcessInstance.id).where(*after).order_by(ProcessInstance.id).limit(_AT_ONCE))
        )


def _seal_one(tx: Connection, instance_id: str) -> bool:
    """Seal what lies open of a case; whether there was anything."""
    query = select(ProcessInstance.__table__).where(ProcessInstance.id == instance_id)
    row = tx.execute(query.with_for_update(key_share=True)).one()
    known = keys_of(tx).find(row.key_id) if row.key_id else None
    if row.key_id and known is None:
        return False  # erased
    key = known or keys_of(tx).take()
    scopes = open_variables(row.variables, row.secrets, known)
    marked = catalog.sealed_fields(tx, catalog.load_process(tx, row.definition_id))
    sealed = set(row.sealed) | {name for scope in scopes.values() for name in marked.intersection(scope)}
    document, secrets = seal_variables(scopes, sealed, lambda: key, ended=row.ended_at is not None)
    values: dict[str, Any] = {
        "variables": document,
        "secrets": secrets,
        "sealed": sorted(sealed),
        "reason": _sealed_text(key, row.reason),
    }
    found = set(sealed) != set(row.sealed) or (secrets is None) is not (row.secrets is None)
    found = found or values["reason"] != row.reason
    if parts := _parts(row, sealed, known, key):
        found, values = True, values | parts
    for task in tx.execute(_GIVEN, {"instance_id": instance_id}).all():
        if parts := _parts(task, sealed, known, key):
            found = True
            tx.execute(update(UserTask).where(UserTask.id == task.id).values(**parts))
    found = _seal_errors(tx, instance_id, key) or found
    if known is None:  # later ones were sealed when they were written, and the log has their digest
        found = _seal_reasons(tx, instance_id, key) or found
    if found:
        values |= {"key_id": key.id}
        tx.execute(update(ProcessInstance).where(ProcessInstance.id == instance_id).values(**values))
    return found


_GIVEN: Any = select(UserTask.id, UserTask.submitted, UserTask.submitted_secrets).where(
    UserTask.instance_id == bindparam("instance_id"), UserTask.submitted.is_not(None)
)


def _parts(row: Row[Any], sealed: set[str], known: CaseKey | None, key: CaseKey) -> dict[str, Any]:
    """The new columns of what was filled in; nothing where no value of it is to be sealed that is not."""
    if row.submitted is None or not any(row.submitted.get(name) is not None for name in sealed):
        return {}
    values, _ = open_values(row.submitted, row.submitted_secrets, known)
    plain, secrets = seal_values(values, sealed, lambda: key)
    return {"submitted": plain, "submitted_secrets": secrets}


def _seal_errors(tx: Connection, instance_id: str, key: CaseKey) -> bool:
    """What workers of external tasks have said of failures; earlier releases kept it open."""
    found = False
    of_case = ExternalTask.instance_id == instance_id, ExternalTask.error_message.is_not(None)
    said = select(ExternalTask.id, ExternalTask.error_message, ExternalTask.error_details).where(*of_case)
    for task in tx.execute(said).all():
        texts = {"error_message": task.error_message, "error_details": task.error_details}
        sealed = {name: _sealed_text(key, text, ERROR) for name, text in texts.items()}
        if sealed != texts:
            found = True
            tx.execute(update(ExternalTask).where(ExternalTask.id == task.id).values(**sealed))
    of_workers = Incident.instance_id == instance_id, Incident.kind == "failedExternalTask"
    for incident in tx.execute(select(Incident.id, Incident.message).where(*of_workers)).all():
        message = _sealed_text(key, incident.message, ERROR)
        if message != incident.message:
            found = True
            tx.execute(update(Incident).where(Incident.id == incident.id).values(message=message))
    return found


def _sealed_text(key: CaseKey, text: str | None, purpose: str = "reason") -> str | None:
    return seal_text(key, purpose, text) if text and not text.startswith("sealed:") else text


def _seal_reasons(tx: Connection, instance_id: str, key: CaseKey) -> bool:
    found = False
    entries = select(HistoryEntry.seq, HistoryEntry.events).where(HistoryEntry.instance_id == instance_id)
    for entry in tx.execute(entries).all():
        events = unpack_events(entry.events)
        if any((event.details or {}).get("reason") for event in events):
            told = [event._replace(details=_sealed(event.details, key)) for event in events]
            changed = update(HistoryEntry).where(HistoryEntry.seq == entry.seq)
            tx.execute(changed.values(events=pack_events(told)))
            found = True
    return found


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
        changed = (ProcessInstance, UserTask, HistoryEntry, Job, ExternalTask, Incident, DataRequest, Breach)
        for table in changed:
            alone.execute(text(f"VACUUM (FULL) {table.__tablename__}"))
