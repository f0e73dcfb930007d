"""DMN 1.5, 10.2.2: boxed expressions, inside decisions and inside one another."""

import pytest

from engine.errors import DecisionError
from tests.unit.dmn.models import evaluate, literal, only, table


def box(kind: str, *parts: str, attributes: str = "") -> str:
    return f"<{kind} {attributes}>{''.join(parts)}</{kind}>"


def entry(name: str, logic: str, type_: str = "") -> str:
    typed = f' typeRef="{type_}"' if type_ else ""
    variable = f'<variable name="{name}"{typed}/>' if name else ""
    return box("contextEntry", variable, logic)


def value(logic: str, **variables):
    return evaluate(logic, **variables).value


def test_a_context_is_a_context_and_its_entries_see_those_before():
    logic = box("context", entry("a", literal("n + 1")), entry("b", literal("a * 2")))
    assert value(logic, n=1) == {"a": 2, "b": 4}


def test_an_entry_without_a_name_is_the_result():
    logic = box("context", entry("dua kali", literal("n * 2")), entry("", literal("dua kali + 1")))
    assert value(logic, n=4) == 9


def test_an_entry_may_have_a_name_with_signs():
    for spelt in ("a-b", "a - b", "a -b"):
        logic = box("context", entry("a-b", literal("7")), entry("", literal(f"{spelt} + 1")))
        assert value(logic) == 8


def test_an_entry_may_be_a_table_or_another_context():
    inner = table(["umur"], ["o"], [["< 12", '"rj"'], ["-", '"lain"']], policy="FIRST")
    logic = box("context", entry("x", inner), entry("y", box("context", entry("z", literal("x")))))
    assert value(logic, umur=11) == {"x": "rj", "y": {"z": "rj"}}


def test_an_entry_is_of_the_type_that_it_declares():
    found = evaluate(
        box("context", entry("a", literal('"x"'), "number"), entry("b", literal("[1]"), "number"))
    )
    assert found.value == {"a": None, "b": 1}
    assert "not of the type number" in found.warnings[0]


def test_a_function_in_a_context_may_call_itself():
    body = literal("if n &lt; 2 then 1 else n * faktorial(n - 1)".replace("&lt;", "<"))
    function = box("functionDefinition", '<formalParameter name="n" typeRef="number"/>', body)
    logic = box("context", entry("faktorial", function), entry("", literal("faktorial(5)")))
    assert value(logic) == 120


def test_a_list_and_a_relation():
    assert value(box("list", literal("1"), literal("n"), box("list", literal("3"))), n=2) == [1, 2, [3]]
    rows = [box("row", literal('"a"'), literal("1")), box("row", literal('"b"'), literal("n"))]
    columns = '<column name="huruf"/><column name="angka kedua"/>'
    assert value(box("relation", columns, *rows), n=5) == [
        {"huruf": "a", "angka kedua": 1},
        {"huruf": "b", "angka kedua": 5},
    ]


def binding(name: str, logic: str) -> str:
    return f'<binding><parameter name="{name}"/>{logic}</binding>'


def test_an_invocation_gives_arguments_by_name():
    function = box(
        "functionDefinition", '<formalParameter name="x"/><formalParameter name="y"/>', literal("x - y")
    )
    call = box("invocation", literal("kurang"), binding("y", literal("n")), binding("x", literal("10")))
    assert value(box("context", entry("kurang", function), entry("", call)), n=3) == 7


def test_an_argument_is_of_the_type_that_its_binding_declares():
    function = box("functionDefinition", '<formalParameter name="x"/>', literal("x"))
    call = box("invocation", literal("f"), binding("x", literal("[n]")))
    call = call.replace('<parameter name="x"/>', '<parameter name="x" typeRef="number"/>')
    logic = box("context", entry("f", function), entry("", call))
    assert (value(logic, n=3), value(logic, n="x")) == (3, None)


def test_an_invocation_of_a_built_in():
    call = box("invocation", literal("substring"), binding("string", literal('"anak"')))
    call = call.replace("</invocation>", binding("start position", literal("2")) + "</invocation>")
    assert value(call) == "nak"


def test_an_invocation_of_no_function_is_null():
    found = evaluate(box("invocation", literal("n"), binding("x", literal("1"))), n=3)
    assert found.value is None
    assert "number is not a function" in found.warnings[0]


@pytest.mark.parametrize(
    ("condition", "result"), [("true", "ya"), ("false", "tidak"), ("null", "tidak"), ('"x"', None)]
)
def test_a_conditional(condition, result):
    parts = [box("if", literal(condition)), box("then", literal('"ya"')), box("else", literal('"tidak"'))]
    assert value(box("conditional", *parts)) == result


def test_a_filter():
    logic = box("filter", box("in", literal("anak")), box("match", literal("umur < 12")))
    assert value(logic, anak=[{"umur": 10}, {"umur": 13}]) == [{"umur": 10}]
    assert value(box("filter", box("in", literal("[5, 6]")), box("match", literal("item > 5")))) == [6]
    assert value(box("filter", box("in", literal("[5, 6]")), box("match", literal("2")))) == 6


def loop(kind: str, source: str, last: str, body: str) -> str:
    return box(
        kind, box("in", literal(source)), box(last, literal(body)), attributes='iteratorVariable="i j"'
    )


def test_a_loop_sees_its_variable_and_the_results_so_far():
    assert value(loop("for", "[1..3]", "return", "i j * n"), n=2) == [2, 4, 6]
    assert value(loop("for", "[1, 2, 3]", "return", "count(partial) + i j")) == [1, 3, 5]
    assert value(loop("for", "null", "return", "1")) is None


@pytest.mark.parametrize(
    ("kind", "test", "result"),
    [
        ("some", "i j > 2", True),
        ("some", "i j > 3", False),
        ("every", "i j > 0", True),
        ("every", "i j > 1", False),
        ("some", 'if i j = 3 then true else "x"', None),
        ("every", "if i j = 1 then false else null", None),
    ],
)
def test_some_and_every_look_at_all_of_the_list(kind, test, result):
    assert value(loop(kind, "[1, 2, 3]", "satisfies", test)) is result


def test_the_source_of_a_loop_is_of_the_type_that_it_declares():
    source = box("in", literal("7"), attributes='typeRef="list&lt;number&gt;"')
    logic = box("for", source, box("return", literal("i + 1")), attributes='iteratorVariable="i"')
    assert value(logic) == [8]
    assert value(logic.replace(">7<", '>["x"]<')) is None


def test_every_kind_tells_what_it_takes_from_the_scope():
    logic = box("context", entry("a", literal("n + 1")), entry("b", loop("for", "xs", "return", "i j + a")))
    assert only(logic).copied == {"n", "xs"}
    assert only(table(["umur"], ["o"], [["> batas", "hasil"]])).copied == {"hasil"}


def test_a_warning_names_the_element_where_it_arose():
    logic = box("context", entry("a", literal("hilang").replace("<literal", '<literal id="e1" ', 1)))
    found = evaluate(logic.replace('<literal id="e1" Expression', '<literalExpression id="e1"'))
    assert found.warnings == ("e1: the name 'hilang' is not known (position 0)",)


def test_all_texts_of_a_decision_share_one_budget():
    heavy = literal("count(for a in 1..300, b in 1..300 return a)")
    assert value(heavy) == 90_000
    with pytest.raises(DecisionError, match="too many steps"):
        value(box("list", heavy, heavy, heavy))
