"""The inbox without a mouse and with many tasks, on a desk and on a phone."""

from datetime import timedelta

import pytest
from playwright.sync_api import FloatRect, Page, expect

import engine
from engine import Actor, deploy, start_instance
from engine.clock import now
from engine.types import SYSTEM
from tests.browser.conftest import SignIn
from tests.integration.web.waiting import DIAGRAM, KEY
from tests.support.browser import DESK, PHONE, accessibility_faults, screenshot
from tests.support.people import overflow
from tests.support.site import Site

pytestmark = pytest.mark.browser

PETUGAS = Actor.of("petugas@natuna", "natuna", ["petugas"])
HAND = {"viewport": PHONE, "has_touch": True, "is_mobile": True}
FOCUSED = "document.activeElement.closest('[data-row]')?.querySelector('.card-key').textContent"
MINUTE = 61_000


@pytest.fixture
def numbers(site: Site) -> list[str]:
    """Five cases that wait for the officer, the most urgent first."""
    deploy(site.service.database, SYSTEM, "natuna", "uji", {"uji.bpmn": DIAGRAM})
    return [open_case(site, days) for days in range(1, 6)]


def open_case(site: Site, days: int) -> str:
    due = {"tenggat": (now() + timedelta(days=days)).isoformat()}
    return start_instance(site.service.database, PETUGAS, "natuna", KEY, due).business_key


def place(page: Page, css: str) -> FloatRect:
    """Where the first of these stands on the page."""
    found = page.locator(css).first.bounding_box()
    assert found
    return found


def chosen(page: Page) -> int:
    return page.locator("[data-choose]:checked").count()


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_a_day_at_the_desk_needs_no_mouse(numbers: list[str], sign_in: SignIn) -> None:
    page = sign_in("petugas@natuna")
    press(page, "j", "j", "k")
    assert page.evaluate(FOCUSED) == numbers[0]
    press(page, "x", "j", "j", "Shift+X")
    assert chosen(page) == 3
    expect(page.get_by_role("button", name="Ambil (3)")).to_be_visible()
    press(page, "k", "x")
    assert chosen(page) == 2
    page.get_by_role("button", name="Ambil (2)").press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("2 tugas Anda ambil")
    press(page, "/")
    page.keyboard.type("0005")
    press(page, "Enter")
    expect(page.locator(".card-key")).to_have_text([numbers[4]])
    press(page, "j", "a")
    expect(page.get_by_role("button", name="Selesaikan tugas")).to_be_visible()


def test_the_help_sheet_lists_what_the_page_has_and_closes_with_escape(
    numbers: list[str], sign_in: SignIn
) -> None:
    page = sign_in("petugas@natuna")
    press(page, "?")
    sheet = page.get_by_role("dialog", name="Tombol pintas halaman ini")
    expect(sheet).to_be_visible()
    keys = sheet.locator("kbd").all_inner_texts()
    assert keys == ["j", "k", "Enter", "/", "x", "Shift+x", "a", "?", "Esc"]
    assert accessibility_faults(page) == []
    screenshot(page, "inbox-keys")
    press(page, "j")
    expect(sheet).to_be_visible()
    press(page, "Escape")
    expect(sheet).to_have_count(0)
    page.locator(".card").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Kerjakan")
    press(page, "?")
    listed = dict(zip(sheet.locator("kbd").all(), sheet.locator("td:nth-child(2)").all(), strict=True))
    assert {key.inner_text(): does.inner_text() for key, does in listed.items()}["n"].startswith(
        "Ke tugas berikutnya"
    )
    press(page, "Escape", "/")
    page.keyboard.type("?")
    expect(sheet).to_have_count(0)
    assert len(numbers) == 5


def test_keys_press_nothing_in_a_row_that_has_no_focus(
    site: Site, numbers: list[str], sign_in: SignIn
) -> None:
    page = sign_in("petugas@natuna")
    press(page, "a", "x")
    assert page.url.startswith(f"{site.url}/")
    assert chosen(page) == 0
    assert engine.count_tasks(site.service.database, SYSTEM, engine.TaskFilter(assigned=True)) == 0
    assert len(numbers) == 5


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_many_tasks_are_taken_at_once(numbers: list[str], sign_in: SignIn, size: dict[str, int]) -> None:
    page = sign_in("petugas@natuna", **(HAND if size is PHONE else {}))
    expect(page.get_by_role("button", name="Ambil", exact=True)).to_have_count(0)
    page.get_by_label("Pilih semua di halaman ini").check()
    assert chosen(page) == len(numbers)
    expect(page.get_by_role("button", name="Ambil (5)")).to_be_in_viewport()
    assert overflow(page, size["width"]) == []
    assert accessibility_faults(page) == []
    screenshot(page, f"inbox-chosen-{size['width']}")
    page.get_by_role("button", name="Ambil (5)").click()
    expect(page.get_by_role("status").first).to_contain_text("5 tugas Anda ambil")
    assert overflow(page, size["width"]) == []
    notice = place(page, ".notice")
    assert place(page, ".columns > .list")["y"] >= notice["y"] + notice["height"]


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_filter_is_saved_and_used_and_work_goes_on_in_it(
    numbers: list[str], sign_in: SignIn, size: dict[str, int]
) -> None:
    page = sign_in("petugas@natuna", **(HAND if size is PHONE else {}))
    page.get_by_label("Urutan").select_option("newest")
    expect(page.locator(".card-key").first).to_have_text(numbers[4])
    page.get_by_text("Simpan saringan ini").click()
    page.get_by_label("Nama daftar").fill("Yang terbaru")
    page.get_by_role("button", name="Simpan", exact=True).click()
    expect(page.get_by_role("link", name="Yang terbaru")).to_be_visible()
    page.goto(page.url.split("?")[0])
    page.get_by_role("link", name="Yang terbaru").click()
    expect(page.locator(".card-key").first).to_have_text(numbers[4])
    assert overflow(page, size["width"]) == []
    assert accessibility_faults(page) == []
    screenshot(page, f"inbox-saved-{size['width']}")
    page.locator(".card").first.click()
    page.get_by_role("button", name="Ambil tugas").click()
    page.get_by_role("button", name="Selesaikan tugas").click()
    expect(page.get_by_role("status").first).to_contain_text(
        f"{numbers[4]}: Kerjakan sudah selesai. Berikutnya di daftar Anda: Kerjakan, {numbers[3]}."
    )
    expect(page.get_by_role("heading", level=1)).to_contain_text("Kerjakan")
    page.keyboard.press("n")
    expect(page.locator(".eyebrow").first).to_contain_text(numbers[2])
    if size is PHONE:
        page.get_by_role("link", name="Kembali ke daftar").click()
        expect(page.locator(".card:focus .card-key")).to_have_text(numbers[2])


def test_the_list_renews_itself_and_leaves_alone_who_works_in_it(
    site: Site, numbers: list[str], sign_in: SignIn
) -> None:
    page = sign_in("petugas@natuna")
    page.clock.install()
    page.reload()
    press(page, "j", "j")
    open_case(site, 9)
    with page.expect_response("**/list?*"):
        page.clock.run_for(MINUTE)
    expect(page.locator(".card-key")).to_have_count(6)
    assert page.evaluate(FOCUSED) == numbers[1], "the focus stays with its task"
    with page.expect_response(lambda answer: answer.status == 304):
        page.clock.run_for(MINUTE)
    press(page, "x")
    open_case(site, 9)
    page.clock.run_for(2 * MINUTE)
    assert chosen(page) == 1
    expect(page.locator(".card-key")).to_have_count(6)
    press(page, "x")
    page.clock.run_for(MINUTE)
    press(page, "j")
    expect(page.locator(".card-key")).to_have_count(7)


@pytest.mark.parametrize(
    ("user", "entry"),
    [("petugas@natuna", "Dibagikan kepada kami"), ("manajer@natuna", "Register")],
)
def test_every_part_of_the_site_is_in_reach_on_a_phone(sign_in: SignIn, user: str, entry: str) -> None:
    page = sign_in(user, **HAND)
    page.locator(".nav-more summary").click()
    assert overflow(page) == []
    link = page.get_by_role("link", name=entry)
    expect(link).to_be_in_viewport()
    screenshot(page, f"navigation-{user.partition('@')[0]}-360")
    link.click()
    expect(page.locator(".nav-more summary")).to_have_text(entry)
    assert overflow(page) == []
    assert accessibility_faults(page) == []


def test_a_manager_hands_out_tasks_on_a_phone(numbers: list[str], sign_in: SignIn) -> None:
    page = sign_in("manajer@natuna", **HAND)
    page.get_by_role("link", name="Tugas", exact=True).click()
    page.get_by_role("link", name="Semua tugas").click()
    page.get_by_label("Pilih semua di halaman ini").check()
    page.get_by_role("button", name="Tugaskan kepada … (5)").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tugaskan 5 tugas")
    assert overflow(page) == []
    assert accessibility_faults(page) == []
    screenshot(page, "inbox-hand-out-360")
    page.get_by_label("Siapa yang menerima").select_option(label="Petugas penerima laporan")
    page.locator("form").get_by_role("button", name="Tugaskan", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("5 tugas ditugaskan")
    expect(page.locator(".card-taken")).to_have_count(len(numbers))


def test_on_a_phone_the_order_stands_beside_the_filter_and_no_button_covers_a_deadline(
    site: Site, numbers: list[str], sign_in: SignIn
) -> None:
    page = sign_in("petugas@natuna", **HAND)
    page.goto(f"{site.url}/?tab=queue.natuna.petugas")
    summary, order = (place(page, css) for css in (".filters summary", ".order select"))
    assert abs((summary["y"] + summary["height"] / 2) - (order["y"] + order["height"] / 2)) < 3
    assert summary["x"] + summary["width"] <= order["x"]
    words = page.locator(".task-row .due > span").first
    words.evaluate("words => { words.textContent = 'segera, sisa 13 jam 23 menit' }")
    told, button = place(page, ".task-row .due > span"), place(page, ".take-here")
    assert told["x"] + told["width"] <= button["x"] or told["y"] + told["height"] <= button["y"]
