"""Compensation (BPMN 13.5.5) and cancelled transactions (BPMN 13.5.3): what is done can be undone.

A completed activity that has a compensation handler leaves a record in its scope: a task of a ``Done`` spec,
which is no token. A completed sub-process leaves one too if there are records inside; it keeps its scope,
closed, with nothing but them. Who compensates claims the records that it sees and works them off one by one,
the latest first; a record runs its handler, or undoes what is inside. A record lives as long as its scope.
"""

from typing import Any

from engine.definitions import Element
from engine.interpreter.nodes import Node
from engine.interpreter.routing import attached_to
from engine.interpreter.scopes import is_item
from engine.interpreter.spiff import Task, TaskState, TaskTree
from engine.interpreter.tokens import cancel, drop, enter, is_record, place


class Done(Node):
    """Remembers that an activity has completed, and undoes it.

    ``boundary``: name of the compensation event, ``handler``: where a token goes to undo it; both None for a
    sub-process whose parts are undone one by one.
    """

    visible = False
    holder_of = "undo"

    def __init__(
        self, spec: Any, name: str, element: Element, boundary: str | None = None, handler: Node | None = None
    ) -> None:
        super().__init__(spec, name, element)
        self.boundary, self.handler = boundary, handler

    @property
    def inner(self) -> str:
        """Name of the scope that a sub-process has kept."""
        return f"{self._wf_spec.process_key}/{self.element.id}"

    def is_token(self, task: Task) -> bool:
        return not is_record(task)

    def remember(self, task: Task, scope: TaskTree | None = None) -> None:
        """Leave a record of an activity that has completed. ``scope``: of a sub-process, which has ended."""
        if self.handler is None and (scope is None or not _records(scope)):
            return
        record, scopes = place(task.workflow, self, TaskState.WAITING), task.workflow.board.host.scopes
        if is_item(task):  # the handler sees the item as it was
            scopes[record.id] = dict(scopes[task.id])
            record.internal_data["own"] = True
        if scope is not None and self.handler is None:
            for other in scope.task_tree.children:
                if not is_record(other):
                    cancel(other)
            scope.owner = record
            _keep(scope)

    def child_done(self, holder: Task, child: Task) -> None:
        """The handler has ended. It goes first: the scope that it stands in may go with the record."""
        drop(child)
        self.undone(holder)

    def undone(self, record: Task) -> None:
        """Nothing of this activity is left to undo: forget it, and go on with the next one."""
        board = record.workflow.board
        driver = board.find(record.internal_data["by"])
        cancel(record)
        if driver is not None:
            _next(driver)


def _keep(scope: TaskTree) -> None:
    """Put a scope, and those inside it, behind all others: they are saved outer before inner."""
    scopes = scope.board.scopes
    scopes.pop(scope.owner.id, None)
    scopes[scope.owner.id] = scope
    for record in scope.tasks.values():
        if record.id in scopes:
            _keep(scopes[record.id])


def _records(scope: TaskTree, element_id: str | None = None) -> list[Task]:
    """Records of a scope (and of one activity) that nobody is working off, the earliest first."""
    return [
        task
        for task in scope.task_tree.children
        if isinstance(task.task_spec, Done)
        and element_id in (None, task.task_spec.element.id)
        and scope.board.find(task.internal_data.get("by", "")) is None
    ]


def _undo(driver: Task, records: list[Task]) -> None:
    """Let ``driver`` work off records; it goes on when the last one is undone."""
    for record in records:
        record.internal_data["by"] = driver.id
    driver.internal_data["undo"] = [record.id for record in records]
    _next(driver)


def _next(driver: Task) -> None:
    """Undo the latest record that is left, or let the driver go on."""
    board, left = driver.workflow.board, driver.internal_data["undo"]
    while left:
        record = board.find(left.pop())
        if record is not None:
            if is_record(record):  # another one may have begun it
                _begin(record)
            return
    driver.task_spec.undone(driver)


def _begin(record: Task) -> None:
    spec = record.task_spec
    record._set_state(TaskState.STARTED)
    if spec.handler is not None:
        enter(record.workflow, spec.handler, via=spec.boundary, parent=record)
    else:
        _undo(record, _records(record.workflow.board.scopes[record.id]))


class Compensate(Node):
    """A compensation throw or end event: undoes an activity, or all of its scope, and goes on then.

    In an event sub-process it undoes what the scope around it has done, too (Camunda 7).
    """

    def _update_hook(self, task: Task) -> bool:
        task._set_state(TaskState.STARTED)
        event = self.element.event_definition
        scope, records = task.workflow, list[Task]()
        while scope is not None:
            records = _records(scope, event.ref if event is not None else None) + records
            inside_handler = scope.owner is not None and scope.owner.task_spec.listener
            scope = scope.owner.workflow if inside_handler else None
        _undo(task, records)
        return False

    def undone(self, task: Task) -> None:
        """Everything is undone."""
        task._ready()


class CancelEnd(Node):
    """A cancel end event: stops the transaction, undoes what it has done, and leaves by the cancel event."""

    def _update_hook(self, task: Task) -> bool:
        task._set_state(TaskState.STARTED)
        for other in task.workflow.task_tree.children:
            if other is not task and not isinstance(other.task_spec, Done):
                cancel(other)
        _undo(task, _records(task.workflow))
        return False

    def undone(self, task: Task) -> None:
        """Everything is undone."""
        task._ready()

    def on_complete(self, task: Task) -> None:
        transaction = task.workflow.owner
        for listener in attached_to(transaction):
            if listener.task_spec.event.kind == "cancel":
                super().on_complete(task)
                listener.task_spec.fire(listener)
                return
