"""Suspending cases and activating them again: nothing of a suspended one moves, and nothing of it is lost.

Its tasks cannot be claimed, assigned or completed, messages are refused, jobs and external tasks are passed
over: they carry the flag too. What became due meanwhile is done after the activation. Its clocks go on: no
law stops them, and the people who let it rest must hear of what is missed meanwhile.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import true, update

from engine import clock
from engine.access import Action
from engine.commands import history
from engine.commands.aligning import KIND
from engine.commands.managing import require_managed
from engine.commands.unit import Work
from engine.commands.work import open_work, save_work
from engine.store import Database, writing
from engine.store.queue import announce
from engine.store.tables import ExternalTask, Job, ProcessInstance
from engine.types import Actor, HistoryKind


def suspend_instance(database: Database, actor: Actor, instance_id: str) -> None:
    """Let an instance rest; twice is fine.

    Raises ``InstanceNotFound``, ``ActionForbidden``, ``InstanceClosed``.
    """
    set_suspension(database, actor, [instance_id], suspended=True)


def activate_instance(database: Database, actor: Actor, instance_id: str) -> None:
    """Let a suspended instance go on; twice is fine. Raises as ``suspend_instance``, and what its process
    raises where a condition has come true meanwhile."""
    set_suspension(database, actor, [instance_id], suspended=False)


def set_suspension(database: Database, actor: Actor, instance_ids: Iterable[str], *, suspended: bool) -> None:
    """Suspend or activate several instances, all of them or none. Raises as the two above."""
    with writing(database) as tx:
        for instance_id in sorted(set(instance_ids)):  # one order: no two callers wait in a ring
            require_managed(tx, actor, instance_id, Action.SUSPEND)
            work = open_work(tx, actor, instance_id, even_suspended=True)
            if work.instance.suspended != suspended:
                _set(work, suspended=suspended)


def _set(work: Work, *, suspended: bool) -> None:
    tx, instance_id = work.tx, work.instance.id
    values: dict[str, Any] = {"suspended": suspended}
    tx.execute(update(ProcessInstance).where(ProcessInstance.id == instance_id).values(**values))
    for table, which in ((Job, Job.kind != KIND), (ExternalTask, true())):
        tx.execute(update(table).where(table.instance_id == instance_id, which).values(**values))
    kind = HistoryKind.INSTANCE_SUSPENDED if suspended else HistoryKind.INSTANCE_ACTIVATED
    history.add(work, kind)
    if suspended:
        history.write(work)
        return
    work.instance = replace(work.instance, suspended=False)
    announce(tx, [])  # whoever runs jobs looks what is due by now
    with clock.in_zone(work.zone.key):
        work.workflow.set_variables({})  # conditions look at what was set during the suspension
    save_work(work)
