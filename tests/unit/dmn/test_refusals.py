"""What is wrong with a DMN file is said before anybody rests on it, with the element and the line."""

import pytest

from engine.definitions.dmn import check_decisions, parse_decisions
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


@pytest.mark.parametrize("kind", ["context", "invocation", "list", "relation", "conditional", "for"])
def test_a_boxed_expression_is_told_and_fails_only_when_it_is_evaluated(kind):
    boxed = f'<{kind} id="k"/>'
    [sentence] = sentences(decision("a", boxed))
    assert sentence == f"k is a boxed expression of the kind '{kind}', which is not supported."
    decisions = parse_decisions(file(decision("a", boxed), decision("b", literal("1"))), "x.dmn")
    assert decisions["b"].evaluate({}).value == 1
    with pytest.raises(DecisionError, match=f"'{kind}' is not supported"):
        decisions["a"].evaluate({})


def test_a_function_that_is_no_expression_is_told():
    logic = "<encapsulatedLogic><context/></encapsulatedLogic>"
    model = f'<businessKnowledgeModel id="f" name="f">{logic}</businessKnowledgeModel>'
    assert sentences(model) == ["f is a boxed expression of the kind 'function', which is not supported."]


def test_a_decision_service_is_told_and_fails_only_when_it_is_needed():
    knows = '<knowledgeRequirement><requiredKnowledge href="#s"/></knowledgeRequirement>'
    parts = [
        '<decisionService id="s" name="s"/>',
        decision("a", knows + literal("1")),
        decision("b", literal("1")),
    ]
    assert sentences(*parts) == ["s is a boxed expression of the kind 'function', which is not supported."]
    decisions = parse_decisions(file(*parts), "x.dmn")
    assert decisions["b"].evaluate({}).value == 1
    with pytest.raises(DecisionError, match="'function' is not supported"):
        decisions["a"].evaluate({})


def test_a_function_in_another_language_is_told():
    model = (
        '<businessKnowledgeModel id="f" name="f"><encapsulatedLogic kind="Java">'
        "<literalExpression><text>1</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>"
    )
    assert sentences(model) == ["f is a boxed expression of the kind 'function', which is not supported."]


def test_an_import_is_told():
    imported = '<import name="lain" namespace="x" importType="https://www.omg.org/spec/DMN/20191111/MODEL/"/>'
    assert sentences(imported) == ["d: imports of other models are not supported."]


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
