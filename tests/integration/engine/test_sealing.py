"""What is sealed stays sealed, whatever its value is called later."""

import pytest
from sqlalchemy import select

import engine
from engine import clock
from engine.secrecy import keys_of
from engine.store import reading
from engine.store.tables import ProcessInstance
from engine.types import SYSTEM, InstanceView, VariableView
from tests.integration.engine.models import drawn, form, rule, table, task, tasks
from tests.integration.engine.test_external_tasks import external, fetch
from tests.support.office import Office
from tests.unit.interpreter.diagrams import ERROR, boundary, call, many, node, process, sub
from tests.unit.interpreter.test_interruptions import told

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


CAUGHT = told(ERROR, errorCodeVariable="kode", errorMessageVariable=" pesan ")


def failed(
    office: Office, message: str | None, *more: bytes, parts: str = "", way: str = "b"
) -> InstanceView:
    """A case whose worker has reported an error that the diagram catches, at the task after it."""
    nodes = (
        external("kirim") + boundary("x", "kirim", CAUGHT) + tasks("lanjut", "akhir") + (parts or task("b"))
    )
    office.deploy(drawn(process(nodes, f"s > kirim > lanjut > e; x > {way} > akhir > e")), *more)
    case, worker = office.start(), office.user("layanan")
    [locked] = fetch(office)
    engine.report_bpmn_error(office.database, worker, locked.task.id, "w1", "TOLAK", message)
    return case


def test_what_a_worker_says_of_a_bpmn_error_is_sealed_and_its_code_is_not(office: Office) -> None:
    case = failed(office, "Ani Rahayu tidak dikenal")
    office.opens(case, "b")
    assert office.variables(case) == {"kode": "TOLAK", "pesan": "Ani Rahayu tidak dikenal"}
    assert office.sealed(case) == {"pesan"}
    manager = {v.name: v.value for v in _read(office, case, "manajer")}
    assert (manager["kode"], manager["pesan"]) == ("TOLAK", None)
    assert {v.name: v.value for v in _read(office, case, "petugas")}["pesan"] == "Ani Rahayu tidak dikenal"
    with reading(office.database) as tx:
        row = tx.execute(select(ProcessInstance.__table__)).one()
    assert row.sealed == ["pesan"]
    assert "Ani" not in str(row.variables)
    assert "Ani" not in str([event.details for event in office.history(case)])
    keys_of(office.database).destroy([row.key_id], clock.now())
    assert office.variables(case) == {"kode": "TOLAK", "pesan": None}


def _read(office: Office, case: InstanceView, user_id: str) -> list[VariableView]:
    return list(engine.instance_variables(office.database, office.user(user_id), case.id))


def test_the_message_of_an_error_stays_sealed_under_another_name(office: Office) -> None:
    inner = drawn(process(tasks("t"), "s > t > e", "q"))
    carry = call("c", "q", 'in source="pesan" target="x"', 'out source="x" target="salinan"')
    case = failed(office, "Ani", inner, parts=carry, way="c")
    office.do(case, "t")
    assert office.sealed(case) == {"pesan", "salinan"}


@pytest.mark.parametrize("message", [None, ""])
def test_an_error_without_a_message_is_caught_all_the_same(office: Office, message: str | None) -> None:
    case = failed(office, message)
    office.opens(case, "b")
    assert office.variables(case)["pesan"] == message
    office.do(case, "b")
    office.opens(case, "akhir")
