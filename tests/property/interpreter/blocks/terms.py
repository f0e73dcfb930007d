"""What a running block is: a term, a value that is never changed but rewritten as the instance moves.

A term waits, has come to its exit (``DONE``), has ended inside (``DEAD``), or is about to move (``Start``,
``Left``, ``Thrown``; never between two moves).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.property.interpreter.blocks.tree import (
    Activity,
    Block,
    Body,
    Boundary,
    Call,
    Catch,
    Cycle,
    EventSub,
    Inclusive,
    Parallel,
    Race,
    Raise,
    Stop,
    Work,
    has_exit,
)

Variables = tuple[tuple[str, Any], ...]
"""Sorted pairs; lists are tuples."""


def variables_of(values: Mapping[str, Any]) -> Variables:
    """JSON variables as a value that can be compared and hashed."""
    return tuple(sorted((k, tuple(v) if isinstance(v, list) else v) for k, v in values.items()))


@dataclass(frozen=True)
class Constant:
    name: str


DONE, DEAD = Constant("done"), Constant("dead")


@dataclass(frozen=True)
class Start:
    """Entered, and nothing done yet."""

    block: Block | Body


@dataclass(frozen=True)
class Waiting:
    """Something outside must come. ``was``: a condition held when variables last changed."""

    block: Work | Stop | Catch | Raise
    was: bool = False


@dataclass(frozen=True)
class Left:
    """It has come."""

    block: Work | Stop | Catch | Raise


@dataclass(frozen=True)
class Thrown:
    """It has thrown, and goes on (or ``ends``) when that has been caught, if it is still there then."""

    ends: bool


@dataclass(frozen=True)
class Sequence:
    head: "Term"
    rest: tuple[Block, ...]


@dataclass(frozen=True)
class Fork:
    """The branches that were taken."""

    block: Parallel | Inclusive
    branches: tuple["Term", ...]


@dataclass(frozen=True)
class Racing:
    block: Race
    was: bool = False


@dataclass(frozen=True)
class Round:
    block: Cycle
    head: "Term"


@dataclass(frozen=True)
class Listener:
    """``left``: how often it may still go off, None: as often as the event comes."""

    on: Boundary | EventSub
    left: int | None
    was: bool = False


@dataclass(frozen=True)
class Guard:
    """An activity with boundary events. ``stop``: for a job, when it is done."""

    inner: "Term"
    listeners: tuple[Listener, ...]
    stop: Stop | None = None


@dataclass(frozen=True)
class Item:
    """One of several: with variables of its own."""

    variables: Variables
    inner: "Term"


@dataclass(frozen=True)
class Items:
    """``total``: None in a standard loop. ``begun``: items so far; ``items``: those that are open."""

    block: Activity
    total: int | None
    begun: int
    done: int
    results: tuple[Any, ...]
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Scope:
    """A process, called process or sub-process: it ends when no thread is left."""

    key: str
    threads: tuple["Term", ...]
    listeners: tuple[Listener, ...]


@dataclass(frozen=True)
class Beside:
    """An event sub-process at work: a thread of the scope that it stands in."""

    on: EventSub
    inner: "Term"


@dataclass(frozen=True)
class Instance:
    """A process (``block`` None) or called process with its variables."""

    block: Call | None
    variables: Variables
    inner: "Term"


Leaf = Constant | Start | Waiting | Left | Thrown | Racing
Term = Leaf | Sequence | Fork | Round | Guard | Item | Items | Scope | Beside | Instance


def children(term: Term) -> tuple[Term, ...]:
    """The terms that a term is made of."""
    match term:
        case Sequence(head=inner) | Round(head=inner):
            return (inner,)
        case Guard(inner=inner) | Item(inner=inner) | Beside(inner=inner) | Instance(inner=inner):
            return (inner,)
        case Fork(branches=many) | Items(items=many) | Scope(threads=many):
            return many
    return ()


def can_exit(term: Term) -> bool:
    """Whether a token in the term may still come to its exit, by the flows alone (BPMN 13.4.3)."""
    match term:
        case Start(block=block) | Waiting(block=block) | Left(block=block) if not isinstance(block, Body):
            return has_exit(block)
        case Racing(block=block):
            return has_exit(block)
        case Thrown(ends=ends):
            return not ends
        case Sequence(head, rest):
            return can_exit(head) and all(map(has_exit, rest))
        case Fork(branches=branches):
            return any(map(can_exit, branches))
        case Round(head=head):
            return can_exit(head)
    return term is not DEAD


def listeners_of(term: Term) -> tuple[Listener, ...]:
    """The boundary events or event sub-processes that a term has armed."""
    return term.listeners if isinstance(term, Guard | Scope) else ()
