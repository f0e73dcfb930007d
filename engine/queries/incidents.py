"""Lists of incidents, and one: what the managers of an agency must look at."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, func, select

from engine import access
from engine.errors import IncidentNotFound
from engine.queries.paging import like, paged, where
from engine.queries.worker_errors import opened_error
from engine.store import reading
from engine.store.tables import Incident, ProcessDefinition, ProcessInstance
from engine.types import WHOLE, Actor, Page


@dataclass(frozen=True)
class IncidentFilter:
    """What narrows a list of incidents; what is None or empty does not narrow. ``open``: not resolved yet.

    ``message``, ``message_like``: of our own words only; what a worker of an external task said is sealed,
    and is not looked through.
    """

    incident_id: str | None = None
    open: bool | None = True
    kind: str | None = None
    agency_ids: tuple[str, ...] = ()
    instance_id: str | None = None
    definition_id: str | None = None
    definition_keys: tuple[str, ...] = ()
    element_id: str | None = None
    subject_id: str | None = None
    message: str | None = None
    message_like: str | None = None
    before: datetime | None = None
    after: datetime | None = None


OPEN_INCIDENTS = IncidentFilter()


@dataclass(frozen=True)
class IncidentView:
    """Something that a person must look at; ``kind`` and ``subject_id`` as in ``engine.store.tables``.

    ``instance_id`` and ``business_key`` are None where a process could not even start.
    """

    id: str
    kind: str
    agency_id: str
    instance_id: str | None
    business_key: str | None
    definition_id: str | None
    definition_key: str | None
    definition_name: str | None
    process_key: str | None
    element_id: str | None
    subject_id: str
    message: str
    created_at: datetime
    resolved_at: datetime | None
    resolved_by: str | None

    @property
    def tells_workers_words(self) -> bool:
        """Whether ``message`` is what a worker of an external task said, which lies sealed."""
        return self.kind == "failedExternalTask" and bool(self.message)


_SORT = {
    "id": Incident.id,
    "created": Incident.created_at,
    "kind": Incident.kind,
    "element": Incident.element_id,
    "instance": Incident.instance_id,
    "definition_id": Incident.definition_id,
    "message": Incident.message,
    "agency": Incident.agency_id,
}


def _from(query: Any) -> Any:
    return (
        query.select_from(Incident)
        .outerjoin(ProcessInstance, ProcessInstance.id == Incident.instance_id)
        .outerjoin(ProcessDefinition, ProcessDefinition.id == Incident.definition_id)
    )


_VIEW = _from(
    select(
        Incident.__table__,
        ProcessInstance.business_key,
        ProcessInstance.key_id,
        ProcessDefinition.key.label("definition_key"),
        ProcessDefinition.name.label("definition_name"),
    )
)


def list_incidents(
    database: Engine, actor: Actor, filter: IncidentFilter = OPEN_INCIDENTS, page: Page = WHOLE
) -> list[IncidentView]:
    """The incidents that ``actor`` may see and ``filter`` lets through, by default the newest first.

    Sort keys: id, created, kind, element, instance, definition_id, message, agency. Raises ``QueryInvalid``.
    """
    page = page if page.sort else Page(page.first, page.size, (("created", False),))
    query = paged(_narrow(_VIEW, actor, filter), page, _SORT, Incident.id)
    with reading(database) as tx:
        return [_view(tx, row) for row in tx.execute(query)]


def _view(tx: Connection, row: Row[Any]) -> IncidentView:
    values = row._asdict()
    key_id = values.pop("key_id")
    return IncidentView(**values | {"message": opened_error(tx, key_id, row.message) or ""})


def count_incidents(database: Engine, actor: Actor, filter: IncidentFilter = OPEN_INCIDENTS) -> int:
    """How many ``list_incidents`` would list without a page."""
    with reading(database) as tx:
        return int(tx.execute(_narrow(_from(select(func.count())), actor, filter)).scalar_one())


def get_incident(database: Engine, actor: Actor, incident_id: str) -> IncidentView:
    """One incident, open or resolved. Raises ``IncidentNotFound``."""
    found = list_incidents(database, actor, IncidentFilter(incident_id=incident_id, open=None))
    if not found:
        raise IncidentNotFound(id=incident_id)
    return found[0]


def _narrow(query: Any, actor: Actor, f: IncidentFilter) -> Any:
    is_open = Incident.resolved_at.is_(None)
    return where(
        query.where(access.visible_incidents(actor)),
        [
            (Incident.id.__eq__, f.incident_id),
            (lambda yes: is_open if yes else ~is_open, f.open),
            (Incident.kind.__eq__, f.kind),
            (Incident.agency_id.in_, f.agency_ids),
            (Incident.instance_id.__eq__, f.instance_id),
            (Incident.definition_id.__eq__, f.definition_id),
            (ProcessDefinition.key.in_, f.definition_keys),
            (Incident.element_id.__eq__, f.element_id),
            (Incident.subject_id.__eq__, f.subject_id),
            (Incident.message.__eq__, f.message),
            (lambda pattern: like(Incident.message, pattern), f.message_like),
            (Incident.created_at.__lt__, f.before),
            (Incident.created_at.__gt__, f.after),
        ],
    )
