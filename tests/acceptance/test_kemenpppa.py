"""The Ministry's service through the API (processes/kemenpppa/standar-pelayanan.txt)."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from engine import run_due_jobs
from tests.support.case import Case, begin
from tests.support.service import Service, typed

KEY = "kemenpppa_penjangkauan_ampk"


def received(service: Service, **answers: object) -> Case:
    return begin(service, "kemenpppa", KEY, "petugas_layanan", sudah_lapor_sapa=False, **answers)


def classified(service: Service, tingkat_risiko: str) -> Case:
    case = received(service)
    case.do("petugas_layanan", "klasifikasi_risiko", tingkat_risiko=tingkat_risiko)
    return case


def assessed_to_the_end(case: Case) -> None:
    case.do("petugas_layanan", "langkah_3_asesmen")
    case.do("petugas_layanan", "langkah_3_rencana_intervensi")
    case.has_ended()


def test_who_has_reported_to_sapa_is_not_reached_out_to_again(service: Service) -> None:
    begin(service, "kemenpppa", KEY, "petugas_layanan", sudah_lapor_sapa=True).has_ended()


@pytest.mark.parametrize("risiko", ["sedang", "rendah"])
def test_direction_and_letter_come_before_outreach(service: Service, risiko: str) -> None:
    case = classified(service, risiko)
    case.waits_for("arahan_asdep")
    case.do("asisten_deputi", "arahan_asdep", arahan="kembalikan", alasan="Lengkapi data")
    case.do("petugas_layanan", "perbaiki_usulan")
    case.do("asisten_deputi", "arahan_asdep", arahan="setuju")
    case.do("petugas_layanan", "surat_penugasan")
    case.do("petugas_layanan", "langkah_2_identifikasi")
    case.do("petugas_layanan", "kontak_penjangkauan")
    assessed_to_the_end(case)


def test_high_risk_waits_for_no_paper(service: Service) -> None:
    case = classified(service, "tinggi")
    case.waits_for("arahan_asdep", "langkah_2_identifikasi")
    case.do("petugas_layanan", "langkah_2_identifikasi")
    case.do("petugas_layanan", "kontak_penjangkauan")
    case.do("asisten_deputi", "arahan_asdep", arahan="kembalikan", alasan="Lengkapi data")
    case.do("petugas_layanan", "perbaiki_usulan")
    case.do("asisten_deputi", "arahan_asdep", arahan="setuju")
    case.do("petugas_layanan", "surat_penugasan")
    assessed_to_the_end(case)


def test_the_table_proposes_a_risk_that_a_person_confirms(service: Service) -> None:
    case = received(service, ancaman_nyawa=True)
    manager = service.caller("manajer@kemenpppa")
    assert manager.get(f"/process-instance/{case.id}/variables").json["risiko_usulan"]["value"] == "tinggi"
    case.waits_for("klasifikasi_risiko")


def test_risk_may_be_raised_but_never_lowered(service: Service) -> None:
    case = classified(service, "tinggi")
    petugas = service.caller("petugas_layanan@kemenpppa")
    tasks = petugas.get("/task", processInstanceId=case.id, taskDefinitionKey="langkah_2_identifikasi").json
    answers = typed({"tingkat_risiko": "rendah"})
    refused = petugas.post(f"/task/{tasks[0]['id']}/complete", {"variables": answers})
    assert refused.status_code == 400


@pytest.mark.parametrize(("risiko", "hours"), [("tinggi", 24), ("sedang", 48), ("rendah", 72)])
def test_asisten_deputi_learns_that_the_risk_clock_was_missed(
    service: Service, later: Callable[[timedelta], object], risiko: str, hours: int
) -> None:
    case = classified(service, risiko)
    if risiko != "tinggi":
        case.do("asisten_deputi", "arahan_asdep", arahan="setuju")
        case.do("petugas_layanan", "surat_penugasan")
    later(timedelta(hours=hours - 1))
    run_due_jobs(service.database)  # a warning, at three quarters
    assert "ketahui_batas_risiko" not in case.open_steps()
    later(timedelta(hours=hours + 1))
    assert run_due_jobs(service.database) >= 1
    assert "ketahui_batas_risiko" in case.open_steps()
