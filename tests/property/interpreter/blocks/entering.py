"""What a block is when it has just been entered."""

from dataclasses import replace
from functools import singledispatch
from typing import Any

from tests.property.interpreter.blocks.rewriting import Result, View, Write, go_off
from tests.property.interpreter.blocks.terms import (
    DEAD,
    DONE,
    Fork,
    Guard,
    Instance,
    Item,
    Items,
    Left,
    Listener,
    Racing,
    Round,
    Scope,
    Sequence,
    Start,
    Term,
    Waiting,
    variables_of,
)
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
    EventSub,
    Finish,
    Inclusive,
    Parallel,
    Pass,
    Race,
    Raise,
    Stop,
    Sub,
    Work,
)

PASSED = ("x", "y", "n", "k", "items")
"""What a call activity passes on by name."""


class NoFlow(Exception):
    """A gateway has no way out (BPMN 13.4.2)."""


@singledispatch
def enter(block: Any, around: View) -> Result:
    """What it begins as, and what comes of that at once."""
    raise NotImplementedError(block)


@enter.register
def _body(block: Body, around: View) -> Result:
    scope = Scope(block.key, (Start(block.block),), tuple(map(_listener, block.listeners)))
    return _armed(scope, around)


@enter.register(Work)
@enter.register(Sub)
@enter.register(Call)
def _activity(block: Activity, around: View) -> Result:
    if block.before:
        return Sequence(Waiting(Stop(block.id)), (replace(block, before=False),)), ()
    inner, effects = (begin(block, around), ()) if block.repeat is None else _items(block, around)
    stop = Stop(block.id) if block.after else None
    if not block.boundaries and stop is None:
        return inner, effects
    guard, spawned = _armed(Guard(inner, tuple(map(_listener, block.boundaries)), stop), around)
    return guard, (*effects, *spawned)


@enter.register
def _catch(block: Catch, around: View) -> Result:
    return DONE if holds(block.event.condition, around) else Waiting(block), ()


@enter.register
def _raise(block: Raise, around: View) -> Result:
    return Waiting(block), ()


@enter.register
def _pass(block: Pass, around: View) -> Result:
    return DONE, ()


@enter.register
def _finish(block: Finish, around: View) -> Result:
    return DEAD, ()


@enter.register
def _chain(block: Chain, around: View) -> Result:
    return Sequence(DONE, block.parts), ()


@enter.register
def _choice(block: Choice, around: View) -> Result:
    decided = f"r_{block.id}"
    result = around.get("x")
    seen = View((((decided, result),), *around.scopes)) if block.decided else around
    branch = _holding(block.branches, seen)[0]
    return Start(branch), ((Write(decided, result),) if block.decided else ())


@enter.register
def _inclusive(block: Inclusive, around: View) -> Result:
    return Fork(block, tuple(map(Start, _holding(block.branches, around)))), ()


@enter.register
def _parallel(block: Parallel, around: View) -> Result:
    return Fork(block, tuple(map(Start, block.branches))), ()


@enter.register
def _race(block: Race, around: View) -> Result:
    for catch, branch in block.branches:
        if holds(catch.event.condition, around):
            return Sequence(Left(catch), (branch,)), ()
    return Racing(block), ()


@enter.register
def _cycle(block: Cycle, around: View) -> Result:
    return Round(block, Start(block.body)), ()


def begin(block: Activity, around: View) -> Term:
    """An activity, or one item of it."""
    match block:
        case Work():
            return Waiting(block)
        case Sub(body=body):
            return Start(body)
    seen = around.all()
    passed = seen if block.every else {name: seen.get(name) for name in PASSED}
    return Instance(block, variables_of(passed), Start(block.called))


def begin_next(items: Items, around: View) -> Items:
    """One more item is open."""
    repeat = items.block.repeat
    own: dict[str, Any] = {"loopCounter": items.begun}
    if repeat.collects:
        own["p"] = None
    if repeat.over:
        own["i"] = around.get(repeat.over)[items.begun]
    variables = variables_of(own)
    item = Item(variables, begin(items.block, View((variables, *around.scopes))))
    return replace(items, begun=items.begun + 1, items=(*items.items, item))


def holds(condition: Condition | None, around: View) -> bool:
    """Whether there is a condition, and it is true."""
    return condition is not None and condition.holds(around.get(condition.variable))


def _items(block: Activity, around: View) -> Result:
    repeat = block.repeat
    if repeat.kind == "standard":
        skipped = repeat.before and not holds(repeat.again, around)
        items = Items(block, None, 0, 0, (), ())
        return (DONE if skipped else begin_next(items, around)), ()
    total = around.get(repeat.times) if repeat.times else len(around.get(repeat.over))
    items = Items(block, total, 0, 0, (None,) * total, ())
    for _ in range(total if repeat.kind == "parallel" else min(total, 1)):
        items = begin_next(items, around)
    effects = (Write(f"hasil_{block.id}", items.results),) if repeat.collects else ()
    return (items if total else DONE), effects


def _holding(branches: tuple[tuple[Condition | None, Block], ...], around: View) -> list[Block]:
    taken = [branch for condition, branch in branches if holds(condition, around)]
    taken = taken or [branch for condition, branch in branches if condition is None]
    if not taken:
        raise NoFlow
    return taken


def _listener(on: Boundary | EventSub) -> Listener:
    """A duration goes off once, a cycle as often as it says, anything else each time."""
    if on.event.kind != "timer":
        return Listener(on, None)
    count, repeated, _ = (on.event.name or "").removeprefix("R").partition("/")
    if not repeated:
        return Listener(on, 1)
    return Listener(on, int(count) if count else None)


def _armed(term: Guard | Scope, around: View) -> Result:
    """A condition that holds already goes off at once, before anything inside begins."""
    for listener in term.listeners:
        if holds(listener.on.event.condition, around):
            noticed = replace(listener, was=True)
            listeners = tuple(noticed if other is listener else other for other in term.listeners)
            return go_off(replace(term, listeners=listeners), noticed)
    return term, ()
