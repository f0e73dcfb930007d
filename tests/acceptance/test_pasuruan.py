"""Kota Pasuruan's service through the API (processes/pasuruan/standar-pelayanan.txt)."""

import pytest

from tests.support.case import Case, begin
from tests.support.service import Service, typed

KEY = "pasuruan_penanganan_abh"


def intake(service: Service, jenis_masuk: str) -> Case:
    case = begin(service, "pasuruan", KEY, "petugas")
    case.do("petugas", "langkah_1_terima_laporan", jenis_masuk=jenis_masuk)
    return case


def conferred(service: Service, umur: int, tingkat: str, **answers: object) -> Case:
    """A reported case after its case conference."""
    case = intake(service, "laporan")
    case.do("peksos", "langkah_3_asesmen")
    case.do(
        "peksos",
        "langkah_6_case_conference",
        umur_saat_kejadian=umur,
        tingkat_tindak_pidana=tingkat,
        **answers,
    )
    beside = ["rujukan_jejaring"] if answers.get("perlu_rujukan") else []
    case.waits_for("langkah_6_tetapkan_jalur", *beside)
    return case


def monitored_to_archive(case: Case) -> None:
    """From the last round of monitoring to the archive."""
    case.do("peksos", "langkah_11_pemantauan", tujuan_tercapai=True, perlu_rujukan=False)
    case.do("peksos", "langkah_12_terminasi")
    case.do("peksos", "langkah_13_laporan")
    case.do("staf_data", "langkah_13_dokumentasi")
    case.has_ended()


BOUNDARIES = [
    (11, "ringan", "rj"),
    (11, "berat", "rj"),
    (12, "ringan", "rj"),
    (12, "berat", "diversi"),
    (17, "ringan", "rj"),
    (17, "berat", "diversi"),
    (18, "ringan", "di_luar_cakupan"),
    (18, "berat", "di_luar_cakupan"),
]


@pytest.mark.parametrize(("umur", "tingkat", "usulan"), BOUNDARIES)
def test_the_table_proposes_the_route_at_its_boundaries(
    service: Service, umur: int, tingkat: str, usulan: str
) -> None:
    analyst = service.caller("analis@pasuruan")
    inputs = typed({"umur_saat_kejadian": umur, "tingkat_tindak_pidana": tingkat})
    answer = analyst.post("/decision-definition/key/pasuruan_jalur/evaluate", {"variables": inputs})
    assert answer.status_code == 200
    assert [row["jalur_usulan"]["value"] for row in answer.json] == [usulan]


@pytest.mark.parametrize(("umur", "tingkat", "usulan"), BOUNDARIES)
def test_the_case_carries_the_proposal_to_the_person_who_decides(
    service: Service, umur: int, tingkat: str, usulan: str
) -> None:
    case = conferred(service, umur, tingkat)
    manager = service.caller("manajer@pasuruan")
    assert manager.get(f"/process-instance/{case.id}/variables").json["jalur_usulan"]["value"] == usulan
    case.do("peksos", "langkah_6_tetapkan_jalur", jalur=usulan)
    first = {"rj": "langkah_7_upaya_rj", "diversi": "langkah_8_lapor_uppa"}
    case.waits_for(first.get(usulan, "rujukan_luar_cakupan"))


def test_restorative_justice_that_is_agreed_leads_to_the_archive(service: Service) -> None:
    case = conferred(service, 11, "ringan")
    case.do("peksos", "langkah_6_tetapkan_jalur", jalur="rj")
    case.do("peksos", "langkah_7_upaya_rj", rj_sepakat=True)
    case.do("peksos", "langkah_9_keputusan_rj", perlu_rujukan=False)
    case.do("peksos", "langkah_11_pemantauan", tujuan_tercapai=False, perlu_rujukan=False)
    monitored_to_archive(case)


def test_restorative_justice_that_is_not_agreed_returns_to_the_conference(service: Service) -> None:
    case = conferred(service, 13, "ringan")
    case.do("peksos", "langkah_6_tetapkan_jalur", jalur="rj")
    case.do("peksos", "langkah_7_upaya_rj", rj_sepakat=False)
    case.waits_for("langkah_6_case_conference")


def test_formal_diversion_that_succeeds(service: Service) -> None:
    case = conferred(service, 15, "berat")
    case.do("peksos", "langkah_6_tetapkan_jalur", jalur="diversi")
    case.do("peksos", "langkah_8_lapor_uppa")
    case.do("peksos", "langkah_10_diversi", diversi_berhasil=True)
    monitored_to_archive(case)


def test_formal_diversion_that_fails_is_accompanied_in_court(service: Service) -> None:
    case = conferred(service, 15, "berat")
    case.do("peksos", "langkah_6_tetapkan_jalur", jalur="diversi")
    case.do("peksos", "langkah_8_lapor_uppa")
    case.do("peksos", "langkah_10_diversi", diversi_berhasil=False)
    case.do("peksos", "pendampingan_peradilan")
    monitored_to_archive(case)


def test_departing_from_the_proposal_needs_a_reason(service: Service) -> None:
    case = conferred(service, 15, "berat")
    peksos = service.caller("peksos@pasuruan")
    task_id = peksos.get("/task", processInstanceId=case.id).json[0]["id"]
    refused = peksos.post(f"/task/{task_id}/complete", {"variables": typed({"jalur": "rj"})})
    assert refused.status_code == 400
    assert [field["field"] for field in refused.json["fields"]] == ["alasan"]
    case.do("peksos", "langkah_6_tetapkan_jalur", jalur="rj", alasan="Korban dan keluarga sudah sepakat")
    case.waits_for("langkah_7_upaya_rj")


def test_a_case_outside_the_service_is_referred(service: Service) -> None:
    case = conferred(service, 18, "berat")
    case.do("peksos", "langkah_6_tetapkan_jalur", jalur="di_luar_cakupan")
    case.do("peksos", "rujukan_luar_cakupan")
    case.has_ended()


def test_an_invitation_to_restorative_justice_is_verified_and_decided(service: Service) -> None:
    case = intake(service, "undangan_rj")
    case.do("peksos", "langkah_4_verifikasi")
    case.do("peksos", "langkah_9_keputusan_rj", perlu_rujukan=False)
    monitored_to_archive(case)


def test_an_invitation_to_diversion_is_accompanied(service: Service) -> None:
    case = intake(service, "undangan_diversi")
    case.do("peksos", "langkah_5_pendampingan")
    case.do("peksos", "langkah_10_diversi", diversi_berhasil=True)
    monitored_to_archive(case)


def test_a_referral_runs_beside_the_case_and_is_done_before_its_end(service: Service) -> None:
    case = conferred(service, 11, "ringan", perlu_rujukan=True)
    case.do("peksos", "langkah_6_tetapkan_jalur", jalur="rj")
    case.do("peksos", "langkah_7_upaya_rj", rj_sepakat=True)
    case.do("peksos", "langkah_9_keputusan_rj", perlu_rujukan=False)
    case.do("peksos", "langkah_11_pemantauan", tujuan_tercapai=True, perlu_rujukan=False)
    case.waits_for("rujukan_jejaring")
    case.do("peksos", "rujukan_jejaring")
    case.do("peksos", "langkah_12_terminasi")
    case.do("peksos", "langkah_13_laporan")
    case.do("staf_data", "langkah_13_dokumentasi")
    case.has_ended()


def test_tksk_monitors_when_the_round_before_asked_for_it(service: Service) -> None:
    case = intake(service, "undangan_rj")
    case.do("peksos", "langkah_4_verifikasi")
    case.do("peksos", "langkah_9_keputusan_rj", perlu_rujukan=False)
    tksk = service.caller("tksk@pasuruan")
    assert tksk.get("/task", processInstanceId=case.id).json == []
    case.do("peksos", "langkah_11_pemantauan", minta_tksk=True, tujuan_tercapai=False, perlu_rujukan=False)
    case.do("tksk", "langkah_11_pemantauan", minta_tksk=False, tujuan_tercapai=False, perlu_rujukan=False)
    assert tksk.get("/task", processInstanceId=case.id).json == []
