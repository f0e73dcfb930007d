import pytest

from engine import interpreter
from engine.errors import StepBudgetExceeded
from tests.unit.interpreter.diagrams import (
    END,
    ERROR,
    START,
    TERMINATE,
    boundary,
    call,
    end,
    many,
    node,
    parallel,
    process,
    service,
    start,
    sub,
    user,
)
from tests.unit.interpreter.story import DONE, Story, new_host

CALLED = node(
    "process",
    "q",
    '<bpmn:startEvent id="qs"/><bpmn:userTask id="qa"/><bpmn:endEvent id="qe"/>'
    '<bpmn:sequenceFlow id="f1" sourceRef="qs" targetRef="qa"/>'
    '<bpmn:sequenceFlow id="f2" sourceRef="qa" targetRef="qe"/>',
)


def test_a_called_process_has_variables_of_its_own(play):
    caller = call(
        "ca",
        "q",
        'in source="skor" target="nilai"',
        'in sourceExpression="skor + 1" target="n1"',
        'out source="hasil" target="keluar"',
    )
    story = play(process(user("i", "z") + caller, "s > i > ca > z > e"), CALLED)
    story.do("i", skor=4).opens("qa")
    assert dict(story.workflow.variables(story.at("qa").token_id)) == {"nilai": 4, "n1": 5}
    story.do("qa", hasil="ok", rahasia=1).opens("z").do("z").opens(DONE)
    assert story.variables == {"skor": 4, "keluar": "ok"}


def test_a_called_process_without_mappings_sees_nothing(play):
    story = play(process(user("i", "z") + call("ca", "q"), "s > i > ca > z > e"), CALLED)
    story.do("i", skor=4).opens("qa")
    assert dict(story.workflow.variables(story.at("qa").token_id)) == {}
    story.do("qa", hasil=1).opens("z")
    assert story.variables == {"skor": 4}


def test_a_business_key_is_not_mapped_because_the_instance_has_one(play):
    caller = call("ca", "q", 'in businessKey="nomor"')
    story = play(process(caller, "s > ca > e"), CALLED, nomor="7")
    assert dict(story.workflow.variables(story.at("qa").token_id)) == {}


def test_a_host_may_forget_an_empty_scope():
    story = Story(process(call("ca", "q"), "s > ca > e"), CALLED, reload=False)
    token = story.at("qa").token_id
    workflow = interpreter.load(story.workflow.save(), story.executable, new_host())
    assert dict(workflow.variables(token)) == {}
    workflow.complete(token, {"x": 1})
    assert workflow.completed


def test_all_variables_may_go_in_and_out(play):
    caller = call("ca", "q", 'in variables="all"', 'out variables="all"')
    story = play(process(user("i", "z") + caller, "s > i > ca > z > e"), CALLED)
    story.do("i", skor=4).do("qa", hasil=1).opens("z")
    assert story.variables == {"skor": 4, "hasil": 1}


def test_waiting_names_the_process_that_the_element_is_part_of(play):
    story = play(process(user("i", "z") + call("ca", "q"), "s > i > ca > z > e"), CALLED).do("i")
    assert [(w.process_key, w.element_id) for w in story.waiting] == [("q", "qa")]


def test_sub_processes_of_two_processes_may_have_the_same_id(play):
    own = sub("sp", start("s1") + user("k") + end("e1"), "s1 > k > e1")
    other = node("process", "q", START + sub("sp", start("s1") + user("l") + end("e1"), "s1 > l > e1") + END)
    other = other.replace(
        "</bpmn:process>",
        '<bpmn:sequenceFlow id="f1" sourceRef="s" targetRef="sp"/>'
        '<bpmn:sequenceFlow id="f2" sourceRef="sp" targetRef="e"/></bpmn:process>',
    )
    story = play(process(own + call("ca", "q"), "s > sp > ca > e"), other)
    story.opens("k").do("k").opens("l").do("l").opens(DONE)


def test_a_sub_process_ends_when_no_token_is_left_in_it(play):
    inner = sub("sp", start("s1") + user("k"), "s1 > k")
    story = play(process(inner + user("z"), "s > sp > z > e")).opens("k")
    story.do("k").opens("z").do("z").opens(DONE)


def test_a_terminate_end_event_ends_its_own_sub_process_only(play):
    nodes = start("s1") + parallel("p1") + user("k", "l") + end("e1", TERMINATE) + end("e2")
    inner = sub("sp", nodes, "s1 > p1; p1 > k > e1; p1 > l > e2")
    story = play(process(inner + user("z"), "s > sp > z > e")).opens("k l")
    story.do("k").opens("z").do("z").opens(DONE)


def test_a_terminate_end_event_ends_the_process(play):
    nodes = parallel("ps") + user("a", "b") + end("t", TERMINATE)
    story = play(process(nodes, "s > ps; ps > a > t; ps > b > e")).opens("a b")
    story.do("a").opens(DONE)


def test_an_error_inside_a_called_process_reaches_the_boundary_of_the_call(play):
    called = CALLED.replace(
        "userTask id", 'serviceTask camunda:type="external" camunda:topic="t" id'
    ).replace("userTask", "serviceTask")
    caller = call("ca", "q", 'in variables="all"', loop=many("ahli", "a1"))
    nodes = user("i", "z", "x") + caller + boundary("b", "ca", ERROR)
    story = play(process(nodes, "s > i > ca > z > e; b > x > e"), called)
    story.do("i", ahli=[1, 2]).opens("qa qa").fail("qa", "TOLAK").opens("x").do("x").opens(DONE)
    assert story.host.scopes.keys() == {"p:"}


def test_elements_may_be_called_like_the_library_calls_its_own(play):
    nodes = '<bpmn:startEvent id="Start"/><bpmn:userTask id="Root"/><bpmn:endEvent id="End"/>'
    flows = '<bpmn:sequenceFlow id="f1" sourceRef="Start" targetRef="Root"/>'
    flows += '<bpmn:sequenceFlow id="f2" sourceRef="Root" targetRef="End"/>'
    story = play(node("process", "p", nodes + flows)).opens("Root")
    story.do("Root").opens(DONE)


def test_the_scopes_of_a_saved_token_are_listed_from_the_inside_out(play):
    repeated = sub("sp", start("s1") + service("k") + end("e1"), "s1 > k > e1", loop=many("ahli", "a1"))
    story = play(process(repeated, "s > sp > e"), ahli=[7])
    token = story.at("k").token_id
    inner, outer = interpreter.scope_ids(story.workflow.save(), story.executable, token)
    assert story.host.scopes[inner]["a1"] == 7
    assert outer == "p:"


def test_a_process_that_calls_itself_is_stopped(play):
    with pytest.raises(StepBudgetExceeded, match="stopped at c"):
        play(process(call("c", "p"), "s > c > e"))
