"""Cells, columns and values of a decision table."""

from datetime import date

import pytest

from engine.definitions.dmn import parse_decisions
from engine.errors import DecisionError
from tests.unit.dmn.models import decision, evaluate, file, only, table

NAMESPACES = [
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
    "http://www.omg.org/spec/DMN/20180521/MODEL/",
    "https://www.omg.org/spec/DMN/20191111/MODEL/",
    "https://www.omg.org/spec/DMN/20211108/MODEL/",
    "https://www.omg.org/spec/DMN/20230324/MODEL/",
]


@pytest.mark.parametrize("namespace", NAMESPACES)
def test_every_version_of_dmn_is_read(namespace):
    content = file(decision("d1", table(["n"], ["o"], [["> 1", "n * 2"]])), namespace=namespace)
    assert parse_decisions(content, "d1.dmn")["d1"].evaluate({"n": 4}).value == 8


@pytest.mark.parametrize("cell", ["-", "", "  -  "])
@pytest.mark.parametrize("value", [1, "x", None])
def test_a_dash_or_an_empty_cell_matches_anything(cell, value):
    assert evaluate(table(["n"], ["o"], [[cell, "1"]]), n=value).value == 1


@pytest.mark.parametrize(
    ("cell", "value", "matches"),
    [
        ("< 12", 11, True),
        ("< 12", 12, False),
        ("[12..17]", 17, True),
        ("(12..17)", 12, False),
        ('"ringan"', "ringan", True),
        ('"ringan","berat"', "berat", True),
        ('not("ringan")', "berat", True),
        ('not("ringan")', "ringan", False),
        ("true", True, True),
        ("true", "true", False),
        ("null", None, True),
        ("< 12", None, False),
        ("> batas", 6, True),
        ("? * 2 = 12", 6, True),
        ('starts with(?, "rin")', "ringan", True),
        ("batas > 4", 6, True),
        ("batas > 5", 6, False),
        ("batas > 4", False, False),
    ],
)
def test_a_cell_is_a_unary_test(cell, value, matches):
    found = evaluate(table(["n"], ["o"], [[cell, '"ya"']]), n=value, batas=5)
    assert (found.value == "ya") is matches


def test_a_rule_matches_when_all_of_its_cells_do():
    logic = table(["umur", "tingkat"], ["o"], [["< 12", "-", "1"], [">= 12", '"berat"', "2"]])
    assert [
        evaluate(logic, umur=u, tingkat=t).value for u, t in [(11, None), (12, "berat"), (12, "ringan")]
    ] == [
        1,
        2,
        None,
    ]


def test_an_input_is_an_expression_and_so_is_an_output():
    logic = table(["sum(nilai)"], ["o"], [["> 5", 'string join(["jumlah", string(sum(nilai))], " ")']])
    assert evaluate(logic, nilai=[2, 4]).value == "jumlah 6"


def test_an_empty_output_is_null():
    assert evaluate(table(["n"], ["a", "b"], [["-", "1", ""]]), n=1).value == {"a": 1, "b": None}


def test_an_output_without_a_name_goes_by_the_decisions_variable():
    logic = table(["n"], [""], [["-", "1"]]).replace(' name=""', "")
    assert list(only(logic, variable="hasil").evaluate({}).rows) == [{"hasil": 1}]
    assert only(logic, name="Usulan jalur").outputs == ("Usulan jalur",)


def test_a_missing_variable_is_null_and_noted():
    found = evaluate(table(["umur"], ["o"], [["< 12", "1"], ["-", "2"]], policy="FIRST"))
    assert found.value == 2
    assert any("umur" in warning for warning in found.warnings)


def test_a_value_outside_of_the_allowed_ones_is_named():
    logic = table(["t"], ["o"], [["-", "1"]], allowed=['"ringan","berat"'])
    with pytest.raises(DecisionError, match="d1 cannot be evaluated at i0: what it got is not among"):
        evaluate(logic, t="sedang")
    assert evaluate(logic, t="berat").value == 1
    assert evaluate(logic, t=None).value == 1


def test_an_output_outside_of_its_values_is_named():
    logic = table(["t"], ["o"], [["-", "t"]], values=['"rj","diversi"'])
    with pytest.raises(DecisionError, match="at r1: what the rule gives is not among"):
        evaluate(logic, t="lain")
    assert evaluate(logic, t="rj").value == "rj"


@pytest.mark.parametrize(
    ("type_", "cell", "value"),
    [
        ("date", '< date("2026-01-01")', "2025-12-31"),
        ("feel:date", '< date("2026-01-01")', "2025-12-31"),
        ("date", 'date and time("2026-01-01T09:00:00+07:00")', "2026-01-01T09:00+07:00"),
        ("dateTime", '< date and time("2026-01-01T00:00:00Z")', "2026-01-01T06:00+07:00"),
        ("date and time", '< date and time("2026-01-01T00:00:00Z")', "2026-01-01T06:00+07:00"),
        ("time", '>= time("09:00:00")', "09:00"),
        ("dayTimeDuration", '<= duration("PT48H")', "P1D"),
        ("yearMonthDuration", '< duration("P2Y")', "P18M"),
    ],
)
def test_a_text_in_a_dated_column_is_read_as_a_date(type_, cell, value):
    logic = table(["x"], ["o"], [[cell, "1"]], types=[type_])
    assert evaluate(logic, x=value).value == 1


@pytest.mark.parametrize("type_", ["date", "time", "dateTime", "dayTimeDuration"])
def test_a_text_that_is_no_date_matches_no_cell_for_dates(type_):
    logic = table(["x"], ["o"], [['< date("2026-01-01")', "1"]], types=[type_])
    assert evaluate(logic, x="kemarin").value is None


def test_a_python_date_is_a_date():
    assert (
        evaluate(table(["x"], ["o"], [['< date("2026-01-01")', "x.year"]]), x=date(2025, 5, 1)).value == 2025
    )


def test_an_expression_without_end_is_stopped():
    endless = "count(for a in 1..10000, b in 1..10000 return a)"
    with pytest.raises(DecisionError, match="too many steps") as stopped:
        evaluate(table(["n"], ["o"], [["-", endless]]), n=1)
    assert (stopped.value.decision, stopped.value.element) == ("d1", "r1")
    assert stopped.value.expression == endless


def test_the_variables_are_left_alone():
    variables = {"n": 1}
    only(table(["n"], ["o"], [["-", "2"]])).evaluate(variables)
    assert variables == {"n": 1}
