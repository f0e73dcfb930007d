"""What is deployed: versions of processes, decisions and forms, their files, and what decisions answer."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Engine, Row, func, select

from engine import access, catalog, clock
from engine.access import Action
from engine.definitions.dmn import Comparison, compare_tables
from engine.definitions.forms import Form
from engine.errors import DecisionNotFound, DefinitionNotFound, DeploymentNotFound, FormNotFound, QueryInvalid
from engine.feel import to_json
from engine.queries.members import form_options
from engine.store import reading
from engine.store.tables import (
    DecisionDefinition,
    Deployment,
    FormDefinition,
    ProcessDefinition,
    Resource,
)
from engine.types import Actor, DefinitionView, DeploymentView

_TABLES: dict[str, type[catalog.Definition]] = {
    "process": ProcessDefinition,
    "decision": DecisionDefinition,
    "form": FormDefinition,
}
_ABSENT = {"process": DefinitionNotFound, "decision": DecisionNotFound, "form": FormNotFound}


def list_definitions(
    database: Engine,
    actor: Actor,
    kind: str = "process",
    *,
    agency_ids: Iterable[str] = (),
    key: str | None = None,
    latest: bool = True,
    startable: bool = False,
    deployment_id: str | None = None,
) -> list[DefinitionView]:
    """Versions of a ``kind`` (``process``, ``decision``, ``form``) in the actor's agencies, sorted by name.

    ``latest``: only the newest of each key; ``startable``: only processes that the actor may start.
    """
    table = _table(kind)
    query = _query(table).where(table.agency_id.in_(_agencies(actor, agency_ids)))
    if key is not None:
        query = query.where(table.key == key)
    if deployment_id is not None:
        query = query.where(table.deployment_id == deployment_id)
    with reading(database) as tx:
        rows = tx.execute(query.order_by(table.agency_id, table.name, table.key, table.version.desc())).all()
    if latest:
        newest: dict[tuple[str, str], Row[Any]] = {}
        for row in rows:
            newest.setdefault((row.agency_id, row.key), row)
        rows = list(newest.values())
    views = [_view(kind, row, actor) for row in rows]
    return [view for view in views if view.startable or not startable]


def get_definition(
    database: Engine,
    actor: Actor,
    kind: str = "process",
    *,
    id: str | None = None,
    key: str | None = None,
    agency_id: str | None = None,
    version: int | None = None,
) -> DefinitionView:
    """One version: by id, or by key (the newest, or ``version``) in an agency or the only one that has it.

    Raises ``DefinitionNotFound``, ``DecisionNotFound`` or ``FormNotFound``; ``QueryInvalid`` where several of
    the actor's agencies have the key and none is named.
    """
    table = _table(kind)
    query = _query(table).where(table.agency_id.in_(_agencies(actor, [agency_id] if agency_id else [])))
    for column, value in ((table.id, id), (table.key, key), (table.version, version)):
        query = query if value is None else query.where(column == value)
    with reading(database) as tx:
        rows = tx.execute(query.order_by(table.version.desc())).all()
    if not rows or (id is None and key is None):
        raise _ABSENT[kind](id=id or key)
    if len({row.agency_id for row in rows}) > 1:
        raise QueryInvalid(reason=f"several agencies have '{key}'; name one")
    return _view(kind, rows[0], actor)


def definition_content(database: Engine, actor: Actor, kind: str, id: str) -> bytes:
    """The file of a version, byte for byte. Raises as ``get_definition``."""
    get_definition(database, actor, kind, id=id)
    table = _table(kind)
    query = select(Resource.content).join(table, table.resource_id == Resource.id).where(table.id == id)
    with reading(database) as tx:
        return tx.scalars(query).one()


def start_form(
    database: Engine, actor: Actor, agency_id: str, key: str, definition_id: str | None = None
) -> dict[str, Any] | None:
    """The form-js schema of a process's start form, None without one. Raises ``DefinitionNotFound``."""
    view = get_definition(
        database, actor, id=definition_id, key=None if definition_id else key, agency_id=agency_id or None
    )
    with reading(database) as tx:
        form = _start_form(tx, view.id)
        return form.schema if form else None


def start_form_data(database: Engine, actor: Actor, agency_id: str, key: str) -> dict[str, Any]:
    """What a start form is filled with: the options that the server supplies."""
    view = get_definition(database, actor, key=key, agency_id=agency_id)
    with reading(database) as tx:
        form = _start_form(tx, view.id)
        return form_options(tx, agency_id, form) if form else {}


def _start_form(tx: Connection, definition_id: str) -> Form | None:
    deployed = catalog.load_process(tx, definition_id)
    start = deployed.process.none_start
    return catalog.form_of(tx, deployed, start) if start else None


def list_deployments(
    database: Engine, actor: Actor, *, agency_ids: Iterable[str] = (), name: str | None = None
) -> list[DeploymentView]:
    """Deployments of the actor's agencies, the newest first, without their definitions."""
    query = select(Deployment.__table__).where(Deployment.agency_id.in_(_agencies(actor, agency_ids)))
    if name is not None:
        query = query.where(Deployment.name == name)
    with reading(database) as tx:
        rows = tx.execute(query.order_by(Deployment.deployed_at.desc(), Deployment.id)).all()
    return [DeploymentView(**row._asdict()) for row in rows]


def get_deployment(database: Engine, actor: Actor, deployment_id: str) -> DeploymentView:
    """One deployment with the versions that it made. Raises ``DeploymentNotFound``."""
    with reading(database) as tx:
        query = select(Deployment.agency_id).where(Deployment.id == deployment_id)
        agency_id = tx.scalars(query).one_or_none()
        if agency_id is None or not access.may(actor, Action.SEE_DEFINITIONS, agency_id):
            raise DeploymentNotFound(id=deployment_id)
        return read_deployment(tx, deployment_id)


def read_deployment(
    tx: Connection, deployment_id: str, *, warnings: tuple[Any, ...] = (), definitions: bool = True
) -> DeploymentView:
    """A deployment inside a transaction; ``definitions`` False: without the versions that it made."""
    row = tx.execute(select(Deployment.__table__).where(Deployment.id == deployment_id)).one()
    made: list[DefinitionView] = []
    for kind, table in _TABLES.items() if definitions else ():
        query = _query(table).where(table.deployment_id == deployment_id).order_by(table.key)
        made += [_view(kind, found, None) for found in tx.execute(query)]
    return DeploymentView(**row._asdict(), definitions=tuple(made), warnings=warnings)


def latest_ids(tx: Connection, agency_ids: list[str]) -> list[str]:
    """Ids of the newest version of each process of some agencies."""
    table = ProcessDefinition
    newest = select(table.agency_id, table.key, func.max(table.version).label("version"))
    top = newest.where(table.agency_id.in_(agency_ids)).group_by(table.agency_id, table.key).subquery()
    same = (top.c.agency_id == table.agency_id) & (top.c.key == table.key) & (top.c.version == table.version)
    return list(tx.scalars(select(table.id).join(top, same).order_by(table.id)))


def evaluate_decision_definition(
    database: Engine, actor: Actor, decision_id: str, variables: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Evaluate a deployed decision; returns its result rows as JSON values, like Camunda's ``evaluate``.

    Raises ``DecisionNotFound``, ``ActionForbidden`` and ``DecisionError``.
    """
    view = get_definition(database, actor, "decision", id=decision_id)
    with reading(database) as tx, clock.in_zone(catalog.zone_of(tx, view.agency_id).key):
        row = catalog.latest(tx, DecisionDefinition, view.agency_id, view.key, view.version)
        assert row is not None, "it was there a moment ago, and versions are never deleted"
        return [to_json(found) for found in catalog.evaluate_decision_row(tx, row, variables).rows]


def compare_decision_definitions(database: Engine, actor: Actor, old_id: str, new_id: str) -> Comparison:
    """Which inputs two versions of a decision table answer differently.

    ``old_id`` and ``new_id``: ids of versions. Raises ``DecisionNotFound``, ``QueryInvalid`` if one is no
    table.
    """
    views = [get_definition(database, actor, "decision", id=id_) for id_ in (old_id, new_id)]
    with reading(database) as tx:
        rows = [catalog.latest(tx, DecisionDefinition, v.agency_id, v.key, v.version) for v in views]
        old, new = (catalog.decision_of(tx, row) for row in rows if row is not None)
        found = compare_tables(old, new)
    if found is None:
        raise QueryInvalid(reason="only decision tables can be compared")
    return found


def _agencies(actor: Actor, asked: Iterable[str]) -> list[str]:
    own = set(actor.by_agency)
    wanted = set(asked)
    return sorted(own & wanted if wanted else own)


def _table(kind: str) -> type[catalog.Definition]:
    if kind not in _TABLES:
        raise QueryInvalid(reason=f"unknown kind '{kind}'")
    return _TABLES[kind]


def _query(table: type[catalog.Definition]) -> Any:
    return select(table.__table__, Deployment.deployed_at).join(
        Deployment, Deployment.id == table.deployment_id
    )


def _view(kind: str, row: Row[Any], actor: Actor | None) -> DefinitionView:
    startable = (
        kind == "process"
        and actor is not None
        and row.starts_by_hand
        and access.may(actor, Action.START, row.agency_id, groups=row.starter_groups, users=row.starter_users)
    )
    return DefinitionView(
        kind,
        row.id,
        row.agency_id,
        row.key,
        row.version,
        row.name,
        row.deployment_id,
        row.resource_name,
        row.deployed_at,
        startable,
    )
