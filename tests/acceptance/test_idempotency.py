"""A caller that got no answer asks again with the same `Idempotency-Key`: done once, answered alike."""

from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

import engine
from engine import clock
from engine.commands.idempotency import purge_answers
from engine.store import reading
from engine.store.tables import IdempotencyKey, ProcessInstance
from engine.types import SYSTEM, AccessFilter, HistoryKind, RecordAction
from tests.integration.engine.models import drawn, tasks
from tests.support.service import Caller, Service, typed
from tests.unit.interpreter.diagrams import MESSAGE, catch, exclusive, process

MODEL = process(
    exclusive("m") + tasks("a") + catch("c", MESSAGE) + exclusive("g", "g__e"),
    "s > m > a > c > g; g > m if lagi; g > e",
    "ulang",
)
START = "/process-definition/key/ulang/start"


@pytest.fixture
def caller(service: Service) -> Caller:
    engine.deploy(service.database, SYSTEM, "natuna", "uji", {"ulang.bpmn": drawn(MODEL)})
    return service.caller("petugas@natuna")


def ask(caller: Caller, path: str, body: dict[str, Any], key: str) -> TestResponse:
    return caller.post(path, body, headers={"Idempotency-Key": key})


def start(caller: Caller, key: str = "mulai", **values: Any) -> TestResponse:
    return ask(caller, START, {"variables": typed(values), "withVariablesInReturn": True}, key)


def complete(caller: Caller, key: str, task_id: str, **values: Any) -> TestResponse:
    body = {"variables": typed(values), "withVariablesInReturn": True}
    return ask(caller, f"/task/{task_id}/complete", body, key)


def send(caller: Caller, key: str, **values: Any) -> TestResponse:
    body = {"messageName": "putusan", "resultEnabled": True, "processVariables": typed(values)}
    return ask(caller, "/message", body, key)


def open_task(caller: Caller) -> str:
    [task] = caller.get("/task", processDefinitionKey="ulang").json
    return str(task["id"])


def count(service: Service, column: Any, *conditions: Any) -> int:
    with reading(service.database) as tx:
        return int(tx.scalar(select(func.count(column)).where(*conditions)) or 0)


def test_start_complete_and_message_are_done_once_and_answered_alike(
    service: Service, caller: Caller
) -> None:
    started = start(caller, n=1)
    task_id = open_task(caller)
    completed = complete(caller, "selesai", task_id, lagi=True)
    sent = send(caller, "pesan", isi="satu")
    assert (started.status_code, completed.status_code, sent.status_code) == (200, 200, 200)
    again = (
        start(caller, n=1),
        complete(caller, "selesai", task_id, lagi=True),
        send(caller, "pesan", isi="satu"),
    )
    assert [(a.status_code, a.data, a.mimetype) for a in again] == [
        (a.status_code, a.data, a.mimetype) for a in (started, completed, sent)
    ]
    assert count(service, ProcessInstance.id) == 1
    kinds = [event.kind for event in engine.history(service.database, SYSTEM, started.json["id"])]
    for kind in (HistoryKind.INSTANCE_STARTED, HistoryKind.TASK_COMPLETED, HistoryKind.MESSAGE_RECEIVED):
        assert kinds.count(kind.value) == 1
    assert open_task(caller) != task_id, "the case has moved on meanwhile"


def test_an_answer_without_a_body_is_repeated_too(caller: Caller) -> None:
    start(caller)
    task_id = open_task(caller)
    for _ in range(2):
        answer = ask(caller, f"/task/{task_id}/complete", {}, "selesai")
        assert (answer.status_code, answer.data) == (204, b"")


def test_a_key_of_another_request_is_refused_and_nothing_is_done(service: Service, caller: Caller) -> None:
    start(caller, n=1)
    task_id = open_task(caller)
    for answer in (start(caller, n=2), complete(caller, "mulai", task_id), send(caller, "mulai")):
        assert answer.status_code == 422
        assert answer.json["type"] == "IdempotencyKeyReused"
        assert "mulai" in answer.json["message"]
    assert open_task(caller) == task_id
    assert count(service, ProcessInstance.id) == 1


def test_a_key_belongs_to_its_user(service: Service, caller: Caller) -> None:
    other = service.caller("manajer@natuna")
    started = start(caller)
    assert start(other).status_code == 403
    assert start(caller).data == started.data


def test_what_was_refused_may_be_asked_again_with_the_same_key(service: Service, caller: Caller) -> None:
    refused = ask(caller, START, {"variables": typed({"nomor_registrasi": "x"})}, "mulai")
    assert refused.status_code == 400
    assert start(caller).status_code == 200
    assert count(service, ProcessInstance.id) == 1


def test_a_step_that_cannot_go_on_is_an_incident_with_a_key_too(service: Service) -> None:
    stuck = process(
        tasks("a", "b") + exclusive("g"), "s > a > g; g > b if x = 1; g > e if x = 2; b > e", "buntu"
    )
    engine.deploy(service.database, SYSTEM, "natuna", "uji", {"buntu.bpmn": drawn(stuck)})
    caller = service.caller("petugas@natuna")
    ask(caller, "/process-definition/key/buntu/start", {}, "mulai")
    [task] = caller.get("/task", processDefinitionKey="buntu").json
    for _ in range(2):
        assert complete(caller, "selesai", task["id"], x=3).status_code == 422
    incidents = service.caller("manajer@natuna").get("/incident", processInstanceId=task["processInstanceId"])
    assert [(i["incidentType"], i["activityId"]) for i in incidents.json] == [("failedStep", "a")]
    assert complete(caller, "selesai", task["id"], x=2).status_code == 200


@pytest.mark.parametrize("key", ["", " ", "k" * 256, "kunci-é"])
def test_a_key_that_is_none_is_refused(service: Service, caller: Caller, key: str) -> None:
    assert start(caller, key).status_code == 400
    assert count(service, ProcessInstance.id) == 0


def test_a_longest_key_is_a_key(caller: Caller) -> None:
    assert start(caller, "k" * 255).data == start(caller, "k" * 255).data


def test_of_two_at_the_same_time_one_is_done_and_both_are_answered(service: Service, caller: Caller) -> None:
    for number in range(10):
        gate, answers = Barrier(2), []

        def run(key: str = f"k{number}", gate: Barrier = gate, answers: Any = answers) -> None:
            gate.wait(10)
            answers.append(start(caller, key))

        threads = [Thread(target=run) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        first, second = answers
        assert (first.status_code, first.data) == (200, second.data)
        assert count(service, ProcessInstance.id) == number + 1


def test_an_answer_is_kept_for_a_day(
    service: Service, caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    started, at = start(caller), clock.now()
    for number in range(3):
        start(caller, f"lain {number}")
    monkeypatch.setattr(clock, "now", lambda: at + timedelta(hours=23))
    assert start(caller).data == started.data
    monkeypatch.setattr(clock, "now", lambda: at + timedelta(hours=25))
    assert start(caller).json["id"] != started.json["id"]
    assert count(service, IdempotencyKey.key) == 1, "what is older has gone with it"


def test_an_answer_outlives_a_clock_that_is_set_back_and_forth(
    service: Service, caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    started, at = start(caller), clock.now()
    for hours in (-48, 20, -3, 0):
        monkeypatch.setattr(clock, "now", lambda hours=hours: at + timedelta(hours=hours))
        assert start(caller).data == started.data
        assert start(caller, f"pada {hours}").status_code == 200
    assert count(service, ProcessInstance.id) == 5
    monkeypatch.setattr(clock, "now", lambda: at + timedelta(hours=21))
    start(caller, "nanti")
    assert count(service, IdempotencyKey.key) == 5, "of all only the one of two days before has gone"
    monkeypatch.setattr(clock, "now", lambda: at + timedelta(hours=45))
    start(caller, "terakhir")
    assert count(service, IdempotencyKey.key) == 2, "those of hours 21 and 45: none is kept for ever"
    monkeypatch.setattr(clock, "now", lambda: at + timedelta(hours=70))
    assert purge_answers(service.database) == 2, "also where nobody asks any more"
    assert count(service, IdempotencyKey.key) == 0


def test_what_was_answered_is_not_answered_again_once_the_case_is_erased(
    service: Service, caller: Caller
) -> None:
    begun = start(caller, nama="Kenanga")
    manager, second = (engine.get_actor(service.database, f"{who}@natuna") for who in ("manajer", "manajer2"))
    assert manager
    assert second
    case = begun.json["id"]
    engine.cancel_instance(service.database, manager, case, "Salah agensi")
    assert start(caller, nama="Kenanga").json == begun.json
    asked = engine.request_erasure(service.database, manager, case, "Permintaan subjek data nomor 7")
    engine.agree_to_erasure(service.database, second, asked.id)
    again = start(caller, nama="Kenanga")
    assert (again.status_code, again.json["type"]) == (409, "InstanceErased")
    assert "Kenanga" not in again.text


def test_without_a_key_nothing_is_kept(service: Service, caller: Caller) -> None:
    assert caller.post(START).status_code == 200
    assert caller.post(START).status_code == 200
    assert count(service, ProcessInstance.id) == 2
    assert count(service, IdempotencyKey.key) == 0


def test_the_document_says_which_endpoints_take_a_key(caller: Caller) -> None:
    found = {
        path
        for path, methods in caller.get("/openapi.json").json["paths"].items()
        for operation in methods.values()
        if any(p["name"] == "Idempotency-Key" for p in operation["parameters"])
    }
    assert {"/task/{id}/complete", "/task/{id}/submit-form", "/message"} <= found
    begin = {path for path in found if "start" in path or "submit-form" in path}
    others = {"/message", "/task/{id}/complete", "/task/{id}/attachment/create"}
    others.add("/process-instance/{id}/share/create")
    assert begin | others == found
    assert len(found) == 11


def test_an_answer_with_variables_is_given_again_to_whom_may_read_them_and_is_recorded(
    service: Service, caller: Caller
) -> None:
    first = start(caller, nama="Kenanga")
    instance_id = first.json["id"]
    assert start(caller, nama="Kenanga").json == first.json
    wanted = AccessFilter(instance_id=instance_id, action=RecordAction.READ_VARIABLES)
    assert engine.count_accesses(service.database, SYSTEM, wanted) == 2
    engine.set_memberships(service.database, SYSTEM, caller.user_id, [("bintan", "petugas")])
    assert start(caller, nama="Kenanga").status_code == 404
    assert engine.count_accesses(service.database, SYSTEM, wanted) == 2


def test_the_reasons_of_many_cases_are_in_no_list(service: Service, caller: Caller) -> None:
    instance_id = start(caller).json["id"]
    manager = engine.get_actor(service.database, "manajer@natuna")
    assert manager
    engine.cancel_instance(service.database, manager, instance_id, "Ayah Kenanga mencabut laporan")
    listed = caller.get("/history/process-instance")
    assert [each["deleteReason"] for each in listed.json if each["id"] == instance_id] == [None]
    one = caller.get(f"/history/process-instance/{instance_id}").json
    assert one["deleteReason"] == "Ayah Kenanga mencabut laporan"
