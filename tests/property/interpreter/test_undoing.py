"""Random walks through a process in which everything may be undone, interrupted, cancelled or stopped.

TITIAN_WALKS sets how many walks are made (60).
"""

import os
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from engine import interpreter
from engine.interpreter import Executable, Host, Step, Waiting, Workflow
from tests.support.seeds import SEED
from tests.unit.interpreter.diagrams import (
    CANCEL,
    COMPENSATION,
    ERROR,
    ESCALATION,
    MESSAGE,
    SIGNAL,
    boundary,
    call,
    document,
    end,
    exclusive,
    many,
    node,
    on_event,
    parallel,
    process,
    service,
    start,
    sub,
    throw,
    transaction,
    undoes,
    user,
)
from tests.unit.interpreter.story import new_host

COUNT = int(os.environ.get("TITIAN_WALKS", "60"))
UNDOES = {"ua": "a", "ud": "d", "ub": "b", "uc": "c", "usp2": "sp2", "uca": "ca"}
"""Who undoes -> what."""


def _parts() -> str:
    deep = sub("deep", start("s2") + user("d") + undoes("ud", "d") + end("e2"), "s2 > d > e2")
    inner = start("s1") + user("a") + undoes("ua", "a") + deep + throw("te", ESCALATION) + end("e1")
    return sub("sp", inner, "s1 > a > deep > te > e1", loop=many("anak", "x"))


def _booking() -> str:
    task = node("userTask", "b", many("kamar", "no"), camunda_asyncBefore="true") + undoes("ub", "b")
    inner = (
        start("s3") + parallel("p3", "j3") + task + user("c") + undoes("uc", "c") + exclusive("g3", "g3__e3")
    )
    inner += end("e3") + end("x3", CANCEL)
    flows = "s3 > p3; p3 > b > j3; p3 > c > j3; j3 > g3; g3 > x3 if batal; g3 > e3"
    return transaction("tr", inner, flows) + boundary("bc", "tr", CANCEL) + user("x")


def _listeners() -> str:
    failed = on_event("h", ERROR, user("hk") + end("he", COMPENSATION), "h_s > hk > he")
    beside = on_event("i", MESSAGE, service("is") + end("ie"), "i_s > is > ie", interrupting=False)
    return failed + beside


NODES = (
    exclusive("i0") + parallel("ps", "pj") + _parts() + boundary("be", "sp", ESCALATION, cancel=False)
    + user("n") + end("ne")
    + _booking() + exclusive("m") + call("ca", "q") + undoes("uca", "ca") + boundary("bs", "ca", SIGNAL)
    + sub("sp2", start("s4") + user("k") + end("e4"), "s4 > k > e4") + undoes("usp2", "sp2", "serviceTask",
        camunda_type="external", camunda_topic="batal")
    + exclusive("mc") + throw("t", COMPENSATION) + exclusive("g", "g__e") + _listeners()
)  # fmt: skip
FLOWS = (
    "s > i0 > ps; ps > sp > pj; be > n > ne; ps > tr > m; bc > x > m; m > pj; pj > ca > mc; bs > mc; "
    "mc > sp2 > t > g; g > i0 if lagi; g > e"
)
CALLED = process(user("qa") + undoes("qu", "qa") + service("qs"), "s > qa > qs > e", key="q")


@dataclass
class Walk:
    """``seen``: what was open after each move; ``steps``: all that happened."""

    workflow: Workflow
    host: Host
    seen: list[Any]
    steps: list[Step]


def _values(chance: random.Random) -> dict[str, Any]:
    names = ["batal", "lagi"]
    return {name: chance.random() < 0.35 for name in names if chance.random() < 0.6}


def _move(chance: random.Random, workflow: Workflow) -> None:
    if chance.random() < 0.02:
        workflow.signal("darurat")
        return
    waiting = sorted(workflow.waiting(), key=lambda w: (w.element_id, w.kind))  # of two alike, the older
    chosen: Waiting = chance.choice(waiting)
    if chosen.kind == "external_task" and chance.random() < 0.15:
        workflow.raise_error(chosen.token_id, "TOLAK")
    elif chosen.kind in ("user_task", "external_task"):
        workflow.complete(chosen.token_id, _values(chance))
    elif chosen.kind != "message" or chance.random() < 0.05:
        workflow.trigger(chosen.token_id)


def _walk(executable: Executable, number: int, *, reload: bool) -> Walk:
    chance, host = random.Random(SEED + number), new_host({"anak": [1, 2], "kamar": [7, 8]})
    made = Walk(interpreter.start(executable, host), host, [], [])
    for _ in range(300):
        made.steps += made.workflow.trace
        made.workflow.trace.clear()
        made.seen.append(sorted((w.kind, w.element_id, w.boundary) for w in made.workflow.waiting()))
        if made.workflow.completed:
            break
        if reload:
            made.workflow = interpreter.load(made.workflow.save(), executable, host)
        _move(chance, made.workflow)
    return made


@pytest.fixture(scope="module")
def walks() -> list[tuple[Walk, Walk]]:
    """Each walk twice: in memory, and saved and loaded after every step."""
    executable = interpreter.define([document(process(NODES, FLOWS), CALLED)], "p")
    pairs: Iterator[tuple[Walk, Walk]] = (
        (_walk(executable, number, reload=False), _walk(executable, number, reload=True))
        for number in range(COUNT)
    )
    return list(pairs)


def test_saving_and_loading_after_every_step_changes_nothing(walks):
    for in_memory, reloaded in walks:
        assert in_memory.seen == reloaded.seen


def test_nothing_is_stuck_and_most_walks_come_to_an_end(walks):
    assert not any(made.workflow.stuck for made, _ in walks)
    assert sum(made.workflow.completed for made, _ in walks) > 0.8 * len(walks)


def test_nothing_is_undone_more_often_than_it_was_done(walks):
    for made, _ in walks:
        done: Counter[str] = Counter()
        for step in made.steps:
            if step.kind == "entered" and step.element_id in UNDOES:
                done[UNDOES[step.element_id]] -= 1
                assert done[UNDOES[step.element_id]] >= 0
            elif step.kind == "completed":
                done[step.element_id] += 1


def test_everything_is_undone_by_some_walk(walks):
    undone = {step.element_id for made, _ in walks for step in made.steps if step.kind == "completed"}
    assert UNDOES.keys() <= undone
    assert "qu" not in undone  # what a called process has done is not undone inside


def test_each_token_is_entered_once_and_left_once_by_the_end(walks):
    for made, _ in walks:
        entered = Counter(step.token_id for step in made.steps if step.kind == "entered")
        left = Counter(step.token_id for step in made.steps if step.kind != "entered")
        assert set(entered.values()) | set(left.values()) <= {1}
        assert left.keys() <= entered.keys()
        if made.workflow.completed:
            assert left.keys() == entered.keys()


def test_variables_of_items_go_with_the_last_that_needs_them(walks):
    for made, _ in walks:
        if made.workflow.completed:
            assert made.host.scopes.keys() == {"p:"}
