"""`/external-task`, `/signal` and `/event-subscription` as clients see them; Camunda's models read them."""

from typing import Any

import generic_camunda_client as camunda
import pytest

import engine
from engine.types import SYSTEM
from tests.integration.engine.models import drawn, tasks
from tests.support.camunda import address, client
from tests.support.letters import AGENCY, SERVICE, TOPIC, deploy_letters, start_letter, steps
from tests.support.service import Caller, Service, typed
from tests.unit.interpreter.diagrams import SIGNAL, catch, process
from webapp.rest import waiting

__all__ = ["address"]

TASK = "/external-task"
MANAGER = f"manajer@{AGENCY}"


@pytest.fixture
def letters(service: Service) -> Service:
    deploy_letters(service.database)
    return service


def fetch(caller: Caller, **more: Any) -> list[dict[str, Any]]:
    topic = {"topicName": TOPIC, "lockDuration": 60_000} | more.pop("topic", {})
    body = {"workerId": "w1", "maxTasks": 10, "topics": [topic]} | more
    answer = caller.post(f"{TASK}/fetchAndLock", body)
    assert answer.status_code == 200, answer.json
    found: list[dict[str, Any]] = answer.json
    return found


def test_the_generic_client_reads_lists_and_locked_tasks(address: str, service: Service) -> None:
    deploy_letters(service.database)
    case = start_letter(service.database, tingkat=3)
    api = camunda.ExternalTaskApi(client(address, SERVICE))
    [listed] = api.get_external_tasks(
        topic_name=TOPIC, not_locked=True, sort_by="createTime", sort_order="asc"
    )
    assert (listed.process_instance_id, listed.priority, listed.retries) == (case.id, 30, None)
    topic = camunda.FetchExternalTaskTopicDto(topic_name=TOPIC, lock_duration=60_000, variables=["alamat"])
    wanted = camunda.FetchExternalTasksDto(worker_id="w1", max_tasks=1, topics=[topic], use_priority=True)
    [locked] = api.fetch_and_lock(fetch_external_tasks_dto=wanted)
    assert (locked.id, locked.worker_id, locked.topic_name) == (listed.id, "w1", TOPIC)
    assert {name: value.value for name, value in locked.variables.items()} == {"alamat": "Jalan Merdeka 1"}
    assert api.get_external_tasks_count(locked=True).count == 1
    assert api.query_external_tasks_count(external_task_query_dto=camunda.ExternalTaskQueryDto()).count == 1
    assert api.get_topic_names() == [TOPIC]
    done = camunda.CompleteExternalTaskDto(worker_id="w1", variables={})
    api.complete_external_task_resource(locked.id, complete_external_task_dto=done, _preload_content=False)
    assert steps(service.database, case) == ("Kerjakan arsip",)


def test_every_report_has_camundas_status(letters: Service) -> None:
    start_letter(letters.database)
    caller = letters.caller(SERVICE)
    [task] = fetch(caller)
    place = f"{TASK}/{task['id']}"
    assert caller.get(f"{place}/errorDetails").status_code == 204
    assert caller.post(f"{place}/complete", {"workerId": "w2"}).status_code == 400
    assert caller.post(f"{place}/extendLock", {"workerId": "w1", "newDuration": -1}).status_code == 400
    assert caller.post(f"{place}/lock", {"workerId": "w2", "lockDuration": 1000}).status_code == 400
    assert caller.post(f"{place}/unlock").status_code == 204
    assert caller.post(f"{place}/lock", {"workerId": "w2", "lockDuration": 1000}).status_code == 204
    report = {"workerId": "w2", "errorMessage": "x", "errorDetails": "y", "retries": 1, "retryTimeout": 0}
    assert caller.post(f"{place}/failure", report).status_code == 204
    assert caller.get(f"{place}/errorDetails").get_data(as_text=True) == "y"
    assert caller.get(place).json["retries"] == 1
    assert letters.caller(f"petugas@{AGENCY}").get(place).status_code == 404
    assert letters.caller("manajer@pasuruan").post(f"{place}/unlock").status_code == 404
    manager = letters.caller(MANAGER)
    assert manager.post(f"{place}/complete", {"workerId": "w2"}).status_code == 403
    assert caller.put(f"{place}/priority", {"priority": 5}).status_code == 403
    assert manager.put(f"{place}/priority", {"priority": -5}).status_code == 204
    assert manager.get(TASK, priorityLowerThanOrEquals=-1).json[0]["priority"] == -5
    ids = {"retries": 0, "externalTaskIds": [task["id"]], "processInstanceIds": [task["processInstanceId"]]}
    assert manager.put(f"{TASK}/retries", ids).status_code == 204
    assert manager.get(f"{TASK}/count", noRetriesLeft="true").json == {"count": 1}
    assert manager.post(f"{TASK}", {"noRetriesLeft": True, "sorting": []}).json[0]["id"] == task["id"]
    assert caller.post(f"{place}/complete", {"workerId": "w2"}).status_code == 204
    assert caller.post(f"{place}/complete", {"workerId": "w2"}).status_code == 404


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"workerId": None}, "workerId"),
        ({"maxTasks": "10"}, "maxTasks"),
        ({"topics": {}}, "topics"),
        ({"topics": [{"topicName": TOPIC}]}, "lockDuration"),
        (
            {"topics": [{"topicName": TOPIC, "lockDuration": 1, "processVariables": {"a": 1}}]},
            "processVariables",
        ),
        ({"topics": [{"topicName": TOPIC, "lockDuration": 1, "withoutTenantId": True}]}, "withoutTenantId"),
        ({"topics": [{"topicName": TOPIC, "lockDuration": 1, "variables": "a"}]}, "variables"),
        ({"sorting": [{"sortBy": "createTime"}]}, "sorting"),
        ({"asyncResponseTimeout": -1}, "asyncResponseTimeout"),
        ({"lain": 1}, "lain"),
    ],
)
def test_what_cannot_be_fetched_so_is_refused_by_name(letters: Service, change: Any, named: str) -> None:
    body = {"workerId": "w1", "maxTasks": 1, "topics": [{"topicName": TOPIC, "lockDuration": 1}]}
    answer = letters.caller(SERVICE).post(f"{TASK}/fetchAndLock", body | change)
    assert answer.status_code == 400
    assert named in answer.json["message"]


def test_a_call_that_may_wait_gets_what_comes_meanwhile_but_waits_for_a_bound(
    letters: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 3:
            start_letter(letters.database)

    monkeypatch.setattr(waiting.time, "sleep", sleep)
    caller = letters.caller(SERVICE)
    assert fetch(caller) == []
    assert slept == []
    assert len(fetch(caller, asyncResponseTimeout=1_800_000)) == 1
    assert slept == [waiting.POLL] * 3
    now = iter(range(100))
    monkeypatch.setattr(waiting.time, "monotonic", lambda: next(now) * 0.5)
    assert fetch(caller, asyncResponseTimeout=1_800_000) == []
    assert len(slept) < 10


def test_only_some_calls_wait_at_a_time(letters: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr(waiting.time, "sleep", slept.append)
    with letters.app.app_context():
        places = waiting._places()
    while places.acquire(blocking=False):
        pass
    assert fetch(letters.caller(SERVICE), asyncResponseTimeout=1_800_000) == []
    assert slept == [waiting.POLL]


def test_a_signal_is_on_its_way_when_the_call_answers(letters: Service) -> None:
    diagram = drawn(process(catch("c", SIGNAL) + tasks("z", group="petugas"), "s > c > z > e", "tunggu"))
    diagram = diagram.replace(b'bpmnElement="p"', b'bpmnElement="tunggu"')
    actor = letters.caller(f"petugas@{AGENCY}")
    engine.deploy(letters.database, SYSTEM, AGENCY, "uji", {"tunggu.bpmn": diagram})
    one, other = (actor.post("/process-definition/key/tunggu/start").json["id"] for _ in range(2))
    manager = letters.caller(MANAGER)
    found = manager.get("/event-subscription", eventName="darurat", sortBy="id", sortOrder="asc").json
    assert {s["processInstanceId"] for s in found} == {one, other}
    assert {s["eventType"] for s in found} == {"signal"}
    assert manager.get("/event-subscription/count", processInstanceId=one).json == {"count": 1}
    assert actor.post("/signal", {"name": "darurat"}).status_code == 403
    assert manager.post("/signal", {"variables": {}}).status_code == 400
    assert manager.post("/signal", {"name": "darurat", "withoutTenantId": True}).status_code == 400
    at_once = {"name": "darurat", "executionId": one, "variables": typed({"n": 1})}
    assert manager.post("/signal", at_once).status_code == 204
    assert manager.get("/event-subscription/count").json == {"count": 1}
    assert letters.caller(SERVICE).post("/signal", {"name": "darurat", "tenantId": AGENCY}).status_code == 204
    while engine.run_due_jobs(letters.database):
        pass
    assert manager.get("/event-subscription/count").json == {"count": 0}


def test_correlation_keys_are_refused_unless_they_are_empty(letters: Service) -> None:
    caller = letters.caller(MANAGER)
    keyed = caller.post("/message", {"messageName": "x", "correlationKeys": typed({"a": 1})})
    assert (keyed.status_code, "correlationKeys" in keyed.json["message"]) == (400, True)
    empty = caller.post("/message", {"messageName": "x", "correlationKeys": {}})
    assert empty.json["type"] == "MessageUnmatched"
