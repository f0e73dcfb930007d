"""Planning to move cases to another version of their process: the mapping, and a dry run over cases."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, select

from engine import access, catalog, clock
from engine.access import Action
from engine.catalog import DeployedProcess
from engine.commands.work import host_for
from engine.errors import DefinitionNotFound, MigrationRefused, TitianError
from engine.interpreter import (
    MigrationMove,
    MigrationPlan,
    MigrationProblem,
    generate,
    migrate,
    validate,
)
from engine.queries.instances import list_instances
from engine.secrecy import keys_of
from engine.store import Database, reading
from engine.store.documents import open_variables
from engine.store.tables import ProcessInstance
from engine.types import ANY_INSTANCE, Actor, InstanceFilter, Page


@dataclass(frozen=True)
class InstanceMigration:
    """One instance of a migration: where its tokens go, and what blocks it. Without problems it moves."""

    instance_id: str
    business_key: str
    moves: tuple[MigrationMove, ...]
    problems: tuple[MigrationProblem, ...]


@dataclass(frozen=True)
class MigrationPlanView:
    """A mapping of element ids between two versions, what is wrong with it, and what it does to instances."""

    source_definition_id: str
    target_definition_id: str
    mapping: Mapping[str, str]
    problems: tuple[MigrationProblem, ...]
    instances: tuple[InstanceMigration, ...] = ()


@dataclass(frozen=True)
class Versions:
    """Two versions of one process of one agency, and the plan between them."""

    source: DeployedProcess
    target: DeployedProcess
    plan: MigrationPlan


def read_versions(
    tx: Connection, actor: Actor, source_id: str, target_id: str, mapping: Mapping[str, str] | None
) -> Versions:
    """The versions and their plan; ``mapping`` None: every element that can stand for itself.

    Raises ``DefinitionNotFound``, ``ActionForbidden``, and ``MigrationRefused`` where they are not two
    versions of one process.
    """
    source, target = _visible(tx, actor, source_id), _visible(tx, actor, target_id)
    access.require(actor, Action.MIGRATE, source.agency_id)
    if (source.agency_id, source.key) != (target.agency_id, target.key):
        raise MigrationRefused(target=target_id, reason="it is no version of the same process")
    if source.id == target.id:
        raise MigrationRefused(target=target_id, reason="it is the version that they have")
    if mapping is None:
        mapping = generate(source.executable, target.executable)
    return Versions(source, target, MigrationPlan(source.executable, target.executable, mapping))


def _visible(tx: Connection, actor: Actor, definition_id: str) -> DeployedProcess:
    deployed = catalog.load_process(tx, definition_id)
    if not access.may(actor, Action.SEE_DEFINITIONS, deployed.agency_id):
        raise DefinitionNotFound(id=definition_id)
    return deployed


def plan_migration(
    database: Database,
    actor: Actor,
    source_definition_id: str,
    target_definition_id: str,
    instances: InstanceFilter | None = ANY_INSTANCE,
    *,
    mapping: Mapping[str, str] | None = None,
    page: Page | None = None,
) -> MigrationPlanView:
    """A dry run: what would move in each open instance of the source that ``instances`` lets through, and
    what blocks it and why. Nothing is changed.

    ``instances`` None: look at the mapping alone; ``page``: which of the instances, all by default. Raises as
    ``read_versions``.
    """
    with reading(database) as tx:
        versions = read_versions(tx, actor, source_definition_id, target_definition_id, mapping)
        problems = tuple(validate(versions.plan))
        ids = [] if instances is None else instances_to_move(tx, actor, versions, instances, page)
        found = tuple(_tried(tx, versions, instance_id) for instance_id in ids)
        return MigrationPlanView(
            source_definition_id, target_definition_id, dict(versions.plan.mapping), problems, found
        )


def instances_to_move(
    tx: Connection, actor: Actor, versions: Versions, instances: InstanceFilter, page: Page | None = None
) -> list[str]:
    """Ids of the open instances of the source that a filter lets through, oldest first."""
    wanted = replace(instances, definition_id=versions.source.id, ended=False)
    order = (("started", True), ("id", True))
    page = replace(page, sort=order) if page is not None else Page(sort=order)
    return [view.id for view in list_instances(tx, actor, wanted, page)]


def _tried(tx: Connection, versions: Versions, instance_id: str) -> InstanceMigration:
    """What a migration would do to one instance, tried on a copy in memory."""
    columns = ("business_key", "state", "variables", "secrets", "key_id")
    query = select(*(getattr(ProcessInstance, name) for name in columns))
    row = tx.execute(query.where(ProcessInstance.id == instance_id)).one()
    zone = catalog.zone_of(tx, versions.source.agency_id)
    key = keys_of(tx).find(row.key_id) if row.key_id else None
    scopes = open_variables(row.variables, row.secrets, key)
    host = host_for(tx, versions.target, clock.now(), zone, scopes, [])
    moves: list[MigrationMove] = []
    try:
        with clock.in_zone(zone.key):
            _, moves, problems = migrate(row.state, versions.plan, host)
    except TitianError as error:
        problems = [problem_of(versions, error)]
    return InstanceMigration(instance_id, row.business_key, tuple(moves), tuple(problems))


def problem_of(versions: Versions, error: TitianError) -> MigrationProblem:
    """What the process itself raised on its way, as a problem of an instance."""
    element: Any = error.parameters.get("element", "")
    return MigrationProblem(versions.target.key, str(element), error.template, error.parameters)
