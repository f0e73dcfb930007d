"""A suspended case: nothing of it moves, nothing of it is lost, and who may say so."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

import engine
from engine.errors import ActionForbidden, InstanceClosed, InstanceNotFound, InstanceSuspended
from engine.store import reading, writing
from engine.store.tables import Job
from engine.types import SYSTEM, InstanceView
from tests.integration.engine.conftest import Later
from tests.integration.engine.models import drawn, tasks
from tests.support.office import HOME, Office
from tests.unit.interpreter.diagrams import (
    MESSAGE,
    SIGNAL,
    boundary,
    condition,
    end,
    node,
    on_event,
    parallel,
    process,
    timer,
)

HOUR = timedelta(hours=1)
PLAIN = process(tasks("a", "b"), "s > a > b > e")
TIMED = process(tasks("a", "x") + boundary("t", "a", timer("PT1H")), "s > a > e; t > x > e")


def suspend(office: Office, case: InstanceView, by: str = "manajer") -> None:
    engine.suspend_instance(office.database, office.user(by), case.id)


def activate(office: Office, case: InstanceView, by: str = "manajer") -> None:
    engine.activate_instance(office.database, office.user(by), case.id)


def test_people_can_do_nothing_with_its_tasks_until_it_is_activated(office: Office) -> None:
    office.deploy(drawn(PLAIN))
    case = office.start()
    task_id = office.tasks(case.id)[0].id
    suspend(office, case)
    database, worker, manager = office.database, office.user("petugas"), office.user("manajer")
    for act in (
        lambda: engine.complete_task(database, worker, task_id, {}),
        lambda: engine.claim_task(database, worker, task_id),
        lambda: engine.unclaim_task(database, worker, task_id),
        lambda: engine.assign_task(database, manager, task_id, "petugas@uji"),
    ):
        with pytest.raises(InstanceSuspended):
            act()
    office.opens(case, "a")
    activate(office, case)
    engine.claim_task(database, worker, task_id)
    office.do(case, "a")
    office.opens(case, "b")


def test_lists_say_and_find_what_is_suspended(office: Office) -> None:
    office.deploy(drawn(PLAIN))
    resting, going = office.start(), office.start()
    suspend(office, resting)
    for suspended, case in ((True, resting), (False, going)):
        wanted = engine.InstanceFilter(suspended=suspended)
        found = engine.list_instances(office.database, SYSTEM, wanted)
        assert [(view.id, view.suspended) for view in found] == [(case.id, suspended)]
        assert engine.count_instances(office.database, SYSTEM, wanted) == 1
        views = engine.list_tasks(office.database, SYSTEM, engine.TaskFilter(suspended=suspended))
        assert [(view.instance_id, view.suspended) for view in views] == [(case.id, suspended)]
    assert engine.get_instance(office.database, SYSTEM, resting.id).suspended
    assert engine.get_task(office.database, SYSTEM, office.tasks(resting.id)[0].id).suspended


def test_a_timer_that_comes_due_meanwhile_fires_after_the_activation(office: Office, later: Later) -> None:
    office.deploy(drawn(TIMED))
    case = office.start()
    suspend(office, case)
    now = later(2 * HOUR)
    assert engine.run_due_jobs(office.database, now) == 0
    office.opens(case, "a")
    activate(office, case)
    assert engine.run_due_jobs(office.database, now) == 1
    office.opens(case, "x")


def test_messages_are_refused_and_signals_wait(office: Office, later: Later) -> None:
    handler = on_event("h", SIGNAL, tasks("k") + end("e2"), "h_s > k > e2", interrupting=False)
    model = process(tasks("a", "x") + boundary("m", "a", MESSAGE) + handler, "s > a > e; m > x > e")
    office.deploy(drawn(model))
    case = office.start()
    suspend(office, case)
    with pytest.raises(InstanceSuspended):
        office.send("putusan", instance_id=case.id)
    engine.send_signal(office.database, office.user("manajer"), "darurat", agency_id=HOME)
    assert engine.run_due_jobs(office.database, later(HOUR)) == 0
    office.opens(case, "a")
    activate(office, case)
    engine.run_due_jobs(office.database, later(HOUR))
    office.opens(case, "a k")
    office.send("putusan", instance_id=case.id)
    office.opens(case, "k x")


def test_a_job_that_is_seen_before_the_suspension_loses_no_retry(office: Office, later: Later) -> None:
    """The dispatcher has read the job; the suspension comes before it has the case."""
    office.deploy(drawn(TIMED))
    case = office.start()
    suspend(office, case)
    with writing(office.database) as tx:
        tx.execute(update(Job).values(suspended=False))
    assert engine.run_due_jobs(office.database, later(2 * HOUR)) == 0
    with reading(office.database) as tx:
        assert tx.execute(select(Job.retries, Job.error)).one() == (3, None)


def test_what_begins_to_wait_during_a_suspension_rests_too(office: Office, later: Later) -> None:
    framed = tasks("a", "b", "x") + boundary("t", "b", timer("PT1H"))
    service = node("serviceTask", "k", camunda_type="external", camunda_topic="sipp")
    office.deploy(drawn(process(framed + service, "s > a > b > k > e; t > x > e")))
    case = office.start()
    suspend(office, case)
    engine.modify_instance(
        office.database,
        office.user("manajer"),
        case.id,
        [engine.Instruction("startBeforeActivity", "b"), engine.Instruction("startBeforeActivity", "k")],
    )
    now = later(2 * HOUR)
    assert engine.run_due_jobs(office.database, now) == 0
    assert [task.suspended for task in engine.list_external_tasks(office.database, SYSTEM)] == [True]
    activate(office, case)
    assert engine.run_due_jobs(office.database, now) == 1
    assert [task.suspended for task in engine.list_external_tasks(office.database, SYSTEM)] == [False]
    office.opens(case, "a x")


def test_a_condition_that_came_true_meanwhile_is_noticed_at_the_activation(office: Office) -> None:
    model = tasks("a", "x") + boundary("c", "a", condition("skor > 5"))
    office.deploy(drawn(process(model, "s > a > e; c > x > e")))
    case = office.start(skor=1)
    suspend(office, case)
    engine.set_variables(office.database, office.user("manajer"), case.id, {"skor": 9})
    office.opens(case, "a")
    activate(office, case)
    office.opens(case, "x")


def test_it_can_be_cancelled_where_it_rests(office: Office) -> None:
    office.deploy(drawn(process(tasks("a", "b") + parallel("g"), "s > g > a > e; g > b > e")))
    case = office.start()
    suspend(office, case)
    engine.cancel_instance(office.database, office.user("manajer"), case.id, "salah")
    office.opens(case, "DONE")
    with pytest.raises(InstanceClosed):
        activate(office, case)


def test_twice_is_told_once_and_history_says_who(office: Office) -> None:
    office.deploy(drawn(PLAIN))
    case = office.start()
    for act in (suspend, suspend, activate, activate):
        act(office, case)
    told = [(e.kind, e.user_id) for e in office.history(case) if "suspend" in e.kind or "activated" in e.kind]
    assert told == [("instance_suspended", "manajer@uji"), ("instance_activated", "manajer@uji")]


def test_only_the_agencys_manager_may(office: Office) -> None:
    office.deploy(drawn(PLAIN))
    case = office.start()
    for act in (suspend, activate):
        with pytest.raises(ActionForbidden):
            act(office, case, "petugas")
        for stranger in ("analis", "manajer@lain", "petugas@lain"):
            with pytest.raises(InstanceNotFound):
                act(office, case, stranger)


def test_several_are_suspended_together_or_not_at_all(office: Office) -> None:
    office.deploy(drawn(PLAIN))
    open_one, ended = office.start(), office.start()
    manager = office.user("manajer")
    engine.cancel_instance(office.database, manager, ended.id, "")
    with pytest.raises(InstanceClosed):
        engine.set_suspension(office.database, manager, [open_one.id, ended.id], suspended=True)
    assert not engine.get_instance(office.database, SYSTEM, open_one.id).suspended
