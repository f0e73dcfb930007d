"""Random diagrams without any structure: flows lead anywhere, joins starve or overflow, cycles are endless.

Nobody can say what they should do, but whatever they do they do by the rules.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import Final

from tests.unit.interpreter import diagrams as bpmn

CONDITIONS: Final = ("x > 1", "y = 0", "x = y", "i > 0", "true")
CAUGHT: Final = (
    bpmn.MESSAGE,
    bpmn.COMPLAINT,
    bpmn.SIGNAL,
    bpmn.timer("PT1H"),
    bpmn.timer("R2/PT1H", "timeCycle"),
    bpmn.condition("x > 2"),
)
THROWN: Final = ("", bpmn.MESSAGE, bpmn.SIGNAL, bpmn.ESCALATION)
ENDS: Final = (*THROWN, bpmn.ERROR, bpmn.OTHER_ERROR, bpmn.TERMINATE)
INSIDE: Final = (bpmn.ERROR, bpmn.ANY_ERROR, bpmn.ESCALATION)
LOOPS: Final = (
    bpmn.many("items", "i"),
    bpmn.many("items", "i", sequential=True, until="x > 2"),
    bpmn.many(cardinality="y", output="hasil", item="p"),
    bpmn.again_while("y > 0", maximum=3),
)


@dataclass
class _Scope:
    """What is drawn in a process or sub-process. ``ways``: how many flows may lead out of an element;
    ``chosen``: gateways whose flows need conditions."""

    elements: list[str] = field(default_factory=list)
    ways: dict[str, int] = field(default_factory=dict)
    chosen: set[str] = field(default_factory=set)
    targets: list[str] = field(default_factory=list)


def draw_graph(random: Random) -> str:
    """The process ``p`` and the process ``q`` that it may call."""
    maker = _Maker(random)
    called = bpmn.node("process", "q", maker.scope(2), isExecutable="true")
    return bpmn.node("process", "p", maker.scope(0), isExecutable="true") + called


class _Maker:
    def __init__(self, random: Random) -> None:
        self.random = random
        self.numbers = count()
        self.kinds: tuple[Callable[[_Scope, str, int], None], ...] = (
            self._task,
            self._task,
            self._choice,
            self._parallel,
            self._catch,
            self._throw,
            self._race,
            self._sub,
            self._end,
        )

    def id(self) -> str:
        return f"e{next(self.numbers)}"

    def scope(self, depth: int, start: str = "") -> str:
        """The elements and flows of a scope; ``start``: its start event, else a plain one."""
        scope = _Scope()
        begin = start or bpmn.start(self.id())
        scope.elements.append(begin)
        scope.ways[begin.split('id="')[1].split('"')[0]] = 1
        for _ in range(self.random.randrange(2, 9)):
            self.random.choice(self.kinds)(scope, self.id(), depth)
        if depth < 3 and self.random.randrange(4) == 0:
            scope.elements.append(self._listener(depth))
        return "".join(scope.elements) + self._flows(scope)

    def _flows(self, scope: _Scope) -> str:
        """Flows from everything to anything."""
        text = ""
        for source, ways in scope.ways.items():
            for number in range(ways if scope.targets else 0):
                target, flow_id = self.random.choice(scope.targets), f"{source}_{number}"
                inner = ""
                if source in scope.chosen and number:
                    said = self.random.choice(CONDITIONS).replace(">", "&gt;")
                    inner = f"<bpmn:conditionExpression>{said}</bpmn:conditionExpression>"
                names = {"sourceRef": source, "targetRef": target}
                text += bpmn.node("sequenceFlow", flow_id, inner, **names)
        return text

    def _add(self, scope: _Scope, element: str, element_id: str, ways: int = 1) -> None:
        scope.elements.append(element)
        scope.ways[element_id] = ways
        scope.targets.append(element_id)

    def _task(self, scope: _Scope, element_id: str, depth: int) -> None:
        tag = self.random.choice(("userTask", "userTask", "manualTask", "serviceTask", "callActivity"))
        own = {"serviceTask": {"camunda_type": "external", "camunda_topic": "sipp"}}.get(tag, {})
        if tag == "callActivity":
            own = {"calledElement": "q"} if depth < 2 else {}
            tag = tag if depth < 2 else "userTask"
        jobs = {
            f"camunda_async{side}": "true" for side in ("Before", "After") if self.random.randrange(8) == 0
        }
        loop = self.random.choice(LOOPS) if self.random.randrange(5) == 0 else ""
        self._add(scope, bpmn.node(tag, element_id, loop, **own, **jobs), element_id)
        self._border(scope, element_id)

    def _border(self, scope: _Scope, host: str) -> None:
        if self.random.randrange(3) == 0:
            event, cancel = self.random.choice((*CAUGHT, *INSIDE)), self.random.choice((True, False))
            boundary_id = f"{host}_b"
            scope.elements.append(bpmn.boundary(boundary_id, host, event, cancel=cancel or "error" in event))
            scope.ways[boundary_id] = 1

    def _choice(self, scope: _Scope, element_id: str, depth: int) -> None:
        tag = self.random.choice(("exclusiveGateway", "inclusiveGateway"))
        scope.chosen.add(element_id)
        ways = self.random.randrange(1, 4)
        self._add(scope, bpmn.node(tag, element_id, default=f"{element_id}_0"), element_id, ways)

    def _parallel(self, scope: _Scope, element_id: str, depth: int) -> None:
        self._add(scope, bpmn.parallel(element_id), element_id, self.random.randrange(1, 3))

    def _catch(self, scope: _Scope, element_id: str, depth: int) -> None:
        self._add(scope, bpmn.catch(element_id, self.random.choice(CAUGHT)), element_id)

    def _throw(self, scope: _Scope, element_id: str, depth: int) -> None:
        self._add(scope, bpmn.throw(element_id, self.random.choice(THROWN)), element_id)

    def _race(self, scope: _Scope, element_id: str, depth: int) -> None:
        self._add(scope, bpmn.node("eventBasedGateway", element_id), element_id, 0)
        for _ in range(2):
            caught = self.id()
            scope.elements.append(bpmn.catch(caught, self.random.choice(CAUGHT)))
            scope.ways[caught] = 1
            names = {"sourceRef": element_id, "targetRef": caught}
            scope.elements.append(bpmn.node("sequenceFlow", f"{caught}_in", **names))

    def _sub(self, scope: _Scope, element_id: str, depth: int) -> None:
        if depth > 2:
            self._task(scope, element_id, depth)
            return
        loop = self.random.choice(LOOPS) if self.random.randrange(5) == 0 else ""
        self._add(scope, bpmn.node("subProcess", element_id, loop + self.scope(depth + 1)), element_id)
        self._border(scope, element_id)

    def _end(self, scope: _Scope, element_id: str, depth: int) -> None:
        self._add(scope, bpmn.end(element_id, self.random.choice(ENDS)), element_id, 0)

    def _listener(self, depth: int) -> str:
        element_id, event = self.id(), self.random.choice((*CAUGHT, *INSIDE))
        interrupting = "error" in event or self.random.choice((True, False))
        start = bpmn.start(f"{element_id}_s", event, interrupting=interrupting)
        inner = self.scope(depth + 1, start)
        return bpmn.node("subProcess", element_id, inner, triggeredByEvent="true")
