"""Asynchronous continuations: a token stops for a job, and nothing happens in between."""

from tests.unit.interpreter.diagrams import (
    COMPLAINT,
    ERROR,
    boundary,
    call,
    catch,
    end,
    inclusive,
    many,
    node,
    on_event,
    parallel,
    process,
    service,
    start,
    sub,
    timer,
    user,
)
from tests.unit.interpreter.story import DONE, Story

BEFORE, AFTER = ' camunda:asyncBefore="true"', ' camunda:asyncAfter="true"'


def stopping(element: str, *sides: str) -> str:
    """The first tag of the text with asynchronous continuations."""
    head, sep, rest = element.partition(" id=")
    return head + "".join(sides) + sep + rest


def stops(story: Story) -> list[str]:
    return sorted(w.element_id for w in story.waiting if w.kind == "async")


def entered(story: Story) -> list[str]:
    return [step.element_id for step in story.workflow.trace if step.kind == "entered"]


def test_a_token_stops_before_a_task_and_its_border_is_not_armed(play):
    nodes = stopping(user("a"), BEFORE) + boundary("b", "a", timer("PT1H")) + user("x")
    story = play(process(nodes, "s > a > e; b > x > e")).opens("")
    assert [(w.kind, w.element_id, w.boundary) for w in story.waiting] == [("async", "a", False)]
    assert not story.workflow.stuck
    story.fire("a").opens("a").fire("b").opens("x").do("x").opens(DONE)


def test_a_token_stops_after_a_task_with_its_border_gone(play):
    nodes = stopping(user("a"), AFTER) + boundary("b", "a", timer("PT1H")) + user("x", "z")
    story = play(process(nodes, "s > a > z > e; b > x > e")).do("a", n=1).opens("")
    assert [(w.kind, w.element_id) for w in story.waiting] == [("async", "a")]
    assert story.variables == {"n": 1}
    story.fire("a").opens("z").do("z").opens(DONE)


def test_what_has_not_begun_leaves_no_step():
    story = Story(process(stopping(user("a"), BEFORE, AFTER) + user("z"), "s > a > z > e"), reload=False)
    assert entered(story) == ["s"]
    story.fire("a")
    assert entered(story) == ["s", "a"]
    story.do("a")
    assert [s.element_id for s in story.workflow.trace if s.kind == "completed"] == ["s", "a"]
    story.fire("a")
    assert [(s.element_id, s.via) for s in story.workflow.trace][-1] == ("z", "a")


def test_a_token_that_is_cancelled_before_it_begins_leaves_no_step():
    nodes = stopping(user("a"), BEFORE)
    story = Story(process(nodes, "s > a > e"), reload=False)
    story.workflow.cancel()
    assert {s.kind for s in story.workflow.trace} == {"entered", "completed"}


def test_one_token_may_stop_after_one_task_and_before_the_next(play):
    nodes = stopping(user("a"), AFTER) + stopping(user("b"), BEFORE)
    story = play(process(nodes, "s > a > b > e")).do("a")
    assert stops(story) == ["a"]
    story.fire("a")
    assert stops(story) == ["b"]
    story.fire("b").opens("b").do("b").opens(DONE)


def test_a_process_may_begin_with_a_job(play):
    text = process(user("a"), "s > a > e").replace(
        '<bpmn:startEvent id="s"', f'<bpmn:startEvent{BEFORE} id="s"'
    )
    story = play(text).opens("")
    assert stops(story) == ["s"]
    story.fire("s").opens("a").do("a").opens(DONE)


def test_every_token_stops_before_a_parallel_join(play):
    nodes = parallel("ps") + stopping(parallel("pj"), BEFORE) + user("a", "b", "z")
    story = play(process(nodes, "s > ps; ps > a > pj; ps > b > pj; pj > z > e")).do("a").do("b").opens("")
    assert stops(story) == ["pj", "pj"]
    story.fire("pj").opens("")
    assert stops(story) == ["pj"]
    story.fire("pj").opens("z").do("z").opens(DONE)


def test_every_flow_out_of_a_parallel_gateway_is_a_job_of_its_own(play):
    nodes = stopping(parallel("ps"), AFTER) + parallel("pj") + user("a", "b", "z")
    story = play(process(nodes, "s > ps; ps > a > pj; ps > b > pj; pj > z > e")).opens("")
    assert stops(story) == ["ps", "ps"]
    story.fire("ps").opens("a").do("a").opens("").fire("ps").opens("b").do("b").opens("z")


def test_an_inclusive_join_waits_for_a_token_that_has_stopped(play):
    nodes = (
        inclusive("is", "is__z")
        + stopping(inclusive("ij"), BEFORE)
        + user("a", "z")
        + stopping(user("b"), BEFORE, AFTER)
    )
    flows = "s > is; is > a if true; is > b if true; is > z; a > ij; b > ij; ij > z > e"
    story = play(process(nodes, flows)).do("a")
    assert stops(story) == ["b", "ij"]
    story.fire("ij").opens("").fire("b").opens("b").do("b").opens("")
    assert stops(story) == ["b"]
    story.fire("b").opens("")
    assert stops(story) == ["ij"]
    story.fire("ij").opens("z").do("z").opens(DONE)


def test_items_of_a_multi_instance_stop_one_by_one(play):
    inner = many("anak", "x").replace(
        "isSequential", "camunda:asyncBefore='true' camunda:asyncAfter='true' isSequential"
    )
    story = play(process(node("userTask", "m", inner) + user("z"), "s > m > z > e"), anak=[1, 2]).opens("")
    assert stops(story) == ["m", "m"]
    story.fire("m").opens("m").do("m").opens("")
    assert stops(story) == ["m", "m"]
    for _ in range(2):
        story.fire("m")
    story.opens("m").do("m").fire("m").opens("z").do("z").opens(DONE)
    assert story.host.scopes.keys() == {"p:"}


def test_a_sequential_multi_instance_begins_the_next_item_after_the_job(play):
    inner = many("anak", "x", sequential=True).replace(
        "isSequential", "camunda:asyncAfter='true' isSequential"
    )
    story = play(process(node("userTask", "m", inner), "s > m > e"), anak=[1, 2]).opens("m").do("m").opens("")
    story.fire("m").opens("m").do("m").opens("").fire("m").opens(DONE)


def test_the_whole_multi_instance_stops_once(play):
    task = stopping(node("userTask", "m", many("anak", "x")), BEFORE, AFTER)
    story = play(process(task, "s > m > e"), anak=[1, 2]).opens("")
    assert stops(story) == ["m"]
    story.fire("m").opens("m m").do("m").do("m").opens("")
    assert stops(story) == ["m"]
    story.fire("m").opens(DONE)


def test_sub_processes_and_calls_stop(play):
    inner = stopping(sub("sp", start("s1") + user("k") + end("e1"), "s1 > k > e1"), BEFORE, AFTER)
    nodes = inner + stopping(call("ca", "q"), BEFORE, AFTER)
    story = play(process(nodes, "s > sp > ca > e"), process(user("qa"), "s > qa > e", key="q")).opens("")
    story.fire("sp").opens("k").do("k").opens("").fire("sp")
    assert stops(story) == ["ca"]
    story.fire("ca").opens("qa").do("qa").opens("").fire("ca").opens(DONE)


def test_a_boundary_event_interrupts_and_then_stops(play):
    nodes = service("sv") + stopping(boundary("b", "sv", ERROR), BEFORE) + user("k")
    story = play(process(nodes, "s > sv > e; b > k > e")).fail("sv", "TOLAK").opens("")
    assert stops(story) == ["b"]
    story.fire("b").opens("k").do("k").opens(DONE)


def test_an_event_waits_again_after_its_job(play):
    nodes = stopping(catch("c", timer("PT1H")), BEFORE, AFTER) + user("z")
    story = play(process(nodes, "s > c > z > e"))
    assert [w.kind for w in story.waiting] == ["async"]
    story.fire("c")
    assert [w.kind for w in story.waiting] == ["timer"]
    story.fire("c")
    assert [w.kind for w in story.waiting] == ["async"]
    story.fire("c").opens("z")


def test_an_event_sub_process_interrupts_before_its_start_event_stops(play):
    handler = on_event("esp", COMPLAINT, user("ek") + end("ee"), "esp_s > ek > ee")
    handler = handler.replace('<bpmn:startEvent id="esp_s"', f'<bpmn:startEvent{BEFORE} id="esp_s"')
    story = play(process(user("a") + handler, "s > a > e")).fire("esp_s").opens("")
    assert stops(story) == ["esp_s"]
    story.fire("esp_s").opens("ek").do("ek").opens(DONE)


def test_a_loop_over_a_stop_keeps_its_state_small(play):
    nodes = stopping(user("a"), BEFORE, AFTER) + node("exclusiveGateway", "g", default="g__e")
    story = play(process(nodes, "s > a > g; g > a if lagi; g > e"))
    for round_ in range(6):
        story.fire("a").do("a", lagi=round_ < 5).fire("a")
    story.opens(DONE)
    assert len(set(story.sizes[3:-3:3])) == 1


def test_what_the_host_needs_of_a_job_stands_on_the_element():
    retry = (
        "<bpmn:extensionElements><camunda:failedJobRetryTimeCycle>R2/PT1M</camunda:failedJobRetryTimeCycle>"
    )
    task = node(
        "userTask",
        "a",
        retry + "</bpmn:extensionElements>",
        camunda_exclusive="false",
        camunda_jobPriority="7",
    )
    story = Story(process(stopping(task, BEFORE), "s > a > e"), reload=False)
    attributes = story.executable.scopes["p"].task_specs["a"].element.attributes
    assert attributes["failedJobRetryTimeCycle"] == "R2/PT1M"
    assert (attributes["exclusive"], attributes["jobPriority"]) == ("false", "7")


def test_jobs_of_items_find_their_retries_on_the_multi_instance():
    pauses = "<camunda:failedJobRetryTimeCycle>PT5S,PT1M</camunda:failedJobRetryTimeCycle>"
    inner = f"<bpmn:extensionElements>{pauses}</bpmn:extensionElements></bpmn:multi"
    task = node("userTask", "m", many("anak", "x").replace("</bpmn:multi", inner))
    story = Story(process(task, "s > m > e"), reload=False, anak=[1])
    attributes = story.executable.scopes["p"].task_specs["m"].element.attributes
    assert attributes["failedJobRetryTimeCycle"] == "PT5S,PT1M"
