"""Careless and hostile diagrams: they stop, and states stay small."""

import pytest

from engine import interpreter
from engine.errors import ExecutionFailed, StepBudgetExceeded
from tests.unit.interpreter.diagrams import (
    boundary,
    call,
    condition,
    document,
    end,
    exclusive,
    inclusive,
    many,
    node,
    parallel,
    process,
    start,
    sub,
    user,
)
from tests.unit.interpreter.story import Story, new_host

ENDLESS = {
    "a cycle of gateways": process(
        exclusive("m") + exclusive("g", "g__m"), "s > m > g; g > m; g > e if x = 1"
    ),
    "a process that calls itself": process(call("c", "p"), "s > c > e"),
    "a process that calls itself twice": process(call("c", "p", loop=many(cardinality="2")), "s > c > e"),
    "a call from inside a sub-process": process(
        sub("sp", start("s1") + call("c", "p"), "s1 > c"), "s > sp > e"
    ),
    "a token that doubles": process(exclusive("m") + parallel("f"), "s > m > f; f > m; f > m"),
    "a condition that is always newly true": process(
        node("task", "t") + exclusive("m") + boundary("b", "t", condition("true")), "s > m > t > m; b > m"
    ),
    "a loop without an end": process(
        node(
            "task",
            "t",
            "<bpmn:standardLoopCharacteristics><bpmn:loopCondition>true</bpmn:loopCondition>"
            "</bpmn:standardLoopCharacteristics>",
        ),
        "s > t > e",
    ),
}


@pytest.mark.parametrize("diagram", ENDLESS)
def test_what_never_comes_to_rest_is_stopped(diagram):
    executable = interpreter.define([document(ENDLESS[diagram])], "p")
    with pytest.raises(StepBudgetExceeded):
        interpreter.start(executable, new_host())


def test_a_billion_items_are_refused_before_the_first():
    loop = many(cardinality="1000000000", output="hasil", item="p")
    executable = interpreter.define([document(process(node("task", "t", loop), "s > t > e"))], "p")
    with pytest.raises(ExecutionFailed, match="at t: 1000000000 items"):
        interpreter.start(executable, new_host())


def test_a_thousand_items_are_fine():
    inner = sub(
        "sp", start("s1") + node("task", "t") + end("e1"), "s1 > t > e1", loop=many(cardinality="1000")
    )
    executable = interpreter.define([document(process(inner, "s > sp > e"))], "p")
    assert interpreter.start(executable, new_host()).completed


def test_a_diagram_of_ten_thousand_tasks_can_be_defined():
    names = [f"t{i}" for i in range(10_000)]
    nodes = "".join(node("task", name) for name in names)
    root = document(process(nodes + boundary("b", "t0", condition("false")), " > ".join(["s", *names, "e"])))
    assert len(interpreter.define([root], "p").scopes["p"].task_specs) > 10_000


def test_a_join_of_many_branches_is_decided():
    branches = range(300)
    nodes = inclusive("is") + inclusive("ij") + "".join(node("task", f"t{i}") for i in branches)
    flows = "s > is; ij > e;" + ";".join(f"is > t{i} if true; t{i} > ij" for i in branches)
    executable = interpreter.define([document(process(nodes, flows))], "p")
    assert interpreter.start(executable, new_host()).completed


def test_the_budget_is_for_one_move_and_not_for_a_life():
    diagram = process(
        exclusive("m") + user("a") + exclusive("g", "g__m"), "s > m > a > g; g > m; g > e if stop"
    )
    story = Story(diagram, reload=False)
    for _ in range(5_000):
        story.workflow.complete(story.at("a").token_id, {})
    story.do("a", stop=True)
    assert story.workflow.completed


def test_a_loop_inside_a_parallel_branch_does_not_grow_the_state():
    nodes = parallel("ps", "pj") + exclusive("m") + exclusive("g", "g__m") + user("a", "b")
    flows = "s > ps; ps > m > a > g; g > m; g > pj if stop; ps > b > pj; pj > e"
    story = Story(process(nodes, flows), reload=True)
    for n in range(3_000):
        story.do("a", n=n)
    assert len(set(story.sizes)) == 1
    assert story.sizes[0] < 250
    assert story.host.scopes == {"p:": {"n": 2_999}}


def test_a_loop_in_memory_does_not_grow_either():
    diagram = process(
        exclusive("m") + user("a") + exclusive("g", "g__m"), "s > m > a > g; g > m; g > e if stop"
    )
    story = Story(diagram, reload=False)
    for _ in range(3_000):
        story.do("a")
    assert len(set(story.sizes)) == 1


def test_a_repeated_sub_process_leaves_nothing_behind():
    inner = sub(
        "sp", start("s1") + user("k") + end("e1"), "s1 > k > e1", loop=many("ahli", "a1", sequential=True)
    )
    nodes = exclusive("m") + user("i") + inner
    story = Story(process(nodes, "s > m > i > sp > m"), reload=True)
    story.do("i", ahli=[1, 2])
    for _ in range(200):
        story.do("k").do("k").do("i", ahli=[1, 2])
    assert len(set(story.sizes[1::3])) == 1
    assert len(story.host.scopes) == 2
