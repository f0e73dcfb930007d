"""Camunda's comments and delegation over the API, as its clients send them."""

from tests.support.case import begin
from tests.support.service import Service

KEY = "pasuruan_penanganan_abh"


def test_a_comment_is_written_and_read_at_its_task(service: Service) -> None:
    case, clerk = begin(service, "pasuruan", KEY, "petugas"), service.caller("petugas@pasuruan")
    task = clerk.get("/task", processInstanceId=case.id).json[0]["id"]
    made = clerk.post(f"/task/{task}/comment/create", {"message": "Sudah ditelepon"}).json
    assert (made["message"], made["userId"], made["taskId"]) == ("Sudah ditelepon", "petugas@pasuruan", task)
    assert clerk.get(f"/task/{task}/comment").json == [made]
    assert clerk.get(f"/task/{task}/comment/{made['id']}").json == made
    [seen] = service.caller("manajer@pasuruan").get(f"/task/{task}/comment").json
    assert seen == made | {"message": None}
    assert service.caller("peksos@pasuruan").get(f"/task/{task}/comment").status_code == 404
    assert clerk.post(f"/task/{task}/comment/create", {"message": "@peksos@pasuruan"}).status_code == 400
    assert clerk.post(f"/task/{task}/comment/create", {}).status_code == 400


def test_a_delegated_task_is_resolved_before_it_is_completed(service: Service) -> None:
    case, clerk = begin(service, "pasuruan", KEY, "petugas"), service.caller("petugas@pasuruan")
    task = clerk.get("/task", processInstanceId=case.id).json[0]["id"]
    assert clerk.post(f"/task/{task}/delegate", {"userId": "petugas@pasuruan"}).status_code == 403
    clerk.post(f"/task/{task}/claim", {"userId": "petugas@pasuruan"})
    assert clerk.post(f"/task/{task}/delegate", {"userId": "peksos@pasuruan"}).status_code == 404
    assert clerk.post(f"/task/{task}/delegate", {}).status_code == 400
    assert clerk.post(f"/task/{task}/resolve", {}).status_code == 204
    found = clerk.get(f"/task/{task}").json
    assert (found["owner"], found["delegationState"]) == (None, None)
