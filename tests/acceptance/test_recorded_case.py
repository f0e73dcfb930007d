"""The case that the benchmarks play is still a case of Kota Pasuruan."""

from benchmarks.recorded import AGENCY, CASE, KEY
from tests.support.case import Case
from tests.support.service import Service


def test_the_recorded_case_runs_from_its_report_to_the_archive(service: Service) -> None:
    begin, *tasks = CASE
    start = f"/process-definition/key/{KEY}/tenant-id/{AGENCY}/start"
    started = service.caller(begin.user).post(start, begin.body)
    assert started.status_code == 200, started.json
    case = Case(service, AGENCY, started.json["id"], started.json["businessKey"])
    for step in tasks:
        caller = service.caller(step.user)
        (task,) = caller.get("/task", processInstanceId=case.id, taskDefinitionKey=step.element).json
        done = caller.post(f"/task/{task['id']}/complete", step.body)
        assert done.status_code == 204, done.json
    case.has_ended()
