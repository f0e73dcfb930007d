"""Bintan's service through the API (processes/bintan/standar-pelayanan.txt)."""

import pytest

from tests.support.case import Case, begin
from tests.support.service import Service


def to_social_report(service: Service) -> Case:
    case = begin(service, "bintan", "bintan_rehabilitasi_anak", "petugas")
    case.do("petugas", "langkah_2_telusuri", laporan_benar=True)
    case.do("petugas", "langkah_3_surat_tugas")
    case.do("kepala_dinas", "langkah_3_tanda_tangan", tanda_tangan="setuju")
    case.do("peksos", "langkah_4_asesmen")
    return case


def to_tracing(service: Service) -> Case:
    """Without evacuation, so that steps 6 and 7 are left out."""
    case = to_social_report(service)
    case.do("peksos", "langkah_5_laporan_sosial", perlu_evakuasi=False)
    case.do("peksos", "langkah_8_kebutuhan")
    case.waits_for("langkah_9_penelusuran")
    return case


def test_a_child_is_evacuated_and_comes_home_to_a_family_that_is_fit(service: Service) -> None:
    case = to_social_report(service)
    case.do("peksos", "langkah_5_laporan_sosial", perlu_evakuasi=True)
    case.do("petugas", "langkah_6_koordinasi_lksa", lksa_bersedia=False, alasan="Penuh")
    case.do("petugas", "langkah_6_koordinasi_lksa", lksa_bersedia=True)
    case.do("petugas", "langkah_7_evakuasi")
    case.do("peksos", "langkah_8_kebutuhan")
    case.do("petugas", "langkah_9_penelusuran", keluarga_ditemukan=True)
    case.do("peksos", "kelayakan_keluarga", keluarga_layak=True)
    case.do("peksos", "langkah_10_reunifikasi")
    case.has_ended()


@pytest.mark.parametrize("found", [True, False])
def test_without_a_family_that_is_fit_the_child_is_cared_for_in_an_lksa(
    service: Service, found: bool
) -> None:
    case = to_tracing(service)
    case.do("petugas", "langkah_9_penelusuran", keluarga_ditemukan=found)
    if found:
        case.do("peksos", "kelayakan_keluarga", keluarga_layak=False, alasan="Tidak aman")
    case.do("peksos", "langkah_11_asuhan_lksa")
    case.has_ended()


def test_a_report_that_proves_wrong_ends(service: Service) -> None:
    case = begin(service, "bintan", "bintan_rehabilitasi_anak", "petugas")
    case.do("petugas", "langkah_2_telusuri", laporan_benar=False, alasan="Alamat tidak ada")
    case.has_ended()


def test_an_unsigned_assignment_letter_is_written_anew(service: Service) -> None:
    case = begin(service, "bintan", "bintan_rehabilitasi_anak", "petugas")
    case.do("petugas", "langkah_2_telusuri", laporan_benar=True)
    case.do("petugas", "langkah_3_surat_tugas")
    case.do("kepala_dinas", "langkah_3_tanda_tangan", tanda_tangan="kembalikan", alasan="Nama keliru")
    case.waits_for("langkah_3_surat_tugas")
