"""Four eyes: whoever drafts a letter does not sign it, in whatever round, and whoever gives the task."""

import pytest

import engine
from engine import desk
from engine.errors import ActionForbidden, SecondPersonNeeded
from engine.interpreter import Instruction
from engine.types import SYSTEM, Actor, InstanceView
from tests.integration.engine.models import drawn, form, task
from tests.support.files import pdf
from tests.support.office import HOME, Office
from tests.unit.interpreter.diagrams import MESSAGE, boundary, catch, node, process

EYES = (
    "<bpmn:extensionElements><camunda:properties>"
    '<camunda:property name="empat_mata" value="draft"/>'
    "</camunda:properties></bpmn:extensionElements>"
)
AGAIN = node("exclusiveGateway", "g", name="Ditandatangani?", default="g__draft")


def letter(office: Office, **camunda: str) -> InstanceView:
    """A case in which one group drafts a letter and signs it, as often as it takes."""
    model = task("draft") + task("sign", EYES, **camunda) + AGAIN
    office.deploy(drawn(process(model, "s > draft > sign > g; g > draft; g > e if setuju = true")))
    return office.start(setuju=False, penyusun="petugas@uji")


def test_who_drafted_neither_takes_nor_signs_the_letter(office: Office) -> None:
    case, database = letter(office), office.database
    office.do(case, "draft", by="petugas")
    [sign] = office.tasks(case.id, "sign")
    drafter, other = office.user("petugas"), office.user("petugas2")
    with pytest.raises(SecondPersonNeeded, match="petugas@uji worked on 'Kerjakan draft' in this case"):
        engine.claim_task(database, drafter, sign.id)
    with pytest.raises(SecondPersonNeeded):
        engine.assign_task(database, drafter, sign.id, drafter.user_id)
    with pytest.raises(SecondPersonNeeded):
        engine.complete_task(database, drafter, sign.id, {"setuju": True})
    assert engine.get_task(database, SYSTEM, sign.id).assignee is None
    assert engine.drafted_step(database, drafter, sign) == "Kerjakan draft"
    assert engine.drafted_step(database, other, sign) == ""
    assert engine.claim_task(database, other, sign.id).assignee == "petugas2@uji"
    engine.complete_task(database, other, sign.id, {"setuju": True})
    office.opens(case, "DONE")


def test_no_manager_gives_the_signature_to_the_drafter(office: Office) -> None:
    case, database, manager = letter(office), office.database, office.user("manajer")
    office.do(case, "draft", by="petugas")
    [sign] = office.tasks(case.id, "sign")
    with pytest.raises(SecondPersonNeeded):
        engine.assign_task(database, manager, sign.id, "petugas@uji")
    assert [p.id for p in engine.task_candidates(database, manager, sign.id)] == ["petugas2@uji"]
    assert engine.assign_task(database, manager, sign.id, "petugas2@uji").assignee == "petugas2@uji"
    assert engine.assign_task(database, manager, sign.id, None).assignee is None


def test_who_attached_the_letter_has_drafted_it_whoever_presses_the_button(office: Office) -> None:
    case, database = letter(office), office.database
    [draft] = office.tasks(case.id, "draft")
    desk.attach_to_task(database, office.user("petugas"), draft.id, pdf(), "surat.pdf", "")
    office.do(case, "draft", by="petugas2")
    [sign] = office.tasks(case.id, "sign")
    for drafter in ("petugas", "petugas2"):
        with pytest.raises(SecondPersonNeeded):
            engine.complete_task(database, office.user(drafter), sign.id, {"setuju": True})


def test_every_round_of_the_draft_counts(office: Office) -> None:
    case, database = letter(office), office.database
    engine.add_user(database, SYSTEM, "petugas3@uji", "Tiga", "-", [(HOME, "petugas")])
    office.do(case, "draft", by="petugas")
    office.do(case, "sign", by="petugas3@uji", setuju=False)
    office.do(case, "draft", by="petugas2")
    [sign] = office.tasks(case.id, "sign")
    for drafter in ("petugas", "petugas2"):
        with pytest.raises(SecondPersonNeeded):
            engine.claim_task(database, office.user(drafter), sign.id)
    office.do(case, "sign", by="petugas3@uji", setuju=True)


def test_a_draft_of_another_case_keeps_nobody_away(office: Office) -> None:
    case = letter(office)
    other = office.start(setuju=False)
    office.do(other, "draft", by="petugas2")
    office.do(case, "draft", by="petugas")
    office.do(case, "sign", by="petugas2", setuju=True)
    office.opens(case, "DONE")


def test_a_draft_that_was_cancelled_was_not_written(office: Office) -> None:
    """Not even by whom has cancelled it: the message that the clerk passes on."""
    model = task("draft") + boundary("batal", "draft", MESSAGE) + task("sign", EYES)
    office.deploy(drawn(process(model, "s > draft > sign > e; batal > sign")))
    case = office.start()
    office.send("putusan", by="petugas")
    [sign] = office.tasks(case.id)
    assert sign.element_id == "sign"
    office.do(case, "sign", by="petugas")
    office.opens(case, "DONE")


def test_a_draft_that_has_another_name_since_a_migration_was_still_written(office: Office) -> None:
    case, database = letter(office), office.database
    office.do(case, "draft", by="petugas")
    renamed = task("konsep") + task("sign", EYES.replace("draft", "konsep")) + AGAIN
    renamed = renamed.replace("g__draft", "g__konsep")
    flows = "s > konsep > sign > g; g > konsep; g > e if setuju = true"
    office.deploy(drawn(process(renamed, flows)))
    manager = office.user("manajer")
    target = engine.get_definition(database, manager, key="p", agency_id=HOME).id
    chosen = engine.InstanceFilter(instance_ids=(case.id,))
    mapping = {"draft": "konsep", "sign": "sign"}
    report = engine.migrate_instances(database, manager, case.definition_id, target, chosen, mapping=mapping)
    assert len(report.done) == 1
    [sign] = office.tasks(case.id, "sign")
    with pytest.raises(SecondPersonNeeded):
        engine.claim_task(database, office.user("petugas"), sign.id)
    office.do(case, "sign", by="petugas2", setuju=True)


@pytest.mark.parametrize(("drafter", "assignee"), [("petugas", None), ("petugas2", "petugas@uji")])
def test_a_diagram_does_not_hand_the_signature_to_the_drafter(
    office: Office, drafter: str, assignee: str | None
) -> None:
    case = letter(office, assignee="=penyusun")
    office.do(case, "draft", by=drafter)
    [sign] = office.tasks(case.id, "sign")
    assert sign.assignee == assignee


def test_the_second_persons_error_is_one_of_what_may_not_be_done() -> None:
    assert issubclass(SecondPersonNeeded, ActionForbidden)


def test_who_did_a_delegated_draft_has_drafted_whoever_completes_it(office: Office) -> None:
    case, database = letter(office), office.database
    owner, helper = office.user("petugas"), office.user("petugas2")
    [draft] = office.tasks(case.id, "draft")
    engine.claim_task(database, owner, draft.id)
    desk.delegate_task(database, owner, draft.id, helper.user_id)
    desk.resolve_task(database, helper, draft.id, "Bunyi surat: ...")
    office.do(case, "draft", by="petugas")
    [sign] = office.tasks(case.id, "sign")
    with pytest.raises(SecondPersonNeeded, match="petugas2@uji worked on 'Kerjakan draft'"):
        engine.claim_task(database, helper, sign.id)
    with pytest.raises(SecondPersonNeeded):
        engine.complete_task(database, helper, sign.id, {"setuju": True})


def test_whose_help_was_asked_for_by_mistake_and_taken_back_may_sign(office: Office) -> None:
    case, database = letter(office), office.database
    owner, asked = office.user("petugas"), office.user("petugas2")
    [draft] = office.tasks(case.id, "draft")
    engine.claim_task(database, owner, draft.id)
    desk.delegate_task(database, owner, draft.id, asked.user_id)
    desk.resolve_task(database, owner, draft.id)
    office.do(case, "draft", by="petugas")
    office.do(case, "sign", by="petugas2", setuju=True)
    office.opens(case, "DONE")


def chief(office: Office) -> Actor:
    """A manager who signs letters as well."""
    engine.add_user(office.database, SYSTEM, "kepala@uji", "K", "-", [(HOME, "petugas"), (HOME, "manajer")])
    return office.user("kepala@uji")


@pytest.mark.parametrize("correction", [{"isi": "lain sama sekali"}, {}], ids=["changed", "removed"])
def test_who_corrects_what_the_draft_has_written_does_not_sign_it(
    office: Office, correction: dict[str, str]
) -> None:
    case, database, manager = letter(office), office.database, chief(office)
    office.do(case, "draft", by="petugas", isi="surat asli")
    removed = [] if correction else ["isi"]
    engine.set_variables(database, manager, case.id, correction, removed, reason="perbaikan")
    [sign] = office.tasks(case.id, "sign")
    with pytest.raises(SecondPersonNeeded, match="kepala@uji worked on 'Kerjakan draft'"):
        engine.complete_task(database, manager, sign.id, {"setuju": True})
    office.do(case, "sign", by="petugas2", setuju=True)


def test_who_moves_a_case_past_its_draft_with_a_letter_of_their_own_does_not_sign_it(office: Office) -> None:
    """Nobody has filled in the form then; it says which variables are the letter's."""
    form_of_draft = form("konsep", {"key": "isi"}, {"key": "alasan", "readonly": True})
    model = task("draft", formRef="konsep") + task("sign", EYES) + task("arsip")
    office.deploy(drawn(process(model, "s > draft > sign > arsip > e")), konsep_form=form_of_draft)
    case, other, manager = office.start(), office.start(), chief(office)
    for each, variables in ((case, {"isi": "surat"}), (other, {"alasan": "bukan isi surat"})):
        [draft] = office.tasks(each.id)
        steps = [
            Instruction("cancel", token_id=draft.id),
            Instruction("startBeforeActivity", "sign", variables=variables),
        ]
        engine.modify_instance(office.database, manager, each.id, steps)
    with pytest.raises(SecondPersonNeeded):
        office.do(case, "sign", by="kepala@uji")
    office.do(other, "sign", by="kepala@uji")


def test_who_sends_the_letters_words_by_a_message_does_not_sign_it(office: Office) -> None:
    model = task("draft") + catch("tunggu", MESSAGE) + task("sign", EYES)
    office.deploy(drawn(process(model, "s > draft > tunggu > sign > e")))
    case = office.start()
    office.do(case, "draft", by="petugas", isi="surat asli")
    office.send("putusan", by="petugas2", variables={"isi": "surat lain"})
    [sign] = office.tasks(case.id, "sign")
    with pytest.raises(SecondPersonNeeded):
        engine.claim_task(office.database, office.user("petugas2"), sign.id)


def test_who_corrects_something_else_by_hand_may_sign(office: Office) -> None:
    case, manager = letter(office), chief(office)
    office.do(case, "draft", by="petugas", isi="surat asli")
    engine.set_variables(office.database, manager, case.id, {"umur": 15}, reason="salah ketik")
    office.do(case, "sign", by="kepala@uji", setuju=True)
    office.opens(case, "DONE")
