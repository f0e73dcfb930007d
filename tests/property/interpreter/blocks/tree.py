"""A process as a tree of blocks: each is entered at one place and left at one place, or ended inside.

The tree is all that a random model is. ``diagram`` draws it as BPMN for the interpreter, ``oracle`` says
what it means; neither knows of the other. Ids are unique in a model, over all its processes.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from operator import eq, gt, le
from typing import Any, Final

_OPERATORS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {">": gt, "<=": le, "=": eq}


class Part:
    """Anything in a model. Prints what is not as usual, as the call that makes it."""

    def __repr__(self) -> str:
        told = [f for f in fields(self) if getattr(self, f.name) != f.default]  # type: ignore[arg-type]
        return f"{type(self).__name__}({', '.join(f'{f.name}={getattr(self, f.name)!r}' for f in told)})"


@dataclass(frozen=True, repr=False)
class Condition(Part):
    """A comparison of a variable with a number; never true of one that is null or not there."""

    variable: str
    operator: str
    number: int

    @property
    def text(self) -> str:
        """The condition in FEEL."""
        return f"{self.variable} {self.operator} {self.number}"

    def holds(self, value: Any) -> bool:
        """Whether it is true of the variable's value (None: null or not there)."""
        return value is not None and _OPERATORS[self.operator](value, self.number)


@dataclass(frozen=True, repr=False)
class Event(Part):
    """What is caught or thrown. ``kind``: BPMN's event definition, or ``none``.

    ``name``: of the message or signal; code of the error or escalation, None: any; text of the timer.
    """

    kind: str
    name: str | None = None
    condition: Condition | None = None


@dataclass(frozen=True, repr=False)
class Repeat(Part):
    """``kind``: ``parallel``, ``sequential`` or ``standard``.

    ``times``: the variable with the cardinality, ``over``: the one with the collection; each item is then
    ``i``. ``enough``: ends when so many items are done. A standard loop goes on while ``again`` holds, at
    most ``most`` times, and with ``before`` perhaps not even once.
    ``collects``: each item's ``p`` goes into the list ``hasil_<id>``.
    """

    kind: str
    times: str = ""
    over: str = ""
    enough: int = 0
    again: Condition | None = None
    most: int = 0
    before: bool = False
    collects: bool = False


@dataclass(frozen=True, repr=False)
class Boundary(Part):
    """``handler`` runs when the event comes. An interrupting one may lead to behind the activity; others
    end."""

    id: str
    event: Event
    interrupting: bool
    handler: "Block"


@dataclass(frozen=True, repr=False)
class Body(Part):
    """What a process or sub-process holds. ``key``: of the process that it is part of."""

    id: str
    key: str
    block: "Block"
    listeners: tuple["EventSub", ...] = ()


@dataclass(frozen=True, repr=False)
class EventSub(Part):
    """An event sub-process; its start event is ``<id>_s``."""

    id: str
    event: Event
    interrupting: bool
    body: Body


@dataclass(frozen=True, repr=False)
class Stop(Part):
    """Where a token stops for a job: ``before`` or ``after`` the activity with this id; no block of its
    own."""

    id: str


@dataclass(frozen=True, repr=False)
class Work(Part):
    """A task that waits: ``user_task``, ``external_task``, or ``message`` for a receive task. ``name``: of
    the topic or message."""

    id: str
    waits: str = "user_task"
    name: str | None = None
    repeat: Repeat | None = None
    boundaries: tuple[Boundary, ...] = ()
    before: bool = False
    after: bool = False


@dataclass(frozen=True, repr=False)
class Sub(Part):
    """An embedded sub-process."""

    id: str
    body: Body
    repeat: Repeat | None = None
    boundaries: tuple[Boundary, ...] = ()
    before: bool = False
    after: bool = False


@dataclass(frozen=True, repr=False)
class Call(Part):
    """A call activity. ``every``: all variables go in, else the usual ones by name. ``out``: ``x`` becomes
    ``o_<id>``."""

    id: str
    called: Body
    every: bool = False
    out: bool = True
    repeat: Repeat | None = None
    boundaries: tuple[Boundary, ...] = ()
    before: bool = False
    after: bool = False


@dataclass(frozen=True, repr=False)
class Catch(Part):
    """An intermediate catching event."""

    id: str
    event: Event


@dataclass(frozen=True, repr=False)
class Raise(Part):
    """A user task, and behind it an event that throws: an end event, or an intermediate one (``<id>_t``).

    The task makes sure that what is thrown is the only thing that happens in its move: an order that BPMN
    leaves open never matters.
    """

    id: str
    event: Event
    ends: bool


@dataclass(frozen=True, repr=False)
class Pass(Part):
    """What is passed: ``task``, ``manualTask``, ``intermediateThrowEvent``, or ``link`` for a pair of
    events."""

    id: str
    element: str


@dataclass(frozen=True, repr=False)
class Finish(Part):
    """A none end event: the token ends here."""

    id: str


@dataclass(frozen=True, repr=False)
class Chain(Part):
    """One after the other; empty: a flow and nothing else. Only the last part may be without a way out."""

    parts: tuple["Block", ...] = ()


@dataclass(frozen=True, repr=False)
class Choice(Part):
    """An exclusive gateway: the first branch whose condition holds; None: the default.

    ``decided``: a business rule task before it sets ``r_<id>`` to ``x``.
    """

    id: str
    branches: tuple[tuple[Condition | None, "Block"], ...]
    decided: bool = False


@dataclass(frozen=True, repr=False)
class Inclusive(Part):
    """An inclusive gateway and its join: every branch whose condition holds, else the default."""

    id: str
    branches: tuple[tuple[Condition | None, "Block"], ...]


@dataclass(frozen=True, repr=False)
class Parallel(Part):
    """A parallel gateway and its join."""

    id: str
    branches: tuple["Block", ...]


@dataclass(frozen=True, repr=False)
class Race(Part):
    """An event-based gateway."""

    id: str
    branches: tuple[tuple[Catch, "Block"], ...]


@dataclass(frozen=True, repr=False)
class Cycle(Part):
    """``body``, and while ``again`` holds: the user task ``back`` and ``body`` once more."""

    id: str
    body: "Block"
    again: Condition
    back: Work


Activity = Work | Sub | Call
Block = Activity | Stop | Catch | Raise | Pass | Finish | Chain | Choice | Inclusive | Parallel | Race | Cycle


def has_exit(block: Block) -> bool:
    """Whether flows lead from the block's entry out of it, whatever conditions say."""
    match block:
        case Finish():
            return False
        case Raise(ends=ends):
            return not ends
        case Chain(parts):
            return all(map(has_exit, parts))
        case Choice() | Inclusive() | Race():
            return any(has_exit(branch) for _, branch in block.branches)
        case Parallel(branches=branches):
            return any(map(has_exit, branches))
        case Cycle(body=body):
            return has_exit(body)
    return True


def parts_of(value: Any) -> Iterator[Any]:
    """Everything that a block, body, event... consists of, itself first."""
    yield value
    inner = value if isinstance(value, tuple) else ()
    if is_dataclass(value):
        inner = tuple(getattr(value, field.name) for field in fields(value))
    for part in inner:
        yield from parts_of(part)
