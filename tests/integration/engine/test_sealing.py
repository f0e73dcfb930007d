"""What is sealed stays sealed, whatever its value is called later."""

import engine
from engine.types import SYSTEM
from tests.integration.engine.models import drawn, form, rule, table, task, tasks
from tests.support.office import Office
from tests.unit.interpreter.diagrams import call, many, node, process, sub

SECRET = form(
    "isian",
    {"key": "nama", "properties": {"rahasia": "ya"}},
    {"key": "kota"},
    {"type": "expression", "key": "salinan", "expression": '=nama + "!"', "computeOn": "change"},
)
ASK = task("a", formRef="isian")


def worked(office: Office, nodes: str, flows: str, *more: bytes, **files: bytes) -> set[str]:
    """The sealed names after ``a`` (name, town) was answered and the rest ran to where it waits."""
    office.deploy(
        drawn(process(ASK + nodes + task("akhir"), f"s > a > {flows} > akhir > e")),
        *more,
        **files,
        isian_form=SECRET,
    )
    case = office.start(skor=9, terbuka="ya")
    office.do(case, "a", nama="Ani", kota="Natuna")
    for step in [t.element_id for t in office.tasks(case.id) if t.element_id != "akhir"]:
        office.do(case, step, catatan="x")
    office.opens(case, "akhir")
    return office.sealed(case)


def test_a_marked_field_is_sealed_with_what_the_form_computes_of_it(office: Office) -> None:
    assert worked(office, task("b"), "b") == {"nama", "salinan"}


def test_a_value_stays_sealed_through_a_called_process_that_renames_it(office: Office) -> None:
    nodes = call(
        "c",
        "q",
        'in source="nama" target="x"',
        'in source="kota" target="y"',
        'out source="z" target="hasil"',
    )
    inner = call("dd", "r", 'in source="x" target="u"', 'out sourceExpression="=upper case(u)" target="z"')
    called = drawn(process(inner + tasks("b"), "s > dd > b > e", "q"))
    assert worked(office, nodes, "c", called, drawn(process("", "s > e", "r"))) == {
        "nama",
        "salinan",
        "hasil",
    }


def test_the_scope_of_a_called_process_is_sealed_while_it_is_open(office: Office) -> None:
    calls = call("c", "q", 'in source="nama" target="x"', 'in source="kota" target="y"')
    outer, inner = process(ASK + calls, "s > a > c > e"), process(tasks("b"), "s > b > e", "q")
    office.deploy(drawn(outer), drawn(inner), isian_form=SECRET)
    case = office.start()
    office.do(case, "a", nama="Ani", kota="Natuna")
    seen = {
        v.name: v.sealed for v in engine.task_variables(office.database, SYSTEM, office.tasks(case.id)[0].id)
    }
    assert seen == {"x": True, "y": False}


def test_items_of_a_multi_instance_and_what_is_collected_of_them_are_sealed(office: Office) -> None:
    loop = many("[nama]", "siapa", output="semua", item="siapa")
    assert worked(office, task("b", loop), "b") == {"nama", "salinan", "semua"}
    counted = many("[kota]", "mana", output="kota_kota", item="mana")
    assert worked(office, node("subProcess", "u", counted + _INSIDE), "u") == {"nama", "salinan"}


_INSIDE = sub("x", '<bpmn:startEvent id="s1"/>' + task("b") + '<bpmn:endEvent id="e1"/>', "s1 > b > e1")
_INSIDE = _INSIDE[_INSIDE.index(">") + 1 : -len("</bpmn:subProcess>")]


def test_a_decision_that_copies_is_sealed_and_one_that_chooses_is_not(office: Office) -> None:
    copies = worked(office, rule("r", "salin", "hasil"), "r", salin_dmn=table("salin", "x", nama="> 0"))
    assert copies == {"nama", "salinan", "hasil"}
    chooses = table("pilih", "x", tinggi="> 0").replace(b"skor", b"string length(nama)")
    assert worked(office, rule("r", "pilih", "hasil"), "r", pilih_dmn=chooses) == {"nama", "salinan"}


def test_a_decision_that_copies_through_a_service_is_sealed(office: Office) -> None:
    logic = "<literalExpression><text>{}</text></literalExpression>"
    content = (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="x" name="x" namespace="x">'
        f'<decision id="dalam" name="dalam">{logic.format("nama")}</decision>'
        '<decisionService id="s" name="s"><outputDecision href="#dalam"/></decisionService>'
        '<decision id="salin" name="salin"><knowledgeRequirement><requiredKnowledge href="#s"/>'
        f"</knowledgeRequirement>{logic.format('s()')}</decision></definitions>"
    ).encode()
    copies = worked(office, rule("r", "salin", "hasil"), "r", salin_dmn=content)
    assert copies == {"nama", "salinan", "hasil"}


def test_a_later_round_without_the_form_does_not_open_what_was_sealed(office: Office) -> None:
    office.deploy(drawn(process(ASK + task("b") + task("c"), "s > a > b > c > e")), isian_form=SECRET)
    case = office.start()
    office.do(case, "a", nama="Ani", kota="Natuna")
    office.do(case, "b", nama="Budi")
    assert office.sealed(case) == {"nama", "salinan"}
    facts = engine.facts(office.database, office.user("petugas"), case.id)
    assert {(fact.element_id, fact.key, fact.sealed) for fact in facts} >= {
        ("a", "nama", True),
        ("a", "kota", False),
        ("b", "nama", True),
    }


def test_no_event_of_the_history_holds_a_value(office: Office) -> None:
    office.deploy(drawn(process(ASK + task("b"), "s > a > b > e")), isian_form=SECRET)
    case = office.start(terbuka="Wati")
    office.do(case, "a", nama="Ani Rahayu", kota="Natuna")
    told = str([event.details for event in office.history(case)])
    assert "nama" in told
    assert not any(value in told for value in ("Ani", "Natuna", "Wati"))
