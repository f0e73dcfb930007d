"""Plays a walk on the interpreter and on the oracle side by side; they must never differ."""

from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import pytest

from engine import interpreter
from engine.errors import NoFlowTaken
from engine.interpreter import Executable, Host, MigrationPlan, Step, Waiting, Workflow
from tests.property.interpreter.blocks import oracle
from tests.property.interpreter.blocks.diagram import document, later
from tests.property.interpreter.blocks.entering import NoFlow
from tests.property.interpreter.blocks.stories import CODES, SIGNALS, Move
from tests.property.interpreter.blocks.terms import Instance, Variables, variables_of
from tests.property.interpreter.blocks.tree import Body, Event, Work, parts_of
from tests.unit.interpreter.story import resolve_due

MOVABLE = ("async", "user_task", "external_task", "message", "timer")
FIRST = {"x": 1, "y": 0, "n": 2, "k": 0, "items": [1, 2]}
TOO_MANY = 20
"""When the oracle holds so many states possible, a walk is over: equal tokens can no longer be told from
each other."""

Answer = oracle.Settled | None
"""None: an error that nobody catches."""
Asked = Callable[[Instance], list[Callable[[], Answer]]]
"""A state -> what a move may do to it: several answers if it may be any of several equal tokens that
moves."""


@dataclass
class Play:
    """One instance, of one of several versions that do the same. ``states``: all that the oracle holds
    possible after what has been seen so far.

    ``alarmed``: ids of activities with a condition at their border; whether that goes off when they are
    left with values that make it true is not said, so they are not.
    """

    versions: dict[int, Executable]
    version: int
    host: Host
    workflow: Workflow
    states: set[Instance]
    alarmed: frozenset[str]
    trace: list[Step] = field(default_factory=list)


@dataclass(frozen=True)
class Sight:
    """What can be seen of an instance. ``outbox``: messages and signals of the last move."""

    completed: bool
    waits: Counter[oracle.Wait]
    variables: Variables
    outbox: list[tuple[str, str]]


def play(model: Body, walk: list[Move]) -> Play | None:
    """Walk until the instance or the walk is over; None if it cannot even start.

    Raises AssertionError where the interpreter and the oracle differ.
    """
    root = document(model)
    versions = {0: interpreter.define([root], "p0")}
    if any(move.version for move in walk):
        versions |= {1: interpreter.define([root], "p0"), 2: interpreter.define([later(root)], "p0")}
    host = Host(scopes={"p:": dict(FIRST)}, decide=lambda _, seen: seen.get("x"), resolve_due=resolve_due)
    try:
        first, thrown = oracle.begin(model, FIRST)
    except NoFlow:
        with pytest.raises(NoFlowTaken):
            interpreter.start(versions[0], host)
        return None
    playing = Play(versions, 0, host, interpreter.start(versions[0], host), {first}, _alarmed(model))
    _compare(playing, {(first, thrown)})
    for move in walk:
        if playing.workflow.completed or len(playing.states) > TOO_MANY:
            break
        _migrate(playing, move.version)
        _move(playing, move)
    return playing


def _alarmed(model: Body) -> frozenset[str]:
    return frozenset(
        part.id
        for part in parts_of(model)
        if isinstance(part, Work) and any(b.event.kind == "conditional" for b in part.boundaries)
    )


def _move(playing: Play, move: Move) -> None:
    """One move on both sides, chosen by what the oracle holds open."""
    signal, set_variables = playing.workflow.signal, playing.workflow.set_variables
    if move.how < 2:
        name = SIGNALS[move.how]
        _both(playing, lambda s: [lambda: oracle.broadcast(s, name)], lambda: signal(name))
        return
    open_now = {wait for _, wait in oracle.waits(next(iter(playing.states))) if wait.kind in MOVABLE}
    if move.how == 2 or not open_now:
        _both(playing, lambda s: [lambda: oracle.assign(s, move.values)], lambda: set_variables(move.values))
        return
    if move.how > 9:  # what is open rather than what listens: walks come to their end
        open_now = {wait for wait in open_now if not wait.boundary} or open_now
    wait = sorted(open_now, key=repr)[move.pick % len(open_now)]
    token = next(t for t in playing.workflow.waiting() if _seen(playing.workflow, t) == wait)
    _answer(playing, move, wait, token.token_id)


def _answer(playing: Play, move: Move, wait: oracle.Wait, token_id: str) -> None:
    """What the wait waits for comes, or its task fails."""

    def places(state: Instance) -> list[oracle.Place]:
        return [place for place, found in oracle.waits(state) if found == wait]

    workflow, values = playing.workflow, dict(move.values)
    if wait.element_id in playing.alarmed:
        values.pop("k", None)
    if wait.kind == "external_task" and move.how % 2:
        code = CODES[move.pick % 2]
        _both(
            playing,
            lambda s: [lambda place=place: oracle.fail(s, place, code, values) for place in places(s)],
            lambda: workflow.raise_error(token_id, code, values),
        )
        return
    act = workflow.complete if wait.kind.endswith("task") else workflow.trigger
    _both(
        playing,
        lambda s: [lambda place=place: oracle.act(s, place, values) for place in places(s)],
        lambda: act(token_id, values),
    )


def _both(playing: Play, asked: Asked, act: Callable[[], Any]) -> None:
    """Make a move on both sides. One that a gateway refuses is taken back."""
    outcomes: set[oracle.Settled] = set()
    refused: set[Instance] = set()
    for state in playing.states:
        for answer in asked(state):
            try:
                outcomes.add(answer() or (state, ()))
            except NoFlow:
                refused.add(state)
    before, scopes = playing.workflow.save(), deepcopy(playing.host.scopes)
    try:
        act()
    except NoFlowTaken:
        assert refused, f"no flow is taken, but there should be one: {outcomes}"
        playing.host.scopes.clear()
        playing.host.scopes.update(scopes)
        playing.host.outbox.clear()
        playing.workflow = interpreter.load(before, playing.versions[playing.version], playing.host)
        playing.states = refused
    else:
        _compare(playing, outcomes)


def _compare(playing: Play, outcomes: set[oracle.Settled]) -> None:
    """What can be seen is what one of the outcomes shows; goes on with those, and with what was saved."""
    workflow, host = playing.workflow, playing.host
    seen = _sight(playing)
    expected = {state: _expected(state, thrown) for state, thrown in outcomes}
    assert seen in expected.values()
    playing.states = {state for state, sight in expected.items() if sight == seen}
    playing.trace += workflow.trace
    _check_trace(playing)
    host.outbox.clear()
    playing.workflow = interpreter.load(workflow.save(), playing.versions[playing.version], host)


def _migrate(playing: Play, version: int) -> None:
    """Nothing that can be seen changes when an instance goes over to a version that does the same."""
    source, target = playing.versions[playing.version], playing.versions[version]
    if version == playing.version:
        return
    before = _sight(playing)
    plan = MigrationPlan(source, target, interpreter.generate(source, target))
    workflow, _, problems = interpreter.migrate(playing.workflow.save(), plan, playing.host)
    if workflow is None:  # a token has stopped before a task that only the later version has
        stopped = {wait.element_id for wait in before.waits if wait.kind == "async"}
        assert {problem.element_id for problem in problems} <= stopped
    else:
        playing.workflow, playing.version = interpreter.load(workflow.save(), target, playing.host), version
    assert _sight(playing) == before


def _check_trace(playing: Play) -> None:
    """A token that was entered has been left once, or is open; nothing is left of an instance that is
    over."""
    entered = Counter(step.token_id for step in playing.trace if step.kind == "entered")
    left = Counter(step.token_id for step in playing.trace if step.kind != "entered")
    assert {*entered.values(), *left.values()} <= {1}
    assert left.keys() <= entered.keys()
    if playing.workflow.completed:
        assert left == entered
        assert playing.host.scopes.keys() == {"p:"}


def _seen(workflow: Workflow, token: Waiting) -> oracle.Wait:
    """A token as the oracle would show it."""
    variables = workflow.variables(token.token_id)
    seen = variables_of({name: variables[name] for name in oracle.BASE & variables.keys()})
    return oracle.Wait(token.process_key, token.element_id, token.kind, token.name, token.boundary, seen)


def _sight(playing: Play) -> Sight:
    workflow, host = playing.workflow, playing.host
    waits = Counter(_seen(workflow, token) for token in workflow.waiting())
    outbox = [(thrown.kind, thrown.name) for thrown in host.outbox]
    return Sight(workflow.completed, waits, variables_of(host.scopes["p:"]), outbox)


def _expected(state: Instance, thrown: tuple[Event, ...]) -> Sight:
    waits = Counter(wait for _, wait in oracle.waits(state))
    outbox = [(event.kind, event.name or "") for event in thrown]
    return Sight(oracle.completed(state), waits, state.variables, outbox)
