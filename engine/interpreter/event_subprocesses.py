"""Event sub-processes (BPMN 13.5.4): listen while their scope is open, then run inside it."""

from typing import Any

from engine.definitions import Element
from engine.interpreter.calls import SubProcess
from engine.interpreter.events import Catching, listen, next_round
from engine.interpreter.spiff import Task, TaskState, TaskTree
from engine.interpreter.tokens import cancel_others, note, place


class EventSubProcess(SubProcess, Catching):
    """Armed when its scope begins; when it fires it ends everything else there, or runs beside it."""

    listener = True

    def __init__(self, spec: Any, name: str, element: Element, start: Element) -> None:
        super().__init__(spec, name, element, event_element=start)

    def is_token(self, task: Task) -> bool:
        return not task.has_state(TaskState.WAITING)

    def listen_in(self, scope: TaskTree, state: dict[str, Any] | None = None) -> None:
        """Wait for the event while ``scope`` is open. ``state``: from ``next_round``."""
        task = place(scope, self, TaskState.WAITING)
        task.internal_data.update(state or {})
        listen(task)

    def fire(self, task: Task) -> None:
        if self.event_element.interrupting:
            cancel_others(task)
        elif (state := next_round(task)) is not None:
            self.listen_in(task.workflow, state)
        task._set_state(TaskState.FUTURE)
        note("entered", task)
        self.open(task)
