"""Rules about what a diagram names outside itself, decision tables and forms."""

import json

import pytest

from engine.definitions.lint import lint
from tests.unit.lint.diagrams import (
    END,
    EXECUTABLE,
    KNOWN,
    START,
    TASK,
    around,
    document,
    findings,
    fired,
    path,
    user_task,
)

UNASSIGNED = '<bpmn:userTask id="t" name="Periksa"/>'
DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def form(form_id: str = "baru", **component: object) -> bytes:
    field = {"type": "textfield", "id": "f1", "key": "nama", "label": "Nama"} | component
    schema = {"type": "default", "id": form_id, "schemaVersion": 19, "components": [field]}
    return json.dumps(schema).encode()


RULE = (
    '<rule id="r1"><inputEntry id="i1"><text>not(null)</text></inputEntry>'
    '<outputEntry id="o1"><text>"rj"</text></outputEntry></rule>'
)


def table(decision_id: str = "jalur", rules: str = RULE, attributes: str = "") -> bytes:
    return (
        f'<definitions xmlns="{DMN}" id="d" name="d" namespace="x"><decision id="{decision_id}" name="Jalur">'
        f'<decisionTable id="dt" {attributes}><input id="in"><inputExpression id="ie"><text>umur</text>'
        f'</inputExpression></input><output id="out" name="usulan"/>{rules}</decisionTable>'
        "</decision></definitions>"
    ).encode()


def requiring(decision_id: str) -> bytes:
    need = f'<requiredDecision href="#{decision_id}"/>'
    requirement = f'<informationRequirement id="x">{need}</informationRequirement>'
    return table().replace(b"<decisionTable", requirement.encode() + b"<decisionTable")


def lane(lane_id: str = "lane_petugas", inside: str = "") -> str:
    return (
        f'<bpmn:laneSet id="ls"><bpmn:lane id="{lane_id}" name="Jalur">{inside}'
        "<bpmn:flowNodeRef>t</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>"
    )


def test_a_form_of_the_agency_is_known():
    assert fired(around(user_task(formRef="isian"))) == []


def test_a_form_of_the_same_deployment_is_known():
    assert fired(around(user_task(formRef="baru")), a_form=form()) == []
    assert fired(around(user_task(formRef="baru")), a_json=form()) == []


def test_an_unknown_form_is_refused_at_tasks_and_starts():
    assert fired(around(user_task(formRef="hilang"))) == ["form-unknown"]
    start = START.replace("/>", ' camunda:formRef="hilang"/>')
    assert fired(start + TASK + END + path("s", "t", "e")) == ["form-unknown"]


def decide(attributes: str) -> str:
    return around(f'<bpmn:businessRuleTask id="t" name="Putuskan" camunda:resultVariable="r" {attributes}/>')


def test_a_decision_of_the_agency_or_of_the_deployment_is_known():
    assert fired(decide('camunda:decisionRef="risiko"')) == []
    assert fired(decide('camunda:decisionRef="jalur"'), a_dmn=table()) == []


@pytest.mark.parametrize("attributes", ['camunda:decisionRef="hilang"', ""])
def test_an_unknown_decision_is_refused(attributes: str):
    assert fired(decide(attributes)) == ["decision-unknown"]


def test_a_called_process_is_known_here_or_at_the_agency():
    called = '<bpmn:callActivity id="t" name="Panggil" calledElement="{}"/>'
    other = document(around(TASK), EXECUTABLE.replace('id="p"', 'id="q"'))
    assert fired(around(called.format("lain"))) == []
    assert fired(around(called.format("q")), b_bpmn=other) == []
    assert fired(around(called.format("hilang"))) == ["process-unknown"]
    assert fired(around(called.format(""))) == ["process-unknown"]


def test_a_process_that_only_a_message_starts_cannot_be_called():
    start = (
        '<bpmn:startEvent id="s"><bpmn:messageEventDefinition messageRef="m"/></bpmn:startEvent>' + TASK + END
    )
    other = document(start + path("s", "t", "e"), EXECUTABLE.replace('id="p"', 'id="q"'))
    called = around('<bpmn:callActivity id="t" name="Panggil" calledElement="q"/>')
    (finding,) = findings(called, b_bpmn=other)
    assert (finding.rule, finding.resource) == ("process-unknown", "a.bpmn")
    assert "cannot be called" in finding.message


def test_a_process_that_is_not_executable_cannot_be_called():
    called = around('<bpmn:callActivity id="t" name="Panggil" calledElement="q"/>')
    assert fired(called, root='<bpmn:process id="q"/>') == ["process-unknown"]


def test_a_process_that_is_not_executable_hides_a_deployed_one_of_its_key():
    called = around('<bpmn:callActivity id="t" name="Panggil" calledElement="lain"/>')
    assert fired(called, root='<bpmn:process id="lain"/>') == ["process-unknown"]


def test_an_unknown_group_is_refused_at_a_task():
    (finding,) = findings(around(user_task(candidateGroups="petugas, peksoss")))
    assert (finding.rule, finding.element_id) == ("group-unknown", "t")
    assert "peksoss" in finding.message


def test_an_unknown_group_is_refused_at_the_start():
    attributes = EXECUTABLE + ' camunda:candidateStarterGroups="petugas,hilang"'
    (finding,) = findings(around(TASK), attributes)
    assert (finding.rule, finding.element_id) == ("group-unknown", "p")


def test_groups_that_are_an_expression_are_not_known_beforehand():
    assert fired(around(user_task(candidateGroups="=if ya then &quot;x&quot; else null"))) == []


def test_a_task_has_the_group_of_its_lane():
    assert fired(lane() + around(UNASSIGNED)) == []


def test_an_unknown_group_is_refused_once_at_the_lane_on_which_a_task_relies():
    found = findings(lane("Lane_0x1") + around(UNASSIGNED))
    assert [(f.rule, f.element_id) for f in found] == [("group-unknown", "Lane_0x1")]


def test_a_lane_on_which_no_task_relies_may_be_called_anything():
    assert fired(lane("Lane_0x1") + around(TASK)) == []


def test_a_lane_may_name_its_group_itself():
    named = (
        '<bpmn:extensionElements><camunda:properties><camunda:property name="kelompok" value="peksos"/>'
        "</camunda:properties></bpmn:extensionElements>"
    )
    assert fired(lane("Lane_0x1", named) + around(UNASSIGNED)) == []


def test_a_task_that_nobody_may_take_is_refused():
    (finding,) = findings(around(UNASSIGNED))
    assert (finding.rule, finding.element_id) == ("task-without-candidate", "t")


@pytest.mark.parametrize("who", ['assignee="=peksos"', 'candidateUsers="ani"', 'candidateGroups="petugas"'])
def test_a_task_for_somebody_is_in_order(who: str):
    assert fired(around(UNASSIGNED.replace("/>", f" camunda:{who}/>"))) == []


@pytest.mark.parametrize("binding", ["latest", "deployment"])
def test_usual_bindings_are_known(binding: str):
    assert fired(around(user_task(formRef="isian", formRefBinding=binding))) == []


def test_a_form_or_decision_may_be_bound_to_a_version():
    assert fired(around(user_task(formRef="isian", formRefBinding="version", formRefVersion="2"))) == []


@pytest.mark.parametrize(
    "process",
    [
        around(user_task(formRef="isian", formRefBinding="version")),
        around(user_task(formRef="isian", formRefBinding="version", formRefVersion="dua")),
        decide('camunda:decisionRef="risiko" camunda:decisionRefBinding="versionTag"'),
        around('<bpmn:callActivity id="t" calledElement="lain" camunda:calledElementBinding="version"/>'),
    ],
)
def test_another_binding_is_refused(process: str):
    assert fired(process) == ["binding"]


def test_a_table_in_order_says_nothing():
    assert lint({"a.dmn": table()}, KNOWN) == []


@pytest.mark.parametrize(
    "broken",
    [
        table(rules=RULE.replace("not(null)", "&lt;&lt; 12")),
        table(rules=RULE.replace('"rj"', "'rj'")),
        table(attributes='hitPolicy="SOMETIMES"'),
        table(rules=RULE.replace('<inputEntry id="i1"><text>not(null)</text></inputEntry>', "")),
        table().replace(b'<output id="out" name="usulan"/>', b"").replace(b'id="o1"', b""),
        requiring("hilang"),
        requiring("jalur"),
    ],
)
def test_a_table_that_cannot_be_evaluated_is_refused(broken: bytes):
    found = lint({"a.dmn": broken}, KNOWN)
    assert {f.rule for f in found} == {"decision-invalid"}
    assert all(f.element_id and f.line for f in found)


def test_a_table_without_rules_is_refused():
    (finding,) = lint({"a.dmn": table(rules="")}, KNOWN)
    assert (finding.rule, finding.element_id, finding.element_name) == ("decision-empty", "jalur", "Jalur")


def test_a_file_without_a_decision_is_refused():
    content = f'<definitions xmlns="{DMN}" id="d" name="d" namespace="x"/>'.encode()
    assert [f.rule for f in lint({"a.dmn": content}, KNOWN)] == ["decision-empty"]


def test_one_decision_in_two_files_is_refused():
    assert [f.rule for f in lint({"a.dmn": table(), "b.dmn": table()}, KNOWN)] == ["definition-duplicate"]


def test_one_form_in_two_files_is_refused():
    assert [f.rule for f in lint({"a.form": form(), "b.form": form()}, KNOWN)] == ["definition-duplicate"]


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b'{"type": "default"}', b"[" * 100_000, b"\xff"])
def test_what_is_no_form_is_refused(content: bytes):
    assert [f.rule for f in lint({"a.form": content}, KNOWN)] == ["form-refused"]


def test_a_form_with_a_fault_is_refused_at_its_component():
    (finding,) = lint({"a.form": form(conditional={"hide": "=umur <"})}, KNOWN)
    assert (finding.rule, finding.element_id) == ("form-invalid", "f1")


def test_a_field_without_a_label_is_mentioned():
    (finding,) = lint({"a.form": form(label="")}, KNOWN)
    assert (finding.rule, finding.severity) == ("form-advice", "warning")


def test_a_form_that_offers_the_members_of_an_unknown_group_is_refused():
    def members(group: str) -> bytes:
        return form(type="select", valuesKey=f"anggota_{group}", properties={"anggota": group})

    assert lint({"a.form": members("peksos")}, KNOWN) == []
    assert [(f.rule, f.element_id) for f in lint({"a.form": members("hilang")}, KNOWN)] == [
        ("group-unknown", "nama")
    ]
