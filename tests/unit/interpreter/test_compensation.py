"""Compensation and transactions: what has completed is undone, the latest first, once for each time."""

import pytest

from engine import interpreter
from engine.errors import XmlRefused
from tests.unit.interpreter.diagrams import (
    CANCEL,
    COMPENSATION,
    ERROR,
    MESSAGE,
    TERMINATE,
    again_while,
    boundary,
    call,
    document,
    end,
    exclusive,
    flows_of,
    many,
    node,
    on_event,
    parallel,
    process,
    start,
    sub,
    throw,
    timer,
    transaction,
    undoes,
    user,
)
from tests.unit.interpreter.story import DONE, Story
from tests.unit.interpreter.test_migration import blocked, move

ONLY_A = '<bpmn:compensateEventDefinition activityRef="a"/>'


def test_what_has_completed_is_undone_in_reverse_and_then_the_throw_goes_on(play):
    nodes = user("a", "b", "c", "z") + undoes("ua", "a") + undoes("ub", "b") + undoes("uc", "c")
    story = play(process(nodes + throw("t", COMPENSATION), "s > a > b > t > c > z > e")).do("a").do("b")
    story.opens("ub").do("ub").opens("ua").do("ua").opens("c").do("c").do("z").opens(DONE)


def test_what_has_not_completed_is_not_undone(play):
    nodes = parallel("ps", "pj") + user("a", "b") + undoes("ua", "a") + undoes("ub", "b")
    story = play(process(nodes + throw("t", COMPENSATION), "s > ps; ps > a > t > pj; ps > b > pj; pj > e"))
    story.do("a").opens("b ua").do("ua").opens("b").do("b").opens(DONE)


def test_nothing_to_undo_is_passed_at_once(play):
    nodes = user("a", "z") + undoes("ua", "a") + throw("t", COMPENSATION)
    play(process(nodes, "s > t > z > a > e")).opens("z").do("z").do("a").opens(DONE)


def test_what_is_undone_is_undone_once(play):
    nodes = user("a", "m", "z") + undoes("ua", "a") + throw("t", COMPENSATION) + throw("u", COMPENSATION)
    play(process(nodes, "s > a > t > m > u > z > e")).do("a").do("ua").do("m").opens("z")


def test_a_throw_may_name_one_activity(play):
    nodes = user("a", "b", "z") + undoes("ua", "a") + undoes("ub", "b") + throw("t", ONLY_A)
    play(process(nodes, "s > a > b > t > z > e")).do("a").do("b").opens("ua").do("ua").opens("z")


def test_a_compensation_end_event_ends_when_all_is_undone(play):
    nodes = user("a") + undoes("ua", "a") + end("t", COMPENSATION)
    play(process(nodes, "s > a > t")).do("a").opens("ua").do("ua").opens(DONE)


def test_an_activity_in_a_loop_is_undone_once_for_each_round(play):
    nodes = user("a") + undoes("ua", "a") + exclusive("g", "g__t") + throw("t", COMPENSATION)
    story = play(process(nodes, "s > a > g; g > a if lagi; g > t; t > e"), lagi=True)
    story.do("a").do("a").do("a", lagi=False).opens("ua").do("ua").opens("ua").do("ua").opens("ua")
    story.do("ua").opens(DONE)


def test_each_item_of_a_multi_instance_is_undone_with_its_own_variables(play):
    nodes = node("userTask", "a", many("anak", "x")) + undoes("ua", "a") + throw("t", COMPENSATION)
    story = play(process(nodes, "s > a > t > e"), anak=["Ani", "Budi"]).do("a").do("a").opens("ua")
    seen = [story.workflow.variables(story.at("ua").token_id)["x"]]
    story.do("ua").opens("ua")
    seen.append(story.workflow.variables(story.at("ua").token_id)["x"])
    assert seen == ["Budi", "Ani"]
    story.do("ua").opens(DONE)
    assert story.host.scopes.keys() == {"p:"}


def test_a_round_of_a_standard_loop_is_undone_too(play):
    nodes = node("userTask", "a", again_while("lagi")) + undoes("ua", "a") + end("t", COMPENSATION)
    story = play(process(nodes, "s > a > t"), lagi=True).do("a").do("a", lagi=False).opens("ua")
    story.do("ua").opens("ua").do("ua").opens(DONE)


INNER = start("s1") + user("a", "b") + undoes("ua", "a") + undoes("ub", "b") + end("e1")


def test_a_completed_sub_process_is_undone_part_by_part(play):
    nodes = (
        sub("sp", INNER, "s1 > a > b > e1") + user("c", "z") + undoes("uc", "c") + throw("t", COMPENSATION)
    )
    story = play(process(nodes, "s > sp > c > t > z > e")).do("a").do("b").do("c").opens("uc").do("uc")
    story.opens("ub").do("ub").opens("ua").do("ua").opens("z").do("z").opens(DONE)


def test_an_open_sub_process_is_not_undone_from_outside(play):
    nodes = parallel("ps", "pj") + sub("sp", INNER, "s1 > a > b > e1") + user("c") + undoes("uc", "c")
    flows = "s > ps; ps > sp > pj; ps > c > t > pj; pj > e"
    story = play(process(nodes + throw("t", COMPENSATION), flows)).do("a").do("c").opens("b uc")
    story.do("uc").opens("b").do("b").opens(DONE)


def test_a_sub_process_with_a_handler_of_its_own_is_undone_by_it_alone(play):
    nodes = sub("sp", INNER, "s1 > a > b > e1") + undoes("usp", "sp") + user("z") + throw("t", COMPENSATION)
    play(process(nodes, "s > sp > t > z > e")).do("a").do("b").opens("usp").do("usp").opens("z")


def test_sub_processes_in_each_other_are_undone_from_the_inside_out(play):
    deep = sub("sp2", start("s2") + user("d") + undoes("ud", "d") + end("e2"), "s2 > d > e2")
    outer = start("s1") + user("a", "b") + undoes("ua", "a") + undoes("ub", "b") + deep + end("e1")
    nodes = sub("sp", outer, "s1 > a > sp2 > b > e1", loop=many("anak", "x")) + throw("t", COMPENSATION)
    story = play(process(nodes + user("z"), "s > sp > t > z > e"), anak=[1, 2])
    for name in ("a", "a", "d", "d", "b", "b"):
        story.do(name)
    for _ in range(2):
        story.opens("ub").do("ub").opens("ud")
        assert story.workflow.variables(story.at("ud").token_id)["x"] in (1, 2)
        story.do("ud").opens("ua").do("ua")
    story.opens("z")
    assert story.host.scopes.keys() == {"p:"}


def test_a_throw_in_a_sub_process_undoes_that_sub_process_only(play):
    inner = start("s1") + user("k") + undoes("uk", "k") + throw("t", COMPENSATION) + user("l") + end("e1")
    nodes = user("a") + undoes("ua", "a") + sub("sp", inner, "s1 > k > t > l > e1")
    story = play(process(nodes, "s > a > sp > e")).do("a").do("k").opens("uk").do("uk").opens("l")
    story.do("l").opens(DONE)


def test_a_handler_may_be_anything_that_can_be_an_activity(play):
    inner = start("s1") + user("k", "l") + end("e1") + flows_of("s1 > k > l > e1")
    nodes = user("a", "b", "c") + undoes("ua", "a", "subProcess", inner) + undoes("ub", "b", "task")
    nodes += undoes("uc", "c", "callActivity", calledElement="q") + throw("t", COMPENSATION)
    story = play(process(nodes, "s > a > b > c > t > e"), process(user("qa"), "s > qa > e", key="q"))
    story.do("a").do("b").do("c").opens("qa").do("qa").opens("k").do("k").opens("l").do("l").opens(DONE)


def test_a_handler_may_run_for_several_items(play):
    nodes = user("a") + undoes("ua", "a", inner=many("anak", "x")) + throw("t", COMPENSATION) + user("z")
    story = play(process(nodes, "s > a > t > z > e"), anak=[1, 2]).do("a").opens("ua ua").do("ua").opens("ua")
    story.do("ua").opens("z")


def test_an_external_handler_may_fail_with_an_error(play):
    handler = undoes("ua", "a", "serviceTask", camunda_type="external", camunda_topic="batal")
    inner = start("s1") + user("a", "k") + handler + throw("t", COMPENSATION) + end("e1")
    nodes = sub("sp", inner, "s1 > a > t > k > e1") + boundary("b", "sp", ERROR) + user("x")
    play(process(nodes, "s > sp > e; b > x > e")).do("a").opens("ua").fail("ua", "TOLAK").opens("x")


def test_an_error_handler_undoes_what_its_scope_has_done(play):
    handler = on_event("h", ERROR, user("hk") + end("he", COMPENSATION), "h_s > hk > he")
    nodes = user("a", "b") + undoes("ua", "a") + undoes("ub", "b") + end("e2", ERROR) + handler
    story = play(process(nodes, "s > a > b > e2")).do("a").do("b").opens("hk").do("hk").opens("ub")
    story.do("ub").opens("ua").do("ua").opens(DONE)


def test_a_handler_beside_the_work_may_undo_one_activity_of_it(play):
    handler = on_event("h", MESSAGE, throw("ht", ONLY_A) + end("he"), "h_s > ht > he", interrupting=False)
    nodes = user("a", "b") + undoes("ua", "a") + undoes("ub", "b") + handler
    story = play(process(nodes, "s > a > b > e")).fire("h_s").opens("a").do("a").fire("h_s").opens("b ua")
    story.do("ua").opens("b").do("b").opens(DONE)


def test_two_throws_at_once_undo_everything_once(play):
    nodes = user("a", "b", "k", "l", "z") + undoes("ua", "a") + undoes("ub", "b") + parallel("ps", "pj")
    nodes += throw("t", COMPENSATION) + throw("u", COMPENSATION)
    story = play(process(nodes, "s > a > b > ps; ps > k > t > pj; ps > l > u > pj; pj > z > e"))
    story.do("a").do("b").do("k").opens("l ub").do("l").opens("ub").do("ub").opens("ua").do("ua").opens("z")


def test_a_called_process_is_not_undone_inside(play):
    called = process(user("qa") + undoes("qu", "qa"), "s > qa > e", key="q")
    nodes = call("ca", "q") + throw("t", COMPENSATION) + user("z")
    story = play(process(nodes, "s > ca > t > z > e"), called).do("qa").opens("z")
    assert story.host.scopes.keys() == {"p:"}


def test_what_is_remembered_goes_with_its_scope(play):
    inner = start("s1") + node("userTask", "a", many("anak", "x")) + undoes("ua", "a") + user("k") + end("e1")
    nodes = (
        sub("sp", inner, "s1 > a > k > e1") + boundary("b", "sp", timer("PT1H")) + throw("t", COMPENSATION)
    )
    story = play(process(nodes + user("z"), "s > sp > t; b > t; t > z > e"), anak=[1]).do("a").fire("b")
    story.opens("z")
    assert story.host.scopes.keys() == {"p:"}


def test_a_process_ends_though_something_could_be_undone(play):
    nodes = node("userTask", "a", many("anak", "x")) + undoes("ua", "a")
    story = play(process(nodes, "s > a > e"), anak=[1, 2]).do("a").do("a").opens(DONE)
    assert story.host.scopes.keys() == {"p:"}
    assert len(story.workflow.save()) < 30


def test_a_terminated_sub_process_is_undone_as_far_as_it_came(play):
    inner = start("s1") + user("a") + undoes("ua", "a") + parallel("p1") + user("k", "l")
    inner += end("e1", TERMINATE) + end("e2")
    nodes = sub("sp", inner, "s1 > a > p1; p1 > k > e1; p1 > l > e2") + throw("t", COMPENSATION) + user("z")
    play(process(nodes, "s > sp > t > z > e")).do("a").do("k").opens("ua").do("ua").opens("z")


def test_a_handler_says_where_its_token_came_from():
    nodes = user("a") + undoes("ua", "a") + end("t", COMPENSATION)
    story = Story(process(nodes, "s > a > t"), reload=False).do("a").do("ua")
    steps = [(s.kind, s.element_id, s.via) for s in story.workflow.trace if s.element_id in ("t", "ua")]
    assert steps == [
        ("entered", "t", "a"),
        ("entered", "ua", "ua_b"),
        ("completed", "ua", "ua_b"),
        ("completed", "t", "a"),
    ]


BOOKING = (
    start("s1") + parallel("p1") + user("a", "b", "c") + undoes("ua", "a") + undoes("ub", "b") + end("e1")
    + exclusive("g", "g__e1") + end("x1", CANCEL)
)  # fmt: skip
WAYS = "s1 > a > b > p1; p1 > c > e1; p1 > k > g; g > x1 if batal; g > e1"


def booking(loop: str = "") -> str:
    return (
        transaction("tr", BOOKING + user("k"), WAYS, loop=loop)
        + boundary("bc", "tr", CANCEL)
        + user("x", "z")
    )


def test_a_cancelled_transaction_stops_and_is_undone_before_it_is_left(play):
    story = play(process(booking(), "s > tr > z > e; bc > x > e"), batal=True).do("a").do("b").opens("c k")
    story.do("k").opens("ub").do("ub").opens("ua").do("ua").opens("x").do("x").opens(DONE)


def test_a_transaction_that_succeeds_goes_on(play):
    story = play(process(booking(), "s > tr > z > e; bc > x > e")).do("a").do("b").do("k").opens("c")
    story.do("c").opens("z").do("z").opens(DONE)


def test_a_transaction_that_succeeded_is_undone_like_a_sub_process(play):
    flows = "s > tr > z > t > e; bc > x > e"
    story = play(process(booking() + throw("t", COMPENSATION), flows)).do("a").do("b").do("k").do("c").do("z")
    story.opens("ub").do("ub").opens("ua").do("ua").opens(DONE)


def test_an_error_leaves_a_transaction_without_undoing_it(play):
    inner = start("s1") + user("a") + undoes("ua", "a") + end("e1", ERROR)
    nodes = transaction("tr", inner, "s1 > a > e1") + boundary("b", "tr", ERROR) + user("x")
    play(process(nodes, "s > tr > e; b > x > e")).do("a").opens("x")


def test_one_cancelled_item_cancels_a_transaction_of_several(play):
    story = play(process(booking(many("anak", "i")), "s > tr > z > e; bc > x > e"), anak=[1, 2], batal=True)
    story.do("a").do("b").opens("a c k").do("k").opens("a ub").do("ub").do("ua").opens("x")
    assert story.host.scopes.keys() == {"p:"}


def test_cancelling_waits_for_what_is_being_undone_already(play):
    inner = BOOKING + user("k") + throw("t", COMPENSATION) + end("e3")
    ways = WAYS.replace("p1 > c > e1", "p1 > c > t > e3")
    nodes = transaction("tr", inner, ways) + boundary("bc", "tr", CANCEL) + user("x", "z")
    story = (
        play(process(nodes, "s > tr > z > e; bc > x > e"), batal=True).do("a").do("b").do("c").opens("k ub")
    )
    story.do("k").opens("ub").do("ub").opens("ua").do("ua").opens("x")


def test_what_may_be_undone_costs_the_state_one_row_a_round(play):
    nodes = user("a") + undoes("ua", "a") + exclusive("g", "g__e")
    story = play(process(nodes, "s > a > g; g > a if lagi; g > e"), lagi=True)
    for _ in range(4):
        story.do("a")
    growth = {b - a for a, b in zip(story.sizes[1:], story.sizes[2:], strict=False)}
    assert len(growth) == 1
    assert growth.pop() < 80


KEPT = sub("sp", INNER, "s1 > a > b > e1", loop=many("anak", "x")) + user("c", "z") + throw("t", COMPENSATION)
NEWER = KEPT.replace('id="c"', 'id="c" name="baru"')


def test_what_can_be_undone_moves_to_another_version(play):
    story = play(process(KEPT, "s > sp > c > t > z > e"), anak=[1, 2])
    for name in ("a", "a", "b", "b"):
        story.do(name)
    story = move(story, process(NEWER, "s > sp > c > t > z > e")).do("c").opens("ub")
    assert story.workflow.variables(story.at("ub").token_id)["x"] == 2
    for name in ("ub", "ua", "ub", "ua"):
        story.do(name)
    story.opens("z")
    assert story.host.scopes.keys() == {"p:"}


def test_what_cannot_be_undone_any_more_or_is_being_undone_blocks_another_version(play):
    story = play(process(KEPT, "s > sp > c > t > z > e"), anak=[1]).do("a").do("b")
    without = KEPT.replace(undoes("ua", "a"), "").replace(undoes("ub", "b"), "")
    assert blocked(story, process(without, "s > sp > c > t > z > e")).keys() == {"sp"}
    assert "sp" in blocked(story.do("c"), process(NEWER, "s > sp > c > t > z > e"))


LONELY = node("userTask", "u", isForCompensation="true")
UNFIT = {
    "no compensation event leads to it": process(user("a") + LONELY, "s > a > e"),
    "one association leads to the one activity that undoes": process(
        user("a") + node("boundaryEvent", "b", COMPENSATION, attachedToRef="a"), "s > a > e"
    ),
    "the activity has another compensation event": process(
        user("a") + undoes("u", "a") + undoes("v", "a"), "s > a > e"
    ),
    "nothing undoes 'a' there": process(user("a") + throw("t", ONLY_A), "s > a > t > e"),
    "no flow may lead from or to these elements": process(user("a") + undoes("u", "a"), "s > a > e; u > e"),
    "an activity for compensation has no boundary events": process(
        user("a") + undoes("u", "a") + boundary("b", "u", timer("PT1H")), "s > a > e; b > e"
    ),
    "only a transaction can be cancelled": process(
        user("a") + boundary("b", "a", CANCEL), "s > a > e; b > e"
    ),
    "it stands in no transaction": process(end("x", CANCEL), "s > x"),
}


@pytest.mark.parametrize("reason", UNFIT)
def test_compensation_that_does_not_fit_together_is_refused(reason):
    with pytest.raises(XmlRefused) as refusal:
        interpreter.define([document(UNFIT[reason])], "p")
    assert reason in str(refusal.value)
