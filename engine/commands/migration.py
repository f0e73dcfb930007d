"""Moving cases to another version of their process, one transaction each, and back again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import orjson
from sqlalchemy import Connection, insert, select, update
from uuid_utils import uuid7

from engine import access, clock
from engine.access import Action
from engine.commands import history
from engine.commands.aligning import align_cases
from engine.commands.clocks import case_of
from engine.commands.migration_plan import (
    InstanceMigration,
    Versions,
    instances_to_move,
    problem_of,
    read_versions,
)
from engine.commands.migration_rows import keep_rows, renew_rows
from engine.commands.unit import Work
from engine.commands.work import open_work, save_work
from engine.errors import N_, MigrationBlocked, MigrationNotFound, MigrationRefused, TitianError
from engine.interpreter import MigrationMove, MigrationProblem, Waiting, migrate, validate
from engine.store import Database, writing
from engine.store.tables import MigratedInstance, MigrationBatch, ProcessInstance
from engine.types import ANY_INSTANCE, Actor, HistoryKind, InstanceFilter

ELSEWHERE = N_("It is not of the version that the plan begins with.")


@dataclass(frozen=True)
class MigrationReport:
    """What a migration, or its undoing, has done: ``done`` and ``blocked`` instances with the reasons."""

    batch_id: str
    done: tuple[InstanceMigration, ...]
    blocked: tuple[InstanceMigration, ...]


def migrate_instances(
    database: Database,
    actor: Actor,
    source_definition_id: str,
    target_definition_id: str,
    instances: InstanceFilter = ANY_INSTANCE,
    *,
    mapping: Mapping[str, str] | None = None,
    batch_id: str | None = None,
) -> MigrationReport:
    """Move the open instances of a version that ``instances`` lets through; each in a transaction of its own.

    What blocks leaves its instance alone and the others go on; an interrupted call is simply made again
    (``batch_id``: of that call, to stay together), as what has moved is not of the source any more. Raises as
    ``plan_migration``, and ``MigrationRefused`` for a mapping that suits no instance.
    """
    with writing(database) as tx:
        versions = read_versions(tx, actor, source_definition_id, target_definition_id, mapping)
        if problems := validate(versions.plan):
            reason = f"{problems[0].element_id}: {problems[0]}"
            raise MigrationRefused(target=target_definition_id, reason=reason)
        batch_id = _batch(tx, actor, versions, batch_id)
        ids = instances_to_move(tx, actor, versions, instances)
    results = [_migrate_one(database, actor, versions, batch_id, instance_id) for instance_id in ids]
    return report_of(batch_id, results)


def migrate_together(
    database: Database,
    actor: Actor,
    source_definition_id: str,
    target_definition_id: str,
    instances: InstanceFilter = ANY_INSTANCE,
    *,
    mapping: Mapping[str, str] | None = None,
) -> MigrationReport:
    """The same in one transaction: all of them, or none. Raises also ``MigrationBlocked``."""
    ends = source_definition_id, target_definition_id
    with writing(database) as tx:
        report = migrate_instances(tx, actor, *ends, instances, mapping=mapping)
        if report.blocked:
            raise MigrationBlocked(target_definition_id, report.blocked)
        return report


def report_of(batch_id: str, results: list[InstanceMigration]) -> MigrationReport:
    done = tuple(result for result in results if not result.problems)
    return MigrationReport(batch_id, done, tuple(result for result in results if result.problems))


def _batch(tx: Connection, actor: Actor, versions: Versions, batch_id: str | None) -> str:
    """The id of a new batch, or of one that is taken up again."""
    if batch_id is not None:
        row = read_batch(tx, actor, batch_id)
        ends = row.source_definition_id, row.target_definition_id
        if ends != (versions.source.id, versions.target.id) or row.undone_at is not None:
            raise MigrationRefused(target=versions.target.id, reason="the batch is another one, or undone")
        return batch_id
    values = {
        "id": str(uuid7()),
        "agency_id": versions.source.agency_id,
        "at": clock.now(),
        "by": actor.user_id,
        "source_definition_id": versions.source.id,
        "target_definition_id": versions.target.id,
        "plan": dict(versions.plan.mapping),
        "undone_at": None,
        "undone_by": None,
    }
    tx.execute(insert(MigrationBatch).values(**values))
    return str(values["id"])


def read_batch(tx: Connection, actor: Actor, batch_id: str) -> Any:
    """The row of a batch of an agency that the actor manages. Raises ``MigrationNotFound``,
    ``ActionForbidden``."""
    row = tx.execute(select(MigrationBatch.__table__).where(MigrationBatch.id == batch_id)).one_or_none()
    if row is None or not access.may(actor, Action.SEE_DEFINITIONS, row.agency_id):
        raise MigrationNotFound(id=batch_id)
    access.require(actor, Action.MIGRATE, row.agency_id)
    return row


def _migrate_one(
    database: Database, actor: Actor, versions: Versions, batch_id: str, instance_id: str
) -> InstanceMigration:
    """Move one instance, or say why not."""
    business_key, moves = "", list[MigrationMove]()
    try:
        with writing(database) as tx:
            work = open_work(tx, actor, instance_id, even_suspended=True)
            business_key = work.instance.business_key
            if work.instance.definition_id != versions.source.id:
                return _blocked(versions, instance_id, business_key, ELSEWHERE)
            before: dict[str, Any] = {
                "state": work.workflow.save().decode(),
                "rows": keep_rows(tx, instance_id),
            }
            with clock.in_zone(work.zone.key):
                workflow, moves, problems = migrate(before["state"].encode(), versions.plan, work.host)
            if workflow is None:
                return InstanceMigration(instance_id, business_key, tuple(moves), tuple(problems))
            work.workflow, work.deployed = workflow, versions.target
            work.instance = replace(work.instance, definition_id=versions.target.id)
            _save(work, versions, batch_id, moves, before)
    except TitianError as error:
        return InstanceMigration(instance_id, business_key, tuple(moves), (problem_of(versions, error),))
    return InstanceMigration(instance_id, business_key, tuple(moves), ())


def _blocked(versions: Versions, instance_id: str, business_key: str, template: str) -> InstanceMigration:
    problem = MigrationProblem(versions.source.key, "", template)
    return InstanceMigration(instance_id, business_key, (), (problem,))


def _save(
    work: Work, versions: Versions, batch_id: str, moves: list[MigrationMove], before: dict[str, Any]
) -> None:
    """Write a migrated instance, and what it was before."""
    history.add(
        work,
        HistoryKind.INSTANCE_MIGRATED,
        batch=batch_id,
        source=versions.source.id,
        target=versions.target.id,
    )
    _tell(work, moves)
    ran, kept_rows = bool(work.workflow.trace), _stays(work)
    work.before |= kept_rows  # or those that have got another element would end and begin anew
    work.relocated = True
    save_work(work)
    of_instance = ProcessInstance.id == work.instance.id
    work.tx.execute(update(ProcessInstance).where(of_instance).values(definition_id=versions.target.id))
    renew_rows(work, kept_rows)
    if work.clocks is not None:  # only now do the rows of its tasks say where they are
        align_cases(work.tx, [case_of(work)], {work.instance.id: work.clocks.after})
    back = [[m.token_id, m.process_key, m.target_id, m.element_id] for m in moves if _moved(m)]
    kept = before | {"definition_id": versions.source.id, "ran": ran, "moves": back}
    work.tx.execute(
        insert(MigratedInstance).values(
            batch_id=batch_id,
            instance_id=work.instance.id,
            revision=work.instance.revision + 1,
            before=orjson.dumps(kept),
        )
    )


def _stays(work: Work) -> dict[str, Waiting]:
    """What waits as it did before, by token id, at its element in the target."""
    after = {waiting.token_id: waiting for waiting in work.workflow.waiting()}
    return {t: after[t] for t, w in work.before.items() if t in after and after[t].kind == w.kind}


def _moved(move: MigrationMove) -> bool:
    """Whether history has to tell that a token stands at another element now."""
    return not move.listener and move.element_id != move.target_id


def _tell(work: Work, moves: Iterable[MigrationMove]) -> None:
    for move in moves:
        if _moved(move):
            element = work.deployed.element(move.process_key, move.target_id or "")
            history.add(
                work,
                HistoryKind.ACTIVITY_MIGRATED,
                element=element,
                process_key=move.process_key,
                token_id=move.token_id,
            )
