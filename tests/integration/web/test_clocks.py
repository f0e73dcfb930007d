"""How the clocks of cases show: time left in words, which clock it is, and why it is due when it is."""

import re
from collections.abc import Callable, Iterator

import pytest
import time_machine
from sqlalchemy import select

import engine
from engine.store import reading
from engine.store.tables import Agency
from engine.types import SYSTEM
from tests.integration.web.conftest import Visitors
from tests.support.case import Case, begin
from tests.support.clocks import MONDAY, at
from tests.support.service import Service

Put = Callable[[str], None]
PASURUAN = ("pasuruan", "pasuruan_penanganan_abh", "petugas")
KEMENPPPA = ("kemenpppa", "kemenpppa_penjangkauan_ampk", "petugas_layanan")
NATUNA = ("natuna", "natuna_pendampingan_abh_ampk", "petugas")


@pytest.fixture(autouse=True)
def put() -> Iterator[Put]:
    """It is ``MONDAY``, and what the test puts it to from then on."""
    with time_machine.travel(at(MONDAY), tick=False) as traveller:
        yield lambda moment: traveller.move_to(at(moment))


def task_page(visitors: Visitors, case: Case, user_id: str) -> str:
    """The page of the case's open task, in one line."""
    [task] = case.service.caller(user_id).get("/task", processInstanceId=case.id).json
    return words(visitors(user_id).get(f"/tasks/{task['id']}").text)


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_a_task_says_how_much_time_is_left_by_which_clock_and_why(
    service: Service, visitors: Visitors, put: Put
) -> None:
    case = begin(service, *PASURUAN)
    shown = task_page(visitors, case, "petugas@pasuruan")
    for text in (
        "sisa 7 hari 7 jam Jalur penanganan dimulai",
        "jatuh tempo Senin, 13 April 2026, 16.00 WIB",
        "Kenapa?",
        "6 April 2026: hari penerimaan, tidak dihitung",
        "11–12 April 2026: akhir pekan",
        "Standar pelayanan: Waktu Penyelesaian: 5 Hari kerja",
    ):
        assert text in shown
    put("2026-04-10 15:00")
    assert "segera, sisa 3 hari 1 jam" in words(visitors("petugas@pasuruan").get("/").text)
    put("2026-04-14 16:30")
    assert "lewat 1 hari" in words(visitors("petugas@pasuruan").get("/").text)


def test_minutes_are_shown_beside_the_wall_clock_and_a_pause_says_so(
    service: Service, visitors: Visitors, put: Put
) -> None:
    case = begin(service, *NATUNA)
    put("2026-04-06 09:20")
    shown = task_page(visitors, case, "petugas@natuna")
    assert "Terpakai 20 dari 75 menit kerja." in shown
    assert "Menurut jam dinding: 20 menit sejak Senin, 6 April 2026, 09.00 WIB." in shown
    case.do("petugas", "langkah_2_terima_tugaskan", memenuhi_persyaratan=True)
    put("2026-04-08 10:00")
    shown = task_page(visitors, case, "peksos@natuna")
    for text in (
        "dijeda selama langkah sekarang dikerjakan",
        "Terpakai 20 dari 75 menit kerja.",
        "Berjalan dari Senin, 6 April 2026, 09.00 WIB sampai Senin, 6 April 2026, 09.20 WIB.",
        "Menurut jam dinding: 2 hari 1 jam",
    ):
        assert text in shown
    case.do("peksos", "langkah_3_asesmen")
    shown = task_page(visitors, case, "peksos@natuna")
    assert "jatuh tempo Rabu, 8 April 2026, 10.55 WIB" in shown
    assert "8 April 2026, 10.00–10.55: 55 menit kerja" in shown


def test_a_stopped_case_says_that_time_goes_on(service: Service, visitors: Visitors) -> None:
    case = begin(service, *PASURUAN)
    engine.suspend_instance(service.database, SYSTEM, case.id)
    said = "Kasus dihentikan sementara, waktu tetap berjalan."
    for user_id, path in (
        ("petugas@pasuruan", f"/cases/{case.id}"),
        ("manajer@pasuruan", f"/cockpit/instances/{case.id}"),
    ):
        assert said in words(visitors(user_id).get(path).text)
    assert said in task_page(visitors, case, "petugas@pasuruan")
    listed = words(visitors("manajer@pasuruan").get("/cockpit").text)
    assert "Dihentikan sementara sisa 7 hari 7 jam Jalur penanganan dimulai" in listed


def test_a_case_that_was_moved_by_hand_says_what_became_of_its_clock(
    service: Service, visitors: Visitors
) -> None:
    case = begin(service, *PASURUAN)
    page = f"/cases/{case.id}"
    move(case, "langkah_1_terima_laporan", "langkah_11_pemantauan")
    shown = words(visitors("peksos@pasuruan").get(page).text)
    assert "berhenti: kasus dipindahkan melewati langkahnya" in shown
    assert "Jalur penanganan dimulai berhenti: kasus dipindahkan melewati langkah yang ditunggunya" in shown
    move(case, "langkah_11_pemantauan", "langkah_3_asesmen")
    shown = words(visitors("peksos@pasuruan").get(page).text)
    assert "berjalan sejak kasus dipindahkan; jatuh tempo Senin, 13 April 2026, 16.00 WIB" in shown
    assert "sisa 7 hari 7 jam Jalur penanganan dimulai" in shown


def move(case: Case, step: str, to: str) -> None:
    instructions = [
        engine.Instruction("startBeforeActivity", element_id=to),
        engine.Instruction("cancel", element_id=step),
    ]
    engine.modify_instance(case.service.database, SYSTEM, case.id, instructions, "keliru")


def test_what_nobody_knows_yet_is_said_and_not_guessed(
    service: Service, visitors: Visitors, put: Put
) -> None:
    with reading(service.database) as tx:
        kept = tx.execute(select(Agency.name, Agency.profile).where(Agency.id == "kemenpppa")).one()
    without = [
        {key: value for key, value in jam.items() if key != "sementara_menurut"}
        for jam in kept.profile["jam"]
    ]
    engine.put_agency(service.database, SYSTEM, "kemenpppa", kept.name, {**kept.profile, "jam": without})
    risk = begin(service, *KEMENPPPA, sudah_lapor_sapa=False)
    shown = words(visitors("petugas_layanan@kemenpppa").get(f"/cases/{risk.id}").text)
    assert "Kontak penjangkauan pertama batas belum diketahui: menunggu tingkat risiko" in shown
    put("2027-12-29 09:00")
    case = begin(service, *PASURUAN)
    shown = task_page(visitors, case, "petugas@pasuruan")
    assert "kalender belum ditetapkan Jalur penanganan dimulai" in shown
    assert "Mulai 1 Januari 2028 kalender belum ditetapkan" in shown
    listed = words(visitors("petugas@pasuruan").get("/").text)
    assert "kalender belum ditetapkan Jalur penanganan dimulai" in listed


def test_a_risk_that_is_only_proposed_is_counted_named_explained_and_told_as_such(
    service: Service, visitors: Visitors, put: Put
) -> None:
    case = begin(service, *KEMENPPPA, sudah_lapor_sapa=False, ancaman_nyawa=True)
    worker = "petugas_layanan@kemenpppa"
    put("2026-04-07 03:01")
    engine.run_due_jobs(service.database)
    shown = task_page(visitors, case, worker)
    for text in (
        "segera, sisa 5 jam 59 menit Kontak penjangkauan pertama",
        "Sementara, menurut risiko usulan, sampai tingkat risiko ditetapkan.",
        "Kenapa?",
        "24 jam kalender sejak Senin, 6 April 2026, 09.00 WIB",
    ):
        assert text in shown
    listed = words(visitors(worker).get("/notifications").text)
    assert (
        "jatuh tempo Selasa, 7 April 2026, 09.00 WIB. Tenggat ini masih sementara, menurut usulan." in listed
    )
    put("2026-04-07 09:00")
    engine.run_due_jobs(service.database)
    case.do("petugas_layanan", "klasifikasi_risiko", tingkat_risiko="rendah")
    shown = words(visitors(worker).get(f"/cases/{case.id}").text)
    assert "Tenggat sementara terlewat: Kontak penjangkauan pertama, Selasa, 7 April 2026, 09.00 WIB" in shown
    moved = "Sebuah jawaban menggantikan tenggat sementara: Kontak penjangkauan pertama jatuh tempo Kamis"
    assert f"{moved}, 9 April 2026, 09.00 WIB, sebelumnya Selasa, 7 April 2026, 09.00 WIB" in shown
    assert "sisa 2 hari Kontak penjangkauan pertama" in shown
    assert "Sementara, menurut" not in shown


def test_a_case_that_is_cancelled_has_not_missed_what_was_only_proposed(
    service: Service, visitors: Visitors, put: Put
) -> None:
    case = begin(service, *KEMENPPPA, sudah_lapor_sapa=False, ancaman_nyawa=True)
    put("2026-04-07 09:01")
    engine.cancel_instance(service.database, SYSTEM, case.id, "salah")
    shown = words(visitors("petugas_layanan@kemenpppa").get(f"/cases/{case.id}").text)
    assert "Kontak penjangkauan pertama berakhir bersama kasus" in shown


def test_a_service_that_ends_too_early_is_asked_why_and_not_kept_from_ending(
    service: Service, visitors: Visitors, put: Put
) -> None:
    case = begin(service, "bintan", "bintan_rehabilitasi_anak", "petugas")
    case.do("petugas", "langkah_2_telusuri", laporan_benar=True)
    case.do("petugas", "langkah_3_surat_tugas")
    case.do("kepala_dinas", "langkah_3_tanda_tangan", tanda_tangan="setuju")
    case.do("peksos", "langkah_4_asesmen")
    case.do("peksos", "langkah_5_laporan_sosial", perlu_evakuasi=False)
    case.do("peksos", "langkah_8_kebutuhan")
    case.do("petugas", "langkah_9_penelusuran", keluarga_ditemukan=False)
    [task] = service.caller("peksos@bintan").get("/task", processInstanceId=case.id).json
    service.caller("peksos@bintan").post(f"/task/{task['id']}/claim", {"userId": "peksos@bintan"})
    hint = "Bila kasus berakhir sebelum Rabu, 6 Mei 2026, 09.00 WIB"
    assert hint in task_page(visitors, case, "peksos@bintan")
    put("2026-05-06 09:00")
    assert hint not in task_page(visitors, case, "peksos@bintan")
    put("2026-04-20 09:00")
    case.do("peksos", "langkah_11_asuhan_lksa")
    case.has_ended()


def test_managers_find_the_cases_that_are_late_and_those_at_risk(
    service: Service, visitors: Visitors, put: Put
) -> None:
    late = begin(service, *PASURUAN)
    put("2026-04-07 09:00")
    risky = begin(service, *PASURUAN)
    put("2026-04-10 09:00")
    begin(service, *PASURUAN)
    put("2026-04-14 09:00")
    manager = visitors("manajer@pasuruan")

    def found(state: str) -> list[str]:
        return re.findall(
            r'class="case-number"><a[^>]*>([^<]+)<', manager.get(f"/cockpit?state={state}").text
        )

    assert (found("late"), found("soon")) == ([late.business_key], [risky.business_key])
    assert len(found("open")) == 3


def test_the_history_tells_of_a_breach_and_of_deadlines_that_moved(
    service: Service, visitors: Visitors, put: Put
) -> None:
    case = begin(service, *KEMENPPPA, sudah_lapor_sapa=False)
    case.do("petugas_layanan", "klasifikasi_risiko", tingkat_risiko="rendah")
    case.do("asisten_deputi", "arahan_asdep", arahan="setuju")
    case.do("petugas_layanan", "surat_penugasan")
    case.do("petugas_layanan", "langkah_2_identifikasi", tingkat_risiko="sedang")
    put("2026-04-08 09:00")
    engine.run_due_jobs(service.database)
    shown = words(visitors("petugas_layanan@kemenpppa").get(f"/cases/{case.id}").text)
    moved = (
        "Sebuah jawaban memajukannya: Kontak penjangkauan pertama jatuh tempo Rabu, 8 April 2026, 09.00 WIB"
    )
    assert f"{moved}, sebelumnya Kamis, 9 April 2026, 09.00 WIB" in shown
    assert "Tenggat terlewat: Kontak penjangkauan pertama, Rabu, 8 April 2026, 09.00 WIB" in shown
    case.waits_for("kontak_penjangkauan", "ketahui_batas_risiko")


def test_the_history_says_that_a_clock_no_longer_counts(service: Service, visitors: Visitors) -> None:
    case = begin(service, *NATUNA)
    with reading(service.database) as tx:
        kept = tx.execute(select(Agency.name, Agency.profile).where(Agency.id == "natuna")).one()
    engine.put_agency(service.database, SYSTEM, "natuna", kept.name, {**kept.profile, "jam": []})
    shown = words(visitors("petugas@natuna").get(f"/cases/{case.id}").text)
    assert "Standar pelayanan berubah: penyelesaian, jatuh tempo" in shown
    assert "tidak berlaku lagi di sini" in shown
