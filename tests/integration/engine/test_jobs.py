"""Jobs: what is due is done once, what fails is tried again and at last seen by a person."""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Row, select, text

import engine
from engine import clock
from engine.commands.job_rows import insert_jobs, job_row
from engine.errors import NameTaken
from engine.jobs.running import earliest
from engine.store import bell, reading, writing
from engine.store.tables import Incident, Job
from engine.types import SYSTEM
from tests.integration.engine.conftest import Later
from tests.integration.engine.models import drawn, task, tasks
from tests.support.office import HOME, Office
from tests.unit.interpreter.diagrams import boundary, call, catch, end, many, node, process, start, timer

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LISTED = process(task("b", many("daftar", "satu")), "s > b > e", "q")
RETRIED = (
    "<bpmn:extensionElements><camunda:failedJobRetryTimeCycle>{}</camunda:failedJobRetryTimeCycle>"
    "</bpmn:extensionElements>"
)


@pytest.fixture(autouse=True)
def still(later: Later) -> None:
    """Time stands still until a test sets it."""
    later(timedelta())


def rows(office: Office, table: Any = Job) -> list[Row[Any]]:
    with reading(office.database) as tx:
        return list(tx.execute(select(table.__table__).order_by(table.id)))


def instances(office: Office) -> int:
    return engine.count_instances(office.database, SYSTEM)


def failing(cycle: str = "") -> str:
    """Waits for an hour, then calls something that takes no text for a list."""
    wait = RETRIED.format(cycle) if cycle else ""
    return process(
        catch("t", wait + timer("PT1H")) + call("c", "q", 'in source="daftar" target="daftar"'),
        "s > t > c > e",
    )


@pytest.mark.parametrize("side", ["asyncBefore", "asyncAfter"])
def test_an_asynchronous_continuation_is_a_job_of_its_own(office: Office, side: str) -> None:
    model = tasks("a") + node("task", "t", camunda_asyncBefore="true") + task("b")
    office.deploy(drawn(process(model.replace("asyncBefore", side), "s > a > t > b > e")))
    case = office.start()
    office.do(case, "a")
    office.opens(case, "")
    [job] = rows(office)
    assert (job.kind, job.element_id, job.process_key, job.retries) == ("async", "t", "p", 3)
    assert engine.run_due_jobs(office.database) == 1
    office.opens(case, "b")
    assert rows(office) == []


def test_a_user_task_may_be_put_off_until_a_job_has_come(office: Office) -> None:
    office.deploy(
        drawn(process(task("a", asyncBefore="true", asyncAfter="true") + task("b"), "s > a > b > e"))
    )
    case = office.start()
    for step, after in (("a", ""), ("b", "DONE")):
        office.opens(case, "")
        assert engine.run_due_jobs(office.database) == 1
        office.opens(case, step)
        office.do(case, step)
        office.opens(case, after)


def test_a_job_has_the_priority_that_its_element_or_process_says(office: Office) -> None:
    model = task("a", asyncBefore="true", jobPriority="=mendesak") + task("b", asyncBefore="true")
    whole = process(model, "s > a > b > e").replace(
        "<bpmn:process ", '<bpmn:process camunda:jobPriority="7" '
    )
    office.deploy(drawn(whole))
    case = office.start(mendesak=90)
    assert rows(office)[0].priority == 90
    engine.run_due_jobs(office.database)
    office.do(case, "a")
    assert rows(office)[0].priority == 7


def test_a_job_between_two_asynchronous_elements_is_another_one_than_the_job_before(office: Office) -> None:
    model = node("task", "x", camunda_asyncAfter="true") + node("task", "y", camunda_asyncBefore="true")
    office.deploy(drawn(process(model, "s > x > y > e")))
    case = office.start()
    for element in ("x", "y"):
        [job] = rows(office)
        assert job.element_id == element
        office.opens(case, "")
        assert engine.run_due_jobs(office.database) == 1
    office.opens(case, "DONE")


def test_a_job_that_is_due_at_once_is_announced_with_the_commit_and_not_without(office: Office) -> None:
    office.deploy(drawn(process(task("a", asyncBefore="true"), "s > a > e")))
    bell.wait(0)
    with suppress(NameTaken), writing(office.database) as tx:
        insert_jobs(tx, [job_row("signal", "j", HOME, clock.now())])
        raise NameTaken(id="j")
    assert announced(office) == 0
    office.start()
    assert announced(office) == 1


def announced(office: Office) -> int:
    """How often somebody was told: by the bell, or by a job of procrastinate with our job's id."""
    if office.database.dialect.name == "sqlite":
        return int(bell.wait(0))
    with reading(office.database) as tx:
        found = tx.execute(text("SELECT queueing_lock, lock FROM procrastinate_jobs")).all()
    assert [tuple(row) for row in found] == [(job.id, job.instance_id) for job in rows(office)]
    return len(found)


def test_missed_rounds_of_a_cycle_come_as_one_and_the_next_at_its_regular_time(
    office: Office, later: Later
) -> None:
    ask = boundary("t", "a", timer("R3/PT1H", "timeCycle"), cancel=False) + task("ingat") + end("e2")
    office.deploy(drawn(process(tasks("a") + ask, "s > a > e; t > ingat > e2")))
    case = office.start()
    first = rows(office)[0].due_at
    assert engine.run_due_jobs(office.database, later(5.5 * HOUR)) == 1
    assert engine.run_due_jobs(office.database, later(5.5 * HOUR)) == 0
    office.opens(case, "a ingat")
    assert rows(office)[0].due_at == first + 5 * HOUR
    assert engine.run_due_jobs(office.database, later(6.1 * HOUR)) == 1
    assert rows(office)[0].due_at == first + 6 * HOUR
    assert engine.run_due_jobs(office.database, later(30 * DAY)) == 1
    assert rows(office) == []
    office.opens(case, "a ingat ingat ingat")


def test_a_cycle_of_months_keeps_its_day(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime.fromisoformat("2026-01-31T09:00:00+07:00")
    monkeypatch.setattr("engine.clock.now", lambda: now)
    ask = boundary("t", "a", timer("R/P1M", "timeCycle"), cancel=False) + task("ingat") + end("e2")
    office.deploy(drawn(process(tasks("a") + ask, "s > a > e; t > ingat > e2")))
    office.start()
    seen = []
    for text_ in ("2026-03-01T00:00:00+07:00", "2026-08-15T00:00:00+07:00", "2027-02-01T00:00:00+07:00"):
        now = datetime.fromisoformat(text_)
        assert engine.run_due_jobs(office.database) == 1
        seen.append(rows(office)[0].due_at.isoformat()[:10])
    assert seen == ["2026-03-28", "2026-08-28", "2027-02-28"]


def test_a_failed_job_is_tried_again_after_growing_pauses_then_a_person_must_look(
    office: Office, later: Later
) -> None:
    office.deploy(drawn(failing()), drawn(LISTED))
    case = office.start(daftar="bukan daftar")
    at = HOUR
    for pause in (MINUTE, 5 * MINUTE, 25 * MINUTE):
        now = later(at)
        assert engine.run_due_jobs(office.database, now) == 0
        [job] = rows(office)
        assert job.due_at == now + pause
        assert rows(office, Incident) == []
        at += pause
    engine.run_due_jobs(office.database, later(at))
    [incident] = rows(office, Incident)
    assert (incident.kind, incident.subject_id, incident.instance_id) == ("failedJob", job.id, case.id)
    assert (incident.definition_id, incident.element_id) == (case.definition_id, "t")
    assert "is no list" in incident.message
    assert rows(office)[0].retries == 0
    office.opens(case, "")


@pytest.mark.parametrize(
    ("cycle", "pauses"), [("R2/PT10M", [10, 10]), ("PT2M,PT7M,PT9M", [2, 7, 9]), ("R0/PT1M", [])]
)
def test_a_diagram_may_say_how_often_and_when(
    office: Office, later: Later, cycle: str, pauses: list[int]
) -> None:
    office.deploy(drawn(failing(cycle)), drawn(LISTED))
    office.start(daftar="bukan daftar")
    at = HOUR
    for minutes in pauses:
        now = later(at)
        engine.run_due_jobs(office.database, now)
        assert rows(office)[0].due_at == now + minutes * MINUTE
        at += minutes * MINUTE
    assert rows(office, Incident) == []
    engine.run_due_jobs(office.database, later(at))
    assert len(rows(office, Incident)) == 1


def test_an_incident_is_resolved_when_its_job_goes_away(office: Office, later: Later) -> None:
    model = process(
        tasks("a")
        + boundary("t", "a", RETRIED.format("R0/PT1M") + timer("PT1H"))
        + call("c", "q", 'in source="daftar" target="daftar"'),
        "s > a > e; t > c > e",
    )
    office.deploy(drawn(model), drawn(LISTED))
    case = office.start(daftar="bukan daftar")
    engine.run_due_jobs(office.database, later(HOUR))
    office.opens(case, "a")
    office.do(case, "a")
    office.opens(case, "DONE")
    [incident] = rows(office, Incident)
    assert incident.resolved_by == "petugas@uji"


def test_a_case_with_nothing_left_to_wait_for_is_kept_with_an_incident(office: Office) -> None:
    fork = node("parallelGateway", "f") + node("exclusiveGateway", "x", name="?", default="x__e2")
    model = process(
        tasks("a", "b") + fork + node("parallelGateway", "j") + end("e2"),
        "s > f > a > x; f > b > j; x > j if lanjut; x > e2; j > e",
    )
    office.deploy(drawn(model))
    case = office.start()
    office.do(case, "b")
    office.do(case, "a", lanjut=False)
    office.opens(case, "")
    [incident] = rows(office, Incident)
    assert (incident.kind, incident.subject_id, incident.resolved_at) == ("stuck", case.id, None)
    engine.cancel_instance(office.database, office.user("manajer"), case.id, "macet")
    assert rows(office, Incident)[0].resolved_at is not None


def starting(text_: str, kind: str = "timeCycle") -> bytes:
    return drawn(process(start("jam", timer(text_, kind)) + tasks("a"), "s > a > e; jam > a"))


def test_a_timer_start_event_begins_cases_of_the_newest_version(office: Office, later: Later) -> None:
    office.deploy(starting("R2/PT1H"))
    [first] = rows(office)
    assert (first.kind, first.element_id, first.instance_id) == ("start_timer", "jam", None)
    assert engine.run_due_jobs(office.database, later(HOUR / 2)) == 0
    assert engine.run_due_jobs(office.database, later(4.5 * HOUR)) == 1
    assert instances(office) == 1
    assert rows(office)[0].due_at == first.due_at + 4 * HOUR
    assert engine.run_due_jobs(office.database, later(5.5 * HOUR)) == 1
    assert instances(office) == 2
    assert rows(office) == []


def test_a_new_version_takes_over_the_timers_of_the_old(office: Office, later: Later) -> None:
    office.deploy(starting("R/PT1H"))
    office.deploy(starting("R/PT1H"))
    [same] = rows(office)
    new = office.deploy(starting("PT3H", "timeDuration"))
    [job] = rows(office)
    assert job.definition_id == new.definitions[0].id != same.definition_id
    assert engine.run_due_jobs(office.database, later(2 * HOUR)) == 0
    assert engine.run_due_jobs(office.database, later(4 * HOUR)) == 1
    assert (instances(office), rows(office)) == (1, [])
    office.deploy(starting("R/PT1H"))
    office.deploy(drawn(process(tasks("a"), "s > a > e")))
    assert rows(office) == []


def test_a_start_that_fails_is_an_incident_without_a_case(office: Office, later: Later) -> None:
    model = process(
        start("jam", RETRIED.format("R0/PT1M") + timer("PT1H")) + task("b", many("daftar", "satu")),
        "s > b > e; jam > b",
    )
    office.deploy(drawn(model))
    assert engine.run_due_jobs(office.database, later(HOUR)) == 0
    [incident] = rows(office, Incident)
    assert (incident.instance_id, incident.process_key, incident.element_id) == (None, "p", "jam")
    office.deploy(drawn(process(tasks("a"), "s > a > e")))
    assert rows(office, Incident)[0].resolved_by == "analis@uji"


@pytest.mark.parametrize("many_jobs", [3000])
def test_looking_for_what_is_due_reads_the_index_in_its_order(office: Office, many_jobs: int) -> None:
    at = datetime.fromisoformat("2030-01-01T00:00:00+00:00")
    base = {"kind": "timer", "agency_id": HOME, "retries": 3, "error": None, "details": {}}
    with writing(office.database) as tx:
        tx.execute(
            Job.__table__.insert(),
            [base | {"id": f"j{n}", "due_at": at + n * MINUTE} for n in range(many_jobs)],
        )
    with writing(office.database) as tx:
        tx.exec_driver_sql("ANALYZE job")
        query = earliest(office.database.dialect.name).limit(100)
        compiled = query.compile(tx, compile_kwargs={"literal_binds": True})
        explain = "EXPLAIN QUERY PLAN" if tx.dialect.name == "sqlite" else "EXPLAIN"
        plan = "\n".join(str(row) for row in tx.exec_driver_sql(f"{explain} {compiled}"))
    assert "ix_job_to_do" in plan
    assert "sort" not in plan.lower()
    assert "b-tree" not in plan.lower()
