"""Events that a token or listener waits for, and what it takes to wait: due times, edges, the next round."""

import re
from typing import Any, Final

from engine.definitions import Element, EventDefinition
from engine.interpreter.expressions import blaming, evaluate, failure, holds
from engine.interpreter.model import WaitingKind
from engine.interpreter.nodes import Node
from engine.interpreter.spiff import Task, TaskState
from engine.interpreter.tokens import adopt, drop, note, place

WAITING_KINDS: Final[dict[str, WaitingKind]] = {
    "timer": "timer",
    "message": "message",
    "signal": "signal",
    "conditional": "condition",
}
"""Kind of event definition -> kind of Waiting; errors and escalations come from inside only."""

_LITERAL: Final = re.compile(
    r"R\d*/.+"  # repetitions
    r"|-?P(?=[\dT])(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?"  # durations
    r"|\d{4}-\d{2}-\d{2}(T.+)?"  # dates
)
_CYCLE: Final = re.compile(r"R(?P<count>\d*)/(?:(?P<start>.*)/)?(?P<interval>[^/]+)")


class Catching(Node):
    """A node that waits for an event, and has ``fire(task)`` for when it comes to a waiting task.

    ``event_element``: where the diagram shows the event.
    """

    def __init__(self, spec: Any, name: str, element: Element, event_element: Element | None = None) -> None:
        super().__init__(spec, name, element)
        self.event_element = event_element or element
        self.event: EventDefinition | None = self.event_element.event_definition


def listen(task: Task) -> None:
    """Begin to wait for the event of a task's spec."""
    event = task.task_spec.event
    task._set_state(TaskState.WAITING)
    if event.kind == "timer":
        _arm(task, event)
    elif event.kind == "conditional":
        task.workflow.board.changed = True


def next_round(task: Task) -> dict[str, Any] | None:
    """What a non-interrupting listener that has just fired hands to its successor; None: it was the last."""
    event = task.task_spec.event
    if event.kind == "conditional":
        return {"was": True}
    if event.kind != "timer":
        return {}
    rest = rest_of_cycle(task.internal_data.get("cycle", ""), task.internal_data.get("due", ""))
    return None if rest is None else {"cycle": rest}


def rest_of_cycle(cycle: str, due: str) -> str | None:
    """What is left of a cycle that has just been due, None after the last time.

    ``R3/PT1H``, due for the first time at ``due`` (ISO 8601), leaves ``R2/<due>/PT1H``: its later rounds lie
    on the grid of the first, however late each of them comes.
    """
    match = _CYCLE.fullmatch(cycle)
    if match is None or match["count"] in ("0", "1"):
        return None
    left = int(match["count"]) - 1 if match["count"] else ""
    return f"R{left}/{match['start'] or due}/{match['interval']}"


def heed(task: Task) -> None:
    """Fire a conditional event when its condition becomes true (the edge, or it would fire for ever)."""
    now, was = holds(task, task.task_spec.event.text), task.internal_data.pop("was", False)
    if now:
        task.internal_data["was"] = True
    if now and not was:
        task.task_spec.fire(task)


def _arm(task: Task, event: EventDefinition) -> None:
    """Ask the host once when the timer is due, and keep the answer (BPMN 10.5.5, timer events)."""
    element_id = task.task_spec.element.id
    value = task.internal_data.get("cycle") or timer_value(task, event.text or "")
    if value is None:
        raise failure(element_id, f"the timer '{event.text}' is null")
    if event.timer == "timeCycle":
        if not isinstance(value, str):
            raise failure(element_id, f"the timer '{event.text}' is no cycle")
        task.internal_data["cycle"] = value
    with blaming(element_id):
        due = task.workflow.board.host.resolve_due(event.timer, value)
    task.internal_data["due"] = due.isoformat()


def timer_value(task: Task, text: str) -> Any:
    """A timer's text: ISO 8601 stands for itself, anything else is FEEL."""
    return text if is_literal_time(text) else evaluate(task, text)


def is_literal_time(text: str) -> bool:
    """Whether a timer's text is ISO 8601 that stands for itself."""
    return _LITERAL.fullmatch(text) is not None


class Catch(Catching):
    """Intermediate catching events and receive tasks (BPMN 13.5.2)."""

    def is_token(self, task: Task) -> bool:
        return not (task._state == TaskState.WAITING and task.parent.task_spec.holder_of == "events")

    def _update_hook(self, task: Task) -> bool:
        listen(task)
        return False

    def fire(self, task: Task) -> None:
        gateway = task.parent
        if gateway.task_spec.holder_of == "events":
            adopt(task)
            note("completed", gateway)
            drop(gateway)
            note("entered", task)
        task._ready()


class EventGateway(Node):
    """Holds a token until the first of the events behind it comes (BPMN 13.4.4)."""

    holder_of = "events"

    def _update_hook(self, task: Task) -> bool:
        task._set_state(TaskState.STARTED)
        for spec in self.outputs:
            listen(place(task.workflow, spec, TaskState.WAITING, via=self.name, parent=task))
        return False
