"""What history gets: enough to draw the path that a case took."""

from collections.abc import Callable

from tests.unit.interpreter.diagrams import (
    ERROR,
    MESSAGE,
    boundary,
    call,
    catch,
    end,
    exclusive,
    many,
    node,
    on_event,
    parallel,
    process,
    start,
    sub,
    timer,
    user,
)
from tests.unit.interpreter.story import Story
from tests.unit.interpreter.test_scopes_and_calls import CALLED


def steps_of(story: Story, *moves: Callable[[Story], object]) -> list[tuple[str, str | None, str]]:
    """What the moves leave, as (kind, via, element), over saves and loads."""
    found = []
    for move in moves:
        workflow, before = story.workflow, len(story.workflow.trace)
        move(story)
        found += workflow.trace[before:]
    return [(step.kind, step.via, step.element_id) for step in found]


def test_a_start_leaves_the_path_to_where_it_waits():
    story = Story(process(user("a"), "s > a > e"), reload=False)
    (entered, completed, waits) = story.workflow.trace
    assert (entered.kind, entered.element_id, entered.via) == ("entered", "s", None)
    assert (completed.kind, completed.token_id) == ("completed", entered.token_id)
    assert (waits.kind, waits.element_id, waits.via) == ("entered", "a", "s")
    assert waits.token_id == story.at("a").token_id
    assert waits.process_key == "p"


def test_a_task_says_where_its_token_came_from(play):
    story = play(
        process(user("a") + exclusive("g", "g__b") + user("b"), "s > a > g; g > b; g > e if x; b > e")
    )
    assert steps_of(story, lambda s: s.do("a")) == [
        ("completed", "s", "a"),
        ("entered", "a", "g"),
        ("completed", "a", "g"),
        ("entered", "g", "b"),
    ]


def test_a_join_is_entered_over_each_flow_and_left_once(play):
    nodes = parallel("ps", "pj") + user("a", "b", "z")
    story = play(process(nodes, "s > ps; ps > a > pj; ps > b > pj; pj > z > e"))
    assert steps_of(story, lambda s: s.do("a"), lambda s: s.do("b")) == [
        ("completed", "ps", "a"),
        ("entered", "a", "pj"),
        ("completed", "ps", "b"),
        ("entered", "b", "pj"),
        ("completed", "a", "pj"),
        ("completed", "b", "pj"),
        ("entered", "pj", "z"),
    ]


def test_a_boundary_event_comes_from_its_activity(play):
    nodes = user("a", "k") + boundary("b", "a", timer("PT1H")) + boundary("b2", "a", timer("PT2H"))
    story = play(process(nodes, "s > a > e; b > k > e; b2 > e"))
    assert steps_of(story, lambda s: s.fire("b")) == [
        ("cancelled", "s", "a"),
        ("entered", "a", "b"),
        ("completed", "a", "b"),
        ("entered", "b", "k"),
    ]


def test_boundary_events_that_never_fire_leave_no_trace(play):
    nodes = user("a", "z") + boundary("b", "a", timer("PT1H"))
    story = play(process(nodes, "s > a > z > e; b > e"))
    assert steps_of(story, lambda s: s.do("a")) == [("completed", "s", "a"), ("entered", "a", "z")]


def test_only_the_event_that_came_is_entered_behind_an_event_gateway(play):
    nodes = node("eventBasedGateway", "eg") + catch("c1", MESSAGE) + catch("c2", timer("PT1H")) + user("a")
    story = play(process(nodes, "s > eg; eg > c1 > a > e; eg > c2 > e"))
    assert steps_of(story, lambda s: s.fire("c1")) == [
        ("completed", "s", "eg"),
        ("entered", "eg", "c1"),
        ("completed", "eg", "c1"),
        ("entered", "c1", "a"),
    ]


def test_items_are_traced_one_by_one_by_their_own_tokens():
    nodes = node("userTask", "m", many("ahli", until="nrOfCompletedInstances = 1")) + user("z")
    story = Story(process(nodes, "s > m > z > e"), reload=False, ahli=[1, 2])
    story.do("m")
    steps = [(s.kind, s.via, s.element_id) for s in story.workflow.trace[2:]]
    assert steps == [
        ("entered", "s", "m"),
        ("entered", "s", "m"),
        ("completed", "s", "m"),
        ("cancelled", "s", "m"),
        ("entered", "m", "z"),
    ]
    assert len({step.token_id for step in story.workflow.trace if step.element_id == "m"}) == 2


def test_what_is_inside_ends_before_what_is_around_it(play):
    inner = sub("sp", start("s1") + user("k") + end("e1"), "s1 > k > e1")
    story = play(process(inner + boundary("b", "sp", timer("PT1H")) + user("z"), "s > sp > z > e; b > e"))
    assert steps_of(story, lambda s: s.do("k")) == [
        ("completed", "s1", "k"),
        ("entered", "k", "e1"),
        ("completed", "k", "e1"),
        ("completed", "s", "sp"),
        ("entered", "sp", "z"),
    ]


def test_an_interrupted_sub_process_is_cancelled_from_the_inside_out(play):
    inner = sub("sp", start("s1") + user("k") + end("e1"), "s1 > k > e1")
    story = play(process(inner + boundary("b", "sp", timer("PT1H")) + user("z"), "s > sp > z > e; b > e"))
    assert steps_of(story, lambda s: s.fire("b")) == [
        ("cancelled", "s1", "k"),
        ("cancelled", "s", "sp"),
        ("entered", "sp", "b"),
        ("completed", "sp", "b"),
        ("entered", "b", "e"),
        ("completed", "b", "e"),
    ]


def test_an_error_end_event_is_completed_before_it_interrupts(play):
    inner = sub("sp", start("s1") + user("k") + end("e1", ERROR), "s1 > k > e1")
    story = play(process(inner + boundary("b", "sp", ERROR) + user("x"), "s > sp > e; b > x > e"))
    assert steps_of(story, lambda s: s.do("k")) == [
        ("completed", "s1", "k"),
        ("entered", "k", "e1"),
        ("completed", "k", "e1"),
        ("cancelled", "s", "sp"),
        ("entered", "sp", "b"),
        ("completed", "sp", "b"),
        ("entered", "b", "x"),
    ]


def test_an_event_sub_process_is_entered_when_it_is_triggered(play):
    handler = on_event("esp", MESSAGE, user("ek") + end("ee"), "esp_s > ek > ee")
    story = play(process(user("a") + handler, "s > a > e"))
    assert steps_of(story, lambda s: s.fire("esp_s")) == [
        ("cancelled", "s", "a"),
        ("entered", None, "esp"),
        ("entered", None, "esp_s"),
        ("completed", None, "esp_s"),
        ("entered", "esp_s", "ek"),
    ]


def test_steps_name_the_process_that_the_element_is_part_of():
    story = Story(process(call("ca", "q"), "s > ca > e"), CALLED, reload=False)
    places = [(step.process_key, step.element_id) for step in story.workflow.trace if step.kind == "entered"]
    assert places == [("p", "s"), ("p", "ca"), ("q", "qs"), ("q", "qa")]


def test_two_flows_between_the_same_elements_come_from_the_same_one(play):
    nodes = user("a", "z") + parallel("ps", "pj")
    story = play(process(nodes, "s > a > ps; ps > pj; ps > pj; pj > z > e"))
    entered = [step for step in steps_of(story, lambda s: s.do("a")) if step[2] == "pj"]
    assert entered == [("entered", "ps", "pj")] * 2 + [("completed", "ps", "pj")] * 2


def test_cancelling_an_instance_cancels_its_tokens():
    nodes = parallel("ps", "pj") + user("a", "b") + boundary("t", "a", timer("PT1H"))
    story = Story(process(nodes, "s > ps; ps > a > pj; ps > b > pj; pj > e; t > e"), reload=False)
    before = len(story.workflow.trace)
    story.workflow.cancel()
    steps = [(step.kind, step.element_id) for step in story.workflow.trace[before:]]
    assert sorted(steps) == [("cancelled", "a"), ("cancelled", "b")]
    assert story.workflow.completed
    assert story.workflow.waiting() == []
