"""Which element of one version of a process stands for which of another, and why some cannot (Camunda 7's
migration plan)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from engine.errors import N_
from engine.interpreter.calls import CallActivity
from engine.interpreter.events import Catching
from engine.interpreter.gateways import InclusiveGateway, ParallelGateway
from engine.interpreter.nodes import Node
from engine.interpreter.repeat import Repeat
from engine.interpreter.spec import Executable

GONE: Final = N_("Nothing in the target version stands for it.")
UNKNOWN: Final = N_("One of the versions has no such element.")
TYPE: Final = N_("It was of the type %(before)s and is of the type %(after)s.")
REPEATED: Final = N_("It is repeated in another way, or in one of the versions only.")
EVENT: Final = N_("It waited for another kind of event: %(before)s, now %(after)s.")
PLACE: Final = N_("It stands in another sub-process.")
HOST: Final = N_("It is attached to another activity.")
SHARED: Final = N_("Several gateways lead to one: their tokens would be mixed.")
FLOW: Final = N_("A token waits there that came by a flow which the target version does not have.")
UNDONE: Final = N_("It is being undone; migrate when that has ended.")
CALLED: Final = N_("It has called the process %(before)s, and would now call %(after)s.")


@dataclass(frozen=True)
class MigrationProblem:
    """Why an element, or what stands at it, cannot be moved: ``template`` and its ``parameters``."""

    process_key: str
    element_id: str
    template: str
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.template % self.parameters


@dataclass(frozen=True, eq=False)
class MigrationPlan:
    """``mapping``: ids of elements of ``source`` -> of ``target``, two versions of one process.

    In processes that are called, an element stands for the one with its own id.
    """

    source: Executable
    target: Executable
    mapping: Mapping[str, str]

    def target_of(self, process_key: str, element_id: str) -> Node | None:
        """What a token at an element of the source is moved to; None: nothing stands for it."""
        if process_key == self.source.key:
            return self._targets.get((process_key, self.mapping.get(element_id, "")))
        if difference(self, process_key, element_id, element_id) is not None:
            return None
        return self._targets[process_key, element_id]

    @cached_property
    def _sources(self) -> dict[tuple[str, str], Node]:
        return dict(_nodes(self.source))

    @cached_property
    def _targets(self) -> dict[tuple[str, str], Node]:
        return dict(_nodes(self.target))


def generate(source: Executable, target: Executable) -> dict[str, str]:
    """The mapping of all elements to those with the same id that can stand for them."""
    mapping: dict[str, str] = {}
    plan = MigrationPlan(source, target, mapping)
    own = [
        (node.element.attached_to is not None, i)
        for (key, i), node in plan._sources.items()
        if key == source.key
    ]
    for _, element_id in sorted(own, key=lambda pair: pair[0]):  # what others stand in or at comes first
        if difference(plan, source.key, element_id, element_id) is None:
            mapping.setdefault(element_id, element_id)
    return mapping


def validate(plan: MigrationPlan) -> list[MigrationProblem]:
    """What is wrong with a mapping, whatever instance it is used for."""
    problems = []
    joins: dict[str, str] = {}
    for before, after in plan.mapping.items():
        problem = difference(plan, plan.source.key, before, after)
        if problem is None and isinstance(
            plan._sources[plan.source.key, before], ParallelGateway | InclusiveGateway
        ):
            if after in joins:
                problem = MigrationProblem(plan.source.key, before, SHARED)
            joins[after] = before
        if problem is not None:
            problems.append(problem)
    return problems


def difference(plan: MigrationPlan, key: str, before: str, after: str) -> MigrationProblem | None:
    """Why an element of the source's process ``key`` cannot be moved to one of the target; None: it can."""
    source, target = plan._sources.get((key, before)), plan._targets.get((key, after))
    if source is None or target is None:
        return MigrationProblem(key, before, UNKNOWN)
    old, new = source.element, target.element
    template, parameters = _changed(source, target)
    if template is None and not _same(plan, key, old.scope, new.scope):
        template = PLACE
    if template is None and old.attached_to and not _same(plan, key, old.attached_to, new.attached_to):
        template = HOST
    return None if template is None else MigrationProblem(key, before, template, parameters)


def _changed(source: Node, target: Node) -> tuple[str | None, dict[str, str]]:
    """What about an element itself is not as it was."""
    loops = [node.loop.kind if isinstance(node, Repeat) else None for node in (source, target)]
    if loops[0] != loops[1]:
        return REPEATED, {}
    old, new = (node.item if isinstance(node, Repeat) else node for node in (source, target))
    if type(old) is not type(new):
        return TYPE, {"before": old.element.type, "after": new.element.type}
    if isinstance(old, Catching) and isinstance(new, Catching):
        kinds = [node.event.kind if node.event is not None else "-" for node in (old, new)]
        if kinds[0] != kinds[1]:
            return EVENT, {"before": kinds[0], "after": kinds[1]}
    if isinstance(old, CallActivity) and isinstance(new, CallActivity) and old.inner != new.inner:
        return CALLED, {"before": old.inner, "after": new.inner}
    return None, {}


def _same(plan: MigrationPlan, key: str, before: str, after: str | None) -> bool:
    """Whether a sub-process (or the process itself) stands for another one."""
    if before == key:
        return after == key
    target = plan.target_of(key, before)
    return target is not None and target.element.id == after


def _nodes(executable: Executable) -> Iterator[tuple[tuple[str, str], Node]]:
    for scope in executable.scopes.values():
        for name, node in scope.task_specs.items():
            if isinstance(node, Node) and " " not in name:
                yield (scope.process_key, name), node
