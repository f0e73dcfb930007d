"""What a diagram says, read as values."""

import pytest

from engine.definitions import Process, parse_xml, read_processes

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="x">
  <bpmn:message id="m_put" name="putusan"/>
  <bpmn:error id="er" name="ditolak" errorCode="TOLAK"/>
  <bpmn:escalation id="es" name="terlambat" escalationCode="LAMBAT"/>
  <bpmn:signal id="si" name="darurat"/>
"""
TIMER = "<bpmn:timerEventDefinition><bpmn:timeCycle> R3/PT1H\n</bpmn:timeCycle></bpmn:timerEventDefinition>"
CONDITION = """<bpmn:conditionalEventDefinition><bpmn:condition>skor &gt; 5</bpmn:condition>
  </bpmn:conditionalEventDefinition>"""


def read(inside: str) -> dict[str, Process]:
    return read_processes(parse_xml((HEAD + inside + "</bpmn:definitions>").encode(), "a.bpmn"), "a.bpmn")


def process(inside: str, attributes: str = "") -> Process:
    return read(f'<bpmn:process id="p" isExecutable="true" {attributes}>{inside}</bpmn:process>')["p"]


def test_a_process_tells_who_may_start_it_and_what_it_is():
    found = process(
        "<bpmn:documentation>SK 28</bpmn:documentation>",
        'name="Penanganan" camunda:versionTag="2" camunda:candidateStarterGroups="petugas, peksos,petugas"'
        ' camunda:candidateStarterUsers="ani@natuna"',
    )
    assert (found.key, found.name, found.resource, found.line) == ("p", "Penanganan", "a.bpmn", 8)
    assert found.executable
    assert found.version_tag == "2"
    assert found.starter_groups == ("petugas", "peksos")
    assert found.starter_users == ("ani@natuna",)
    assert found.documentation == "SK 28"


def test_a_pool_gives_the_process_the_name_of_the_service():
    found = read(
        '<bpmn:collaboration id="c"><bpmn:participant id="po" name="Pendampingan&#10;ABH" processRef="p"/>'
        '</bpmn:collaboration><bpmn:process id="p"/><bpmn:process id="q"/>'
    )
    assert found["p"].participant == "Pendampingan ABH"
    assert found["q"].participant is None
    assert not found["q"].executable


def test_a_user_task_keeps_its_attributes_and_properties():
    task = process(
        """<bpmn:userTask id="t" name="Terima&#10;laporan" camunda:formRef="f" camunda:dueDate="=now()"
             camunda:assignee="ani" camunda:candidateUsers="ani,budi">
             <bpmn:documentation>Baca dulu.</bpmn:documentation>
             <bpmn:extensionElements><camunda:properties>
               <camunda:property name="langkah" value="1,2"/><camunda:property name="dasar" value="UU"/>
             </camunda:properties></bpmn:extensionElements></bpmn:userTask>"""
    ).elements["t"]
    assert (task.name, task.type, task.scope, task.form) == ("Terima laporan", "userTask", "p", "f")
    assert task.attributes["dueDate"] == "=now()"
    assert task.properties == {"langkah": "1,2", "dasar": "UU"}
    assert task.documentation == "Baca dulu."
    assert task.candidate_users == ("ani", "budi")
    assert task.event is None


def test_a_lane_names_the_group_where_the_task_is_silent():
    elements = process(
        """<bpmn:laneSet id="ls">
             <bpmn:lane id="lane_peksos" name="Pekerja Sosial">
               <bpmn:flowNodeRef>a</bpmn:flowNodeRef><bpmn:flowNodeRef>b</bpmn:flowNodeRef>
             </bpmn:lane>
             <bpmn:lane id="Lane_0x1" name="Kepala Bidang">
               <bpmn:extensionElements><camunda:properties>
                 <camunda:property name="kelompok" value="kepala_bidang"/>
               </camunda:properties></bpmn:extensionElements>
               <bpmn:flowNodeRef>c</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>
           <bpmn:userTask id="a"/><bpmn:userTask id="b" camunda:candidateGroups="petugas, tksk"/>
           <bpmn:userTask id="c"/><bpmn:userTask id="d"/>"""
    ).elements
    assert elements["a"].candidate_groups == ("peksos",)
    assert elements["a"].lane == "Pekerja Sosial"
    assert elements["b"].candidate_groups == ("petugas", "tksk")
    assert elements["c"].candidate_groups == ("kepala_bidang",)
    assert elements["d"].candidate_groups == ()


def test_groups_that_are_an_expression_are_left_to_the_one_who_has_the_variables():
    text = "=if minta_tksk then [&quot;tksk&quot;] else []"
    task = process(f'<bpmn:userTask id="a" camunda:candidateGroups="{text}"/>').elements["a"]
    assert task.candidate_groups == ()
    assert task.candidate_groups_expression == '=if minta_tksk then ["tksk"] else []'


def test_the_innermost_lane_counts():
    found = process(
        """<bpmn:laneSet id="ls"><bpmn:lane id="lane_dinas" name="Dinas">
             <bpmn:flowNodeRef>a</bpmn:flowNodeRef><bpmn:flowNodeRef>b</bpmn:flowNodeRef>
             <bpmn:childLaneSet id="cl"><bpmn:lane id="lane_peksos" name="Peksos">
               <bpmn:flowNodeRef>b</bpmn:flowNodeRef></bpmn:lane></bpmn:childLaneSet>
           </bpmn:lane></bpmn:laneSet><bpmn:userTask id="a"/><bpmn:userTask id="b"/>"""
    )
    assert found.elements["a"].lane_group == "dinas"
    assert found.elements["b"].lane_group == "peksos"
    assert [lane.group for lane in found.lanes] == ["dinas", "peksos"]


def test_what_is_inside_a_sub_process_or_on_a_boundary_has_its_lane():
    elements = process(
        """<bpmn:laneSet id="ls"><bpmn:lane id="lane_peksos" name="Peksos">
             <bpmn:flowNodeRef>sp</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>
           <bpmn:subProcess id="sp"><bpmn:subProcess id="inner" triggeredByEvent="true">
             <bpmn:userTask id="a"/></bpmn:subProcess></bpmn:subProcess>
           <bpmn:boundaryEvent id="b" attachedToRef="sp" cancelActivity="false"/>"""
    ).elements
    assert elements["a"].scope == "inner"
    assert elements["a"].candidate_groups == ("peksos",)
    assert elements["inner"].triggered_by_event
    assert elements["b"].lane_group == "peksos"
    assert elements["b"].attached_to == "sp"
    assert not elements["b"].interrupting


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        ('<bpmn:messageEventDefinition messageRef="m_put"/>', {"kind": "message", "name": "putusan"}),
        ('<bpmn:messageEventDefinition messageRef="tns:m_put"/>', {"kind": "message", "name": "putusan"}),
        ('<bpmn:signalEventDefinition signalRef="si"/>', {"kind": "signal", "name": "darurat"}),
        ('<bpmn:errorEventDefinition errorRef="er"/>', {"kind": "error", "code": "TOLAK", "name": "ditolak"}),
        ('<bpmn:escalationEventDefinition escalationRef="es"/>', {"kind": "escalation", "code": "LAMBAT"}),
        ("<bpmn:errorEventDefinition/>", {"kind": "error", "code": None, "name": None}),
        ('<bpmn:messageEventDefinition messageRef="none"/>', {"ref": "none", "name": None}),
        ('<bpmn:linkEventDefinition name="A"/>', {"kind": "link", "name": "A"}),
        ("<bpmn:terminateEventDefinition/>", {"kind": "terminate"}),
        (
            TIMER,
            {"kind": "timer", "timer": "timeCycle", "text": "R3/PT1H"},
        ),
        (
            CONDITION,
            {"kind": "conditional", "text": "skor > 5"},
        ),
    ],
)
def test_an_event_tells_what_it_waits_for(definition: str, expected: dict[str, str | None]):
    event = process(f'<bpmn:endEvent id="e">{definition}</bpmn:endEvent>').elements["e"].event_definition
    assert event is not None
    assert {name: getattr(event, name) for name in expected} == expected


def test_flows_connect_the_elements():
    found = process(
        """<bpmn:startEvent id="s"/><bpmn:exclusiveGateway id="g" default="f3"/><bpmn:endEvent id="e"/>
           <bpmn:sequenceFlow id="f1" sourceRef="s" targetRef="g"/>
           <bpmn:sequenceFlow id="f2" name="Ya" sourceRef="g" targetRef="e">
             <bpmn:conditionExpression> umur &lt; 12 </bpmn:conditionExpression></bpmn:sequenceFlow>
           <bpmn:sequenceFlow id="f3" sourceRef="g" targetRef="e"/>"""
    )
    assert found.flows["f2"].condition == "umur < 12"
    assert found.flows["f2"].name == "Ya"
    assert found.flows["f3"].condition is None
    assert found.elements["g"].incoming == ("f1",)
    assert found.elements["g"].outgoing == ("f2", "f3")
    assert found.elements["g"].default_flow == "f3"
    assert found.none_start == found.elements["s"]


def test_a_message_start_is_found_by_the_name_of_its_message():
    found = process(
        '<bpmn:startEvent id="s"><bpmn:messageEventDefinition messageRef="m_put"/></bpmn:startEvent>'
        '<bpmn:subProcess id="sp"><bpmn:startEvent id="inside"/></bpmn:subProcess>'
    )
    assert found.none_start is None
    assert found.message_start("putusan") == found.elements["s"]
    assert found.message_start("lain") is None


def test_a_multi_instance_task_tells_over_what():
    task = process(
        """<bpmn:userTask id="t"><bpmn:multiInstanceLoopCharacteristics isSequential="true"
             camunda:collection="ahli" camunda:elementVariable="orang">
             <bpmn:loopCardinality>3</bpmn:loopCardinality>
             <bpmn:completionCondition>nrOfCompletedInstances &gt;= 2</bpmn:completionCondition>
           </bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>"""
    ).elements["t"]
    assert task.loop is not None
    assert (task.loop.kind, task.loop.collection, task.loop.element_variable) == (
        "sequential",
        "ahli",
        "orang",
    )
    assert (task.loop.cardinality, task.loop.completion) == ("3", "nrOfCompletedInstances >= 2")


def test_a_standard_loop_tells_its_condition():
    loop = (
        process(
            """<bpmn:task id="t"><bpmn:standardLoopCharacteristics testBefore="true" loopMaximum="4">
                 <bpmn:loopCondition>lagi</bpmn:loopCondition></bpmn:standardLoopCharacteristics></bpmn:task>"""
        )
        .elements["t"]
        .loop
    )
    assert loop is not None
    assert (loop.kind, loop.condition, loop.maximum, loop.test_before) == ("standard", "lagi", "4", True)


def test_a_call_activity_tells_whom_it_calls_with_what():
    found = process(
        """<bpmn:callActivity id="c" calledElement="q"><bpmn:extensionElements>
             <camunda:in source="skor" target="nilai"/><camunda:in sourceExpression="skor + 1" target="n"/>
             <camunda:in businessKey="=k"/><camunda:out variables="all" local="true"/>
           </bpmn:extensionElements></bpmn:callActivity>"""
    )
    first, second, key, out = found.elements["c"].mappings
    assert (first.direction, first.source, first.target) == ("in", "skor", "nilai")
    assert second.source_expression == "skor + 1"
    assert key.business_key == "=k"
    assert (out.direction, out.variables, out.local) == ("out", "all", True)
    assert found.calls == {"q"}


def test_a_process_tells_which_forms_and_decisions_it_needs():
    found = process(
        """<bpmn:startEvent id="s" camunda:formRef="mulai"/><bpmn:userTask id="t" camunda:formRef="isi"/>
           <bpmn:businessRuleTask id="d" camunda:decisionRef="risiko" camunda:resultVariable="r"/>"""
    )
    assert found.forms == {"mulai", "isi"}
    assert found.decisions == {"risiko"}


def test_two_elements_of_one_id_and_elements_without_an_id_stop_nobody():
    found = process('<bpmn:task id="t" name="satu"/><bpmn:task id="t" name="dua"/><bpmn:task/>')
    assert [e.name for e in found.elements.values()] == ["satu"]
