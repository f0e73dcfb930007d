"""DMN 1.5, 7.3.3 and 10.3.2.9: the types of a model, what fits them and what is made to fit."""

from datetime import UTC, datetime

import pytest

from engine.definitions.dmn import check_decisions, evaluate_decision, parse_decisions
from tests.unit.dmn.models import decision, file, literal, table


def item(name: str, content: str, *, many: bool = False) -> str:
    return f'<itemDefinition name="{name}" isCollection="{str(many).lower()}">{content}</itemDefinition>'


def of(type_: str, allowed: str = "", constraint: str = "") -> str:
    found = f"<typeRef>{type_}</typeRef>"
    found += f"<allowedValues><text>{allowed}</text></allowedValues>" if allowed else ""
    return found + (f"<typeConstraint><text>{constraint}</text></typeConstraint>" if constraint else "")


def part(name: str, content: str) -> str:
    return f'<itemComponent name="{name}">{content}</itemComponent>'


TYPES = [
    item("tUmur", of("number", "[0..120]")),
    item("tTingkat", of("string", '"ringan","berat"')),
    item("tAnak", part("nama", of("string")) + part("umur", of("tUmur"))),
    item("tAnakSemua", of("tAnak"), many=True),
    item("tDaftar", of("number", "&gt; 0", "count(?) &lt; 3"), many=True),
    item("tWaktu", of("date and time")),
]


def typed(type_: str, text: str, **inputs):
    """(value, warnings) of a decision with a type; its expression may use the input ``x``."""
    logic = decision("a", literal(text), variable="a").replace('"a"/>', f'"a" typeRef="{type_}"/>', 1)
    warnings: list[str] = []
    return evaluate_decision({"x.dmn": file(*TYPES, logic)}, "a", inputs, warnings), warnings


@pytest.mark.parametrize(
    ("type_", "text", "value"),
    [
        ("tUmur", "12", 12),
        ("tUmur", "121", None),
        ("tUmur", '"12"', None),
        ("tUmur", "[12]", 12),
        ("tTingkat", '"berat"', "berat"),
        ("tTingkat", '"sedang"', None),
        ("tAnak", '{nama: "A", umur: 3}', {"nama": "A", "umur": 3}),
        ("tAnak", '{nama: "A", umur: null}', {"nama": "A", "umur": None}),
        ("tAnak", '{nama: "A", umur: 3, lain: 1}', {"nama": "A", "umur": 3, "lain": 1}),
        ("tAnak", '{nama: "A"}', None),
        ("tAnak", '{nama: "A", umur: 200}', None),
        ("tAnak", "{nama: 1, umur: 3}", None),
        ("tAnakSemua", '{nama: "A", umur: 3}', [{"nama": "A", "umur": 3}]),
        ("tAnakSemua", '[{nama: "A", umur: 300}]', None),
        ("tDaftar", "[1, 2]", [1, 2]),
        ("tDaftar", "[1, null]", [1, None]),
        ("tDaftar", "[1, 0]", None),
        ("tDaftar", "[1, 2, 3]", None),
        ("tWaktu", 'date("2026-01-02")', datetime(2026, 1, 2, tzinfo=UTC)),
        ("list&lt;number&gt;", "[1, 2]", [1, 2]),
        ("list&lt;number&gt;", '[1, "x"]', None),
        ("context", "{a: 1}", {"a": 1}),
        ("context", "1", None),
        ("list", "1", [1]),
        ("feel:number", "1", 1),
        ("integer", "1.5", 1.5),
        ("Any", "[1]", [1]),
        ("tidak ada", "[1]", [1]),
        ("tUmur", "null", None),
    ],
)
def test_a_value_fits_a_type_or_is_null(type_, text, value):
    assert typed(type_, text)[0] == value


def test_the_reason_is_told():
    reason = "the value is not of the type tUmur, or not among those that it allows (position 0)"
    assert typed("tUmur", '"x"')[1] == typed("tUmur", "121")[1] == [reason]


def ask(text: str, *parts: str, **inputs):
    return evaluate_decision({"x.dmn": file(*TYPES, *parts, decision("a", literal(text)))}, "a", inputs)


def test_the_tests_of_a_component_see_its_siblings():
    rentang = part("dari-umur", of("number")) + part("sampai", of("number", "? &gt; dari-umur"))
    types = [item("tRentang", rentang), item("tSemua", of("tRentang"), many=True)]
    for text, fits in (("{dari-umur: 1, sampai: 2}", True), ("{dari-umur: 2, sampai: 1}", False)):
        assert (ask(f"(function(x: tRentang) x.sampai)({text})", *types) is not None) is fits
        assert (ask(f"(function(x: tSemua) count(x))([{text}])", *types) is not None) is fits
        assert ask(f"{text} instance of tRentang", *types) is True


def test_an_argument_is_among_the_allowed_values_of_its_parameter():
    assert ask("[(function(x: tUmur) x)(5), (function(x: tUmur) x)(500)]") == [5, None]
    assert ask("(function(x: list<tUmur>) x)([5, 500])") is None


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("12 instance of tUmur", True),
        ("121 instance of tUmur", True),
        ('"x" instance of tUmur', False),
        ("null instance of tUmur", False),
        ('{nama: "A", umur: 3} instance of tAnak', True),
        ('[{nama: "A", umur: 3}] instance of list<tAnak>', True),
        ('[{nama: "A"}] instance of tAnakSemua', False),
    ],
)
def test_instance_of_a_type_of_the_model_asks_for_its_shape(text, answer):
    assert ask(text) is answer


def test_a_parameter_may_have_a_type_of_the_model():
    function = "(function(x: tAnak) x.umur)"
    assert ask(f'{function}({{nama: "A", umur: 3}})') == 3
    assert ask(f"{function}(3)") is None


def test_a_type_and_a_component_may_have_a_name_with_signs():
    types = [item("t-anak", part("umur/tahun", of("number")))]
    assert ask("{umur/tahun: 3}.umur/tahun", *types) == 3
    assert ask("{umur/tahun: 3} instance of t-anak", *types) is True


def test_a_type_that_is_a_function():
    types = [item("tFungsi", '<functionItem outputTypeRef="number"><parameters name="x"/></functionItem>')]
    assert ask("[(function(x) x) instance of tFungsi, (function() 1) instance of tFungsi]", *types) == [
        True,
        False,
    ]


def test_an_unknown_type_is_told():
    [problem] = check_decisions(file(item("t", of("tHilang")), decision("a", literal("1"))), "x.dmn")
    assert "the type 'tHilang' is not known" in str(problem)
    assert problem.local


def test_json_leaves_out_what_is_null_and_has_no_dates():
    data = '<inputData id="i" name="i"><variable name="i" typeRef="t"/></inputData>'
    types = item("t", part("lahir", of("date")) + part("mati", of("date")))
    needs = '<informationRequirement><requiredInput href="#i"/></informationRequirement>'
    content = file(types, data, decision("a", needs + literal("i.lahir.year")))
    given = {"i": {"lahir": "2020-05-01"}}
    assert parse_decisions(content, "x.dmn")["a"].evaluate(given).value == 2020
    assert evaluate_decision({"x.dmn": content}, "a", given) is None


def test_the_values_of_a_type_are_the_order_of_priorities():
    logic = table(["n"], ["o"], [["-", '"ringan"'], ["-", '"berat"']], policy="OUTPUT ORDER")
    logic = logic.replace('<output id="o0"', '<output id="o0" typeRef="tTingkat"')
    content = file(item("tTingkat", of("string", '"berat","ringan"')), decision("a", logic))
    assert evaluate_decision({"x.dmn": content}, "a", {}) == ["berat", "ringan"]


def test_an_input_of_a_list_of_one_is_its_element():
    logic = table(["[5]"], ["o"], [["5", '"ya"'], ["-", '"tidak"']], policy="FIRST", types=["number"])
    assert evaluate_decision({"x.dmn": file(decision("a", logic))}, "a", {}) == "ya"


def test_an_output_is_of_the_type_that_it_declares():
    logic = table(["n"], ["o"], [["-", '"x"']]).replace('<output id="o0"', '<output id="o0" typeRef="number"')
    assert evaluate_decision({"x.dmn": file(decision("a", logic))}, "a", {}) is None
    logic = logic.replace('>"x"<', ">[7]<")
    assert evaluate_decision({"x.dmn": file(decision("a", logic))}, "a", {}) == 7


def test_in_a_process_an_output_of_another_type_stays_for_editors_declare_texts_unasked():
    logic = table(["n"], ["o"], [["-", "12"]]).replace('<output id="o0"', '<output id="o0" typeRef="string"')
    content = file(decision("a", logic))
    assert parse_decisions(content, "x.dmn")["a"].evaluate({}).value == 12
    assert evaluate_decision({"x.dmn": content}, "a", {}) is None


def test_a_table_in_an_entry_goes_by_the_values_of_the_entrys_type():
    logic = table(["n"], [""], [["-", '"ringan"'], ["-", '"berat"']], policy="PRIORITY").replace(
        ' name=""', ""
    )
    variable = '<variable name="x" typeRef="tTingkat"/>'
    boxed = f"<context><contextEntry>{variable}{logic}</contextEntry></context>"
    types = item("tTingkat", of("string", '"berat","ringan"'))
    assert evaluate_decision({"x.dmn": file(types, decision("a", boxed))}, "a", {}) == {"x": "berat"}
