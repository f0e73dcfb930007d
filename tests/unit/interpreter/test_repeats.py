import pytest

from engine.errors import ExecutionFailed
from tests.unit.interpreter.diagrams import (
    again_while,
    boundary,
    call,
    exclusive,
    many,
    node,
    process,
    sub,
    timer,
    user,
)
from tests.unit.interpreter.story import DONE


def review(loop: str, before: str = "") -> str:
    """``i``, then the repeated user task ``m``, then ``z``."""
    return process(user("i", "z") + node("userTask", "m", loop), "s > i > m > z > e")


INSIDE = '<bpmn:startEvent id="s1"/>' + user("k", "l") + '<bpmn:endEvent id="e1"/>'


def test_parallel_items_collect_their_results_and_end_by_the_completion_condition(play):
    loop = many("ahli", "ahli1", until="nrOfCompletedInstances >= 2", output="pendapat", item="p")
    story = play(review(loop)).opens("i")
    story.do("i", ahli=["x", "y", "w"]).opens("m m m")
    assert story.workflow.variables(story.at("m").token_id)["ahli1"] == "x"
    story.do("m", p="setuju").opens("m m").do("m", p="tolak").opens("z").do("z").opens(DONE)
    assert story.variables == {"ahli": ["x", "y", "w"], "pendapat": ["setuju", "tolak", None]}


@pytest.mark.parametrize("spoilt", [None, [], 7, "x", {"a": 1}])
def test_results_that_a_task_has_overwritten_are_begun_anew(play, spoilt):
    story = play(review(many("ahli", output="pendapat", item="p"))).do("i", ahli=["x", "y"])
    story.workflow.set_variables({"pendapat": spoilt})
    story.do("m", p="setuju").do("m", p="tolak").opens("z")
    assert story.variables["pendapat"] == ["setuju", "tolak"]


def test_results_that_outer_items_share_do_not_get_into_the_way_of_each_other(play):
    each = node("userTask", "m", many("lebih", output="pendapat", item="p"))
    inner = sub("sp", '<bpmn:startEvent id="s1"/>' + user("k") + each, "s1 > k > m", loop=many("ahli"))
    story = play(process(inner, "s > sp > e"), ahli=[1, 2], lebih=[1, 2, 3]).opens("k k")
    story.do("k").opens("k m m m").do("k", lebih=[1]).opens("m m m m")
    for _ in range(4):
        story.do("m", p="ya")
    story.opens(DONE)
    assert story.variables["pendapat"][0] == "ya"


def test_items_see_how_many_there_are(play):
    story = play(review(many("ahli"))).do("i", ahli=[1, 2, 3]).do("m").opens("m m")
    token = story.at("m").token_id
    counters = "[nrOfInstances, nrOfCompletedInstances, nrOfActiveInstances, loopCounter]"
    assert story.workflow.evaluate(token, counters) == [3, 1, 2, 1]


def test_sequential_items_come_one_after_the_other_also_in_a_loop(play):
    nodes = node("userTask", "m", many("ahli", "a1", sequential=True)) + exclusive("mm") + user("i", "z")
    flows = "s > mm > i > m > z > g; g > mm if lagi; g > e"
    story = play(process(nodes + exclusive("g", "g__e"), flows)).opens("i")
    story.do("i", ahli=["x", "y"]).opens("m").do("m").opens("m").do("m").opens("z")
    story.do("z", lagi=True).opens("i").do("i", ahli=[]).opens("z").do("z", lagi=False).opens(DONE)


def test_a_null_item_is_an_item(play):
    story = play(review(many("ahli", "a1", sequential=True))).do("i", ahli=[None, None]).opens("m")
    story.do("m").opens("m").do("m").opens("z")


def test_a_collection_that_shrinks_ends_early(play):
    story = play(review(many("ahli", "a1", sequential=True))).do("i", ahli=["x", "y", "z"]).opens("m")
    story.do("m", ahli=["x"]).opens("z")


def test_a_cardinality_is_asked_once(play):
    story = play(review(many(cardinality="n", sequential=True))).do("i", n=3).opens("m")
    story.do("m", n=0).opens("m").do("m", n=9).opens("m").do("m").opens("z")


def test_a_cardinality_counts_items(play):
    story = play(review(many(cardinality="n + 1"))).do("i", n=1).opens("m m")
    story.do("m").opens("m").do("m").opens("z")


def test_an_empty_collection_skips_the_activity_and_leaves_no_results(play):
    story = play(review(many("ahli", output="pendapat", item="p")), pendapat=["lama"])
    story.do("i", ahli=[]).opens("z")
    assert story.variables["pendapat"] == []


@pytest.mark.parametrize("ahli", [None, "x", 3, {"a": 1}])
def test_a_collection_that_is_no_list_fails_by_name(play, ahli):
    story = play(review(many("ahli")))
    with pytest.raises(ExecutionFailed, match="at m: the collection 'ahli' is no list"):
        story.do("i", ahli=ahli)


@pytest.mark.parametrize("n", [None, -1, 1.5, True, "2"])
def test_a_cardinality_that_is_no_number_of_instances_fails_by_name(play, n):
    story = play(review(many(cardinality="n")))
    with pytest.raises(ExecutionFailed, match="at m: 'n' is no number"):
        story.do("i", n=n)


def test_items_are_variables_inside_a_sub_process(play):
    inside = INSIDE + exclusive("g1", "g1__k")
    repeated = sub(
        "sp", inside, 's1 > g1; g1 > k; g1 > l if a1 = "y"; k > e1; l > e1', loop=many("ahli", "a1")
    )
    story = play(process(user("i", "z") + repeated, "s > i > sp > z > e")).opens("i")
    story.do("i", ahli=["x", "y"]).opens("k l").do("k").opens("l").do("l").opens("z").do("z").opens(DONE)
    assert story.host.scopes.keys() == {"p:"}


def test_a_variable_of_an_item_is_written_to_the_item_and_others_to_the_process(play):
    repeated = sub("sp", INSIDE, "s1 > k > l > e1", loop=many("ahli", "a1"))
    story = play(process(user("i", "z") + repeated, "s > i > sp > z > e"))
    story.do("i", ahli=["x", "y"]).do("k", a1="baru", skor=1)
    token = story.at("l").token_id
    assert story.workflow.variables(token)["a1"] == "baru"
    assert story.variables == {"ahli": ["x", "y"], "skor": 1}


def test_a_sequential_sub_process_with_a_timer_inside_goes_on_with_the_next_item(play):
    inside = INSIDE + boundary("b", "k", timer("PT1H"))
    repeated = sub("sp", inside, "s1 > k > e1; b > l > e1", loop=many("ahli", "a1", sequential=True))
    story = play(process(user("i", "z") + repeated, "s > i > sp > z > e"))
    story.do("i", ahli=[None, 2]).opens("k").fire("b").opens("l").do("l").opens("k").do("k").opens("z")


def test_an_interrupting_timer_ends_all_items_of_a_sub_process(play):
    repeated = sub("sp", INSIDE, "s1 > k > e1", loop=many("ahli", "a1"))
    nodes = user("i", "x", "z") + repeated + boundary("b", "sp", timer("PT1H"))
    story = play(process(nodes, "s > i > sp > z > e; b > x > e"))
    story.do("i", ahli=[1, 2]).opens("k k").do("k").opens("k").fire("b").opens("x")
    assert story.host.scopes.keys() == {"p:"}
    story.do("x").opens(DONE)


def test_each_item_may_call_a_process(play):
    called = '<bpmn:process id="q"><bpmn:startEvent id="qs"/><bpmn:userTask id="qa"/><bpmn:endEvent id="qe"/>'
    called += '<bpmn:sequenceFlow id="f1" sourceRef="qs" targetRef="qa"/>'
    called += '<bpmn:sequenceFlow id="f2" sourceRef="qa" targetRef="qe"/></bpmn:process>'
    caller = call(
        "ca",
        "q",
        'in source="a1" target="nilai"',
        'out source="nilai" target="akhir"',
        loop=many("ahli", "a1"),
    )
    story = play(process(user("i", "z") + caller, "s > i > ca > z > e"), called)
    story.do("i", ahli=[1, 2]).opens("qa qa").do("qa").opens("qa")
    assert story.variables["akhir"] == 1
    story.do("qa").opens("z").do("z").opens(DONE)
    assert story.variables == {"ahli": [1, 2], "akhir": 2}


def test_a_standard_loop_asks_after_each_round(play):
    story = play(process(node("userTask", "m", again_while("lagi")) + user("z"), "s > m > z > e")).opens("m")
    story.do("m", lagi=True).opens("m").do("m", lagi=False).opens("z").do("z").opens(DONE)


def test_a_standard_loop_may_ask_first(play):
    story = play(review(again_while("lagi", before=True))).opens("i")
    story.do("i").opens("z").do("z").opens(DONE)


def test_a_standard_loop_ends_at_its_maximum(play):
    story = play(process(node("userTask", "m", again_while("", maximum=2)) + user("z"), "s > m > z > e"))
    story.opens("m").do("m").opens("m").do("m").opens("z")
