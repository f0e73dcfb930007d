"""Sharing a case across agencies over the API: as on the pages, by whom, to whom, and what is told of it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

import engine
from engine import clock
from engine.types import SYSTEM, AccessFilter, RecordAction
from tests.support.case import Case, begin
from tests.support.service import Caller, Service
from webapp.rest.operation import OPERATIONS
from webapp.rest.scopes import scope_of

SEALED, OPEN, KEPT = "Kenari", "telepon", "Kutilang"
CONSENT, OVER = "Persetujuan wali Kenanga", "Wali Kenanga menarik persetujuan"


@pytest.fixture
def case(service: Service) -> Case:
    """A case whose report (``uraian``) and reporter (``nama_pelapor``) are confidential."""
    key = "natuna_pendampingan_abh_ampk"
    return begin(service, "natuna", key, "petugas", uraian=SEALED, kanal=OPEN, nama_pelapor=KEPT)


@pytest.fixture
def manager(service: Service) -> Caller:
    return service.caller("manajer@natuna")


@pytest.fixture
def reader(service: Service) -> Caller:
    return service.caller("peksos@bintan")


def terms(**changes: Any) -> dict[str, Any]:
    until = (clock.now() + timedelta(days=7)).isoformat()
    asked = {"toTenantId": "bintan", "toGroup": "peksos", "fields": ["uraian", "kanal"], "until": until}
    return asked | {"consent": CONSENT} | changes


def give(caller: Caller, case: Case, key: str = "", **changes: Any) -> TestResponse:
    headers = {"Idempotency-Key": key} if key else {}
    return caller.post(f"/process-instance/{case.id}/share/create", terms(**changes), headers=headers)


def revoke(caller: Caller, case_id: str, share: str, reason: str = OVER) -> TestResponse:
    return caller.post(f"/process-instance/{case_id}/share/{share}/revoke", {"reason": reason})


def entries(service: Service, caller: Caller, action: RecordAction, case: Case) -> list[str]:
    """Subjects of what the access log has of a caller at a case, the oldest first."""
    wanted = AccessFilter(action=action, user_id=caller.user_id, instance_id=case.id)
    return [each.subject for each in engine.list_accesses(service.database, SYSTEM, wanted)][::-1]


def test_a_shared_field_is_read_over_the_api_as_on_its_page_and_no_other(
    service: Service, case: Case, manager: Caller, reader: Caller
) -> None:
    made = give(manager, case)
    assert made.status_code == 200, made.json
    assert (made.json["toTenantId"], made.json["fields"]) == ("bintan", ["kanal", "uraian"])
    [listed] = reader.get("/share").json
    assert (listed["id"], listed["tenantId"], listed["toGroup"]) == (made.json["id"], "natuna", "peksos")
    opened = reader.get(f"/share/{listed['id']}")
    values = {each["name"]: each for each in opened.json["values"]}
    assert set(values) == {"kanal", "uraian"}
    assert (values["uraian"]["value"], values["uraian"]["sealed"]) == (SEALED, True)
    assert values["kanal"]["sealed"] is False
    shown = engine.open_share(service.database, actor(service, reader), listed["id"]).values
    assert [(v.label, v.value) for v in shown] == [(v["label"], v["value"]) for v in opened.json["values"]]
    for hidden in (KEPT, case.id, case.business_key, CONSENT):
        assert hidden not in opened.text + reader.get("/share").text
    for path in (f"/process-instance/{case.id}", f"/process-instance/{case.id}/variables"):
        assert reader.get(path).status_code == 404


def actor(service: Service, caller: Caller) -> engine.Actor:
    found = engine.get_actor(service.database, caller.user_id)
    assert found
    return found


def test_what_is_done_and_read_is_recorded_as_by_the_pages(
    service: Service, case: Case, manager: Caller, reader: Caller
) -> None:
    share = give(manager, case).json["id"]
    assert entries(service, manager, RecordAction.OPEN_CASE, case) == []
    assert manager.get(f"/process-instance/{case.id}/share").status_code == 200
    assert entries(service, manager, RecordAction.OPEN_CASE, case) == [""]
    reader.get("/share")
    assert reader.get(f"/share/{share}").status_code == 200
    assert entries(service, reader, RecordAction.READ_VARIABLES, case) == [f"share:{share}"]
    assert revoke(manager, case.id, share).status_code == 204
    changes = entries(service, manager, RecordAction.SHARE, case)
    assert [subject.partition(":")[0] for subject in changes] == ["case_shared", "share_revoked"]


def test_the_owner_lists_who_has_what_on_which_consent_and_why_it_ended(
    service: Service, case: Case, manager: Caller, reader: Caller
) -> None:
    share = give(manager, case).json["id"]
    path = f"/process-instance/{case.id}/share"
    [listed] = manager.get(path).json
    assert (listed["consent"], listed["revokeTime"], listed["revokeReason"]) == (CONSENT, None, None)
    assert (listed["userId"], listed["processInstanceId"]) == ("manajer@natuna", case.id)
    assert revoke(manager, case.id, share, "  ").json["type"] == "ShareRefused"
    assert reader.get(f"/share/{share}").status_code == 200
    assert revoke(manager, case.id, share).status_code == revoke(manager, case.id, share).status_code == 204
    [listed] = manager.get(path).json
    assert (listed["revokeUserId"], listed["revokeReason"]) == ("manajer@natuna", OVER)
    assert reader.get(f"/share/{share}").status_code == 404
    assert reader.get("/share").json == []


def test_a_share_that_runs_out_is_gone(
    case: Case, manager: Caller, reader: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, later = give(manager, case).json, clock.now() + timedelta(days=8)
    assert datetime.fromisoformat(made["until"]) < later
    monkeypatch.setattr(clock, "now", lambda: later)
    assert reader.get(f"/share/{made['id']}").status_code == 404
    assert reader.get("/share").json == []


@pytest.mark.parametrize(
    ("changes", "status", "said"),
    [
        ({"toTenantId": "tiada"}, 404, "AgencyNotFound"),
        ({"toTenantId": "natuna"}, 400, "ShareRefused"),
        ({"toGroup": "manajer"}, 400, "ShareRefused"),
        ({"fields": []}, 400, "ShareRefused"),
        ({"fields": ["tiada"]}, 400, "ShareRefused"),
        ({"fields": "uraian"}, 400, "QueryInvalid"),
        ({"until": "besok"}, 400, "QueryInvalid"),
        ({"until": "2020-01-01T00:00:00Z"}, 400, "ShareRefused"),
        ({"until": None}, 400, "QueryInvalid"),
        ({"consent": " "}, 400, "ShareRefused"),
        ({"toGroup": None}, 400, "QueryInvalid"),
        ({"untill": "x"}, 400, "QueryInvalid"),
    ],
)
def test_what_cannot_be_shared_says_why_and_shares_nothing(
    case: Case, manager: Caller, changes: dict[str, Any], status: int, said: str
) -> None:
    answer = give(manager, case, **changes)
    assert (answer.status_code, answer.json["type"]) == (status, said), answer.json
    assert manager.get(f"/process-instance/{case.id}/share").json == []


@pytest.mark.parametrize(
    ("user_id", "status"),
    [("petugas@natuna", 403), ("manajer@bintan", 404), ("analis@natuna", 404), ("admin@titian", 404)],
)
def test_only_a_manager_of_the_agency_shares_lists_and_revokes(
    service: Service, case: Case, manager: Caller, reader: Caller, user_id: str, status: int
) -> None:
    share, other = give(manager, case).json["id"], service.caller(user_id)
    assert give(other, case).status_code == status
    assert other.get(f"/process-instance/{case.id}/share").status_code == status
    assert revoke(other, case.id, share).status_code == status
    assert other.get(f"/share/{share}").status_code == 404
    assert other.get("/share").json == []
    assert reader.get(f"/share/{share}").status_code == 200


def test_nobody_opens_confidential_values_to_oneself(service: Service, case: Case, manager: Caller) -> None:
    groups = [("natuna", "manajer"), ("bintan", "peksos")]
    engine.set_memberships(service.database, SYSTEM, manager.user_id, groups)
    assert give(manager, case).json["type"] == "ShareRefused"
    assert give(manager, case, fields=["kanal"]).status_code == 200


def test_a_share_of_another_case_is_not_revoked_here(
    service: Service, case: Case, manager: Caller, reader: Caller
) -> None:
    share = give(manager, case).json["id"]
    other = begin(service, "natuna", "natuna_pendampingan_abh_ampk", "petugas")
    assert revoke(manager, other.id, share).json["type"] == "ShareNotFound"
    assert reader.get(f"/share/{share}").status_code == 200


def test_a_share_that_is_asked_for_again_with_its_key_is_there_once(
    service: Service, case: Case, manager: Caller
) -> None:
    until = terms()["until"]
    made = give(manager, case, "bagi-1", until=until)
    assert give(manager, case, "bagi-1", until=until).json == made.json
    assert give(manager, case, "bagi-1", until=until, consent="Lain").json["type"] == "IdempotencyKeyReused"
    assert len(manager.get(f"/process-instance/{case.id}/share").json) == 1
    assert CONSENT not in made.text, "a kept answer must not outlive the erasure of the words"


def test_the_same_fields_are_not_shared_twice(case: Case, manager: Caller) -> None:
    assert give(manager, case).status_code == 200
    assert (give(manager, case).status_code, give(manager, case).json["type"]) == (400, "ShareRefused")


def test_a_list_is_read_in_parts(case: Case, manager: Caller, reader: Caller) -> None:
    parts = (["uraian"], ["kanal"], ["uraian", "kanal"])
    made = [give(manager, case, fields=fields).json["id"] for fields in parts][::-1]
    assert [each["id"] for each in reader.get("/share").json] == made
    assert [each["id"] for each in reader.get("/share", firstResult=1, maxResults=1).json] == made[1:2]


def test_sharing_and_revoking_need_the_scope_of_managers() -> None:
    scopes = {
        f"{each.method} {each.rule}": str(scope_of(each)) for each in OPERATIONS if "share" in each.rule
    }
    assert scopes == {
        "GET /process-instance/<id>/share": "read",
        "POST /process-instance/<id>/share/create": "manage",
        "POST /process-instance/<id>/share/<share_id>/revoke": "manage",
        "GET /share": "read",
        "GET /share/<id>": "read",
    }
