"""Moving an instance to another version: each token is put where the plan says, and keeps what it knows.

Tokens keep their ids, so variables of items and called processes, timers that run, items that are done and
tokens that wait at joins stay what they are. Boundary events and event sub-processes that are new in the
target begin to listen, those that it does not have any more are dropped. What a called process has open moves
to the version that the target calls.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from engine.interpreter import state
from engine.interpreter.board import Board, Scope
from engine.interpreter.boundaries import Boundary, Frame
from engine.interpreter.compensation import Done
from engine.interpreter.continuations import AFTER, element_of, is_paused
from engine.interpreter.event_subprocesses import EventSubProcess
from engine.interpreter.events import EventGateway, listen
from engine.interpreter.flows import join_flows
from engine.interpreter.gateways import InclusiveGateway, ParallelGateway
from engine.interpreter.migration import (
    FLOW,
    GONE,
    UNDONE,
    UNKNOWN,
    MigrationPlan,
    MigrationProblem,
    difference,
)
from engine.interpreter.model import Host
from engine.interpreter.nodes import Branch, ExternalTask, Node
from engine.interpreter.openings import inlet
from engine.interpreter.repeat import Repeat
from engine.interpreter.spiff import Task, TaskSpec, TaskState
from engine.interpreter.tokens import is_record, new_id, on_board, place
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
    listener: bool = False


@dataclass(eq=False)
class Moving:
    """A move in progress. ``arm``: what begins to listen when all tokens are in their places."""

    plan: MigrationPlan
    board: Board
    moves: list[MigrationMove] = field(default_factory=list)
    problems: list[MigrationProblem] = field(default_factory=list)
    arm: list[Callable[[], None]] = field(default_factory=list)

    def target_of(self, task: Task) -> Node | None:
        """What the node of a task becomes; None, and noted as a problem for a token, where nothing does."""
        element_id = task.task_spec.element.id
        return self.plan.target_of(task.workflow.spec.process_key, element_id)

    def block(self, task: Task, template: str) -> None:
        """Note why a token cannot be moved."""
        key = task.workflow.spec.process_key
        element_id = element_of(task) if is_paused(task) else task.task_spec.element.id
        changed = difference(self.plan, key, element_id, element_id) if template is GONE else None
        if changed is None or changed.template == UNKNOWN:
            changed = MigrationProblem(key, element_id, template)
        if changed not in self.problems:
            self.problems.append(changed)

    def note(self, task: Task, target: Node | None) -> None:
        """Note where a token or listener goes that the diagram shows."""
        if task.task_spec.visible:
            key, old = task.workflow.spec.process_key, task.task_spec.element.id
            new, listener = target and target.element.id, not task.task_spec.is_token(task)
            self.moves.append(MigrationMove(task.id, key, old, new, listener))

    def put(self, task: Task, scope: Scope, spec: TaskSpec, parent: Task | None = None) -> Task:
        """The same task at another version's spec."""
        new = Task(scope, spec, parent or scope.task_tree, task._state, task.id)
        new.internal_data = _translated(self.plan, task, scope)
        if isinstance(spec, ExternalTask) and new._state == TaskState.READY:  # its topic may be another one
            new.internal_data.pop("topic", None)
            self.arm.append(partial(spec._on_ready_hook, new))
        return new


def migrate(
    saved: bytes, plan: MigrationPlan, host: Host
) -> tuple[Workflow | None, list[MigrationMove], list[MigrationProblem]]:
    """A saved instance of the plan's source as one of its target, run to where it waits.

    ``host.scopes`` holds its variables and goes on holding them. Returns the instance (None where something
    blocks), what moves, and what blocks. Raises what the moves of ``Workflow`` raise: a new timer may fail.
    """
    old = state.restore(saved, plan.source, host)
    moving = Moving(plan, Board(plan.target.scopes, host, completed=old.completed))
    for key, scope in old.scopes.items():  # outer before inner
        owner = moving.board.find(key)
        if scope.owner is None or owner is not None:
            _move_scope(moving, scope, owner)
    if moving.problems:
        return None, moving.moves, moving.problems
    for arm in moving.arm:
        arm()
    known = {move.token_id for move in moving.moves}
    workflow = Workflow(moving.board)
    for waiting in workflow.waiting():
        if waiting.token_id not in known:
            new = MigrationMove(waiting.token_id, waiting.process_key, None, waiting.element_id, True)
            moving.moves.append(new)
    _join(moving.board)
    moving.board.settle()
    return workflow, moving.moves, []


def _move_scope(moving: Moving, scope: Scope, owner: Task | None) -> None:
    """What hangs below the root of a scope, and the event sub-processes that are new in it."""
    name = moving.plan.target.key if owner is None else owner.task_spec.inner
    target = moving.board.add_scope(name, owner)
    for task in scope.task_tree.children:
        _move_task(moving, task, target)
    if not scope.is_kept and not any(_has_interrupted(task) for task in scope.task_tree.children):
        for spec in _new(moving, scope.spec.process_key, scope.spec.listeners, target.spec.listeners):
            moving.arm.append(partial(spec.listen_in, target))


def _has_interrupted(task: Task) -> bool:
    """Whether an event sub-process runs that has ended everything beside it, listeners too."""
    spec = task.task_spec
    return isinstance(spec, EventSubProcess) and spec.is_token(task) and spec.event_element.interrupting


def _new(moving: Moving, key: str, olds: Iterable[Node], news: Iterable[Any]) -> list[Any]:
    """Those specs of the target that none of the source stands for."""
    known = [moving.plan.target_of(key, spec.element.id) for spec in olds]
    return [spec for spec in news if spec not in known]


def _move_task(moving: Moving, task: Task, scope: Scope) -> None:
    """A task below the root, with all that hangs below it."""
    spec = task.task_spec
    if isinstance(spec, Done):
        _move_record(moving, task, scope)
    elif is_paused(task):
        _move_paused(moving, task, scope)
    elif isinstance(spec, Frame):
        _move_activity(moving, next(t for t in task.children if not t.task_spec.listener), scope, task)
    elif spec.is_token(task) or moving.target_of(task) is not None:
        _move_activity(moving, task, scope)
    else:
        moving.note(task, None)


def _move_record(moving: Moving, record: Task, scope: Scope) -> None:
    """What a completed activity needs to be undone; not while it is being undone."""
    node, spec = moving.target_of(record), record.task_spec
    target = None if node is None else (node.item if isinstance(node, Repeat) else node).done
    if not is_record(record):
        moving.block(record, UNDONE)
    elif target is None or (target.handler is None) != (spec.handler is None):
        moving.block(record, GONE)
    else:
        moving.put(record, scope, target)


def _move_paused(moving: Moving, task: Task, scope: Scope) -> None:
    """A token that stops for a job: before an element, or on its way from one to the next."""
    key, spec = task.workflow.spec.process_key, task.task_spec
    origin = moving.plan.target_of(key, element_of(task))
    if isinstance(spec, Branch):
        target = scope.spec.task_specs.get(spec.name)
    else:
        node = moving.target_of(task)
        target = inlet(node) if node is not None else None
    if origin is None or target is None:
        moving.block(task, GONE)
        return
    moved = moving.put(task, scope, target)
    if task.internal_data["async"] == AFTER:
        moved.internal_data["via"] = origin.name
    moving.moves.append(MigrationMove(task.id, key, element_of(task), origin.element.id))


def _move_activity(moving: Moving, task: Task, scope: Scope, frame: Task | None = None) -> None:
    """A token at an element; ``frame``: what holds it together with its boundary events."""
    target = moving.target_of(task)
    if target is None:
        moving.block(task, GONE)
        return
    moved = moving.put(task, scope, target, _moved_frame(moving, task, frame, target, scope))
    moving.note(task, target)
    if isinstance(target, Repeat):
        for item in task.children:
            moving.put(item, scope, target.item, moved)
            moving.note(item, target)
    elif isinstance(target, EventGateway):
        _move_awaited(moving, task, moved)
    elif isinstance(target, ParallelGateway | InclusiveGateway) and task._state == TaskState.WAITING:
        via = join_flows(moving.plan, task.task_spec, target).get(task.internal_data["via"])
        if via is None:
            moving.block(task, FLOW)
        moved.internal_data["via"] = via


def _moved_frame(moving: Moving, task: Task, frame: Task | None, target: Node, scope: Scope) -> Task | None:
    """The frame around an activity in the target, with the listeners that it keeps; None: it needs none."""
    olds: list[Boundary] = frame.task_spec.boundaries if frame is not None else []
    listening = [t for t in frame.children if t.task_spec.listener] if frame is not None else []
    outer = inlet(target)
    if not isinstance(outer, Frame):
        for listener in listening:
            moving.note(listener, None)
        return None
    if frame is not None:
        moved = moving.put(frame, scope, outer)
    else:
        moved = Task(scope, outer, scope.task_tree, TaskState.STARTED, new_id())
    for listener in listening:
        spec = moving.target_of(listener)
        if spec is not None:
            moving.put(listener, scope, spec, moved)
        moving.note(listener, spec)
    for spec in _new(moving, task.workflow.spec.process_key, olds, outer.boundaries):
        moving.arm.append(partial(spec.listen_at, moved))
    return moved


def _move_awaited(moving: Moving, gateway: Task, moved: Task) -> None:
    """The events that an event-based gateway waits for: those that are still behind it, and new ones."""
    target = moved.task_spec
    for event in gateway.children:
        spec = moving.target_of(event)
        if spec not in target.outputs:
            spec = None
        if spec is not None:
            moving.put(event, moved.workflow, spec, moved)
        moving.note(event, spec)
    for spec in _new(moving, gateway.workflow.spec.process_key, gateway.task_spec.outputs, target.outputs):
        moving.arm.append(partial(_await, moved, spec))


def _await(gateway: Task, spec: TaskSpec) -> None:
    listen(place(gateway.workflow, spec, TaskState.WAITING, via=gateway.task_spec.name, parent=gateway))


def _translated(plan: MigrationPlan, task: Task, scope: Scope) -> dict[str, Any]:
    """What a task knows, with the name of where it came from as the target calls it."""
    known = dict(task.internal_data)
    if "via" in known:
        source = task.workflow.spec.task_specs[known["via"]]
        node = plan.target_of(task.workflow.spec.process_key, source.element.id)
        if node is not None and source.name == source.element.id:
            known["via"] = node.name
        elif source.name not in scope.spec.task_specs:
            del known["via"]
    return known


def _join(board: Board) -> None:
    """Let joins look again: the target may wait for less."""
    for scope in list(board.scopes.values()):
        for task in list(scope.tasks.values()):
            join = isinstance(task.task_spec, ParallelGateway | InclusiveGateway)
            if join and task._state == TaskState.WAITING and on_board(task):
                task.task_spec._update(task)
