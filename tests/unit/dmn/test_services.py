"""Decision services (DMN 1.5, 10.4), functions that decisions call, and what a decision may see."""

import pytest

from engine.definitions.dmn import evaluate_decision, parse_decisions
from engine.errors import DecisionError, DecisionNotFound
from tests.unit.dmn.models import decision, file, literal, table


def data(name: str, type_: str = "") -> str:
    typed = f' typeRef="{type_}"' if type_ else ""
    return f'<inputData id="{name}" name="{name}"><variable name="{name}"{typed}/></inputData>'


def needs(*inputs: str) -> str:
    return "".join(
        f'<informationRequirement><requiredInput href="#{name}"/></informationRequirement>' for name in inputs
    )


def knows(*names: str) -> str:
    return "".join(
        f'<knowledgeRequirement><requiredKnowledge href="#{name}"/></knowledgeRequirement>' for name in names
    )


def service(name: str, *, outputs=(), inputs=(), decisions=(), type_: str = "") -> str:
    typed = f' typeRef="{type_}"' if type_ else ""
    parts = [f'<outputDecision href="#{o}"/>' for o in outputs]
    parts += [f'<inputDecision href="#{d}"/>' for d in decisions]
    parts += [f'<inputData href="#{i}"/>' for i in inputs]
    variable = f'<variable name="{name}"{typed}/>'
    return f'<decisionService id="{name}" name="{name}">{variable}{"".join(parts)}</decisionService>'


def knowledge(name: str, body: str, *parameters: str, type_: str = "") -> str:
    formal = "".join(f'<formalParameter name="{p}"/>' for p in parameters)
    typed = f' typeRef="{type_}"' if type_ else ""
    return (
        f'<businessKnowledgeModel id="{name}" name="{name}"><variable name="{name}"{typed}/>'
        f"<encapsulatedLogic>{formal}{body}</encapsulatedLogic></businessKnowledgeModel>"
    )


def answer(which: str, *parts: str, **inputs):
    return evaluate_decision({"x.dmn": file(*parts)}, which, inputs)


INNER = [
    data("umur", "number"),
    decision("batas", literal("12")),
    decision("anak", needs("umur") + literal("umur < batas"), needs=["batas"]),
]


def test_a_service_is_evaluated_by_its_name():
    assert answer("layanan", *INNER, service("layanan", outputs=["anak"], inputs=["umur"]), umur=11) is True


def test_a_service_of_one_output_gives_its_value_and_of_several_a_context():
    both = service("layanan", outputs=["anak", "batas"], inputs=["umur"])
    assert answer("layanan", *INNER, both, umur=11) == {"anak": True, "batas": 12}


def test_an_input_decision_is_given_and_not_evaluated():
    parts = [*INNER, service("layanan", outputs=["anak"], inputs=["umur"], decisions=["batas"])]
    last = decision("a", knows("layanan") + literal("[layanan(15, 18), layanan(batas: 10, umur: 11)]"))
    assert answer("a", *parts, last) == [True, False]


def test_a_service_takes_its_arguments_only():
    parts = [*INNER, service("layanan", outputs=["anak"], inputs=["umur"])]
    last = decision("a", needs("umur") + knows("layanan") + literal("layanan(5)"))
    assert answer("a", *parts, last, umur=50) is True


def test_a_service_called_with_too_few_arguments_is_null():
    parts = [*INNER, service("layanan", outputs=["anak"], inputs=["umur"])]
    assert answer("a", *parts, decision("a", knows("layanan") + literal("layanan()"))) is None


def test_a_service_and_a_function_have_the_type_of_their_variable():
    parts = [*INNER, service("layanan", outputs=["anak"], inputs=["umur"], type_="string")]
    assert answer("layanan", *parts, umur=1) is None
    model = knowledge("f", literal("x"), "x", type_="number")
    last = decision("a", knows("f") + literal('[f(1), f("x"), f([2])]'))
    assert answer("a", model, last) == [1, None, 2]


def test_a_function_may_hold_a_table_and_call_another():
    inner = knowledge("kelompok", table(["umur"], ["o"], [["< 12", '"anak"'], [">= 12", '"remaja"']]), "umur")
    outer = knowledge("sapa", literal('"Halo, " + kelompok(n)'), "n").replace(
        "<encapsulatedLogic>", knows("kelompok") + "<encapsulatedLogic>"
    )
    assert answer("a", inner, outer, decision("a", knows("sapa") + literal("sapa(13)"))) == "Halo, remaja"


def test_a_function_may_call_itself():
    model = knowledge("f", literal("if n < 2 then 1 else n * f(n - 1)"), "n")
    assert answer("a", model, decision("a", knows("f") + literal("f(6)"))) == 720
    endless = knowledge("f", literal("f(n)"), "n")
    with pytest.raises(DecisionError, match="deeper"):
        answer("a", endless, decision("a", knows("f") + literal("f(6)")))


def test_by_the_standard_a_decision_sees_only_what_it_requires():
    parts = [data("n", "number"), decision("m", literal("2")), decision("a", literal("[n, m]"))]
    warnings: list[str] = []
    assert evaluate_decision({"x.dmn": file(*parts)}, "a", {"n": 1}, warnings) == [None, None]
    assert len(warnings) == 2


def test_in_a_process_a_decision_sees_all_variables_as_in_camunda():
    parts = [data("n", "number"), decision("a", literal("n + lain"))]
    assert parse_decisions(file(*parts), "x.dmn")["a"].evaluate({"n": 1, "lain": 2}).value == 3
    assert answer("a", *parts, n=1, lain=2) is None


def test_an_input_of_the_wrong_type_is_null():
    parts = [data("n", "number"), decision("a", needs("n") + literal('if n = null then "kosong" else n'))]
    assert answer("a", *parts, n="x") == "kosong"
    assert answer("a", *parts, n=[5]) == 5


def test_by_the_standard_a_text_is_no_date_but_in_a_process_it_is():
    parts = [data("t", "date"), decision("a", needs("t") + literal("t.year"))]
    assert answer("a", *parts, t="2026-01-02") is None
    assert parse_decisions(file(*parts), "x.dmn")["a"].evaluate({"t": "2026-01-02"}).value == 2026


def test_a_decision_has_the_type_of_its_variable():
    parts = [decision("a", literal('"x"'), variable="a").replace('"a"/>', '"a" typeRef="number"/>', 1)]
    warnings: list[str] = []
    assert evaluate_decision({"x.dmn": file(*parts)}, "a", {}, warnings) is None
    assert "not of the type number" in warnings[0]


def test_a_decision_without_logic_is_null():
    warnings: list[str] = []
    assert evaluate_decision({"x.dmn": file(decision("a", ""))}, "a", {}, warnings) is None
    assert warnings == ["a has no decision logic (position 0)"]
    assert evaluate_decision({"x.dmn": file(decision("a", literal("")))}, "a", {}) is None


def test_a_function_may_be_asked_as_a_decision_is():
    model = knowledge("f", literal("x * 2"), "x", type_="number")
    assert answer("f", model, x=4) == 8
    assert answer("f", model) is None
    with pytest.raises(DecisionNotFound):
        answer("n", data("n"))


def test_a_function_that_is_a_table_takes_its_inputs():
    rules = [["< 12", "-", '"rj"'], ["-", "true", '"lain"']]
    logic = table(["umur", "tingkat berat"], ["o"], rules, types=["number", "boolean"])
    last = decision("a", knows("f") + literal("[f(11, false), f(umur: 12, tingkat berat: true), f(12)]"))
    assert answer("a", knowledge("f", logic), last) == ["rj", "lain", None]


@pytest.mark.parametrize("type_", ["function", "function&lt;number&gt;-&gt;number", "tFungsi"])
def test_a_variable_may_have_the_type_of_the_function(type_):
    item = (
        '<itemDefinition name="tFungsi"><functionItem outputTypeRef="number"><parameters name="x" '
        'typeRef="number"/></functionItem></itemDefinition>'
    )
    parts = [item, *INNER, service("layanan", outputs=["batas"], inputs=["umur"], type_=type_)]
    parts += [knowledge("f", literal("x"), "x", type_=type_)]
    assert answer("layanan", *parts) == 12
    last = decision("a", knows("f", "layanan") + literal('[f(1), f("x"), layanan(5)]'))
    assert answer("a", *parts, last) == [1, "x" if type_ == "function" else None, 12]


def test_a_name_wins_over_an_id():
    parts = [decision("b", literal("1"), name="a"), decision("a", literal("2"), name="b")]
    assert [answer("a", *parts), answer("b", *parts)] == [1, 2]


def test_parts_of_a_result_may_have_names_with_signs():
    boxed = f'<context><contextEntry><variable name="p-q"/>{literal("4")}</contextEntry></context>'
    parts = [decision("a", boxed), decision("b", literal("a.p-q + 1"), needs=["a"])]
    assert answer("b", *parts) == 5


FUNCTIONS = (
    '<itemDefinition name="tHitung"><functionItem outputTypeRef="number"><parameters name="x" '
    'typeRef="number"/></functionItem></itemDefinition>'
)


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("function(x: number) x", True),
        ("function(x) x", True),
        ("function(x: Any) x", True),
        ("function(x: string) x", False),
        ("function(x: number, y: number) x", False),
        ("abs", True),
        ("5", False),
    ],
)
def test_a_function_fits_a_type_of_functions_if_it_takes_what_that_takes(text, fits):
    typed = decision("a", literal(text), variable="a").replace('"a"/>', '"a" typeRef="tHitung"/>', 1)
    last = decision("b", literal("[a = null, a(1)]"), needs=["a"])
    assert answer("b", FUNCTIONS, typed, last)[0] is not fits
    assert answer("c", FUNCTIONS, decision("c", literal(f"({text}) instance of tHitung"))) is fits


def test_a_function_whose_variable_has_the_type_of_another_is_null():
    for parameters, value in ((["x"], 3), (["x", "y"], None)):
        model = knowledge("f", literal("3"), *parameters, type_="tHitung")
        assert answer("a", FUNCTIONS, model, decision("a", knows("f") + literal("f(1)"))) == value


def test_what_is_copied_inside_of_a_service_is_copied_by_whoever_calls_it():
    inner = [decision("salin", literal("nama")), service("s", outputs=["salin"])]
    outer = [decision("b", knows("s") + literal("s()")), service("t", outputs=["b"])]
    last = decision("a", knows("t") + literal("t()"))
    found = parse_decisions(file(*inner, *outer, last), "x.dmn")
    assert found["a"].evaluate({"nama": "Ani"}).value == "Ani"
    assert [name for name, each in found.items() if "nama" not in each.copied] == []


def test_an_input_is_copied_under_the_name_of_its_variable_and_its_own():
    named = '<inputData id="i" name="nama"><variable name="nama anak"/></inputData>'
    found = parse_decisions(file(named, decision("a", needs("i") + literal("nama anak"))), "x.dmn")["a"]
    assert found.evaluate({"nama": "Ani"}).value == "Ani"
    assert found.copied == {"nama", "nama anak"}


def test_services_that_call_each_other_twice_are_counted():
    parts = [decision("a0", literal("1"))]
    for n in range(1, 25):
        parts += [service(f"s{n}", outputs=[f"a{n - 1}"])]
        parts += [decision(f"a{n}", knows(f"s{n}") + literal(f"s{n}() + s{n}()"))]
    assert answer("a5", *parts) == 32
    with pytest.raises(DecisionError, match="too many steps"):
        answer("a24", *parts)
