"""The published procedures: whoever drafts a letter does not sign it, even with several groups."""

import re

import pytest

import engine
from engine.definitions import parse_xml, read_processes
from engine.types import SYSTEM
from tests.integration.web.conftest import Visitors
from tests.support.case import Case, begin, fill
from tests.support.service import ROOT, Service

SIGNATURES = {
    ("natuna_pendampingan_abh_ampk", "langkah_4_telaah_paraf"): ("langkah_4_konsep_surat",),
    ("natuna_pendampingan_abh_ampk", "langkah_5_tanda_tangan"): ("langkah_4_konsep_surat",),
    ("lumajang_rekomendasi_abh", "langkah_4_telaah_paraf"): ("langkah_4_konsep_surat",),
    ("lumajang_rekomendasi_abh", "langkah_5_tanda_tangan"): ("langkah_4_konsep_surat",),
    ("bintan_rehabilitasi_anak", "langkah_3_tanda_tangan"): ("langkah_3_surat_tugas",),
}


def test_every_initial_and_signature_of_the_standards_asks_for_a_second_person() -> None:
    found = {}
    for file in (ROOT / "processes").glob("*/*.bpmn"):
        for key, process in read_processes(parse_xml(file.read_bytes(), file.name), file.name).items():
            for element in process.elements.values():
                if element.four_eyes or re.search("tanda tangan|paraf", element.name, re.IGNORECASE):
                    found[key, element.id] = element.four_eyes
    assert {place: eyes for place, eyes in found.items() if place[1].startswith("langkah")} == SIGNATURES


@pytest.fixture
def case(service: Service) -> Case:
    """A case of Natuna whose letter is to be drafted by ``peksos``, who is in the signing groups too."""
    held = [("natuna", group) for group in ("peksos", "kepala_bidang", "kepala_dinas")]
    engine.set_memberships(service.database, SYSTEM, "peksos@natuna", held)
    case = begin(service, "natuna", "natuna_pendampingan_abh_ampk", "petugas")
    case.do("petugas", "langkah_2_terima_tugaskan", memenuhi_persyaratan=True)
    case.do("peksos", "langkah_3_asesmen")
    return case


@pytest.fixture
def drafted(case: Case) -> Case:
    """The same, once it has been drafted."""
    case.do("peksos", "langkah_4_konsep_surat")
    return case


def test_whoever_drafts_is_not_sent_on_to_the_signature(
    service: Service, visitors: Visitors, case: Case
) -> None:
    [task] = service.caller("peksos@natuna").get("/task", processInstanceId=case.id).json
    visitor = visitors("peksos@natuna")
    visitor.get(f"/tasks/{task['id']}")
    visitor.send(f"/tasks/{task['id']}/claim")
    schema = service.caller("peksos@natuna").get(f"/task/{task['id']}/deployed-form").json["components"]
    answer = visitor.submit(f"/tasks/{task['id']}/complete", fill(schema, {}, {}))
    assert answer.status_code == 200, answer.text
    case.waits_for("langkah_4_telaah_paraf")
    assert "/tasks/" not in answer.json["next"]


def test_the_drafter_gets_a_clear_no_over_the_api(service: Service, drafted: Case) -> None:
    peksos = service.caller("peksos@natuna")
    [task] = peksos.get("/task", processInstanceId=drafted.id).json
    for path, body in (
        ("claim", {"userId": "peksos@natuna"}),
        ("assignee", {"userId": "peksos@natuna"}),
        ("complete", {"variables": {"paraf": {"value": "setuju"}}}),
    ):
        answer = peksos.post(f"/task/{task['id']}/{path}", body)
        assert (answer.status_code, answer.json["type"]) == (403, "SecondPersonNeeded"), path
        assert "Susun konsep surat" in answer.json["message"]
    drafted.do("kepala_bidang", "langkah_4_telaah_paraf", paraf="setuju")
    drafted.waits_for("langkah_5_tanda_tangan")


def test_the_inbox_says_why_and_leads_nobody_into_it(
    service: Service, visitors: Visitors, drafted: Case
) -> None:
    [task] = service.caller("peksos@natuna").get("/task", processInstanceId=drafted.id).json
    visitor = visitors("peksos@natuna")
    page = visitor.get(f"/tasks/{task['id']}").text
    assert "Tugas ini harus dikerjakan orang lain." in page
    assert "Susun konsep surat" in page
    assert "Ambil tugas" not in page
    assert 'id="page-data"' not in page
    assert "/claim" in visitors("kepala_bidang@natuna").get(f"/tasks/{task['id']}").text
    refused = visitor.send(f"/tasks/{task['id']}/claim")
    assert refused.status_code == 403
    assert "empat mata" in refused.text
