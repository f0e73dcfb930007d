"""Interruptions in awkward places: inside loops, items, calls and each other; errors with their variables."""

import pytest

from tests.unit.interpreter.diagrams import (
    ANY_ERROR,
    COMPLAINT,
    ERROR,
    ESCALATION,
    MESSAGE,
    OTHER_ERROR,
    TERMINATE,
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
    service,
    start,
    sub,
    throw,
    timer,
    user,
)
from tests.unit.interpreter.story import DONE


def handler(event: str, name: str = "h", ending: str = "", *, interrupting: bool = True) -> str:
    inner = user(f"{name}k") + end(f"{name}e", ending)
    return on_event(name, event, inner, f"{name}_s > {name}k > {name}e", interrupting=interrupting)


def told(event: str, **variables: str) -> str:
    attributes = "".join(f' camunda:{name}="{value}"' for name, value in variables.items())
    return event.replace("/>", f"{attributes}/>")


def test_an_error_tells_its_code_and_message_where_it_is_caught(play):
    error = told(ERROR, errorCodeVariable="kode", errorMessageVariable="pesan")
    story = play(process(service("sv") + boundary("b", "sv", error) + user("k"), "s > sv > e; b > k > e"))
    token = story.at("sv").token_id
    assert story.workflow.raise_error(token, "TOLAK", {"nik": "1"}, "NIK tidak ditemukan")
    assert story.variables == {"kode": "TOLAK", "pesan": "NIK tidak ditemukan", "nik": "1"}


def test_an_error_end_event_tells_the_message_of_its_error(play):
    any_error = told(ANY_ERROR, errorCodeVariable="kode", errorMessageVariable="pesan")
    inner = sub("sp", start("s1") + end("e1", ERROR), "s1 > e1")
    story = play(process(inner + boundary("b", "sp", any_error), "s > sp > e; b > e")).opens(DONE)
    assert story.variables == {"kode": "TOLAK", "pesan": "tidak lengkap"}


def test_an_escalation_tells_its_code(play):
    escalation = told("<bpmn:escalationEventDefinition/>", escalationCodeVariable="kode")
    inner = sub("sp", start("s1") + end("e1", ESCALATION), "s1 > e1")
    story = play(process(inner + boundary("b", "sp", escalation), "s > sp > e; b > e")).opens(DONE)
    assert story.variables == {"kode": "LAMBAT"}


def test_an_error_out_of_a_called_process_is_told_to_the_caller(play):
    error = told(ERROR, errorCodeVariable="kode")
    nodes = call("ca", "q") + boundary("b", "ca", error) + user("k")
    called = process(service("qs"), "s > qs > e", key="q")
    story = play(process(nodes, "s > ca > e; b > k > e"), called)
    assert story.workflow.raise_error(story.at("qs").token_id, "TOLAK", {"alasan": "x"})
    assert story.host.scopes == {"p:": {"kode": "TOLAK", "alasan": "x"}}


def test_an_error_in_a_handler_beside_the_work_is_caught_by_the_error_handler_of_the_scope(play):
    nodes = user("a") + handler(MESSAGE, "h", ERROR, interrupting=False) + handler(ERROR, "i")
    story = play(process(nodes, "s > a > e")).fire("h_s").opens("a hk").do("hk").opens("ik")
    story.do("ik").opens(DONE)


def test_an_error_in_the_error_handler_goes_out_of_the_scope(play):
    inner = sub(
        "sp", start("s1") + user("k") + end("e1", ERROR) + handler(ANY_ERROR, "h", ERROR), "s1 > k > e1"
    )
    nodes = inner + boundary("b", "sp", ERROR) + user("x", "z")
    play(process(nodes, "s > sp > z > e; b > x > e")).do("k").opens("hk").do("hk").opens("x")


def test_an_error_that_the_handler_does_not_know_goes_out_of_the_scope(play):
    inner = sub("sp", start("s1") + user("k") + end("e1", ERROR) + handler(OTHER_ERROR), "s1 > k > e1")
    nodes = inner + boundary("b", "sp", ERROR) + user("x", "z")
    play(process(nodes, "s > sp > z > e; b > x > e")).do("k").opens("x")


def test_an_error_passes_two_scopes_and_a_call_on_its_way_out(play):
    deep = sub("sp2", start("s2") + user("k") + end("e2", ERROR), "s2 > k > e2")
    called = process(sub("sp1", start("s1") + deep + end("e1"), "s1 > sp2 > e1"), "s > sp1 > e", key="q")
    nodes = (
        parallel("ps") + call("ca", "q", loop=many("ahli", "x")) + boundary("b", "ca", ERROR) + user("o", "x")
    )
    flows = "s > ps; ps > ca > e; ps > o > e; b > x > e"
    story = play(process(nodes, flows), called, ahli=[1, 2, 3]).opens("k k k o").do("k").opens("o x")
    assert story.host.scopes.keys() == {"p:"}


def test_a_terminate_end_event_of_an_item_ends_this_item_only(play):
    inner = start("s1") + parallel("p1") + user("k", "l") + end("e1", TERMINATE) + end("e2")
    nodes = sub("sp", inner, "s1 > p1; p1 > k > e1; p1 > l > e2", loop=many("ahli", "x")) + user("z")
    story = play(process(nodes, "s > sp > z > e"), ahli=[1, 2]).opens("k k l l").do("k").opens("k l")
    story.do("k").opens("z")


def test_a_terminate_end_event_ends_handlers_that_run_beside(play):
    inner = start("s1") + user("k") + end("e1", TERMINATE) + handler(MESSAGE, interrupting=False)
    story = play(process(sub("sp", inner, "s1 > k > e1") + user("z"), "s > sp > z > e"))
    story.fire("h_s").opens("hk k").do("k").opens("z")
    assert [w.element_id for w in story.waiting] == ["z"]


def test_a_terminate_end_event_in_a_handler_ends_the_handler_only(play):
    nodes = user("a") + handler(MESSAGE, "h", TERMINATE, interrupting=False)
    play(process(nodes, "s > a > e")).fire("h_s").fire("h_s").opens("a hk hk").do("hk").opens("a hk")


def test_a_terminate_end_event_of_a_called_process_ends_the_call(play):
    called = process(
        parallel("p1") + user("qa", "qb") + end("qt", TERMINATE), "s > p1; p1 > qa > qt; p1 > qb > e", key="q"
    )
    story = play(process(call("ca", "q") + user("z"), "s > ca > z > e"), called).opens("qa qb")
    story.do("qa").opens("z")


def test_a_handler_inside_a_handler_ends_with_it(play):
    deep = handler(COMPLAINT, "i", interrupting=False)
    outer = on_event("h", MESSAGE, user("hk") + deep + end("he"), "h_s > hk > he", interrupting=False)
    story = play(process(user("a") + outer, "s > a > e")).fire("h_s").fire("h_s").opens("a hk hk")
    story.fire("i_s").opens("a hk hk ik").do("ik").do("hk").do("hk").opens("a").do("a").opens(DONE)


def test_an_interrupting_handler_ends_the_handlers_that_run_beside_and_those_that_listen(play):
    nodes = user("a") + handler(COMPLAINT, "h", interrupting=False) + handler(MESSAGE, "i")
    nodes += handler(timer("PT1H"), "j", interrupting=False)
    story = play(process(nodes, "s > a > e")).fire("h_s").opens("a hk").fire("i_s").opens("ik")
    assert [w.element_id for w in story.waiting] == ["ik"]


def test_each_item_has_listeners_of_its_own(play):
    inner = start("s1") + user("k") + end("e1") + handler(timer("PT1H"))
    nodes = sub("sp", inner, "s1 > k > e1", loop=many("ahli", "x")) + user("z")
    story = play(process(nodes, "s > sp > z > e"), ahli=[1, 2]).opens("k k").fire("h_s").opens("hk k")
    assert [w.kind for w in story.waiting].count("timer") == 1
    story.do("hk").opens("k").fire("h_s").opens("hk").do("hk").opens("z")


def test_a_handler_is_armed_anew_in_every_round_of_a_loop(play):
    inner = sub("sp", start("s1") + user("k") + end("e1") + handler(MESSAGE), "s1 > k > e1")
    nodes = inner + exclusive("g", "g__e")
    story = play(process(nodes, "s > sp > g; g > sp if lagi; g > e"), lagi=True)
    for _ in range(3):
        story.fire("h_s").opens("hk").do("hk").opens("k")
    story.do("k", lagi=False).opens(DONE)


def test_a_cycle_beside_a_multi_instance_goes_on_until_all_items_are_done(play):
    nodes = node("userTask", "m", many("ahli", "x", sequential=True)) + user("n", "z") + end("e2")
    nodes += boundary("b", "m", timer("R/PT1H", "timeCycle"), cancel=False)
    story = play(process(nodes, "s > m > z > e; b > n > e2"), ahli=[1, 2]).fire("b").opens("m n")
    story.do("m").fire("b").opens("m n n").do("m").opens("n n z")
    assert {w.kind for w in story.waiting} == {"user_task"}


def test_a_call_is_interrupted_at_its_border_while_it_waits_inside(play):
    called = process(catch("qc", COMPLAINT), "s > qc > e", key="q")
    nodes = call("ca", "q") + boundary("b", "ca", MESSAGE) + user("x", "z")
    story = play(process(nodes, "s > ca > z > e; b > x > e"), called)
    assert sorted(w.element_id for w in story.waiting) == ["b", "qc"]
    story.fire("b").opens("x")
    assert len(story.waiting) == 1
    assert story.host.scopes.keys() == {"p:"}


def test_an_interrupting_event_behind_an_interrupted_gateway_is_gone(play):
    inner = start("s1") + node("eventBasedGateway", "eg") + catch("c1", MESSAGE) + catch("c2", timer("PT1H"))
    nodes = sub("sp", inner + end("e1"), "s1 > eg; eg > c1 > e1; eg > c2 > e1") + boundary(
        "b", "sp", COMPLAINT
    )
    story = play(process(nodes + user("x"), "s > sp > e; b > x > e")).fire("b").opens("x")
    assert len(story.waiting) == 1


def test_a_condition_on_the_counters_ends_a_multi_instance(play):
    inner = start("s1") + user("k") + end("e1")
    inner += on_event("h", condition("nrOfCompletedInstances = 1"), user("hk") + end("he"), "h_s > hk > he")
    nodes = sub("sp", inner, "s1 > k > e1", loop=many("ahli", "x"))
    play(process(nodes, "s > sp > e"), ahli=[1, 2, 3]).opens("k k k").do("k").opens("hk hk")


@pytest.mark.parametrize("cancel", [True, False])
def test_an_error_and_a_timer_of_one_activity_do_not_disturb_each_other(play, cancel):
    nodes = service("sv") + boundary("bt", "sv", timer("PT1H"), cancel=cancel) + boundary("be", "sv", ERROR)
    nodes += user("t", "f") + end("e2")
    story = play(process(nodes, "s > sv > e; bt > t > e2; be > f > e")).fire("bt")
    story.opens("t" if cancel else "sv t")
    if not cancel:
        story.fail("sv", "TOLAK").opens("f t").do("f").do("t").opens(DONE)


def test_a_throwing_event_between_two_tasks_is_passed_at_once(play):
    play(process(user("a", "b") + throw("t"), "s > a > t > b > e")).do("a").opens("b")
