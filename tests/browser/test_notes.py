"""A note of a case outlives the login, the line and the page, and shows itself to nobody else."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

import engine
from engine.types import SYSTEM
from tests.browser.conftest import SignIn
from tests.browser.places import KEY, task_of
from tests.browser.test_drafts import end_logins
from tests.support.browser import PHONE, accessibility_faults, overlook, screenshot
from tests.support.case import Case, begin
from tests.support.people import overflow, sign_in_beside, sign_out
from tests.support.site import Site
from webapp.auth.passwords import hash_password
from webapp.config import DEMO_PASSWORD

pytestmark = pytest.mark.browser
HAND = {"viewport": PHONE, "has_touch": True, "is_mobile": True}
COLLEAGUE = "rina@pasuruan"
WORDS = "Kenanga takut pulang"


@pytest.fixture
def case(site: Site) -> Case:
    """A case, and a second clerk who may work on it."""
    hashed = hash_password(DEMO_PASSWORD)
    engine.add_user(site.service.database, SYSTEM, COLLEAGUE, "Rina", hashed, [("pasuruan", "petugas")])
    return begin(site.service, "pasuruan", KEY, "petugas")


def comment(page: Page) -> Locator:
    return page.get_by_label("Tulis catatan")


def expect_saved(page: Page) -> None:
    expect(page.locator("[data-kept]")).to_have_text(re.compile(r"^Draf tersimpan \d\d\.\d\d WIB$"))


def kept_in_browser(page: Page) -> str:
    """Everything that the browser stores for the site."""
    stored: str = page.evaluate(
        "async () => JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie,"
        " await indexedDB.databases(), await caches.keys()])"
    )
    return stored


def test_a_comment_that_is_typed_after_the_login_has_ended_is_still_there_and_can_be_sent(
    site: Site, case: Case, sign_in: SignIn
) -> None:
    page = sign_in("petugas@pasuruan", **HAND)
    page.goto(f"{site.url}/cases/{case.id}")
    end_logins(site)
    comment(page).fill(WORDS)
    page.get_by_role("button", name="Kirim catatan").click()
    expect(page.locator("[data-box]")).to_contain_text("Sesi Anda sudah berakhir")
    expect(comment(page)).to_have_value(WORDS)
    assert overflow(page) == []
    assert accessibility_faults(page) == []
    screenshot(page, "note-login-360")
    assert "Kenanga" not in kept_in_browser(page)
    sign_in_beside(page)
    expect_saved(page)
    expect(page.locator("[data-box]")).to_have_count(0)
    page.reload()
    expect(comment(page)).to_have_value(WORDS)
    page.get_by_role("button", name="Kirim catatan").click()
    expect(page.locator(".comment-words")).to_have_text(WORDS)
    expect(comment(page)).to_have_value("")


def test_a_cookie_that_is_gone_costs_a_comment_nothing_but_a_login(
    site: Site, case: Case, sign_in: SignIn
) -> None:
    page = sign_in("petugas@pasuruan")
    page.goto(f"{site.url}/cases/{case.id}")
    page.wait_for_load_state("networkidle")  # the bell brings the cookie back
    page.context.clear_cookies()
    comment(page).fill(WORDS)
    expect(page.locator("[data-box]")).to_be_visible()  # without a button: while it is typed
    sign_in_beside(page)
    expect_saved(page)
    page.get_by_role("button", name="Kirim catatan").click()
    expect(page.locator(".comment-words")).to_have_text(WORDS)


def test_what_was_typed_is_there_after_going_away_and_nobody_else_at_the_browser_sees_it(
    site: Site, case: Case, sign_in: SignIn
) -> None:
    page = sign_in("petugas@pasuruan")
    page.goto(f"{site.url}/cases/{case.id}")
    comment(page).fill(WORDS)
    page.get_by_role("link", name="Titian").click()  # at once: it is saved while the page goes
    expect(page.get_by_role("heading", level=1)).to_have_text("Tugas")
    page.goto(f"{site.url}/cases/{case.id}")
    expect(comment(page)).to_have_value(WORDS)
    expect(page.locator("[data-kept]")).to_contain_text("Belum terkirim: draf Anda dari")
    sign_out(page)
    site.sign_in(page, COLLEAGUE)
    page.goto(f"{site.url}/cases/{case.id}")
    expect(comment(page)).to_have_value("")
    expect(page.locator("body")).not_to_contain_text("Kenanga")
    assert "Kenanga" not in kept_in_browser(page)


def test_whoever_signs_in_beside_a_comment_does_not_send_it(site: Site, case: Case, sign_in: SignIn) -> None:
    page = sign_in("petugas@pasuruan")
    page.goto(f"{site.url}/cases/{case.id}")
    other = page.context.new_page()
    page.context.clear_cookies()
    site.sign_in(other, COLLEAGUE)
    comment(page).fill(WORDS)
    page.get_by_role("button", name="Kirim catatan").click()
    expect(page.locator("[data-box]")).to_contain_text(f"Sekarang Anda masuk sebagai {COLLEAGUE}")
    other.goto(f"{site.url}/cases/{case.id}")
    expect(other.locator(".comment-words")).to_have_count(0)
    expect(comment(other)).to_have_value("")


def test_a_line_that_is_gone_keeps_the_comment_on_the_page(site: Site, case: Case, sign_in: SignIn) -> None:
    page = sign_in("petugas@pasuruan")
    page.goto(f"{site.url}/cases/{case.id}")
    overlook(page, "ERR_INTERNET_DISCONNECTED")
    page.context.set_offline(True)
    comment(page).fill(WORDS)
    page.get_by_role("button", name="Kirim catatan").click()
    expect(page.locator("[data-kept]")).to_have_text("Belum tersimpan: tidak ada sambungan; dicoba lagi.")
    expect(comment(page)).to_have_value(WORDS)
    page.context.set_offline(False)
    expect_saved(page)
    page.get_by_role("button", name="Kirim catatan").click()
    expect(page.locator(".comment-words")).to_have_text(WORDS)


def test_notes_to_a_colleague_and_back_outlive_the_login_too(site: Site, case: Case, sign_in: SignIn) -> None:
    task = task_of(case, "petugas@pasuruan", take=True)
    page = sign_in("petugas@pasuruan")
    page.goto(f"{site.url}/tasks/{task}/hand-over")
    note = page.get_by_label(re.compile("Pesan untuk rekan"))
    note.fill(WORDS)
    expect_saved(page)
    end_logins(site)
    page.reload()
    page.get_by_label("Nama pengguna").fill("petugas@pasuruan")
    page.get_by_label("Kata sandi").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Masuk").click()
    expect(note).to_have_value(WORDS)
    page.get_by_label("Rekan", exact=True).select_option(COLLEAGUE)
    page.get_by_label(re.compile("Membantu mengerjakan")).check()
    page.get_by_role("button", name="Serahkan tugas").click()
    expect(page.get_by_text(re.compile("meminta bantuan Rina")).first).to_be_visible()
    helper = sign_in(COLLEAGUE)
    helper.goto(f"{site.url}/tasks/{task}")
    expect(helper.locator(".handed .comment-words")).to_have_text(WORDS)
    end_logins(site)
    back = helper.get_by_label(re.compile("Hasilnya"))
    back.fill("Sudah dijemput")
    expect(helper.locator("[data-box]")).to_contain_text("Sesi Anda sudah berakhir")
    sign_in_beside(helper)
    expect_saved(helper)
    helper.get_by_role("button", name=re.compile("Kembalikan kepada")).click()
    expect(helper.get_by_text(re.compile("Tugas sudah kembali"))).to_be_visible()
