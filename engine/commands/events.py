"""What an instance throws to the outside, and signals from outside: delivered by jobs, which are tried again.

A thrown message or signal becomes a job in the transaction that throws it: an outbox. A message is given to
its one receiver in one transaction with the end of its job. A signal's job finds out who waits, and leaves a
job for each receiver, so that one that fails holds up no other.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, select

from engine import access, catalog, clock
from engine.access import Action
from engine.commands.job_rows import insert_jobs
from engine.commands.messages import deliver_message
from engine.commands.outbox import Sent, delivery, own_keys, sent_by
from engine.commands.receiving import give, start_by, started_by
from engine.commands.spent_keys import spend
from engine.commands.variables import accept
from engine.errors import (
    ActionForbidden,
    AgencyNotFound,
    InstanceClosed,
    InstanceNotFound,
    QueryInvalid,
    SignalUnmatched,
)
from engine.queries.events import waiting_for
from engine.store import writing
from engine.store.tables import Job, ProcessInstance
from engine.types import MANAGER, SERVICE, SYSTEM, Actor


def send_signal(
    database: Engine,
    actor: Actor,
    name: str,
    *,
    agency_id: str | None = None,
    instance_id: str | None = None,
    variables: Mapping[str, Any] | None = None,
) -> int:
    """Send a signal to everything in an agency that waits for it, and to what starts by it.

    Returns how many receivers there are; each gets it by a job of its own, moments later. ``agency_id``: None
    for the only agency in which the actor may. With ``instance_id`` that instance alone gets it, at once.
    Raises ``AgencyNotFound`` for an agency that the actor does not belong to, ``ActionForbidden``,
    ``QueryInvalid`` (several agencies), ``VariableInvalid``; with ``instance_id`` also
    ``InstanceNotFound``, ``SignalUnmatched`` and what the process raises.
    """
    with writing(database) as tx:
        sent = Sent("signal", name, variables or {}, sender=actor.user_id)
        if instance_id is not None:
            return _signal_one(tx, actor, instance_id, agency_id, sent)
        agency_id = _one_agency(actor, agency_id)
        accept(tx, agency_id, None, sent.variables, {}, catalog.zone_of(tx, agency_id))
        return _broadcast(tx, agency_id, sent)


def _one_agency(actor: Actor, agency_id: str | None) -> str:
    if agency_id is not None:
        if actor is not SYSTEM and agency_id not in actor.by_agency:
            raise AgencyNotFound(id=agency_id)
        access.require(actor, Action.SIGNAL, agency_id)
        return agency_id
    agencies = actor.agencies_with(SERVICE) | actor.agencies_with(MANAGER)
    if not agencies:
        raise ActionForbidden(action=Action.SIGNAL.value)
    if len(agencies) > 1:
        raise QueryInvalid(reason="several agencies could be meant: 'tenantId' names one")
    return next(iter(agencies))


def _signal_one(tx: Connection, actor: Actor, instance_id: str, agency_id: str | None, sent: Sent) -> int:
    query = select(ProcessInstance.agency_id).where(
        ProcessInstance.id == instance_id, access.addressable_instances(actor)
    )
    found = tx.scalars(query).one_or_none()
    if found is None or agency_id not in (None, found):
        raise InstanceNotFound(id=instance_id)
    access.require(actor, Action.SIGNAL, found)
    tokens = tx.execute(waiting_for("signal", sent.name, instance_id=instance_id)).all()
    given = sum(_give_if_open(tx, actor, sent, instance_id, token.id) for token in tokens)
    if not given:
        raise SignalUnmatched(name=sent.name)
    return given


def deliver(tx: Connection, job: Row[Any]) -> bool:
    """Do what a job of the kind ``message`` or ``signal`` says, and delete it, in the caller's transaction.
    Always True: there was something to do.

    ``job``: a row of ``job``, locked. Raises ``MessageUnmatched`` and what the receiving process raises; then
    the caller rolls back, and counts a retry.
    """
    receiver, sent = job.details["receiver"], sent_by(tx, job.details)
    if job.kind == "message":
        deliver_message(tx, job.agency_id, sent)
    elif receiver is None:
        _broadcast(tx, job.agency_id, sent, thrower=job.instance_id)
    elif job.definition_id is None:
        _give_if_open(tx, SYSTEM, sent, job.instance_id, receiver)
    else:
        deployed = catalog.load_process(tx, job.definition_id)
        start_by(tx, SYSTEM, deployed, deployed.process.elements[receiver], sent)
    tx.execute(delete(Job).where(Job.id == job.id))
    spend(tx, own_keys([job.details]))
    return True


def _give_if_open(tx: Connection, actor: Actor, sent: Sent, instance_id: str, token_id: str) -> bool:
    """A signal is no order: who waits for it no more has no use for it (BPMN 10.5.5, signals)."""
    try:
        return give(tx, actor, sent, instance_id, token_id)
    except InstanceClosed:
        return False


def _broadcast(tx: Connection, agency_id: str, sent: Sent, thrower: str | None = None) -> int:
    """Leave a job for each receiver, but not for the instance that threw it: it has got it already."""
    at, sent = clock.now(), replace(sent, key_id=None)  # the sender may be erased before all have got it
    rows = [
        delivery(tx, sent, agency_id, at, to.id, instance_id=to.instance_id, element_id=to.element_id)
        | {"suspended": to.suspended}
        for to in tx.execute(waiting_for("signal", sent.name, agencies=[agency_id]))
        if to.instance_id != thrower
    ]
    rows += [
        delivery(tx, sent, agency_id, at, event.id, definition_id=deployed.id, element_id=event.id)
        for deployed, event in started_by(tx, "signal", sent.name, [agency_id])
    ]
    insert_jobs(tx, rows)
    return len(rows)
