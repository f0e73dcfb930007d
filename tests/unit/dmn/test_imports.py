"""DMN 1.5, 6.3.3: a model that stands on others, given as files by name."""

import pytest

from engine.definitions.dmn import evaluate_decision, parse_decisions, with_imports
from engine.errors import DecisionError, DecisionNotFound, XmlRefused
from tests.unit.dmn.models import DMN_1_3, decision, literal

TYPE = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def model(namespace: str, *parts: str, imports: dict[str, str] | None = None) -> bytes:
    head = "".join(
        f'<import name="{name}" namespace="{other}" importType="{TYPE}"/>'
        for name, other in (imports or {}).items()
    )
    return (
        f'<definitions xmlns="{DMN_1_3}" id="d" name="d" namespace="{namespace}">{head}{"".join(parts)}'
        "</definitions>"
    ).encode()


def needs(kind: str, required: str, href: str) -> str:
    return f'<{kind}Requirement><{required} href="{href}"/></{kind}Requirement>'


DATA = '<inputData id="i" name="umur anak"><variable name="umur anak" typeRef="tUmur"/></inputData>'
TYPES = '<itemDefinition name="tUmur"><typeRef>number</typeRef></itemDefinition>'
FUNCTION = (
    '<businessKnowledgeModel id="f" name="kali-dua"><variable name="kali-dua"/><encapsulatedLogic>'
    '<formalParameter name="x" typeRef="tUmur"/><literalExpression><text>x * 2</text></literalExpression>'
    "</encapsulatedLogic></businessKnowledgeModel>"
)
BASE = model(
    "dasar",
    TYPES,
    DATA,
    FUNCTION,
    decision("b", needs("information", "requiredInput", "#i") + literal("umur anak + 1"), variable="batas"),
)


def asking(text: str, *, name: str = "dasar", **more: str) -> bytes:
    required = "".join(
        [
            needs("information", "requiredInput", "dasar#i"),
            needs("information", "requiredDecision", "dasar#b"),
            needs("knowledge", "requiredKnowledge", "dasar#f"),
        ]
    )
    return model("utama", decision("a", required + literal(text)), imports={name: "dasar"})


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("dasar.batas", 12),
        ("dasar.umur anak", 11),
        ("dasar.kali-dua(4)", 8),
        ("dasar.batas + dasar.kali-dua(dasar.umur anak)", 34),
        ("4 instance of dasar.tUmur", True),
        ('dasar.kali-dua("x")', None),
        ("batas", None),
    ],
)
def test_what_is_imported_is_seen_below_the_name_of_the_import(text, value):
    assert evaluate_decision({"a.dmn": asking(text), "b.dmn": BASE}, "a", {"umur anak": 11}) == value


def test_an_import_without_a_name_is_seen_as_if_it_were_the_files_own():
    content = asking("batas + kali-dua(umur anak)", name="")
    assert evaluate_decision({"a.dmn": content, "b.dmn": BASE}, "a", {"umur anak": 11}) == 34


ANOTHER_WAY = [
    {"umur anak": 11},
    {"dasar.umur anak": 11},
    {"dasar": {"umur anak": 11}},
    {"dasar.umur anak": 11, "umur anak": 1},
]


@pytest.mark.parametrize("given", ANOTHER_WAY)
def test_an_input_of_an_imported_model_is_found_by_its_name_or_below_the_imports(given):
    assert evaluate_decision({"a.dmn": asking("dasar.batas"), "b.dmn": BASE}, "a", given) == 12


def test_an_input_of_the_model_itself_is_no_input_of_the_imported_one():
    own = DATA.replace('id="i"', 'id="j"').replace("tUmur", "number")
    required = needs("information", "requiredInput", "#j")
    required += needs("information", "requiredDecision", "dasar#b")
    asked = decision("a", required + literal("[umur anak, dasar.batas]"))
    files = {"a.dmn": model("utama", own, asked, imports={"dasar": "dasar"}), "b.dmn": BASE}
    assert evaluate_decision(files, "a", {"umur anak": 1}) == [1, None]
    assert evaluate_decision(files, "a", {"umur anak": 1, "dasar.umur anak": 5}) == [1, 6]


def test_only_the_first_model_is_asked():
    with pytest.raises(DecisionNotFound):
        evaluate_decision({"a.dmn": asking("1"), "b.dmn": BASE}, "b", {})


def test_a_model_that_imports_one_that_imports_another():
    middle = model(
        "tengah",
        decision("m", needs("information", "requiredDecision", "dasar#b") + literal("d.batas * 10")),
        imports={"d": "dasar"},
    )
    last = model(
        "utama",
        decision("a", needs("information", "requiredDecision", "tengah#m") + literal("t.m + 1")),
        imports={"t": "tengah"},
    )
    files = {"a.dmn": last, "m.dmn": middle, "b.dmn": BASE}
    assert evaluate_decision(files, "a", {"umur anak": 1}) == 21


def test_a_missing_model_is_told():
    with pytest.raises(DecisionError, match="requires 'i', which this file does not have"):
        evaluate_decision({"a.dmn": asking("dasar.batas")}, "a", {})


def test_models_that_import_each_other_are_read():
    first = model("satu", decision("a", literal("1")), imports={"dua": "dua"})
    second = model("dua", decision("b", literal("2")), imports={"satu": "satu"})
    assert evaluate_decision({"1.dmn": first, "2.dmn": second}, "a", {}) == 1


def test_a_file_that_is_no_dmn_is_named():
    with pytest.raises(XmlRefused, match=r"b\.dmn"):
        evaluate_decision({"a.dmn": asking("1"), "b.dmn": b"<x/>"}, "a", {})


@pytest.mark.parametrize("given", ANOTHER_WAY)
def test_what_is_copied_of_an_imported_input_is_known_by_every_name_of_it(given):
    found = parse_decisions(asking("dasar.umur anak"), "a.dmn", {"b.dmn": BASE})["a"]
    assert found.evaluate(given).value == 11
    assert found.copied >= given.keys()


def test_of_many_files_those_are_taken_that_are_imported_directly_or_not():
    last = model("utama", decision("a", literal("1")), imports={"t": "tengah"})
    middle = model("tengah", decision("m", literal("1")), imports={"d": "dasar"})
    others = {"b.dmn": BASE, "m.dmn": middle, "x.dmn": model("lain"), "u.dmn": last, "f.form": b"{}"}
    assert list(with_imports(last, "u.dmn", others)) == ["u.dmn", "m.dmn", "b.dmn"]
    assert list(with_imports(BASE, "b.dmn", others)) == ["b.dmn"]
    assert list(with_imports(last, "u.dmn", {})) == ["u.dmn"]
