"""Reading the registers of an agency: the open entries first, the most urgent of them on top."""

from typing import Any

from sqlalchemy import Connection, Row, select

from engine import access
from engine.access import Action
from engine.errors import RegisterEntryNotFound
from engine.secrecy import keys_of, open_text
from engine.store import Database, reading
from engine.store.tables import Breach, DataRequest, table_of
from engine.types import Actor
from engine.types.registers import BreachView, DataRequestView, Requester, RequestKind, RequestOutcome

REGISTER = "register"
"""What the words in the registers are sealed for."""

_REQUEST, _BREACH = table_of(DataRequest), table_of(Breach)


def list_requests(database: Database, actor: Actor, agency_id: str) -> list[DataRequestView]:
    """Every request of an agency, open ones first by their time. Raises ``ActionForbidden``."""
    access.require(actor, Action.SEE_REGISTERS, agency_id)
    is_open = _REQUEST.c.answered_at.is_(None)
    query = select(_REQUEST).where(_REQUEST.c.agency_id == agency_id)
    with reading(database) as tx:
        opened = tx.execute(query.where(is_open).order_by(_REQUEST.c.due_at)).all()
        done = tx.execute(query.where(~is_open).order_by(_REQUEST.c.number.desc())).all()
        keys_of(tx).fetch(row.key_id for row in (*opened, *done))
        return [_request(tx, row) for row in (*opened, *done)]


def get_request(database: Database, actor: Actor, request_id: str) -> DataRequestView:
    """One request. Raises ``RegisterEntryNotFound`` also for another agency's."""
    with reading(database) as tx:
        row = tx.execute(select(_REQUEST).where(_REQUEST.c.id == request_id)).one_or_none()
        if row is None or not access.may(actor, Action.SEE_REGISTERS, row.agency_id):
            raise RegisterEntryNotFound(id=request_id)
        return _request(tx, row)


def list_breaches(database: Database, actor: Actor, agency_id: str) -> list[BreachView]:
    """Every breach of an agency, the newest first. Raises ``ActionForbidden``."""
    access.require(actor, Action.SEE_REGISTERS, agency_id)
    query = select(_BREACH).where(_BREACH.c.agency_id == agency_id).order_by(_BREACH.c.number.desc())
    with reading(database) as tx:
        rows = tx.execute(query).all()
        keys_of(tx).fetch(row.key_id for row in rows)
        return [_breach(tx, row) for row in rows]


def get_breach(database: Database, actor: Actor, breach_id: str) -> BreachView:
    """One breach. Raises ``RegisterEntryNotFound`` also for another agency's."""
    with reading(database) as tx:
        row = tx.execute(select(_BREACH).where(_BREACH.c.id == breach_id)).one_or_none()
        if row is None or not access.may(actor, Action.SEE_REGISTERS, row.agency_id):
            raise RegisterEntryNotFound(id=breach_id)
        return _breach(tx, row)


def _request(tx: Connection, row: Row[Any]) -> DataRequestView:
    typed = {
        "kind": RequestKind(row.kind),
        "requester": Requester(row.requester),
        "outcome": RequestOutcome(row.outcome) if row.outcome else None,
        "answered_by": row.answered_by or "",
    }
    return DataRequestView(**_opened(tx, row, "note", "answer") | typed)


def _breach(tx: Connection, row: Row[Any]) -> BreachView:
    return BreachView(**_opened(tx, row, "data", "course", "handling"))


def _opened(tx: Connection, row: Row[Any], *names: str) -> dict[str, Any]:
    """The columns of an entry for a view, with its words opened."""
    key = keys_of(tx).readable(row.key_id)
    words = {name: open_text(key, REGISTER, getattr(row, name) or "") for name in names}
    gone = row.erased_at is not None or None in words.values()
    others = {name: value for name, value in row._mapping.items() if name not in ("key_id", "erased_at")}
    return {**others, **{name: text or "" for name, text in words.items()}, "gone": gone}
