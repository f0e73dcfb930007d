"""Boundary events (BPMN 13.5.3): an activity and the listeners on its border, held together until it ends."""

from typing import Any

from engine.interpreter.events import Catching, listen, next_round
from engine.interpreter.nodes import Node
from engine.interpreter.spiff import Task, TaskState
from engine.interpreter.tokens import adopt, arrive, cancel, enter, note, place


class Frame(Node):
    """Stands before an activity with boundary events and holds both; its first output is the activity."""

    visible = False
    holder_of = "activity"

    def _update_hook(self, task: Task) -> bool:
        task._set_state(TaskState.STARTED)
        for boundary in self.boundaries:
            boundary.listen_at(task)
        enter(task.workflow, self.outputs[0], task.internal_data.get("via"), parent=task)
        return False

    @property
    def boundaries(self) -> list["Boundary"]:
        """The boundary events of its activity."""
        return list(self.outputs[1:])

    def child_done(self, holder: Task, child: Task) -> None:
        adopt(child)
        cancel(holder)


class Boundary(Catching):
    """Interrupts its activity, or goes off beside it as often as the event comes."""

    listener = True

    def is_token(self, task: Task) -> bool:
        return not task.has_state(TaskState.WAITING)

    def listen_at(self, frame: Task, state: dict[str, Any] | None = None) -> None:
        """Wait at the border of the activity in ``frame``. ``state``: from ``next_round``."""
        task = place(frame.workflow, self, TaskState.WAITING, via=self.element.attached_to, parent=frame)
        task.internal_data.update(state or {})
        listen(task)

    def fire(self, task: Task) -> None:
        frame = task.parent
        adopt(task)
        if self.element.interrupting:
            cancel(frame)
        elif (state := next_round(task)) is not None:
            self.listen_at(frame, state)
        task._set_state(TaskState.FUTURE)
        arrive(task)

    def begin(self, task: Task) -> None:
        task._ready()
        note("entered", task)
