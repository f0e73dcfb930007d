"""Natuna's service through the API, path by path (processes/natuna/standar-pelayanan.txt)."""

import pytest

from tests.support.case import Case, begin
from tests.support.service import Service

KEY = "natuna_pendampingan_abh_ampk"


@pytest.fixture
def case(service: Service) -> Case:
    return begin(service, "natuna", KEY, "petugas")


def test_an_eligible_report_becomes_an_accompanied_case(case: Case) -> None:
    case.do("petugas", "langkah_2_terima_tugaskan", memenuhi_persyaratan=True)
    case.do("peksos", "langkah_3_asesmen")
    case.do("peksos", "langkah_4_konsep_surat")
    case.do("kepala_bidang", "langkah_4_telaah_paraf", paraf="setuju")
    case.do("kepala_dinas", "langkah_5_tanda_tangan", tanda_tangan="setuju")
    case.do("kepala_bidang", "langkah_6_teruskan")
    case.do("peksos", "langkah_7_pendampingan", pendampingan_selesai=False)
    case.do("peksos", "langkah_7_pendampingan", pendampingan_selesai=True)
    case.has_ended()


def test_a_report_that_is_not_eligible_ends_with_its_reason(case: Case) -> None:
    case.do("petugas", "langkah_2_terima_tugaskan", memenuhi_persyaratan=False, alasan="Bukan ABH atau AMPK")
    case.has_ended()


def test_a_letter_that_is_returned_goes_back_to_its_drafter(case: Case) -> None:
    case.do("petugas", "langkah_2_terima_tugaskan", memenuhi_persyaratan=True)
    case.do("peksos", "langkah_3_asesmen")
    case.do("peksos", "langkah_4_konsep_surat")
    case.do("kepala_bidang", "langkah_4_telaah_paraf", paraf="kembalikan", alasan="Perihal keliru")
    case.do("peksos", "langkah_4_konsep_surat")
    case.do("kepala_bidang", "langkah_4_telaah_paraf", paraf="setuju")
    case.do(
        "kepala_dinas", "langkah_5_tanda_tangan", tanda_tangan="kembalikan", alasan="Nomor surat belum ada"
    )
    case.waits_for("langkah_4_konsep_surat")
