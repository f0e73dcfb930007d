"""Moving the tokens of a case by hand, where a case has gone wrong or the law has."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from engine import clock
from engine.access import Action
from engine.commands import history
from engine.commands.instances import close_everything
from engine.commands.managing import check_reason, require_managed
from engine.commands.variables import accept
from engine.commands.work import open_work, save_work
from engine.interpreter import Instruction, modify
from engine.queries.instances import read_instance
from engine.store import Database, writing
from engine.types import Actor, HistoryKind, InstanceView


def modify_instance(
    database: Database, actor: Actor, instance_id: str, instructions: Sequence[Instruction], reason: str = ""
) -> InstanceView:
    """Carry out instructions in their order, all of them or none; a suspended instance may be modified too.

    ``Instruction.ancestor`` may be the instance's id: the process itself. Where they leave no token, the
    instance is cancelled with the same ``reason``. Returns the instance afterwards. Raises
    ``InstanceNotFound``, ``ActionForbidden``, ``InstanceClosed``, ``ModificationInvalid``,
    ``VariableInvalid``, ``ConcurrentUpdate`` and what the process raises.
    """
    check_reason(reason)
    with writing(database) as tx:
        require_managed(tx, actor, instance_id, Action.MODIFY)
        work = open_work(tx, actor, instance_id, even_suspended=True)
        for instruction in instructions:
            accept(tx, work.instance.agency_id, None, instruction.variables, {}, work.zone)
        own = [replace(i, ancestor="") if i.ancestor == instance_id else i for i in instructions]
        told = [_told(instruction) for instruction in instructions]
        history.add(work, HistoryKind.INSTANCE_MODIFIED, reason=reason, instructions=told)
        work.stood = work.workflow.standing()
        with clock.in_zone(work.zone.key):
            goes_on = modify(work.workflow, own)
        if goes_on:
            save_work(work)
        else:
            close_everything(work, reason)
            history.add_steps(work)
            history.add(work, HistoryKind.INSTANCE_CANCELLED, reason=reason)
            history.write(work)
        return read_instance(tx, instance_id)


def _told(instruction: Instruction) -> dict[str, Any]:
    """What history keeps of an instruction: the names of variables, never a value."""
    told = {
        "type": instruction.type,
        "element": instruction.element_id,
        "process": instruction.process_key,
        "token": instruction.token_id,
        "ancestor": instruction.ancestor,
        "variables": sorted(instruction.variables),
    }
    return {name: value for name, value in told.items() if value}
