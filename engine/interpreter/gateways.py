"""Gateways (BPMN 13.4). A waiting token knows the flow that it came by; a join takes one of each."""

from dataclasses import dataclass

from engine.errors import NoFlowTaken
from engine.interpreter.expressions import holds
from engine.interpreter.nodes import Node
from engine.interpreter.spiff import Task, TaskSpec, TaskState
from engine.interpreter.tokens import drop, note


@dataclass(frozen=True)
class Route:
    """An outgoing flow. ``condition`` None: the default flow, or the only one."""

    condition: str | None
    target: str


class Choice(Node):
    """What exclusive and inclusive gateways share: conditions on their flows, in the diagram's order."""

    routes: tuple[Route, ...] = ()

    def matching(self, task: Task) -> list[Route]:
        raise NotImplementedError

    def targets(self, task: Task) -> list[TaskSpec]:
        taken = self.matching(task) or [route for route in self.routes if route.condition is None]
        if self.routes and not taken:
            raise NoFlowTaken(element=self.element.id)
        return [self._wf_spec.task_specs[route.target] for route in taken]


class ExclusiveGateway(Choice):
    """The first flow whose condition holds, else the default (BPMN 13.4.2). Each token passes by itself."""

    def matching(self, task: Task) -> list[Route]:
        found = (r for r in self.routes if r.condition is not None and holds(task, r.condition))
        return list(found)[:1]


class ParallelGateway(Node):
    """Waits for one token on each incoming flow; surplus tokens stay (BPMN 13.4.1)."""

    def _update_hook(self, task: Task) -> bool:
        task._set_state(TaskState.WAITING)
        tokens = first_of_each_flow(task)
        if not set(self._inputs) <= tokens.keys():
            return False
        swallow(task, tokens)
        return True


class InclusiveGateway(Choice):
    """Waits until no token can still reach an incoming flow that has none (BPMN 13.4.3).

    Looked at when nothing else moves. An activity with a boundary event can still send a token out of that
    event, so it is waited for, beyond BPMN's letter, which follows sequence flows alone.
    """

    joins_at_rest = True

    def matching(self, task: Task) -> list[Route]:
        return [r for r in self.routes if r.condition is not None and holds(task, r.condition)]

    def _update_hook(self, task: Task) -> bool:
        if len(self._inputs) == 1:
            return True
        task._set_state(TaskState.WAITING)
        return False

    def join(self, task: Task) -> bool:
        """Let the tokens through that wait with ``task``, if none is still to come; True if so."""
        tokens = first_of_each_flow(task)
        empty = set(self._inputs) - tokens.keys()
        blocking = self._upstream(empty) - self._upstream(set(tokens))
        if any(t.task_spec.name in blocking for t in task.workflow.tasks.values() if t.task_spec.is_token(t)):
            return False
        swallow(task, tokens)
        task._ready()
        return True

    def _upstream(self, names: set[str]) -> set[str]:
        """The specs from which a token can reach one of ``names`` without visiting this gateway."""
        seen: set[str] = set()
        todo = list(names)
        while todo:
            name = todo.pop()
            if name not in seen and name != self.name:
                seen.add(name)
                todo += self._wf_spec.task_specs[name]._inputs
        return seen


def first_of_each_flow(task: Task) -> dict[str, Task]:
    """Waiting tokens of the same gateway by the flow they came by: ``task``, and else the oldest."""
    tokens = {task.internal_data["via"]: task}
    for other in task.workflow.tasks.values():
        if other.task_spec is task.task_spec and other._state == TaskState.WAITING:
            tokens.setdefault(other.internal_data["via"], other)
    return tokens


def swallow(task: Task, tokens: dict[str, Task]) -> None:
    """Merge the other tokens into ``task``."""
    for other in tokens.values():
        if other is not task:
            note("completed", other)
            drop(other)
