"""A sealed value over the API: for whoever works on the case, by name only for anybody else who sees it."""

import pytest

from tests.support.case import Case, begin
from tests.support.service import Service

SEALED = {"type": "Null", "value": None, "valueInfo": {"sealed": True}}


@pytest.fixture
def case(service: Service) -> Case:
    answers = {"uraian": "Budi dilaporkan", "kanal": "telepon"}
    return begin(service, "natuna", "natuna_pendampingan_abh_ampk", "petugas", **answers)


def test_the_worker_of_the_case_reads_it(service: Service, case: Case) -> None:
    petugas = service.caller("petugas@natuna")
    found = petugas.get(f"/process-instance/{case.id}/variables").json["uraian"]
    assert found == {"type": "String", "value": "Budi dilaporkan", "valueInfo": {"sealed": True}}


def test_the_manager_learns_that_it_is_there_and_reads_what_is_open(service: Service, case: Case) -> None:
    manager = service.caller("manajer@natuna")
    found = manager.get(f"/process-instance/{case.id}/variables").json
    assert found["uraian"] == SEALED
    assert found["kanal"]["value"] == "telepon"
    assert manager.get(f"/process-instance/{case.id}/variables/uraian").json == SEALED


def test_history_tells_both_the_same(service: Service, case: Case) -> None:
    for user, value in (("petugas@natuna", "Budi dilaporkan"), ("manajer@natuna", None)):
        found = service.caller(user).get("/history/variable-instance", processInstanceId=case.id).json
        assert [v["value"] for v in found if v["name"] == "uraian"] == [value]
