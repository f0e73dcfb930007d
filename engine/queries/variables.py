"""Variables of an instance, as one token or as the whole case sees them."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from engine import access, catalog
from engine.errors import TaskClosed
from engine.interpreter import TokenNotOpen, scope_ids
from engine.secrecy import keys_of
from engine.store import Database, reading
from engine.store.documents import open_variables
from engine.store.tables import ProcessInstance
from engine.types import Actor, VariableView

DOCUMENTS = (
    *(ProcessInstance.state, ProcessInstance.variables, ProcessInstance.sealed),
    *(ProcessInstance.secrets, ProcessInstance.key_id),
)
_OF_INSTANCE = select(
    ProcessInstance.id.label("instance_id"), ProcessInstance.definition_id, *DOCUMENTS
).where(ProcessInstance.id == bindparam("instance_id"))


def read_variables(
    tx: Connection, instance_ids: Sequence[str], *, opened: Collection[str] = (), scope: str | None = "p:"
) -> list[VariableView]:
    """The variables of instances by name; what is sealed has its value only in those of the ``opened``
    instances.

    ``scope`` None: those of called processes and items too.
    """
    query = select(ProcessInstance.id.label("instance_id"), *DOCUMENTS)
    query = query.where(ProcessInstance.id.in_(instance_ids)).order_by(ProcessInstance.id)
    rows = tx.execute(query)
    return [v for row in rows for v in views_of(tx, row, opened=row.instance_id in opened, scope=scope)]


def views_of(tx: Connection, row: Row[Any], *, opened: bool, scope: str | None = None) -> list[VariableView]:
    """The variables of a row with ``instance_id`` and ``DOCUMENTS`` by scope and name; sealed ones have their
    values where they are ``opened``, and their key has not been destroyed. ``scope``: only those of one.
    """
    key = keys_of(tx).readable(row.key_id) if opened and row.secrets is not None else None
    return [
        VariableView(name, value, name in row.sealed, row.instance_id, of_scope)
        for of_scope, values in sorted(open_variables(row.variables, row.secrets, key).items())
        if scope in (None, of_scope)
        for name, value in sorted(values.items())
    ]


def works_on(tx: Connection, actor: Actor, instance_ids: Iterable[str]) -> frozenset[str]:
    """Those of the instances that ``actor`` works on, whose sealed values the actor may therefore read."""
    query = select(ProcessInstance.id).where(
        ProcessInstance.id.in_(list(instance_ids)), access.worked_instances(actor)
    )
    return frozenset(tx.scalars(query))


def reads_sealed(database: Database, actor: Actor, instance_id: str) -> bool:
    """Whether ``actor`` works on a case, and so reads what is sealed in it."""
    with reading(database) as tx:
        return bool(works_on(tx, actor, [instance_id]))


def visible_variables(tx: Connection, instance_id: str, token_id: str, *, opened: bool) -> list[VariableView]:
    """What the token of an open task sees: innermost scope first, each name once. Raises ``TaskClosed``."""
    row = tx.execute(_OF_INSTANCE, {"instance_id": instance_id}).one()
    return seen_by_token(tx, row, token_id, opened=opened)


def seen_by_token(tx: Connection, row: Row[Any], token_id: str, *, opened: bool) -> list[VariableView]:
    """``visible_variables``, of a row with ``instance_id``, ``definition_id`` and ``DOCUMENTS``."""
    deployed = catalog.load_process(tx, row.definition_id)
    try:
        order = scope_ids(row.state, deployed.executable, token_id)
    except TokenNotOpen as closed:
        raise TaskClosed(id=token_id) from closed
    found: dict[str, VariableView] = {}
    every = views_of(tx, row, opened=opened)
    for scope in order:
        for variable in every:
            if variable.scope == scope:
                found.setdefault(variable.name, variable)
    return list(found.values())
