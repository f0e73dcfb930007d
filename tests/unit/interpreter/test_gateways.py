import pytest

from engine.errors import NoFlowTaken
from tests.unit.interpreter.diagrams import (
    boundary,
    catch,
    decision,
    end,
    exclusive,
    inclusive,
    node,
    parallel,
    process,
    timer,
    user,
)
from tests.unit.interpreter.story import DONE


def test_the_result_of_a_decision_steers_a_gateway(play):
    flows = 's > a > dt > g; g > b; g > c if risiko = "tinggi"; b > e; c > e'
    story = play(process(user("a", "b", "c") + decision("dt", "risiko") + exclusive("g", "g__b"), flows))
    story.opens("a")
    story.do("a", skor=7).opens("c")
    story.do("c").opens(DONE)
    assert story.variables == {"skor": 7, "risiko": "tinggi"}


def test_the_first_condition_that_holds_wins_in_the_order_of_the_flows(play):
    flows = "s > a > g; g > b if x > 1; g > c if x > 0; b > e; c > e"
    story = play(process(user("a", "b", "c") + exclusive("g"), flows))
    story.do("a", x=5).opens("b")


def test_an_exclusive_gateway_without_a_way_out_is_named(play):
    flows = "s > a > g; g > b if x > 1; g > c if x < 0; b > e; c > e"
    story = play(process(user("a", "b", "c") + exclusive("g"), flows))
    with pytest.raises(NoFlowTaken, match="flow of g "):
        story.do("a", x=0)


def test_a_condition_that_is_null_or_a_number_does_not_hold(play):
    flows = "s > a > g; g > b if tidak_ada; g > c if x; g > d; b > e; c > e; d > e"
    story = play(process(user("a", "b", "c", "d") + exclusive("g", "g__d"), flows))
    story.do("a", x=1).opens("d")


def test_a_parallel_join_in_a_loop_takes_one_token_of_each_branch_in_every_round(play):
    nodes = exclusive("m") + parallel("ps", "pj") + user("a", "b", "c", "q") + exclusive("g", "g__e")
    flows = "s > m > ps; ps > a > pj; ps > b > pj; ps > c > pj; pj > q > g; g > m if lagi; g > e"
    story = play(process(nodes, flows)).opens("a b c")
    story.do("b").opens("a c").do("c").opens("a").do("a").opens("q")
    story.do("q", lagi=True).opens("a b c")
    story.do("a").opens("b c").do("c").opens("b").do("b").opens("q")
    story.do("q", lagi=False).opens(DONE)


def test_a_surplus_token_stays_at_the_join_and_leaves_the_instance_stuck(play):
    nodes = parallel("ps", "pj") + exclusive("m") + user("a", "a2", "b", "z")
    flows = "s > ps; ps > a > m; ps > a2 > m; m > pj; ps > b > pj; pj > z > e"
    story = play(process(nodes, flows)).opens("a a2 b")
    story.do("a").opens("a2 b").do("a2").opens("b").do("b").opens("z")
    assert not story.workflow.stuck
    story.do("z").opens("")
    assert story.workflow.stuck
    assert not story.workflow.completed


def test_a_gateway_may_join_and_split_at_once(play):
    nodes = parallel("ps", "pj") + user("a", "b", "y", "z") + end("e2")
    flows = "s > ps; ps > a > pj; ps > b > pj; pj > y > e2; pj > z > e"
    story = play(process(nodes, flows)).opens("a b")
    story.do("a").opens("b").do("b").opens("y z").do("y").opens("z").do("z").opens(DONE)


def test_two_flows_between_the_same_gateways_count_as_two(play):
    nodes = parallel("ps", "pj") + user("a", "z")
    flows = "s > ps; ps > pj; ps > pj; ps > a > pj; pj > z > e"
    story = play(process(nodes, flows)).opens("a")
    story.do("a").opens("z").do("z").opens(DONE)


def test_two_tokens_without_a_join_run_what_follows_twice(play):
    nodes = parallel("ps") + user("a", "b", "z")
    story = play(process(nodes, "s > ps; ps > a > z; ps > b > z; z > e")).opens("a b")
    story.do("a").opens("b z").do("b").opens("z z").do("z").opens("z").do("z").opens(DONE)


def test_an_inclusive_join_waits_for_the_branches_that_were_taken(play):
    nodes = user("i", "a", "b", "c", "q") + inclusive("ps", "ps__b") + inclusive("pj")
    flows = "s > i > ps; ps > a if x > 1; ps > b; ps > c if x > 2; a > pj; b > pj; c > pj; pj > q > e"
    story = play(process(nodes, flows)).opens("i")
    story.do("i", x=3).opens("a c").do("a").opens("c").do("c").opens("q").do("q").opens(DONE)


def test_an_inclusive_join_waits_for_the_branch_beside_a_direct_flow(play):
    nodes = user("i", "a", "b", "q") + inclusive("ps", "ps__b") + inclusive("pj")
    flows = "s > i > ps; ps > pj if x > 0; ps > b; ps > a if x > 1; a > pj; b > pj; pj > q > e"
    story = play(process(nodes, flows)).opens("i")
    story.do("i", x=3).opens("a").do("a").opens("q").do("q").opens(DONE)


def test_an_inclusive_split_may_reach_a_parallel_join_that_waits_for_more(play):
    nodes = user("a", "z") + inclusive("ps") + parallel("pj")
    flows = "s > a > ps; ps > pj if x = 1; ps > z if x = 1; pj > e; z > e"
    story = play(process(nodes, flows)).opens("a")
    story.do("a", x=1).opens("z").do("z").opens(DONE)


def test_an_inclusive_join_in_a_loop_starts_afresh_in_every_round(play):
    nodes = user("i", "a", "b", "q") + inclusive("ps", "ps__b") + inclusive("pj") + exclusive("m")
    nodes += exclusive("g", "g__e")
    flows = "s > m > i > ps; ps > a if x > 1; ps > b; a > pj; b > pj; pj > q > g; g > m if lagi; g > e"
    story = play(process(nodes, flows)).opens("i")
    for x, open_now in ((0, "b"), (2, "a"), (0, "b")):
        story.do("i", x=x).opens(open_now).do(open_now).opens("q").do("q", lagi=True).opens("i")


def test_an_inclusive_join_waits_for_an_activity_that_a_timer_may_still_leave(play):
    nodes = parallel("ps") + user("a", "c", "q") + boundary("b", "a", timer("PT1H")) + inclusive("pj")
    flows = "s > ps; ps > c > pj; ps > a > x; b > pj; pj > q > e"
    story = play(process(nodes + end("x"), flows)).opens("a c")
    story.do("c").opens("a").fire("b").opens("q").do("q").opens(DONE)


def test_an_inclusive_join_gives_up_on_an_activity_that_ends_elsewhere(play):
    nodes = parallel("ps") + user("a", "c", "q") + boundary("b", "a", timer("PT1H")) + inclusive("pj")
    flows = "s > ps; ps > c > pj; ps > a > x; b > pj; pj > q > e"
    story = play(process(nodes + end("x"), flows)).opens("a c")
    story.do("c").opens("a").do("a").opens("q").do("q").opens(DONE)


def test_an_inclusive_join_does_not_wait_for_a_token_that_may_come_by_a_flow_that_has_one(play):
    nodes = (
        parallel("ps") + user("a", "b", "t", "q") + exclusive("m") + exclusive("g", "g__m") + inclusive("pj")
    )
    flows = "s > ps; ps > a > m; ps > t > g; g > m; g > b if x = 1; m > pj; b > pj; pj > q > e"
    story = play(process(nodes, flows)).opens("a t")
    story.do("a").opens("q t").do("t", x=1).opens("b q").do("b").opens("q q")


def test_a_token_at_an_event_gateway_counts_for_all_its_ways(play):
    nodes = (
        parallel("ps") + user("a", "q") + exclusive("m") + node("eventBasedGateway", "eg") + inclusive("pj")
    )
    nodes += catch("c1", timer("PT1H")) + catch("c2", timer("PT2H"))
    flows = "s > ps; ps > a > m; ps > eg; eg > c1 > m; eg > c2 > pj; m > pj; pj > q > e"
    play(process(nodes, flows)).opens("a").do("a").opens("q")


def test_an_inclusive_gateway_may_merge_a_loop(play):
    nodes = inclusive("m") + user("a") + exclusive("g", "g__e")
    story = play(process(nodes, "s > m > a > g; g > m if lagi; g > e")).opens("a")
    story.do("a", lagi=True).opens("a").do("a", lagi=False).opens(DONE)


def test_a_cycle_of_tasks_without_any_gateway_goes_round(play):
    story = play(process(user("a", "b"), "s > a > b > a")).opens("a")
    for _ in range(3):
        story.do("a").opens("b").do("b").opens("a")


def test_a_process_ends_when_no_token_is_left_even_without_an_end_event(play):
    story = play(process(parallel("ps") + user("a", "b"), "s > ps; ps > a; ps > b > e")).opens("a b")
    story.do("b").opens("a").do("a").opens(DONE)
