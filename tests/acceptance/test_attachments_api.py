"""Camunda's attachments of a task over the API, as its clients send and read them."""

import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from threading import Barrier
from typing import Any

import generic_camunda_client as camunda
import pytest
from generic_camunda_client.rest import ApiException
from sqlalchemy import select
from werkzeug.test import TestResponse

import engine
from engine import desk
from engine.store import reading
from engine.store.tables import IdempotencyKey
from engine.types import SYSTEM, AccessFilter, RecordAction
from tests.support.camunda import address, client
from tests.support.case import Case, begin
from tests.support.files import noise, pdf, photo
from tests.support.service import Caller, Service
from webapp.config import Settings

__all__ = ["address"]

KEY, NAME = "pasuruan_penanganan_abh", "Surat Kenanga"
ABSENT = "0" * 32


@pytest.fixture
def case(service: Service) -> Case:
    return begin(service, "pasuruan", KEY, "petugas")


@pytest.fixture
def clerk(service: Service) -> Caller:
    return service.caller("petugas@pasuruan")


@pytest.fixture
def task(clerk: Caller, case: Case) -> str:
    found: str = clerk.get("/task", processInstanceId=case.id).json[0]["id"]
    return found


def attach(
    caller: Caller, task: str, content: bytes = pdf(), key: str | None = None, **fields: Any
) -> TestResponse:
    data = {"content": (io.BytesIO(content), "surat.pdf"), **fields}
    options: dict[str, Any] = {"headers": {"Idempotency-Key": key}} if key else {}
    path = f"/task/{task}/attachment/create"
    return caller.post(path, json=None, data=data, content_type="multipart/form-data", **options)


def test_a_client_of_camunda_adds_reads_and_removes_a_file(
    address: str, task: str, case: Case, tmp_path: Path
) -> None:
    api, file = camunda.TaskAttachmentApi(client(address, "petugas@pasuruan")), tmp_path / "a.pdf"
    file.write_bytes(pdf(pages=2))
    said = {"attachment_name": NAME, "attachment_description": "dari polisi", "attachment_type": "pdf"}
    made = api.add_attachment(task, content=str(file), **said)
    assert (made.name, made.description) == (f"{NAME}.pdf", "dari polisi")
    assert (made.type, made.task_id, made.root_process_instance_id) == ("application/pdf", task, case.id)
    assert made.create_time is not None
    assert [each.id for each in api.get_attachments(task)] == [made.id]
    assert api.get_attachment(task, made.id).to_dict() == made.to_dict()
    sent = api.get_attachment_data(task, made.id, _preload_content=False)
    assert sent.data == pdf(pages=2)
    api.delete_attachment(task, made.id)
    assert api.get_attachments(task) == []
    with pytest.raises(ApiException) as gone:
        api.get_attachment(task, made.id)
    assert gone.value.status == 404


def test_a_name_in_any_letters_is_handed_out_in_a_header_of_plain_ascii(clerk: Caller, task: str) -> None:
    made = attach(
        clerk, task, photo(), **{"attachment-name": "Akta \u2013 \u201cBudi\u201d \U0001f600.jpg"}
    ).json
    said = clerk.get(f"/task/{task}/attachment/{made['id']}/data").headers["Content-Disposition"]
    assert said.isascii()
    assert "filename*=UTF-8''Akta%20%E2%80%93%20" in said


def test_a_file_is_handed_out_as_nothing_that_runs_and_recorded(
    service: Service, clerk: Caller, task: str
) -> None:
    made = attach(clerk, task, photo(says="Kenari"), **{"attachment-name": "luka.png"}).json
    assert (made["name"], made["type"], made["url"]) == ("luka.jpg", "image/jpeg", None)
    answer = clerk.get(f"/task/{task}/attachment/{made['id']}/data")
    assert (answer.status_code, answer.mimetype) == (200, "application/octet-stream")
    assert answer.headers["Content-Disposition"] == "attachment; filename=luka.jpg"
    assert answer.headers["Content-Security-Policy"].endswith("; sandbox")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert b"Kenari" not in answer.data
    read = engine.list_accesses(
        service.database, SYSTEM, AccessFilter(action=RecordAction.READ_ATTACHMENT, user_id=clerk.user_id)
    )
    assert [entry.subject for entry in read] == [f"attachment:{made['id']}"]


def test_a_file_that_is_sent_again_with_its_key_is_there_once(clerk: Caller, task: str) -> None:
    made = attach(clerk, task, key="kirim-1").json
    assert attach(clerk, task, key="kirim-1").json == made
    assert [each["id"] for each in clerk.get(f"/task/{task}/attachment").json] == [made["id"]]
    assert attach(clerk, task, key="kirim-2").json["id"] != made["id"]
    assert attach(clerk, task).json["id"] not in (made["id"], None)
    assert attach(clerk, task, key="x" * 256).status_code == 400
    assert len(clerk.get(f"/task/{task}/attachment").json) == 3


def test_a_key_that_comes_with_another_file_is_refused_as_everywhere(clerk: Caller, task: str) -> None:
    words = {"attachment-name": NAME, "attachment-description": "dari polisi"}
    made = attach(clerk, task, key="kirim-1", **words).json
    for answer in (
        attach(clerk, task, pdf(pages=2), key="kirim-1", **words),
        attach(clerk, task, key="kirim-1", **{**words, "attachment-name": "Surat lain"}),
        attach(clerk, task, key="kirim-1", **{**words, "attachment-description": "dari rumah sakit"}),
        attach(clerk, ABSENT, key="kirim-1", **words),
        clerk.post(f"/task/{task}/complete", {}, headers={"Idempotency-Key": "kirim-1"}),
    ):
        assert (answer.status_code, answer.json["type"]) == (422, "IdempotencyKeyReused"), answer.json
        assert "kirim-1" in answer.json["message"]
    assert [each["id"] for each in clerk.get(f"/task/{task}/attachment").json] == [made["id"]]
    assert attach(clerk, task, key="kirim-1", **words).json == made


def test_of_two_at_the_same_time_with_one_key_one_is_attached(clerk: Caller, task: str) -> None:
    def send(key: str, *files: bytes) -> list[TestResponse]:
        gate = Barrier(len(files))

        def one(content: bytes) -> TestResponse:
            gate.wait(10)
            return attach(clerk, task, content, key=key)

        with ThreadPoolExecutor(len(files)) as pool:
            return list(pool.map(one, files))

    first, second = send("sama", pdf(), pdf())
    assert (first.status_code, first.json) == (200, second.json)
    answers = send("beda", pdf(), pdf(pages=2))
    assert sorted(answer.status_code for answer in answers) == [200, 422]
    assert len(clerk.get(f"/task/{task}/attachment").json) == 2


def test_a_second_with_another_file_that_comes_while_the_first_is_looked_at_is_refused(
    clerk: Caller, task: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare, overtaken = desk.prepare_file, []

    def slow(*asked: Any, **options: Any) -> Any:
        ready = prepare(*asked, **options)
        if not overtaken:  # the other try begins and ends while this one was at its decoder
            overtaken.append(None)
            overtaken.append(attach(clerk, task, pdf(pages=2), key="kirim-1"))
        return ready

    monkeypatch.setattr(desk, "prepare_file", slow)
    answer = attach(clerk, task, key="kirim-1")
    assert (answer.status_code, answer.json["type"]) == (422, "IdempotencyKeyReused")
    assert [each["id"] for each in clerk.get(f"/task/{task}/attachment").json] == [overtaken[1].json["id"]]


def test_a_kept_answer_lies_sealed_outlives_its_task_and_ends_with_the_right_to_read(
    service: Service, clerk: Caller, task: str, case: Case
) -> None:
    words = {"attachment-name": NAME, "attachment-description": NAME}
    made = attach(clerk, task, key="kirim-1", **words).json
    with reading(service.database) as tx:
        [row] = tx.execute(select(IdempotencyKey.__table__)).all()
    for open_digest in (sha256(pdf()).hexdigest(), sha256(NAME.encode()).hexdigest(), "kirim-1"):
        assert open_digest not in row
    assert b"Kenanga" not in row.answer
    service.caller("manajer@pasuruan").delete(f"/process-instance/{case.id}")
    assert attach(clerk, task, key="kirim-1", **words).json == made
    read = AccessFilter(user_id=clerk.user_id, action=RecordAction.OPEN_TASK, instance_id=case.id)
    assert engine.count_accesses(service.database, SYSTEM, read) == 1
    engine.set_memberships(service.database, SYSTEM, clerk.user_id, [("natuna", "petugas")])
    again = attach(clerk, task, key="kirim-1", **words)
    assert (again.status_code, NAME in again.text) == (404, False)


def test_a_manager_sees_that_there_is_a_file_and_not_what_it_is_called(
    service: Service, clerk: Caller, task: str, case: Case
) -> None:
    made = attach(clerk, task, **{"attachment-name": NAME, "attachment-description": NAME}).json
    manager, path = service.caller("manajer@pasuruan"), f"/task/{task}/attachment"
    hidden = made | {"name": None, "description": None}
    assert manager.get(path).json == [hidden]
    assert manager.get(f"{path}/{made['id']}").json == hidden
    assert manager.get(f"{path}/{made['id']}/data").status_code == 403
    assert manager.delete(f"{path}/{made['id']}").status_code == 403
    assert attach(manager, task).status_code == 403
    actor = engine.get_actor(service.database, "manajer@pasuruan")
    assert actor
    engine.open_identity(service.database, actor, case.id, "menjawab surat pengadilan nomor 12")
    assert manager.get(f"{path}/{made['id']}/data").data == pdf()
    assert manager.get(path).json == [hidden]


def test_a_file_is_found_under_its_own_task_only_and_stays_when_that_is_done(
    service: Service, clerk: Caller, task: str
) -> None:
    made = attach(clerk, task).json["id"]
    other = begin(service, "pasuruan", KEY, "petugas")
    [another] = clerk.get("/task", processInstanceId=other.id).json
    for place in (another["id"], ABSENT):
        for path in (f"/task/{place}/attachment/{made}", f"/task/{place}/attachment/{made}/data"):
            assert clerk.get(path).status_code == 404, path
        assert clerk.delete(f"/task/{place}/attachment/{made}").status_code == 404
    assert service.caller("petugas@natuna").get(f"/task/{task}/attachment").status_code == 404
    assert [each["id"] for each in clerk.get(f"/task/{task}/attachment").json] == [made]
    service.caller("manajer@pasuruan").delete(f"/process-instance/{case_of(clerk, task)}")
    assert clerk.get(f"/task/{task}/attachment/{made}/data").data == pdf()
    assert clerk.delete(f"/task/{task}/attachment/{made}").status_code == 409
    assert attach(clerk, task).status_code == 409


def case_of(caller: Caller, task: str) -> str:
    found: str = caller.get(f"/task/{task}").json["processInstanceId"]
    return found


def test_what_is_refused_says_why(service: Service, clerk: Caller, task: str) -> None:
    usual: Settings = service.app.config["SETTINGS"]
    assert "neither a photo" in attach(clerk, task, b"<script>").json["message"]
    for fields, name in (({"url": "https://titian.example.go.id/a"}, "url"), ({"berkas": "x"}, "berkas")):
        answer = attach(clerk, task, **fields)
        assert (answer.status_code, f"'{name}'" in answer.json["message"]) == (400, True), answer.json
    two = attach(clerk, task, more=(io.BytesIO(pdf()), "b.pdf"))
    assert (two.status_code, "'content'" in two.json["message"]) == (400, True)
    path = f"/task/{task}/attachment/create"
    assert clerk.post(path, {"content": "x"}).status_code == 400
    assert attach(clerk, task, b"%PDF-" + b"0" * (11 * 2**20)).status_code == 413
    service.app.config["SETTINGS"] = replace(usual, upload_mebibytes_a_day=0)
    assert "within 24 hours" in attach(clerk, task).json["message"]
    assert clerk.get(f"/task/{task}/attachment").json == []


def test_a_file_as_large_as_the_setting_allows_is_taken(service: Service, clerk: Caller, task: str) -> None:
    usual: Settings = service.app.config["SETTINGS"]
    service.app.config["SETTINGS"] = replace(usual, upload_mebibytes=25)
    assert attach(clerk, task, noise((400, 300))).status_code == 200
    answer = attach(clerk, task, b"%PDF-" + b"0" * (17 * 2**20))
    assert (answer.status_code, answer.json["type"]) == (400, "AttachmentRefused")


def test_tasks_are_found_by_their_owner_and_by_how_the_help_stands(
    address: str, service: Service, clerk: Caller, task: str
) -> None:
    database = service.database
    engine.add_user(database, SYSTEM, "rekan@pasuruan", "Rekan", "-", [("pasuruan", "petugas")])
    begin(service, "pasuruan", KEY, "petugas")
    owner, helper = (engine.get_actor(database, f"{name}@pasuruan") for name in ("petugas", "rekan"))
    assert owner
    assert helper
    engine.claim_task(database, owner, task)
    desk.delegate_task(database, owner, task, helper.user_id)
    api = camunda.TaskApi(client(address, "petugas@pasuruan"))

    def found(**asked: str) -> list[str]:
        by_query = [each.id for each in api.get_tasks(**asked)]
        body = camunda.TaskQueryDto(**asked)
        assert [each.id for each in api.query_tasks(task_query_dto=body)] == by_query
        assert api.get_tasks_count(**asked).count == len(by_query)
        assert api.query_tasks_count(task_query_dto=body).count == len(by_query)
        return by_query

    assert found(owner="petugas@pasuruan") == [task]
    assert found(owner="rekan@pasuruan") == []
    assert found(delegation_state="PENDING") == [task]
    assert found(delegation_state="RESOLVED") == []
    desk.resolve_task(database, helper, task)
    assert found(owner="petugas@pasuruan", delegation_state="RESOLVED") == [task]
    for body in ({"delegationState": "LAIN"}, {"delegationState": ["PENDING"]}):
        assert clerk.post("/task", body).status_code == 400
    refused = clerk.get("/task", delegationState="pending")
    assert (refused.status_code, "PENDING, RESOLVED" in refused.json["message"]) == (400, True)
