import threading

import pytest
from lxml import etree

from engine import interpreter
from engine.errors import XmlRefused
from tests.unit.interpreter.diagrams import (
    ESCALATION,
    MESSAGE,
    boundary,
    call,
    catch,
    document,
    end,
    exclusive,
    link,
    many,
    node,
    on_event,
    process,
    start,
    sub,
    throw,
    timer,
    user,
)
from tests.unit.interpreter.story import new_host
from tests.unit.interpreter.test_scopes_and_calls import CALLED

UNFIT = {
    "a scriptTask is not run": process(node("scriptTask", "x"), "s > x > e"),
    "a adHocSubProcess is not run": process(node("adHocSubProcess", "x", start("s1")), "s > x > e"),
    "a complexGateway is not run": process(node("complexGateway", "x"), "s > x > e"),
    "a compensate event is not run here": process(
        on_event("x", "<bpmn:compensateEventDefinition/>", "", ""), "s > e"
    ),
    "an event has one definition": process(catch("x", MESSAGE + timer("PT1H")), "s > x > e"),
    "it waits for nothing": process(catch("x", ""), "s > x > e"),
    "a timer event is not run here": process(throw("x", timer("PT1H")), "s > x > e"),
    "the message has no name": process(catch("x", "<bpmn:messageEventDefinition/>"), "s > x > e"),
    "the timer says no time": process(catch("x", "<bpmn:timerEventDefinition/>"), "s > x > e"),
    "the condition is missing": process(catch("x", "<bpmn:conditionalEventDefinition/>"), "s > x > e"),
    "it calls nothing": process(node("callActivity", "x"), "s > x > e"),
    "it asks no decision": process(node("businessRuleTask", "x"), "s > x > e"),
    "only activities can be repeated": process(
        node("exclusiveGateway", "x", many(cardinality="2")), "s > x > e"
    ),
    "multi-instance over nothing": process(node("userTask", "x", many()), "s > x > e"),
    "loopMaximum is no number": process(
        node("userTask", "x", '<bpmn:standardLoopCharacteristics loopMaximum="n"/>'), "s > x > e"
    ),
    "the loop says neither how often nor how long": process(
        node("userTask", "x", "<bpmn:standardLoopCharacteristics/>"), "s > x > e"
    ),
    "it is attached to no activity of its scope": process(
        exclusive("g") + boundary("x", "g", timer("PT1H")), "s > g > e; x > e"
    ),
    "the id is no XML name": process(user("x y"), "s > e").replace("x y", "x [item]"),
    "the link leads to 0 events, not one": process(throw("x", link("A")), "s > x; e > e").replace(
        '<bpmn:sequenceFlow id="e__e" sourceRef="e" targetRef="e"></bpmn:sequenceFlow>', ""
    ),
    "a sub-process needs one start event, not 0": process(sub("x", user("k"), ""), "s > x > e"),
    "an event sub-process needs one start event with an event": process(
        sub("x", start("s1"), "").replace("<bpmn:subProcess ", '<bpmn:subProcess triggeredByEvent="true" '),
        "s > e",
    ),
    "it stands in nothing that is run": process(
        sub("x", start("s1"), "").replace('<bpmn:subProcess id="x"', "<bpmn:subProcess"), "s > e"
    ),
    "no flow may lead from or to these elements": process(user("a"), "s > a > e; e > a"),
    "the flow does not connect two elements of its own scope": process(
        sub("sp", start("s1") + user("k"), "s1 > k"), "s > k > e"
    ),
    "behind an event-based gateway stand catching events only": process(
        node("eventBasedGateway", "g") + user("a"), "s > g > a > e"
    ),
    "only exclusive and inclusive gateways choose by condition": process(user("a"), "s > a; a > e if x > 1"),
    "the flow needs a condition, or must be the default flow": process(
        exclusive("g") + user("a", "b"), "s > g; g > a if x; g > b; a > e; b > e"
    ),
}


@pytest.mark.parametrize("reason", UNFIT)
def test_what_cannot_be_run_faithfully_is_refused(reason):
    with pytest.raises(XmlRefused) as refusal:
        interpreter.define([document(UNFIT[reason])], "p")
    assert reason in str(refusal.value)


def test_a_boundary_event_on_an_activity_of_another_scope_is_refused():
    inner = sub("sp", start("s1") + user("k"), "s1 > k")
    diagram = process(inner + boundary("x", "k", timer("PT1H")), "s > sp > e; x > e")
    with pytest.raises(XmlRefused, match="attached to no activity of its scope"):
        interpreter.define([document(diagram)], "p")


def test_a_missing_process_is_named():
    with pytest.raises(XmlRefused, match="the process 'q' is missing"):
        interpreter.define([document(process(call("c", "q"), "s > c > e"))], "p")


def test_a_called_process_that_only_a_message_starts_is_refused():
    called = CALLED.replace('<bpmn:startEvent id="qs"/>', start("qs", MESSAGE) + start("qs2", MESSAGE))
    with pytest.raises(XmlRefused, match="no start event of its own"):
        interpreter.define([document(process(call("c", "q"), "s > c > e"), called)], "p")


def test_a_process_in_two_files_is_refused():
    root = document(process(user("a"), "s > a > e"))
    with pytest.raises(XmlRefused, match="the process 'p' is there twice"):
        interpreter.define([root, root], "p")


def test_called_processes_come_from_other_files():
    roots = [document(process(call("c", "q"), "s > c > e")), document(CALLED)]
    workflow = interpreter.start(interpreter.define(roots, "p"), new_host())
    assert [w.element_id for w in workflow.waiting()] == ["qa"]


def test_files_may_use_the_same_ids_for_different_messages():
    mine = document(process(catch("c", MESSAGE) + call("ca", "q"), "s > c > ca > e"))
    called = CALLED.replace("userTask", "intermediateCatchEvent").replace('id="qa"/>', f'id="qa">{MESSAGE}')
    called = called.replace("</bpmn:messageEventDefinition>", "").replace(
        f"{MESSAGE}", f"{MESSAGE}</bpmn:intermediateCatchEvent>"
    )
    other = document(called)
    other.find("{*}message").set("name", "lain")
    workflow = interpreter.start(interpreter.define([mine, other], "p"), new_host())
    (first,) = workflow.waiting()
    workflow.trigger(first.token_id)
    (second,) = workflow.waiting()
    assert (first.name, second.name) == ("putusan", "lain")


def test_a_diagram_is_read_and_not_changed():
    root = document(process(throw("l1", link("A")) + catch("l2", link("A")), "s > l1; l2 > e"))
    before = etree.tostring(root)
    interpreter.define([root], "p")
    assert etree.tostring(root) == before


def test_a_diagram_may_have_a_thousand_tasks_in_a_row():
    names = [f"t{i}" for i in range(1000)]
    root = document(process("".join(node("task", n) for n in names), " > ".join(["s", *names, "e"])))
    assert interpreter.start(interpreter.define([root], "p"), new_host()).completed


def test_the_order_of_conditions_is_the_order_of_the_flows_not_of_the_shapes():
    nodes = exclusive("g") + user("a", "b")
    root = document(process(nodes, "s > g; g > b if x > 0; g > a if x > 0; a > e; b > e"))
    workflow = interpreter.start(interpreter.define([root], "p"), new_host({"x": 1}))
    assert [w.element_id for w in workflow.waiting()] == ["b"]


def test_threads_may_share_a_definition():
    handler = on_event("esp", ESCALATION, user("ek") + end("ee"), "esp_s > ek > ee", interrupting=False)
    nodes = node("userTask", "m", many("ahli", "a1")) + user("z") + throw("th", ESCALATION) + handler
    executable = interpreter.define([document(process(nodes, "s > m > th > z > e"))], "p")
    ended: list[bool] = []

    def work() -> None:
        for n in range(20):
            host = new_host({"ahli": list(range(n % 4))})
            workflow = interpreter.start(executable, host)
            while tasks := [w for w in workflow.waiting() if w.kind == "user_task"]:
                workflow.complete(tasks[0].token_id, {"n": n})
                workflow = interpreter.load(workflow.save(), executable, host)
            ended.append(workflow.completed)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ended == [True] * 160
