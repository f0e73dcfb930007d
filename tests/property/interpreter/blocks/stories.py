"""Hypothesis strategies for random models and for what people do with them.

Every model is one whose meaning BPMN leaves no doubt about:

- what throws stands behind a user task of its own (``Raise``), so in one move at most one thing is thrown;
- a join is reached by one token for each flow: where several may be under way at once (handlers that do not
  interrupt, branches that lead nowhere), joins are inside a sub-process;
- conditions of events read ``k``, which only moves from outside set;
- every cycle holds a user task, and every standard loop has a maximum.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count
from random import Random
from typing import Any, Final

from hypothesis import strategies as st

from tests.property.interpreter.blocks.tree import (
    Activity,
    Block,
    Body,
    Boundary,
    Call,
    Catch,
    Chain,
    Choice,
    Condition,
    Cycle,
    Event,
    EventSub,
    Finish,
    Inclusive,
    Parallel,
    Pass,
    Race,
    Raise,
    Repeat,
    Sub,
    Work,
)

SIGNALS: Final = ("S1", "S2")
CODES: Final = ("C1", "C2")
PASSED_AT_ONCE: Final = ("task", "manualTask", "intermediateThrowEvent", "link")
_OUTSIDE: Final = ("timer", "message", "signal", "conditional")
_INSIDE: Final = ("error", "escalation") * 2


@dataclass(frozen=True)
class Move:
    """What somebody does: ``pick`` and ``how`` choose among what is open; the values are set.

    Before that, the instance is migrated, if it is not yet an instance of this ``version``.
    """

    pick: int
    how: int
    values: dict[str, Any]
    version: int = 0


@dataclass(frozen=True)
class Where:
    """Where a block stands. ``joins``: gateways may join there. ``alone``: it is never there twice at
    once."""

    key: str
    depth: int = 0
    joins: bool = True
    alone: bool = True

    def inside(self, **changes: Any) -> "Where":
        return replace(self, depth=self.depth + 1, **changes)


@st.composite
def stories(draw: st.DrawFn) -> tuple[Body, list[Move]]:
    """A process ``p0`` that may call two others, and what people do with an instance of it.

    All choices come from one random number generator: with strategies of their own, Hypothesis would spend
    five of six examples on small variations of the sixth, and the models would be few.
    """
    return draw_story(draw(st.randoms(use_true_random=False, note_method_calls=False)))


def draw_story(random: Random) -> tuple[Body, list[Move]]:
    """The same from any random number generator."""
    model = draw_model(random)
    versions = random.choice(((0,), (0,), (0, 0, 0, 1, 2)))
    return model, [_move(random, versions) for _ in range(random.randrange(40))]


def draw_model(random: Random, fuel: int = 24) -> Body:
    """The model alone. ``fuel``: about so many blocks, at most."""
    fuel = random.randrange(1, fuel)
    called: list[Body] = []
    make = _Maker(random, called)
    for key in ("p2", "p1", "p0")[random.choice([2, 1, 0]) :]:
        make.fuel = fuel if key == "p0" else fuel // 3
        called.append(make.body(Where(key)))
    return called[-1]


def _move(random: Random, versions: tuple[int, ...]) -> Move:
    values: dict[str, Any] = {name: random.randrange(4) for name in "xynkp" if random.randrange(3) == 0}
    if random.randrange(4) == 0:
        values["items"] = [random.randrange(4) for _ in range(random.randrange(4))]
    return Move(random.randrange(12), random.randrange(20), values, random.choice(versions))


class _Maker:
    """Draws blocks until the fuel is used up. ``called``: processes that may be called."""

    def __init__(self, random: Random, called: list[Body]) -> None:
        self.random, self.called, self.fuel = random, called, 0
        self.numbers = count()
        self.kinds: dict[str, Callable[[Where], Block]] = {
            "work": self.activity,
            "catch": lambda _: Catch(self.id("c"), self.event(_OUTSIDE, timers=("PT1H",))),
            "raise": self.throwing,
            "pass": lambda _: Pass(
                self.id("q"), self.of("task", "manualTask", "intermediateThrowEvent", "link")
            ),
            "choice": self.choice,
            "race": self.race,
            "cycle": self.cycle,
            "parallel": self.parallel,
            "inclusive": self.inclusive,
            "sub": self.activity,
        }

    def id(self, prefix: str) -> str:
        return f"{prefix}{next(self.numbers)}"

    def of(self, *options: Any) -> Any:
        """One of the options; failing examples shrink to the first."""
        return self.random.choice(options)

    def one_in(self, n: int) -> bool:
        """Whether something happens that happens once in ``n`` times."""
        return self.random.randrange(n) == n - 1

    def number(self) -> Condition:
        """A condition on a number."""
        return Condition(self.of(*"xyxyi"), self.of("<=", ">", "<=", "="), self.of(1, 0, 2))

    def body(self, where: Where) -> Body:
        """A process or sub-process, with event sub-processes."""
        block = self.chain(where, leads_out=True)
        listeners: tuple[EventSub, ...] = ()
        if where.depth < 4 and self.fuel > 0 and self.one_in(3):
            listeners = tuple(self.listener(where, event) for event in self.events((*_OUTSIDE, *_INSIDE)))
        return Body(self.id("b"), where.key, block, listeners)

    def listener(self, where: Where, event: Event) -> EventSub:
        interrupting = event.kind == "error" or self.of(True, False)
        inner = where.inside(joins=True, alone=where.alone and interrupting)
        return EventSub(self.id("v"), event, interrupting, self.body(inner))

    def chain(self, where: Where, *, leads_out: bool) -> Chain:
        """Some blocks, one after the other. What leads nowhere may be under way in many rounds at once."""
        here = where if leads_out else replace(where, joins=False, alone=False)
        parts = [self.block(here) for _ in range(self.of(1, 2, 3))] if self.fuel > 0 else [self.work()]
        if not leads_out:
            parts.append(Finish(self.id("z")) if self.of(True, False) else self.throwing(here, ends=True))
        return Chain(tuple(parts))

    def block(self, where: Where) -> Block:
        """Any block that has a way out."""
        self.fuel -= 1
        kinds = ["work", "work", "catch", "raise", "pass", "work"]
        if where.depth < 4 and self.fuel > 0:
            kinds += ["choice", "race", "cycle", "sub", "sub", "sub"]
            kinds += ["parallel", "parallel", "inclusive", "inclusive"] if where.joins else []
        kind = self.of(*kinds)
        return self.activity(where, inner=True) if kind == "sub" else self.kinds[kind](where)

    def work(self) -> Work:
        """Something to do for somebody."""
        kind = self.of("user_task", "user_task", "external_task", "message")
        return Work(self.id("a"), kind, {"message": "M1", "external_task": "sipp"}.get(kind))

    def activity(self, where: Where, *, inner: bool = False) -> Activity:
        """A task, sub-process or call activity; perhaps repeated, perhaps with boundary events."""
        repeat = self.repeat(where, inner=inner) if self.one_in(4) else None
        alone = where.alone and (repeat is None or repeat.kind != "parallel")
        made: Activity = self.work()
        if inner and self.called and self.one_in(3):
            made = Call(self.id("l"), self.of(*self.called), every=self.of(False, True), out=alone)
        elif inner:
            made = Sub(self.id("u"), self.body(where.inside(joins=True, alone=alone)))
        boundaries: tuple[Boundary, ...] = ()
        if self.fuel > 0 and self.one_in(3):
            kinds = (
                (*_OUTSIDE, "error", "escalation", "error", "escalation") if inner else (*_OUTSIDE, "error")
            )
            boundaries = tuple(self.boundary(where, event) for event in self.events(kinds))
        if repeat and any(b.event.kind == "conditional" for b in boundaries):
            repeat = replace(
                repeat, collects=False
            )  # whether a list is begun before that goes off is left open
        before, after = self.one_in(8), self.one_in(8)
        return replace(made, repeat=repeat, boundaries=boundaries, before=before, after=after)

    def boundary(self, where: Where, event: Event) -> Boundary:
        interrupting = event.kind == "error" or self.of(True, False)
        handler = self.chain(where.inside(), leads_out=interrupting and self.of(True, False))
        return Boundary(self.id("t"), event, interrupting, handler)

    def repeat(self, where: Where, *, inner: bool) -> Repeat:
        kind = self.of("parallel", "sequential", "standard")
        if kind == "standard":
            again = self.number()
            return Repeat(kind, again=again, most=self.of(1, 2, 3), before=self.of(False, True))
        collects = where.alone and not inner and self.of(True, False)
        enough = self.of(0, 0, 1, 2)
        if self.of(True, False):
            return Repeat(kind, over="items", enough=enough, collects=collects)
        return Repeat(kind, times="n", enough=enough, collects=collects)

    def event(self, kinds: tuple[str, ...], timers: tuple[str, ...] = ("PT1H", "R2/PT1H", "R/PT1H")) -> Event:
        kind = self.of(*kinds)
        match kind:
            case "timer":
                return Event(kind, self.of(*timers))
            case "message":
                return Event(kind, self.of("M1", "M2"))
            case "signal":
                return Event(kind, self.of(*SIGNALS))
            case "conditional":
                return Event(kind, None, Condition("k", self.of("=", ">"), self.of(0, 1, 2)))
        return Event(kind, self.of(*CODES, None))

    def events(self, kinds: tuple[str, ...]) -> list[Event]:
        """One or two events that one throw, signal or change cannot both mean."""
        found = [self.event(kinds) for _ in range(self.of(1, 2))]
        return list({(e.kind, e.kind == "conditional" or e.name): e for e in found}.values())

    def throwing(self, where: Where, *, ends: bool = False) -> Raise:
        """An end event may throw anything but only an end event an error; escalations go on."""
        if not ends:
            return Raise(self.id("h"), self._thrown("escalation", "signal", "message"), ends=False)
        kinds = ("error", "error", "terminate", "signal", "escalation", "message", "none")
        return Raise(self.id("h"), self._thrown(*kinds), ends=True)

    def _thrown(self, *kinds: str) -> Event:
        kind = self.of(*kinds)
        names = {"signal": SIGNALS, "message": ("M1", "M2"), "error": CODES, "escalation": CODES}
        return Event(kind, self.of(*names[kind]) if kind in names else None)

    def choice(self, where: Where) -> Choice:
        choice_id, decided = self.id("g"), self.one_in(3)
        branches = self._conditional(where, f"r_{choice_id}" if decided else None)
        return Choice(choice_id, branches, decided)

    def inclusive(self, where: Where) -> Inclusive:
        return Inclusive(self.id("o"), self._conditional(where, None))

    def _conditional(self, where: Where, on: str | None) -> tuple[tuple[Condition | None, Block], ...]:
        """Branches with conditions, and mostly a default; the first one leads out."""
        conditions: list[Condition | None] = [self.number() for _ in range(self.of(1, 2))]
        if on is not None:
            conditions = [replace(condition, variable=on) for condition in conditions if condition]
        blocks = self._branches(where, len(conditions))
        if not self.one_in(8):
            conditions.append(None)
            blocks.append(self._branch(where, leads_out=True))
        return tuple(zip(conditions, blocks, strict=True))

    def parallel(self, where: Where) -> Parallel:
        return Parallel(self.id("f"), tuple(self._branches(where, self.of(2, 2, 3))))

    def race(self, where: Where) -> Race:
        kinds = _OUTSIDE
        catches = {}
        for _ in range(self.of(2, 3)):
            event = self.event(kinds, timers=("PT1H", "PT2H"))
            catches[event.kind if event.kind == "conditional" else event] = event
        branches = self._branches(where, len(catches))
        return Race(
            self.id("r"),
            tuple((Catch(self.id("c"), e), b) for e, b in zip(catches.values(), branches, strict=True)),
        )

    def _branches(self, where: Where, number: int) -> list[Block]:
        return [self._branch(where, leads_out=n == 0 or not self.one_in(5)) for n in range(number)]

    def _branch(self, where: Where, *, leads_out: bool) -> Block:
        if leads_out and self.one_in(5):
            return Chain()
        return self.chain(where.inside(), leads_out=leads_out)

    def cycle(self, where: Where) -> Cycle:
        body = self.chain(where.inside(), leads_out=True)
        return Cycle(self.id("w"), body, self.number(), Work(self.id("a")))
