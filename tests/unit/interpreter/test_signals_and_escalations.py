"""Signals and escalations in awkward places: thrown in what they interrupt, out of loops, items and calls."""

import pytest

from tests.unit.interpreter.diagrams import (
    ESCALATION,
    MESSAGE,
    SIGNAL,
    again_while,
    boundary,
    call,
    catch,
    condition,
    end,
    exclusive,
    many,
    node,
    on_event,
    parallel,
    process,
    start,
    sub,
    throw,
    timer,
    user,
)
from tests.unit.interpreter.story import DONE

ANY_ESCALATION = "<bpmn:escalationEventDefinition/>"


def handler(event: str, name: str = "h", *, interrupting: bool = True) -> str:
    inner = user(f"{name}k") + end(f"{name}e")
    return on_event(name, event, inner, f"{name}_s > {name}k > {name}e", interrupting=interrupting)


def test_a_signal_interrupts_the_sub_process_that_throws_it(play):
    inner = sub("sp", start("s1") + user("k", "m") + throw("t", SIGNAL) + end("e1"), "s1 > k > t > m > e1")
    nodes = inner + boundary("b", "sp", SIGNAL) + user("x", "z")
    play(process(nodes, "s > sp > z > e; b > x > e")).do("k").opens("x").do("x").opens(DONE)


def test_a_signal_end_event_interrupts_the_sub_process_that_it_would_end(play):
    inner = sub("sp", start("s1") + user("k") + end("e1", SIGNAL), "s1 > k > e1")
    nodes = inner + boundary("b", "sp", SIGNAL) + user("x", "z")
    play(process(nodes, "s > sp > z > e; b > x > e")).do("k").opens("x")


def test_a_thrower_goes_on_where_its_signal_interrupts_nothing(play):
    inner = sub("sp", start("s1") + user("k", "m") + throw("t", SIGNAL) + end("e1"), "s1 > k > t > m > e1")
    nodes = inner + boundary("b", "sp", SIGNAL, cancel=False) + user("x", "z") + end("e2")
    story = play(process(nodes, "s > sp > z > e; b > x > e2")).do("k").opens("m x")
    story.do("m").opens("x z").do("x").do("z").opens(DONE)


def test_of_two_interrupting_boundary_events_for_one_signal_the_first_wins(play):
    nodes = user("a", "x", "y") + boundary("b1", "a", SIGNAL) + boundary("b2", "a", SIGNAL)
    play(process(nodes, "s > a > e; b1 > x > e; b2 > y > e")).signal().opens("x")


def test_of_two_interrupting_event_sub_processes_for_one_signal_the_first_wins(play):
    nodes = user("a") + handler(SIGNAL, "h") + handler(SIGNAL, "i")
    story = play(process(nodes, "s > a > e")).signal().opens("hk")
    assert [w.element_id for w in story.waiting] == ["hk"]


def test_a_signal_reaches_listeners_at_every_level_at_once(play):
    inner = sub(
        "sp", start("s1") + user("k") + handler(SIGNAL, "h", interrupting=False) + end("e1"), "s1 > k > e1"
    )
    nodes = parallel("ps") + inner + catch("c", SIGNAL) + user("m") + handler(SIGNAL, "i", interrupting=False)
    story = play(process(nodes, "s > ps; ps > sp > e; ps > c > m > e")).opens("k").signal()
    story.opens("hk ik k m").signal().opens("hk hk ik ik k m")


def test_a_signal_starts_an_event_sub_process_that_ends_everything_else(play):
    nodes = parallel("ps", "pj") + user("a", "b") + handler(SIGNAL)
    story = play(process(nodes, "s > ps; ps > a > pj; ps > b > pj; pj > e")).do("a").signal().opens("hk")
    story.signal().opens("hk").do("hk").opens(DONE)


def test_a_signal_crosses_into_called_processes(play):
    called = process(
        user("qa") + boundary("qb", "qa", SIGNAL) + user("qx"), "s > qa > e; qb > qx > e", key="q"
    )
    nodes = call("ca", "q", loop=many("ahli", "x")) + user("z")
    story = play(process(nodes, "s > ca > z > e"), called, ahli=[1, 2]).opens("qa qa").signal().opens("qx qx")
    story.do("qx").do("qx").opens("z")


def test_a_signal_is_not_kept_for_who_comes_later(play):
    nodes = user("a", "z") + throw("t", SIGNAL) + catch("c", SIGNAL)
    story = play(process(nodes, "s > a > t > c > z > e")).do("a").opens("")
    story.signal().opens("z")


def test_a_loop_listens_anew_in_every_round(play):
    nodes = user("a", "x") + boundary("b", "a", SIGNAL) + exclusive("g", "g__e")
    story = play(process(nodes, "s > a > e; b > x > g; g > a if lagi; g > e"))
    for _ in range(3):
        story.signal().opens("x").do("x", lagi=True).opens("a")
    story.signal().do("x", lagi=False).opens(DONE)


def test_escalation_out_of_an_item_goes_off_once_for_each(play):
    inner = start("s1") + user("k") + throw("t", ESCALATION) + user("m") + end("e1")
    nodes = sub("sp", inner, "s1 > k > t > m > e1", loop=many("ahli", "x"))
    nodes += boundary("b", "sp", ESCALATION, cancel=False) + user("n", "z") + end("e2")
    story = play(process(nodes, "s > sp > z > e; b > n > e2"), ahli=[1, 2]).opens("k k")
    story.do("k").opens("k m n").do("k").opens("m m n n").do("m").do("m").opens("n n z")


def test_an_interrupting_escalation_out_of_an_item_ends_all_items(play):
    inner = start("s1") + user("k") + throw("t", ESCALATION) + user("m") + end("e1")
    nodes = sub("sp", inner, "s1 > k > t > m > e1", loop=many("ahli", "x"))
    nodes += boundary("b", "sp", ESCALATION) + user("n", "z")
    story = play(process(nodes, "s > sp > z > e; b > n > e"), ahli=[1, 2]).do("k").opens("n")
    assert story.host.scopes.keys() == {"p:"}


@pytest.mark.parametrize("cancel", [True, False])
def test_an_escalation_leaves_a_called_process_by_the_border_of_the_call(play, cancel):
    called = process(user("qa", "qb") + throw("t", ESCALATION), "s > qa > t > qb > e", key="q")
    nodes = call("ca", "q") + boundary("b", "ca", ESCALATION, cancel=cancel) + user("x", "z") + end("e2")
    story = play(process(nodes, "s > ca > z > e; b > x > e2"), called).do("qa")
    story.opens("x" if cancel else "qb x")


def test_an_escalation_end_event_ends_its_path_and_no_more(play):
    inner = start("s1") + parallel("p1") + user("k", "l") + end("e1", ESCALATION) + end("e3")
    nodes = sub("sp", inner, "s1 > p1; p1 > k > e1; p1 > l > e3")
    nodes += boundary("b", "sp", ESCALATION, cancel=False) + user("x", "z") + end("e2")
    story = play(process(nodes, "s > sp > z > e; b > x > e2")).do("k").opens("l x")
    story.do("l").opens("x z")


def test_the_escalation_with_the_code_goes_before_the_one_for_any(play):
    inner = sub("sp", start("s1") + user("k") + end("e1", ESCALATION), "s1 > k > e1")
    nodes = inner + boundary("b1", "sp", ANY_ESCALATION) + boundary("b2", "sp", ESCALATION) + user("x", "y")
    play(process(nodes, "s > sp > e; b1 > x > e; b2 > y > e")).do("k").opens("y")


@pytest.mark.parametrize("interrupting", [True, False])
def test_an_escalation_starts_an_event_sub_process_of_its_own_scope(play, interrupting):
    nodes = user("a", "b") + throw("t", ESCALATION) + handler(ESCALATION, interrupting=interrupting)
    story = play(process(nodes, "s > a > t > b > e")).do("a").opens("hk" if interrupting else "b hk")
    story.do("hk").opens(DONE if interrupting else "b")


def test_an_event_sub_process_that_escalates_again_is_heard_outside_only(play):
    again = on_event("h", ESCALATION, user("hk") + end("he", ESCALATION), "h_s > hk > he", interrupting=False)
    inner = sub(
        "sp", start("s1") + user("k", "m") + throw("t", ESCALATION) + again + end("e1"), "s1 > k > t > m > e1"
    )
    nodes = inner + boundary("b", "sp", ESCALATION, cancel=False) + user("x", "z") + end("e2")
    story = play(process(nodes, "s > sp > z > e; b > x > e2")).do("k").opens("hk m")
    story.do("hk").opens("m x").do("m").opens("x z").do("x").do("z").opens(DONE)


def test_what_nobody_hears_changes_nothing(play):
    nodes = user("a", "b") + throw("t", ESCALATION) + throw("u", SIGNAL)
    play(process(nodes, "s > a > t > u > b > e")).do("a").opens("b").do("b").opens(DONE)


def test_a_standard_loop_around_a_signal_is_heard_by_the_border_of_the_loop(play):
    inner = start("s1") + user("k") + throw("t", SIGNAL) + end("e1")
    nodes = sub("sp", inner, "s1 > k > t > e1", loop=again_while("lagi"))
    nodes += boundary("b", "sp", SIGNAL, cancel=False) + user("x", "z") + end("e2")
    story = play(process(nodes, "s > sp > z > e; b > x > e2"), lagi=True).do("k").opens("k x")
    story.do("k", lagi=False).opens("x x z")


def test_the_first_of_all_kinds_of_events_wins(play):
    kinds = catch("cs", SIGNAL) + catch("ct", timer("PT1H")) + catch("cm", MESSAGE)
    kinds += catch("cc", condition("n")) + node("receiveTask", "r", messageRef="m_keluhan")
    nodes = (
        node("eventBasedGateway", "v") + kinds + user("xs", "xt", "xm", "xc", "xr") + exclusive("g", "g__e")
    )
    flows = "s > v; v > cs > xs > g; v > ct > xt > g; v > cm > xm > g; v > cc > xc > g; v > r > xr > g"
    story = play(process(nodes, flows + "; g > v if lagi; g > e"), lagi=True)
    assert sorted(w.kind for w in story.waiting) == ["condition", "message", "message", "signal", "timer"]
    story.signal().opens("xs").do("xs").opens("").fire("ct").opens("xt").do("xt").fire("cm").opens("xm")
    story.do("xm").set(n=True).opens("xc").do("xc", n=False).fire("r").opens("xr")
    assert len(story.waiting) == 1
    story.do("xr", lagi=False).opens(DONE)


def test_a_condition_that_holds_already_wins_behind_a_gateway(play):
    nodes = (
        node("eventBasedGateway", "v") + catch("cm", MESSAGE) + catch("cc", condition("n")) + user("x", "y")
    )
    story = play(process(nodes, "s > v; v > cm > x > e; v > cc > y > e"), n=True).opens("y")
    assert len(story.waiting) == 1
