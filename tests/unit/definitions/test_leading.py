"""From where an element can still be reached, whatever the conditions say."""

from engine.definitions import parse_xml, read_processes
from engine.definitions.leading import leading_to, reached_from
from tests.unit.interpreter.diagrams import (
    NAMESPACES,
    REFERENCES,
    boundary,
    exclusive,
    link,
    node,
    process,
    throw,
    timer,
    user,
)


def leads(content: str, flows: str, *targets: str) -> str:
    text = f'<bpmn:definitions {NAMESPACES} targetNamespace="x" id="d">{REFERENCES}{process(content, flows)}'
    root = parse_xml(f"{text}</bpmn:definitions>".encode(), "a.bpmn")
    found = leading_to(read_processes(root, "a.bpmn")["p"], targets)
    return " ".join(sorted(found))


def test_what_comes_before_leads_and_what_comes_after_does_not() -> None:
    assert leads(user("a", "b", "c"), "s > a > b > c > e", "b") == "a b s"


def test_a_way_back_leads_too() -> None:
    content = user("a", "b", "c") + exclusive("g")
    assert leads(content, "s > a > b > g > a; g > c > e", "a") == "a b g s"


def test_boundary_events_and_links_lead_where_they_go() -> None:
    content = user("a", "b", "c") + boundary("t", "a", timer("PT1H")) + throw("l1", link("lompat"))
    content += node("intermediateCatchEvent", "l2", link("lompat"))
    assert leads(content, "s > a > b > e; t > l1; l2 > c > e", "c") == "a c l1 l2 s t"


def test_a_sub_process_leads_in_and_out() -> None:
    inside = '<bpmn:startEvent id="si"/><bpmn:endEvent id="ei"/>' + user("x")
    inside += '<bpmn:sequenceFlow id="f1" sourceRef="si" targetRef="x"/>'
    inside += '<bpmn:sequenceFlow id="f2" sourceRef="x" targetRef="ei"/>'
    content = user("a", "b") + node("subProcess", "sub", inside)
    assert leads(content, "s > a > sub > b > e", "b") == "a b ei s si sub x"
    assert leads(content, "s > a > sub > b > e", "x") == "a s si sub x"


def test_an_element_that_is_not_there_is_reached_from_nowhere() -> None:
    assert leads(user("a"), "s > a > e", "tiada") == ""


def nested(last: str) -> str:
    """``outer`` around ``inner`` around ``a > t``; a boundary event of ``outer``, and ``last`` in it."""
    deepest = '<bpmn:startEvent id="si"/>' + user("x", "t")
    deepest += '<bpmn:sequenceFlow id="f1" sourceRef="si" targetRef="x"/>'
    deepest += '<bpmn:sequenceFlow id="f2" sourceRef="x" targetRef="t"/>'
    inside = node("startEvent", "so") + node("subProcess", "inner", deepest) + last
    inside += '<bpmn:sequenceFlow id="f3" sourceRef="so" targetRef="inner"/>'
    return user("b", "h") + node("subProcess", "outer", inside) + boundary("t1", "outer", timer("PT1H"))


def test_a_boundary_event_of_every_sub_process_around_is_a_way_out() -> None:
    found = leads(nested(""), "s > outer > b > e; t1 > h > e", "h")
    assert found == "h inner outer s si so t t1 x"


def test_the_end_of_what_is_inside_goes_on_behind_the_first_that_leads_on() -> None:
    assert leads(nested(""), "s > outer > b > e; t1 > h > e", "b") == "b inner outer s si so t x"
    last = user("y") + '<bpmn:sequenceFlow id="f4" sourceRef="inner" targetRef="y"/>'
    assert leads(nested(last), "s > outer > b > e; t1 > h > e", "b") == "b inner outer s si so t x y"


def test_what_is_not_completed_is_not_gone_behind_either() -> None:
    text = f'<bpmn:definitions {NAMESPACES} targetNamespace="x" id="d">{REFERENCES}'
    text += f"{process(nested(''), 's > outer > b > e; t1 > h > e')}</bpmn:definitions>"
    read = read_processes(parse_xml(text.encode(), "a.bpmn"), "a.bpmn")["p"]
    assert "b" in reached_from(read, ["x"])
    assert {"b", "h"} & reached_from(read, ["x"], ["t"]) == {"h"}
