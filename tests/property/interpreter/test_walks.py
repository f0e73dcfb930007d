"""TITIAN_WALKS sets how many random walks are made (60)."""

import os
from collections import Counter

import orjson
import pytest

from engine import interpreter
from engine.definitions import read_processes
from engine.interpreter import state
from tests.property.interpreter.model import CALLED, MAIN
from tests.property.interpreter.walking import KEYS, Walk, walk
from tests.unit.interpreter.diagrams import document

COUNT = int(os.environ.get("TITIAN_WALKS", "60"))
ROOT = document(MAIN, CALLED)
PROCESSES = read_processes(ROOT, "")
EXECUTABLE = interpreter.define([ROOT], "p")


@pytest.fixture(scope="module")
def walks() -> list[tuple[Walk, Walk]]:
    """Each walk twice: in memory, and saved and loaded after every step."""
    return [tuple(walk(EXECUTABLE, seed, reload=reload) for reload in (False, True)) for seed in range(COUNT)]


def test_saving_and_loading_after_every_step_changes_nothing(walks):
    for in_memory, reloaded in walks:
        assert in_memory.seen == reloaded.seen


def test_walks_come_to_an_end(walks):
    assert sum(made.completed for made, _ in walks) > 0.9 * len(walks)


def test_every_element_of_the_process_is_reached_by_some_walk(walks):
    reached = {(step.process_key, step.element_id) for made, _ in walks for _, step in made.steps}
    drawn = {(key, element) for key, process in PROCESSES.items() for element in process.elements}
    assert drawn == reached


def test_rounds_never_overlap(walks):
    """The parallel join in the loop lets exactly one ``q`` through for each ``i``."""
    for made, _ in walks:
        for key in KEYS:
            rounds = "".join(
                step.element_id
                for owner, step in made.steps
                if owner == key and step.kind == "completed" and step.element_id in ("i", "q")
            )
            assert rounds in "iq" * (len(rounds) // 2 + 1)


def test_each_token_is_entered_once_and_left_at_most_once(walks):
    for made, _ in walks:
        steps = Counter((step.token_id, step.kind) for _, step in made.steps)
        assert set(steps.values()) <= {1}
        entered = {token for token, kind in steps if kind == "entered"}
        left = [token for token, kind in steps if kind != "entered"]
        assert len(left) == len(set(left))
        assert set(left) <= entered
        if made.completed:
            assert set(left) == entered


def test_tokens_move_only_where_the_diagram_lets_them(walks):
    allowed = {
        (key, flow.source, flow.target)
        for key, process in PROCESSES.items()
        for flow in process.flows.values()
    } | {
        (key, element.attached_to, element.id)
        for key, process in PROCESSES.items()
        for element in process.elements.values()
        if element.attached_to
    }
    begins = {"startEvent", "subProcess"}
    for made, _ in walks:
        for _, step in made.steps:
            if step.via is None:
                assert PROCESSES[step.process_key].elements[step.element_id].type in begins
            else:
                assert (step.process_key, step.via, step.element_id) in allowed


def test_a_state_stays_small(walks):
    sizes = [len(seen[-1]) for _, reloaded in walks for seen in reloaded.seen]
    assert max(sizes) < 4_000


@pytest.mark.parametrize("forgotten", ["via", "n", "next", "done", "cycle", "due", "was"])
def test_the_walks_notice_a_state_that_forgets_something(monkeypatch, forgotten):
    """The power of the tests above: a save that loses one fact does not go unnoticed."""
    real = state.dump

    def forgetful(board) -> bytes:
        version, completed, scopes = orjson.loads(real(board))
        for rows in scopes.values():
            for row in rows:
                row[4].pop(forgotten, None)
        return orjson.dumps([version, completed, scopes])

    wanted = [_seen(seed, reload=False) for seed in range(10)]
    monkeypatch.setattr(state, "dump", forgetful)
    assert [_seen(seed, reload=True) for seed in range(10)] != wanted


def _seen(seed: int, *, reload: bool) -> object:
    """What a walk shows of each instance, except for the bytes of its state; or how it crashes."""
    try:
        return [seen[:-1] for seen in walk(EXECUTABLE, seed, reload=reload).seen]
    except (KeyError, AttributeError, TypeError) as crash:
        return repr(crash)
