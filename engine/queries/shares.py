"""What agencies share of their cases: the owner's list, and what the receiving group may read right now."""

from typing import Any

from sqlalchemy import Connection, select

from engine import access, clock
from engine.access import Action
from engine.errors import ShareNotFound
from engine.queries.descriptions import describe_named
from engine.queries.instances import read_instance, require_visible
from engine.secrecy import keys_of, open_text
from engine.store import Database, reading
from engine.store.tables import CaseShare, ProcessDefinition, ProcessInstance
from engine.types import Actor, ReceivedShare, SharedCase, ShareView

_SHARE: Any = select(CaseShare.__table__, ProcessInstance.key_id).join(
    ProcessInstance, ProcessInstance.id == CaseShare.instance_id
)
_RECEIVED: Any = (
    select(
        *(CaseShare.id, CaseShare.agency_id, ProcessDefinition.name.label("definition_name")),
        *(CaseShare.to_agency_id, CaseShare.to_group),
        *(CaseShare.shared_at, CaseShare.shared_by, CaseShare.expires_at),
    )
    .join(ProcessInstance, ProcessInstance.id == CaseShare.instance_id)
    .join(ProcessDefinition, ProcessDefinition.id == ProcessInstance.definition_id)
)


def read_share(tx: Connection, share_id: str) -> ShareView:
    """One share inside a transaction whose caller has decided that it may be seen."""
    return _view(tx, tx.execute(_SHARE.where(CaseShare.id == share_id)).one())


def list_shares(database: Database, actor: Actor, instance_id: str) -> list[ShareView]:
    """Every share of a case, ended ones too, the newest first.

    Raises ``InstanceNotFound``, and ``ActionForbidden`` for anybody but the agency's ``manajer``.
    """
    with reading(database) as tx:
        require_visible(tx, actor, instance_id)
        access.require(actor, Action.SHARE, read_instance(tx, instance_id).agency_id)
        of_case = _SHARE.where(CaseShare.instance_id == instance_id)
        return [_view(tx, row) for row in tx.execute(of_case.order_by(CaseShare.id.desc()))]


def list_received_shares(database: Database, actor: Actor) -> list[ReceivedShare]:
    """What the actor's groups may read of other agencies' cases at this moment, the newest first."""
    mine = _RECEIVED.where(access.received_shares(actor, clock.now()))
    with reading(database) as tx:
        return [ReceivedShare(*row) for row in tx.execute(mine.order_by(CaseShare.id.desc()))]


def open_share(database: Database, actor: Actor, share_id: str) -> SharedCase:
    """The fields of a share with what they hold now.

    Raises ``ShareNotFound``: for one that is absent, not for the actor's groups, revoked or run out.
    """
    mine = _RECEIVED.add_columns(CaseShare.instance_id, CaseShare.fields).where(
        CaseShare.id == share_id, access.received_shares(actor, clock.now())
    )
    with reading(database) as tx:
        row = tx.execute(mine).one_or_none()
        if row is None:
            raise ShareNotFound(id=share_id)
        *received, instance_id, fields = row
        return SharedCase(
            ReceivedShare(*received), instance_id, tuple(describe_named(tx, instance_id, fields))
        )


def _view(tx: Connection, row: Any) -> ShareView:
    values = row._asdict() | {"fields": tuple(row.fields)}
    key_id = values.pop("key_id")
    key = keys_of(tx).readable(key_id) if key_id else None
    values["consent"] = open_text(key, "consent", row.consent) or ""
    if row.revoke_reason is not None:
        values["revoke_reason"] = open_text(key, "revocation", row.revoke_reason)
    return ShareView(**values)
