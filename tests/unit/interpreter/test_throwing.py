"""What leaves an instance: external tasks, messages and signals with what they carry; timers that start."""

import pytest

from engine import interpreter
from engine.definitions import read_processes
from engine.errors import ExecutionFailed
from engine.interpreter import StartTimer, Thrown
from tests.unit.interpreter.diagrams import (
    MESSAGE,
    SIGNAL,
    boundary,
    catch,
    document,
    end,
    node,
    parallel,
    process,
    start,
    throw,
    timer,
    user,
)
from tests.unit.interpreter.story import DONE

PAYLOAD = '<camunda:in source="nama" target="siapa"/><camunda:in sourceExpression="umur + 1" target="nanti"/>'


def carrying(event: str, mappings: str) -> str:
    tag = event[1:].split(maxsplit=1)[0]
    return event.replace("/>", f"><bpmn:extensionElements>{mappings}</bpmn:extensionElements></{tag}>")


def external(topic: str) -> str:
    return f'<bpmn:messageEventDefinition camunda:type="external" camunda:topic="{topic}"/>'


@pytest.mark.parametrize("tag", ["serviceTask", "sendTask", "businessRuleTask"])
def test_an_external_task_waits_under_its_topic(play, tag):
    story = play(process(node(tag, "x", camunda_type="external", camunda_topic="sipp"), "s > x > e"))
    waiting = story.at("x")
    assert (waiting.kind, waiting.name) == ("external_task", "sipp")
    story.do("x", hasil=1).opens(DONE)
    assert story.host.outbox == []


def test_a_topic_in_feel_is_worked_out_once(play):
    task = node("serviceTask", "x", camunda_type="external", camunda_topic='= "sipp-" + daerah')
    story = play(process(task, "s > x > e"), daerah="pasuruan")
    assert story.set(daerah="lain").at("x").name == "sipp-pasuruan"


def test_a_topic_that_is_no_text_fails_by_name(play):
    task = node("serviceTask", "x", camunda_type="external", camunda_topic="= daerah")
    with pytest.raises(ExecutionFailed, match="at x: '= daerah' is no text"):
        play(process(task, "s > x > e"))


def test_a_worker_may_send_the_message_of_an_event(play):
    story = play(process(throw("t", external("surat")) + end("e2", external("arsip")), "s > t > e2"))
    assert [(w.element_id, w.kind, w.name) for w in story.waiting] == [("t", "external_task", "surat")]
    story.do("t")
    assert story.at("e2").name == "arsip"
    story.do("e2").opens(DONE)
    assert story.host.outbox == []


def test_a_message_carries_what_the_diagram_maps(play):
    sent = carrying(MESSAGE, PAYLOAD + '<camunda:in businessKey="= nomor"/>')
    story = play(process(throw("t", sent), "s > t > e"), nama="Ani", umur=11, nomor="PAS-1").opens(DONE)
    assert story.host.outbox == [
        Thrown("message", "putusan", {"siapa": "Ani", "nanti": 12}, "PAS-1", "p", "t")
    ]


def test_a_send_task_throws_its_message(play):
    mappings = '<bpmn:extensionElements><camunda:in variables="all"/></bpmn:extensionElements>'
    task = node("sendTask", "t", mappings, messageRef="m_putusan") + boundary("b", "t", SIGNAL)
    story = play(process(task, "s > t > e; b > e"), a=1, b=[2]).opens(DONE)
    assert story.host.outbox == [Thrown("message", "putusan", {"a": 1, "b": [2]}, None, "p", "t")]


def test_a_message_is_not_caught_by_its_own_instance(play):
    nodes = parallel("ps") + catch("c", MESSAGE) + user("a") + end("e2", MESSAGE)
    story = play(process(nodes, "s > ps; ps > c > e; ps > a > e2")).do("a").opens("")
    assert [w.element_id for w in story.waiting] == ["c"]
    assert len(story.host.outbox) == 1


def test_a_signal_brings_what_it_carries_to_its_own_instance_too(play):
    nodes = parallel("ps") + catch("c", SIGNAL) + user("a", "z") + end("e2", carrying(SIGNAL, PAYLOAD))
    story = play(process(nodes, "s > ps; ps > c > z > e; ps > a > e2"), nama="Ani", umur=1).do("a").opens("z")
    assert story.variables == {"nama": "Ani", "umur": 1, "siapa": "Ani", "nanti": 2}
    assert [(t.kind, t.name, t.values) for t in story.host.outbox] == [
        ("signal", "darurat", {"siapa": "Ani", "nanti": 2})
    ]


def test_a_business_key_that_is_no_text_fails_by_name(play):
    sent = carrying(MESSAGE, '<camunda:in businessKey="= nomor"/>')
    with pytest.raises(ExecutionFailed, match="at t: '= nomor' is no text"):
        play(process(throw("t", sent), "s > t > e"), nomor=7)


def test_a_signal_starts_the_process_at_its_own_start_event(play):
    nodes = start("s2", SIGNAL) + start("s3", timer("PT1H")) + user("a", "b", "c")
    flows = "s > a > e; s2 > b > e; s3 > c > e"
    play(process(nodes, flows), start_event="s2").opens("b").do("b").opens(DONE)
    play(process(nodes, flows), start_event="s3").opens("c").do("c").opens(DONE)
    assert len(play(process(nodes, flows)).opens("a").waiting) == 1


def test_the_host_learns_which_timers_start_a_process():
    nodes = (
        start("s2", timer("R3/PT1H", "timeCycle")) + start("s3", timer('= "P" + "1D"')) + start("s4", SIGNAL)
    )
    (found,) = read_processes(document(process(nodes, "s > e; s2 > e; s3 > e; s4 > e")), "").values()
    assert interpreter.start_timers(found) == (
        StartTimer("s2", "timeCycle", "R3/PT1H"),
        StartTimer("s3", "timeDuration", "P1D"),
    )
    element = found.signal_start("darurat")
    assert element is not None
    assert element.id == "s4"
    assert found.signal_start("putusan") is None


@pytest.mark.parametrize(("kind", "text"), [("timeDuration", "batas"), ("timeCycle", "5")])
def test_a_start_timer_without_a_time_names_its_event(kind, text):
    (found,) = read_processes(document(process(start("s2", timer(text, kind)), "s > e; s2 > e")), "").values()
    with pytest.raises(ExecutionFailed, match="at s2: the timer"):
        interpreter.start_timers(found)


@pytest.mark.parametrize(
    ("cycle", "rest"),
    [
        ("R3/PT1H", "R2/DUE/PT1H"),
        ("R2/FIRST/PT1H", "R1/FIRST/PT1H"),
        ("R1/FIRST/PT1H", None),
        ("R/P1D", "R/DUE/P1D"),
        ("R0/P1D", None),
        ("", None),
    ],
)
def test_a_cycle_goes_on_from_its_first_time_until_its_number_is_used_up(cycle, rest):
    assert interpreter.rest_of_cycle(cycle, "DUE") == rest
