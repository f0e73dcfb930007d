"""The state of an instance as bytes: where its tokens are. No variables, nothing of the diagram.

JSON: ``[version, completed, {owner: [[token, spec, state, holder, internal], ...]}]``; ``owner`` is the token
that a scope belongs to ("" for the process), ``holder`` the token that a row hangs below ("" for the root).
"""

from typing import Any, Final

import orjson

from engine.interpreter.board import Board, Scope
from engine.interpreter.expressions import failure
from engine.interpreter.model import MAIN_SCOPE, Host
from engine.interpreter.scopes import called_scope
from engine.interpreter.spec import Executable
from engine.interpreter.spiff import Task

VERSION: Final = 1


def dump(board: Board) -> bytes:
    """All live tokens; what they mean is in the executable."""
    scopes = {key: _rows(scope) for key, scope in board.scopes.items()}
    return orjson.dumps([VERSION, board.completed, scopes])


def restore(state: bytes, executable: Executable, host: Host) -> Board:
    """The board as it was dumped.

    Raises ExecutionFailed if a token stands at an element that the executable does not have.
    """
    _, completed, scopes = orjson.loads(state)
    host.scopes.setdefault(MAIN_SCOPE, {})
    board = Board(executable.scopes, host, completed=completed)
    for owner_id, rows in scopes.items():  # outer before inner, as they were opened
        owner = board.find(owner_id)
        if owner is not None and owner.task_spec.opens_scope:
            host.scopes.setdefault(called_scope(owner), {})
        scope = board.add_scope(executable.key if owner is None else owner.task_spec.inner, owner)
        for row in rows:
            _restore(scope, *row)
    return board


def _rows(scope: Scope) -> list[list[Any]]:
    root = scope.task_tree
    return [
        [t.id, t.task_spec.name, t._state, "" if t.parent is root else t.parent.id, t.internal_data]
        for t in scope.tasks.values()
        if t is not root
    ]


def _restore(
    scope: Scope, token_id: str, name: str, state: int, holder: str, internal: dict[str, Any]
) -> None:
    spec = scope.spec.task_specs.get(name)
    if spec is None:
        raise failure(name, "a token stands there, but the definition has no such element")
    task = Task(scope, spec, scope.tasks.get(holder, scope.task_tree), state, token_id)
    task.internal_data = internal
