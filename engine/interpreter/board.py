"""One process instance in motion: its scopes, what is ready to run, and the loop that brings it to rest."""

# mypy: disallow-subclassing-any=False

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from time import thread_time

from engine.errors import StepBudgetExceeded
from engine.interpreter.events import heed
from engine.interpreter.model import Host, Step
from engine.interpreter.spec import ScopeSpec
from engine.interpreter.spiff import Task, TaskSpec, TaskState, TaskTree
from engine.interpreter.tokens import cancel, on_board

STEP_BUDGET = 10_000
"""The most tokens that one command may place: far above any honest process, gone in well under a second."""

SECONDS = 5.0
"""Of the processor, for the same: ends what takes long with few tokens, while others wait."""

_LOOK = 64
"""Tokens after which the clock is looked at."""


class Scope(TaskTree):
    """The tokens of a process, a called process or a sub-process.

    ``owner``: the task outside that waits for its end, None for the process itself. ``calls``: how many call
    activities it is inside of.
    """

    def __init__(self, spec: ScopeSpec, board: "Board", owner: Task | None) -> None:
        super().__init__(spec, deserializing=True)
        self.board, self.owner = board, owner
        self.calls: int = 0 if owner is None else owner.workflow.calls + owner.task_spec.opens_scope
        self.task_tree = Task(self, spec.root, state=TaskState.COMPLETED)

    @property
    def is_kept(self) -> bool:
        """Whether it has ended, and is there for compensation only."""
        return self.owner is not None and self.owner.task_spec.holder_of == "undo"


@dataclass
class Board:
    """``specs``: graphs of all scopes, by name. ``scopes``: the open ones by the id of their owner ("" for
    the process), outer before inner. ``agenda``: ready tasks that the engine runs. ``changed``: variables
    were written since conditions were looked at. ``completed``: nothing is left. ``budget``: tokens that the
    command may still place; ``begun``: the thread's clock at its beginning."""

    specs: Mapping[str, ScopeSpec]
    host: Host
    scopes: dict[str, Scope] = field(default_factory=dict)
    agenda: deque[Task] = field(default_factory=deque)
    trace: list[Step] = field(default_factory=list)
    changed: bool = False
    completed: bool = False
    budget: int = STEP_BUDGET
    begun: float = field(default_factory=thread_time)

    def add_scope(self, name: str, owner: Task | None) -> Scope:
        """Open a scope by the name of its spec."""
        scope = Scope(self.specs[name], self, owner)
        self.scopes[owner.id if owner is not None else ""] = scope
        return scope

    def spend(self, spec: TaskSpec) -> None:
        """Count a token that is placed at ``spec``. Raises StepBudgetExceeded."""
        self.budget -= 1
        if self.budget < 0 or (self.budget % _LOOK == 0 and thread_time() - self.begun > SECONDS):
            raise StepBudgetExceeded(element=spec.element.id)

    def find(self, token_id: str) -> Task | None:
        """A task on the board by its id."""
        for scope in self.scopes.values():
            if token_id in scope.tasks:
                return scope.tasks[token_id]
        return None

    def waiting_on(self, kind: str, name: str | None = None) -> list[Task]:
        """Tasks that wait for an event of this kind (and of this name, if one is given)."""
        return [
            task
            for scope in self.scopes.values()
            if kind in scope.spec.heard
            for task in scope.tasks.values()
            if task._state == TaskState.WAITING
            and (event := getattr(task.task_spec, "event", None)) is not None
            and event.kind == kind
            and name in (None, event.name)
        ]

    def settle(self) -> None:
        """Run until everything waits for the outside. Conditions come first, then what is ready, then joins
        that only a look at all tokens can decide, then scopes without tokens."""
        while True:
            if self.changed:
                self._look_at_conditions()
            elif self.agenda:
                task = self.agenda.popleft()
                if on_board(task):
                    task.run()
            elif not (self._join() or self._end_scopes()):
                return

    def _look_at_conditions(self) -> None:
        self.changed = False
        for listener in self.waiting_on("conditional"):
            if on_board(listener):
                heed(listener)

    def _join(self) -> bool:
        """Let one inclusive gateway join, if any can; True if one has."""
        for scope in [scope for scope in self.scopes.values() if scope.spec.joins]:
            tokens = {
                task.task_spec.name: task
                for task in scope.tasks.values()
                if task.task_spec.joins_at_rest and task._state == TaskState.WAITING
            }
            if any(task.task_spec.join(task) for task in tokens.values()):
                return True
        return False

    def _end_scopes(self) -> bool:
        """End one scope that has no token left, only listeners (BPMN 13.5.6); True if one has ended."""
        for key, scope in self.scopes.items():
            if scope.is_kept or any(t.task_spec.is_token(t) for t in scope.task_tree.children):
                continue
            del self.scopes[key]
            if scope.owner is None:
                self.completed = True
            else:
                scope.owner.task_spec.scope_ended(scope.owner, scope)
            if not scope.is_kept:
                for task in scope.task_tree.children:
                    cancel(task)
            return True
        return False
