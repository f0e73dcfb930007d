"""Rules about decision tables: what they leave out, say twice or never say, and unknown names."""

from dataclasses import replace

import pytest

from engine.definitions.lint import Finding, lint
from tests.support.effort import effort
from tests.unit.dmn import models
from tests.unit.lint.diagrams import END, KNOWN, START, around, document, path, user_task
from tests.unit.lint.test_references import form


def of_table(logic: str, **files: bytes) -> list[Finding]:
    """What the linter says to a decision ``jalur``, and other files (``b_dmn`` meaning ``b.dmn``)."""
    resources = {"a.dmn": models.file(models.decision("jalur", logic, name="Jalur"))}
    return lint(resources | {name.replace("_", "."): content for name, content in files.items()}, KNOWN)


AGES = [["< 12", '"rj"'], ["[12..17]", '"diversi"'], [">= 18", '"bukan"']]


def test_a_table_that_answers_everything_once_says_nothing():
    rules = [["< 12", '"rj"'], ["[12..18)", '"diversi"'], [">= 18", '"bukan"']]
    assert of_table(models.table(["umur"], ["o"], rules, types=["number"])) == []


def test_a_gap_is_told_with_an_example_and_stops_nobody():
    (finding,) = of_table(
        models.table(["umur", "x"], ["o"], [[a, "-", o] for a, o in AGES], types=["number"] * 2)
    )
    assert (finding.rule, finding.severity, finding.element_id) == ("table-gap", "warning", "jalur")
    assert "No rule matches umur: (17..18), for example umur = 17.5, x = 0." in str(finding)


def test_gaps_beyond_five_are_counted():
    rules = [[str(n), f"< {n}", "1"] for n in range(10)]
    found = of_table(models.table(["x", "y"], ["o"], rules, types=["number"] * 2))
    assert [finding.rule for finding in found] == ["table-gap"] * 6
    assert "6 more combinations" in found[-1].message


@pytest.mark.parametrize("policy", ["UNIQUE", "ANY"])
def test_an_overlap_is_refused_at_the_second_rule(policy: str):
    rules = [["<= 12", '"rj"'], [">= 12", '"diversi"']]
    (finding,) = of_table(models.table(["umur"], ["o"], rules, types=["number"], policy=policy))
    assert (finding.rule, finding.severity, finding.element_id) == ("table-overlap", "error", "r2")
    assert "The rows 1 and 2 both match umur: 12, for example umur = 12." in str(finding)
    assert finding.line > 0


def test_dates_are_told_as_feel_has_them():
    rules = [['<= @"2026-01-01"', "1"], ['>= @"2026-01-01"', "2"]]
    (finding,) = of_table(models.table(["hari"], ["o"], rules, types=["date"]))
    assert finding.parameters["example"] == 'hari = @"2026-01-01"'


def test_overlaps_beyond_five_are_counted():
    found = of_table(models.table(["x"], ["o"], [["-", "1"]] * 5, types=["number"]))
    assert [finding.rule for finding in found] == ["table-overlap"] * 6
    assert "5 more pairs" in found[0].message


def test_a_rule_that_never_speaks_is_told_with_those_that_speak_first():
    rules = [["< 5", "1"], [">= 5", "2"], ["[3..7]", "3"], ["-", "4"]]
    (finding,) = of_table(models.table(["x"], ["o"], rules, types=["number"], policy="FIRST"))
    assert (finding.rule, finding.severity, finding.element_id) == ("rule-unreachable", "warning", "r3")
    assert "Row 3 never speaks" in finding.message
    assert "(1, 2)" in finding.message


def test_a_rule_whose_cell_fits_nothing_is_told_with_its_input():
    rules = [["true", "1"], ["false", "2"], ['"ya"', "3"]]
    (finding,) = of_table(models.table(["setuju"], ["o"], rules, types=["boolean"]))
    assert (finding.rule, finding.element_id) == ("rule-unreachable", "r3")
    assert finding.message == "Row 3 never speaks: no value of 'setuju' fits its cell."


def test_what_another_decision_says_is_not_any_value():
    risk = models.decision("a", models.table(["x"], ["risiko"], [["-", '"tinggi"']]), variable="hasil")
    asked = models.table(["hasil", "risiko"], ["o"], [['"tinggi"', "-", "1"], ["-", '"tinggi"', "2"]])
    files = {"a.dmn": models.file(risk, models.decision("b", asked, needs=["a"]))}
    assert lint(files, KNOWN) == []
    files = {"a.dmn": models.file(risk, models.decision("b", asked))}
    assert {finding.rule for finding in lint(files, KNOWN)} == {"table-gap", "table-overlap"}


def test_an_input_that_is_called_like_the_result_is_no_result():
    (finding,) = of_table(models.table(["umur"], ["umur"], [["< 5", "1"]], types=["number"]))
    assert (finding.rule, finding.parameters["region"]) == ("table-gap", "umur: >= 5")


def test_a_file_that_cannot_be_evaluated_is_not_looked_into():
    found = of_table(models.table(["x"], ["o"], [["<< 1", "1"], ["-", "1"], ["-", "1"]]))
    assert {finding.rule for finding in found} == {"decision-invalid"}


def test_many_large_tables_are_told_to_be_too_large_and_hold_up_nobody():
    rules = [
        [f"[{a}..{a * 7 % 400 + 400})" for a in (n, n * 3 % 391, n * 11 % 397)] + ["1"] for n in range(390)
    ]
    table = models.table(["x", "y", "z"], ["o"], rules, types=["number"] * 3, policy="FIRST")
    files = {f"{n}.dmn": models.file(models.decision(f"d{n}", table)) for n in range(20)}
    found: list[Finding] = []
    assert effort(lambda: found.extend(lint(files, KNOWN))) < 5_000
    assert "table-too-large" in {finding.rule for finding in found}


# ---- names


ANSWERS = form("baru", key="umur", type="number", label="Umur")
DECIDE = (
    '<bpmn:businessRuleTask id="t" name="Putuskan" camunda:decisionRef="jalur" camunda:resultVariable="r"/>'
)
ENTRY = START.replace("/>", ' camunda:formRef="baru"/>')
SURE = ENTRY + DECIDE + END + path("s", "t", "e")


def unknown(cell: str = "-", answer: str = "1", process: str = SURE, **more: str) -> list[tuple[str, str]]:
    """(element, name) of the names that nobody provides."""
    logic = models.table(["umur"], ["o"], [[cell, answer]], types=["number"], **more)
    found = of_table(logic, a_bpmn=document(process), a_form=ANSWERS)
    return [
        (finding.element_id, finding.parameters["name"])
        for finding in found
        if finding.rule == "table-variable-unknown"
    ]


def test_an_input_a_cell_an_answer_and_a_default_may_ask_for_what_forms_provide():
    assert unknown("> umur", "umur + 1", defaults=["umur"]) == []


def test_a_name_that_nobody_provides_is_told_where_it_stands():
    assert unknown("> batas") == [("r1", "batas")]
    assert unknown("-", "ringan") == [("r1", "ringan")]
    assert unknown("-", "1", defaults=["ringan"]) == [("o0", "ringan")]
    found = of_table(models.table(["usia"], ["o"], [["-", "1"]]), a_bpmn=document(SURE), a_form=ANSWERS)
    (finding,) = [finding for finding in found if finding.rule == "table-variable-unknown"]
    assert (finding.severity, finding.element_id) == ("warning", "i0")
    assert "'usia'" in finding.message


@pytest.mark.parametrize(
    "known",
    ["nomor_registrasi", "waktu_diterima", "r", "umur.tahun", "for x in [1] return x", "max(umur, 1)"],
)
def test_what_the_system_a_task_or_an_expression_itself_provides_is_known(known: str):
    assert unknown("-", known) == []


def test_a_loop_an_error_and_a_called_process_provide_variables():
    loop = '<bpmn:multiInstanceLoopCharacteristics camunda:collection="umur" camunda:elementVariable="anak"/>'
    task = DECIDE.replace("/>", f">{loop}</bpmn:businessRuleTask>")
    assert unknown("-", "anak.loopCounter", ENTRY + task + END + path("s", "t", "e")) == []
    mapped = '<bpmn:extensionElements><camunda:out source="a" target="hasil"/></bpmn:extensionElements>'
    call = f'<bpmn:callActivity id="c" name="Panggil" calledElement="lain">{mapped}</bpmn:callActivity>'
    assert unknown("-", "hasil", ENTRY + call + DECIDE + END + path("s", "c", "t", "e")) == []
    assert unknown("-", "hasil") == [("r1", "hasil")]


RECEIVE = '<bpmn:receiveTask id="c" name="Tunggu" messageRef="m"/>'
SIGNAL = (
    '<bpmn:intermediateCatchEvent id="c" name="S"><bpmn:signalEventDefinition/></bpmn:intermediateCatchEvent>'
)
EXTERNAL = '<bpmn:serviceTask id="c" name="Luar" camunda:type="external" camunda:topic="x"/>'
ALL = '<bpmn:extensionElements><camunda:out variables="all"/></bpmn:extensionElements>'
CALL = f'<bpmn:callActivity id="c" name="Panggil" calledElement="lain">{ALL}</bpmn:callActivity>'


@pytest.mark.parametrize(
    "task",
    [RECEIVE, SIGNAL, EXTERNAL, CALL, user_task(element_id="c"), user_task(element_id="c", formRef="isian")],
)
def test_where_anything_may_come_in_no_name_is_unknown(task: str):
    assert unknown("> batas", process=ENTRY + task + DECIDE + END + path("s", "c", "t", "e")) == []


def test_a_start_without_a_form_takes_any_variable():
    assert unknown("> batas", process=around(DECIDE)) == []


def test_a_called_process_may_have_what_its_caller_has():
    caller = document(
        around('<bpmn:callActivity id="t" name="Panggil" calledElement="p"/>'),
        'id="q" name="Pemanggil" isExecutable="true"',
    )
    logic = models.table(["umur"], ["o"], [["> batas", "1"]], types=["number"])
    found = of_table(logic, a_bpmn=document(SURE), b_bpmn=caller, a_form=ANSWERS)
    assert "table-variable-unknown" not in {finding.rule for finding in found}


def test_without_a_process_that_asks_no_name_is_unknown():
    assert of_table(models.table(["usia"], ["o"], [["-", "1"]])) == []
    assert unknown("> batas", process=SURE.replace('"jalur"', '"risiko"')) == []


def test_the_names_of_the_file_are_known():
    data = '<inputData id="x" name="Batas umur"><variable name="batas"/></inputData>'
    rule = models.decision("lain", models.literal("1"), variable="hasil")
    asked = models.decision(
        "jalur", models.table(["umur"], ["o"], [["> batas + hasil + Batas umur", "z"]], types=["number"])
    )
    files = {"a.dmn": models.file(data, rule, asked), "a.bpmn": document(SURE), "a.form": ANSWERS}
    found = [f.parameters["name"] for f in lint(files, KNOWN) if f.rule == "table-variable-unknown"]
    assert found == ["z"]


def test_a_decision_that_the_asked_one_requires_sees_the_same_variables():
    below = models.decision("bawah", models.table(["usia"], ["o"], [["-", "1"]]))
    asked = models.decision("jalur", models.literal("bawah"), needs=["bawah"])
    files = {"a.dmn": models.file(below, asked), "a.bpmn": document(SURE), "a.form": ANSWERS}
    assert [f.parameters["name"] for f in lint(files, KNOWN)] == ["usia"]


def asking(**field: object) -> bytes:
    return form("isian", type="number", key="umur", **field)


def test_what_no_form_lets_through_is_no_gap():
    logic = models.table(["umur"], ["o"], AGES, types=["number"])
    assert [found.rule for found in of_table(logic, isian_form=asking())] == ["table-gap"]
    assert of_table(logic, isian_form=asking(decimalDigits=0)) == []


def test_a_form_with_decimals_beside_one_without_leaves_the_gap():
    logic = models.table(["umur"], ["o"], AGES, types=["number"])
    others = {"isian_form": asking(decimalDigits=0), "lain_form": form("lain", type="number", key="umur")}
    assert [found.rule for found in of_table(logic, **others)] == ["table-gap"]


def test_only_the_options_that_a_form_offers_can_fall_into_a_gap():
    logic = models.table(["tingkat"], ["o"], [['"ringan"', "1"], ['"berat"', "2"]])
    options = [{"label": value, "value": value} for value in ("ringan", "berat")]
    offered = form("isian", type="radio", key="tingkat", values=options)
    assert [found.rule for found in of_table(logic)] == ["table-gap"]
    assert of_table(logic, isian_form=offered) == []
    more = form("isian", type="radio", key="tingkat", values=[*options, {"label": "x", "value": "sedang"}])
    [gap] = of_table(logic, isian_form=more)
    assert 'tingkat = "sedang"' in str(gap)


@pytest.mark.parametrize(
    ("type_", "cell", "told"),
    [
        ("string", "12", True),
        ("string", '"12"', False),
        ("string", "null", False),
        ("string", "umur", False),
        ("number", '"12"', True),
        ("integer", "12", False),
        ("date", '@"2026-01-02"', False),
        ("date", '"2026-01-02"', True),
        ("", "12", False),
        ("Any", "12", False),
    ],
)
def test_a_result_of_another_type_than_declared_is_told_at_its_rule(type_: str, cell: str, told: bool):
    logic = models.table(["umur"], ["o"], [["-", cell]], types=["number"])
    logic = logic.replace('<output id="o0"', f'<output id="o0" typeRef="{type_}"')
    found = of_table(logic)
    assert [(f.rule, f.severity, f.element_id) for f in found] == [
        ("table-output-type", "warning", "r1")
    ] * told
    if told:
        assert f"Row 1: {cell} is not of the type '{type_}' that 'o' declares." in str(found[0])


def test_forms_that_the_agency_has_count_where_none_is_deployed_with_the_table():
    logic = models.table(
        ["umur", "tingkat"], ["o"], [[a, '"ringan"', o] for a, o in AGES], types=["number", "string"]
    )
    resources = {"a.dmn": models.file(models.decision("jalur", logic))}
    known = replace(KNOWN, answers={"tingkat": frozenset({"ringan"})}, whole_numbers=frozenset({"umur"}))
    assert [found.rule for found in lint(resources, KNOWN)] == ["table-gap"] * 2
    assert lint(resources, known) == []


def test_the_tests_of_a_type_of_the_model_are_not_run_by_the_linter():
    endless = "count(for a in 1..1000, b in 1..1000 return a) = ?"
    allowed = f"<allowedValues><text>{endless}</text></allowedValues>"
    types = f'<itemDefinition name="t"><typeRef>number</typeRef>{allowed}</itemDefinition>'
    logic = models.table(["umur"], ["o"], [["-", '"x"']], types=["number"])
    logic = logic.replace('<output id="o0"', '<output id="o0" typeRef="t"')
    assert lint({"a.dmn": models.file(types, models.decision("jalur", logic))}, KNOWN) == []
