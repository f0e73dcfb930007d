"""Erasures: those that wait for a second person, and the certificates of those that were done."""

from dataclasses import fields
from typing import Any

import orjson
from sqlalchemy import Connection, Row, Select, select

from engine import access
from engine.errors import ErasureNotFound
from engine.store import Database, reading
from engine.store.tables import Erasure, ProcessInstance
from engine.types import Actor, ErasureView

_VIEW = select(Erasure.__table__, ProcessInstance.business_key).join(
    ProcessInstance, ProcessInstance.id == Erasure.instance_id
)


def erasures_of(database: Database, actor: Actor, instance_id: str) -> list[ErasureView]:
    """The erasures of a case that ``actor`` may see, the newest first; nothing for anybody else."""
    query = _VIEW.where(Erasure.instance_id == instance_id, access.visible_instances(actor))
    with reading(database) as tx:
        return [_view(row) for row in tx.execute(query.order_by(Erasure.id.desc()))]


def pending_erasures(database: Database, actor: Actor) -> list[ErasureView]:
    """The requests that wait for a second person in the agencies that ``actor`` manages, the oldest first."""
    query = _visible(actor).where(
        Erasure.agreed_at.is_(None), Erasure.withdrawn_at.is_(None), Erasure.certified_at.is_(None)
    )
    with reading(database) as tx:
        return [_view(row) for row in tx.execute(query.order_by(Erasure.requested_at))]


def get_erasure(database: Database, actor: Actor, erasure_id: str) -> ErasureView:
    """One erasure. Raises ``ErasureNotFound``."""
    with reading(database) as tx:
        return _view(erasure_view(tx, actor, erasure_id))


def erasure_view(tx: Connection, actor: Actor, erasure_id: str) -> Row[Any]:
    """The row of an erasure that ``actor`` may see. Raises ``ErasureNotFound``."""
    found = tx.execute(_visible(actor).where(Erasure.id == erasure_id)).one_or_none()
    if found is None:
        raise ErasureNotFound(id=erasure_id)
    return found


def read_erasure(tx: Connection, erasure_id: str) -> ErasureView:
    """One erasure inside a transaction whose caller has decided that it may be seen."""
    return _view(tx.execute(_VIEW.where(Erasure.id == erasure_id)).one())


def _visible(actor: Actor) -> Select[Any]:
    seen: Select[Any] = _VIEW.where(access.visible_erasures(actor))
    return seen


def _view(row: Row[Any]) -> ErasureView:
    values = {field.name: getattr(row, field.name) for field in fields(ErasureView)}
    values["certificate"] = orjson.loads(row.certificate) if row.certificate else None
    return ErasureView(**values)
