import pytest

from tests.unit.interpreter.diagrams import (
    ANY_ERROR,
    ERROR,
    ESCALATION,
    boundary,
    decision,
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
    user,
)
from tests.unit.interpreter.story import DONE, Story


def test_an_external_task_may_fail_into_its_error_boundary(play):
    nodes = service("sv") + boundary("b", "sv", ERROR) + user("k", "z")
    story = play(process(nodes, "s > sv > z > e; b > k > e")).opens("sv")
    story.fail("sv", "TOLAK").opens("k").do("k").opens(DONE)


def test_the_boundary_with_the_code_goes_before_the_one_for_any_error(play):
    nodes = parallel("ps", "pj") + service("sv") + user("o", "k", "l", "z")
    nodes += boundary("b1", "sv", ANY_ERROR) + boundary("b2", "sv", ERROR) + boundary("b3", "o", ERROR)
    nodes += end("e2") + end("e3") + end("e4")
    flows = "s > ps; ps > sv > pj; ps > o > pj; pj > z > e; b1 > k > e2; b2 > l > e3; b3 > e4"
    story = play(process(nodes, flows)).opens("o sv")
    story.fail("sv", "TOLAK").opens("l o").do("l").opens("o")


def test_the_boundary_for_any_error_catches_the_rest(play):
    nodes = service("sv") + boundary("b1", "sv", ANY_ERROR) + boundary("b2", "sv", ERROR) + user("k", "l")
    story = play(process(nodes, "s > sv > e; b1 > k > e; b2 > l > e"))
    story.fail("sv", "LAIN").opens("k")


def test_an_error_that_is_caught_brings_variables(play):
    story = play(process(service("sv") + boundary("b", "sv", ERROR) + user("k"), "s > sv > e; b > k > e"))
    assert story.workflow.raise_error(story.at("sv").token_id, "TOLAK", {"alasan": "tidak lengkap"})
    assert story.variables == {"alasan": "tidak lengkap"}


def test_an_error_that_nobody_catches_moves_and_writes_nothing(play):
    story = play(process(service("sv") + user("o") + boundary("b", "o", ERROR), "s > sv > o > e; b > e"))
    assert not story.workflow.raise_error(story.at("sv").token_id, "TOLAK", {"x": 1})
    story.opens("sv")
    assert story.variables == {}


def parts(end_event: str, extra: str = "") -> str:
    nodes = start("s1") + parallel("p1") + user("k", "l") + end("e1", end_event) + end("e2") + extra
    return sub("sp", nodes, "s1 > p1; p1 > k > e1; p1 > l > e2")


def test_an_error_end_event_interrupts_the_sub_process(play):
    nodes = parts(ERROR) + boundary("b", "sp", ERROR) + user("x", "z")
    story = play(process(nodes, "s > sp > z > e; b > x > e")).opens("k l")
    story.do("k").opens("x").do("x").opens(DONE)


def test_nothing_beside_an_error_end_event_runs_on(play):
    nodes = start("s1") + user("k") + parallel("p1") + end("e1", ERROR) + decision("dt", "jangan") + end("e2")
    inner = sub("sp", nodes, "s1 > k > p1; p1 > e1; p1 > dt > e2")
    nodes = inner + boundary("b", "sp", ERROR) + user("x", "z")
    story = play(process(nodes, "s > sp > z > e; b > x > e"))
    story.do("k").opens("x").do("x").opens(DONE)
    assert "jangan" not in story.variables


def test_an_event_sub_process_inside_catches_before_the_boundary(play):
    handler = on_event("esp", ERROR, user("ek") + end("e3"), "esp_s > ek > e3")
    nodes = sub("sp", start("s1") + user("k") + end("e1", ERROR) + handler, "s1 > k > e1")
    nodes += boundary("b", "sp", ERROR) + user("x", "z")
    story = play(process(nodes, "s > sp > z > e; b > x > e")).opens("k")
    story.do("k").opens("ek").do("ek").opens("z").do("z").opens(DONE)


def test_what_an_error_handler_throws_goes_further_out(play):
    handler = on_event("esp", ERROR, user("ek") + end("e3", ERROR), "esp_s > ek > e3")
    nodes = sub("sp", start("s1") + user("k") + end("e1", ERROR) + handler, "s1 > k > e1")
    nodes += boundary("b", "sp", ERROR) + user("x", "z")
    story = play(process(nodes, "s > sp > z > e; b > x > e"))
    story.do("k").opens("ek").do("ek").opens("x").do("x").opens(DONE)


def test_a_handler_does_not_catch_its_own_escalation(play):
    handler = on_event(
        "esp",
        ESCALATION,
        throw("t2", ESCALATION) + user("ek") + end("e3"),
        "esp_s > t2 > ek > e3",
        interrupting=False,
    )
    nodes = user("k") + throw("t1", ESCALATION) + handler
    story = play(process(nodes, "s > t1 > k > e"))
    story.opens("ek k")


def test_an_error_end_event_that_nobody_catches_ends_like_any_other(play):
    story = play(process(user("a") + end("er", ERROR), "s > a > er"))
    story.do("a").opens(DONE)


def test_an_interrupting_escalation_stops_the_work_inside(play):
    nodes = start("s1") + user("k", "l") + throw("th", ESCALATION) + decision("dt", "jangan") + end("e1")
    inner = sub("sp", nodes, "s1 > k > th > dt > l > e1")
    nodes = inner + boundary("b", "sp", ESCALATION) + user("x", "z")
    story = play(process(nodes, "s > sp > z > e; b > x > e"))
    story.do("k").opens("x").do("x").opens(DONE)
    assert "jangan" not in story.variables


@pytest.fixture
def escalating(play) -> Story:
    nodes = start("s1") + exclusive("m1") + user("k") + exclusive("g1", "g1__e1") + throw("th", ESCALATION)
    inner = sub("sp", nodes + end("e1"), "s1 > m1 > k > th > g1; g1 > m1 if lagi; g1 > e1")
    nodes = inner + boundary("b", "sp", ESCALATION, cancel=False) + user("x", "z") + end("e9")
    return play(process(nodes, "s > sp > z > e; b > x > e9"))


def test_a_non_interrupting_escalation_goes_off_each_time(escalating):
    escalating.opens("k").do("k", lagi=True).opens("k x").do("x").opens("k")
    escalating.do("k", lagi=False).opens("x z").do("z").opens("x").do("x").opens(DONE)


def test_an_error_of_one_item_interrupts_all_items(play):
    nodes = user("i", "x", "z") + node(
        "serviceTask", "sv", many("ahli"), camunda_type="external", camunda_topic="t"
    )
    nodes += boundary("b", "sv", ERROR)
    story = play(process(nodes, "s > i > sv > z > e; b > x > e"))
    story.do("i", ahli=[1, 2, 3]).do("sv").opens("sv sv").fail("sv", "TOLAK").opens("x").do("x").opens(DONE)
