"""How a change deep inside a term reaches what is around it: as effects, which go up until a term takes
them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from tests.property.interpreter.blocks.terms import (
    Beside,
    Fork,
    Guard,
    Instance,
    Item,
    Items,
    Listener,
    Round,
    Scope,
    Sequence,
    Start,
    Term,
    Variables,
    children,
    variables_of,
)
from tests.property.interpreter.blocks.tree import Boundary, Event, EventSub


@dataclass(frozen=True)
class Write:
    """A variable is set: where it is declared, innermost first, else on the process."""

    name: str
    value: Any


@dataclass(frozen=True)
class Throw:
    """``by``: the event sub-process that it has just left, which does not catch it, armed anew as it may be.
    ``brings``: variables to set where it is caught."""

    event: Event
    by: EventSub | None = None
    brings: tuple[Write, ...] = ()


@dataclass(frozen=True)
class Spawn:
    """A thread that goes on in the scope when what it came from is over."""

    term: Term


Effect = Write | Throw | Spawn
Result = tuple[Term, tuple[Effect, ...]]


@dataclass(frozen=True)
class View:
    """The variables around a term, innermost first."""

    scopes: tuple[Variables, ...] = ()

    def get(self, name: str) -> Any:
        """The value of a variable, None if it is not there."""
        return self.all().get(name)

    def all(self) -> dict[str, Any]:
        """All that can be seen."""
        return {name: value for scope in reversed(self.scopes) for name, value in scope}

    def inside(self, term: Term) -> "View":
        """What the children of a term see."""
        match term:
            case Item(variables=own):
                return View((own, *self.scopes))
            case Instance(variables=own):
                return View((own,))
        return self


Change = Callable[[Term, View, int], Result]


def rebuild(term: Term, around: View, change: Change) -> Result:
    """Change each child (given with its number), then let the term take what comes up from them."""
    inner = around.inside(term)
    results = [change(child, inner, number) for number, child in enumerate(children(term))]
    new = _with_children(term, tuple(child for child, _ in results)) if results else term
    return absorb(new, (effect for _, effects in results for effect in effects))


def absorb(term: Term, effects: Iterable[Effect]) -> Result:
    """What a term becomes when effects come up to it, and what goes on upwards."""
    rest: list[Effect] = []
    for effect in effects:
        term, up = _take(term, effect)
        rest += up
    return term, tuple(rest)


def go_off(term: Guard | Scope, listener: Listener) -> Result:
    """What a boundary event or event sub-process does to the term that it listens at."""
    on = listener.on
    left = None if listener.left is None else listener.left - 1
    again = () if left == 0 else (replace(listener, left=left),)
    rest = tuple(kept for other in term.listeners for kept in (again if other == listener else (other,)))
    if isinstance(term, Guard):
        assert isinstance(on, Boundary)
        if on.interrupting:
            return Start(on.handler), ()
        return replace(term, listeners=rest), (Spawn(Start(on.handler)),)
    assert not isinstance(on, Boundary)
    thread = Beside(on, Start(on.body))
    if on.interrupting:
        return replace(term, threads=(thread,), listeners=()), ()
    return replace(term, threads=(*term.threads, thread), listeners=rest), ()


def _take(term: Term, effect: Effect) -> Result:
    match term, effect:
        case Item(), Write(name, value) if name in dict(term.variables):
            return replace(term, variables=_set(term.variables, name, value)), ()
        case Instance(), Write(name, value):
            return replace(term, variables=_set(term.variables, name, value)), ()
        case Scope(), Spawn(thread):
            return replace(term, threads=(*term.threads, thread)), ()
        case Scope(), Throw(Event(kind="terminate")):
            return replace(term, threads=(), listeners=()), ()
        case Beside(on), Throw():
            return term, (replace(effect, by=on),)
        case ((Guard() | Scope()), Throw(event, by)):
            catcher = _catcher([other for other in term.listeners if other.on != by], event)
            if catcher is None:
                return term, (replace(effect, by=None),)
            new, effects = go_off(term, catcher)
            return new, (*effects, *effect.brings)
    return term, (effect,)


def _catcher(listeners: list[Listener], thrown: Event) -> Listener | None:
    """The one for this code goes before the one for any."""
    if thrown.kind not in ("error", "escalation"):
        return None
    fit = [
        listener
        for listener in listeners
        if listener.on.event.kind == thrown.kind and listener.on.event.name in (None, thrown.name)
    ]
    return min(fit, key=lambda listener: listener.on.event.name is None, default=None)


def _set(variables: Variables, name: str, value: Any) -> Variables:
    return variables_of({**dict(variables), name: value})


def _with_children(term: Term, new: tuple[Term, ...]) -> Term:
    match term:
        case Sequence() | Round():
            return replace(term, head=new[0])
        case Guard() | Item() | Beside() | Instance():
            return replace(term, inner=new[0])
        case Fork():
            return replace(term, branches=new)
        case Items():
            return replace(term, items=new)
        case Scope():
            return replace(term, threads=new)
    raise AssertionError(f"{term} has no children")
