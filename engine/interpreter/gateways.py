"""Gateways (BPMN 13.4). A waiting token knows the flow that it came by; a join takes one of each."""

from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

from engine.definitions import Element
from engine.errors import NoFlowTaken
from engine.interpreter.continuations import is_paused
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
    """What exclusive and inclusive gateways share: conditions on their flows, in the diagram's order.

    ``most``: how many flows whose condition holds are taken, None for all of them.
    """

    most: int | None = None

    def __init__(self, spec: Any, name: str, element: Element) -> None:
        super().__init__(spec, name, element)
        self.routes: list[Route] = []

    def targets(self, task: Task) -> list[TaskSpec]:
        """Where a token goes. Raises NoFlowTaken if no condition holds and there is no default."""
        holding = (r for r in self.routes if r.condition is not None and holds(task, r.condition))
        taken = list(islice(holding, self.most)) or [r for r in self.routes if r.condition is None]
        if self.routes and not taken:
            raise NoFlowTaken(element=self.element.id)
        return [self._wf_spec.task_specs[route.target] for route in taken]


class ExclusiveGateway(Choice):
    """The first flow whose condition holds, else the default (BPMN 13.4.2). Each token passes by itself."""

    most = 1


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

    def _update_hook(self, task: Task) -> bool:
        if len(self._inputs) == 1:
            return True
        task._set_state(TaskState.WAITING)
        return False

    def join(self, task: Task) -> bool:
        """Let the tokens through that wait with ``task``, if none is still to come; True if so."""
        tokens = first_of_each_flow(task)
        empty = set(self._inputs) - tokens.keys()
        for other in task.workflow.tasks.values():
            if other.task_spec is self and is_paused(other):
                reached = {other.internal_data["via"]}
            else:
                reached = self.reach.get(other.task_spec.name, set())
            if reached & empty and not reached & tokens.keys() and other.task_spec.is_token(other):
                return False
        swallow(task, tokens)
        task._ready()
        return True

    @cached_property
    def reach(self) -> dict[str, set[str]]:
        """Name of a spec -> the incoming flows that a token there can reach without visiting this gateway."""
        found: dict[str, set[str]] = {}
        for flow in set(self._inputs):
            todo = [flow]
            while todo:
                name = todo.pop()
                flows = found.setdefault(name, set())
                if flow not in flows and name != self.name:
                    flows.add(flow)
                    todo += self._wf_spec.task_specs[name]._inputs
        return found


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
