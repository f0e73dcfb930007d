"""Messages: each goes to the one instance that waits for it, or starts the process that begins with it."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection

from engine import access
from engine.commands.failed_steps import stepping
from engine.commands.outbox import Sent
from engine.commands.receiving import give, start_by, started_by
from engine.commands.start import require_start
from engine.errors import MessageUnmatched
from engine.queries.events import waiting_for
from engine.queries.instances import read_instance
from engine.store import Database
from engine.types import SYSTEM, Actor, InstanceView


def correlate_message(
    database: Database,
    actor: Actor,
    name: str,
    *,
    agency_id: str | None = None,
    business_key: str | None = None,
    instance_id: str | None = None,
    variables: Mapping[str, Any] | None = None,
) -> InstanceView:
    """Give a message to the one instance that waits for it, or start the process that begins with it.

    The message is matched by ``name`` and, where given, business key and instance, among the cases that the
    actor may see (a service account: all of its agency); exactly one subscription must match. Where none does
    and no instance is named, a process whose message start event has the name is started. Raises
    ``MessageUnmatched``, ``ActionForbidden``, ``VariableInvalid`` and what the process raises.
    """
    with stepping(database) as tx:
        agencies = sorted({agency_id} if agency_id is not None else actor.by_agency)
        receivers = waiting_for(
            "message", name, agencies=agencies, business_key=business_key, instance_id=instance_id
        ).where(access.addressable_instances(actor))
        own = [] if instance_id else [agency for agency in agencies if agency in actor.by_agency]
        sent = Sent("message", name, variables or {}, business_key)
        return read_instance(tx, _correlate(tx, actor, receivers, own, sent))


def deliver_message(tx: Connection, agency_id: str, thrown: Sent) -> str:
    """Correlate a message that an instance has thrown, anywhere in the agency; returns who has received it.

    Raises ``MessageUnmatched`` where nobody, or more than one, waits for it now, and what the process raises.
    """
    receivers = waiting_for("message", thrown.name, agencies=[agency_id], business_key=thrown.business_key)
    return _correlate(tx, SYSTEM, receivers, [agency_id], thrown)


def _correlate(tx: Connection, actor: Actor, receivers: Any, agencies: Collection[str], sent: Sent) -> str:
    waiting = tx.execute(receivers.limit(2)).all()
    if len(waiting) == 1:
        if not give(tx, actor, sent, waiting[0].instance_id, waiting[0].id):
            raise MessageUnmatched(name=sent.name, count=0)
        return str(waiting[0].instance_id)
    starts = started_by(tx, "message", sent.name, agencies) if not waiting else []
    if len(starts) != 1:
        raise MessageUnmatched(name=sent.name, count=len(waiting) or len(starts))
    deployed, event = starts[0]
    require_start(actor, deployed)
    return start_by(tx, actor, deployed, event, sent)
