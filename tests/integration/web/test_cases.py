"""Opening a case, and the page of a case."""

import json
import re

from engine import Actor, cancel_instance, get_task
from engine.types import SYSTEM
from tests.integration.web.conftest import NATUNA, REPORT, Visitors
from tests.support.case import Case
from tests.support.service import Service


def case_of(visitors: Visitors, service: Service, task: str) -> str:
    return f"/cases/{get_task(service.database, SYSTEM, task.rpartition('/')[2]).instance_id}"


def test_who_may_start_one_service_comes_straight_to_its_form(visitors: Visitors) -> None:
    assert visitors("petugas@natuna").get("/start").location == NATUNA


def test_a_start_form_tells_of_the_service_and_quotes_the_standard(visitors: Visitors) -> None:
    page = visitors("petugas@natuna").get(NATUNA).text
    for words in ("75 Menit", "Tidak dipungut biaya", "28 Tahun 2023", "Langkah 1:", 'id="page-data"'):
        assert words in page


def test_who_may_start_nothing_is_told_so(visitors: Visitors) -> None:
    page = visitors("kepala_dinas@natuna").get("/start").text
    assert "Tidak ada layanan yang kasusnya boleh Anda buka." in page


def test_a_case_is_open_with_a_number_and_its_first_task(visitors: Visitors) -> None:
    visitor = visitors("petugas@natuna")
    answer = visitor.submit(NATUNA, REPORT)
    assert answer.json["next"].startswith("/tasks/")
    page = visitor.get(answer.json["next"]).text
    assert re.search(r"Kasus NATUNA-\d{4}-0001 sudah dibuka\.", page)


def test_a_start_form_with_errors_opens_nothing(visitors: Visitors) -> None:
    visitor = visitors("petugas@natuna")
    answer = visitor.submit(NATUNA, {"kanal": "merpati"})
    assert answer.status_code == 400
    assert {"kanal", "jenis_pelapor", "uraian"} == {field["field"] for field in answer.json["fields"]}
    assert "menunggu" not in visitor.get("/?tab=queue.natuna.petugas").text


def test_who_may_not_start_gets_neither_form_nor_case(visitors: Visitors) -> None:
    visitor = visitors("kepala_dinas@natuna")
    assert visitor.get(NATUNA).status_code == 403
    assert visitor.submit(NATUNA, REPORT).status_code == 403


def test_another_agencys_service_does_not_exist(visitors: Visitors) -> None:
    visitor = visitors("petugas@bintan")
    for path in (NATUNA, "/start/natuna/tidak_ada", "/start/tidak_ada/tidak_ada"):
        assert visitor.get(path).status_code == 404
        assert visitor.submit(path, REPORT).status_code == 404


def test_a_case_shows_where_it_stands_what_is_known_and_what_happened(
    visitors: Visitors, service: Service
) -> None:
    task = visitors.open_case()
    page = visitors("petugas@natuna").get(case_of(visitors, service, task)).text
    for words in ("Posisi sekarang", task, "Data kasus", "Telepon", "membuka kasus", "Berjalan"):
        assert words in page


def test_who_works_a_case_sees_it_on_the_diagram_and_others_do_not(
    visitors: Visitors, service: Service
) -> None:
    diagram = case_of(visitors, service, visitors.open_case()) + "/diagram"
    page = visitors("petugas@natuna").get(diagram)
    shown = json.loads(re.search(r'id="page-data">(.*?)</script>', page.text, re.DOTALL)[1])
    assert shown["tokens"] == {"langkah_2_terima_tugaskan": 1}
    assert "script-src 'self';" in page.headers["Content-Security-Policy"]
    assert visitors("peksos@natuna").get(diagram).status_code == 404


def test_an_ended_case_says_how_and_why(visitors: Visitors, service: Service) -> None:
    case = case_of(visitors, service, visitors.open_case())
    manager = Actor.of("manajer@natuna", "natuna", ["manajer"])
    cancel_instance(service.database, manager, case.rpartition("/")[2], "Laporan ganda")
    page = visitors("petugas@natuna").get(case).text
    for words in ("Dibatalkan", "Laporan ganda", "Manajer membatalkan kasus"):
        assert words in page
    assert "Posisi sekarang" not in page


def test_a_case_of_others_does_not_exist(visitors: Visitors, service: Service) -> None:
    case = case_of(visitors, service, visitors.open_case())
    for user in ("petugas@bintan", "peksos@natuna", "analis@natuna", "admin@titian"):
        assert visitors(user).get(case).status_code == 404
    assert visitors("manajer@natuna").get(case).status_code == 200


def test_who_sees_the_case_from_outside_reads_nothing_sealed(visitors: Visitors, service: Service) -> None:
    visitor = visitors("petugas@natuna")
    task = visitor.submit(NATUNA, REPORT | {"uraian": "Budi di rumah nenek"}).json["next"]
    case = case_of(visitors, service, task)
    assert "Budi di rumah nenek" in visitor.get(case).text
    page = visitors("manajer@natuna").get(case).text
    assert "Budi di rumah nenek" not in page
    assert "Uraian laporan" in page
    assert "dirahasiakan" in page


def test_a_list_of_meetings_is_told_in_words(visitors: Visitors, service: Service) -> None:
    told = Case(service, "natuna", "", "")
    visitor = visitors("petugas@natuna")
    case = case_of(visitors, service, visitor.submit(NATUNA, REPORT).json["next"])
    told.id = case.rpartition("/")[2]
    told.do("petugas", "langkah_2_terima_tugaskan", memenuhi_persyaratan=True)
    told.do("peksos", "langkah_3_asesmen")
    told.do("peksos", "langkah_4_konsep_surat")
    told.do("kepala_bidang", "langkah_4_telaah_paraf", paraf="setuju")
    told.do("kepala_dinas", "langkah_5_tanda_tangan", tanda_tangan="setuju")
    told.do("kepala_bidang", "langkah_6_teruskan")
    meeting = {"tanggal": "2026-01-05", "tempat": "Rumah anak", "hasil": "Anak tenang"}
    told.do("peksos", "langkah_7_pendampingan", pertemuan=[meeting], pendampingan_selesai=False)
    page = visitors("peksos@natuna").get(case).text
    assert re.search(r"1\. [^<]*5 Januari 2026[^<]*Anak tenang", page)
