"""Rules about the graph, ids and files of a diagram."""

import pytest

from engine.definitions.lint import Known, lint
from engine.definitions.lint.ids import MAX_ELEMENTS
from tests.unit.lint.diagrams import (
    END,
    EXECUTABLE,
    KNOWN,
    ROOT,
    START,
    TASK,
    around,
    document,
    findings,
    fired,
    flow,
    path,
    user_task,
)

PLAIN = around(TASK)


def rules(**resources: bytes) -> list[str]:
    return [f.rule for f in lint({n.replace("_", "."): c for n, c in resources.items()}, KNOWN)]


def test_a_plain_diagram_is_in_order():
    assert fired(PLAIN) == []


def test_a_finding_names_the_file_the_element_its_line_and_what_to_do():
    content = document(around(user_task(formRef="tidak_ada"))).replace(
        b"<bpmn:userTask", b"\n\n<bpmn:userTask"
    )
    (finding,) = lint({"a.bpmn": content}, KNOWN)
    assert (finding.resource, finding.element_id, finding.element_name, finding.line) == (
        "a.bpmn",
        "t",
        "Periksa",
        3,
    )
    assert str(finding) == (
        "a.bpmn:3: t 'Periksa': There is no form 'tidak_ada'. Correct the form reference, or deploy the form "
        "together with the diagram. [form-unknown]"
    )


def test_errors_come_before_warnings():
    found = findings(START + user_task(formRef="tidak_ada") + flow("s", "t"))
    assert [f.rule for f in found] == ["form-unknown", "dead-end"]
    assert [f.severity for f in found] == ["error", "warning"]


def test_what_is_not_xml_is_a_finding_with_its_line():
    (finding,) = lint({"a.bpmn": b"<a>\n<b></a>"}, KNOWN)
    assert (finding.rule, finding.line) == ("xml-refused", 2)


def test_a_doctype_is_a_finding():
    assert rules(a_bpmn=b"<!DOCTYPE a><a/>", b_dmn=b"<!DOCTYPE a><a/>") == ["xml-refused", "xml-refused"]


@pytest.mark.parametrize("name", ["a_txt", "a_py", "a", "a_bpmn_exe"])
def test_a_file_of_another_kind_is_refused(name: str):
    assert rules(**{name: b"x"}) == ["file-unknown"]


def test_a_diagram_in_a_table_file_is_refused():
    assert rules(a_dmn=document(PLAIN)) == ["file-unknown"]


def test_the_suffix_may_be_in_capitals():
    assert lint({"A.BPMN": document(PLAIN)}, KNOWN) == []


def test_a_process_in_two_files_is_refused():
    found = lint({"a.bpmn": document(PLAIN), "b.bpmn": document(PLAIN)}, KNOWN)
    assert [(f.rule, f.resource, f.element_id) for f in found] == [("definition-duplicate", "b.bpmn", "p")]
    assert "a.bpmn" in found[0].message


def test_a_process_and_a_partner_s_of_the_same_key_are_refused():
    partner = '<bpmn:process id="p"/>'
    other = document(PLAIN, EXECUTABLE.replace('id="p"', 'id="q"'), partner)
    found = lint({"a.bpmn": document(PLAIN), "b.bpmn": other}, KNOWN)
    assert [(f.rule, f.resource) for f in found] == [("definition-duplicate", "b.bpmn")]


def test_a_file_may_hold_a_partner_s_process_that_is_not_executable():
    partner = '<bpmn:process id="q"><bpmn:scriptTask id="x"/></bpmn:process>'
    assert fired(PLAIN, root=partner) == []


def test_a_diagram_in_which_nothing_can_run_is_refused():
    assert fired(PLAIN, 'id="p"') == ["process-not-executable"]


def test_a_diagram_without_a_process_is_refused():
    content = document(PLAIN).replace(b":process", b":category")
    assert rules(a_bpmn=content) == ["process-not-executable"]


@pytest.mark.parametrize("element_id", ["", "1a", "a b", "a:b", "a[child]", "x" * 201])
def test_an_id_that_is_no_xml_name_is_refused(element_id: str):
    task = TASK.replace('"t"', f'"{element_id}"')
    assert "id-invalid" in fired(around(task, element_id))


def test_a_process_without_an_id_is_refused():
    assert fired(PLAIN, 'isExecutable="true"') == ["id-invalid"]


def test_one_id_for_two_elements_is_refused_with_both_lines():
    found = findings(PLAIN, root='<bpmn:message id="t" name="x"/>')
    assert [f.rule for f in found] == ["id-duplicate"]
    assert found[0].element_id == "t"


def test_a_diagram_beyond_all_measure_is_not_looked_into():
    many = "".join(f'<bpmn:task id="t{n}"/>' for n in range(MAX_ELEMENTS + 1))
    assert fired(many) == ["diagram-too-large"]


def test_a_process_without_a_start_event_is_refused():
    assert fired(TASK + END + path("t", "e")) == ["start-missing", "unreachable", "unreachable"]


def test_an_empty_sub_process_has_no_start_event():
    assert fired(around('<bpmn:subProcess id="t"/>')) == ["start-missing"]


def test_a_sub_process_with_its_own_start_and_end_is_in_order():
    inside = '<bpmn:startEvent id="s1"/>' + TASK + '<bpmn:endEvent id="e1"/>' + path("s1", "t", "e1")
    assert fired(around(f'<bpmn:subProcess id="sp">{inside}</bpmn:subProcess>', "sp")) == []


def test_two_starts_by_hand_are_refused():
    second = '<bpmn:startEvent id="s2" name="Undangan"/>' + flow("s2", "t")
    found = findings(PLAIN + second)
    assert [(f.rule, f.element_id) for f in found] == [("start-several", "s2")]


def message_start(element_id: str, message: str = "m") -> str:
    return (
        f'<bpmn:startEvent id="{element_id}"><bpmn:messageEventDefinition messageRef="{message}"/>'
        f"</bpmn:startEvent>{flow(element_id, 't')}"
    )


def test_a_start_by_hand_and_one_by_message_stand_together():
    assert fired(PLAIN + message_start("s2")) == []


def test_a_message_and_a_signal_of_one_name_and_several_timers_start_one_process():
    root = ROOT + '<bpmn:signal id="si" name="putusan"/>'
    signal = message_start("s3", "si").replace("message", "signal")
    daily = "<bpmn:timerEventDefinition><bpmn:timeCycle>R/P1D</bpmn:timeCycle></bpmn:timerEventDefinition>"
    timers = "".join(
        f'<bpmn:startEvent id="{i}">{daily}</bpmn:startEvent>{flow(i, "t")}' for i in ("s4", "s5")
    )
    assert fired(PLAIN + message_start("s2") + signal + timers, root=root) == []


def test_two_starts_by_one_message_are_refused():
    assert fired(PLAIN + message_start("s2") + message_start("s3")) == ["start-several"]


def test_a_task_that_nothing_leads_to_is_refused():
    found = findings(PLAIN + '<bpmn:task id="mati" name="Mati"/>' + flow("mati", "e"))
    assert [(f.rule, f.element_id) for f in found] == [("unreachable", "mati")]


def test_a_circle_that_nothing_leads_to_is_refused():
    circle = '<bpmn:task id="a"/><bpmn:task id="b"/>' + path("a", "b", "a")
    assert fired(PLAIN + circle) == ["unreachable", "unreachable"]


def test_what_stands_in_an_unreachable_sub_process_is_unreachable_too():
    inside = '<bpmn:startEvent id="s1"/><bpmn:endEvent id="e1"/>' + path("s1", "e1")
    dead = f'<bpmn:subProcess id="sp">{inside}</bpmn:subProcess>' + flow("sp", "e")
    assert fired(PLAIN + dead) == ["unreachable"] * 3


def test_an_element_without_a_way_out_is_mentioned():
    found = findings(START + TASK + flow("s", "t"))
    assert [(f.rule, f.severity, f.element_id) for f in found] == [("dead-end", "warning", "t")]


@pytest.mark.parametrize(
    "broken",
    [
        '<bpmn:sequenceFlow id="f" sourceRef="t"/>',
        '<bpmn:sequenceFlow id="f" sourceRef="t" targetRef="hilang"/>',
    ],
)
def test_a_flow_that_leads_nowhere_is_refused(broken: str):
    assert fired(START + TASK + flow("s", "t") + broken) == ["flow-unconnected"]


def test_a_flow_into_a_sub_process_is_refused():
    inside = '<bpmn:startEvent id="s1"/><bpmn:task id="x"/><bpmn:endEvent id="e1"/>' + path("s1", "x", "e1")
    sub = f'<bpmn:subProcess id="sp">{inside}</bpmn:subProcess>'
    gateway = '<bpmn:parallelGateway id="g"/>'
    process = START + gateway + sub + END + path("s", "g", "sp", "e") + flow("g", "x")
    assert fired(process) == ["flow-crosses-scope"]


def test_a_flow_between_two_pools_is_refused():
    partner = '<bpmn:process id="q"><bpmn:task id="luar"/></bpmn:process>'
    gateway = '<bpmn:parallelGateway id="g"/>'
    process = START + gateway + END + path("s", "g", "e") + flow("g", "luar")
    assert fired(process, root=partner) == ["flow-crosses-scope"]


def test_a_flow_into_a_start_event_is_refused():
    process = START + '<bpmn:parallelGateway id="g"/>' + END + path("s", "g", "e") + flow("g", "s")
    assert fired(process) == ["flow-misplaced"]


def test_a_flow_out_of_an_end_event_is_refused():
    assert fired(START + TASK + END + path("s", "t", "e", "t")) == ["flow-misplaced"]


def test_several_flows_out_of_a_task_are_refused():
    second = '<bpmn:endEvent id="e2" name="Lain"/>' + flow("t", "e2")
    found = findings(PLAIN + second)
    assert [(f.rule, f.element_id) for f in found] == [("activity-splits", "t")]


def test_a_condition_on_a_flow_out_of_a_task_is_refused():
    assert fired(START + TASK + END + flow("s", "t") + flow("t", "e", "setuju")) == ["activity-splits"]


def test_a_flow_that_is_not_drawn_is_refused():
    content = document(PLAIN).replace(b'bpmnElement="s_t"', b'bpmnElement="lain"')
    (finding,) = lint({"a.bpmn": content}, KNOWN)
    assert (finding.rule, finding.element_id) == ("di-missing", "s_t")


def test_an_element_that_is_not_drawn_is_refused():
    content = document(PLAIN).replace(b'BPMNShape bpmnElement="t"', b'BPMNShape bpmnElement="lain"')
    (finding,) = lint({"a.bpmn": content}, KNOWN)
    assert (finding.rule, finding.element_id) == ("di-missing", "t")


def test_a_lane_that_is_not_drawn_is_refused():
    lanes = '<bpmn:laneSet><bpmn:lane id="lane_petugas" name="Petugas"/></bpmn:laneSet>'
    content = document(lanes + PLAIN).replace(b'bpmnElement="lane_petugas"', b'bpmnElement="lain"')
    assert [f.rule for f in lint({"a.bpmn": content}, KNOWN)] == ["di-missing"]


@pytest.mark.parametrize("bounds", [b'width="0"', b'width="x"', b'width="nan"', b""])
def test_a_shape_without_a_size_is_not_drawn(bounds: bytes):
    content = document(PLAIN).replace(b'width="9"', bounds)
    assert {f.rule for f in lint({"a.bpmn": content}, KNOWN)} == {"di-missing"}


def test_a_diagram_that_is_not_drawn_at_all_is_refused_for_each_part():
    found = lint({"a.bpmn": document(PLAIN, draw=False)}, KNOWN)
    assert [f.rule for f in found] == ["di-missing"] * 5


def test_a_lone_agency_without_anything_can_be_linted():
    assert [f.rule for f in lint({"a.bpmn": document(PLAIN)})] == ["group-unknown"]
    assert lint({}, Known()) == []


def test_only_executable_processes_are_looked_into():
    broken = f'<bpmn:process {EXECUTABLE.replace("true", "false")}><bpmn:task id="x"/></bpmn:process>'
    assert fired(PLAIN, root=broken.replace('id="p"', 'id="q"')) == []
