"""What a manager does to a case that has gone wrong: setting its variables, moving its tokens."""

from datetime import timedelta

import pytest

import engine
from engine import Instruction
from engine.errors import (
    ActionForbidden,
    ConcurrentUpdate,
    InstanceClosed,
    InstanceNotFound,
    ModificationInvalid,
    VariableInvalid,
)
from engine.types import SYSTEM, InstanceView
from tests.integration.engine.conftest import Later
from tests.integration.engine.models import drawn, form, task, tasks
from tests.support.office import Office
from tests.unit.interpreter.diagrams import (
    MESSAGE,
    boundary,
    call,
    condition,
    end,
    many,
    parallel,
    process,
    start,
    sub,
    timer,
)

PLAIN = process(tasks("a", "b", "c"), "s > a > b > c > e")
SPLIT = process(tasks("a", "b", "z") + parallel("g", "j"), "s > g > a > j; g > b > j; j > z > e")


def before(element_id: str, **options) -> Instruction:
    return Instruction("startBeforeActivity", element_id, **options)


def off(element_id: str = "", **options) -> Instruction:
    return Instruction("cancel", element_id, **options)


def modify(
    office: Office, case: InstanceView, *instructions: Instruction, by: str = "manajer", reason: str = ""
):
    return engine.modify_instance(office.database, office.user(by), case.id, instructions, reason)


def change(
    office: Office, case: InstanceView, *deletions: str, by: str = "manajer", scope: str = "p:", **values
):
    return engine.set_variables(office.database, office.user(by), case.id, values, deletions, scope=scope)


def test_variables_are_set_and_removed_and_history_keeps_their_names(office: Office) -> None:
    office.deploy(drawn(PLAIN))
    case = office.start(nama="Siti", umur=9)
    change(office, case, "umur", "tidak_ada", nama="Ani", anak=[1, 2])
    assert office.variables(case) == {"nama": "Ani", "anak": [1, 2]}
    event = office.history(case)[-1]
    assert (event.kind, event.user_id) == ("variables_set", "manajer@uji")
    assert event.details == {"variables": ["anak", "nama"], "removed": ["tidak_ada", "umur"]}
    office.opens(case, "a")


def test_variables_are_set_for_a_reason_where_what_was_seen_is_still_there(office: Office) -> None:
    office.deploy(drawn(PLAIN))
    case = office.start(umur=9)
    manager = office.user("manajer")
    for stale in ({"umur": 8}, {"umur": None}, {"tidak_ada": None}):
        with pytest.raises(ConcurrentUpdate):
            engine.set_variables(office.database, manager, case.id, {"umur": 10}, expected=stale)
    assert office.variables(case) == {"umur": 9}
    engine.set_variables(
        office.database, manager, case.id, {"umur": 10}, reason="salah ketik", expected={"umur": 9}
    )
    assert office.variables(case) == {"umur": 10}
    assert office.history(case)[-1].details == {
        "variables": ["umur"],
        "removed": [],
        "reason": "salah ketik",
    }
    with pytest.raises(VariableInvalid):
        engine.set_variables(office.database, manager, case.id, {"umur": 11}, reason="x" * 4001)


def test_a_conditional_event_notices_what_is_set(office: Office) -> None:
    model = tasks("a", "x") + boundary("c", "a", condition("skor > 5"))
    office.deploy(drawn(process(model, "s > a > e; c > x > e")))
    case = office.start(skor=1)
    change(office, case, skor=9)
    office.opens(case, "x")


def test_what_is_sealed_stays_sealed(office: Office) -> None:
    sealed = {"key": "nik", "properties": {"rahasia": "ya"}}
    office.deploy(
        drawn(process(task("a", formRef="isian") + tasks("b"), "s > a > b > e")),
        isian_form=form("isian", sealed),
    )
    case = office.start()
    office.do(case, "a", nik="3515")
    change(office, case, nik="3516")
    assert office.sealed(case) == {"nik"}
    change(office, case, "nik")
    change(office, case, nik="3517")
    assert office.sealed(case) == {"nik"}


def test_the_variables_of_an_item_are_set_by_its_scope(office: Office) -> None:
    office.deploy(drawn(process(task("m", many("anak", "satu")) + tasks("z"), "s > m > z > e")))
    case = office.start(anak=["Ani", "Budi"])
    first = office.tasks(case.id)[0].id
    change(office, case, scope=first, satu="Citra")
    found = engine.task_variables(office.database, SYSTEM, first)
    assert next(v.value for v in found if v.name == "satu") == "Citra"
    with pytest.raises(VariableInvalid):
        change(office, case, scope="entah", satu="Dewi")
    office.opens(case, "m m")


@pytest.mark.parametrize("name", ["nomor_registrasi", "", "x" * 256, "a\0b"])
def test_names_that_nobody_may_set_are_refused(office: Office, name: str) -> None:
    office.deploy(drawn(PLAIN))
    case = office.start()
    manager = office.user("manajer")
    with pytest.raises(VariableInvalid):
        engine.set_variables(office.database, manager, case.id, {name: 1})
    with pytest.raises(VariableInvalid):
        engine.set_variables(office.database, manager, case.id, {}, [name])


def test_a_token_is_moved_and_history_says_who_and_why(office: Office) -> None:
    office.deploy(drawn(PLAIN))
    case = office.start()
    office.do(case, "a")
    modify(office, case, off("b"), before("a", variables={"lagi": True}), reason="berkas salah")
    office.opens(case, "a")
    assert office.variables(case) == {"lagi": True}
    event = next(e for e in office.history(case) if e.kind == "instance_modified")
    assert event.user_id == "manajer@uji"
    assert event.details == {
        "reason": "berkas salah",
        "instructions": [
            {"type": "cancel", "element": "b"},
            {"type": "startBeforeActivity", "element": "a", "variables": ["lagi"]},
        ],
    }
    assert engine.instance_diagram(office.database, SYSTEM, case.id).tokens == {"a": 1}
    for step in "abc":
        office.do(case, step)
    office.opens(case, "DONE")


def test_timers_messages_and_tasks_come_and_go_with_their_tokens(office: Office, later: Later) -> None:
    framed = boundary("t", "b", timer("PT1H")) + boundary("m", "b", MESSAGE, cancel=False)
    office.deploy(drawn(process(tasks("a", "b", "x", "y") + framed, "s > a > b > e; t > x > e; m > y > e")))
    case = office.start()
    modify(office, case, before("b"))
    office.opens(case, "a b")
    office.send("putusan", instance_id=case.id)
    office.opens(case, "a b y")
    modify(office, case, off("b"))
    office.opens(case, "a y")
    modify(office, case, before("b"), off("a"), off("y"))
    assert engine.run_due_jobs(office.database, later(timedelta(hours=2))) == 1
    office.opens(case, "x")


def test_sub_processes_items_and_called_processes_keep_every_invariant(office: Office) -> None:
    each = sub(
        "luar", start("s9") + tasks("x", "y") + end("e9"), "s9 > x > y > e9", loop=many("anak", "satu")
    )
    called = process(tasks("q1", "q2"), "s > q1 > q2 > e", key="q")
    model = process(tasks("z") + each + call("c", "q"), "s > luar > c > z > e")
    office.deploy(drawn(model, called))
    case = office.start(anak=["Ani", "Budi"])
    office.opens(case, "x x")
    modify(office, case, before("luar"), before("c"))
    office.opens(case, "q1 x x x")
    with pytest.raises(ModificationInvalid, match="3 open sub-processes come into question"):
        modify(office, case, before("y"))
    modify(office, case, off("luar"), before("q2", process_key="q"), off("q1", process_key="q"))
    office.opens(case, "q2")
    modify(office, case, before("y"))
    office.opens(case, "q2 y")
    modify(office, case, before("y", ancestor=case.id))
    office.opens(case, "q2 y y")
    modify(office, case, off("q2", process_key="q"), off("luar"), before("z"))
    office.opens(case, "z")


def test_a_join_keeps_what_has_arrived(office: Office) -> None:
    office.deploy(drawn(SPLIT))
    case = office.start()
    office.do(case, "a")
    modify(office, case, off("b"), Instruction("startAfterActivity", "b"))
    office.opens(case, "z")


def test_a_case_without_a_token_left_is_cancelled_with_the_reason(office: Office) -> None:
    office.deploy(drawn(SPLIT))
    case = office.start()
    after = modify(office, case, off("a"), off("b"), reason="ganda")
    assert (after.outcome, after.reason) == ("cancelled", "ganda")
    office.opens(case, "DONE")
    with pytest.raises(InstanceClosed):
        modify(office, case, before("a"))


def test_a_case_may_reach_its_end_by_an_instruction(office: Office) -> None:
    office.deploy(drawn(PLAIN))
    case = office.start()
    assert modify(office, case, off("a"), before("e")).outcome == "completed"
    office.opens(case, "DONE")


def test_a_refused_instruction_leaves_everything_as_it_was(office: Office) -> None:
    office.deploy(drawn(SPLIT))
    case = office.start()
    before_all = office.counts()
    for instructions in (
        [off("a"), before("entah")],
        [before("z"), off("z"), off("z")],
        [off(token_id="entah")],
        [before("a", variables={"waktu_diterima": "kemarin"})],
    ):
        with pytest.raises((ModificationInvalid, VariableInvalid)):
            modify(office, case, *instructions)
    assert office.counts() == before_all
    office.opens(case, "a b")


def test_a_stuck_case_is_led_on(office: Office) -> None:
    office.deploy(drawn(SPLIT))
    case = office.start()
    modify(office, case, off("b"))
    office.do(case, "a")
    office.opens(case, "")
    modify(office, case, before("b"))
    office.opens(case, "b")
    office.do(case, "b")
    office.opens(case, "z")


def test_only_the_agencys_manager_repairs(office: Office) -> None:
    office.deploy(drawn(PLAIN))
    case = office.start()
    for act in (
        lambda by: modify(office, case, before("b"), by=by),
        lambda by: change(office, case, by=by, x=1),
    ):
        with pytest.raises(ActionForbidden):
            act("petugas")
        for stranger in ("analis", "manajer@lain"):
            with pytest.raises(InstanceNotFound):
                act(stranger)


def test_a_step_that_was_begun_before_a_modification_is_refused(office: Office) -> None:
    office.deploy(drawn(PLAIN))
    case = office.start()
    task_id = office.tasks(case.id)[0].id
    modify(office, case, off("a"), before("c"))
    with pytest.raises(engine.errors.TaskClosed):
        engine.complete_task(office.database, office.user("petugas"), task_id, {})
    office.opens(case, "c")
