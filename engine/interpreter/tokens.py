"""Putting tokens on the board, moving them, taking them off; each visible move becomes a ``Step``.

Invariant: a scope's task tree holds its root and live tasks, nothing else. Live tokens hang below the root;
below a live *holder* hang the tasks that it holds together: an activity and its boundary events (``Frame``),
the items of a loop (``Repeat``), the events behind an event-based gateway. What is saved is the whole tree.
"""

from uuid_utils import uuid7

from engine.interpreter.continuations import AFTER, BEFORE, is_paused, pause
from engine.interpreter.model import Step, StepKind
from engine.interpreter.spiff import Task, TaskSpec, TaskState, TaskTree


def new_id() -> str:
    """A token's id: 32 hexadecimal digits."""
    return uuid7().hex


def place(
    scope: TaskTree, spec: TaskSpec, state: int, via: str | None = None, parent: Task | None = None
) -> Task:
    """A new task, not yet noticed by anybody. ``via``: name of the spec it comes from.

    Raises StepBudgetExceeded when one command has placed too many.
    """
    scope.board.spend(spec)
    task = Task(scope, spec, parent or scope.task_tree, state, new_id())
    if via is not None:
        task.internal_data["via"] = via
    return task


def enter(scope: TaskTree, spec: TaskSpec, via: str | None, parent: Task | None = None) -> None:
    """A token arrives at ``spec``."""
    arrive(place(scope, spec, TaskState.FUTURE, via, parent))


def leave(source: Task, spec: TaskSpec) -> None:
    """A token goes on from ``source``, which is done, to ``spec``."""
    if source.task_spec.async_after:
        pause(place(source.workflow, spec, TaskState.FUTURE, source.task_spec.name), AFTER)
    else:
        enter(source.workflow, spec, source.task_spec.name)


def arrive(task: Task) -> None:
    """A placed token takes up its work, or stops before it for a job."""
    if task.task_spec.async_before:
        pause(task, BEFORE)
    else:
        task.task_spec.begin(task)


def resume(task: Task) -> None:
    """A paused token goes on."""
    match task.internal_data.pop("async"):
        case "before":
            task.task_spec.begin(task)
        case "after":
            arrive(task)
        case _:
            task.task_spec.depart(task)


def on_board(task: Task) -> bool:
    """False once a task was completed, cancelled or swallowed by a join."""
    return task.id in task.workflow.tasks


def adopt(task: Task) -> None:
    """Free a task from its holder, which may end now."""
    root = task.workflow.task_tree
    task.parent._children.remove(task.id)
    task.parent = root
    root._children.append(task.id)


def is_record(task: Task) -> bool:
    """Whether a task only remembers a completed activity, to undo it; nothing of it runs."""
    return bool(task.task_spec.holder_of == "undo" and task._state == TaskState.WAITING)


def cancel_others(task: Task) -> None:
    """Take everything else off the scope of a task; what is remembered stays."""
    for other in task.workflow.task_tree.children:
        if other is not task and not is_record(other):
            cancel(other)


def drop(task: Task) -> None:
    """Take a task off the board, with the listeners below it and the variables that were its own."""
    scopes = task.workflow.board.host.scopes
    scopes.pop(task.id, None)
    scopes.pop(f"p:{task.id}", None)
    task.workflow._remove_task(task.id)


def cancel(task: Task) -> None:
    """Take an unfinished task off the board with everything inside it, innermost first."""
    inner = task.workflow.board.scopes.pop(task.id, None)
    if inner is not None:
        for token in inner.task_tree.children:
            cancel(token)
    for child in task.children:
        cancel(child)
    note("cancelled", task)
    task._set_state(TaskState.CANCELLED)
    drop(task)


def note(kind: StepKind, task: Task) -> None:
    """Record a step, if the task is a token that can be seen on the diagram."""
    spec = task.task_spec
    if not (spec.visible and spec.is_token(task)) or is_paused(task):
        return
    via = task.internal_data.get("via")
    came_from = task.workflow.spec.task_specs[via].element.id if via else None
    step = Step(kind, task.id, task.workflow.spec.process_key, spec.element.id, came_from)
    task.workflow.board.trace.append(step)
