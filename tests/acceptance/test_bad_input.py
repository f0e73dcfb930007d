"""What bad input gets over the API: a clear no, and nothing half done."""

import threading
from io import BytesIO
from typing import Any

import pytest

from tests.support.case import Case, begin
from tests.support.service import Service, typed

KEY = "natuna_pendampingan_abh_ampk"
ELIGIBLE = {"variables": typed({"memenuhi_persyaratan": True})}


@pytest.fixture
def case(service: Service) -> Case:
    return begin(service, "natuna", KEY, "petugas")


def first_task(service: Service, case: Case, user: str = "petugas@natuna") -> str:
    return str(service.caller(user).get("/task", processInstanceId=case.id).json[0]["id"])


def test_nobody_enters_without_a_right_password(service: Service) -> None:
    assert service.caller("nobody@natuna").get("/task").status_code == 401
    answer = service.app.test_client().get("/engine-rest/task")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Basic")


def test_an_unknown_task_is_not_found(service: Service) -> None:
    answer = service.caller("petugas@natuna").post("/task/absent/complete", {})
    assert answer.status_code == 404
    assert set(answer.json) == {"type", "message"}


@pytest.mark.parametrize("act", ["complete", "claim", "unclaim", "submit-form"])
def test_a_task_of_another_agency_looks_like_one_that_is_absent(
    service: Service, case: Case, act: str
) -> None:
    task_id = first_task(service, case)
    stranger = service.caller("petugas@pasuruan")
    theirs = stranger.post(f"/task/{task_id}/{act}", {})
    absent = stranger.post(f"/task/{'0' * 32}/{act}", {})
    assert (theirs.status_code, absent.status_code) == (404, 404)
    assert theirs.json["message"].replace(task_id, "") == absent.json["message"].replace("0" * 32, "")


def test_a_task_of_another_group_is_neither_listed_nor_done(service: Service, case: Case) -> None:
    task_id = first_task(service, case)
    peksos = service.caller("peksos@natuna")
    assert peksos.get("/task").json == []
    assert peksos.post(f"/task/{task_id}/complete", ELIGIBLE).status_code in (403, 404)


def test_the_manager_sees_the_task_but_may_not_complete_it(service: Service, case: Case) -> None:
    manager = service.caller("manajer@natuna")
    task_id = first_task(service, case, "manajer@natuna")
    assert manager.post(f"/task/{task_id}/complete", ELIGIBLE).status_code == 403


def test_a_completed_task_is_too_late(service: Service, case: Case) -> None:
    petugas, task_id = service.caller("petugas@natuna"), first_task(service, case)
    assert petugas.post(f"/task/{task_id}/complete", ELIGIBLE).status_code == 204
    assert petugas.post(f"/task/{task_id}/complete", ELIGIBLE).status_code == 409


def test_of_many_completions_at_once_exactly_one_wins(service: Service, case: Case) -> None:
    task_id, statuses = first_task(service, case), []
    start = threading.Barrier(6)

    def complete() -> None:
        petugas = service.caller("petugas@natuna")
        start.wait()
        statuses.append(petugas.post(f"/task/{task_id}/complete", ELIGIBLE).status_code)

    threads = [threading.Thread(target=complete) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [204, 409, 409, 409, 409, 409]
    case.waits_for("langkah_3_asesmen")
    case.do("peksos", "langkah_3_asesmen")


def test_an_invalid_form_names_every_field_and_stores_nothing(service: Service, case: Case) -> None:
    case.do("petugas", "langkah_2_terima_tugaskan", memenuhi_persyaratan=True)
    peksos = service.caller("peksos@natuna")
    task_id = first_task(service, case, "peksos@natuna")
    before = peksos.get(f"/task/{task_id}/variables").json
    wrong = typed(
        {"nik_anak": "123", "umur_saat_kejadian": 400, "tanggal_lahir": "2999-01-01", "tidak_ada": 1}
    )
    answer = peksos.post(f"/task/{task_id}/complete", {"variables": wrong})
    assert answer.status_code == 400
    named = {field["field"] for field in answer.json["fields"]}
    assert {"nama_anak", "nik_anak", "umur_saat_kejadian", "tanggal_lahir", "tidak_ada"} <= named
    assert all(field["message"] for field in answer.json["fields"])
    assert peksos.get(f"/task/{task_id}/variables").json == before
    case.waits_for("langkah_3_asesmen")


def test_the_value_of_a_hidden_field_is_dropped_without_complaint(service: Service, case: Case) -> None:
    case.do("petugas", "langkah_2_terima_tugaskan", memenuhi_persyaratan=True, alasan="Tersembunyi")
    manager = service.caller("manajer@natuna")
    assert "alasan" not in manager.get(f"/process-instance/{case.id}/variables").json


def test_only_a_member_of_the_group_can_be_assigned_by_a_form(service: Service, case: Case) -> None:
    petugas, task_id = service.caller("petugas@natuna"), first_task(service, case)
    for wrong in ("peksos@pasuruan", "kepala_dinas@natuna", "admin@titian", "x"):
        answers = typed({"memenuhi_persyaratan": True, "peksos_ditugaskan": wrong})
        refused = petugas.post(f"/task/{task_id}/complete", {"variables": answers})
        assert refused.status_code == 400
        assert [field["field"] for field in refused.json["fields"]] == ["peksos_ditugaskan"]
    right = typed({"memenuhi_persyaratan": True, "peksos_ditugaskan": "peksos@natuna"})
    assert petugas.post(f"/task/{task_id}/complete", {"variables": right}).status_code == 204
    [task] = service.caller("peksos@natuna").get("/task", processInstanceId=case.id).json
    assert task["assignee"] == "peksos@natuna"


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/task", {"unknown": "1"}),
        ("/task", {"sortBy": "nonsense", "sortOrder": "asc"}),
        ("/task", {"sortBy": "name"}),
        ("/task", {"maxResults": "-1"}),
        ("/task", {"createdBefore": "yesterday"}),
        ("/process-instance", {"active": "perhaps"}),
        ("/history/process-instance", {"finishedBy": "x"}),
        ("/process-definition", {"version": "one"}),
    ],
)
def test_a_query_that_is_not_understood_is_refused(
    service: Service, path: str, query: dict[str, str]
) -> None:
    answer = service.caller("manajer@natuna").get(path, **query)
    assert answer.status_code == 400
    assert set(answer.json) == {"type", "message"}


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b'"text"',
        b'{"variables": []}',
        b'{"variables": {"kanal": "langsung"}}',
        b'{"variables": {"kanal": {"value": "x", "type": "Integer"}}}',
        b'{"variables": {"kanal": {"value": "x", "type": "Nonsense"}}}',
        b'{"variables": {"kanal": {"value": "{", "type": "Json"}}}',
        b'{"unknown": 1}',
        b'{"businessKey": 5}',
        b'{"businessKey": "NATUNA-2026-0001"}',
        b'{"variables": {"waktu_diterima": {"value": "2020-01-01"}}}',
        b"\xff\xfe",
        b'{"variables": ' * 2000,
    ],
)
def test_a_body_that_is_not_understood_starts_nothing(service: Service, body: bytes) -> None:
    petugas = service.caller("petugas@natuna")
    answer = petugas.post(
        f"/process-definition/key/{KEY}/start", json=None, data=body, content_type="application/json"
    )
    assert answer.status_code == 400, answer.get_data(as_text=True)
    assert answer.json["message"]
    assert service.caller("manajer@natuna").get("/process-instance/count").json == {"count": 0}


def test_who_is_not_a_starter_starts_nothing(service: Service) -> None:
    for user, status in (("peksos@natuna", 403), ("analis@natuna", 403), ("petugas@pasuruan", 404)):
        answer = service.caller(user).post(f"/process-definition/key/{KEY}/start", {})
        assert answer.status_code == status


def deploy(service: Service, user: str, files: dict[str, bytes]) -> Any:
    data = {"deployment-name": "uji", "tenant-id": "natuna"} | {
        name: (BytesIO(content), name) for name, content in files.items()
    }
    return service.caller(user).post("/deployment/create", json=None, data=data)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not xml",
        b"<unclosed",
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        b'<?xml version="1.0"?><!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        b"<a>" * 5000,
        b"<definitions/>",
        b"\x00\x01\x02",
        b"<a>" + b"x" * 8_000_000 + b"</a>",
    ],
)
def test_hostile_xml_is_refused_with_the_reason(service: Service, content: bytes) -> None:
    before = service.caller("analis@natuna").get("/process-definition").json
    answer = deploy(service, "analis@natuna", {"x.bpmn": content})
    assert answer.status_code == 400
    assert answer.json["message"]
    assert answer.json["findings"]
    assert service.caller("analis@natuna").get("/process-definition").json == before


def test_only_an_analyst_deploys(service: Service) -> None:
    for user, status in (("petugas@natuna", 403), ("manajer@natuna", 403), ("analis@pasuruan", 404)):
        assert deploy(service, user, {"x.bpmn": b"<a/>"}).status_code == status


def test_what_camunda_has_and_we_do_not_is_named(service: Service) -> None:
    answer = service.caller("manajer@natuna").post("/condition", {})
    assert answer.status_code == 501
    assert "/condition" in answer.json["message"]


def test_analyst_and_admin_see_no_case(service: Service, case: Case) -> None:
    task_id = first_task(service, case)
    for user in ("analis@natuna", "admin@titian"):
        caller = service.caller(user)
        assert caller.get("/task").json == []
        assert caller.get("/process-instance").json == []
        assert caller.get("/history/task").json == []
        for path in (
            f"/task/{task_id}",
            f"/task/{task_id}/form-variables",
            f"/process-instance/{case.id}",
            f"/process-instance/{case.id}/variables",
            f"/history/process-instance/{case.id}",
        ):
            assert caller.get(path).status_code == 404
        assert caller.get("/history/variable-instance", processInstanceId=case.id).json == []
