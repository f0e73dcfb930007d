"""Two colleagues work on one case: they talk about it, name each other, and one hands the task over."""

import re

import pytest
from playwright.sync_api import Page, expect

import engine
from engine.types import SYSTEM
from tests.browser.conftest import SignIn
from tests.browser.places import KEY, task_of
from tests.support.browser import DESK, PHONE
from tests.support.case import begin
from tests.support.people import overflow
from tests.support.site import Site
from webapp.auth.passwords import hash_password
from webapp.config import DEMO_PASSWORD

pytestmark = pytest.mark.browser
HAND = {"viewport": PHONE, "has_touch": True, "is_mobile": True}
COLLEAGUE = "rina@pasuruan"


def name_a_colleague(page: Page) -> None:
    """Write a comment and choose whom it names, by the keyboard alone."""
    field = page.get_by_label("Tulis catatan")
    field.press_sequentially("Tolong dicek, @r")
    offered = page.locator(".mention-list").get_by_role("option")
    expect(offered).to_have_count(1)
    expect(offered).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", "message-people-0")
    expect(page.locator(".comment-form .visually-hidden[role=status]")).to_have_text(
        "1 orang, pilih dengan tombol panah"
    )
    field.press("Escape")
    expect(offered).to_have_count(0)
    field.press_sequentially("i")
    field.press("Enter")
    expect(field).to_have_value(f"Tolong dicek, @{COLLEAGUE} ")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_colleagues_talk_about_a_case_and_hand_a_task_over(
    site: Site, sign_in: SignIn, size: dict[str, int]
) -> None:
    case = begin(site.service, "pasuruan", KEY, "petugas")
    hashed = hash_password(DEMO_PASSWORD)
    engine.add_user(site.service.database, SYSTEM, COLLEAGUE, "Rina", hashed, [("pasuruan", "petugas")])
    task = task_of(case, "petugas@pasuruan", take=True)
    page = sign_in("petugas@pasuruan", **(HAND if size is PHONE else {}))
    page.goto(f"{site.url}/cases/{case.id}")
    name_a_colleague(page)
    page.get_by_role("button", name="Kirim catatan").click()
    expect(page.locator(".comment-words")).to_have_text("Tolong dicek, @Rina")
    assert overflow(page, size["width"]) == []
    page.goto(f"{site.url}/tasks/{task}")
    page.get_by_role("link", name="Serahkan kepada rekan").click()
    page.get_by_label("Rekan", exact=True).select_option(COLLEAGUE)
    page.get_by_label(re.compile("Membantu mengerjakan")).check()
    page.get_by_label(re.compile("Pesan untuk rekan")).fill("Tinggal tanda tangan")
    assert overflow(page, size["width"]) == []
    page.get_by_role("button", name="Serahkan tugas").click()
    expect(page.get_by_text(re.compile("meminta bantuan Rina")).first).to_be_visible()
    other = sign_in(COLLEAGUE, **(HAND if size is PHONE else {}))
    other.goto(f"{site.url}/tasks/{task}")
    expect(other.locator(".handed .comment-words")).to_have_text("Tinggal tanda tangan")
    assert overflow(other, size["width"]) == []
    other.get_by_role("button", name=re.compile("Kembalikan kepada")).click()
    expect(other.get_by_text(re.compile("Tugas sudah kembali"))).to_be_visible()
