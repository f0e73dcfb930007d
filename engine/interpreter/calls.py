"""Sub-processes and called processes: scopes inside a token."""

from engine.errors import StepBudgetExceeded
from engine.interpreter.mappings import mapped
from engine.interpreter.nodes import Node
from engine.interpreter.scopes import called_scope, variables, write
from engine.interpreter.spiff import Task, TaskSpec, TaskState, TaskTree
from engine.interpreter.tokens import enter

MAX_CALL_DEPTH = 16


def begin(scope: TaskTree, start: TaskSpec) -> None:
    """Arm the event sub-processes of a fresh scope and put the first token on its start event."""
    for spec in scope.spec.listeners:
        spec.listen_in(scope)
    enter(scope, start, via=None)


class SubProcess(Node):
    """An embedded sub-process: shares all variables (BPMN 13.3.4)."""

    @property
    def inner(self) -> str:
        """Name of the scope's spec among those of the executable."""
        return f"{self._wf_spec.process_key}/{self.element.id}"

    def open(self, task: Task) -> None:
        """Begin the scope inside ``task``, which waits for its end."""
        task._set_state(TaskState.STARTED)
        scope = task.workflow.board.add_scope(self.inner, task)
        begin(scope, scope.spec.start_for(None))

    def scope_ended(self, task: Task, scope: TaskTree) -> None:
        """No token is left inside."""
        if self.done is not None:
            self.done.remember(task, scope)
        task._ready()

    def completed(self, task: Task) -> None:
        """It has been remembered when its scope ended."""

    def _update_hook(self, task: Task) -> bool:
        self.open(task)
        return False


class CallActivity(SubProcess):
    """Runs another process with its own variables: ``camunda:in`` fills them, ``camunda:out`` reads them."""

    opens_scope = True

    @property
    def inner(self) -> str:
        return self.element.called or ""

    def open(self, task: Task) -> None:
        if task.workflow.calls >= MAX_CALL_DEPTH:
            raise StepBudgetExceeded(element=self.element.id)
        own = mapped(self.element.mappings, "in", variables(task), self.element.id)
        task.workflow.board.host.scopes[called_scope(task)] = own
        super().open(task)

    def scope_ended(self, task: Task, scope: TaskTree) -> None:
        own = task.workflow.board.host.scopes[called_scope(task)]
        write(task, mapped(self.element.mappings, "out", own, self.element.id))
        super().scope_ended(task, scope)
