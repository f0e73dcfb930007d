"""What managers do with jobs and incidents; nobody else sees them."""

from datetime import timedelta

import pytest

import engine
from engine import IncidentFilter, JobFilter
from engine.errors import (
    ActionForbidden,
    ExecutionFailed,
    IncidentNotFound,
    JobNotFound,
    QueryInvalid,
)
from engine.types import SYSTEM, InstanceView
from tests.integration.engine.conftest import Later
from tests.integration.engine.models import drawn, task, tasks
from tests.support.office import AWAY, HOME, Office
from tests.unit.interpreter.diagrams import call, catch, many, process, start, timer

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FAILING = process(
    catch("t", timer("PT1H")) + call("c", "q", 'in source="daftar" target="daftar"'), "s > t > c > e"
)
LISTED = process(task("b", many("daftar", "satu")), "s > b > e", "q")


@pytest.fixture
def failed(office: Office, later: Later) -> InstanceView:
    """A case whose timer has failed as often as it may."""
    later(timedelta())
    office.deploy(drawn(FAILING), drawn(LISTED))
    case = office.start(daftar="bukan daftar")
    for day in range(1, 5):
        engine.run_due_jobs(office.database, later(day * DAY))
    return case


def test_a_manager_retries_and_the_incident_comes_back_until_it_works(
    office: Office, failed: InstanceView
) -> None:
    database, manager = office.database, office.user("manajer")
    [job] = engine.list_jobs(database, manager)
    [incident] = engine.list_incidents(database, manager)
    assert (job.retries, job.business_key, job.definition_key) == (0, failed.business_key, "p")
    assert (incident.subject_id, incident.business_key) == (job.id, failed.business_key)
    engine.retry_job(database, manager, job.id)
    assert engine.list_incidents(database, manager) == []
    assert engine.get_incident(database, manager, incident.id).resolved_by == "manajer@uji"
    assert engine.run_due_jobs(database) == 0
    [again] = engine.list_incidents(database, manager)
    assert again.id != incident.id
    assert engine.count_incidents(database, manager, IncidentFilter(open=None)) == 2
    with pytest.raises(ExecutionFailed):
        engine.execute_job(database, manager, job.id)
    [same] = engine.list_incidents(database, manager)
    assert same == again
    kept = [event for event in office.history(failed) if event.kind == "job_changed"]
    assert [(event.user_id, event.element_id) for event in kept] == [("manajer@uji", "t")] * 2
    assert kept[0].details == {"retries": 1}
    office.opens(failed, "")


def test_a_job_may_be_done_before_its_time_or_put_off(office: Office, later: Later) -> None:
    later(timedelta())
    office.deploy(drawn(process(catch("t", timer("P9D")) + tasks("a"), "s > t > a > e")))
    first, second = office.start(), office.start()
    manager = office.user("manajer")
    jobs = {job.instance_id: job.id for job in engine.list_jobs(office.database, manager)}
    engine.execute_job(office.database, manager, jobs[first.id])
    office.opens(first, "a")
    with pytest.raises(JobNotFound):
        engine.execute_job(office.database, manager, jobs[first.id])
    engine.set_job_due(office.database, manager, jobs[second.id], later(HOUR))
    assert engine.run_due_jobs(office.database) == 1
    office.opens(second, "a")


def test_retries_are_set_for_all_or_none(office: Office, failed: InstanceView) -> None:
    database, manager = office.database, office.user("manajer")
    [job] = engine.list_jobs(database, manager)
    with pytest.raises(JobNotFound):
        engine.set_job_retries(database, manager, [job.id, "tiada"], 2)
    assert engine.get_job(database, manager, job.id).retries == 0
    with pytest.raises(QueryInvalid):
        engine.set_job_retries(database, manager, [job.id], -1)
    engine.set_job_retries(database, manager, [job.id], 2)
    assert engine.count_incidents(database, manager) == 0
    engine.set_job_retries(database, manager, [job.id], 0)
    [incident] = engine.list_incidents(database, manager)
    assert "is no list" in incident.message
    assert engine.run_due_jobs(database) == 0


def test_retries_set_before_a_job_has_ever_failed_count_from_then_on(office: Office, later: Later) -> None:
    later(timedelta())
    office.deploy(drawn(FAILING), drawn(LISTED))
    office.start(daftar="bukan daftar")
    manager = office.user("manajer")
    [job] = engine.list_jobs(office.database, manager)
    engine.set_job_retries(office.database, manager, [job.id], 2)
    seen = []
    for day in range(1, 3):
        engine.run_due_jobs(office.database, later(day * DAY))
        seen.append(engine.get_job(office.database, manager, job.id).retries)
    assert seen == [1, 0]
    assert engine.count_incidents(office.database, manager) == 1


def test_only_managers_of_the_agency_see_jobs_and_incidents(office: Office, failed: InstanceView) -> None:
    database = office.database
    [job] = engine.list_jobs(database, SYSTEM)
    [incident] = engine.list_incidents(database, SYSTEM)
    for user in ("petugas", "peksos", "analis", f"manajer@{AWAY}"):
        actor = office.user(user)
        assert engine.count_jobs(database, actor) == engine.count_incidents(database, actor) == 0
        for act in (
            lambda actor=actor: engine.get_job(database, actor, job.id),
            lambda actor=actor: engine.retry_job(database, actor, job.id),
            lambda actor=actor: engine.execute_job(database, actor, job.id),
        ):
            with pytest.raises((JobNotFound, ActionForbidden)):
                act()
        with pytest.raises(IncidentNotFound):
            engine.get_incident(database, actor, incident.id)
    assert engine.get_job(database, office.user(f"manajer@{HOME}"), job.id).error == incident.message


def test_lists_of_jobs_are_narrowed_by_what_they_are(office: Office, failed: InstanceView) -> None:
    office.deploy(drawn(process(start("jam", timer("P30D")) + tasks("a"), "s > a > e; jam > a", "r")))
    [job] = engine.list_jobs(office.database, SYSTEM, JobFilter(instance_id=failed.id))
    begins = engine.list_jobs(office.database, SYSTEM, JobFilter(definition_key="r"))
    assert [(b.kind, b.instance_id, b.element_id) for b in begins] == [("start_timer", None, "jam")]
    for narrow, found in (
        (JobFilter(failed=True, element_id="t"), [job]),
        (JobFilter(with_retries=False), [job]),
        (JobFilter(with_retries=True), begins),
        (JobFilter(executable=True), []),
        (JobFilter(executable=False, kinds=("timer",)), [job]),
        (JobFilter(definition_id=job.definition_id), [job]),
        (JobFilter(due_after=job.due_at), begins),
        (JobFilter(due_before=begins[0].due_at, suspended=False), [job]),
        (JobFilter(job_ids=("x",)), []),
        (JobFilter(agency_ids=(AWAY,)), []),
    ):
        assert engine.list_jobs(office.database, SYSTEM, narrow) == found
        assert engine.count_jobs(office.database, SYSTEM, narrow) == len(found)
