"""What is done to a process instance as a whole: cancel it, send it a message."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Engine, delete, select, update

from engine import access, catalog
from engine.access import Action
from engine.catalog import DeployedProcess
from engine.commands import history
from engine.commands.start import begin, require_start
from engine.commands.unit import Work
from engine.commands.variables import accept
from engine.commands.work import move, open_work
from engine.errors import N_, InstanceNotFound, MessageUnmatched, VariableInvalid
from engine.queries.definitions import latest_ids
from engine.queries.instances import read_instance
from engine.store import Database, writing
from engine.store.tables import Incident, Job, ProcessInstance, Subscription, UserTask
from engine.types import Actor, HistoryKind, InstanceView


def cancel_instance(database: Engine, actor: Actor, instance_id: str, reason: str) -> None:
    """End an instance before its time; all its open tasks, timers and subscriptions end with it.

    ``reason`` may be empty (Camunda's DELETE has none). Raises ``InstanceNotFound``, ``ActionForbidden``,
    ``InstanceClosed``.
    """
    cancel_instances(database, actor, [instance_id], reason)


def cancel_instances(database: Engine, actor: Actor, instance_ids: Iterable[str], reason: str) -> None:
    """End several instances before their time, all of them or none. Raises as ``cancel_instance``."""
    if len(reason) > 4000:
        raise VariableInvalid(name="reason", reason=N_("at most 4000 characters are allowed"))
    with writing(database) as tx:
        for instance_id in sorted(set(instance_ids)):  # one order: no two callers wait in a ring
            _cancel(tx, actor, instance_id, reason)


def _cancel(tx: Connection, actor: Actor, instance_id: str, reason: str) -> None:
    visible = select(ProcessInstance.agency_id).where(
        ProcessInstance.id == instance_id, access.visible_instances(actor)
    )
    agency_id = tx.scalars(visible).one_or_none()
    if agency_id is None:
        raise InstanceNotFound(id=instance_id)
    access.require(actor, Action.CANCEL, agency_id)
    work = open_work(tx, actor, instance_id)
    work.workflow.cancel()
    _close_everything(work, reason)
    history.add_steps(work)
    history.add(work, HistoryKind.INSTANCE_CANCELLED, reason=reason)
    history.write(work)


def _close_everything(work: Work, reason: str) -> None:
    tx, instance = work.tx, work.instance
    ended: dict[str, Any] = {"ended_at": work.at, "outcome": "cancelled"}
    tx.execute(
        update(UserTask)
        .where(UserTask.instance_id == instance.id, UserTask.ended_at.is_(None))
        .values(**ended, ended_by=work.actor.user_id)
    )
    for table in (Job, Subscription):
        tx.execute(delete(table).where(table.instance_id == instance.id))
    tx.execute(
        update(Incident)
        .where(Incident.instance_id == instance.id, Incident.resolved_at.is_(None))
        .values(resolved_at=work.at, resolved_by=work.actor.user_id)
    )
    tx.execute(
        update(ProcessInstance)
        .where(ProcessInstance.id == instance.id)
        .values(**ended, reason=reason, revision=instance.revision + 1, state=work.workflow.save())
    )


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
    actor may see; exactly one subscription must match. Where none does and no instance is named, a process
    whose message start event has the name is started. Raises ``MessageUnmatched``, ``ActionForbidden``,
    ``VariableInvalid`` and what the process raises.
    """
    with writing(database) as tx:
        query = (
            select(Subscription.id, Subscription.instance_id)
            .join(ProcessInstance, ProcessInstance.id == Subscription.instance_id)
            .where(Subscription.name == name, access.visible_instances(actor))
        )
        for column, value in (
            (Subscription.agency_id, agency_id),
            (ProcessInstance.business_key, business_key),
            (Subscription.instance_id, instance_id),
        ):
            query = query if value is None else query.where(column == value)
        waiting = tx.execute(query.limit(2)).all()
        if len(waiting) == 1:
            return _deliver(tx, actor, waiting[0].instance_id, waiting[0].id, name, variables or {})
        if not waiting and instance_id is None:
            return _start_by_message(tx, actor, name, agency_id, business_key, variables or {})
        raise MessageUnmatched(name=name, count=len(waiting))


def _deliver(
    tx: Connection, actor: Actor, instance_id: str, token_id: str, name: str, variables: Mapping[str, Any]
) -> InstanceView:
    work = open_work(tx, actor, instance_id)
    if token_id not in work.before:
        raise MessageUnmatched(name=name, count=0)
    waiting = work.before[token_id]
    element = work.deployed.element(waiting.process_key, waiting.element_id)
    accepted = accept(tx, work.instance.agency_id, None, variables, {}, work.zone)
    history.add(
        work,
        HistoryKind.MESSAGE_RECEIVED,
        element=element,
        process_key=waiting.process_key,
        token_id=token_id,
        message=name,
        variables=sorted(accepted),
    )
    move(work, token_id, accepted)
    return read_instance(tx, instance_id)


def _start_by_message(
    tx: Connection,
    actor: Actor,
    name: str,
    agency_id: str | None,
    business_key: str | None,
    variables: Mapping[str, Any],
) -> InstanceView:
    found = [
        (deployed, event)
        for deployed in _latest_processes(tx, actor, agency_id)
        if (event := deployed.process.message_start(name))
    ]
    if len(found) != 1:
        raise MessageUnmatched(name=name, count=len(found))
    deployed, event = found[0]
    require_start(actor, deployed)
    work = begin(tx, actor, deployed, variables, business_key=business_key, start_event=event)
    return read_instance(tx, work.instance.id)


def _latest_processes(tx: Connection, actor: Actor, agency_id: str | None) -> list[DeployedProcess]:
    agencies = sorted(a for a in actor.by_agency if agency_id in (None, a))
    return [catalog.load_process(tx, definition_id) for definition_id in latest_ids(tx, agencies)]
