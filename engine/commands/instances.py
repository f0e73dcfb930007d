"""What is done to a process instance as a whole: cancel it."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, delete, update

from engine.access import Action
from engine.commands import history
from engine.commands.managing import check_reason, require_managed
from engine.commands.unit import Work
from engine.commands.work import open_work
from engine.deadlines.running import ClockOutcome
from engine.secrecy import seal_text
from engine.store import Database, writing
from engine.store.tables import (
    CaseClock,
    ExternalTask,
    Incident,
    Job,
    ProcessInstance,
    Subscription,
    UserTask,
)
from engine.types import Actor, HistoryKind


def cancel_instance(database: Database, actor: Actor, instance_id: str, reason: str) -> None:
    """End an instance before its time; all its open tasks, timers and subscriptions end with it.

    ``reason`` may be empty (Camunda's DELETE has none). Raises ``InstanceNotFound``, ``ActionForbidden``,
    ``InstanceClosed``.
    """
    cancel_instances(database, actor, [instance_id], reason)


def cancel_instances(database: Database, actor: Actor, instance_ids: Iterable[str], reason: str) -> None:
    """End several instances before their time, all of them or none. Raises as ``cancel_instance``."""
    check_reason(reason)
    with writing(database) as tx:
        for instance_id in sorted(set(instance_ids)):  # one order: no two callers wait in a ring
            _cancel(tx, actor, instance_id, reason)


def _cancel(tx: Connection, actor: Actor, instance_id: str, reason: str) -> None:
    require_managed(tx, actor, instance_id, Action.CANCEL)
    work = open_work(tx, actor, instance_id, even_suspended=True, even_unreadable=True)
    work.workflow.cancel()
    close_everything(work, reason)
    history.add_steps(work)
    history.add(work, HistoryKind.INSTANCE_CANCELLED, reason=reason)
    history.write(work)


def close_everything(work: Work, reason: str) -> None:
    """Write that an instance was cancelled: the end of it and of everything that was open in it."""
    tx, instance = work.tx, work.instance
    ended: dict[str, Any] = {"ended_at": work.at, "outcome": "cancelled"}
    tx.execute(
        update(UserTask)
        .where(UserTask.instance_id == instance.id, UserTask.ended_at.is_(None))
        .values(**ended, ended_by=work.actor.user_id)
    )
    for table in (Subscription, ExternalTask):
        tx.execute(delete(table).where(table.instance_id == instance.id))
    # What it has thrown is on its way to others, and arrives.
    tx.execute(delete(Job).where(Job.instance_id == instance.id, Job.kind.not_in(("message", "signal"))))
    clocks = update(CaseClock).where(CaseClock.instance_id == instance.id, CaseClock.ended_at.is_(None))
    tx.execute(clocks.values(ended_at=work.at, outcome=ClockOutcome.CANCELLED.value))
    tx.execute(
        update(Incident)
        .where(Incident.instance_id == instance.id, Incident.resolved_at.is_(None))
        .values(resolved_at=work.at, resolved_by=work.actor.user_id)
    )
    said = seal_text(work.case_key(), "reason", reason) if reason and not work.unreadable else ""
    tx.execute(
        update(ProcessInstance)
        .where(ProcessInstance.id == instance.id)
        .values(
            **ended,
            reason=said,
            due_at=None,
            **({"key_id": work.key.id} if work.key else {}),
            revision=instance.revision + 1,
            state=work.workflow.save(),
        )
    )
