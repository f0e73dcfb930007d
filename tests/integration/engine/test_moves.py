"""Starting, messages, timers and the end of a case; every invariant after every step (``office.opens``)."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection, select, update

import engine
from engine.errors import (
    ActionForbidden,
    DefinitionNotFound,
    ExecutionFailed,
    InstanceClosed,
    InstanceNotFound,
    MessageUnmatched,
    NameTaken,
    VariableInvalid,
)
from engine.store import reading, writing
from engine.store.tables import Job, ProcessInstance
from engine.types import SYSTEM
from tests.integration.engine.conftest import Later
from tests.integration.engine.models import drawn, form, task, tasks
from tests.support.office import AWAY, HOME, Office
from tests.unit.interpreter.diagrams import (
    COMPLAINT,
    MESSAGE,
    boundary,
    call,
    catch,
    end,
    many,
    node,
    process,
    start,
    timer,
)

HOUR = timedelta(hours=1)


def test_a_step_that_leads_nowhere_is_refused_whole(office: Office) -> None:
    split = node("exclusiveGateway", "g", name="Lanjut?")
    office.deploy(drawn(process(tasks("a", "b") + split, "s > a > g; g > b if x = 1; g > e if x = 2; b > e")))
    case = office.start()
    before = office.counts()
    for _ in range(2):
        with pytest.raises(ExecutionFailed):
            office.do(case, "a", x=3)
    assert office.counts() == before | {"incident": 1}
    [incident] = engine.list_incidents(office.database, office.user("manajer"))
    assert (incident.kind, incident.subject_id) == ("failedStep", office.tasks(case.id)[0].id)
    assert (incident.element_id, incident.definition_key) == ("a", "p")
    assert "No outgoing flow of g" in incident.message
    office.do(case, "a", x=1)
    office.opens(case, "b")
    assert engine.list_incidents(office.database, office.user("manajer")) == []


def test_a_step_that_fails_under_a_key_of_the_callers_is_an_incident_too(office: Office) -> None:
    split = node("exclusiveGateway", "g", name="Lanjut?")
    office.deploy(drawn(process(tasks("a", "b") + split, "s > a > g; g > b if x = 1; g > e if x = 2; b > e")))
    task_id, actor = office.tasks(office.start().id)[0].id, office.user("petugas")

    def act(tx: Connection) -> bytes:
        engine.complete_task(tx, actor, task_id, {})
        return b""

    request = engine.KeyedRequest("kunci", "complete", b"")
    with pytest.raises(ExecutionFailed):
        engine.once(office.database, actor, request, act)
    [incident] = engine.list_incidents(office.database, SYSTEM)
    assert (incident.kind, incident.subject_id) == ("failedStep", task_id)


def test_a_message_that_leads_nowhere_is_an_incident_of_who_waits_for_it(office: Office) -> None:
    split = node("exclusiveGateway", "g", name="Lanjut?")
    office.deploy(drawn(process(catch("m", MESSAGE) + split, "s > m > g; g > e if x = 1; g > m if x = 2")))
    case = office.start()
    with pytest.raises(ExecutionFailed):
        office.send("putusan")
    [incident] = engine.list_incidents(office.database, SYSTEM)
    assert (incident.kind, incident.element_id, incident.process_key) == ("failedStep", "m", "p")
    office.send("putusan", variables={"x": 1})
    office.opens(case, "DONE")
    assert engine.list_incidents(office.database, SYSTEM) == []


def test_a_case_may_end_as_soon_as_it_has_begun(office: Office) -> None:
    office.deploy(drawn(process("", "s > e")))
    case = office.start()
    assert (case.outcome, case.ended_at) == ("completed", case.started_at)
    office.opens(case, "DONE")


def test_a_business_key_is_unique_in_an_agency_and_never_looks_like_our_numbers(office: Office) -> None:
    for agency in (HOME, AWAY):
        office.deploy(drawn(process(tasks("a"), "s > a > e")), agency=agency)
        actor = office.user(f"petugas@{agency}")
        engine.start_instance(office.database, actor, agency, "p", {}, business_key="LP/1")
        with pytest.raises(NameTaken):
            engine.start_instance(office.database, actor, agency, "p", {}, business_key="LP/1")
        for wrong in ("", "x" * 256, f"{agency}-2026-0007", "a\0b", "\ud800"):
            with pytest.raises(VariableInvalid):
                engine.start_instance(office.database, actor, agency, "p", {}, business_key=wrong)


def test_another_agencys_process_cannot_be_started_by_key_or_id(office: Office) -> None:
    made = office.deploy(drawn(process(tasks("a"), "s > a > e"))).definitions[0]
    stranger = office.user("petugas@lain")
    for options in ({}, {"definition_id": made.id}):
        with pytest.raises(DefinitionNotFound):
            engine.start_instance(office.database, stranger, HOME, "p", {}, **options)
    old = office.start()
    office.deploy(drawn(process(tasks("b"), "s > b > e")))
    again = engine.start_instance(
        office.database, office.user("petugas"), HOME, "p", {}, definition_id=made.id
    )
    assert again.definition_version == old.definition_version == 1


def test_a_cancelled_case_is_closed_to_everything(office: Office, later: Later) -> None:
    model = tasks("a") + boundary("t", "a", timer("PT1H"), cancel=False) + catch("m", MESSAGE)
    office.deploy(
        drawn(
            process(model + tasks("b") + node("parallelGateway", "g"), "s > g > a > e; g > m > e; t > b > e")
        )
    )
    case, database = office.start(), office.database
    task_id = office.tasks(case.id)[0].id
    for user, error in (
        ("petugas", ActionForbidden),
        ("peksos", InstanceNotFound),
        ("manajer@lain", InstanceNotFound),
    ):
        with pytest.raises(error):
            engine.cancel_instance(database, office.user(user), case.id, "salah")
    engine.cancel_instance(database, office.user("manajer"), case.id, "laporan ganda")
    office.opens(case, "DONE")
    ended = engine.get_instance(database, SYSTEM, case.id)
    assert (ended.outcome, ended.reason) == ("cancelled", "laporan ganda")
    assert engine.get_task(database, SYSTEM, task_id).outcome == "cancelled"
    with pytest.raises(InstanceClosed):
        engine.cancel_instance(database, office.user("manajer"), case.id, "")
    with pytest.raises(MessageUnmatched):
        office.send("putusan")
    assert engine.run_due_jobs(database, later(2 * HOUR)) == 0


def test_a_message_goes_to_the_one_case_that_waits_for_it(office: Office) -> None:
    office.deploy(drawn(process(catch("m", MESSAGE) + tasks("a", "b"), "s > a > m > b > e")))
    first, second = office.start(), office.start()
    with pytest.raises(MessageUnmatched, match="0 waiting"):
        office.send("putusan")
    for case in (first, second):
        office.do(case, "a")
    with pytest.raises(MessageUnmatched, match="2 waiting"):
        office.send("putusan")
    for stranger in ("peksos", "petugas@lain"):
        with pytest.raises(MessageUnmatched, match="0 waiting"):
            office.send("putusan", stranger, instance_id=first.id)
    office.send("putusan", business_key=first.business_key, variables={"hasil": "damai"})
    office.opens(first, "b")
    assert office.variables(first) == {"hasil": "damai"}
    with pytest.raises(MessageUnmatched, match="0 waiting"):
        office.send("putusan", instance_id=first.id)
    office.send("putusan", agency_id=HOME)
    office.opens(second, "b")


def test_a_message_starts_the_process_that_begins_with_it(office: Office) -> None:
    model = process(start("s_m", COMPLAINT) + tasks("a"), "s > a > e; s_m > a")
    office.deploy(drawn(model))
    office.deploy(drawn(model), agency=AWAY)
    case = office.send("keluhan", variables={"x": 1}, business_key="K-1")
    assert (case.agency_id, case.business_key, office.variables(case)) == (HOME, "K-1", {"x": 1})
    office.opens(case, "a")
    with pytest.raises(MessageUnmatched):
        office.send("keluhan", "analis@lain", agency_id=HOME)


def test_a_process_that_only_a_message_starts_is_not_offered(office: Office) -> None:
    only = process(tasks("a"), "s > a > e").replace('<bpmn:startEvent id="s"/>', start("s", COMPLAINT))
    office.deploy(drawn(only))
    assert not engine.list_definitions(office.database, office.user("petugas"), startable=True)
    with pytest.raises(VariableInvalid, match="started by a message"):
        office.start()


TIMERS = [
    (timer("PT1H"), 1),
    (timer('=duration("PT1H")'), 1),
    (timer("=berapa"), 1),
    (timer("=now() + duration(berapa)", "timeDate"), 1),
    (timer("R3/PT1H", "timeCycle"), 3),
]


@pytest.mark.parametrize(("definition", "times"), TIMERS, ids=[t for t, _ in TIMERS])
def test_a_timer_beside_a_task_goes_off_as_often_as_it_says(
    office: Office, later: Later, definition: str, times: int
) -> None:
    model = tasks("a") + boundary("t", "a", definition, cancel=False) + task("ingat") + end("e2")
    office.deploy(drawn(process(model, "s > a > e; t > ingat > e2")))
    case = office.start(berapa="PT1H")
    assert engine.run_due_jobs(office.database, later(HOUR / 2)) == 0
    for number in range(1, 5):
        engine.run_due_jobs(office.database, later(number * HOUR * 1.1))
        office.opens(case, "a " + "ingat " * min(number, times))
    office.do(case, "a")
    office.opens(case, "ingat " * times)


def test_a_timer_that_interrupts_ends_its_task(office: Office, later: Later) -> None:
    model = tasks("a") + boundary("t", "a", timer("PT1H")) + task("b")
    office.deploy(drawn(process(model, "s > a > e; t > b > e")))
    case = office.start()
    assert engine.run_due_jobs(office.database, later(2 * HOUR)) == 1
    office.opens(case, "b")
    kinds = [event.kind for event in office.history(case)]
    assert "timer_fired" in kinds
    assert "activity_cancelled" in kinds


def test_a_timer_may_be_asked_for_at_a_moment_to_come(office: Office) -> None:
    office.deploy(drawn(process(catch("t", timer("PT1H")) + tasks("b"), "s > t > b > e")))
    case = office.start()
    assert engine.run_due_jobs(office.database, case.started_at + HOUR / 2) == 0
    assert engine.run_due_jobs(office.database, case.started_at + HOUR) == 1
    office.opens(case, "b")


FAILING = process(
    catch("t", timer("PT1H")) + call("c", "q", 'in source="daftar" target="daftar"'), "s > t > c > e"
)
LISTED = process(task("b", many("daftar", "satu")), "s > b > e", "q")


def jobs(office: Office) -> list[tuple[int, str | None]]:
    with reading(office.database) as tx:
        return [(j.retries, j.error) for j in tx.execute(select(Job.__table__).order_by(Job.retries))]


def test_a_timer_that_fails_keeps_its_error_and_is_tried_three_times_more(
    office: Office, later: Later
) -> None:
    office.deploy(drawn(FAILING), drawn(LISTED))
    case = office.start(daftar="bukan daftar")
    for left in (3, 2, 1, 0):
        now = later((5 - left) * HOUR)
        assert engine.run_due_jobs(office.database, now) == 0
        [(retries, error)] = jobs(office)
        assert retries == left
        assert error is not None
        assert "is no list" in error
        assert engine.run_due_jobs(office.database, now) == 0
        assert jobs(office)[0][0] == left
    assert engine.run_due_jobs(office.database, later(9 * HOUR)) == 0
    office.opens(case, "")


def test_broken_timers_hold_up_no_other(
    office: Office, later: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hundred and more that fail in any way are older; the good one is fired all the same."""
    monkeypatch.setattr("engine.jobs.running.BATCH", 5)
    office.deploy(drawn(FAILING), drawn(LISTED))
    for _ in range(7):
        office.start(daftar="bukan daftar")
    broken = office.start(daftar=[1])
    with writing(office.database) as tx:  # a row that no code of ours would write
        tx.execute(update(ProcessInstance).where(ProcessInstance.id == broken.id).values(state=b"{"))
    good = office.start(daftar=[1, 2])
    now = later(2 * HOUR)
    assert sum(engine.run_due_jobs(office.database, now) for _ in range(3)) == 1
    assert [t.element_id for t in office.tasks(good.id)] == ["b", "b"]
    assert {(retries, error is not None) for retries, error in jobs(office)} == {(3, True)}


def test_a_due_timer_of_a_case_that_has_ended_is_cleared_away(office: Office, later: Later) -> None:
    office.deploy(drawn(process(tasks("a"), "s > a > e")))
    case = office.start()
    row = {"id": "t", "instance_id": case.id, "agency_id": HOME, "element_id": "a", "retries": 3}
    row |= {"kind": "timer", "details": {}}
    with writing(office.database) as tx:
        tx.execute(Job.__table__.insert().values(**row, due_at=case.started_at, error=None))
    assert engine.run_due_jobs(office.database, later(HOUR)) == 0
    assert jobs(office) == []
    office.opens(case, "a")


def test_items_see_their_own_element_and_go_on_side_by_side(office: Office) -> None:
    office.deploy(
        drawn(
            process(
                task("b", many("daftar", "satu", output="hasil", item="satu")) + task("c"), "s > b > c > e"
            )
        )
    )
    case, database = office.start(daftar=["x", "y", "z"]), office.database
    worker = office.user("petugas")
    open_tasks = office.tasks(case.id)
    seen = [engine.open_form(database, worker, t.id).data["satu"] for t in open_tasks]
    assert sorted(seen) == ["x", "y", "z"]
    for t, value in zip(open_tasks, seen, strict=True):
        names = {v.name: (v.value, v.scope) for v in engine.task_variables(database, worker, t.id)}
        assert names["satu"] == (value, t.id)
        engine.complete_task(database, worker, t.id, {"satu": value.upper()})
        if t is not open_tasks[-1]:
            office.opens(case, "b " * len(office.tasks(case.id)))
    office.opens(case, "c")
    assert office.variables(case)["hasil"] == ["X", "Y", "Z"]


def test_a_called_process_without_variables_keeps_its_own_scope(office: Office) -> None:
    office.deploy(
        drawn(process(call("c", "q") + task("z"), "s > c > z > e")),
        drawn(process(tasks("a", "b"), "s > a > b > e", "q")),
    )
    case = office.start(x=1)
    assert engine.open_form(office.database, office.user("petugas"), office.tasks(case.id)[0].id).data == {}
    office.do(case, "a")
    office.opens(case, "b")
    office.do(case, "b", x=2)
    office.opens(case, "z")
    assert office.variables(case) == {"x": 1}


def test_a_called_process_may_have_the_ids_of_its_caller(office: Office) -> None:
    inner = process(task("a", formRef="isian"), "s > a > e", "q")
    outer = process(call("c", "q") + task("a"), "s > c > a > e")
    office.deploy(drawn(outer), drawn(inner), isian_form=form("isian", {"key": "x"}))
    case, worker = office.start(), office.user("petugas")
    inner = office.tasks(case.id)[0].id
    assert engine.task_form(office.database, worker, inner) is not None
    diagram = engine.instance_diagram(office.database, worker, case.id)
    assert (diagram.tokens, diagram.visited) == ({"c": 1}, ("s", "c"))
    office.do(case, "a", x="1")
    assert engine.task_form(office.database, worker, office.tasks(case.id)[0].id) is None
    diagram = engine.instance_diagram(office.database, worker, case.id)
    assert (diagram.tokens, diagram.flows) == ({"a": 1}, ("s__c", "c__a"))
