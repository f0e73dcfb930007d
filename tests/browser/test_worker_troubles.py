"""What a worker meets on an ordinary bad day: no mouse, wrong answers, a faster colleague, a broken line."""

import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import SignIn
from tests.support.browser import PHONE, overlook, settle
from tests.support.case import Case, begin
from tests.support.people import answer, field, overflow, take
from tests.support.site import Site

pytestmark = pytest.mark.browser

HAND = {"viewport": PHONE, "has_touch": True, "is_mobile": True}
CONFERENCE = {
    "Umur anak saat kejadian": "11",
    "Tingkat tindak pidana": "Ringan",
    "Peserta": "Ibu, RT, peksos",
}


@pytest.fixture
def case(site: Site) -> Case:
    """A reported case that waits for its assessment."""
    case = begin(site.service, "pasuruan", "pasuruan_penanganan_abh", "petugas")
    case.do("petugas", "langkah_1_terima_laporan", jenis_masuk="laporan")
    return case


@pytest.fixture
def conference(case: Case) -> Case:
    """The same case before its case conference."""
    case.do("peksos", "langkah_3_asesmen")
    return case


def open_task(page: Page, case: Case) -> None:
    page.locator(".card", has_text=case.business_key).click()
    take(page)
    expect(page.locator("#form .fjs-form-field").first).to_be_visible()


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until the focus is there; a person gives up after 80 times."""
    for _ in range(80):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {target}")


def test_a_task_is_found_taken_and_completed_without_a_mouse(conference: Case, sign_in: SignIn) -> None:
    page = sign_in("peksos@pasuruan")
    page.keyboard.press("j")
    expect(page.locator(".card").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Ambil tugas")).to_be_visible()
    page.wait_for_load_state()  # keys are heard by a script
    page.keyboard.press("a")
    expect(page.get_by_role("button", name="Selesaikan tugas")).to_be_visible()
    age = field(page, "Umur anak saat kejadian").get_by_role("textbox")
    tab_to(page, age)
    page.keyboard.press("Control+A")
    page.keyboard.type("11")
    tab_to(page, page.get_by_label("Ringan"))
    page.keyboard.press("Space")
    tab_to(page, page.get_by_role("button", name="Selesaikan tugas"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Tetapkan jalur penanganan")).to_be_visible()
    conference.waits_for("langkah_6_tetapkan_jalur")


def walk_down_to(page: Page, select: Locator, option: str) -> None:
    """Press ArrowDown until an option of an open list is marked; each press waits for the last one."""
    options, marked = select.locator(".fjs-dropdownlist-item"), select.locator(".focused")
    expect(marked).to_have_count(1)
    while marked.inner_text() != option:
        below = options.all_inner_texts().index(marked.inner_text()) + 1
        settle(page)
        page.keyboard.press("ArrowDown")
        expect(options.nth(below)).to_contain_class("focused")
    settle(page)


def test_a_list_is_chosen_and_an_option_taken_without_a_mouse(sign_in: SignIn) -> None:
    page = sign_in("petugas@pasuruan")
    page.get_by_role("link", name="Kasus baru").focus()
    page.keyboard.press("Enter")
    channel = field(page, "Laporan masuk melalui")
    tab_to(page, channel.locator("input"))
    walk_down_to(page, channel, "Telepon")
    page.keyboard.press("Enter")
    expect(channel.locator(".fjs-select-display")).to_have_text("Telepon")


def test_wrong_answers_are_listed_with_a_way_to_each_and_nothing_typed_is_lost(
    case: Case, sign_in: SignIn
) -> None:
    page = sign_in("peksos@pasuruan", **HAND)
    open_task(page, case)
    answer(page, {"Nama anak": "Bintang", "NIK anak": "35750101", "Tanggal asesmen": "31/12/2199"})
    page.get_by_role("button", name="Selesaikan tugas").click()
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    assert overflow(page) == []
    summary.get_by_role("link", name="NIK anak: NIK terdiri atas 16 angka.").click()
    expect(field(page, "NIK anak").get_by_role("textbox")).to_be_focused()
    summary.get_by_role("link", name="Jenis kelamin").click()
    expect(page.get_by_label("Laki-laki")).to_be_focused()
    answer(page, {
        "NIK anak": "3575010101150001", "Jenis kelamin": "Perempuan", "Umur anak saat kejadian": "11",
        "Kedudukan anak dalam perkara": "Korban", "Kebutuhan anak": "Sekolah",
        "Rekomendasi pekerja sosial": "Dibina",
    })  # fmt: skip
    page.get_by_role("button", name="Selesaikan tugas").click()
    expect(summary.get_by_role("listitem")).to_have_count(1)  # only the server knows which day it is
    expect(summary.get_by_role("link")).to_contain_text("Tanggal asesmen")
    expect(field(page, "Nama anak").get_by_role("textbox")).to_have_value("Bintang")
    case.waits_for("langkah_3_asesmen")
    summary.get_by_role("link").click()
    expect(field(page, "Tanggal asesmen").get_by_role("textbox")).to_be_focused()


def test_who_comes_second_is_told_that_it_is_done(conference: Case, sign_in: SignIn) -> None:
    page = sign_in("peksos@pasuruan", **HAND)
    open_task(page, conference)
    answer(page, CONFERENCE)
    conference.do("peksos", "langkah_6_case_conference", umur_saat_kejadian=15, tingkat_tindak_pidana="berat")
    page.get_by_role("button", name="Selesaikan tugas").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("sudah")
    expect(alert).to_contain_text("Tidak ada yang disimpan")
    expect(field(page, "Peserta").get_by_role("textbox")).to_have_value("Ibu, RT, peksos")
    conference.waits_for("langkah_6_tetapkan_jalur")
    manager = conference.service.caller("manajer@pasuruan")
    kept = manager.get(f"/process-instance/{conference.id}/variables").json
    assert kept["tingkat_tindak_pidana"]["value"] == "berat"


def test_without_a_connection_everything_typed_stays_and_can_be_sent_later(
    conference: Case, sign_in: SignIn
) -> None:
    page = sign_in("peksos@pasuruan", **HAND)
    open_task(page, conference)
    answer(page, CONFERENCE)
    overlook(page, "ERR_INTERNET_DISCONNECTED")  # of the answers, and of the draft where its turn comes
    page.context.set_offline(True)
    page.get_by_role("button", name="Selesaikan tugas").click()
    expect(page.get_by_role("alert")).to_contain_text("Tidak ada sambungan")
    expect(field(page, "Peserta").get_by_role("textbox")).to_have_value("Ibu, RT, peksos")
    page.context.set_offline(False)
    page.get_by_role("button", name="Selesaikan tugas").click()
    page.wait_for_url(re.compile(r"/tasks/"))
    expect(page.get_by_role("heading", name="Tetapkan jalur penanganan")).to_be_visible()


def lose_the_answer(page: Page, path: str) -> None:
    """The next request to ``path`` arrives, and its answer does not."""
    overlook(page, "ERR_FAILED")

    def lose(route: Route) -> None:
        assert route.fetch().status == 200
        route.abort()

    page.route(path, lose, times=1)


def test_a_step_whose_answer_was_lost_is_sent_again_and_leads_on(conference: Case, sign_in: SignIn) -> None:
    page = sign_in("peksos@pasuruan", **HAND)
    open_task(page, conference)
    answer(page, CONFERENCE)
    lose_the_answer(page, "**/complete*")
    page.get_by_role("button", name="Selesaikan tugas").click()
    expect(page.get_by_role("alert")).to_contain_text("Tidak ada sambungan")
    conference.waits_for("langkah_6_tetapkan_jalur")
    page.get_by_role("button", name="Selesaikan tugas").click()
    page.wait_for_url(re.compile(r"/tasks/"))
    expect(page.get_by_role("heading", name="Tetapkan jalur penanganan")).to_be_visible()


def test_a_report_whose_answer_was_lost_is_sent_again_and_is_one_case(site: Site, sign_in: SignIn) -> None:
    """Two cases, numbers and clocks for one child were there before."""
    page = sign_in("petugas@natuna", **HAND)
    page.goto(f"{site.url}/start/natuna/natuna_pendampingan_abh_ampk")
    told = {"Laporan masuk melalui": "Telepon", "Siapa yang melapor?": "Masyarakat"}
    answer(page, told | {"Uraian laporan": "Dugaan pencurian di pasar"})
    lose_the_answer(page, "**/start/natuna/natuna_pendampingan_abh_ampk")
    button = page.get_by_role("button", name="Buka kasus")
    button.click()
    expect(page.get_by_role("alert")).to_contain_text("Tidak ada sambungan")
    button.click()
    page.wait_for_url(re.compile(r"/tasks/"))
    assert len(site.service.caller("manajer@natuna").get("/process-instance").json) == 1


def test_the_button_that_ends_a_task_can_be_reached_by_a_thumb(conference: Case, sign_in: SignIn) -> None:
    page = sign_in("peksos@pasuruan", **HAND)
    open_task(page, conference)
    button = page.get_by_role("button", name="Selesaikan tugas")
    button.scroll_into_view_if_needed()
    settle(page)
    box = button.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE["width"]
    assert box["width"] > 300
    covering = page.evaluate(
        "([x, y]) => document.elementFromPoint(x, y).closest('button')?.innerText",
        [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2],
    )
    assert covering == "Selesaikan tugas"
