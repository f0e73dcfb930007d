"""The way back from a migration, for cases that have not gone on since."""

from typing import Any

import orjson
from sqlalchemy import Connection, delete, select, update

from engine import catalog, clock
from engine.commands import history
from engine.commands.clocks import relocate_clocks
from engine.commands.migration import MigrationReport, read_batch, report_of
from engine.commands.migration_plan import InstanceMigration
from engine.commands.migration_rows import restore_rows
from engine.commands.work import open_work
from engine.errors import N_, MigrationRefused, TitianError
from engine.interpreter import MigrationProblem
from engine.store import Database, writing
from engine.store.documents import Event
from engine.store.tables import MigratedInstance, MigrationBatch, ProcessInstance
from engine.types import Actor, HistoryKind

MOVED_ON = N_("It has gone on since, or was changed: going back would lose that.")


def undo_migration(database: Database, actor: Actor, batch_id: str) -> MigrationReport:
    """Put the instances of a migration back to what they were; each in a transaction of its own.

    Only those that have not gone on since: later steps are not thrown away. An interrupted call is simply
    made again. Raises ``MigrationNotFound``, ``ActionForbidden``, and ``MigrationRefused`` where it was
    undone.
    """
    with writing(database) as tx:
        batch = read_batch(tx, actor, batch_id)
        if batch.undone_at is not None:
            raise MigrationRefused(target=batch.source_definition_id, reason="it has been undone already")
        ids = _members(tx, batch_id)
    results = [_undo_one(database, actor, batch, instance_id) for instance_id in ids]
    with writing(database) as tx:
        values: dict[str, Any] = {"undone_at": clock.now(), "undone_by": actor.user_id}
        tx.execute(update(MigrationBatch).where(MigrationBatch.id == batch_id).values(**values))
    return report_of(batch_id, results)


def _members(tx: Connection, batch_id: str) -> list[str]:
    of_batch = select(MigratedInstance.instance_id).where(MigratedInstance.batch_id == batch_id)
    return list(tx.scalars(of_batch.order_by(MigratedInstance.instance_id)))


def _undo_one(database: Database, actor: Actor, batch: Any, instance_id: str) -> InstanceMigration:
    business_key, problems = "", list[MigrationProblem]()
    try:
        with writing(database) as tx:
            business_key, possible = _restore(tx, actor, batch, instance_id)
            if not possible:
                problems = [MigrationProblem("", "", MOVED_ON)]
    except TitianError as error:
        problems = [MigrationProblem("", "", error.template, error.parameters)]
    return InstanceMigration(instance_id, business_key, (), tuple(problems))


def _restore(tx: Connection, actor: Actor, batch: Any, instance_id: str) -> tuple[str, bool]:
    """Restore one instance, if it is as the migration left it: its business key, and whether it was."""
    columns = ("business_key", "agency_id", "revision", "suspended")
    query = select(*(getattr(ProcessInstance, name) for name in columns))
    now = tx.execute(query.where(ProcessInstance.id == instance_id).with_for_update(key_share=True)).one()
    member = (MigratedInstance.batch_id == batch.id, MigratedInstance.instance_id == instance_id)
    kept = tx.execute(select(MigratedInstance.revision, MigratedInstance.before).where(*member)).one_or_none()
    if kept is None:  # another call has undone it
        return now.business_key, True
    before = orjson.loads(kept.before)
    if kept.revision != now.revision or before["ran"]:
        return now.business_key, False
    tx.execute(
        update(ProcessInstance)
        .where(ProcessInstance.id == instance_id)
        .values(
            definition_id=before["definition_id"],
            state=before["state"].encode(),
            revision=now.revision + 1,
        )
    )
    restore_rows(tx, instance_id, before["rows"], suspended=now.suspended)
    tx.execute(delete(MigratedInstance).where(*member))
    relocate_clocks(open_work(tx, actor, instance_id, even_suspended=True, even_unreadable=True))
    told = [Event(HistoryKind.MIGRATION_UNDONE.value, details={"batch": batch.id})]
    own = catalog.load_process(tx, before["definition_id"]).key
    for token_id, process_key, _, element_id in before["moves"]:
        called = None if process_key == own else process_key
        told.append(Event(HistoryKind.ACTIVITY_MIGRATED.value, element_id, token_id, None, called))
    place = instance_id, now.agency_id, before["definition_id"]
    history.write_events(tx, actor, *place, clock.now(), told)
    return now.business_key, True
