"""Variables belong to scopes of the process instance, never to tokens (Camunda's rule).

A token sees, innermost first: the items of multi-instances and loops that it stands in, then the variables of
the process instance, or of the called process that it stands in.
"""

from collections import ChainMap
from collections.abc import Iterator, Mapping, MutableMapping
from typing import Any

from engine.interpreter.model import MAIN_SCOPE, Scopes
from engine.interpreter.spiff import Task


def called_scope(task: Task) -> str:
    """Scope id of the process that a call activity's token has called."""
    return f"{MAIN_SCOPE}{task.id}"


def holders(task: Task) -> Iterator[Task]:
    """The token, then those whose sub-process it is inside of, up to the edge of its process."""
    while task is not None:
        yield task
        task = task.workflow.owner
        if task is not None and task.task_spec.opens_scope:
            return


def is_item(task: Task) -> bool:
    """Whether a token is one item of a multi-instance or loop, with variables of its own."""
    holder = task.parent
    return holder is not None and holder.task_spec.holder_of == "items"


def _owners(task: Task) -> Iterator[Task]:
    """Those among the holders, innermost first, that have variables of their own: items, also when undone."""
    for holder in holders(task):
        for owner in (holder, holder.parent):
            if owner is not None and ((owner is holder and is_item(owner)) or "own" in owner.internal_data):
                yield owner


def scope_ids(task: Task) -> list[str]:
    """Ids of all scopes that a token can see, innermost first; the last one is its process's."""
    chain = list(holders(task))
    caller = chain[-1].workflow.owner
    process = MAIN_SCOPE if caller is None else called_scope(caller)
    return [*(owner.id for owner in _owners(task)), process]


def variables(task: Task) -> Mapping[str, Any]:
    """All variables that a token sees, with the counters of the nearest multi-instance before them."""
    scopes = _scopes(task)
    maps: list[MutableMapping[str, Any]] = [scopes[scope_id] for scope_id in scope_ids(task)]
    item = next(filter(is_item, holders(task)), None)
    if item is not None:
        maps.insert(0, item.parent.task_spec.counters(item.parent))
    return ChainMap(*maps)


def write(task: Task, values: Mapping[str, Any]) -> None:
    """Set JSON values where each name is declared, innermost first, else on the process."""
    scopes, chain = _scopes(task), scope_ids(task)
    for name, value in values.items():
        scopes[next((s for s in chain if name in scopes[s]), chain[-1])][name] = value
    task.workflow.board.changed = True


def _scopes(task: Task) -> Scopes:
    scopes: Scopes = task.workflow.board.host.scopes
    return scopes
