"""Setting and removing variables of a case by hand."""

from collections.abc import Collection, Mapping
from typing import Any

from engine import clock
from engine.access import Action
from engine.commands import history
from engine.commands.managing import check_reason, require_managed
from engine.commands.variables import accept, check_name
from engine.commands.work import open_work, save_work, view_of
from engine.errors import ConcurrentUpdate, VariableInvalid
from engine.interpreter import MAIN_SCOPE
from engine.store import Database, writing
from engine.types import Actor, HistoryKind, InstanceView


def set_variables(
    database: Database,
    actor: Actor,
    instance_id: str,
    modifications: Mapping[str, Any],
    deletions: Collection[str] = (),
    *,
    scope: str = MAIN_SCOPE,
    reason: str = "",
    expected: Mapping[str, Any] | None = None,
) -> InstanceView:
    """Set JSON values and remove names, of the instance or of one ``scope`` (``VariableView.scope``).

    No form is asked. What is sealed stays sealed. Conditional events notice; those of a suspended instance
    when it is activated. History keeps the names and the ``reason``. A name that is not there need not be
    removed. ``expected``: values that must still be there, else ``ConcurrentUpdate``. Raises
    ``InstanceNotFound``, ``ActionForbidden``, ``InstanceClosed``, ``VariableInvalid``, ``ConcurrentUpdate``
    and what the process raises.
    """
    check_reason(reason)
    with writing(database) as tx:
        require_managed(tx, actor, instance_id, Action.SET_VARIABLES)
        work = open_work(tx, actor, instance_id, even_suspended=True)
        accepted = accept(tx, work.instance.agency_id, None, modifications, {}, work.zone)
        for name in deletions:
            check_name(name)
        if scope not in work.host.scopes:
            raise VariableInvalid(name="scope", reason="the instance has no such scope")
        values = work.host.scopes[scope]
        _require(values, expected or {})
        details: dict[str, Any] = {} if scope == MAIN_SCOPE else {"scope": scope}
        if reason:
            details["reason"] = reason
        removed = sorted(set(deletions) - set(accepted))
        history.add(work, HistoryKind.VARIABLES_SET, variables=sorted(accepted), removed=removed, **details)
        values |= accepted
        for name in removed:
            values.pop(name, None)
        if not work.instance.suspended:
            with clock.in_zone(work.zone.key):
                work.workflow.set_variables({})
        save_work(work)
        return view_of(work)


def _require(values: Mapping[str, Any], expected: Mapping[str, Any]) -> None:
    if any(name not in values or values[name] != value for name, value in expected.items()):
        raise ConcurrentUpdate
