"""Variables of an instance, as one token or as the whole case sees them."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, select

from engine import access, catalog
from engine.errors import TaskClosed
from engine.interpreter import TokenNotOpen, scope_ids
from engine.store import Database, reading
from engine.store.documents import unpack_variables
from engine.store.tables import ProcessInstance
from engine.types import Actor, VariableView


def read_variables(
    tx: Connection, instance_ids: Sequence[str], *, scope: str | None = "p:"
) -> list[VariableView]:
    """The variables of instances by name; ``scope`` None: those of called processes and items too."""
    query = select(ProcessInstance.id, ProcessInstance.variables, ProcessInstance.sealed)
    query = query.where(ProcessInstance.id.in_(instance_ids)).order_by(ProcessInstance.id)
    return [view for row in tx.execute(query) for view in views_of(*row, scope=scope)]


def views_of(
    instance_id: str, document: bytes, sealed: Sequence[str], *, scope: str | None = None
) -> list[VariableView]:
    """The variables of a document by scope and name; ``scope``: only those of one."""
    return [
        VariableView(name, value, name in sealed, instance_id, of_scope)
        for of_scope, values in sorted(unpack_variables(document).items())
        if scope in (None, of_scope)
        for name, value in sorted(values.items())
    ]


def works_on(database: Database, actor: Actor, instance_ids: Iterable[str]) -> frozenset[str]:
    """Those of the instances that ``actor`` works on, whose sealed values the actor may therefore read."""
    query = select(ProcessInstance.id).where(
        ProcessInstance.id.in_(list(instance_ids)), access.worked_instances(actor)
    )
    with reading(database) as tx:
        return frozenset(tx.scalars(query))


def visible_variables(tx: Connection, instance_id: str, token_id: str) -> list[VariableView]:
    """What the token of an open task sees: innermost scope first, each name once. Raises ``TaskClosed``."""
    query = select(ProcessInstance.state, ProcessInstance.definition_id)
    state, definition_id = tx.execute(query.where(ProcessInstance.id == instance_id)).one()
    deployed = catalog.load_process(tx, definition_id)
    try:
        order = scope_ids(state, deployed.executable, token_id)
    except TokenNotOpen as closed:
        raise TaskClosed(id=token_id) from closed
    found: dict[str, VariableView] = {}
    every = read_variables(tx, [instance_id], scope=None)
    for scope in order:
        for variable in every:
            if variable.scope == scope:
                found.setdefault(variable.name, variable)
    return list(found.values())
