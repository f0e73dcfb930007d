"""Moving an instance to another version: what goes where, what it keeps, and what blocks it and why."""

from collections.abc import Callable

import pytest

from engine import interpreter
from engine.interpreter import MigrationPlan, MigrationProblem
from tests.unit.interpreter.diagrams import (
    COMPLAINT,
    MESSAGE,
    SIGNAL,
    again_while,
    boundary,
    call,
    catch,
    condition,
    document,
    end,
    inclusive,
    link,
    many,
    node,
    on_event,
    parallel,
    process,
    service,
    start,
    sub,
    throw,
    timer,
    user,
)
from tests.unit.interpreter.story import DONE, Story

Play = Callable[..., Story]
SPLIT = user("a", "b", "z") + parallel("g", "j")


def plan_for(story: Story, *processes: str, **mapping: str) -> MigrationPlan:
    """All that fits by itself, and ``mapping``."""
    target = interpreter.define([document(*processes)], "p")
    return MigrationPlan(story.executable, target, interpreter.generate(story.executable, target) | mapping)


def move(story: Story, *processes: str, **mapping: str) -> Story:
    plan = plan_for(story, *processes, **mapping)
    assert interpreter.validate(plan) == []
    workflow, _, problems = interpreter.migrate(story.workflow.save(), plan, story.host)
    assert problems == []
    story.workflow, story.executable = workflow, plan.target
    return story._moved()


def blocked(story: Story, *processes: str, **mapping: str) -> dict[str, str]:
    saved = story.workflow.save()
    plan = plan_for(story, *processes, **mapping)
    workflow, _, problems = interpreter.migrate(saved, plan, story.host)
    assert workflow is None
    assert story.workflow.save() == saved
    return {problem.element_id: str(problem) for problem in problems}


def test_tokens_keep_their_ids_and_go_on_in_the_new_version(play: Play):
    story = play(process(user("a", "b"), "s > a > b > e"), nama="Siti").do("a")
    token = story.at("b").token_id
    move(story, process(user("a", "b", "baru"), "s > a > b > baru > e"))
    assert story.at("b").token_id == token
    assert story.variables["nama"] == "Siti"
    story.do("b").opens("baru").do("baru").opens(DONE)


def test_an_element_may_have_another_id_if_the_plan_says_so(play: Play):
    story = play(process(user("a"), "s > a > e"))
    new = process(user("lain", "z"), "s > lain > z > e")
    assert "Nothing in the target" in blocked(story, new)["a"]
    move(story, new, a="lain").opens("lain").do("lain").opens("z")


def test_a_changed_type_is_named(play: Play):
    story = play(process(user("a"), "s > a > e"))
    said = blocked(story, process(service("a"), "s > a > e"))
    assert said == {"a": "It was of the type userTask and is of the type serviceTask."}


def test_a_running_timer_keeps_its_due_time_under_a_new_duration(play: Play):
    old = process(user("a", "x") + boundary("t", "a", timer("PT1H")), "s > a > e; t > x > e")
    new = process(user("a", "x") + boundary("t", "a", timer("PT9H")), "s > a > e; t > x > e")
    story = play(old)
    due = story.at("t").due
    assert move(story, new).at("t").due == due
    story.fire("t").opens("x")


def test_a_new_boundary_event_begins_to_listen_and_an_old_one_is_dropped(play: Play):
    old = process(user("a", "x") + boundary("t", "a", MESSAGE, cancel=False), "s > a > e; t > x > e")
    new = process(user("a", "y") + boundary("u", "a", timer("PT2H")), "s > a > e; u > y > e")
    story = play(old)
    plan = plan_for(story, new)
    _, moves, _ = interpreter.migrate(story.workflow.save(), plan, story.host)
    assert {(m.element_id, m.target_id, m.listener) for m in moves} == {
        ("a", "a", False),
        ("t", None, True),
        (None, "u", True),
    }
    move(story, new)
    assert [w.element_id for w in story.waiting] == ["a", "u"]
    story.fire("u").opens("y")


def test_boundary_events_come_to_and_go_from_an_activity_that_had_none(play: Play):
    bare = process(user("a"), "s > a > e")
    framed = process(user("a", "x") + boundary("t", "a", MESSAGE), "s > a > e; t > x > e")
    story = move(play(bare), framed)
    story.fire("t").opens("x")
    story = move(play(framed), bare)
    assert [w.element_id for w in story.waiting] == ["a"]
    story.do("a").opens(DONE)


def test_a_listener_that_has_fired_for_good_is_not_armed_again(play: Play):
    old = process(user("a", "x") + boundary("t", "a", timer("PT1H"), cancel=False), "s > a > e; t > x > e")
    story = play(old).fire("t").opens("a x")
    move(story, old)
    assert [w.element_id for w in story.waiting if w.boundary] == []


def test_an_event_that_changed_its_kind_is_a_new_one(play: Play):
    old = process(user("a", "x") + boundary("t", "a", timer("PT1H")), "s > a > e; t > x > e")
    new = process(user("a", "x") + boundary("t", "a", MESSAGE), "s > a > e; t > x > e")
    story = move(play(old), new)
    assert [(w.element_id, w.kind) for w in story.waiting if w.boundary] == [("t", "message")]


def test_a_waiting_event_of_another_kind_blocks(play: Play):
    story = play(process(catch("t", timer("PT1H")), "s > t > e"))
    said = blocked(story, process(catch("t", MESSAGE), "s > t > e"))
    assert said == {"t": "It waited for another kind of event: timer, now message."}


def test_a_message_is_waited_for_by_its_new_name(play: Play):
    story = move(play(process(catch("m", MESSAGE), "s > m > e")), process(catch("m", COMPLAINT), "s > m > e"))
    assert story.at("m").name == "keluhan"
    story.fire("m").opens(DONE)


def test_half_done_items_keep_their_counters_and_results(play: Play):
    def model(after: str, flows: str) -> str:
        return process(node("userTask", "m", many("anak", "satu", output="hasil", item="h")) + after, flows)

    story = play(model(user("z"), "s > m > z > e"), anak=["Ani", "Budi", "Citra"]).do("m", h=1)
    move(story, model(user("z", "baru"), "s > m > baru > z > e"))
    assert [story.workflow.variables(w.token_id)["satu"] for w in story.waiting] == ["Budi", "Citra"]
    assert story.workflow.variables(story.at("m").token_id)["nrOfCompletedInstances"] == 1
    story.do("m", h=2).do("m", h=3).opens("baru")
    assert story.variables["hasil"] == [1, 2, 3]


def test_a_half_done_sequence_goes_on_with_its_next_item(play: Play):
    one_by_one = node("userTask", "m", many("anak", "satu", sequential=True))
    story = play(process(one_by_one, "s > m > e"), anak=[1, 2]).do("m")
    move(story, process(one_by_one + boundary("t", "m", MESSAGE), "s > m > e; t > e"))
    assert story.workflow.variables(story.at("m").token_id)["satu"] == 2
    story.do("m").opens(DONE)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", many(cardinality="2")),
        (many(cardinality="2"), ""),
        (many(cardinality="2"), many(cardinality="2", sequential=True)),
        (many(cardinality="2"), again_while("lagi")),
    ],
)
def test_an_activity_repeated_in_another_way_blocks(play: Play, old: str, new: str):
    story = play(process(node("userTask", "m", old), "s > m > e"))
    said = blocked(story, process(node("userTask", "m", new), "s > m > e"))
    assert said == {"m": "It is repeated in another way, or in one of the versions only."}


def test_a_waiting_join_keeps_its_tokens(play: Play):
    story = play(process(SPLIT, "s > g > a > j; g > b > j; j > z > e")).do("a")
    move(story, process(SPLIT + user("k"), "s > g > a > j; g > b > k > j; j > z > e"))
    story.opens("b").do("b").opens("k").do("k").opens("z").do("z").opens(DONE)


def test_a_token_at_a_join_stays_when_a_step_is_put_into_the_way_that_it_came(play: Play):
    story = play(process(SPLIT, "s > g > a > j; g > b > j; j > z > e")).do("a")
    move(story, process(SPLIT + user("x"), "s > g > a > x > j; g > b > j; j > z > e"))
    story.opens("b").do("b").opens("z")


def test_a_join_that_waits_for_less_joins_at_once(play: Play):
    story = play(process(SPLIT + user("c"), "s > g > a > j; g > b > j; g > c > j; j > z > e"))
    story.do("a").do("b").opens("c")
    target = process(SPLIT + user("c"), "s > g > a > j; g > b > j; g > c > e; j > z > e")
    move(story, target).opens("c z")


def test_a_token_at_a_join_whose_way_is_gone_blocks(play: Play):
    story = play(process(SPLIT + user("c"), "s > g > a > j; g > b > j; g > c > j; j > z > e")).do("a")
    target = process(SPLIT + user("c", "x", "y"), "s > g > x > j; g > y > j; g > b > j; g > c > e; j > z > e")
    assert "came by a flow" in blocked(story, target)["j"]


def test_two_flows_between_the_same_elements_stay_two(play: Play):
    model = process(user("z") + parallel("g", "j") + user("a"), "s > g; g > j; g > j; g > a > j; j > z > e")
    story = play(model).opens("a")
    move(story, model).do("a").opens("z")


def test_an_inclusive_join_keeps_waiting_for_what_can_still_come(play: Play):
    nodes = user("a", "b", "z", "k") + inclusive("g") + inclusive("j")
    old = process(nodes, "s > g; g > a if x > 0; g > b if x > 1; a > j; b > j; j > z > e; k > e")
    new = process(nodes, "s > g; g > a if x > 0; g > b if x > 1; a > j; b > k > j; j > z > e")
    story = play(old, x=2).do("a")
    move(story, new).opens("b").do("b").opens("k").do("k").opens("z").do("z").opens(DONE)


def test_links_into_a_join_are_told_apart(play: Play):
    def model(extra: str) -> str:
        nodes = SPLIT + throw("l", link("x")) + catch("k", link("x")) + user(*extra.split())
        return process(nodes, f"s > g > a > {'> '.join([*extra.split(), ''])} l; k > j; g > b > j; j > z > e")

    story = play(model("")).do("a")
    move(story, model("n")).do("b").opens("z")


def nested(inner: str, flows: str, around: str = "") -> str:
    return process(
        user("z") + sub("luar", start("s2") + inner + end("e2"), flows) + around, "s > luar > z > e"
    )


def test_what_is_open_in_sub_processes_moves_with_them(play: Play):
    story = play(nested(user("x"), "s2 > x > e2"))
    move(story, nested(user("x", "y"), "s2 > x > y > e2")).do("x").opens("y").do("y").opens("z")


def test_an_element_in_another_sub_process_blocks(play: Play):
    story = play(nested(user("x"), "s2 > x > e2"))
    moved = process(user("x", "z") + sub("luar", start("s2") + end("e2"), "s2 > e2"), "s > x > luar > z > e")
    assert blocked(story, moved) == {"x": "It stands in another sub-process."}
    story = play(process(user("x"), "s > x > e"))
    assert blocked(story, nested(user("x"), "s2 > x > e2")) == {"x": "It stands in another sub-process."}


def test_items_of_a_sub_process_move_with_what_is_inside(play: Play):
    def model(inner: str, flows: str) -> str:
        each = sub("luar", start("s2") + inner + end("e2"), flows, loop=many("anak", "satu"))
        return process(user("z") + each, "s > luar > z > e")

    story = play(model(user("x"), "s2 > x > e2"), anak=["Ani", "Budi"]).do("x").opens("x")
    move(story, model(user("x", "y"), "s2 > x > y > e2")).do("x").opens("y")
    assert story.workflow.variables(story.at("y").token_id)["satu"] == "Budi"
    story.do("y").opens("z")


def test_event_sub_processes_come_go_and_keep_running(play: Play):
    def model(*handlers: str) -> str:
        return process(user("a") + "".join(handlers), "s > a > e")

    def handler(name: str, event: str, *, interrupting: bool = False) -> str:
        steps = user(f"k_{name}") + end(f"e_{name}")
        return on_event(name, event, steps, f"{name}_s > k_{name} > e_{name}", interrupting=interrupting)

    story = play(model(handler("h", MESSAGE), handler("l", SIGNAL))).fire("h_s").opens("a k_h")
    move(story, model(handler("h", MESSAGE), handler("n", COMPLAINT)))
    assert [w.element_id for w in story.waiting if w.boundary] == ["h_s", "n_s"]
    story.fire("n_s").opens("a k_h k_n").fire("h_s").opens("a k_h k_h k_n")
    story = play(model(handler("h", MESSAGE, interrupting=True))).fire("h_s").opens("k_h")
    move(story, model(handler("h", MESSAGE, interrupting=True), handler("n", COMPLAINT)))
    assert [w.element_id for w in story.waiting] == ["k_h"]


def test_a_called_process_moves_to_the_version_that_is_called_now(play: Play):
    def called(*steps: str) -> str:
        return process(user(*steps), f"s > {' > '.join(steps)} > e", key="q")

    caller = process(user("z") + call("c", "q", 'out source="n" target="n"'), "s > c > z > e")
    story = play(caller, called("x"))
    move(story, caller, called("x", "y")).do("x", n=7).opens("y").do("y").opens("z")
    assert story.variables["n"] == 7
    story = play(caller, called("x"))
    assert "Nothing in the target" in blocked(story, caller, called("y"))["x"]


def test_a_call_of_another_process_blocks(play: Play):
    def model(key: str) -> tuple[str, str]:
        return process(call("c", key), "s > c > e"), process(user("x"), "s > x > e", key=key)

    story = play(*model("q"))
    assert blocked(story, *model("r"))["c"] == "It has called the process q, and would now call r."


def test_an_event_gateway_waits_for_the_events_of_the_target(play: Play):
    def model(*events: str) -> str:
        nodes = node("eventBasedGateway", "g") + "".join(events)
        ids = [event.partition('id="')[2].partition('"')[0] for event in events]
        return process(nodes + user("x"), "s > g; x > e; " + "; ".join(f"g > {i} > x" for i in ids))

    story = play(model(catch("t", timer("PT1H")), catch("m", MESSAGE)))
    due = story.at("t").due
    move(story, model(catch("t", timer("PT5H")), catch("n", COMPLAINT)))
    assert [(w.element_id, w.kind) for w in story.waiting] == [("t", "timer"), ("n", "message")]
    assert story.at("t").due == due
    story.fire("n").opens("x")


def test_a_condition_that_holds_already_is_noticed_when_it_is_new(play: Play):
    old = process(user("a", "x"), "s > a > e; x > e")
    new = process(user("a", "x") + boundary("c", "a", condition("skor > 5")), "s > a > e; c > x > e")
    move(play(old, skor=9), new).opens("x")
    move(play(old, skor=1), new).opens("a")


def test_external_tasks_go_to_the_topic_of_the_target(play: Play):
    def model(topic: str) -> str:
        task = node("serviceTask", "k", camunda_type="external", camunda_topic=topic)
        return process(task, "s > k > e")

    story = play(model("sipp"), t="lain")
    assert move(story, model("=t")).at("k").name == "lain"
    assert move(story, model("simponi")).at("k").name == "simponi"


@pytest.mark.parametrize("where", ["camunda_asyncBefore", "camunda_asyncAfter"])
def test_a_token_that_stops_for_a_job_moves_with_its_element(play: Play, where: str):
    def model(extra: str) -> str:
        paused = node("task", "k", **{where: "true"})
        return process(paused + user("z") + extra, "s > k > z > e")

    story = play(model(""))
    token = story.at("k").token_id
    move(story, model(boundary("t", "k", MESSAGE)))
    assert (story.at("k").token_id, story.at("k").kind) == (token, "async")
    story.fire("k").opens("z")


def test_a_mapping_is_checked_before_any_instance():
    story = Story(process(SPLIT, "s > g > a > j; g > b > j; j > z > e"), reload=False)
    new = process(
        user("a", "b", "z", "x")
        + parallel("g", "j")
        + sub("p1", start("s2") + user("y") + end("e2"), "s2 > y > e2"),
        "s > g > a > j; g > b > j; j > z > p1 > x > e",
    )
    plan = plan_for(story, new, g="j", a="entah", b="y", z="j", entah="x")
    assert [(p.element_id, str(p)) for p in interpreter.validate(plan)] == [
        ("a", "One of the versions has no such element."),
        ("b", "It stands in another sub-process."),
        ("z", "It was of the type userTask and is of the type parallelGateway."),
        ("j", "Several gateways lead to one: their tokens would be mixed."),
        ("entah", "One of the versions has no such element."),
    ]


def test_a_boundary_event_at_another_activity_is_not_the_same():
    nodes = user("a", "b", "x")
    old = process(nodes + boundary("t", "a", MESSAGE), "s > a > b > e; t > x > e")
    new = process(nodes + boundary("t", "b", MESSAGE), "s > a > b > e; t > x > e")
    story = Story(old, reload=False)
    plan = plan_for(story, new)
    assert "t" not in plan.mapping
    explicit = MigrationPlan(plan.source, plan.target, {**plan.mapping, "t": "t"})
    assert interpreter.validate(explicit) == [
        MigrationProblem("p", "t", "It is attached to another activity.")
    ]


def test_everything_that_blocks_is_named_at_once(play: Play):
    story = play(process(SPLIT, "s > g > a > j; g > b > j; j > z > e"))
    assert set(blocked(story, process(user("z"), "s > z > e"))) == {"a", "b"}


def test_there_and_back_again_changes_nothing(play: Play):
    nodes = SPLIT + boundary("t", "a", timer("PT1H"))
    story = play(process(nodes, "s > g > a > j; g > b > j; j > z > e; t > e")).do("b")
    saved = story.workflow.save()
    new = process(nodes + user("k"), "s > g > a > k > j; g > b > j; j > z > e; t > e")
    move(story, new)
    move(story, process(nodes, "s > g > a > j; g > b > j; j > z > e; t > e"))
    assert story.workflow.save() == saved
