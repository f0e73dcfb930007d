"""What a file's decisions ask for, and trying them before they are deployed."""

import pytest

from engine.definitions.dmn import DecisionInput, outline_decisions, try_decision
from engine.errors import DecisionNotFound
from tests.unit.dmn.models import decision, file, literal, table
from tests.unit.dmn.test_services import data, needs, service


def outline(*parts: str):
    return outline_decisions({"x.dmn": file(*parts)})


def test_the_columns_of_a_table_are_what_it_asks_for():
    logic = table(
        ["umur", "tingkat", "a + b"],
        ["o", "p"],
        [["< batas", "-", "-", "1", "c"]],
        types=["number", "string", "number"],
        allowed=[None, '"ringan","berat"'],
    )
    [found] = outline(decision("d", logic, name="Jalur"))
    assert (found.id, found.name, found.kind) == ("d", "Jalur", "decisionTable")
    assert (found.outputs, found.rules) == (("o", "p"), ("r1",))
    assert found.inputs == (
        DecisionInput("umur", "number"),
        DecisionInput("tingkat", "string", ("ringan", "berat")),
        *map(DecisionInput, ["a", "b", "batas", "c"]),
    )


def test_what_other_decisions_provide_is_not_asked_for():
    first = decision("a", table(["n"], ["x"], [["-", "n"]]), variable="hasil")
    last = decision("b", literal("hasil + x + m"), needs=["a"])
    assert [i.name for i in outline(first, last)[1].inputs] == ["m", "n"]


def test_input_data_has_the_type_that_the_model_gives_it():
    allowed = '<allowedValues><text>"ringan","berat"</text></allowedValues>'
    types = f'<itemDefinition name="t"><typeRef>string</typeRef>{allowed}</itemDefinition>'
    parts = [types, data("s", "t"), decision("a", needs("s") + literal("s"))]
    assert outline(*parts)[0].inputs == (DecisionInput("s", "string", ("ringan", "berat")),)


def test_a_service_asks_for_its_parameters():
    parts = [
        data("umur", "number"),
        decision("batas", literal("12")),
        decision("anak", needs("umur") + literal("umur < batas"), needs=["batas"]),
        service("layanan", outputs=["anak"], inputs=["umur"], decisions=["batas"]),
    ]
    found = outline(*parts)[-1]
    assert (found.kind, found.inputs) == (
        "decisionService",
        (DecisionInput("umur", "number"), DecisionInput("batas")),
    )
    assert try_decision({"x.dmn": file(*parts)}, "layanan", {"umur": 11, "batas": 10}).value is False


def test_a_broken_decision_asks_for_nothing_and_the_others_can_be_tried():
    parts = [decision("a", literal("1 +")), decision("b", literal("n + 1"))]
    assert [found.inputs for found in outline(*parts)] == [(), (DecisionInput("n"),)]
    tried = try_decision({"x.dmn": file(*parts)}, "b", {"n": 1})
    assert (tried.value, tried.rows, tried.rules) == (2, ({"b": 2},), ())


def test_a_trial_tells_the_rules_and_the_warnings_as_json():
    logic = table(["t"], ["o"], [["-", '{d: date("2026-01-02"), n: 1/4}']])
    tried = try_decision({"x.dmn": file(decision("a", logic))}, "a", {})
    assert tried.value == {"d": "2026-01-02", "n": 0.25}
    assert tried.rules == ("r1",)
    assert tried.warnings == ("i0: the name 't' is not known (position 0)",)


def test_an_unknown_decision_is_told():
    with pytest.raises(DecisionNotFound):
        try_decision({"x.dmn": file(decision("a", literal("1")))}, "z", {})


def test_all_that_is_asked_of_a_file_shares_one_budget():
    names = [f"n{number}" for number in range(12)]
    endless = ["count(for a in 1..300, b in 1..300 return a)"] * len(names)
    logic = table(names, ["o"], [["-"] * len(names) + ["1"]], allowed=endless)
    [found] = outline(decision("a", logic))
    assert [i.name for i in found.inputs] == names
    assert [i.options for i in found.inputs].count(()) > len(names) // 2
