"""Who catches what is thrown (BPMN 10.5.6): errors and escalations inside out, signals everywhere."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from engine.definitions import EventDefinition
from engine.interpreter.mappings import business_key_in, mapped
from engine.interpreter.model import Thrown
from engine.interpreter.scopes import variables, write
from engine.interpreter.spiff import Task, TaskState, TaskTree
from engine.interpreter.tokens import cancel_others, on_board


def throw(event: EventDefinition, task: Task) -> None:
    """Do what a throwing event says. An error or escalation that nobody catches is over with that."""
    board = task.workflow.board
    match event.kind:
        case "error" | "escalation":
            catcher = find_catcher(event.kind, event.code, task.workflow)
            if catcher is not None:
                catch(catcher, event.code, event.error_message)
        case "message":
            board.host.outbox.append(_thrown("message", event, task))
        case "signal":
            thrown = _thrown("signal", event, task)
            board.host.outbox.append(thrown)
            for catcher in board.waiting_on("signal", event.name):
                if on_board(catcher):
                    write(catcher, thrown.values)
                    catcher.task_spec.fire(catcher)
        case "terminate":
            cancel_others(task)


def catch(
    catcher: Task, code: str | None, message: str | None, values: Mapping[str, Any] | None = None
) -> None:
    """Let a listener catch an error or escalation: its variables are set where it stands, then it fires.

    ``values``: others to set first, by whoever reports the error.
    """
    attributes = catcher.task_spec.event.attributes
    known = {"errorCodeVariable": code, "errorMessageVariable": message, "escalationCodeVariable": code}
    told = {name: value for key, value in known.items() if (name := attributes.get(key, "").strip())}
    write(catcher, {**(values or {}), **told})
    catcher.task_spec.fire(catcher)


def _thrown(kind: Literal["message", "signal"], event: EventDefinition, task: Task) -> Thrown:
    element_id, seen = task.task_spec.element.id, variables(task)
    return Thrown(
        kind=kind,
        name=event.name or "",
        values=mapped(event.mappings, "in", seen, element_id),
        business_key=business_key_in(event.mappings, seen, element_id),
        process_key=task.workflow.spec.process_key,
        element_id=element_id,
    )


def find_catcher(kind: str, code: str | None, scope: TaskTree, source: Task | None = None) -> Task | None:
    """The listener that catches an error or escalation.

    From the inside out: the boundary of the activity where it came from, the event sub-processes of its
    scope, then the same for the activity that the scope belongs to. The same code goes before a catch-all.
    What an event sub-process throws is not caught by itself, armed anew as it may be. ``source``: the
    activity's token, None for what an event throws.
    """
    while scope is not None:
        groups = [list(attached_to(source))] if source is not None else []
        thrower = source.task_spec if source is not None else None
        groups.append([t for t in scope.task_tree.children if t.task_spec is not thrower])
        for group in groups:
            catchers = [t for t in group if _catches(t, kind, code)]
            if catchers:
                return min(catchers, key=lambda t: t.task_spec.event.code is None)
        source = scope.owner
        scope = source.workflow if source is not None else None
    return None


def attached_to(activity: Task) -> Iterator[Task]:
    """The boundary events of an activity, or of the loop that it is an item of."""
    holder = activity.parent
    if holder.task_spec.holder_of == "items":
        holder = holder.parent
    if holder.task_spec.holder_of == "activity":
        yield from holder.children


def _catches(task: Task, kind: str, code: str | None) -> bool:
    if not (task.task_spec.listener and task._state == TaskState.WAITING):
        return False
    event = task.task_spec.event
    return event.kind == kind and event.code in (None, code)
