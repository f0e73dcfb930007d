"""Asking the access log: the auditor's search, and who has opened one case."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, or_, select

from engine import access
from engine.access import Action
from engine.errors import ActionForbidden, InstanceNotFound, SecretUnavailable
from engine.queries.paging import window
from engine.record.entries import id_at
from engine.secrecy import keys_of, open_text
from engine.store import Database, reading
from engine.store.tables import AccessEntry, ProcessInstance, table_of
from engine.types import AUDITOR, SYSTEM, WHOLE, AccessFilter, AccessView, Actor, Channel, Page, RecordAction

_ENTRY = table_of(AccessEntry)
_QUERY = select(_ENTRY, ProcessInstance.business_key, ProcessInstance.key_id).select_from(
    _ENTRY.outerjoin(ProcessInstance, ProcessInstance.id == _ENTRY.c.instance_id)
)


def list_accesses(
    database: Database, actor: Actor, filter: AccessFilter, page: Page = WHOLE
) -> list[AccessView]:
    """Entries of the agencies of which the actor is auditor, and those of no agency (backups, failed logins
    of nobody), the newest first. Raises ``ActionForbidden`` for who is auditor nowhere."""
    part = window(page)
    query = _QUERY.where(_searched(actor), *_rules(filter)).order_by(_ENTRY.c.id.desc())
    with reading(database) as tx:
        return [_view(tx, row) for row in tx.execute(query.offset(part["first"]).limit(part["size"]))]


def count_accesses(database: Database, actor: Actor, filter: AccessFilter, most: int | None = None) -> int:
    """How many there are; counts no further than ``most``. Raises as ``list_accesses``."""
    found = select(_ENTRY.c.id).select_from(_QUERY.get_final_froms()[0])
    found = found.where(_searched(actor), *_rules(filter))
    if most is not None:
        found = found.limit(most)
    with reading(database) as tx:
        return tx.scalar(select(func.count()).select_from(found.subquery())) or 0


def case_accesses(database: Database, actor: Actor, instance_id: str, page: Page = WHOLE) -> list[AccessView]:
    """Who has seen or changed one case, the newest first: for whoever may see the case, and its agency's
    auditor. Raises ``InstanceNotFound``."""
    part = window(page)
    of_case = _QUERY.where(_ENTRY.c.instance_id == instance_id).order_by(_ENTRY.c.id.desc())
    audited = ProcessInstance.agency_id.in_(actor.agencies_with(AUDITOR))
    visible = select(ProcessInstance.id).where(
        ProcessInstance.id == instance_id, or_(access.visible_instances(actor), audited)
    )
    with reading(database) as tx:
        if tx.execute(visible).first() is None:
            raise InstanceNotFound(id=instance_id)
        return [_view(tx, row) for row in tx.execute(of_case.offset(part["first"]).limit(part["size"]))]


def _searched(actor: Actor) -> ColumnElement[bool]:
    if actor is SYSTEM:
        return _ENTRY.c.id.is_not(None)
    audited = actor.agencies_with(AUDITOR)
    if not audited:
        raise ActionForbidden(action=Action.SEE_RECORD.value)
    return or_(_ENTRY.c.agency_id.in_(audited), _ENTRY.c.agency_id.is_(None))


def _rules(f: AccessFilter) -> list[ColumnElement[bool]]:
    rules: list[ColumnElement[bool]] = []
    for column, value in (
        (_ENTRY.c.agency_id, f.agency_id),
        (_ENTRY.c.user_id, f.user_id),
        (_ENTRY.c.instance_id, f.instance_id),
        (_ENTRY.c.action, f.action),
        (ProcessInstance.business_key, f.business_key),
    ):
        if value:
            rules.append(column == str(value))
    if f.since is not None:  # ids rise with time, and the indexes have them
        rules.append(and_(_ENTRY.c.id >= id_at(f.since)))
    if f.until is not None:
        rules.append(_ENTRY.c.id < id_at(f.until))
    return rules


def _view(tx: Connection, row: Row[Any]) -> AccessView:
    return AccessView(
        id=row.id,
        at=row.at,
        agency_id=row.agency_id,
        user_id=row.user_id,
        instance_id=row.instance_id,
        business_key=row.business_key,
        action=RecordAction(row.action),
        subject=row.subject,
        purpose=_purpose(tx, row) or "",
        channel=Channel(row.channel),
        address=row.address,
    )


def _purpose(tx: Connection, row: Row[Any]) -> str:
    """A purpose is sealed with the key of its case: once that is destroyed, it says nothing. One that cannot
    be opened hides no other entry.
    """
    if not row.purpose:
        return ""
    try:
        key = keys_of(tx).readable(row.key_id) if row.key_id else None
        return open_text(key, "purpose", row.purpose) or ""
    except SecretUnavailable:
        return "?"
