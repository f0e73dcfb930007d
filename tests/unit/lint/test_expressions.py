"""Rules about FEEL in diagrams, loops, tasks and calls."""

import pytest

from engine.definitions.lint import lint
from tests.unit.lint.diagrams import END, KNOWN, START, TASK, around, document, findings, fired, flow, path
from tests.unit.lint.diagrams import user_task as task

SPLIT = (
    START
    + TASK
    + END
    + '<bpmn:exclusiveGateway id="g" name="Ya?" default="g_e"/><bpmn:endEvent id="e2" name="Ya"/>'
    + path("s", "t", "g", "e")
)


def loop(inside: str = "", attributes: str = "", kind: str = "multiInstance") -> str:
    return f"<bpmn:{kind}LoopCharacteristics {attributes}>{inside}</bpmn:{kind}LoopCharacteristics>"


def call(mappings: str = "", attributes: str = 'calledElement="lain"') -> str:
    inside = f"<bpmn:extensionElements>{mappings}</bpmn:extensionElements>"
    return around(f'<bpmn:callActivity id="t" name="Panggil" {attributes}>{inside}</bpmn:callActivity>')


def rule_task(attributes: str = 'camunda:decisionRef="risiko" camunda:resultVariable="r"') -> str:
    return around(f'<bpmn:businessRuleTask id="t" name="Putuskan" {attributes}/>')


@pytest.mark.parametrize("text", ["umur &lt; 12", "=umur &lt; 12", 'tingkat = "ringan" and umur in [12..17]'])
def test_a_condition_is_feel_with_or_without_an_equals_sign(text: str):
    assert fired(SPLIT + flow("g", "e2", text)) == []


@pytest.mark.parametrize("text", ["umur &lt;", "umur == 12", "tingkat = 'ringan'", "((1)", "1 2"])
def test_a_condition_that_does_not_parse_is_refused_with_its_position(text: str):
    (finding,) = findings(SPLIT + flow("g", "e2", text))
    assert (finding.rule, finding.element_id) == ("expression-invalid", "g_e2")
    assert finding.parameters["column"] == finding.parameters["position"] + 1
    assert finding.parameters["what"] == "condition"


def test_a_condition_nested_without_end_is_refused_not_followed():
    assert fired(SPLIT + flow("g", "e2", "(" * 20_000 + "1" + ")" * 20_000)) == ["expression-invalid"]


@pytest.mark.parametrize("text", ["", " ", "=", "= "])
def test_an_empty_condition_is_refused(text: str):
    assert fired(SPLIT + flow("g", "e2", text)) == ["expression-missing"]


@pytest.mark.parametrize("text", ["${umur > 12}", "#{umur}"])
def test_java_s_expressions_are_refused_by_their_own_rule(text: str):
    (finding,) = findings(SPLIT + flow("g", "e2", text))
    assert (finding.rule, finding.element_id) == ("juel-expression", "g_e2")


@pytest.mark.parametrize("name", ["assignee", "candidateGroups", "candidateUsers", "dueDate", "priority"])
def test_java_s_expressions_are_refused_in_attributes(name: str):
    assert "juel-expression" in fired(around(task(**{name: "${x}"})))
    assert set(fired(around(task(**{name: "${x}"})))) <= {"juel-expression", "group-unknown"}


def test_a_dynamic_call_in_java_s_language_is_refused():
    assert fired(call(attributes='calledElement="${k}"')) == ["juel-expression"]
    assert fired(call('<camunda:in sourceExpression="${a}" target="b"/>')) == ["juel-expression"]


@pytest.mark.parametrize(
    "name", ["assignee", "candidateGroups", "candidateUsers", "followUpDate", "priority"]
)
def test_an_attribute_after_an_equals_sign_is_feel(name: str):
    assert fired(around(task(**{name: "=a.b"}))) == []
    (finding,) = findings(around(task(**{name: "=a."})))
    assert (finding.rule, finding.parameters["what"]) == ("expression-invalid", name)


def test_an_attribute_without_an_equals_sign_is_a_name():
    assert fired(around(task(assignee="ani@natuna (cadangan)"))) == []


@pytest.mark.parametrize("language", ["feel", "FEEL", "https://www.omg.org/spec/DMN/20191111/FEEL/"])
def test_feel_may_be_named(language: str):
    condition = flow("g", "e2", "a").replace("Expression>a", f'Expression language="{language}">a')
    assert fired(SPLIT + condition) == []


def test_another_language_is_refused():
    condition = flow("g", "e2", "a").replace("Expression>a", 'Expression language="groovy">a')
    assert fired(SPLIT + condition) == ["expression-language"]


def test_another_language_for_the_whole_diagram_is_refused():
    content = document(around(TASK))
    groovy = content.replace(b'id="d"', b'id="d" expressionLanguage="groovy"')
    xpath = content.replace(b'id="d"', b'id="d" expressionLanguage="http://www.w3.org/1999/XPath"')
    assert [f.rule for f in lint({"a.bpmn": groovy}, KNOWN)] == ["expression-language"]
    assert lint({"a.bpmn": xpath}, KNOWN) == []


@pytest.mark.parametrize(
    "marker",
    [
        loop(attributes='camunda:collection="ahli" camunda:elementVariable="a"'),
        loop(attributes='isSequential="true" camunda:collection="=ahli[aktif]"'),
        loop("<bpmn:loopCardinality>3</bpmn:loopCardinality>"),
        loop(
            "<bpmn:loopCardinality>3</bpmn:loopCardinality><bpmn:completionCondition>"
            "nrOfCompletedInstances >= 2</bpmn:completionCondition>"
        ),
        loop(
            "<bpmn:loopDataOutputRef>hasil</bpmn:loopDataOutputRef><bpmn:outputDataItem id='satu'/>",
            'camunda:collection="ahli"',
        ),
        loop("<bpmn:loopCondition>lagi</bpmn:loopCondition>", 'loopMaximum="5"', "standard"),
        loop(attributes='loopMaximum="5"', kind="standard"),
    ],
)
def test_loops_that_say_how_often_are_in_order(marker: str):
    assert fired(around(task(marker))) == []


@pytest.mark.parametrize("marker", [loop(), loop(kind="standard")])
def test_a_loop_that_does_not_say_how_often_is_refused(marker: str):
    assert fired(around(task(marker))) == ["loop-incomplete"]


@pytest.mark.parametrize(
    "marker",
    [
        loop(attributes='camunda:collection="ahli["'),
        loop("<bpmn:loopCardinality>3 +</bpmn:loopCardinality>"),
        loop("<bpmn:completionCondition>>= 2</bpmn:completionCondition>", 'camunda:collection="ahli"'),
        loop("<bpmn:loopCondition>lagi and</bpmn:loopCondition>", kind="standard"),
    ],
)
def test_a_loop_whose_feel_does_not_parse_is_refused(marker: str):
    assert fired(around(task(marker))) == ["expression-invalid"]


def test_a_loop_on_an_event_is_refused():
    marker = loop(attributes='camunda:collection="a"')
    end = END.replace("/>", f">{marker}</bpmn:endEvent>")
    assert fired(START + TASK + end + path("s", "t", "e")) == ["loop-misplaced"]


def test_two_loops_on_one_task_are_refused():
    marker = loop(attributes='camunda:collection="a"')
    assert fired(around(task(marker + marker))) == ["loop-misplaced"]


def test_a_loop_on_an_event_sub_process_is_refused():
    start = (
        '<bpmn:startEvent id="s1"><bpmn:messageEventDefinition messageRef="m"/></bpmn:startEvent>'
        '<bpmn:endEvent id="e1"/>'
    )
    marker = loop(attributes='camunda:collection="a"')
    inside = marker + start + path("s1", "e1")
    listener = f'<bpmn:subProcess id="sp" triggeredByEvent="true">{inside}</bpmn:subProcess>'
    assert fired(around(TASK) + listener) == ["loop-misplaced"]


@pytest.mark.parametrize(
    "marker",
    [
        loop(attributes='behavior="One" camunda:collection="a"'),
        loop("<bpmn:loopDataInputRef>x</bpmn:loopDataInputRef>", 'camunda:collection="a"'),
        loop("<bpmn:inputDataItem id='x'/>", 'camunda:collection="a"'),
        loop("<bpmn:complexBehaviorDefinition/>", 'camunda:collection="a"'),
        loop("<bpmn:outputDataItem id='x'/>", 'camunda:collection="a"'),
        loop("<bpmn:loopDataOutputRef>x</bpmn:loopDataOutputRef>", 'camunda:collection="a"'),
    ],
)
def test_what_a_multi_instance_does_not_know_is_refused(marker: str):
    assert fired(around(task(marker))) == ["loop-behavior"]


@pytest.mark.parametrize("maximum", ["0", "-1", "lima", "", "9" * 5000])
def test_a_loop_maximum_is_a_positive_number(maximum: str):
    marker = loop("<bpmn:loopCondition>lagi</bpmn:loopCondition>", f'loopMaximum="{maximum}"', "standard")
    assert fired(around(task(marker))) == ["loop-maximum"]


@pytest.mark.parametrize("text", ["50", "-1", "=prioritas", ""])
def test_a_priority_is_a_number_or_feel(text: str):
    assert fired(around(task(priority=text))) == []


@pytest.mark.parametrize("text", ["tinggi", "1.5", "٥"])
def test_another_priority_is_refused(text: str):
    assert fired(around(task(priority=text))) == ["attribute-value"]


@pytest.mark.parametrize("mapping", ["singleEntry", "singleResult", "collectEntries", "resultList"])
def test_the_result_of_a_decision_is_mapped_as_camunda_does(mapping: str):
    decide = 'camunda:decisionRef="risiko" camunda:resultVariable="r"'
    assert fired(rule_task(f'{decide} camunda:mapDecisionResult="{mapping}"')) == []


def test_another_mapping_is_refused_and_told_what_is_possible():
    decide = 'camunda:decisionRef="risiko" camunda:resultVariable="r"'
    (finding,) = findings(rule_task(f'{decide} camunda:mapDecisionResult="semua"'))
    assert finding.rule == "attribute-value"
    assert "singleEntry" in finding.hint


def test_a_decision_whose_result_is_forgotten_is_mentioned():
    (finding,) = findings(rule_task('camunda:decisionRef="risiko"'))
    assert (finding.rule, finding.severity) == ("result-unused", "warning")


@pytest.mark.parametrize(
    "mapping",
    [
        '<camunda:in source="a" target="b"/><camunda:out source="b" target="a"/>',
        '<camunda:in sourceExpression="a + 1" target="b"/>',
        '<camunda:in variables="all"/><camunda:out variables="all"/>',
    ],
)
def test_a_call_hands_variables_over(mapping: str):
    assert fired(call(mapping)) == []


@pytest.mark.parametrize(
    "mapping",
    [
        '<camunda:in source="a"/>',
        '<camunda:in target="a"/>',
        "<camunda:out/>",
        '<camunda:in variables="some"/>',
    ],
)
def test_half_a_mapping_is_refused(mapping: str):
    assert fired(call(mapping)) == ["call-mapping"]


def test_a_source_expression_that_does_not_parse_is_refused():
    assert fired(call('<camunda:in sourceExpression="a +" target="b"/>')) == ["expression-invalid"]


def test_a_business_key_of_its_own_is_refused():
    assert fired(call('<camunda:in businessKey="=kunci"/>')) == ["call-business-key"]
