"""Sharing a case on the pages: the manager's form, and what the other agency's group finds."""

import re
from datetime import timedelta

import pytest

import engine
from engine import clock
from engine.types import SYSTEM
from tests.integration.web.conftest import Visitor, Visitors
from tests.support.service import Service

SECRET = "Rahasia: dugaan pencurian"


@pytest.fixture
def case(visitors: Visitors, service: Service) -> str:
    """The id of a case of Natuna whose report (``uraian``) is confidential."""
    task = visitors.open_case().rpartition("/")[2]
    return engine.get_task(service.database, SYSTEM, task).instance_id


def form(**changes: str) -> dict[str, str]:
    day = (clock.now() + timedelta(days=7)).date().isoformat()
    return {
        "receiver": "bintan:peksos",
        "field": "uraian",
        "until": day,
        "consent": "Persetujuan wali",
        **changes,
    }


@pytest.fixture
def manager(visitors: Visitors, case: str) -> Visitor:
    visitor = visitors("manajer@natuna")
    visitor.get(f"/cockpit/instances/{case}/shares")
    return visitor


def shared_page(visitor: Visitor) -> str:
    """The address of the only share in the list of the receiver."""
    [address] = re.findall(r'href="(/shared/[^"]+)"', visitor.get("/shared").text)
    return str(address)


def test_a_manager_shares_a_field_and_the_other_agency_reads_it(
    visitors: Visitors, service: Service, manager: Visitor, case: str
) -> None:
    page = manager.get(f"/cockpit/instances/{case}/shares").text
    assert SECRET not in page
    assert "Peksos" in page or "Pekerja sosial" in page
    answer = manager.send(f"/cockpit/instances/{case}/shares", **form())
    assert (answer.status_code, answer.location) == (303, f"/cockpit/instances/{case}/shares")
    page = manager.get(answer.location).text
    assert "Persetujuan wali" in page
    assert "Akhiri pembagian" in page
    reader = visitors("peksos@bintan")
    listed = reader.get("/shared").text
    assert "Dinsos" in listed
    assert SECRET not in listed
    read = reader.get(shared_page(reader)).text
    assert SECRET in read
    key = engine.get_instance(service.database, SYSTEM, case).business_key
    assert not [word for word in (case, key, "Telepon", "Persetujuan wali") if word in read]
    assert "membagikan sebagian data kasus kepada" in manager.get(f"/cockpit/instances/{case}").text


def test_the_share_is_in_no_list_and_the_case_behind_no_address(
    visitors: Visitors, service: Service, manager: Visitor, case: str
) -> None:
    manager.send(f"/cockpit/instances/{case}/shares", **form())
    reader, caller = visitors("peksos@bintan"), service.caller("peksos@bintan")
    for path in (f"/cases/{case}", f"/cases/{case}/diagram"):
        assert reader.get(path).status_code == 404
    for path in ("", "/variables", "/variables/uraian"):
        assert caller.get(f"/process-instance/{case}{path}").status_code == 404
    for path in ("/task", "/process-instance", "/history/process-instance", "/history/variable-instance"):
        assert caller.get(path, processInstanceId=case).json == [] or path == "/process-instance"
    assert caller.get("/process-instance").json == []
    assert case not in reader.get("/").text


def test_what_has_ended_is_not_there_at_the_next_request(
    visitors: Visitors, service: Service, manager: Visitor, case: str
) -> None:
    manager.send(f"/cockpit/instances/{case}/shares", **form())
    reader = visitors("peksos@bintan")
    address = shared_page(reader)
    share = address.rpartition("/")[2]
    assert reader.get(address).status_code == 200
    revoke = f"/cockpit/instances/{case}/shares/{share}/revoke"
    assert manager.send(revoke, reason="  ").status_code == 400
    assert reader.get(address).status_code == 200
    assert manager.send(revoke, reason="Wali menarik persetujuan").status_code == 303
    gone = reader.get(address)
    assert gone.status_code == 404
    assert SECRET not in gone.text
    assert "Saat ini tidak ada yang dibagikan" in reader.get("/shared").text
    assert "Wali menarik persetujuan" in manager.get(f"/cockpit/instances/{case}/shares").text


def test_a_share_that_runs_out_is_gone(
    visitors: Visitors, manager: Visitor, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager.send(f"/cockpit/instances/{case}/shares", **form())
    address, later = shared_page(visitors("peksos@bintan")), clock.now() + timedelta(days=9)
    monkeypatch.setattr(clock, "now", lambda: later)
    reader = visitors("peksos@bintan")
    assert reader.get(address).status_code == 404
    assert address not in reader.get("/shared").text


@pytest.mark.parametrize("user_id", ["petugas@bintan", "manajer@bintan", "peksos@natuna", "analis@bintan"])
def test_nobody_else_opens_it(visitors: Visitors, manager: Visitor, case: str, user_id: str) -> None:
    manager.send(f"/cockpit/instances/{case}/shares", **form())
    address = shared_page(visitors("peksos@bintan"))
    other = visitors(user_id)
    assert other.get(address).status_code == 404
    assert address not in other.get("/shared").text


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"receiver": ""}, "Pilih kepada siapa."),
        ({"receiver": "tiada:peksos"}, "tiada"),
        ({"receiver": "natuna:peksos"}, "milik instansi itu sendiri"),
        ({"receiver": "bintan:tiada"}, "tidak memiliki kelompok"),
        ({"field": "tiada"}, "tidak"),
        ({"until": "besok"}, "Pilih hari terakhir."),
        ({"until": "2020-01-01"}, "tanggal berakhirnya"),
        ({"consent": " "}, "persetujuan atau dasar hukumnya"),
    ],
)
def test_the_form_comes_back_and_says_what_is_missing(
    visitors: Visitors, manager: Visitor, case: str, wrong: dict[str, str], says: str
) -> None:
    answer = manager.send(f"/cockpit/instances/{case}/shares", **form(**wrong))
    assert answer.status_code == 400
    problem = re.search(r'<section class="summary.*?</section>', answer.text, re.DOTALL)
    assert problem
    assert says in problem[0]
    assert "Akhiri pembagian" not in manager.get(f"/cockpit/instances/{case}/shares").text


def test_a_share_of_another_case_is_not_revoked_here(
    visitors: Visitors, service: Service, manager: Visitor, case: str
) -> None:
    manager.send(f"/cockpit/instances/{case}/shares", **form())
    share = shared_page(visitors("peksos@bintan")).rpartition("/")[2]
    other = engine.get_task(service.database, SYSTEM, visitors.open_case().rpartition("/")[2]).instance_id
    answer = manager.send(f"/cockpit/instances/{other}/shares/{share}/revoke", reason="salah")
    assert answer.status_code == 404
    stranger = visitors("manajer@bintan")
    stranger.get("/cockpit")
    answer = stranger.send(f"/cockpit/instances/{case}/shares/{share}/revoke", reason="salah")
    assert answer.status_code == 404
    assert visitors("peksos@bintan").get(f"/shared/{share}").status_code == 200
