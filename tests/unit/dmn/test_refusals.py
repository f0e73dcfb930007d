"""What is wrong with a DMN file is said before anybody rests on it, with the element and the line."""

import pytest

from engine.definitions.dmn import check_decisions, evaluate_decision, parse_decisions
from engine.errors import DecisionError, XmlRefused
from tests.unit.dmn.models import decision, file, literal, table

RULE = [["-", "1"]]


def sentences(*parts: str) -> list[str]:
    return [str(problem) for problem in check_decisions(file(*parts), "x.dmn")]


def test_a_sound_file_has_no_problems():
    assert sentences(decision("a", table(["n"], ["o"], RULE)), decision("b", literal("1"), needs=["a"])) == []


FLAWS = {
    "an input without an expression": (table([""], ["o"], RULE), "i0 asks for nothing"),
    "no output": (table(["n"], [], [["-"]]), "t has no output"),
    "two outputs of one name": (table(["n"], ["o", "o"], [["-", "1", "2"]]), "two outputs of the same name"),
    "a cell too few": (table(["n", "m"], ["o"], [["-", "1"]]), "r1 does not have a cell for every"),
    "a cell too many": (table(["n"], ["o"], [["-", "1", "2"]]), "r1 does not have a cell for every"),
    "an unknown hit policy": (table(["n"], ["o"], RULE, policy="BEST"), "unknown hit policy: BEST"),
    "an unknown aggregation": (
        table(["n"], ["o"], RULE, policy="COLLECT", aggregation="AVG"),
        "unknown hit policy: COLLECT AVG",
    ),
    "an aggregation of two outputs": (
        table(["n"], ["o", "p"], [["-", "1", "2"]], policy="COLLECT", aggregation="SUM"),
        "exactly one output",
    ),
    "priority without an order": (table(["n"], ["o"], RULE, policy="PRIORITY"), "no output lists its values"),
    "an input cell": (table(["n"], ["o"], [["< ", "1"]]), "r1: '<' is not valid at position 1"),
    "an output cell": (table(["n"], ["o"], [["-", "1 +"]]), "r1: '1 +' is not valid at position 3"),
    "an input expression": (table(["n +"], ["o"], RULE), "i0: 'n +' is not valid at position 3"),
    "a default": (table(["n"], ["o"], RULE, defaults=["("]), "o0: '(' is not valid at position 1"),
    "allowed values": (table(["n"], ["o"], RULE, allowed=["< "]), "i0: '<' is not valid"),
    "a literal expression": (literal("1 +"), "a: '1 +' is not valid at position 3"),
    "an empty expression": (literal(""), "a has no expression"),
    "nothing at all": ("", "a decides nothing"),
    "another language": (
        literal("1").replace("<literalExpression", '<literalExpression expressionLanguage="juel"'),
        "written in 'juel'; only FEEL is evaluated",
    ),
}


@pytest.mark.parametrize("flaw", FLAWS)
def test_a_flaw_is_told_and_the_file_refused(flaw):
    logic, said = FLAWS[flaw]
    [sentence] = sentences(decision("a", logic), decision("b", literal("1")))
    assert said in sentence
    with pytest.raises(XmlRefused) as refused:
        parse_decisions(file(decision("a", logic)), "x.dmn")
    assert said in str(refused.value)


def test_a_problem_names_the_element_and_the_line():
    content = b"\n\n".join(
        [b"<?xml version='1.0'?>", file(decision("a", table(["n"], ["o"], [["-", "1 +"]])))]
    )
    [problem] = check_decisions(content, "x.dmn")
    assert (problem.element_id, problem.line) == ("r1", 3)


def test_the_language_feel_may_be_named_in_any_way():
    for name in ("feel", "FEEL", "http://www.omg.org/spec/FEEL/20140401"):
        logic = literal("1").replace("<literalExpression", f'<literalExpression expressionLanguage="{name}"')
        assert sentences(decision("a", logic)) == []


def test_every_decision_has_an_id_of_its_own():
    [sentence] = sentences(decision("a", literal("1")), decision("a", literal("2")))
    assert sentence == "a: every decision needs an id of its own."


HOLES = {
    "a context entry": (
        "<context><contextEntry><variable name='x'/></contextEntry></context>",
        "contextEntry",
    ),
    "an invocation of nothing": ("<invocation/>", "invocation"),
    "a conditional": ("<conditional><if/><then/><else/></conditional>", "if"),
    "a filter": ("<filter><in/><match/></filter>", "in"),
    "a loop": ("<for iteratorVariable='i'><in/><return/></for>", "in"),
    "a quantifier": ("<some iteratorVariable='i'><in/><satisfies/></some>", "in"),
}


@pytest.mark.parametrize("hole", HOLES)
def test_a_boxed_expression_with_a_hole_in_it_is_told(hole):
    boxed, part = HOLES[hole]
    assert f"a lacks the expression of '{part}'." in sentences(decision("a", boxed))
    with pytest.raises(DecisionError, match="lacks the expression"):
        evaluate_decision({"x.dmn": file(decision("a", boxed))}, "a", {})


def test_a_row_of_a_relation_has_a_cell_for_every_column():
    boxed = f"<relation><column name='x'/><column name='y'/><row id='r'>{literal('1')}</row></relation>"
    assert sentences(decision("a", boxed)) == ["r does not have a cell for every column."]


@pytest.mark.parametrize("language", ["Java", "PMML"])
def test_a_function_in_another_language_is_refused_by_name(language):
    logic = f'<encapsulatedLogic kind="{language}">{literal("1")}</encapsulatedLogic>'
    model = f'<businessKnowledgeModel id="f" name="f">{logic}</businessKnowledgeModel>'
    knows = '<knowledgeRequirement><requiredKnowledge href="#f"/></knowledgeRequirement>'
    last = decision("a", knows + literal("f(1)"))
    assert sentences(model, last) == [f"f is a function in {language}; only FEEL is evaluated."]
    with pytest.raises(DecisionError, match=f"a function in {language}"):
        evaluate_decision({"x.dmn": file(model, last)}, "a", {})


def test_a_function_that_does_nothing_is_told():
    logic = "<encapsulatedLogic/>"
    model = f'<businessKnowledgeModel id="f" name="f">{logic}</businessKnowledgeModel>'
    assert sentences(model) == ["f is a function that does nothing."]
    assert "decides nothing" in sentences('<businessKnowledgeModel id="f" name="f"/>')[0]


def test_a_service_decides_something():
    assert sentences('<decisionService id="s" name="s"/>') == ["s is a service without an output decision."]


def test_an_import_of_what_is_not_there_is_told():
    imported = '<import name="lain" namespace="x" importType="https://www.omg.org/spec/DMN/20191111/MODEL/"/>'
    assert sentences(imported) == ["d imports the model 'x', which is not among the files."]


@pytest.mark.parametrize(
    "type_",
    [
        "http://www.w3.org/2001/XMLSchema",
        "http://www.dmg.org/PMML-4_3",
        "http://www.omg.org/spec/BPMN/20100524/MODEL",
    ],
)
def test_an_import_of_another_kind_is_told(type_: str):
    [sentence] = sentences(f'<import name="lain" namespace="x" importType="{type_}"/>')
    assert f"imports of the type '{type_}' are not supported" in sentence


def test_a_fault_is_no_hindrance_to_decisions_that_do_not_rest_on_it():
    parts = [decision("a", literal("1 +")), decision("b", literal("2"))]
    assert evaluate_decision({"x.dmn": file(*parts)}, "b", {}) == 2
    with pytest.raises(DecisionError) as refused:
        evaluate_decision({"x.dmn": file(*parts)}, "a", {})
    error = refused.value
    assert (error.decision, error.element, error.expression, error.position) == ("a", "a", "1 +", 3)


@pytest.mark.parametrize("needs", [{"a": ["a"]}, {"a": ["b"], "b": ["c"], "c": ["b"]}])
def test_decisions_in_a_circle_are_refused_when_they_are_asked(needs):
    parts = [decision(id_, literal("1"), needs=others) for id_, others in needs.items()]
    with pytest.raises(DecisionError, match="require each other"):
        evaluate_decision({"x.dmn": file(*parts)}, "a", {})


def test_a_missing_requirement_is_told_when_the_decision_is_asked():
    content = file(decision("a", literal("1"), needs=["hilang"]))
    with pytest.raises(DecisionError, match="requires 'hilang'"):
        evaluate_decision({"x.dmn": content}, "a", {})


def test_a_decision_without_an_id_is_evaluated_by_its_name_but_not_deployed():
    content = file(decision("a", literal("1")).replace('id="a" ', ""))
    assert evaluate_decision({"x.dmn": content}, "a", {}) == 1
    with pytest.raises(XmlRefused, match="an id of its own"):
        parse_decisions(content, "x.dmn")


def test_a_diagram_is_no_decision():
    diagram = b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>'
    with pytest.raises(XmlRefused, match="a process diagram, not a decision model"):
        parse_decisions(diagram, "x.dmn")


@pytest.mark.parametrize("content", [b"", b"<a/>", b"<definitions/>", b"<!DOCTYPE a><a/>", b"{"])
def test_what_is_no_dmn_is_refused(content):
    with pytest.raises(XmlRefused, match=r"x\.dmn"):
        check_decisions(content, "x.dmn")


def test_the_caller_may_keep_what_parsing_returns():
    content = file(decision("a", literal("1")))
    parse_decisions(content, "x.dmn").clear()
    assert list(parse_decisions(content, "x.dmn")) == ["a"]
