"""Variables of an instance, as one token or as the whole case sees them."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from engine import access, catalog
from engine.errors import TaskClosed
from engine.interpreter import TokenNotOpen, scope_ids
from engine.store import Database, reading
from engine.store.documents import unpack_variables
from engine.store.tables import ProcessInstance
from engine.types import Actor, VariableView

DOCUMENTS = (ProcessInstance.state, ProcessInstance.variables, ProcessInstance.sealed)
_OF_INSTANCE = select(
    ProcessInstance.id.label("instance_id"), ProcessInstance.definition_id, *DOCUMENTS
).where(ProcessInstance.id == bindparam("instance_id"))


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
    return seen_by_token(tx, tx.execute(_OF_INSTANCE, {"instance_id": instance_id}).one(), token_id)


def seen_by_token(tx: Connection, row: Row[Any], token_id: str) -> list[VariableView]:
    """``visible_variables``, of a row with ``instance_id``, ``definition_id`` and ``DOCUMENTS``."""
    deployed = catalog.load_process(tx, row.definition_id)
    try:
        order = scope_ids(row.state, deployed.executable, token_id)
    except TokenNotOpen as closed:
        raise TaskClosed(id=token_id) from closed
    found: dict[str, VariableView] = {}
    every = views_of(row.instance_id, row.variables, row.sealed)
    for scope in order:
        for variable in every:
            if variable.scope == scope:
                found.setdefault(variable.name, variable)
    return list(found.values())
