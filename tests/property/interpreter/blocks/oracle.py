"""What a tree of blocks means: BPMN's semantics as the rewriting of terms, without tokens, flows and graphs.

A move comes from outside: variables are set, and what waits hears of it (``_hear``). Conditions are looked
at. Then what can move moves (``_run``), until nothing can.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from tests.property.interpreter.blocks.entering import begin_next, enter, holds
from tests.property.interpreter.blocks.rewriting import (
    Effect,
    Result,
    Spawn,
    Throw,
    View,
    Write,
    go_off,
    rebuild,
)
from tests.property.interpreter.blocks.terms import (
    DEAD,
    DONE,
    Beside,
    Constant,
    Fork,
    Guard,
    Instance,
    Items,
    Left,
    Racing,
    Round,
    Scope,
    Sequence,
    Start,
    Term,
    Thrown,
    Waiting,
    can_exit,
    children,
    listeners_of,
    variables_of,
)
from tests.property.interpreter.blocks.tree import (
    Body,
    Event,
    EventSub,
    Inclusive,
    Raise,
    Stop,
    Work,
    has_exit,
)

BASE: Final = frozenset({"x", "y", "n", "k", "items", "i", "p", "loopCounter"})
"""Variables that are compared wherever they are seen. Results (``hasil_``, ``o_``, ``r_``): on the process
alone."""


@dataclass(frozen=True)
class Place:
    """Where something waits: the way down through a term, and there the number of a listener or event, if
    any."""

    path: tuple[int, ...]
    number: int | None = None


@dataclass(frozen=True)
class Wait:
    """What can be seen of something that waits. ``name``: of the message or signal, or the topic.
    ``seen``: the variables there."""

    process_key: str
    element_id: str
    kind: str
    name: str | None
    boundary: bool
    seen: tuple[tuple[str, Any], ...]


Settled = tuple[Instance, tuple[Event, ...]]
"""An instance at rest, and the messages and signals that it has thrown on its way."""


def begin(body: Body, variables: Mapping[str, Any]) -> Settled:
    """Start an instance. Raises NoFlow, as the moves do."""
    return _settle(Instance(None, variables_of(variables), Start(body)))


def completed(state: Instance) -> bool:
    """Whether nothing is left."""
    return state.inner is DONE


def waits(state: Instance) -> list[tuple[Place, Wait]]:
    """Everything that waits for the outside."""
    return list(_waits(state, View(), "", ()))


def act(state: Instance, place: Place, values: Mapping[str, Any]) -> Settled:
    """What waits at a place gets what it waits for, with values."""
    writes = tuple(Write(name, value) for name, value in values.items())
    written, _ = _at(state, View(), place.path, lambda term: (term, writes))
    return _told(written, lambda where, *_: where == place)


def broadcast(state: Instance, signal: str) -> Settled:
    """Everything that waits for a signal hears it at once."""
    return _told(state, lambda _, event, *__: event == Event("signal", signal))


def fail(state: Instance, place: Place, code: str, values: Mapping[str, Any]) -> Settled | None:
    """The task at a place fails with an error, with values for who catches it; None: nobody does."""
    writes = tuple(Write(name, value) for name, value in values.items())
    thrown = Throw(Event("error", code), brings=writes)
    failed, uncaught = _at(state, View(), place.path, lambda _: (Thrown(ends=True), (thrown,)))
    return None if uncaught else _told(failed, lambda *_: False)


def assign(state: Instance, values: Mapping[str, Any]) -> Settled:
    """Variables of the process are set from outside."""
    variables = variables_of({**dict(state.variables), **values})
    return _told(replace(state, variables=variables), lambda *_: False)


Stimulus = Callable[[Place, Event, View], bool]


def _told(state: Term, stimulus: Stimulus) -> Settled:
    def hears(place: Place, event: Event, around: View, was: bool) -> tuple[bool, bool]:
        return stimulus(place, event, around), was

    def notices(place: Place, event: Event, around: View, was: bool) -> tuple[bool, bool]:
        now = holds(event.condition, around)
        return now and not was, now

    heard, _ = _hear(state, View(), (), hears)
    noticed, _ = _hear(heard, View(), (), notices)
    return _settle(noticed)


def _settle(state: Term) -> Settled:
    """Run until nothing moves. A signal reaches everybody before its thrower goes on."""
    outside: list[Event] = []
    while True:
        new, effects = _run(state, View())
        if new == state and not effects:
            assert isinstance(new, Instance)
            return new, tuple(outside)
        state = new
        for effect in effects:
            if isinstance(effect, Throw) and effect.event.kind in ("message", "signal"):
                outside.append(effect.event)
                state, _ = _hear(state, View(), (), _listening_for(effect.event))


Hearing = Callable[[Place, Event, View, bool], tuple[bool, bool]]
"""(place, what waits there, variables, whether a condition held) -> (does it come, does it hold now)."""


def _listening_for(thrown: Event) -> Hearing:
    heard = thrown.kind == "signal"
    return lambda _, event, __, was: (heard and event == thrown, was)


def _hear(term: Term, around: View, path: tuple[int, ...], hears: Hearing) -> Result:
    if isinstance(term, Waiting):
        comes, was = hears(Place(path), waits_for(term.block), around, term.was)
        return Left(term.block) if comes else replace(term, was=was), ()
    if isinstance(term, Racing):
        for number, (catch, branch) in enumerate(term.block.branches):
            comes, was = hears(Place(path, number), catch.event, around, term.was)
            if comes:
                return Sequence(Left(catch), (branch,)), ()
            term = replace(term, was=was) if catch.event.kind == "conditional" else term
        return term, ()
    new, effects = rebuild(term, around, lambda child, view, i: _hear(child, view, (*path, i), hears))
    if isinstance(new, Items):
        new, effects = _collected(new, effects)
    for number, listener in enumerate(listeners_of(term)):
        comes, was = hears(Place(path, number), listener.on.event, around, listener.was)
        noticed = replace(listener, was=was)
        if isinstance(new, Guard | Scope):
            others = (noticed if other == listener else other for other in new.listeners)
            new = replace(new, listeners=tuple(others))
            if comes:
                new, more = go_off(new, noticed)
                effects += more
    return new, effects


def _at(term: Term, around: View, path: tuple[int, ...], change: Callable[[Term], Result]) -> Result:
    """Change what is at the end of a path."""
    if not path:
        return change(term)
    return rebuild(
        term,
        around,
        lambda child, view, i: _at(child, view, path[1:], change) if i == path[0] else (child, ()),
    )


def _run(term: Term, around: View) -> Result:
    """Let a term move, up to the next throw, which must be caught before the thrower goes on."""
    match term:
        case Start(block):
            new, effects = enter(block, around)
        case Left(Raise(event=event, ends=ends)):
            return Thrown(ends), ((Throw(event),) if event.kind != "none" else ())
        case Left():
            return DONE, ()
        case Thrown(ends):
            return (DEAD if ends else DONE), ()
        case Constant() | Waiting() | Racing():
            return term, ()
        case _:
            inner, effects = rebuild(term, around, lambda child, view, _: _run(child, view))
            if any(isinstance(effect, Throw) for effect in effects):
                return inner, effects
            new, more = _advance(inner, around)
            effects += more
            if new == inner:
                return new, effects
    last, more = _run(new, around)
    return last, effects + more


def _advance(term: Term, around: View) -> Result:
    """What a term becomes when its children can move no further."""
    match term:
        case Sequence(head, rest) if head is DONE and rest:
            return Sequence(Start(rest[0]), rest[1:]), ()
        case Round(block, head) if head is DONE and holds(block.again, around):
            return Round(block, Sequence(Start(block.back), (block.body,))), ()
        case Sequence(head=head) | Round(head=head) if head in (DONE, DEAD):
            return head, ()
        case Fork():
            return _join(term)
        case Guard(inner=inner, stop=stop) if inner is DONE:
            return (Waiting(stop) if stop else DONE), ()
        case Beside(inner=inner) if inner is DONE:
            return DONE, ()
        case Scope():
            open_now = tuple(thread for thread in term.threads if thread not in (DONE, DEAD))
            return (replace(term, threads=open_now) if open_now else DONE), ()
        case Instance(block, variables, inner) if block and inner is DONE:
            return DONE, ((Write(f"o_{block.id}", dict(variables).get("x")),) if block.out else ())
        case Items():
            return _count(term, around)
    return term, ()


def _join(fork: Fork) -> Result:
    """A parallel join waits for all branches that lead to it, an inclusive one for those that can still come.

    What cannot come to the join goes on beside it.
    """
    if isinstance(fork.block, Inclusive):
        awaited = [b for b in fork.branches if b not in (DONE, DEAD) and can_exit(b)]
        passes = not awaited
    else:
        awaited = [term for b, term in zip(fork.block.branches, fork.branches, strict=True) if has_exit(b)]
        passes = all(term is DONE for term in awaited)
    if not passes:
        return (DEAD if all(term is DEAD for term in fork.branches) else fork), ()
    beside = tuple(Spawn(term) for term in fork.branches if term not in (DONE, DEAD))
    return (DONE if DONE in fork.branches else DEAD), beside


def _collected(items: Items, effects: tuple[Effect, ...]) -> Result:
    """The result of a task is taken when the task is left, before anything else happens."""
    left = [item for item in items.items if isinstance(item.inner, Left)]
    if not left or not items.block.repeat.collects:
        return items, effects
    results = list(items.results)
    for item in left:
        own = dict(item.variables)
        results[own["loopCounter"]] = own["p"]
    new = replace(items, results=tuple(results))
    return new, (*effects, Write(f"hasil_{items.block.id}", new.results))


def _count(items: Items, around: View) -> Result:
    """Items that are done make way for the next ones, or for the end."""
    while done := next((item for item in items.items if item.inner is DONE), None):
        rest = tuple(item for item in items.items if item is not done)
        items = replace(items, done=items.done + 1, items=rest)
        if _over(items, around):
            return DONE, ()
        if items.block.repeat.kind != "parallel":
            items = begin_next(items, around)
    return items, ()


def _over(items: Items, around: View) -> bool:
    """A sequence over a collection looks at it for each item, and ends early if it has become shorter."""
    repeat = items.block.repeat
    if repeat.kind == "standard":
        return 0 < repeat.most <= items.done or not holds(repeat.again, around)
    if items.done == items.total or 0 < repeat.enough <= items.done:
        return True
    return repeat.kind == "sequential" and bool(repeat.over) and items.begun >= len(around.get(repeat.over))


def waits_for(block: Any) -> Event:
    """What a task or catching event waits for."""
    match block:
        case Work(waits=waits, name=name):
            return Event(waits, name)
        case Raise():
            return Event("user_task")
        case Stop():
            return Event("async")
    event: Event = block.event
    return event


def _waits(term: Term, around: View, key: str, path: tuple[int, ...]) -> Iterator[tuple[Place, Wait]]:
    if isinstance(term, Scope):
        key = term.key
    if isinstance(term, Waiting):
        yield Place(path), _wait(key, term.block.id, waits_for(term.block), False, around)
    elif isinstance(term, Racing):
        for number, (catch, _) in enumerate(term.block.branches):
            yield Place(path, number), _wait(key, catch.id, catch.event, False, around)
    for number, listener in enumerate(listeners_of(term)):
        on = listener.on
        if on.event.kind not in ("error", "escalation"):
            element_id = f"{on.id}_s" if isinstance(on, EventSub) else on.id
            yield Place(path, number), _wait(key, element_id, on.event, True, around)
    inner = around.inside(term)
    for number, child in enumerate(children(term)):
        yield from _waits(child, inner, key, (*path, number))


def _wait(key: str, element_id: str, event: Event, boundary: bool, around: View) -> Wait:
    kind = "condition" if event.kind == "conditional" else event.kind
    name = event.name if kind != "timer" else None
    seen = variables_of({name: value for name, value in around.all().items() if name in BASE})
    return Wait(key, element_id, kind, name, boundary, seen)
