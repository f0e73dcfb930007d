"""A manager's questions: where is this case, how did it get there, and stop that one."""

from contextlib import suppress

import pytest
from playwright.sync_api import Error, Page, expect

from tests.browser.conftest import SignIn
from tests.support.browser import DESK, PHONE, accessibility_faults
from tests.support.case import Case, begin
from tests.support.people import overflow
from tests.support.site import Site

pytestmark = pytest.mark.browser


@pytest.fixture
def cases(site: Site) -> tuple[Case, Case]:
    """A case at its decision, and one that has just come in."""
    found = [begin(site.service, "pasuruan", "pasuruan_penanganan_abh", "petugas") for _ in range(2)]
    first = found[0]
    first.do("petugas", "langkah_1_terima_laporan", jenis_masuk="laporan")
    first.do("peksos", "langkah_3_asesmen", nama_anak="Bintang Rahasia")
    first.do("peksos", "langkah_6_case_conference", umur_saat_kejadian=15, tingkat_tindak_pidana="berat")
    return found[0], found[1]


def open_cockpit(page: Page) -> None:
    page.get_by_role("link", name="Kokpit").click()
    page.wait_for_url("**/cockpit")  # and until its scripts have run: keys say nothing before


def find(page: Page, case: Case) -> None:
    """Look for the case by its number in the cockpit, and open it."""
    open_cockpit(page)
    page.keyboard.press("/")
    page.keyboard.type(case.business_key)
    page.keyboard.press("Enter")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("link", name=case.business_key).click()
    expect(page.locator("#diagram svg[role=img]")).to_be_visible()


def test_a_case_is_found_by_its_number_and_seen_on_the_diagram(
    cases: tuple[Case, Case], sign_in: SignIn
) -> None:
    page = sign_in("manajer@pasuruan")
    open_cockpit(page)
    expect(page.locator("tbody tr")).to_have_count(2)
    find(page, cases[0])
    here = page.locator('.djs-overlays[data-container-id="langkah_6_tetapkan_jalur"] .badge-token')
    expect(here).to_have_text("1")
    expect(page.locator(".badge-token")).to_have_count(1)
    expect(page.locator('[data-element-id="langkah_6_tetapkan_jalur"].is-current')).to_have_count(1)
    been = page.locator(".djs-element.is-visited")
    ids = set(been.evaluate_all("all => all.map((one) => one.dataset.elementId)"))
    assert {
        "langkah_1_terima_laporan",
        "langkah_3_asesmen",
        "langkah_6_case_conference",
        "usulkan_jalur",
    } <= ids
    assert "alur_apakah_jenis_masuk__langkah_3_asesmen" in ids
    assert not {"langkah_4_verifikasi", "langkah_8_lapor_uppa", "selesai_terminasi"} & ids


def test_the_history_says_who_did_what_and_nothing_confidential_is_shown(
    cases: tuple[Case, Case], sign_in: SignIn
) -> None:
    page = sign_in("manajer@pasuruan")
    find(page, cases[0])
    story = page.locator("#history li")
    expect(story.first).to_contain_text("Adakan case conference")
    expect(story.last).to_contain_text("membuka kasus")
    page.locator(".data summary").click()
    expect(page.locator(".variables")).to_contain_text("rahasia")
    assert "Bintang Rahasia" not in page.content()


def test_a_case_is_cancelled_with_a_reason_and_the_other_goes_on(
    cases: tuple[Case, Case], sign_in: SignIn
) -> None:
    going_on, wrong = cases
    page = sign_in("manajer@pasuruan")
    find(page, wrong)
    page.get_by_text("Batalkan kasus").click()
    page.get_by_label("Mengapa").fill("  ")
    page.get_by_role("button", name=f"Batalkan {wrong.business_key}").click()
    expect(page.get_by_role("alert")).to_contain_text("Kasus belum dibatalkan")
    page.get_by_role("alert").get_by_role("link").click()
    expect(page.get_by_label("Mengapa")).to_be_focused()
    page.keyboard.type("Laporan ganda")
    page.get_by_role("button", name=f"Batalkan {wrong.business_key}").click()
    expect(page.get_by_role("status")).to_contain_text(f"Kasus {wrong.business_key} dibatalkan")
    expect(page.locator(".reason")).to_contain_text("Laporan ganda")
    expect(page.locator(".badge-token")).to_have_count(0)
    assert wrong.open_steps() == []
    going_on.waits_for("langkah_6_tetapkan_jalur")


def test_on_a_phone_the_cockpit_fits_and_the_diagram_moves_in_itself(
    cases: tuple[Case, Case], sign_in: SignIn
) -> None:
    page = sign_in("manajer@pasuruan", viewport={"width": 360, "height": 780}, has_touch=True, is_mobile=True)
    open_cockpit(page)
    expect(page.get_by_role("heading", name="Kasus", level=1)).to_be_visible()
    assert overflow(page) == []
    page.get_by_role("link", name=cases[0].business_key).click()
    expect(page.locator("#diagram svg[role=img]")).to_be_visible()
    assert overflow(page) == []
    page.locator("#diagram").scroll_into_view_if_needed()
    expect(page.locator(".badge-token")).to_be_in_viewport()


def test_the_identity_is_opened_for_a_purpose_and_hidden_again(
    cases: tuple[Case, Case], sign_in: SignIn
) -> None:
    page = sign_in("manajer@pasuruan")
    find(page, cases[0])
    page.locator(".data summary").click()
    page.get_by_role("link", name="Buka identitas").click()
    expect(page.get_by_text("Bintang Rahasia")).to_have_count(0)
    page.get_by_label("Untuk apa Anda memerlukannya?").fill("Menjawab surat pengadilan nomor 12")
    page.get_by_role("button", name="Buka identitas").click()
    expect(page.get_by_text("Bintang Rahasia")).to_be_visible()
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        assert accessibility_faults(page) == []
        assert overflow(page, size["width"]) == []
    page.get_by_role("link", name="Tutup, kembali ke kasus").click()
    expect(page.locator("#history li").first).to_contain_text("membuka identitas")
    with suppress(Error):  # the browser has kept nothing, and asks whether to send the purpose again
        page.go_back()
    expect(page.get_by_text("Bintang Rahasia")).to_have_count(0)
