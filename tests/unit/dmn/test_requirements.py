"""Decisions that rest on others, on functions, and on nothing but an expression."""

import pytest

from engine.definitions.dmn import parse_decisions
from engine.errors import DecisionError, XmlRefused
from tests.unit.dmn.models import decision, evaluate, file, literal, table


def answer(last: str, *parts: str, **variables):
    return parse_decisions(file(*parts), "x.dmn")[last].evaluate(variables)


def test_an_expression_alone_decides():
    found = evaluate(literal("umur >= 12 and umur < 18"), umur=14)
    assert (found.value, list(found.rows), found.rules) == (True, [{"d1": True}], ())


def test_a_required_decision_is_seen_by_the_name_of_its_variable():
    first = decision("a", literal("n + 1"), variable="nilai dasar")
    assert answer("b", first, decision("b", literal("nilai dasar * 2"), needs=["a"]), n=4).value == 10


def test_a_required_decision_is_seen_by_its_name_where_it_has_no_variable():
    first = decision("a_1", literal("n + 1"), name="Nilai")
    assert answer("b", first, decision("b", literal("Nilai * 2"), needs=["a_1"]), n=4).value == 10


def test_a_required_table_is_seen_by_its_outputs_as_in_camunda():
    first = decision("a", table(["n"], ["x", "y"], [["-", "n", "n + 1"]]), variable="hasil")
    last = decision("b", literal("x + y + hasil.y"), needs=["a"])
    assert answer("b", first, last, n=1).value == 5


def test_many_results_are_seen_as_lists():
    first = decision("a", table(["n"], ["x"], [["-", "1"], ["-", "2"]], policy="COLLECT"), variable="hasil")
    assert answer("b", first, decision("b", literal("sum(x) + count(hasil)"), needs=["a"])).value == 5


def test_one_value_of_many_is_seen_as_one():
    logic = table(["n"], ["x"], [["-", "1"], ["-", "2"]], policy="COLLECT", aggregation="SUM")
    assert answer("b", decision("a", logic), decision("b", literal("x + a"), needs=["a"])).value == 6


def test_a_decision_wins_over_a_variable_of_its_name():
    parts = [decision("a", literal("1")), decision("b", literal("a"), needs=["a"])]
    assert answer("b", *parts, a=99).value == 1


def test_a_decision_that_several_require_is_evaluated_once():
    first = decision("a", table(["tak ada"], ["x"], [["-", "1"]]))
    middle = [decision(f"m{n}", literal(f"x + {n}"), needs=["a"]) for n in range(3)]
    last = decision("z", literal("m0 + m1 + m2"), needs=["m0", "m1", "m2"])
    found = answer("z", first, *middle, last)
    assert found.value == 6
    assert len(found.warnings) == 1


def test_a_long_chain_of_decisions_ends():
    chain = [decision("k0", literal("1"))]
    chain += [decision(f"k{n}", literal(f"k{n - 1} + 1"), needs=[f"k{n - 1}"]) for n in range(1, 1500)]
    assert answer("k1499", *reversed(chain)).value == 1500


def test_only_what_is_required_is_evaluated():
    broken = decision("rusak", table(["n"], ["x"], [["-", "1"], ["-", "2"]]))
    assert answer("b", broken, decision("b", literal("1"))).value == 1


def test_an_error_names_the_required_decision():
    parts = [
        decision("a", table(["n"], ["x"], [["-", "1"], ["-", "2"]])),
        decision("b", literal("x"), needs=["a"]),
    ]
    with pytest.raises(DecisionError) as refused:
        answer("b", *parts)
    assert refused.value.decision == "a"


@pytest.mark.parametrize(
    "needs", [{"a": ["a"]}, {"a": ["b"], "b": ["a"]}, {"a": ["b"], "b": ["c"], "c": ["b"]}]
)
def test_decisions_that_wait_for_each_other_are_refused(needs):
    parts = [decision(id_, literal("1"), needs=others) for id_, others in needs.items()]
    with pytest.raises(XmlRefused, match="require each other"):
        parse_decisions(file(*parts), "x.dmn")


def test_a_decision_that_is_not_there_is_named():
    with pytest.raises(XmlRefused, match="requires 'hilang', which this file does not have"):
        parse_decisions(file(decision("a", literal("1"), needs=["hilang"])), "x.dmn")


def test_a_function_is_called_by_its_name():
    model = (
        '<businessKnowledgeModel id="f" name="Lipat"><variable name="Lipat"/><encapsulatedLogic>'
        '<formalParameter name="x"/><formalParameter name="kali"/>'
        "<literalExpression><text>x * kali</text></literalExpression>"
        "</encapsulatedLogic></businessKnowledgeModel>"
    )
    knows = '<knowledgeRequirement><requiredKnowledge href="#f"/></knowledgeRequirement>'
    last = decision("b", knows + literal("Lipat(n, 2) + Lipat(kali: 3, x: n)"))
    assert answer("b", model, last, n=5).value == 25
    assert list(parse_decisions(file(model, last), "x.dmn")) == ["b"]


def test_input_data_gives_a_text_the_type_that_it_declares():
    data = (
        '<inputData id="i" name="Tanggal lahir"><variable name="Tanggal lahir" typeRef="date"/></inputData>'
    )
    needs = '<informationRequirement><requiredInput href="#i"/></informationRequirement>'
    parts = [data, decision("a", needs + literal("Tanggal lahir.year"))]
    assert answer("a", *parts, **{"Tanggal lahir": "2012-05-01"}).value == 2012


def test_a_name_with_signs_in_it_is_known_from_the_model():
    data = '<inputData id="i" name="Umur/tahun"><variable name="Umur/tahun"/></inputData>'
    needs = '<informationRequirement><requiredInput href="#i"/></informationRequirement>'
    parts = [data, decision("a", needs + literal("Umur/tahun + 1"))]
    assert answer("a", *parts, **{"Umur/tahun": 12}).value == 13
