"""Random diagrams without structure: no crash, and saving and loading after every step changes nothing.

TITIAN_GRAPHS sets how many diagrams are made (200).
"""

import os
from collections import Counter
from copy import deepcopy
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from random import Random
from typing import Any

import orjson
import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from engine import interpreter
from engine.errors import ExecutionFailed, NoFlowTaken, StepBudgetExceeded
from engine.interpreter import Executable, Host, Step, Waiting, Workflow, tokens, workflow
from engine.interpreter.board import Board
from tests.property.interpreter.graphs import draw_graph
from tests.support.seeds import SEED
from tests.unit.interpreter.diagrams import document
from tests.unit.interpreter.story import decide, resolve_due

COUNT = int(os.environ.get("TITIAN_GRAPHS", "200"))
PART = 100
NAMED = (ExecutionFailed, NoFlowTaken, StepBudgetExceeded)
BUDGET = 500
"""Of steps: a diagram that is endless shows it as well after these as after ten thousand."""

Move = tuple[int, dict[str, Any]]


@dataclass
class Walk:
    """``seen``: after each move, all that a host can see."""

    seen: list[tuple[Any, ...]] = field(default_factory=list)
    trace: list[Step] = field(default_factory=list)


@st.composite
def journeys(draw: st.DrawFn) -> tuple[str, list[Move]]:
    """A diagram, and what happens to an instance of it."""
    random = draw(st.randoms(use_true_random=False, note_method_calls=False))
    return draw_graph(random), [_draw_move(random) for _ in range(random.randrange(25))]


def _draw_move(random: Random) -> Move:
    values = {"x": random.randrange(4), "y": random.randrange(3), "items": list(range(random.randrange(3)))}
    return random.randrange(60), values


@pytest.mark.parametrize("part", range(-(-COUNT // PART)))
def test_whatever_is_drawn_runs_by_the_rules(part):
    @seed(SEED + part)
    @settings(max_examples=min(PART, COUNT - part * PART), database=None, print_blob=False)
    @given(journeys())
    def keeps_the_rules(journey):
        text, moves = journey
        executable = interpreter.define([document(text)], "p")
        in_memory, reloaded = (_walk(executable, moves, reload=reload) for reload in (False, True))
        assert in_memory.seen == reloaded.seen
        assert in_memory.trace == reloaded.trace
        if in_memory.trace:
            _check_trace(in_memory)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workflow, "STEP_BUDGET", BUDGET)
        patch.setattr(workflow, "Board", partial(Board, budget=BUDGET))
        keeps_the_rules()


def _walk(executable: Executable, moves: list[Move], *, reload: bool) -> Walk:
    ids, walk = count(1), Walk()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tokens, "new_id", lambda: f"t{next(ids)}")  # so that two walks can be compared
        host = Host(scopes={"p:": {"x": 0, "y": 1, "items": [1]}}, decide=decide, resolve_due=resolve_due)
        try:
            instance = interpreter.start(executable, host)
        except NAMED as error:
            walk.seen.append((str(error),))
            return walk
        _look(walk, instance, host)
        for pick, values in moves:
            before, scopes = instance.save(), deepcopy(host.scopes)
            try:
                _move(instance, pick, values)
            except NAMED as error:  # thrown away and loaded again, as commands do
                walk.seen.append((str(error),))
                host.scopes, host.outbox = scopes, []
                instance = interpreter.load(before, executable, host)
                continue
            _look(walk, instance, host)
            if reload:
                instance = interpreter.load(instance.save(), executable, host)
    return walk


def _move(instance: Workflow, pick: int, values: dict[str, Any]) -> None:
    """A signal, a change of variables, or one of the things that are open."""
    options = [waiting for waiting in instance.waiting() if waiting.kind != "condition"]
    if pick % 10 == 0:
        instance.signal("darurat", values)
    elif pick % 10 == 1 or not options:
        instance.set_variables(values)
    else:
        _answer(instance, options[pick % len(options)], pick, values)


def _answer(instance: Workflow, waiting: Waiting, pick: int, values: dict[str, Any]) -> None:
    if waiting.kind == "external_task" and pick % 3 == 0:
        instance.raise_error(waiting.token_id, "TOLAK", values)
    elif waiting.kind in ("user_task", "external_task"):
        instance.complete(waiting.token_id, values)
    else:
        instance.trigger(waiting.token_id, values)


def _look(walk: Walk, instance: Workflow, host: Host) -> None:
    """Note what can be seen."""
    walk.trace += instance.trace
    instance.trace.clear()
    scopes, outbox = deepcopy(host.scopes), list(host.outbox)
    host.outbox.clear()
    walk.seen.append(
        (instance.completed, instance.stuck, instance.waiting(), scopes, outbox, instance.save())
    )


def _check_trace(walk: Walk) -> None:
    """What has been entered was left once, or is still there; nothing is left of an instance that is over."""
    completed, _, waiting, scopes, _, saved = next(seen for seen in reversed(walk.seen) if len(seen) > 1)
    entered = Counter(step.token_id for step in walk.trace if step.kind == "entered")
    left = Counter(step.token_id for step in walk.trace if step.kind != "entered")
    assert {*entered.values(), *left.values()} <= {1}
    assert left.keys() <= entered.keys()
    kept = {row[0] for rows in orjson.loads(saved)[2].values() for row in rows}
    assert entered.keys() - left.keys() <= kept
    tasks = {token.token_id for token in waiting if token.kind in ("user_task", "external_task")}
    assert tasks <= entered.keys() - left.keys()
    if completed:
        assert not kept
        assert scopes.keys() == {"p:"}
