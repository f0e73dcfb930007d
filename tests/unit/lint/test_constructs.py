"""Rules about what the engine does not run."""

import pytest

from tests.unit.lint.diagrams import (
    END,
    EXECUTABLE,
    ROOT,
    START,
    TASK,
    around,
    findings,
    fired,
    path,
    user_task,
)
from tests.unit.lint.test_events import with_listener
from tests.unit.lint.test_gateways import LETTER, TIMEOUT, WAIT

PLAIN = around(TASK)


def activity(tag: str, attributes: str = "", inside: str = "") -> str:
    return around(f'<bpmn:{tag} id="t" name="Kerja" {attributes}>{inside}</bpmn:{tag}>')


def extended(inside: str) -> str:
    return around(user_task(f"<bpmn:extensionElements>{inside}</bpmn:extensionElements>"))


@pytest.mark.parametrize("tag", ["task", "manualTask"])
def test_tasks_that_pass_through_are_in_order(tag: str):
    assert fired(activity(tag)) == []


def test_a_script_task_is_refused():
    (finding,) = findings(activity("scriptTask", 'scriptFormat="python"', "<bpmn:script>1/0</bpmn:script>"))
    assert (finding.rule, finding.element_id, finding.element_name) == ("script-task", "t", "Kerja")


EXTERNAL = 'camunda:type="external" camunda:topic="sipp"'


@pytest.mark.parametrize("tag", ["serviceTask", "sendTask", "businessRuleTask"])
def test_an_external_task_is_found_by_its_topic(tag: str):
    assert fired(activity(tag, EXTERNAL)) == []
    assert (
        fired(activity(tag, EXTERNAL.replace("sipp", "= if resmi then &quot;a&quot; else &quot;b&quot;")))
        == []
    )
    assert fired(activity(tag, EXTERNAL.replace("sipp", "= a +"))) == ["expression-invalid"]
    (finding,) = findings(activity(tag, 'camunda:type="external"'))
    assert finding.rule == "service-task"
    assert tag in finding.message


def test_a_service_task_that_is_no_external_task_is_refused():
    (finding,) = findings(activity("serviceTask"))
    assert (finding.rule, finding.element_id) == ("service-task", "t")


def test_a_send_task_sends_a_message_or_is_an_external_task():
    assert fired(activity("sendTask", 'messageRef="m"')) == []
    assert fired(activity("sendTask")) == ["message-without-name"]


def test_what_a_thrown_message_carries_is_held_to_the_rules_of_mappings():
    def carrying(inside: str) -> list[str]:
        extension = f"<bpmn:extensionElements>{inside}</bpmn:extensionElements>"
        return fired(activity("sendTask", 'messageRef="m"', extension))

    assert carrying('<camunda:in source="a" target="b"/><camunda:in businessKey="=nomor"/>') == []
    assert carrying('<camunda:in variables="all"/>') == []
    assert carrying('<camunda:in source="a"/>') == ["call-mapping"]
    assert carrying('<camunda:in businessKey="=nomor +"/>') == ["expression-invalid"]
    assert carrying('<camunda:in sourceExpression="a +" target="b"/>') == ["expression-invalid"]
    assert carrying('<camunda:out source="a" target="b"/>') == ["attribute-ignored"]


INNER = '<bpmn:startEvent id="s1"/><bpmn:endEvent id="e1"/>' + path("s1", "e1")


def test_an_ad_hoc_sub_process_is_refused():
    assert fired(activity("adHocSubProcess", inside=INNER)) == ["sub-process-kind"]


def test_a_complex_gateway_is_refused():
    assert fired(around('<bpmn:complexGateway id="t" name="Apa?"/>')) == ["complex-gateway"]


@pytest.mark.parametrize("name", ["startQuantity", "completionQuantity"])
def test_token_quantities_are_refused(name: str):
    assert fired(activity("task", f'{name}="2"')) == ["token-quantity"]
    assert fired(activity("task", f'{name}="1"')) == []


@pytest.mark.parametrize("part", ["ioSpecification", "dataInputAssociation", "dataOutputAssociation"])
def test_data_associations_are_refused(part: str):
    assert fired(activity("task", inside=f"<bpmn:{part} id='x'/>")) == ["data-association"]


def test_data_objects_and_notes_are_drawings():
    drawn = (
        '<bpmn:dataObject id="do"/><bpmn:dataObjectReference id="dr" dataObjectRef="do"/>'
        '<bpmn:textAnnotation id="ta"><bpmn:text>UU 11/2012</bpmn:text></bpmn:textAnnotation>'
        '<bpmn:association id="as" sourceRef="t" targetRef="ta"/><bpmn:group id="gr"/>'
    )
    assert fired(PLAIN + drawn) == []


@pytest.mark.parametrize(
    "root",
    [
        '<bpmn:correlationProperty id="x"/>',
        '<bpmn:collaboration id="c"><bpmn:correlationKey id="x"/></bpmn:collaboration>',
    ],
)
def test_correlation_properties_are_refused(root: str):
    assert fired(PLAIN, root=root) == ["correlation-property"]


def test_a_correlation_subscription_is_refused():
    assert fired(PLAIN + '<bpmn:correlationSubscription id="x"/>') == ["correlation-property"]


@pytest.mark.parametrize("part", ["potentialOwner", "humanPerformer", "performer"])
def test_resource_roles_are_refused(part: str):
    assert fired(around(user_task(f"<bpmn:{part} id='x'/>"))) == ["resource-role"]


@pytest.mark.parametrize("part", ["globalUserTask", "choreography"])
def test_global_parts_are_refused(part: str):
    assert fired(PLAIN, root=f"<bpmn:{part} id='x'/>") == ["unknown-construct"]


@pytest.mark.parametrize("part", ["usertask", "choreographyTask", "implicitThrowEvent"])
def test_a_part_that_bpmn_or_the_engine_does_not_know_is_refused(part: str):
    (finding,) = findings(PLAIN + f"<bpmn:{part} id='x'/>")
    assert finding.rule == "unknown-construct"
    assert part in finding.message


def test_an_element_inside_another_that_is_no_sub_process_is_refused():
    assert fired(activity("task", inside='<bpmn:userTask id="x"/>')) == ["unknown-construct"]


def test_an_event_definition_on_a_task_is_refused():
    assert fired(activity("task", inside="<bpmn:timerEventDefinition/>")) == ["unknown-construct"]


def test_a_receive_task_that_starts_a_process_is_refused():
    assert fired(activity("receiveTask", 'messageRef="m" instantiate="true"')) == ["unknown-construct"]


@pytest.mark.parametrize("name", ["asyncBefore", "asyncAfter", "async"])
def test_a_token_may_stop_for_a_job(name: str):
    assert fired(around(user_task(**{name: "true"}))) == []
    assert fired(START.replace("/>", f' camunda:{name}="true"/>') + TASK + END + path("s", "t", "e")) == []


def test_a_continuation_where_no_token_can_wait_is_refused():
    after_end = START + TASK + END.replace("/>", ' camunda:asyncAfter="true"/>') + path("s", "t", "e")
    (finding,) = findings(after_end)
    assert (finding.rule, finding.parameters["attribute"]) == ("async-continuation", "asyncAfter")
    listener = with_listener("message").replace("triggered", 'camunda:asyncBefore="true" triggered')
    assert fired(listener) == ["async-continuation"]
    behind = (LETTER + TIMEOUT).replace('id="c1"', 'id="c1" camunda:asyncBefore="true"')
    assert fired(WAIT + behind) == ["async-continuation"]


def test_a_failed_job_is_tried_again_as_written():
    def retried(text: str) -> list[str]:
        return fired(extended(f"<camunda:failedJobRetryTimeCycle>{text}</camunda:failedJobRetryTimeCycle>"))

    assert retried("R3/PT1M") == retried("PT1M,PT10M, P1D") == []
    assert retried("R3") == retried("sering") == retried("R/PT1M") == ["retries-invalid"]


@pytest.mark.parametrize("value", ["false", "0"])
def test_a_continuation_that_is_switched_off_is_none(value: str):
    assert fired(around(user_task(asyncBefore=value))) == []


@pytest.mark.parametrize("name", ["class", "delegateExpression", "expression", "topic", "type"])
def test_program_code_in_an_attribute_is_refused(name: str):
    assert fired(around(user_task(**{name: "x"}))) == ["program-code"]


@pytest.mark.parametrize(
    "inside",
    [
        '<camunda:executionListener class="x.Y" event="start"/>',
        '<camunda:taskListener event="create"><camunda:script>1</camunda:script></camunda:taskListener>',
        "<camunda:connector/>",
        '<camunda:inputOutput><camunda:inputParameter name="a"/></camunda:inputOutput>',
        '<camunda:field name="x"/>',
    ],
)
def test_program_code_in_an_extension_is_refused(inside: str):
    (finding,) = findings(extended(inside))
    assert (finding.rule, finding.element_id) == ("program-code", "t")


def test_a_listener_of_the_process_is_refused_at_the_process():
    listener = '<bpmn:extensionElements><camunda:executionListener class="x"/></bpmn:extensionElements>'
    (finding,) = findings(listener + PLAIN)
    assert (finding.rule, finding.element_id) == ("program-code", "p")


def test_forms_that_are_not_form_js_are_refused():
    assert fired(around(user_task(formKey="embedded:app:x.html"))) == ["form-kind"]
    assert fired(extended('<camunda:formData><camunda:formField id="a"/></camunda:formData>')) == [
        "form-kind"
    ]


def test_what_has_no_effect_is_mentioned():
    (finding,) = findings(around(user_task(taskPriority="5")))
    assert (finding.rule, finding.severity) == ("attribute-ignored", "warning")
    start = START.replace("/>", ' camunda:initiator="a"/>')
    assert fired(start + TASK + END + path("s", "t", "e")) == ["attribute-ignored"]
    assert fired(extended('<camunda:in source="a" target="b"/>')) == ["attribute-ignored"]
    starters = ' camunda:candidateStarterGroups="petugas" camunda:candidateStarterUsers="ani@uji"'
    assert fired(around(user_task()), EXECUTABLE + starters) == []


def test_what_the_modeler_writes_by_itself_is_not_mentioned():
    attributes = EXECUTABLE + ' camunda:historyTimeToLive="P10Y" camunda:isStartableInTasklist="false"'
    assert fired(PLAIN, attributes) == []
    assert fired(around(user_task(exclusive="true", modelerTemplate="x"))) == []


def test_properties_and_other_tools_extensions_are_left_alone():
    inside = (
        '<camunda:properties><camunda:property name="langkah" value="1"/></camunda:properties>'
        '<x:lain xmlns:x="urn:x"/>'
    )
    assert fired(extended(inside)) == []


def test_a_diagram_for_camunda_8_is_refused():
    assert fired(extended('<zeebe:assignmentDefinition assignee="a"/>')) == ["camunda-8"]
    assert fired(PLAIN.replace('id="t"', 'id="t" zeebe:modelerTemplate="x"')) == ["camunda-8"]


def test_root_elements_of_everyday_diagrams_are_in_order():
    collaboration = (
        '<bpmn:collaboration id="c"><bpmn:participant id="po" name="Layanan" processRef="p"/>'
        '<bpmn:participant id="po2" name="Pelapor"/>'
        '<bpmn:messageFlow id="mf" sourceRef="po2" targetRef="s"/></bpmn:collaboration>'
    )
    assert fired(PLAIN, root=ROOT + collaboration + '<bpmn:dataStore id="ds" name="Arsip"/>') == []
