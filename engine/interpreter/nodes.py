"""What every element of a diagram does with a token, and the simplest ones: tasks, start, throwing events."""

# mypy: disallow-subclassing-any=False

from typing import Any

from engine.definitions import Element
from engine.interpreter import routing
from engine.interpreter.continuations import ITEM, pause
from engine.interpreter.expressions import blaming
from engine.interpreter.mappings import text_in
from engine.interpreter.model import WaitingKind
from engine.interpreter.scopes import is_item, variables, write
from engine.interpreter.spiff import Task, TaskSpec, TaskState
from engine.interpreter.tokens import drop, leave, note, on_board


class Node(TaskSpec):
    """An element as the library sees it, with the hooks that it calls.

    ``element``: what the diagram says, shared by all instances and never changed. ``visible``: False for
    helpers that no diagram shows. ``waits_as``: a ready token waits for the host; None: the engine runs it.
    ``opens_scope``: what it starts has variables of its own. ``joins_at_rest``: its waiting tokens are looked
    at when nothing else moves. ``listener``: a boundary event or event sub-process. ``holder_of``: what hangs
    below its task, if anything: ``activity``, ``items`` or ``events``. ``async_before``, ``async_after``: a
    token stops for a job. ``done``: the ``Done`` spec that remembers it, if it can be undone.
    """

    visible = True
    waits_as: WaitingKind | None = None
    opens_scope = False
    joins_at_rest = False
    listener = False
    holder_of = ""
    async_before = False
    async_after = False
    done: Any = None

    def __init__(self, spec: Any, name: str, element: Element) -> None:
        super().__init__(spec, name)
        self.element = element

    def is_token(self, task: Task) -> bool:
        """False while a task only listens, or waits on behalf of an event-based gateway."""
        return True

    def targets(self, task: Task) -> list[TaskSpec]:
        """Where a completed token goes on: all outgoing flows."""
        outputs: list[TaskSpec] = self.outputs
        return outputs

    def child_done(self, holder: Task, child: Task) -> None:
        """A task that hangs below ``holder`` (a task of this spec) has completed."""

    def begin(self, task: Task) -> None:
        """A token takes up its work: ready, waiting, or holding others."""
        note("entered", task)
        self._update(task)

    def on_complete(self, task: Task) -> None:
        """It is done: record it, and leave."""
        note("completed", task)
        self.completed(task)
        if self.async_after and is_item(task):
            pause(task, ITEM)
        else:
            self.depart(task)

    def completed(self, task: Task) -> None:
        """Remember it, if it can be undone."""
        if self.done is not None:
            self.done.remember(task)

    def depart(self, task: Task) -> None:
        """Tell the holder, take the token off, and put one on each target."""
        targets = self.targets(task)
        holder = task.parent
        holder.task_spec.child_done(holder, task)
        if on_board(task):
            drop(task)
        for spec in targets:
            leave(task, spec)

    # What follows is called by the library: TaskSpec._update, Task._ready, Task.run and Task.complete.

    def test(self) -> None:
        """Graphs are checked once, when they are built."""

    def _predict(self, *_: Any, **__: Any) -> None:
        """Nothing is put on the board before a token gets there."""

    def _update_hook(self, task: Task) -> bool:
        """A token has arrived; True: it is ready."""
        return True

    def _on_ready_hook(self, task: Task) -> None:
        if self.waits_as is None:
            task.workflow.board.agenda.append(task)

    def _run_hook(self, task: Task) -> bool:
        return True

    def _on_complete(self, task: Task) -> None:
        if on_board(task):  # a throw may have interrupted the thrower
            self.on_complete(task)


class PassThrough(Node):
    """Start event (the host has chosen it), none event, task and manual task: done as soon as reached."""


class Branch(Node):
    """A second flow between the same two elements, so that each counts as a flow of its own."""

    visible = False


class UserTask(Node):
    """Waits for a person."""

    waits_as = "user_task"


class ExternalTask(Node):
    """Waits for the host's worker, who completes it or reports a BPMN error."""

    waits_as = "external_task"

    def _on_ready_hook(self, task: Task) -> None:
        """Work a topic in FEEL out once; what is literal stays in the diagram."""
        topic = self.element.topic or ""
        if topic.startswith("="):
            task.internal_data["topic"] = text_in(variables(task), topic, self.element.id)


class DecisionTask(Node):
    """Business rule task: the host decides, the result goes into ``camunda:resultVariable``."""

    def _run_hook(self, task: Task) -> bool:
        attributes = self.element.attributes
        with blaming(self.element.id):
            result = task.workflow.board.host.decide(attributes, variables(task))
        if name := attributes.get("resultVariable"):
            write(task, {name: result})
        return True


class Throw(Node):
    """Throwing and end events (BPMN 13.5.2, 13.5.6). The thrower is done before anybody catches."""

    def is_token(self, task: Task) -> bool:
        return not task.has_state(TaskState.STARTED | TaskState.COMPLETED)

    def _run_hook(self, task: Task) -> bool:
        note("completed", task)
        task._set_state(TaskState.STARTED)
        if (event := self.element.event_definition) is not None:
            routing.throw(event, task)
        return True
