"""Lumajang's two services through the API (processes/lumajang/standar-pelayanan.txt)."""

from collections.abc import Callable
from datetime import timedelta

from engine import clock, run_due_jobs
from tests.support.case import Case, begin
from tests.support.service import Service
from webapp.rest.values import read_moment


def to_signature(service: Service) -> Case:
    case = begin(service, "lumajang", "lumajang_rekomendasi_abh", "petugas")
    case.do("petugas", "langkah_2_terima_tugaskan", memenuhi_persyaratan=True)
    case.do("sakti_peksos", "langkah_3_asesmen")
    case.do("sakti_peksos", "langkah_4_konsep_surat")
    case.do("kepala_bidang", "langkah_4_telaah_paraf", paraf="setuju")
    case.waits_for("langkah_5_tanda_tangan")
    return case


def test_a_recommendation_is_signed_and_the_child_accompanied(service: Service) -> None:
    case = to_signature(service)
    case.do("kepala_dinas", "langkah_5_tanda_tangan", tanda_tangan="setuju")
    case.do("sakti_peksos", "langkah_5_pendampingan", pendampingan_selesai=False)
    case.do("sakti_peksos", "langkah_5_pendampingan", pendampingan_selesai=True)
    case.has_ended()


def test_an_unsigned_letter_returns_to_its_drafter(service: Service) -> None:
    case = to_signature(service)
    case.do("kepala_dinas", "langkah_5_tanda_tangan", tanda_tangan="kembalikan", alasan="Belum lengkap")
    case.do("sakti_peksos", "langkah_4_konsep_surat")
    case.do("kepala_bidang", "langkah_4_telaah_paraf", paraf="kembalikan", alasan="Perihal keliru")
    case.waits_for("langkah_4_konsep_surat")


def test_a_report_outside_the_service_ends(service: Service) -> None:
    case = begin(service, "lumajang", "lumajang_rekomendasi_abh", "petugas")
    case.do("petugas", "langkah_2_terima_tugaskan", memenuhi_persyaratan=False, alasan="Bukan ABH")
    case.has_ended()


def complain(service: Service) -> Case:
    return begin(service, "lumajang", "lumajang_pengaduan", "petugas_pengaduan")


def test_a_complaint_is_answered_evaluated_followed_up_and_filed(service: Service) -> None:
    case = complain(service)
    case.do("petugas_pengaduan", "tanggapi_pengaduan")
    case.do("sekretaris", "evaluasi_pengaduan", perlu_tindak_lanjut=True)
    case.do("kepala_bidang", "tindak_lanjut_pengaduan")
    case.do("petugas_pengaduan", "dokumentasi_pengaduan")
    case.has_ended()


def test_a_complaint_that_needs_nothing_more_is_still_filed(service: Service) -> None:
    case = complain(service)
    case.do("petugas_pengaduan", "tanggapi_pengaduan")
    case.do("sekretaris", "evaluasi_pengaduan", perlu_tindak_lanjut=False, alasan="Sudah selesai di tempat")
    case.do("petugas_pengaduan", "dokumentasi_pengaduan")
    case.has_ended()


def test_kepala_dinas_learns_of_a_complaint_not_answered_in_48_hours(
    service: Service, later: Callable[[timedelta], object]
) -> None:
    case = complain(service)
    later(timedelta(hours=47))
    assert run_due_jobs(service.database) == 1  # a warning, at three quarters
    case.waits_for("tanggapi_pengaduan")
    later(timedelta(hours=49))
    assert run_due_jobs(service.database) == 2  # the diagram's timer, and what the clock tells
    case.waits_for("ketahui_keterlambatan", "tanggapi_pengaduan")
    assert run_due_jobs(service.database, clock.now()) == 0


def test_a_complaint_is_due_48_hours_after_it_was_received(service: Service) -> None:
    case = complain(service)
    [task] = service.caller("petugas_pengaduan@lumajang").get("/task", processInstanceId=case.id).json
    history = service.caller("manajer@lumajang").get(f"/history/process-instance/{case.id}").json
    received = read_moment(history["startTime"]).replace(microsecond=0)
    assert read_moment(task["due"]) - received == timedelta(hours=48)
