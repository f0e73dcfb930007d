"""Process instances: lists, one, its variables, and where its tokens are on the diagram."""

from collections import Counter, defaultdict
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, func, select

from engine import access, catalog
from engine.definitions import text_of_file
from engine.errors import InstanceNotFound
from engine.queries.activities import read_stays
from engine.queries.paging import Sort, like, ordered, where, window
from engine.queries.shapes import KEPT, Asker, Shape, asker_of, shape_of
from engine.queries.variables import read_variables, works_on
from engine.secrecy import keys_of, open_text
from engine.store import Database, reading, reading_once
from engine.store.tables import ProcessDefinition, ProcessInstance, Resource, UserTask
from engine.types import (
    ANY_INSTANCE,
    WHOLE,
    Actor,
    DiagramView,
    InstanceFilter,
    InstanceView,
    Page,
    VariableView,
)

_SORT = {
    "due": ProcessInstance.due_at,
    "started": ProcessInstance.started_at,
    "ended": ProcessInstance.ended_at,
    "business_key": ProcessInstance.business_key,
    "definition": ProcessInstance.definition_key,
    "id": ProcessInstance.id,
}

_VIEW = select(
    *(
        getattr(ProcessInstance, name)
        for name in (
            "id",
            "agency_id",
            "definition_id",
            "definition_key",
            "business_key",
            "started_at",
            "started_by",
            "ended_at",
            "outcome",
            "reason",
            "key_id",
            "suspended",
            "erased_at",
            "due_at",
        )
    ),
    ProcessDefinition.name.label("definition_name"),
    ProcessDefinition.version.label("definition_version"),
).join(ProcessDefinition, ProcessDefinition.id == ProcessInstance.definition_id)

_ONE = _VIEW.where(ProcessInstance.id == bindparam("instance_id"))
_STEPS = (
    select(UserTask.instance_id, UserTask.name)
    .where(UserTask.instance_id.in_(bindparam("ids", expanding=True)), UserTask.ended_at.is_(None))
    .order_by(UserTask.created_at, UserTask.id)
)
_NEWEST = (("started", False),)


def list_instances(
    database: Database, actor: Actor, filter: InstanceFilter = ANY_INSTANCE, page: Page = WHOLE
) -> list[InstanceView]:
    """The instances that ``actor`` may see and ``filter`` lets through; by default the newest first.

    Sort keys: due (of the most urgent open task or clock), started, ended, business_key, definition, id.
    Raises ``QueryInvalid``.
    """
    part, sort = window(page), page.sort or _NEWEST
    (asker, who), (shape, values) = asker_of(actor), shape_of(filter)
    with reading(database) as tx:
        found = tx.execute(_list(asker, shape, sort), who | values | part).all()
        steps = _open_steps(tx, [row.id for row in found])
        return [_view(tx, row, tuple(steps[row.id])) for row in found]


@lru_cache(KEPT)
def _list(asker: Asker, shape: Shape[InstanceFilter], sort: Sort) -> Select[Any]:
    filter = shape.filter()
    filled = ("ended",) if filter.ended else ()
    query = ordered(_narrow(_VIEW, asker.actor(), filter), sort, _SORT, ProcessInstance.id, filled)
    listed: Select[Any] = query.offset(bindparam("first")).limit(bindparam("size"))
    return listed


def count_instances(
    database: Database,
    actor: Actor,
    filter: InstanceFilter = ANY_INSTANCE,
    at_most: int | None = None,
) -> int:
    """How many instances ``list_instances`` would list without a page; not counted beyond ``at_most``."""
    (asker, who), (shape, values) = asker_of(actor), shape_of(filter)
    query = _count(asker, shape, bounded=at_most is not None)
    with reading_once(database) as tx:
        return int(tx.scalar(query, who | values | {"end": at_most}) or 0)


@lru_cache(KEPT)
def _count(asker: Asker, shape: Shape[InstanceFilter], *, bounded: bool) -> Select[Any]:
    found = _narrow(select(ProcessInstance.id), asker.actor(), shape.filter())
    part = found.limit(bindparam("end")) if bounded else found
    return select(func.count()).select_from(part.subquery())


def get_instance(database: Database, actor: Actor, instance_id: str) -> InstanceView:
    """One instance, open or ended. Raises ``InstanceNotFound``."""
    with reading(database) as tx:
        require_visible(tx, actor, instance_id)
        return read_instance(tx, instance_id)


def read_instance(tx: Connection, instance_id: str) -> InstanceView:
    """One instance inside a transaction whose caller has decided that it may be seen."""
    row = tx.execute(_ONE, {"instance_id": instance_id}).one()
    return _view(tx, row, tuple(_open_steps(tx, [instance_id])[instance_id]))


def require_visible(tx: Connection, actor: Actor, instance_id: str) -> None:
    """Raise ``InstanceNotFound`` where the instance is absent or not for ``actor``."""
    asker, who = asker_of(actor)
    if tx.execute(_visible(asker), who | {"instance_id": instance_id}).first() is None:
        raise InstanceNotFound(id=instance_id)


@lru_cache(KEPT)
def _visible(asker: Asker) -> Select[Any]:
    seen = access.visible_instances(asker.actor())
    return select(ProcessInstance.id).where(ProcessInstance.id == bindparam("instance_id"), seen)


def instance_variables(database: Database, actor: Actor, instance_id: str) -> list[VariableView]:
    """The instance's own variables by name; a sealed one has its value only for who works on the case.

    Raises ``InstanceNotFound``.
    """
    with reading(database) as tx:
        require_visible(tx, actor, instance_id)
        return read_variables(tx, [instance_id], opened=works_on(tx, actor, [instance_id]))


def instance_diagram(database: Database, actor: Actor, instance_id: str) -> DiagramView:
    """The instance on its own version of the diagram: tokens, what was visited, and the flows between.

    What happened in called processes is left out: they are on other diagrams, where ids may be the same; and
    what only an earlier version has.
    Raises ``InstanceNotFound``.
    """
    with reading(database) as tx:
        require_visible(tx, actor, instance_id)
        content, definition_id = tx.execute(
            select(Resource.content, ProcessDefinition.id)
            .join(ProcessDefinition, ProcessDefinition.resource_id == Resource.id)
            .join(ProcessInstance, ProcessInstance.definition_id == ProcessDefinition.id)
            .where(ProcessInstance.id == instance_id)
        ).one()
        process = catalog.load_process(tx, definition_id).process
        stays = [
            stay
            for stay in read_stays(tx, [instance_id])
            if stay.process_key is None and stay.element_id in process.elements
        ]
        taken = {(stay.via, stay.element_id) for stay in stays}
        flows = [flow.id for flow in process.flows.values() if (flow.source, flow.target) in taken]
        ended = tx.scalars(select(ProcessInstance.ended_at).where(ProcessInstance.id == instance_id)).one()
        tokens = Counter(stay.element_id for stay in stays if stay.ended_at is None and not ended)
        visited = dict.fromkeys(stay.element_id for stay in stays)
        return DiagramView(text_of_file(content), dict(tokens), tuple(visited), tuple(flows))


def _open_steps(tx: Connection, ids: list[str]) -> dict[str, list[str]]:
    steps: dict[str, list[str]] = defaultdict(list)
    for instance_id, name in tx.execute(_STEPS, {"ids": ids}):
        steps[instance_id].append(name)
    return steps


def _view(tx: Connection, row: Any, steps: tuple[str, ...]) -> InstanceView:
    values = row._asdict()
    key_id, reason = values.pop("key_id"), values["reason"]
    if reason and key_id:
        values["reason"] = open_text(keys_of(tx).readable(key_id), "reason", reason)
    return InstanceView(**values, steps=steps)


def _narrow(query: Any, actor: Actor, f: InstanceFilter) -> Any:
    query = query.where(access.visible_instances(actor))
    if any(value is not None for value in (f.element_id, f.assigned, f.due_after)):
        query = query.where(_has_open_task(f))
    return where(
        query,
        [
            (ProcessInstance.id.__eq__, f.instance_id),
            (ProcessInstance.id.in_, f.instance_ids),
            (ProcessInstance.agency_id.in_, f.agency_ids),
            (ProcessInstance.definition_id.__eq__, f.definition_id),
            (ProcessInstance.definition_key.__eq__, f.definition_key),
            (ProcessInstance.business_key.__eq__, f.business_key),
            (lambda pattern: like(ProcessInstance.business_key, pattern), f.business_key_like),
            (ProcessInstance.pseudonym.__eq__, f.pseudonym),
            (
                lambda yes: (
                    ProcessInstance.ended_at.is_not(None) if yes else ProcessInstance.ended_at.is_(None)
                ),
                f.ended,
            ),
            (ProcessInstance.ended_at.__ge__, f.ended_after),
            (ProcessInstance.due_at.__lt__, f.due_before),
            (_is_at_risk, f.at_risk),
            (ProcessInstance.outcome.__eq__, f.outcome),
            (ProcessInstance.started_at.__lt__, f.started_before),
            (ProcessInstance.started_at.__gt__, f.started_after),
            (ProcessInstance.started_by.__eq__, f.started_by),
            (ProcessInstance.suspended.is_, f.suspended),
        ],
    )


def _is_at_risk(at: Any) -> ColumnElement[bool]:
    """Whether an open case is at risk at a moment: a date and time, or the parameter of one."""
    task = select(UserTask.id).where(
        UserTask.instance_id == ProcessInstance.id, UserTask.ended_at.is_(None), UserTask.risk_at < at
    )
    return and_(ProcessInstance.due_at >= at, task.exists())


def _has_open_task(f: InstanceFilter) -> ColumnElement[bool]:
    task = where(
        select(UserTask.id).where(UserTask.instance_id == ProcessInstance.id, UserTask.ended_at.is_(None)),
        [
            (UserTask.element_id.__eq__, f.element_id),
            (lambda yes: UserTask.assignee.is_not(None) if yes else UserTask.assignee.is_(None), f.assigned),
            (UserTask.due_at.__lt__, f.due_before),
            (UserTask.due_at.__ge__, f.due_after),
        ],
    )
    found: ColumnElement[bool] = task.correlate(ProcessInstance).exists()
    return found
