"""Moving an instance to another version: each token is put where the plan says, and keeps what it knows.

Tokens keep their ids, so variables of items and called processes, timers that run, items that are done and
tokens that wait at joins stay what they are. Boundary events and event sub-processes that are new in the target
begin to listen, those that it does not have any more are dropped. What a called process has open moves to the
version that the target calls.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from engine.interpreter import state
from engine.interpreter.board import Board, Scope
from engine.interpreter.boundaries import Boundary, Frame
from engine.interpreter.calls import CallActivity
from engine.interpreter.continuations import is_paused
from engine.interpreter.event_subprocesses import EventSubProcess
from engine.interpreter.events import EventGateway, listen
from engine.interpreter.flows import join_flows
from engine.interpreter.gateways import InclusiveGateway, ParallelGateway
from engine.interpreter.migration import CALLED, FLOW, GONE, MigrationPlan, MigrationProblem
from engine.interpreter.model import Host
from engine.interpreter.nodes import ExternalTask, Node
from engine.interpreter.openings import inlet
from engine.interpreter.repeat import Repeat
from engine.interpreter.spiff import Task, TaskState
from engine.interpreter.tokens import new_id, on_board, place
from engine.interpreter.workflow import Workflow


@dataclass(frozen=True)
class MigrationMove:
    """A token (or, ``listener``, what waits for an event beside one) and the element that it comes to.

    ``target_id`` None: dropped, the target does not have it. ``element_id`` None: new in the target.
    """

    token_id: str
    process_key: str
    element_id: str | None
    target_id: str | None
    listener: bool


@dataclass(eq=False)
class Moving:
    """A move in progress. ``tasks``: of the new board by id; ``arm``: what begins to listen at its end."""

    plan: MigrationPlan
    old: Board
    new: Board
    moves: list[MigrationMove] = field(default_factory=list)
    problems: list[MigrationProblem] = field(default_factory=list)
    arm: list[Callable[[], None]] = field(default_factory=list)


def migrate(
    saved: bytes, plan: MigrationPlan, host: Host
) -> tuple[Workflow | None, list[MigrationMove], list[MigrationProblem]]:
    """A saved instance of the plan's source as one of its target, run to where it waits.

    ``host.scopes`` holds its variables and goes on holding them. Returns the instance (None where something
    blocks), what moves, and what blocks. Raises what the moves of ``Workflow`` raise: a new timer may fail.
    """
    old = state.restore(saved, plan.source, host)
    moving = Moving(plan, old, Board(plan.target.scopes, host, completed=old.completed))
    for key, scope in old.scopes.items():  # outer before inner
        owner = moving.new.find(key) if scope.owner is not None else None
        if scope.owner is None or owner is not None:
            _move_scope(moving, scope, owner)
    if moving.problems:
        return None, moving.moves, moving.problems
    known = {task_id for scope in moving.new.scopes.values() for task_id in scope.tasks}
    for arm in moving.arm:
        arm()
    _note_new(moving, known)
    _settle(moving.new)
    return Workflow(moving.new), moving.moves, []


def _move_scope(moving: Moving, scope: Scope, owner: Task | None) -> None:
    """What hangs below the root of a scope, and the event sub-processes that are new in it."""
    name = moving.plan.target.key if owner is None else owner.task_spec.inner
    target = moving.new.add_scope(name, owner)
    for task in scope.task_tree.children:
        _move_task(moving, task, target)
    old = (moving.plan.target_of(scope.spec.process_key, spec.name) for spec in scope.spec.listeners)
    known = [spec for spec in old if spec is not None]
    if any(_interrupts(task) for task in scope.task_tree.children):
        return
    for spec in target.spec.listeners:
        if spec not in known:
            moving.arm.append(lambda spec=spec: spec.listen_in(target))  # type: ignore[misc]


def _interrupts(task: Task) -> bool:
    """Whether an event sub-process runs that has ended everything beside it, listeners too."""
    spec = task.task_spec
    return isinstance(spec, EventSubProcess) and spec.is_token(task) and spec.event_element.interrupting
