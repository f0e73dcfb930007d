from datetime import timedelta

import pytest

from engine.errors import ExecutionFailed
from engine.interpreter import TokenNotOpen
from tests.unit.interpreter.diagrams import (
    MESSAGE,
    SIGNAL,
    boundary,
    catch,
    condition,
    end,
    link,
    node,
    parallel,
    process,
    start,
    sub,
    throw,
    timer,
    user,
)
from tests.unit.interpreter.story import DONE, NOW


def test_a_cycle_goes_off_as_often_as_it_says_and_a_duration_interrupts(play):
    nodes = user("a", "n", "k", "z") + boundary("t1", "a", timer("R2/PT1H", "timeCycle"), cancel=False)
    nodes += boundary("t2", "a", timer("sla")) + end("e2")
    story = play(process(nodes, "s > a > z > e; t1 > n > e2; t2 > k > z"), sla="PT9H").opens("a")
    story.fire("t1").opens("a n").fire("t1").opens("a n n")
    assert [w.element_id for w in story.waiting if w.kind == "timer"] == ["t2"]
    story.fire("t2").opens("k n n").do("k").opens("n n z").do("z").opens("n n")
    story.do("n").opens("n").do("n").opens(DONE)


def test_a_cycle_without_a_number_never_ends(play):
    nodes = user("a", "n") + boundary("t", "a", timer("R/PT1H", "timeCycle"), cancel=False) + end("e2")
    story = play(process(nodes, "s > a > e; t > n > e2"))
    for _ in range(5):
        story.fire("t").do("n").opens("a")


def test_a_non_interrupting_duration_goes_off_once(play):
    nodes = user("a", "n") + boundary("t", "a", timer("PT1H"), cancel=False) + end("e2")
    story = play(process(nodes, "s > a > e; t > n > e2")).fire("t").opens("a n")
    assert {w.kind for w in story.waiting} == {"user_task"}


@pytest.mark.parametrize("text", ["PT3H", "sla", "= sla", 'if sla = "PT3H" then sla else "PT1H"'])
def test_a_timer_is_literal_iso_8601_or_feel(play, text):
    story = play(process(catch("c", timer(text)), "s > c > e"), sla="PT3H")
    (waiting,) = story.waiting
    assert waiting.due == NOW + timedelta(hours=3)
    assert not waiting.boundary


def test_a_date_is_literal(play):
    story = play(process(catch("c", timer("2026-03-30T09:00:00+07:00", "timeDate")), "s > c > e"))
    assert str(story.at("c").due) == "2026-03-30 09:00:00+07:00"


def test_the_due_time_is_asked_once(play):
    story = play(process(user("a") + boundary("t", "a", timer("sla")), "s > a > e; t > e"), sla="PT3H")
    due = story.at("t").due
    story.set(sla="PT9H")
    assert story.at("t").due == due == NOW + timedelta(hours=3)


def test_a_timer_that_is_null_fails_by_name(play):
    with pytest.raises(ExecutionFailed, match="at c: the timer 'sla' is null"):
        play(process(catch("c", timer("sla")), "s > c > e"))


def test_a_cycle_that_is_no_text_fails_by_name(play):
    with pytest.raises(ExecutionFailed, match="at c: the timer '5' is no cycle"):
        play(process(catch("c", timer("5", "timeCycle")), "s > c > e"))


def test_the_first_event_behind_an_event_gateway_wins(play):
    nodes = node("eventBasedGateway", "eg") + user("x", "y", "w")
    nodes += catch("c1", MESSAGE) + catch("c2", timer("PT1H")) + catch("c3", timer("PT2H"))
    flows = "s > eg; eg > c1; eg > c2; eg > c3; c1 > x > e; c2 > y > e; c3 > w > e"
    story = play(process(nodes, flows)).opens("")
    assert not story.workflow.stuck
    story.fire("c3").opens("w")
    assert len(story.waiting) == 1
    story.do("w").opens(DONE)


def test_a_message_brings_variables(play):
    story = play(process(catch("c", MESSAGE) + user("a"), "s > c > a > e")).opens("")
    waiting = story.at("c")
    assert (waiting.kind, waiting.name) == ("message", "putusan")
    story.fire("c", nomor=7).opens("a")
    assert story.variables == {"nomor": 7}


def test_a_receive_task_waits_for_its_message(play):
    story = play(process(node("receiveTask", "r", messageRef="m_putusan") + user("a"), "s > r > a > e"))
    assert story.at("r").name == "putusan"
    story.fire("r").opens("a")


def test_messages_and_signals_leave_by_the_outbox(play):
    story = play(process(throw("t1", MESSAGE) + end("t2", SIGNAL), "s > t1 > t2")).opens(DONE)
    thrown = [(t.kind, t.name, t.values, t.business_key, t.element_id) for t in story.host.outbox]
    assert thrown == [("message", "putusan", {}, None, "t1"), ("signal", "darurat", {}, None, "t2")]


def test_a_signal_interrupts_a_sub_process(play):
    inner = sub("sp", start("s1") + user("k") + end("e1"), "s1 > k > e1")
    nodes = inner + boundary("b", "sp", SIGNAL) + user("x", "z")
    story = play(process(nodes, "s > sp > z > e; b > x > e")).opens("k")
    story.signal().opens("x").do("x").opens(DONE)


def test_a_signal_end_event_is_heard_everywhere_in_the_instance(play):
    inner = sub("sp", start("s1") + user("k") + end("e1", SIGNAL), "s1 > k > e1")
    nodes = parallel("ps", "pj") + user("o", "x", "z") + boundary("b", "o", SIGNAL, cancel=False) + inner
    flows = "s > ps; ps > o > pj; ps > sp > pj; pj > z > e; b > x > e2"
    story = play(process(nodes + end("e2"), flows)).opens("k o")
    story.do("k").opens("o x").do("x").opens("o").do("o").opens("z").do("z").opens(DONE)


def test_a_non_interrupting_signal_goes_off_each_time(play):
    nodes = user("a", "n") + boundary("b", "a", SIGNAL, cancel=False) + end("e2")
    play(process(nodes, "s > a > e; b > n > e2")).signal().signal().opens("a n n")


def test_a_signal_finds_only_who_is_still_there(play):
    inner = sub(
        "sp", start("s1") + user("k") + boundary("b1", "k", SIGNAL) + end("e1"), "s1 > k > e1; b1 > e1"
    )
    nodes = inner + boundary("b2", "sp", SIGNAL) + user("x", "z")
    play(process(nodes, "s > sp > z > e; b2 > x > e")).signal().opens("x")


def test_a_thrown_signal_finds_only_who_is_still_there(play):
    inner = sub(
        "sp", start("s1") + user("k") + boundary("b1", "k", SIGNAL) + end("e1"), "s1 > k > e1; b1 > e1"
    )
    nodes = parallel("ps") + inner + boundary("b2", "sp", SIGNAL) + user("o", "x") + end("e2", SIGNAL)
    story = play(process(nodes, "s > ps; ps > sp > e; b2 > x > e; ps > o > e2")).opens("k o")
    story.do("o").opens("x")


def test_a_condition_goes_off_only_where_its_activity_is_still_open(play):
    nodes = (
        user("a", "x", "y")
        + boundary("b1", "a", condition("n > 1"))
        + boundary("b2", "a", condition("n > 0"))
    )
    story = play(process(nodes, "s > a > e; b1 > x > e; b2 > y > e"))
    story.set(n=5).opens("x")


def test_a_condition_goes_off_when_it_becomes_true_and_not_while_it_stays_so(play):
    nodes = user("a", "n") + boundary("b", "a", condition("skor > 5"), cancel=False) + end("e2")
    story = play(process(nodes, "s > a > e; b > n > e2")).opens("a")
    story.set(skor=9).opens("a n").set(skor=10).opens("a n").set(skor=1).opens("a n")
    story.set(skor=8).opens("a n n")
    story.do("a").opens("n n").do("n").opens("n").do("n").opens(DONE)


def test_a_condition_that_holds_already_goes_off_at_once(play):
    nodes = user("a", "x") + boundary("b", "a", condition("skor > 5"))
    play(process(nodes, "s > a > e; b > x > e"), skor=9).opens("x")


def test_a_token_waits_for_a_condition(play):
    story = play(process(user("a", "b") + catch("c", condition("skor > 5")), "s > a > c > b > e")).opens("a")
    story.do("a").opens("")
    assert [(w.kind, w.boundary) for w in story.waiting] == [("condition", False)]
    story.set(skor=9).opens("b").do("b").opens(DONE)


def test_a_condition_cannot_be_triggered(play):
    story = play(process(catch("c", condition("skor > 5")), "s > c > e"))
    with pytest.raises(TokenNotOpen):
        story.fire("c")


def test_a_link_goes_on_at_its_partner(play):
    nodes = user("a", "b", "c") + throw("l1", link("A")) + throw("l2", link("A")) + catch("l3", link("A"))
    nodes += parallel("ps")
    story = play(process(nodes, "s > ps; ps > a > l1; ps > c > l2; l3 > b > e")).opens("a c")
    story.do("a").opens("b c").do("c").opens("b b").do("b").do("b").opens(DONE)


def test_only_the_chosen_start_event_starts(play):
    nodes = start("s2", MESSAGE) + user("a", "b")
    flows = "s > a > e; s2 > b > e"
    assert len(play(process(nodes, flows)).opens("a").waiting) == 1
    story = play(process(nodes, flows), start_event="s2").opens("b")
    assert len(story.waiting) == 1
    story.do("b").opens(DONE)


def test_a_start_event_that_does_not_exist_is_named(play):
    with pytest.raises(ExecutionFailed, match="at s9: 0 start events"):
        play(process(user("a"), "s > a > e"), start_event="s9")


def test_tasks_and_manual_tasks_are_passed(play):
    nodes = node("task", "t") + node("manualTask", "m") + user("a")
    play(process(nodes, "s > t > m > a > e")).opens("a")
