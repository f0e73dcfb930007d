"""Tokens moved by hand: where they may start, what they need around them, and what a cancellation leaves."""

from collections.abc import Callable

import pytest

from engine.errors import ModificationInvalid
from engine.interpreter import Instruction, modify
from tests.unit.interpreter.diagrams import (
    MESSAGE,
    SIGNAL,
    again_while,
    boundary,
    call,
    catch,
    end,
    exclusive,
    inclusive,
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
from tests.unit.interpreter.story import DONE, Story

Play = Callable[..., Story]

PLAIN = process(user("a", "b", "c"), "s > a > b > c > e")
SPLIT = process(user("a", "b", "z") + parallel("g", "j"), "s > g > a > j; g > b > j; j > z > e")


def nested(loop: str = "") -> str:
    inner = sub("dalam", start("s3") + user("x", "y") + end("e3"), "s3 > x > y > e3")
    outer = sub("luar", start("s2") + inner + user("k") + end("e2"), "s2 > dalam > k > e2", loop=loop)
    return process(user("a", "z") + outer, "s > a > luar > z > e")


def before(element_id: str, **options) -> Instruction:
    return Instruction("startBeforeActivity", element_id, **options)


def after(element_id: str, **options) -> Instruction:
    return Instruction("startAfterActivity", element_id, **options)


def over(flow_id: str, **options) -> Instruction:
    return Instruction("startTransition", flow_id, **options)


def off(element_id: str = "", **options) -> Instruction:
    return Instruction("cancel", element_id, **options)


def change(story: Story, *instructions: Instruction) -> Story:
    modify(story.workflow, instructions)
    return story._moved()


def refused(story: Story, *instructions: Instruction) -> str:
    with pytest.raises(ModificationInvalid) as refusal:
        modify(story.workflow, instructions)
    return str(refusal.value)


def test_a_token_starts_before_after_and_on_the_way_to_an_element(play: Play):
    story = play(PLAIN)
    change(story, before("b")).opens("a b")
    change(story, after("b")).opens("a b c")
    change(story, over("a__b")).opens("a b b c")


def test_a_step_is_done_again_by_cancelling_where_the_token_stands(play: Play):
    story = play(PLAIN).do("a")
    change(story, off("b"), before("a")).opens("a").do("a").opens("b").do("b").do("c").opens(DONE)


def test_the_order_of_instructions_does_not_end_the_process_between_them(play: Play):
    change(play(PLAIN), off("a"), before("c")).opens("c").do("c").opens(DONE)
    change(play(PLAIN), before("c"), off("a")).opens("c").do("c").opens(DONE)


def test_an_instance_without_a_token_left_is_cancelled():
    story = Story(PLAIN, reload=False)
    assert modify(story.workflow, [off("a")]) is False
    assert story.workflow.completed
    assert [step.kind for step in story.workflow.trace if step.element_id == "a"] == ["entered", "cancelled"]


def test_an_instance_may_end_by_itself_after_an_instruction():
    story = Story(PLAIN, reload=False)
    assert modify(story.workflow, [off("a"), before("e")]) is True
    assert story.workflow.completed


def test_cancelling_an_element_takes_all_its_tokens_and_one_token_only_itself(play: Play):
    story = change(play(PLAIN), before("a"), before("b")).opens("a a b")
    change(story, off(token_id=story.at("a").token_id)).opens("a b")
    change(change(story, before("a")).opens("a a b"), off("a")).opens("b")


def test_a_join_keeps_the_tokens_that_have_arrived(play: Play):
    story = play(SPLIT).do("a")
    change(story, off("b"), after("b")).opens("z").do("z").opens(DONE)


def test_a_token_put_at_a_join_stands_for_the_first_flow_without_one(play: Play):
    story = change(play(SPLIT), off("a"), before("j")).opens("b")
    story.do("b").opens("z").do("z").opens(DONE)


def test_a_token_that_waits_at_a_join_can_be_cancelled(play: Play):
    story = change(play(SPLIT).do("a"), off("j"), before("a")).opens("a b")
    story.do("b").opens("a").do("a").opens("z")


def test_an_inclusive_join_waits_for_a_token_that_was_put_before_it(play: Play):
    model = process(
        user("a", "b", "z") + inclusive("g") + inclusive("j"),
        "s > g; g > a if x > 0; g > b if x > 1; a > j; b > j; j > z > e",
    )
    story = change(play(model, x=1), before("b")).opens("a b")
    story.do("a").opens("b").do("b").opens("z").do("z").opens(DONE)


def test_sub_processes_around_an_element_are_opened_for_it(play: Play):
    story = change(play(nested()), off("a"), before("y")).opens("y")
    story.do("y").opens("k").do("k").opens("z").do("z").opens(DONE)


def test_the_only_open_sub_process_is_used(play: Play):
    story = play(nested()).do("a")
    change(story, before("y"), before("k")).opens("k x y")
    story.do("k").do("x").opens("y y").do("y").do("y").opens("k").do("k").opens("z")


def test_a_sub_process_can_be_opened_beside_another_one(play: Play):
    story = play(nested()).do("a")
    change(story, before("x", ancestor="")).opens("x x")
    assert "2 open sub-processes come into question" in refused(story, before("y"))


def test_the_ancestor_says_which_of_several_sub_processes(play: Play):
    story = play(nested(many(cardinality="2"))).do("a").opens("x x")
    items = [row.id for row in story.workflow._board.scopes[""].tasks.values() if row.id in scopes_of(story)]
    change(story, before("k", ancestor=items[0])).opens("k x x")
    assert "no open sub-process" in refused(story, before("k", ancestor="entah"))


def scopes_of(story: Story) -> list[str]:
    return list(story.workflow._board.scopes)


def test_a_sub_process_left_without_a_token_is_cancelled_outwards(play: Play):
    story = play(nested()).do("a")
    change(story, off("x"), before("z")).opens("z")
    assert scopes_of(story) == [""]
    story.do("z").opens(DONE)


def test_cancelling_a_sub_process_takes_everything_inside(play: Play):
    story = play(nested()).do("a")
    change(story, before("k"), off("luar"), before("z")).opens("z").do("z").opens(DONE)


def test_one_more_item_is_added_to_a_multi_instance(play: Play):
    model = process(
        node("userTask", "m", many("anak", "satu", output="hasil", item="h")) + user("z"), "s > m > z > e"
    )
    story = play(model, anak=["Ani", "Budi"])
    story.set(anak=["Ani", "Budi", "Citra"])
    change(story, before("m")).opens("m m m")
    assert [story.workflow.variables(w.token_id)["satu"] for w in story.waiting] == ["Ani", "Budi", "Citra"]
    assert story.workflow.variables(story.at("m").token_id)["nrOfInstances"] == 3
    story.do("m", h=1).do("m", h=2).opens("m").do("m", h=3).opens("z")
    assert story.variables["hasil"] == [1, 2, 3]


def test_an_item_alone_is_a_multi_instance_of_one_with_what_it_is_given(play: Play):
    model = process(user("a", "z") + node("userTask", "m", many("anak", "satu")), "s > a > m > z > e")
    story = play(model)
    change(story, off("a"), before("m", variables={"satu": "Dewi"})).opens("m")
    seen = story.workflow.variables(story.at("m").token_id)
    assert (seen["satu"], seen["nrOfInstances"], seen["loopCounter"]) == ("Dewi", 1, 0)
    assert "satu" not in story.variables
    story.do("m").opens("z")


def test_a_multi_instance_is_started_as_a_whole(play: Play):
    model = process(user("a") + node("userTask", "m", many("anak", "satu")), "s > a > m > e")
    change(play(model, anak=[1, 2, 3]), before("m#multiInstanceBody")).opens("a m m m")


def test_a_flow_that_leaves_a_multi_instance_has_no_body_of_its_own():
    model = process(user("a", "z") + node("userTask", "m", many("anak", "satu")), "s > a > m > z > e")
    story = Story(model, reload=False, anak=[1])
    assert "no such sequence flow" in refused(story, over("m__z#multiInstanceBody"))
    change(story, over("m__z")).opens("a z")


def test_items_one_after_another_take_no_second_one_beside(play: Play):
    model = process(
        node("userTask", "m", many(cardinality="3", sequential=True)) + user("z"), "s > m > z > e"
    )
    story = play(model).do("m")
    assert "one after another" in refused(story, before("m"))
    story = play(model).do("m")
    change(story, off("m"), after("m")).opens("z")


def test_a_multi_instance_that_stops_for_a_job_takes_no_items_yet(play: Play):
    each = node("userTask", "m", many(cardinality="2"), camunda_asyncBefore="true")
    story = play(process(each, "s > m > e"))
    change(story, before("m")).opens("m").fire("m").opens("m m m")


def test_a_cancelled_item_is_not_waited_for(play: Play):
    model = process(node("userTask", "m", many(cardinality="3")) + user("z"), "s > m > z > e")
    story = play(model)
    change(story, off(token_id=story.at("m").token_id)).opens("m m")
    seen = story.workflow.variables(story.at("m").token_id)
    assert (seen["nrOfActiveInstances"], seen["nrOfInstances"]) == (2, 3)
    story.do("m").opens("m").do("m").opens("z").do("z").opens(DONE)


def test_the_last_open_item_takes_its_multi_instance_along(play: Play):
    model = process(node("userTask", "m", many(cardinality="2")) + user("z"), "s > m > z > e")
    story = play(model).do("m")
    change(story, off(token_id=story.at("m").token_id), before("z")).opens("z")
    assert len(story.workflow._board.scopes[""].tasks) == 2


def test_a_token_inside_a_multi_instance_sub_process_opens_one_item(play: Play):
    story = play(nested(many(cardinality="3")))
    change(story, off("a"), before("k")).opens("k").do("k").opens("z").do("z").opens(DONE)


def test_a_loop_starts_with_its_first_round(play: Play):
    model = process(user("a", "z") + node("userTask", "m", again_while("lagi")), "s > a > m > z > e")
    story = change(play(model), off("a"), before("m")).opens("m")
    story.do("m", lagi=True).opens("m").do("m", lagi=False).opens("z")


def test_boundary_events_are_armed_around_what_is_started(play: Play):
    inside = sub("p2", start("s2") + user("x") + end("e2"), "s2 > x > e2")
    model = process(
        user("a", "b", "t2", "u2")
        + inside
        + boundary("t", "b", timer("PT1H"))
        + boundary("u", "p2", MESSAGE),
        "s > a > b > p2 > e; t > t2 > e; u > u2 > e",
    )
    story = change(play(model), off("a"), before("b"), before("x")).opens("b x")
    story.fire("t").opens("t2 x").fire("u").opens("t2 u2")


def test_a_boundary_event_starts_as_if_it_had_come(play: Play):
    model = process(
        user("a", "x", "y") + boundary("t", "a", timer("PT1H")) + boundary("u", "a", MESSAGE, cancel=False),
        "s > a > e; t > x > e; u > y > e",
    )
    story = change(play(model), before("u")).opens("a y")
    change(story, before("t")).opens("x y")
    assert not [w for w in story.waiting if w.boundary]


@pytest.mark.parametrize("where", ["h", "h_s", "k"])
def test_an_event_sub_process_is_started_like_its_event(play: Play, where: str):
    handler = on_event("h", MESSAGE, user("k") + end("e2"), "h_s > k > e2")
    beside = on_event("l", SIGNAL, user("n") + end("e4"), "l_s > n > e4", interrupting=False)
    story = change(play(process(user("a") + handler + beside, "s > a > e")), before("l")).opens("a n")
    change(story, before(where)).opens("k").do("k").opens(DONE)


def test_a_called_process_takes_tokens_while_it_is_open(play: Play):
    called = process(user("x", "y"), "s > x > y > e", key="q")
    caller = process(user("a", "z") + call("c", "q"), "s > a > c > z > e")
    story = play(caller, called)
    assert "start its call activity instead" in refused(story, before("y", process_key="q"))
    story = play(caller, called).do("a")
    change(story, off("x", process_key="q"), before("y", process_key="q")).opens("y")
    story.do("y").opens("z")
    change(story, before("c")).opens("x z")
    assert "no such element" in refused(story, before("y"))


def test_a_cancelled_called_process_takes_its_variables_along(play: Play):
    called = process(user("x"), "s > x > e", key="q")
    story = play(process(user("z") + call("c", "q"), "s > c > z > e"), called)
    assert len(story.host.scopes) == 2
    change(story, off("x", process_key="q"), before("z")).opens("z")
    assert list(story.host.scopes) == ["p:"]


def test_events_behind_a_gateway_are_cancelled_with_it_and_may_be_started_alone(play: Play):
    model = process(
        node("eventBasedGateway", "g") + catch("m", MESSAGE) + catch("t", timer("PT1H")) + user("x", "y"),
        "s > g > m > x > e; g > t > y > e",
    )
    story = change(play(model), off("g"), before("m"))
    assert [(w.element_id, w.kind) for w in story.waiting] == [("m", "message")]
    story.fire("m").opens("x")
    assert "no token stands there" in refused(play(model), off("m"))
    assert "2 outgoing flows" in refused(play(model), after("g"))


def test_variables_are_set_before_the_token_moves(play: Play):
    model = process(
        user("a", "b", "c") + exclusive("g", "g__c"), "s > a > g; g > b if x = 1; g > c; b > e; c > e"
    )
    change(play(model), before("g", variables={"x": 1})).opens("a b")
    change(play(model), before("g")).opens("a c")


@pytest.mark.parametrize(
    ("instruction", "what"),
    [
        (before("entah"), "no such element"),
        (before(""), "no such element"),
        (before("a [frame]"), "no such element"),
        (before("b#multiInstanceBody"), "it is no multi-instance"),
        (before("b", process_key="q"), "the process 'q' has no such element"),
        (over("entah"), "no such sequence flow"),
        (over("a"), "no such sequence flow"),
        (after("e"), "it has 0 outgoing flows"),
        (off("b"), "no token stands there"),
        (off("entah"), "no such element"),
        (off(token_id="entah"), "no token has this id"),
        (Instruction("mulai", "a"), "there is no instruction 'mulai'"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_number_and_element(instruction: Instruction, what: str):
    model = process(user("a", "b", "c") + boundary("t", "a", timer("PT1H")), "s > a > b > c > e; t > c")
    story = Story(model, reload=False)
    said = refused(story, before("c"), instruction)
    assert said.startswith(f"Instruction 1 ({instruction.element_id or instruction.token_id or ''}) cannot")
    assert what in said
    if "token" not in what:
        story.opens("a")  # all are looked at before the first one is carried out


@pytest.mark.parametrize("number", [0, 101])
def test_a_modification_has_a_reasonable_number_of_instructions(number: int):
    assert f"{number} instructions" in refused(Story(PLAIN, reload=False), *[before("b")] * number)


def test_a_listener_is_no_token(play: Play):
    model = process(user("a", "c") + boundary("t", "a", timer("PT1H")), "s > a > e; t > c > e")
    story = play(model)
    assert "no token stands there" in refused(play(model), off("t"))
    assert "no token has this id" in refused(story, off(token_id=story.at("t").token_id))
