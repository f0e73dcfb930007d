"""Cases that move to another version of their process: dry run, bulk, what blocks, and the way back."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

import engine
from engine import InstanceFilter
from engine.errors import (
    ActionForbidden,
    DefinitionNotFound,
    MigrationBlocked,
    MigrationNotFound,
    MigrationRefused,
)
from engine.store import metadata, reading
from engine.types import SYSTEM, InstanceView
from tests.integration.engine.conftest import Later
from tests.integration.engine.models import drawn, form, task, tasks
from tests.support.office import Office
from tests.unit.interpreter.diagrams import (
    COMPLAINT,
    MESSAGE,
    boundary,
    call,
    condition,
    many,
    node,
    parallel,
    process,
    timer,
)

SPLIT = tasks("a", "b", "z") + parallel("g", "j")
JOINED = "s > g > a > j; g > b > j; j > z > e"
ROWS = ("process_instance", "user_task", "task_candidate", "job", "subscription", "external_task", "incident")


def deploy(office: Office, *processes: str, **files: bytes) -> str:
    """The id of the new version of ``p``."""
    made = office.deploy(drawn(*processes), **files).definitions
    return next(d.id for d in made if d.key == "p")


def plan(office: Office, source: str, target: str, *wanted: InstanceFilter | None, **options: Any):
    manager = office.user("manajer")
    return engine.plan_migration(office.database, manager, source, target, *wanted, **options)


def move(office: Office, source: str, target: str, by: str = "manajer", **options: Any):
    return engine.migrate_instances(office.database, office.user(by), source, target, **options)


def undo(office: Office, batch_id: str, by: str = "manajer"):
    return engine.undo_migration(office.database, office.user(by), batch_id)


def everything(office: Office, case: InstanceView) -> dict[str, list[Any]]:
    """All rows of a case, without what grows with every command."""
    found = {}
    with reading(office.database) as tx:
        for name in ROWS:
            table = metadata.tables[name]
            own = table.c.id if name == "process_instance" else table.c.instance_id
            columns = [column for column in table.c if column.name != "revision"]
            rows = tx.execute(select(*columns).where(own == case.id))
            found[name] = sorted(map(repr, rows))
    return found


def version(office: Office, case: InstanceView) -> int:
    return engine.get_instance(office.database, SYSTEM, case.id).definition_version


def test_a_dry_run_says_for_each_case_what_moves_and_what_blocks(office: Office) -> None:
    old = deploy(office, process(tasks("a", "b"), "s > a > b > e"))
    first, second = office.start(), office.start()
    office.do(second, "a")
    new = deploy(office, process(tasks("a", "baru"), "s > a > baru > e"))
    before = office.counts()
    found = plan(office, old, new)
    assert found.problems == ()
    assert set(found.mapping) == {"s", "a", "e"}
    assert [(i.instance_id, i.business_key) for i in found.instances] == [
        (case.id, case.business_key) for case in (first, second)
    ]
    assert [(m.element_id, m.target_id) for m in found.instances[0].moves] == [("a", "a")]
    assert [str(p) for p in found.instances[1].problems] == ["Nothing in the target version stands for it."]
    assert office.counts() == before


def test_cases_move_in_bulk_and_what_blocks_stays_behind(office: Office) -> None:
    old = deploy(office, process(tasks("a", "b"), "s > a > b > e"))
    cases = [office.start() for _ in range(3)]
    office.do(cases[1], "a")
    new = deploy(office, process(tasks("a", "baru"), "s > a > baru > e"))
    report = move(office, old, new)
    assert {i.instance_id for i in report.done} == {cases[0].id, cases[2].id}
    assert [i.instance_id for i in report.blocked] == [cases[1].id]
    assert [version(office, case) for case in cases] == [2, 1, 2]
    for case, step in zip(cases, ("a", "b", "a"), strict=True):
        office.opens(case, step)
    office.do(cases[0], "a")
    office.opens(cases[0], "baru")
    office.do(cases[1], "b")
    office.opens(cases[1], "DONE")


def test_an_interrupted_migration_is_taken_up_again(office: Office) -> None:
    old = deploy(office, process(tasks("a"), "s > a > e"))
    cases = [office.start() for _ in range(3)]
    new = deploy(office, process(tasks("a", "b"), "s > a > b > e"))
    first = move(office, old, new, instances=InstanceFilter(instance_ids=(cases[0].id,)))
    again = move(office, old, new, batch_id=first.batch_id)
    assert again.batch_id == first.batch_id
    assert len(again.done) == 2
    assert len(undo(office, first.batch_id).done) == 3


def test_tasks_keep_who_has_them_and_get_the_new_name_and_form(office: Office) -> None:
    old = deploy(
        office, process(task("a", assignee="petugas2@uji", priority="7", dueDate="P3D"), "s > a > e")
    )
    case = office.start()
    was = office.tasks(case.id)[0]
    renamed = node(
        "userTask", "a", name="Periksa ulang", camunda_candidateGroups="peksos", camunda_formRef="isian"
    )
    new = deploy(office, process(renamed, "s > a > e"), isian_form=form("isian", {"key": "nama"}))
    move(office, old, new)
    now = office.tasks(case.id)[0]
    assert (now.id, now.name, now.form_key, now.definition_id) == (was.id, "Periksa ulang", "isian", new)
    for name in ("assignee", "groups", "users", "priority", "due_at", "created_at"):
        assert getattr(now, name) == getattr(was, name)
    office.opens(case, "a")
    office.do(case, "a", by="petugas2", nama="Siti")
    office.opens(case, "DONE")


def test_a_plan_may_lead_to_other_ids_and_the_diagram_follows(office: Office) -> None:
    old = deploy(office, process(tasks("a"), "s > a > e"))
    case = office.start()
    new = deploy(office, process(tasks("lain"), "s > lain > e"))
    report = move(office, old, new, mapping={"a": "lain"})
    office.opens(case, "lain")
    assert engine.instance_diagram(office.database, SYSTEM, case.id).tokens == {"lain": 1}
    stays = engine.list_activities(
        office.database, SYSTEM, engine.ActivityFilter(instance_id=case.id, finished=False)
    )
    assert [(stay.element_id, stay.element_name) for stay in stays] == [("lain", "Kerjakan lain")]
    undo(office, report.batch_id)
    assert engine.instance_diagram(office.database, SYSTEM, case.id).tokens == {"a": 1}
    office.opens(case, "a")


def test_running_timers_half_done_items_and_waiting_joins_are_kept(office: Office, later: Later) -> None:
    each = task("m", many("anak", "satu", output="hasil", item="h")) + boundary("t", "m", timer("PT1H"))
    nodes = each + tasks("b", "z", "x") + parallel("g", "j")
    old = deploy(office, process(nodes, "s > g > m > j; g > b > j; j > z > e; t > x > e"))
    case = office.start(anak=["Ani", "Budi"])
    office.do(case, "m", h=1)
    office.do(case, "b")
    later(timedelta(minutes=30))
    longer = each.replace("PT1H", "PT9H") + tasks("b", "z", "x", "k") + parallel("g", "j")
    new = deploy(office, process(longer, "s > g > m > k > j; g > b > j; j > z > e; t > x > e"))
    assert len(move(office, old, new).done) == 1
    office.opens(case, "m")
    office.do(case, "m", h=2)
    office.opens(case, "k")
    assert sorted(office.variables(case)["hasil"]) == [1, 2]  # which item came first is open
    office.do(case, "k")
    office.opens(case, "z")


def test_a_running_timer_fires_when_it_was_due(office: Office, later: Later) -> None:
    def model(duration: str) -> str:
        framed = tasks("a", "x") + boundary("t", "a", timer(duration))
        return process(framed, "s > a > e; t > x > e")

    old = deploy(office, model("PT1H"))
    case = office.start()
    new = deploy(office, model("P9D"))
    move(office, old, new)
    assert engine.run_due_jobs(office.database, later(timedelta(minutes=59))) == 0
    assert engine.run_due_jobs(office.database, later(timedelta(minutes=61))) == 1
    office.opens(case, "x")


def test_new_boundary_events_are_armed_from_now_and_old_ones_go(office: Office, later: Later) -> None:
    old = deploy(office, process(tasks("a", "x") + boundary("m", "a", MESSAGE), "s > a > e; m > x > e"))
    case = office.start()
    later(timedelta(hours=5))
    new = deploy(office, process(tasks("a", "y") + boundary("t", "a", timer("PT1H")), "s > a > e; t > y > e"))
    move(office, old, new)
    office.opens(case, "a")
    assert engine.run_due_jobs(office.database, later(timedelta(hours=5, minutes=59))) == 0
    assert engine.run_due_jobs(office.database, later(timedelta(hours=6, minutes=1))) == 1
    office.opens(case, "y")


def test_subscriptions_and_external_tasks_go_to_new_names_and_keep_their_locks(office: Office) -> None:
    def model(event: str, topic: str) -> str:
        service = node("serviceTask", "k", camunda_type="external", camunda_topic=topic)
        nodes = tasks("a", "x") + boundary("m", "a", event) + service + parallel("g")
        return process(nodes, "s > g > a > e; g > k > e; m > x > e")

    old = deploy(office, model(MESSAGE, "sipp"))
    case = office.start()
    new = deploy(office, model(COMPLAINT, "simponi"))
    move(office, old, new)
    [external] = engine.list_external_tasks(office.database, SYSTEM)
    assert (external.topic, external.definition_id) == ("simponi", new)
    office.send("keluhan", instance_id=case.id)
    office.opens(case, "x")


def test_called_processes_move_to_the_version_that_is_called_now(office: Office) -> None:
    def called(*steps: str) -> str:
        return process(tasks(*steps), f"s > {' > '.join(steps)} > e", key="q")

    caller = process(tasks("z") + call("c", "q"), "s > c > z > e")
    old = deploy(office, caller, called("x"))
    case = office.start()
    new = deploy(office, caller, called("x", "y"))
    assert len(move(office, old, new).done) == 1
    office.opens(case, "x")
    office.do(case, "x")
    office.opens(case, "y")
    office.do(case, "y")
    office.opens(case, "z")


@pytest.mark.parametrize("suspended", [False, True])
def test_an_undo_restores_the_earlier_state_exactly(office: Office, suspended: bool) -> None:
    framed = boundary("t", "a", timer("PT1H")) + boundary("m", "b", MESSAGE)
    service = node("serviceTask", "k", camunda_type="external", camunda_topic="sipp")
    nodes = SPLIT + tasks("x") + framed + service
    old = deploy(office, process(nodes, "s > g > a > j; g > b > j; g > k > e; j > z > e; t > x > e; m > x"))
    case = office.start(nama="Siti")
    engine.claim_task(office.database, office.user("petugas"), office.tasks(case.id, "a")[0].id)
    if suspended:
        engine.suspend_instance(office.database, office.user("manajer"), case.id)
    before = everything(office, case)
    other = boundary("u", "a", timer("PT3H")) + service.replace("sipp", "simponi")
    renamed = SPLIT.replace("Kerjakan", "Tangani")
    new = deploy(
        office,
        process(renamed + tasks("x") + other, "s > g > a > j; g > b > j; g > k > e; j > z > e; u > x > e"),
    )
    report = move(office, old, new)
    assert [str(p) for i in report.blocked for p in i.problems] == []
    assert everything(office, case) != before
    office.opens(case, "a b")
    undone = undo(office, report.batch_id)
    assert [i.instance_id for i in undone.done] == [case.id]
    assert everything(office, case) == before
    office.opens(case, "a b")
    assert [e.kind for e in office.history(case)][-1] == "migration_undone"
    with pytest.raises(MigrationRefused):
        undo(office, report.batch_id)


def test_what_has_gone_on_is_not_undone_and_says_so(office: Office) -> None:
    old = deploy(office, process(tasks("a", "b"), "s > a > b > e"))
    gone, resting = office.start(), office.start()
    new = deploy(office, process(tasks("a", "b", "c"), "s > a > b > c > e"))
    batch_id = move(office, old, new).batch_id
    office.do(gone, "a")
    report = undo(office, batch_id)
    assert [i.instance_id for i in report.done] == [resting.id]
    assert [(i.instance_id, str(i.problems[0])) for i in report.blocked] == [
        (gone.id, "It has gone on since, or was changed: going back would lose that.")
    ]
    assert [version(office, case) for case in (gone, resting)] == [2, 1]
    office.opens(gone, "b")


def test_what_ran_on_by_the_migration_itself_is_not_undone(office: Office) -> None:
    old = deploy(office, process(tasks("a", "x"), "s > a > x > e"))
    case = office.start(skor=9)
    model = tasks("a", "x") + boundary("c", "a", condition("skor > 5"))
    new = deploy(office, process(model, "s > a > e; c > x > e"))
    batch_id = move(office, old, new).batch_id
    office.opens(case, "x")
    assert len(undo(office, batch_id).blocked) == 1


def test_claims_since_the_migration_survive_its_undo(office: Office) -> None:
    old = deploy(office, process(tasks("a"), "s > a > e"))
    case = office.start()
    batch_id = move(office, old, deploy(office, process(tasks("a", "b"), "s > a > b > e"))).batch_id
    engine.claim_task(office.database, office.user("petugas"), office.tasks(case.id)[0].id)
    assert len(undo(office, batch_id).done) == 1
    assert office.tasks(case.id)[0].assignee == "petugas@uji"


def test_a_timer_that_cannot_be_armed_blocks_its_case_alone(office: Office) -> None:
    old = deploy(office, process(tasks("a"), "s > a > e"))
    good, bad = office.start(batas="PT1H"), office.start()
    model = tasks("a", "x") + boundary("t", "a", timer("=duration(batas)"))
    new = deploy(office, process(model, "s > a > e; t > x > e"))
    assert ["null" in str(p) for i in plan(office, old, new).instances for p in i.problems] == [True]
    report = move(office, old, new)
    assert [i.instance_id for i in report.done] == [good.id]
    assert [i.instance_id for i in report.blocked] == [bad.id]
    office.opens(bad, "a")


def test_together_means_all_or_none(office: Office) -> None:
    old = deploy(office, process(tasks("a", "b"), "s > a > b > e"))
    first, second = office.start(), office.start()
    office.do(second, "a")
    new = deploy(office, process(tasks("a"), "s > a > e"))
    before = office.counts()
    with pytest.raises(MigrationBlocked) as blocked:
        engine.migrate_together(office.database, office.user("manajer"), old, new)
    assert [i.instance_id for i in blocked.value.instances] == [second.id]
    assert office.counts() == before
    only = InstanceFilter(instance_ids=(first.id,))
    assert len(engine.migrate_together(office.database, office.user("manajer"), old, new, only).done) == 1


def test_plans_that_make_no_sense_are_refused(office: Office) -> None:
    old = deploy(office, process(tasks("a"), "s > a > e"))
    new = deploy(office, process(tasks("a", "b"), "s > a > b > e"))
    other = office.deploy(drawn(process(tasks("a"), "s > a > e", key="lain"))).definitions[0].id
    office.start()
    manager = office.user("manajer")
    for target in (old, other):
        with pytest.raises(MigrationRefused):
            engine.plan_migration(office.database, manager, old, target)
    with pytest.raises(MigrationRefused, match="entah"):
        move(office, old, new, mapping={"entah": "a"})
    assert [p.element_id for p in plan(office, old, new, None, mapping={"a": "e"}).problems] == ["a"]
    with pytest.raises(DefinitionNotFound):
        plan(office, old, "entah")


def test_only_the_agencys_manager_migrates(office: Office) -> None:
    old = deploy(office, process(tasks("a"), "s > a > e"))
    office.start()
    new = deploy(office, process(tasks("a", "b"), "s > a > b > e"))
    batch_id = move(office, old, new).batch_id
    for by in ("petugas", "analis"):
        with pytest.raises(ActionForbidden):
            move(office, old, new, by=by)
        with pytest.raises(ActionForbidden):
            undo(office, batch_id, by=by)
    with pytest.raises(DefinitionNotFound):
        move(office, old, new, by="manajer@lain")
    with pytest.raises(MigrationNotFound):
        undo(office, batch_id, by="manajer@lain")
    with pytest.raises(MigrationNotFound):
        undo(office, "entah")


def test_batches_are_listed_for_their_agency(office: Office) -> None:
    old = deploy(office, process(tasks("a"), "s > a > e"))
    office.start()
    new = deploy(office, process(tasks("a", "b"), "s > a > b > e"))
    batch_id = move(office, old, new).batch_id
    [view] = engine.list_migrations(office.database, office.user("manajer"))
    assert (view.id, view.source_definition_id, view.target_definition_id) == (batch_id, old, new)
    assert (view.by, view.instances, view.undone_at) == ("manajer@uji", 1, None)
    assert engine.list_migrations(office.database, office.user("manajer@lain")) == []
    undo(office, batch_id)
    assert engine.list_migrations(office.database, office.user("manajer"))[0].undone_by == "manajer@uji"
