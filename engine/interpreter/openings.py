"""Where a token may be put by hand: the open scope of an element, or one that is opened for it.

Camunda's rules (process instance modification): of the scopes around an element those that are open are used,
the others are opened, without their start events; where several are open, the caller must say which.
Nothing of this happens in a diagram's own course.
"""

from engine.interpreter.board import Board, Scope
from engine.interpreter.boundaries import Boundary, Frame
from engine.interpreter.calls import SubProcess
from engine.interpreter.event_subprocesses import EventSubProcess
from engine.interpreter.gateways import InclusiveGateway, ParallelGateway
from engine.interpreter.nodes import Node
from engine.interpreter.repeat import Repeat
from engine.interpreter.spec import ScopeSpec
from engine.interpreter.spiff import Task, TaskSpec, TaskState
from engine.interpreter.tokens import cancel, is_record, note, place


class Impossible(ValueError):
    """Something cannot be done by hand; the text says why."""


def has_tokens(scope: Scope) -> bool:
    """Whether more than listeners is left in a scope."""
    return any(task.task_spec.is_token(task) for task in scope.task_tree.children)


def inlet(spec: TaskSpec) -> TaskSpec:
    """Where a token that goes to an element arrives: at the frame around it, if it has one."""
    return spec._wf_spec.task_specs.get(f"{spec.element.id} [frame]") or spec


def scope_for(board: Board, spec: ScopeSpec, ancestor: str | None = None) -> Scope:
    """The open scope of ``spec`` to put a token in.

    ``ancestor``: id of the token that owns the scope to go in from ("" for the process); what lies between
    is opened anew. Without it the only open scope is taken, or one is opened inside the only one around it.
    Raises Impossible where none or several come into question.
    """
    scopes = {key: scope for key, scope in board.scopes.items() if not scope.is_kept}
    if ancestor is not None:
        if ancestor not in scopes:
            raise Impossible("the ancestor is no open sub-process")
        return _open_below(board, scopes[ancestor], spec)
    found = [scope for scope in scopes.values() if scope.spec is spec]
    if len(found) > 1:
        raise Impossible(f"{len(found)} open sub-processes come into question: say which, by its token")
    if found:
        return found[0]
    node = _node_of(board, spec)
    return _open(board, scope_for(board, node._wf_spec), node)


def _open_below(board: Board, scope: Scope, spec: ScopeSpec) -> Scope:
    if scope.spec is spec:
        return scope
    node = _node_of(board, spec)
    return _open(board, _open_below(board, scope, node._wf_spec), node)


def _node_of(board: Board, spec: ScopeSpec) -> SubProcess:
    """The sub-process that a scope is the inside of."""
    for scope in board.specs.values():
        for node in scope.task_specs.values():
            if isinstance(node, SubProcess) and not node.opens_scope and node.inner == spec.name:
                return node
    raise Impossible(f"the process '{spec.name}' is not open there: start its call activity instead")


def _open(board: Board, scope: Scope, node: SubProcess) -> Scope:
    """Open a sub-process without a token inside; the caller puts one there."""
    outer = scope.spec.task_specs[node.element.id]
    if isinstance(outer, Repeat):
        task = item_for(scope, outer)
    else:
        interrupt(scope, node)
        task = place(scope, node, TaskState.FUTURE, parent=_frame_for(scope, outer))
    note("entered", task)
    task._set_state(TaskState.STARTED)
    inside = board.add_scope(node.inner, task)
    for listener in inside.spec.listeners:
        listener.listen_in(inside)
    return inside


def item_for(scope: Scope, spec: Repeat) -> Task:
    """A new item, not yet begun: of the only multi-instance that runs there, or of one with nothing else.

    Raises Impossible for several, and where items come one after another.
    """
    begun = TaskState.STARTED  # one that stops for a job has no items yet
    running = [task for task in scope.tasks.values() if task.task_spec is spec and task._state == begun]
    if len(running) > 1:
        raise Impossible(f"{len(running)} multi-instances come into question")
    if running and spec.loop.kind != "parallel":
        raise Impossible("its items come one after another, and one is open")
    if running:
        return spec.add_item(running[0])
    body = place(scope, spec, TaskState.STARTED, parent=_frame_for(scope, spec))
    spec.prepare(body)
    return spec.add_item(body)


def _frame_for(scope: Scope, spec: TaskSpec) -> Task | None:
    """A new frame with its boundary events armed; None for an activity without any."""
    frame_spec = inlet(spec)
    if not isinstance(frame_spec, Frame):
        return None
    frame = place(scope, frame_spec, TaskState.STARTED)
    for boundary in frame_spec.boundaries:
        boundary.listen_at(frame)
    return frame


def interrupt(scope: Scope, spec: Node) -> None:
    """End what an interrupting event ends: a boundary event its activity, an event sub-process its scope."""
    if isinstance(spec, EventSubProcess) and spec.event_element.interrupting:
        for task in scope.task_tree.children:
            if not is_record(task):
                cancel(task)
    elif isinstance(spec, Boundary) and spec.element.interrupting:
        frames = [t for t in scope.tasks.values() if t.task_spec.element.id == spec.element.attached_to]
        frames = [t for t in frames if isinstance(t.task_spec, Frame)]
        if len(frames) > 1:
            raise Impossible(f"{len(frames)} activities come into question that it would interrupt")
        for frame in frames:
            cancel(frame)


def free_flow(scope: Scope, spec: Node) -> str | None:
    """For a join, the incoming flow that a token put there stands for: the first without one."""
    if not isinstance(spec, ParallelGateway | InclusiveGateway):
        return None
    taken = {t.internal_data.get("via") for t in scope.tasks.values() if t.task_spec is spec}
    flows: list[str] = spec._inputs
    if not flows:
        raise Impossible("no flow leads to it")
    return next((flow for flow in flows if flow not in taken), flows[0])
