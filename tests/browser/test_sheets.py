"""A PDF in the browser: read page by page on a phone and at a desk, enlarged, and asked for again."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.browser.places import attach, task_of
from tests.support.browser import DESK, PHONE, accessibility_faults, overlook
from tests.support.case import Case, begin
from tests.support.files import bomb, pdf, stream
from tests.support.people import overflow
from tests.support.site import Site

pytestmark = pytest.mark.browser

KEY = "pasuruan_penanganan_abh"
LINE = b"(Surat pengantar dari kepolisian resor, nomor 12) Tj T* "
LINES = b"BT /H 11 Tf 60 780 Td 18 TL " + LINE * 38 + b"ET"
NEEDS = b"/Contents 10 0 R /Resources << /Font << /H 11 0 R >> >>"
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
LETTER = pdf(stream(LINES), FONT, page=NEEDS, box=b"0 0 595 842", pages=12)


@pytest.fixture
def case(site: Site) -> Case:
    case = begin(site.service, "pasuruan", KEY, "petugas")
    case.do("petugas", "langkah_1_terima_laporan", jenis_masuk="laporan")
    return case


def attached(site: Site, case: Case, content: bytes) -> str:
    """The address of a file that the case's worker has attached."""
    return f"/attachments/{attach(site, task_of(case, 'peksos@pasuruan', take=True), content)}"


def loaded(page: Page) -> list[int]:
    """Widths in dots of the pictures that have come."""
    widths: list[int] = page.locator(".sheet img").evaluate_all("all => all.map(each => each.naturalWidth)")
    return [width for width in widths if width]


@pytest.mark.parametrize(("size", "most"), [(PHONE, 8), (DESK, 6)])
def test_pages_come_as_the_reader_comes_to_them(
    site: Site, sign_in: SignIn, case: Case, size: dict[str, int], most: int
) -> None:
    file, page = attached(site, case, LETTER), sign_in("peksos@pasuruan", viewport=size)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/pages/" in request.url else None)
    page.goto(site.url + file)
    first, last = page.get_by_alt_text("Halaman 1 dari 12"), page.get_by_alt_text("Halaman 12 dari 12")
    expect(first).to_have_js_property("naturalWidth", 1240)
    page.wait_for_load_state("networkidle")
    assert 0 < len(set(asked)) <= most
    last.scroll_into_view_if_needed()
    expect(last).to_have_js_property("naturalWidth", 1240)
    assert (overflow(page, size["width"]), accessibility_faults(page)) == ([], [])


@pytest.mark.parametrize(("size", "least"), [(PHONE, 600), (DESK, 1200)])
def test_a_page_is_enlarged_by_a_press_and_made_small_again(
    site: Site, sign_in: SignIn, case: Case, size: dict[str, int], least: int
) -> None:
    page = sign_in("peksos@pasuruan", viewport=size)
    page.goto(site.url + attached(site, case, LETTER))
    third = page.get_by_alt_text("Halaman 3 dari 12")
    third.scroll_into_view_if_needed()
    expect(third).to_have_js_property("naturalWidth", 1240)
    small = third.bounding_box()
    third.click()
    expect(page.get_by_role("link", name="Perkecil Halaman 3")).to_be_visible()
    large = third.bounding_box()
    assert small
    assert large
    assert (small["width"] <= size["width"], large["width"] >= least) == (True, True)
    assert (overflow(page, size["width"]), accessibility_faults(page)) == ([], [])
    page.get_by_role("link", name="Perkecil Halaman 3").click()
    expect(page.get_by_role("link", name="Perkecil Halaman 3")).to_be_hidden()
    assert third.bounding_box()["width"] == small["width"]  # type: ignore[index]


def test_a_page_that_does_not_come_is_asked_for_once_more(site: Site, sign_in: SignIn, case: Case) -> None:
    page = sign_in("peksos@pasuruan", viewport=PHONE)
    overlook(page, "ERR_FAILED")
    page.route("**/pages/1", lambda route: route.abort(), times=1)
    page.goto(site.url + attached(site, case, LETTER))
    expect(page.get_by_alt_text("Halaman 1 dari 12")).to_have_js_property("naturalWidth", 1240)
    expect(page.get_by_text("Halaman ini tidak dapat ditampilkan")).to_have_count(12)
    expect(page.get_by_text("Halaman ini tidak dapat ditampilkan").first).to_be_hidden()


def test_a_page_that_never_comes_says_so_and_is_asked_for_by_a_button(
    site: Site, sign_in: SignIn, case: Case
) -> None:
    page = sign_in("peksos@pasuruan", viewport=PHONE)
    overlook(page, "ERR_FAILED")
    page.route("**/pages/1", lambda route: route.abort(), times=2)
    page.goto(site.url + attached(site, case, LETTER))
    first = page.locator(".sheet").first
    expect(first.get_by_text("Simpan berkasnya untuk membacanya")).to_be_visible()
    assert accessibility_faults(page) == []
    first.get_by_role("button", name="Coba lagi").press("Enter")
    expect(page.get_by_alt_text("Halaman 1 dari 12")).to_have_js_property("naturalWidth", 1240)
    expect(first.get_by_text("Simpan berkasnya untuk membacanya")).to_be_hidden()


def test_what_cannot_be_drawn_says_so(site: Site, sign_in: SignIn, case: Case) -> None:
    page = sign_in("peksos@pasuruan", viewport=PHONE)
    overlook(page, "404")
    page.goto(site.url + attached(site, case, bomb()))
    expect(page.get_by_text("Halaman ini tidak dapat ditampilkan")).to_be_visible(timeout=90_000)
    expect(page.get_by_role("link", name=re.compile("Simpan berkas ini"))).to_be_visible()
