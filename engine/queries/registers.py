"""Reading the registers of an agency: the open entries first, the most urgent of them on top."""

from typing import Any

from sqlalchemy import Row, select

from engine import access
from engine.access import Action
from engine.errors import RegisterEntryNotFound
from engine.store import Database, reading
from engine.store.tables import Breach, DataRequest, table_of
from engine.types import Actor
from engine.types.registers import BreachView, DataRequestView, Requester, RequestKind, RequestOutcome

_REQUEST, _BREACH = table_of(DataRequest), table_of(Breach)


def list_requests(database: Database, actor: Actor, agency_id: str) -> list[DataRequestView]:
    """Every request of an agency, open ones first by their time. Raises ``ActionForbidden``."""
    access.require(actor, Action.SEE_REGISTERS, agency_id)
    is_open = _REQUEST.c.answered_at.is_(None)
    query = select(_REQUEST).where(_REQUEST.c.agency_id == agency_id)
    with reading(database) as tx:
        opened = [_request(row) for row in tx.execute(query.where(is_open).order_by(_REQUEST.c.due_at))]
        done = [_request(row) for row in tx.execute(query.where(~is_open).order_by(_REQUEST.c.number.desc()))]
    return opened + done


def get_request(database: Database, actor: Actor, request_id: str) -> DataRequestView:
    """One request. Raises ``RegisterEntryNotFound`` also for another agency's."""
    with reading(database) as tx:
        row = tx.execute(select(_REQUEST).where(_REQUEST.c.id == request_id)).one_or_none()
    if row is None or not access.may(actor, Action.SEE_REGISTERS, row.agency_id):
        raise RegisterEntryNotFound(id=request_id)
    return _request(row)


def list_breaches(database: Database, actor: Actor, agency_id: str) -> list[BreachView]:
    """Every breach of an agency, the newest first. Raises ``ActionForbidden``."""
    access.require(actor, Action.SEE_REGISTERS, agency_id)
    query = select(_BREACH).where(_BREACH.c.agency_id == agency_id).order_by(_BREACH.c.number.desc())
    with reading(database) as tx:
        return [BreachView(**row._mapping) for row in tx.execute(query)]


def get_breach(database: Database, actor: Actor, breach_id: str) -> BreachView:
    """One breach. Raises ``RegisterEntryNotFound`` also for another agency's."""
    with reading(database) as tx:
        row = tx.execute(select(_BREACH).where(_BREACH.c.id == breach_id)).one_or_none()
    if row is None or not access.may(actor, Action.SEE_REGISTERS, row.agency_id):
        raise RegisterEntryNotFound(id=breach_id)
    return BreachView(**row._mapping)


def _request(row: Row[Any]) -> DataRequestView:
    typed = {
        "kind": RequestKind(row.kind),
        "requester": Requester(row.requester),
        "outcome": RequestOutcome(row.outcome) if row.outcome else None,
        "answer": row.answer or "",
        "answered_by": row.answered_by or "",
    }
    return DataRequestView(**{**row._mapping, **typed})
