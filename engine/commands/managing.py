"""Who manages a case: the right that everything done to a case as a whole asks for."""

from sqlalchemy import Connection, select

from engine import access
from engine.access import Action
from engine.errors import N_, InstanceNotFound, VariableInvalid
from engine.store.tables import ProcessInstance
from engine.types import Actor

LONGEST_REASON = 4000


def require_managed(tx: Connection, actor: Actor, instance_id: str, action: Action) -> None:
    """Raise ``InstanceNotFound`` for what the actor may not see, ``ActionForbidden`` for what not do."""
    visible = select(ProcessInstance.agency_id).where(
        ProcessInstance.id == instance_id, access.visible_instances(actor)
    )
    agency_id = tx.scalars(visible).one_or_none()
    if agency_id is None:
        raise InstanceNotFound(id=instance_id)
    access.require(actor, action, agency_id)


def check_reason(reason: str) -> None:
    """Raise ``VariableInvalid`` for a reason that is too long to be read."""
    if len(reason) > LONGEST_REASON:
        raise VariableInvalid(name="reason", reason=N_("at most 4000 characters are allowed"))
