"""Rules about gateways."""

import json

from engine.definitions.lint import lint
from tests.unit.lint.diagrams import END, KNOWN, START, TASK, document, findings, fired, flow, path

OTHER = '<bpmn:endEvent id="e2" name="Ditolak"/>'
ASKED = START + TASK + END + OTHER + path("s", "t", "g")


def exclusive(attributes: str = 'name="Setuju?"', tag: str = "exclusiveGateway") -> str:
    return f'<bpmn:{tag} id="g" {attributes}/>'


def form(*options: object, key: str = "paraf") -> bytes:
    values = [{"label": str(option), "value": option} for option in options]
    field = {"type": "radio", "id": "f1", "key": key, "label": "Paraf", "values": values}
    schema = {"type": "default", "id": "telaah", "schemaVersion": 19, "components": [field]}
    return json.dumps(schema).encode()


def test_a_condition_and_a_default_are_in_order():
    split = exclusive('name="Setuju?" default="g_e2"') + flow("g", "e", "setuju") + flow("g", "e2")
    assert fired(ASKED + split) == []


def test_a_join_needs_neither_name_nor_condition():
    join = exclusive("") + '<bpmn:task id="u" name="Catat"/>'
    process = START + TASK + END + join + path("s", "g", "t", "u", "e")
    assert fired(process) == []


def test_a_way_out_without_a_condition_that_is_not_the_default_is_refused():
    split = exclusive() + flow("g", "e", "setuju") + flow("g", "e2")
    found = findings(ASKED + split)
    assert [(f.rule, f.element_id) for f in found] == [("gateway-condition-missing", "g_e2")]
    assert "Setuju?" in found[0].message


def test_an_inclusive_gateway_needs_its_conditions_too():
    split = exclusive(tag="inclusiveGateway") + flow("g", "e", "a") + flow("g", "e2")
    assert fired(ASKED + split) == ["gateway-condition-missing"]


def test_a_parallel_gateway_needs_none():
    split = exclusive(tag="parallelGateway") + flow("g", "e") + flow("g", "e2")
    assert fired(ASKED + split) == []


def test_conditions_that_may_all_fail_are_mentioned():
    split = exclusive() + flow("g", "e", "umur &lt; 12") + flow("g", "e2", "umur > 12")
    found = findings(ASKED + split)
    assert [(f.rule, f.severity) for f in found] == [("gateway-default-missing", "warning")]


def test_both_truth_values_of_one_variable_leave_nothing_out():
    split = exclusive() + flow("g", "e", "=setuju = true") + flow("g", "e2", "=setuju = false")
    assert fired(ASKED + split) == []


def test_a_value_and_all_others_leave_nothing_out():
    split = exclusive() + flow("g", "e", '=risiko = "tinggi"') + flow("g", "e2", '=risiko != "tinggi"')
    assert fired(ASKED + split) == []


def test_two_values_that_are_excluded_leave_something_out():
    split = exclusive() + flow("g", "e", 'a != "x"') + flow("g", "e2", 'a != "y"')
    assert fired(ASKED + split) == ["gateway-default-missing"]


def test_truth_values_of_two_variables_leave_something_out():
    split = exclusive() + flow("g", "e", "a = true") + flow("g", "e2", "b = false")
    assert fired(ASKED + split) == ["gateway-default-missing"]


PARAF = exclusive() + flow("g", "e", '=paraf = "setuju"') + flow("g", "e2", '=paraf = "kembalikan"')


def test_all_answers_that_the_form_offers_leave_nothing_out():
    assert fired(ASKED + PARAF, a_form=form("setuju", "kembalikan")) == []


def test_an_answer_of_the_form_that_no_flow_takes_is_mentioned():
    assert fired(ASKED + PARAF, a_form=form("setuju", "kembalikan", "tunda")) == ["gateway-default-missing"]


def test_an_answer_that_is_no_text_is_not_taken_for_one():
    assert fired(ASKED + PARAF, a_form=form("setuju", "kembalikan", True)) == ["gateway-default-missing"]


def test_answers_that_no_form_limits_are_mentioned():
    assert fired(ASKED + PARAF, a_form=form("setuju", "kembalikan", key="lain")) == [
        "gateway-default-missing"
    ]


def test_a_default_flow_with_a_condition_is_refused():
    split = exclusive('name="Setuju?" default="g_e2"') + flow("g", "e", "a") + flow("g", "e2", "b")
    assert fired(ASKED + split) == ["gateway-default-wrong"]


def test_a_default_flow_that_begins_elsewhere_is_refused():
    split = exclusive('name="Setuju?" default="s_t"') + flow("g", "e", "a") + flow("g", "e2", "b")
    assert fired(ASKED + split) == ["gateway-default-wrong"]


def test_a_default_flow_of_a_task_that_has_a_condition_is_no_way_to_decide():
    process = START + TASK.replace("/>", ' default="t_e"/>') + END + path("s", "t") + flow("t", "e", "a")
    assert sorted(fired(process)) == ["activity-splits", "gateway-default-wrong"]


def test_a_condition_behind_a_parallel_gateway_is_refused():
    split = exclusive(tag="parallelGateway") + flow("g", "e", "a") + flow("g", "e2")
    found = findings(ASKED + split)
    assert [(f.rule, f.element_id) for f in found] == [("gateway-condition-ignored", "g_e")]


def test_a_condition_on_the_only_way_out_is_refused():
    process = START + TASK + END + exclusive() + path("s", "t", "g") + flow("g", "e", "a")
    assert fired(process) == ["gateway-condition-ignored"]


def test_a_deciding_gateway_without_a_name_is_mentioned():
    split = exclusive('default="g_e2"') + flow("g", "e", "a") + flow("g", "e2")
    found = findings(ASKED + split)
    assert [(f.rule, f.severity) for f in found] == [("gateway-unnamed", "warning")]


def catching(element_id: str, definition: str) -> str:
    event = f'<bpmn:intermediateCatchEvent id="{element_id}">{definition}</bpmn:intermediateCatchEvent>'
    return event + path("g", element_id, "e")


LETTER = catching("c1", '<bpmn:messageEventDefinition messageRef="m"/>')
TIMEOUT = catching(
    "c2", "<bpmn:timerEventDefinition><bpmn:timeDuration>P3D</bpmn:timeDuration></bpmn:timerEventDefinition>"
)
WAIT = START + TASK + END + exclusive('name="Apa dulu?"', "eventBasedGateway") + path("s", "t", "g")


def test_an_event_based_gateway_waits_for_events():
    assert fired(WAIT + LETTER + TIMEOUT) == []


def test_an_event_based_gateway_with_one_event_is_refused():
    assert fired(WAIT + LETTER) == ["event-gateway-target"]


def test_an_event_based_gateway_that_leads_to_a_task_is_refused():
    assert fired(WAIT + LETTER + '<bpmn:task id="x"/>' + path("g", "x", "e")) == ["event-gateway-target"]


def test_an_event_behind_an_event_based_gateway_belongs_to_it_alone():
    process = WAIT + LETTER + TIMEOUT + '<bpmn:parallelGateway id="pg"/>'
    process = process.replace('sourceRef="s" targetRef="t"', 'sourceRef="s" targetRef="pg"')
    assert fired(process + path("pg", "t") + flow("pg", "c1")) == ["event-gateway-target"]


def test_a_receive_task_may_stand_behind_an_event_based_gateway():
    receive = '<bpmn:receiveTask id="r" name="Terima surat" messageRef="m"/>' + path("g", "r", "e")
    assert fired(WAIT + receive + TIMEOUT) == []


def test_an_activity_that_waits_behind_an_event_based_gateway_is_plain():
    receive = '<bpmn:receiveTask id="r" name="Terima surat" messageRef="m">%s</bpmn:receiveTask>'
    many = '<bpmn:multiInstanceLoopCharacteristics camunda:collection="a"/>'
    assert fired(WAIT + receive % many + path("g", "r", "e") + TIMEOUT) == ["event-gateway-target"]
    border = '<bpmn:boundaryEvent id="b" name="Terlambat" attachedToRef="r">'
    border += '<bpmn:messageEventDefinition messageRef="m"/></bpmn:boundaryEvent>' + flow("b", "e")
    assert fired(WAIT + receive % "" + path("g", "r", "e") + TIMEOUT + border) == ["event-gateway-target"]


def test_a_parallel_event_based_gateway_is_refused():
    content = document(WAIT + LETTER + TIMEOUT).replace(b'name="Apa dulu?"', b'eventGatewayType="Parallel"')
    assert [f.rule for f in lint({"a.bpmn": content}, KNOWN)] == ["unknown-construct"]
