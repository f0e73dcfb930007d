"""The list of tasks: whose, in which order, narrowed how."""

import re
from datetime import timedelta

import pytest

from engine import Actor, deploy, start_instance
from engine.clock import now
from engine.types import SYSTEM
from tests.integration.web.conftest import Visitors
from tests.integration.web.waiting import DIAGRAM, KEY
from tests.support.case import begin
from tests.support.service import Service

PETUGAS = Actor.of("petugas@natuna", "natuna", ["petugas"])


@pytest.fixture
def waiting(service: Service) -> list[str]:
    """Three cases of one step: late by two days, due in three hours, due in five days; in another order."""
    deploy(service.database, SYSTEM, "natuna", "uji", {"uji.bpmn": DIAGRAM})
    keys = []
    for left in (timedelta(days=5), timedelta(days=-2), timedelta(hours=3, minutes=1)):
        variables = {"tenggat": (now() + left).isoformat(), "nama_anak": "Rahasia Sekali"}
        keys.append(start_instance(service.database, PETUGAS, "natuna", KEY, variables).business_key)
    return keys


def cards(page: str) -> list[str]:
    """The registration numbers of the list, from top to bottom."""
    return re.findall(r'card-key">([^<]+)<', page)


def counts(page: str) -> dict[str, int]:
    """Tab -> how many tasks it says it holds."""
    found = re.findall(r"<span>([^<]+)</span> <span class=\"count\">(\d+)</span>", page)
    return {label: int(number) for label, number in found}


def test_the_most_urgent_task_is_on_top_and_says_so_in_words(visitors: Visitors, waiting: list[str]) -> None:
    page = visitors("petugas@natuna").get("/").text
    safe, late, soon = waiting
    assert cards(page) == [late, soon, safe]
    assert re.findall(r'due-(\w+)">', page)[:3] == ["lewat", "segera", "aman"]
    for words in ("lewat 2 hari", "segera, sisa 3 jam", "sisa 4 hari 23 jam"):
        assert words in page


@pytest.mark.usefixtures("waiting")
def test_each_tab_says_how_many_tasks_it_holds(visitors: Visitors) -> None:
    visitor = visitors("petugas@natuna")
    assert counts(visitor.get("/").text) == {
        "Tugas saya": 0,
        "Terlambat": 1,
        "Antrean Petugas penerima laporan": 3,
    }
    task = re.search(r"/tasks/\w+", visitor.get("/").text)[0]
    visitor.send(f"{task}/claim")
    assert counts(visitor.get("/").text) == {
        "Tugas saya": 1,
        "Terlambat": 1,
        "Antrean Petugas penerima laporan": 2,
    }


def test_the_late_ones_have_a_list_of_their_own(visitors: Visitors, waiting: list[str]) -> None:
    assert cards(visitors("petugas@natuna").get("/?tab=late").text) == [waiting[1]]


def test_a_case_is_found_by_its_number(visitors: Visitors, waiting: list[str]) -> None:
    visitor = visitors("petugas@natuna")
    queue = "/?tab=queue.natuna.petugas"
    assert cards(visitor.get(f"{queue}&search={waiting[0].lower()}").text) == [waiting[0]]
    nothing = visitor.get(f"{queue}&search=tidak-ada").text
    assert cards(nothing) == []
    assert "Tidak ada tugas yang cocok" in nothing


def test_a_list_is_narrowed_by_process_and_step(visitors: Visitors, waiting: list[str]) -> None:
    visitors.open_case()
    visitor = visitors("petugas@natuna")
    queue = "/?tab=queue.natuna.petugas"
    everything = visitor.get(queue).text
    assert len(cards(everything)) == 4
    assert '<option value="uji_tenggat">Uji tenggat</option>' in everything
    assert set(cards(visitor.get(f"{queue}&process={KEY}").text)) == set(waiting)
    assert set(cards(visitor.get(f"{queue}&step=kerjakan").text)) == set(waiting)
    assert len(cards(visitor.get(f"{queue}&step=langkah_2_terima_tugaskan").text)) == 1
    assert cards(visitor.get(f"{queue}&agency=bintan").text) == []


def test_a_long_list_comes_in_pages(visitors: Visitors, service: Service) -> None:
    deploy(service.database, SYSTEM, "natuna", "uji", {"uji.bpmn": DIAGRAM})
    for _ in range(27):
        start_instance(service.database, PETUGAS, "natuna", KEY, {"tenggat": None})
    visitor = visitors("petugas@natuna")
    first, second = visitor.get("/"), visitor.get("/?page=2")
    assert "Halaman 1 dari 2" in first.text
    assert len(cards(first.text)) == 25
    assert len(cards(second.text)) == 2
    assert not set(cards(first.text)) & set(cards(second.text))


@pytest.mark.usefixtures("waiting")
def test_nonsense_in_the_address_shows_the_list_all_the_same(visitors: Visitors) -> None:
    visitor = visitors("petugas@natuna")
    for query in ("page=x", "page=-1", "page=0", "tab=queue.bintan.petugas", "tab=%00", "x=y"):
        assert len(cards(visitor.get(f"/?{query}").text)) == 3
    assert cards(visitor.get("/?page=99999999999").text) == []


@pytest.mark.usefixtures("waiting")
def test_another_group_and_another_agency_see_nothing_of_it(visitors: Visitors) -> None:
    for visitor in (visitors("kepala_dinas@natuna"), visitors("petugas@bintan")):
        assert cards(visitor.get("/?tab=late").text) == []
        assert cards(visitor.get("/").text) == []


def test_a_manager_sees_all_tasks_of_the_agency(visitors: Visitors, waiting: list[str]) -> None:
    page = visitors("manajer@natuna").get("/?tab=all").text
    assert set(cards(page)) == set(waiting)
    assert "Semua tugas" in page


@pytest.mark.usefixtures("waiting")
def test_an_empty_list_says_why_and_what_one_can_do(visitors: Visitors) -> None:
    page = visitors("petugas@natuna").get("/?tab=mine").text
    assert "Belum ada tugas yang Anda ambil." in page
    assert "ambil tugas dari sana" in page


def test_no_list_shows_what_a_form_calls_confidential(visitors: Visitors, waiting: list[str]) -> None:
    visitors.open_case()
    for visitor in (visitors("petugas@natuna"), visitors("manajer@natuna")):
        for tab in ("mine", "late", "queue.natuna.petugas", "all"):
            page = visitor.get(f"/?tab={tab}").text
            assert "Rahasia" not in page
            assert "dugaan pencurian" not in page


@pytest.mark.parametrize("user", ["analis@natuna", "admin@titian"])
def test_who_has_no_tasks_begins_elsewhere(visitors: Visitors, user: str) -> None:
    answer = visitors(user).get("/")
    assert answer.status_code == 302
    assert answer.location != "/"
    assert visitors(user).get(answer.location).status_code == 200


def test_a_letter_that_was_sent_back_says_so_on_its_card_and_at_its_drafters_bell(
    visitors: Visitors, service: Service
) -> None:
    case = begin(service, "natuna", "natuna_pendampingan_abh_ampk", "petugas")
    case.do("petugas", "langkah_2_terima_tugaskan", memenuhi_persyaratan=True)
    case.do("peksos", "langkah_3_asesmen")
    case.do("peksos", "langkah_4_konsep_surat")
    case.do("kepala_bidang", "langkah_4_telaah_paraf", paraf="kembalikan", alasan="Perihal keliru")
    visitor = visitors("peksos@natuna")
    assert "kembali, untuk dikerjakan lagi" in visitor.get("/").text
    told = visitor.get("/notifications").text
    assert "Langkah yang pernah Anda kerjakan kembali dari" in told
    assert "Susun konsep surat" in told
    case.do("peksos", "langkah_4_konsep_surat")
    case.do("kepala_bidang", "langkah_4_telaah_paraf", paraf="setuju")
    assert "untuk dikerjakan lagi" not in visitors("kepala_dinas@natuna").get("/").text
