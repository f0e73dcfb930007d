"""Random models whose tokens are moved by hand at random: refused with a reason, or carried out whole.

TITIAN_MODELS (300) sets how many: half of that.
"""

import os
from collections import Counter
from copy import deepcopy
from typing import Any

from hypothesis import given, seed, settings
from hypothesis import strategies as st

from engine import interpreter
from engine.errors import ExecutionFailed, ModificationInvalid, NoFlowTaken
from engine.interpreter import Executable, Host, Instruction, Step, Workflow
from tests.property.interpreter.blocks.diagram import document
from tests.property.interpreter.blocks.playing import FIRST, MOVABLE
from tests.property.interpreter.blocks.stories import stories
from tests.support.seeds import SEED
from tests.unit.interpreter.story import resolve_due

TYPES = ("startBeforeActivity", "startAfterActivity", "startTransition", "cancel")
COUNT = int(os.environ.get("TITIAN_MODELS", "300")) // 2
LONGEST = 40
"""Moves after which a case that still goes on is left alone."""

choices = st.lists(
    st.tuples(st.sampled_from(TYPES), st.integers(0, 999), st.booleans(), st.integers(0, 9)),
    min_size=1,
    max_size=3,
)


def instruction(executable: Executable, workflow: Workflow, choice: tuple[Any, ...]) -> Instruction:
    """An instruction about an element, flow or token that there is."""
    kind, pick, by_token, where = choice
    scopes = list(executable.scopes.values())
    scope = scopes[pick % len(scopes)]
    waiting = workflow.waiting()
    tokens = [*(w.token_id for w in waiting), *workflow._board.scopes]
    if kind == "cancel" and by_token:
        return Instruction(kind, token_id=tokens[pick % len(tokens)])
    if kind == "cancel" and waiting:
        chosen = waiting[pick % len(waiting)]
        return Instruction(kind, chosen.element_id, process_key=chosen.process_key)
    names = [*scope.flows] if kind == "startTransition" else [n for n in scope.task_specs if " " not in n]
    if not names:
        return Instruction(kind, "absent")
    ancestor = list(workflow._board.scopes)[pick % len(workflow._board.scopes)] if where > 7 else None
    element_id = names[pick % len(names)] + ("#multiInstanceBody" if where == 5 else "")
    return Instruction(kind, element_id, ancestor=ancestor, process_key=scope.process_key)


def check(workflow: Workflow, executable: Executable, host: Host, trace: list[Step]) -> Workflow:
    """The instance as it is saved and loaded again; tokens come once and go once."""
    saved = workflow.save()
    loaded = interpreter.load(saved, executable, host)
    assert loaded.save() == saved
    assert loaded.waiting() == workflow.waiting()
    trace += workflow.trace
    entered = Counter(step.token_id for step in trace if step.kind == "entered")
    left = Counter(step.token_id for step in trace if step.kind != "entered")
    assert {*entered.values(), *left.values()} <= {1}
    assert left.keys() <= entered.keys()
    if workflow.completed:
        assert left == entered
        assert host.scopes.keys() == {"p:"}
    return loaded


def move_on(workflow: Workflow, pick: int) -> bool:
    """One step of somebody; False where nobody can do anything."""
    open_now = [w for w in workflow.waiting() if w.kind in MOVABLE and not w.boundary]
    if not open_now:
        return False
    chosen = open_now[pick % len(open_now)]
    act = workflow.complete if chosen.kind.endswith("task") else workflow.trigger
    act(chosen.token_id, {"x": pick % 3})
    return True


@seed(SEED)
@settings(max_examples=COUNT, database=None, print_blob=False, deadline=None)
@given(stories(), st.integers(0, 6), choices, st.integers(0, 999))
def test_tokens_moved_by_hand_leave_a_case_that_can_be_led_on(story, steps, chosen, pick):
    executable = interpreter.define([document(story[0])], "p0")
    host = Host(scopes={"p:": dict(FIRST)}, decide=lambda _, seen: seen.get("x"), resolve_due=resolve_due)
    trace: list[Step] = []
    try:
        workflow = interpreter.start(executable, host)
        for number in range(steps):
            if workflow.completed or not move_on(workflow, pick + number):
                break
    except NoFlowTaken:
        return
    workflow = check(workflow, executable, host, trace)
    if workflow.completed:
        return
    before, scopes = workflow.save(), deepcopy(host.scopes)
    try:
        goes_on = interpreter.modify(workflow, [instruction(executable, workflow, c) for c in chosen])
    except (ModificationInvalid, ExecutionFailed):
        host.scopes.clear()
        host.scopes.update(scopes)
        workflow, goes_on = interpreter.load(before, executable, host), True
    assert goes_on or workflow.completed
    workflow = check(workflow, executable, host, trace)
    for number in range(LONGEST):
        try:
            if workflow.completed or not move_on(workflow, pick + number):
                break
        except NoFlowTaken:
            return
        workflow = check(workflow, executable, host, trace)
