import pytest

from tests.unit.interpreter.diagrams import (
    COMPLAINT,
    MESSAGE,
    boundary,
    call,
    condition,
    end,
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
from tests.unit.interpreter.story import DONE
from tests.unit.interpreter.test_scopes_and_calls import CALLED


def handler(event: str, *, interrupting: bool = True) -> str:
    return on_event("esp", event, user("ek") + end("ee"), "esp_s > ek > ee", interrupting=interrupting)


def test_a_message_ends_everything_else_in_the_scope(play):
    nodes = parallel("ps", "pj") + user("a", "b") + handler(MESSAGE)
    story = play(process(nodes, "s > ps; ps > a > pj; ps > b > pj; pj > e")).opens("a b")
    story.do("a").opens("b").fire("esp_s", no=1).opens("ek").do("ek").opens(DONE)
    assert story.variables == {"no": 1}


def test_everything_open_inside_ends_with_the_scope(play):
    nodes = parallel("ps", "pj") + user("i") + node("userTask", "m", many("ahli", "a1"))
    nodes += call("ca", "q", 'in variables="all"', loop=many("ahli", "a1")) + handler(MESSAGE)
    story = play(process(nodes, "s > i > ps; ps > m > pj; ps > ca > pj; pj > e"), CALLED)
    story.do("i", ahli=[1, 2]).opens("m m qa qa").do("m").opens("m qa qa").fire("esp_s").opens("ek")
    assert story.host.scopes.keys() == {"p:"}
    story.do("ek").opens(DONE)


def test_a_non_interrupting_one_runs_beside_as_often_as_the_message_comes(play):
    story = play(process(user("a") + handler(MESSAGE, interrupting=False), "s > a > e")).opens("a")
    story.fire("esp_s").opens("a ek").fire("esp_s").opens("a ek ek").do("a").opens("ek ek")
    story.do("ek").opens("ek").do("ek").opens(DONE)


@pytest.fixture
def timed(play):
    inner = sub("sp", start("s1") + user("k") + end("e1") + handler(timer("PT1H")), "s1 > k > e1")
    return play(process(inner + user("z"), "s > sp > z > e")).opens("k")


def test_a_timer_listens_while_its_sub_process_is_open(timed):
    assert timed.at("esp_s").boundary
    timed.fire("esp_s").opens("ek").do("ek").opens("z").do("z").opens(DONE)


def test_one_that_was_never_triggered_ends_with_its_scope(timed):
    timed.do("k").opens("z")
    assert [w.element_id for w in timed.waiting] == ["z"]
    timed.do("z").opens(DONE)


def test_a_cycle_triggers_as_often_as_it_says(play):
    nodes = user("a") + handler(timer("R2/PT1H", "timeCycle"), interrupting=False)
    story = play(process(nodes, "s > a > e")).fire("esp_s").fire("esp_s").opens("a ek ek")
    assert {w.kind for w in story.waiting} == {"user_task"}


def test_a_condition_triggers_when_variables_change(play):
    story = play(process(user("a", "b") + handler(condition("skor > 5")), "s > a > b > e")).opens("a")
    story.do("a", skor=3).opens("b").set(skor=9).opens("ek").do("ek").opens(DONE)


def test_a_condition_is_looked_at_before_what_follows_runs(play):
    story = play(process(user("a") + handler(condition("batal")), "s > a > e"))
    story.do("a", batal=True).opens("ek")


def test_event_sub_processes_nest(play):
    inner = on_event(
        "dalam", COMPLAINT, user("jawab") + end("e2"), "dalam_s > jawab > e2", interrupting=False
    )
    outer = on_event("luar", MESSAGE, user("ek") + inner + end("e3"), "luar_s > ek > e3")
    story = play(process(user("a") + outer, "s > a > e")).opens("a")
    story.fire("luar_s").opens("ek").fire("dalam_s").opens("ek jawab").do("ek").opens("jawab")
    story.do("jawab").opens(DONE)


def test_a_boundary_event_of_the_sub_process_ends_its_handlers_too(play):
    inner = sub(
        "sp", start("s1") + user("k") + end("e1") + handler(MESSAGE, interrupting=False), "s1 > k > e1"
    )
    nodes = inner + boundary("b", "sp", timer("PT1H")) + user("x", "z")
    story = play(process(nodes, "s > sp > z > e; b > x > e")).fire("esp_s").opens("ek k")
    story.fire("b").opens("x").do("x").opens(DONE)
