"""The interpreter's face: define, start, load, and the moves of one process instance."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from time import thread_time
from types import MappingProxyType
from typing import Any

from lxml import etree

from engine.definitions import Process, read_processes
from engine.errors import XmlRefused
from engine.interpreter import expressions, scopes, state
from engine.interpreter.board import STEP_BUDGET, Board
from engine.interpreter.calls import begin
from engine.interpreter.continuations import element_of, is_paused
from engine.interpreter.events import WAITING_KINDS
from engine.interpreter.graph import build, check_callable
from engine.interpreter.model import MAIN_SCOPE, Host, Step, TokenNotOpen, Waiting, WaitingKind
from engine.interpreter.routing import catch, find_catcher
from engine.interpreter.spec import Executable, ScopeSpec
from engine.interpreter.spiff import Task, TaskState
from engine.interpreter.tokens import cancel, on_board, resume


def define(roots: Sequence[etree._Element], process_key: str) -> Executable:
    """Make a process runnable, with those that it calls.

    ``roots``: of all BPMN documents involved, from ``engine.definitions.parse_xml``; they are read, not kept.
    The result is never changed and may be shared by threads. Raises XmlRefused if a process is missing or
    there twice, or for what the linter should have refused.
    """
    processes: dict[str, Process] = {}
    for root in roots:
        for key, process in read_processes(root, "").items():
            known = processes.get(key)
            if known is not None and known.executable and process.executable:
                raise XmlRefused(resource=process_key, reason=f"the process '{key}' is there twice")
            if known is None or process.executable:  # a partner's pool may be drawn in many diagrams
                processes[key] = process
    return assemble(processes, process_key)


def assemble(processes: Mapping[str, Process], process_key: str) -> Executable:
    """The same of processes that have been read already: ``process_key`` and all that it calls, by key."""
    graphs: dict[str, ScopeSpec] = {}
    todo = [process_key]
    while todo:
        key = todo.pop()
        if key in graphs:
            continue
        if key not in processes:
            raise XmlRefused(resource=process_key, reason=f"the process '{key}' is missing")
        graphs |= build(processes[key])
        if key != process_key:
            check_callable(processes[key], graphs[key])
        todo += processes[key].calls
    return Executable(process_key, graphs)


def start(executable: Executable, host: Host, start_event_id: str | None = None) -> "Workflow":
    """Start an instance, at one start event only, and run it to where it first waits.

    ``host.scopes["p:"]`` may hold the first variables. ``start_event_id``: None for the start event without
    an event, or the only one. Raises what the moves of ``Workflow`` raise.
    """
    host.scopes.setdefault(MAIN_SCOPE, {})
    board = Board(executable.scopes, host)
    scope = board.add_scope(executable.key, None)
    begin(scope, scope.spec.start_for(start_event_id))
    board.settle()
    return Workflow(board)


def load(saved: bytes, executable: Executable, host: Host) -> "Workflow":
    """An instance as ``Workflow.save`` left it; ``host.scopes`` holds its variables."""
    return Workflow(state.restore(saved, executable, host))


def scope_ids(saved: bytes, executable: Executable, token_id: str) -> list[str]:
    """Ids of the scopes whose variables a token of a saved instance sees, innermost first.

    Raises TokenNotOpen.
    """
    workflow = load(saved, executable, Host(scopes={}, decide=_nobody, resolve_due=_nobody))
    return scopes.scope_ids(workflow._find(token_id))


def _nobody(*_: Any) -> Any:
    raise AssertionError("looking at an instance asks its host nothing")


class Workflow:
    """One process instance in memory.

    A move runs until everything waits for the outside again. A move that raises leaves the instance in the
    middle: throw it away and load it again. Moves raise TokenNotOpen for a token that does not wait for them,
    NoFlowTaken at a gateway without a way out, StepBudgetExceeded for endless cycles and recursion, and
    ExecutionFailed, with the element, for expressions, timers and decisions that fail.
    """

    def __init__(self, board: Board) -> None:
        self._board = board

    @property
    def completed(self) -> bool:
        """Nothing is left to do: ended, terminated or cancelled."""
        return self._board.completed

    @property
    def stuck(self) -> bool:
        """Open, but no token can ever move: what is left waits at joins that nothing will reach. Listeners
        may still be armed."""
        return not self.completed and all(waiting.boundary for waiting in self.waiting())

    @property
    def trace(self) -> list[Step]:
        """What has happened since ``start`` or ``load``, in order."""
        return self._board.trace

    def save(self) -> bytes:
        """Where the tokens are; variables stay with the host. Small, and bounded by what is open."""
        return state.dump(self._board)

    def waiting(self) -> list[Waiting]:
        """Everything that waits for the outside, in the order in which it began."""
        tasks = [t for scope in self._board.scopes.values() for t in scope.tasks.values()]
        return [waiting for task in tasks if (waiting := _waiting(task)) is not None]

    def standing(self) -> frozenset[str]:
        """The elements of the instance's own process at which tokens stand; at a sub-process, or a call, too
        while tokens are inside. One that has left an element and stops for a job stands at the next one."""
        main = self._board.scopes.get("")
        if main is None:  # it has ended
            return frozenset()
        key = main.spec.process_key
        scopes_ = [s for s in self._board.scopes.values() if s.spec.process_key == key and not s.is_kept]
        tasks = [task for scope in scopes_ for task in scope.tasks.values()]
        return frozenset(task.task_spec.element.id for task in tasks if task.task_spec.is_token(task))

    def complete(self, token_id: str, values: Mapping[str, Any]) -> None:
        """A user task or external task is done. ``values``: JSON values to set first."""
        task = self._find(token_id, "user_task", "external_task")
        self._begin()
        scopes.write(task, values)
        task.run()
        self._board.settle()

    def trigger(self, token_id: str, values: Mapping[str, Any] | None = None) -> None:
        """A timer or a job is due, or a message or signal has come. ``values``: JSON values to set first."""
        task = self._find(token_id, "timer", "message", "signal", "async")
        self._begin()
        scopes.write(task, values or {})
        if is_paused(task):
            resume(task)
        else:
            task.task_spec.fire(task)
        self._board.settle()

    def signal(self, name: str, values: Mapping[str, Any] | None = None) -> int:
        """A signal has come: trigger everything that waits for it; returns how many did."""
        self._begin()
        tasks = self._board.waiting_on("signal", name)
        for task in tasks:
            if on_board(task):
                scopes.write(task, values or {})
                task.task_spec.fire(task)
        self._board.settle()
        return len(tasks)

    def raise_error(
        self,
        token_id: str,
        code: str,
        values: Mapping[str, Any] | None = None,
        message: str | None = None,
    ) -> bool:
        """A task has failed with a BPMN error (BPMN 10.5.6). False: nobody catches it, nothing has moved.

        ``values``: JSON values to set where it is caught. ``message``: for ``camunda:errorMessageVariable``.
        """
        task = self._find(token_id, "user_task", "external_task")
        catcher = find_catcher("error", code, task.workflow, task)
        if catcher is None:
            return False
        self._begin()
        catch(catcher, code, message, values)
        self._board.settle()
        return True

    def set_variables(self, values: Mapping[str, Any], token_id: str | None = None) -> None:
        """Set JSON values as a token would, or on the process instance, and let conditional events notice."""
        self._begin()
        if token_id is not None:
            scopes.write(self._find(token_id), values)
        else:
            self._board.host.scopes[MAIN_SCOPE].update(values)
            self._board.changed = True
        self._board.settle()

    def cancel(self) -> None:
        """End the instance where it stands."""
        main = self._board.scopes.get("")
        for task in main.task_tree.children if main is not None else ():
            cancel(task)
        self._board.scopes.clear()
        self._board.completed = True

    def variables(self, token_id: str) -> Mapping[str, Any]:
        """What an open token sees, read-only."""
        return MappingProxyType(dict(scopes.variables(self._find(token_id))))

    def evaluate(self, token_id: str, text: str) -> Any:
        """The JSON value of a FEEL expression over what an open token sees."""
        return expressions.evaluate(self._find(token_id), text)

    def _begin(self) -> None:
        self._board.budget, self._board.begun = STEP_BUDGET, thread_time()

    def _find(self, token_id: str, *kinds: WaitingKind) -> Task:
        task = self._board.find(token_id)
        waiting = _waiting(task) if task is not None else None
        if waiting is None or (kinds and waiting.kind not in kinds):
            raise TokenNotOpen(token_id)
        return task


def _waiting(task: Task) -> Waiting | None:
    """What a task waits for from the outside; None: nothing."""
    spec, key = task.task_spec, task.workflow.spec.process_key
    if is_paused(task):
        return Waiting(task.id, key, element_of(task), "async")
    if task._state == TaskState.READY and spec.waits_as:
        name = task.internal_data.get("topic") or spec.element.topic
        return Waiting(task.id, key, spec.element.id, spec.waits_as, name)
    event = getattr(spec, "event", None)
    if task._state != TaskState.WAITING or event is None or event.kind not in WAITING_KINDS:
        return None
    due = task.internal_data.get("due")
    return Waiting(
        token_id=task.id,
        process_key=key,
        element_id=spec.event_element.id,
        kind=WAITING_KINDS[event.kind],
        name=event.name,
        due=datetime.fromisoformat(due) if due else None,
        boundary=spec.listener,
    )
