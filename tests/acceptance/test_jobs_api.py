"""``/job`` and ``/incident``, called by `generic-camunda-client` and read by its models."""

from datetime import UTC, datetime

import generic_camunda_client as camunda
import pytest
from generic_camunda_client.rest import ApiException

import engine
from engine.types import SYSTEM
from tests.integration.engine.models import drawn, task
from tests.support.camunda import address, client
from tests.support.service import Service
from tests.unit.interpreter.diagrams import call, catch, many, process, timer

__all__ = ["address"]

FAILING = process(
    catch("t", timer("PT1H")) + call("c", "q", 'in source="daftar" target="daftar"'), "s > t > c > e"
)
LISTED = process(task("b", many("daftar", "satu")), "s > b > e", "q")


@pytest.fixture
def instance_id(service: Service) -> str:
    """A case of Natuna's that waits for a timer; what follows fails."""
    resources = {"p.bpmn": drawn(FAILING), "q.bpmn": drawn(LISTED)}
    engine.deploy(service.database, SYSTEM, "natuna", "uji", resources)
    return engine.start_instance(service.database, SYSTEM, "natuna", "p", {"daftar": "satu"}).id


def test_a_manager_looks_after_a_job_by_the_client(address: str, instance_id: str) -> None:
    jobs, incidents = (
        kind(client(address, "manajer@natuna")) for kind in (camunda.JobApi, camunda.IncidentApi)
    )
    [job] = jobs.get_jobs(process_instance_id=instance_id, timers=True, with_retries_left=True)
    assert (job.retries, job.suspended, job.tenant_id, job.exception_message) == (3, False, "natuna", None)
    assert job.process_definition_key == "p"
    assert jobs.get_jobs(messages=True, process_instance_id=instance_id) == []
    later = datetime(2999, 1, 1, tzinfo=UTC)
    jobs.set_job_duedate(job.id, job_duedate_dto=camunda.JobDuedateDto(duedate=later))
    assert jobs.get_job(job.id).due_date == later
    assert jobs.get_jobs_count(due_dates="gt_2998-12-31T00:00:00.000+0000").count == 1
    with pytest.raises(ApiException) as failed:
        jobs.execute_job(job.id)
    assert failed.value.status == 422
    jobs.set_job_retries(job.id, retries_dto=camunda.RetriesDto(retries=0))
    query = camunda.JobQueryDto(no_retries_left=True, with_exception=True, process_instance_id=instance_id)
    [given_up] = jobs.query_jobs(job_query_dto=query)
    assert given_up.failed_activity_id == "t"
    assert jobs.query_jobs_count(job_query_dto=query).count == 1
    assert "is no list" in jobs.get_stacktrace(job.id)
    [incident] = incidents.get_incidents(process_instance_id=instance_id, incident_type="failedJob")
    assert (incident.configuration, incident.activity_id, incident.tenant_id) == (job.id, "t", "natuna")
    assert incidents.get_incidents_count(process_definition_key_in="p").count == 1
    assert incidents.get_incident(incident.id).incident_message == given_up.exception_message
    jobs.set_job_retries(job.id, retries_dto=camunda.RetriesDto(retries=1))
    assert incidents.get_incidents_count().count == 0
    with pytest.raises(ApiException) as gone:
        incidents.get_incident(incident.id)
    assert gone.value.status == 404


def test_others_see_no_jobs(service: Service, instance_id: str) -> None:
    [job] = service.caller("manajer@natuna").get("/job").json
    for user in ("petugas@natuna", "analis@natuna", "manajer@lumajang"):
        caller = service.caller(user)
        assert caller.get("/job").json == caller.get("/incident").json == []
        assert caller.get(f"/job/{job['id']}").status_code == 404
        assert caller.post(f"/job/{job['id']}/execute").status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        {"dueDates": "2030"},
        {"dueDates": "gt_besok"},
        {"priorityLowerThanOrEquals": "tinggi"},
        {"withRetriesLeft": "true", "noRetriesLeft": "true"},
        {"active": "true", "suspended": "true"},
        {"activityId": "a", "failedActivityId": "b"},
        {"exceptionMessage": "x"},
        {"sortBy": "nama", "sortOrder": "asc"},
    ],
)
def test_a_query_that_means_nothing_is_refused(service: Service, query: dict[str, str]) -> None:
    assert service.caller("manajer@natuna").get("/job", **query).status_code == 400


def test_several_jobs_are_tried_again_at_once(service: Service, instance_id: str) -> None:
    manager = service.caller("manajer@natuna")
    [job] = manager.get("/job").json
    done = manager.post("/job/retries", {"retries": 5, "jobIds": [job["id"]]})
    assert (done.status_code, done.json["totalJobs"]) == (200, 1)
    assert manager.get(f"/job/{job['id']}").json["retries"] == 5
    for wrong in ({"retries": True, "jobIds": [job["id"]]}, {"retries": 1, "jobIds": []}, {"retries": 1}):
        assert manager.post("/job/retries", wrong).status_code == 400
