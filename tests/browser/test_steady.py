"""Nothing moves under a finger: what is saved as a field is left does not push the button away.

The focus goes when a mouse goes down, and a click is one only where it comes up over the same button.
"""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

import engine
from engine.types import SYSTEM
from tests.browser.conftest import SignIn
from tests.browser.places import KEY, task_of
from tests.support.browser import settle
from tests.support.case import Case, begin
from tests.support.people import answer
from tests.support.site import Site
from webapp.auth.passwords import hash_password
from webapp.config import DEMO_PASSWORD

pytestmark = pytest.mark.browser
CONFERENCE = {
    "Umur anak saat kejadian": "11",
    "Tingkat tindak pidana": "Ringan",
    "Peserta": "Ibu, RT, peksos",
}
COLLEAGUE = "rina@pasuruan"
PRESS = 900
"""Milliseconds that a slow hand holds the mouse down."""


@pytest.fixture
def case(site: Site) -> Case:
    return begin(site.service, "pasuruan", KEY, "petugas")


def press_slowly(page: Page, button: Locator) -> None:
    """Click as an unhurried hand does: what leaving the field sets going ends before the mouse comes up."""
    button.scroll_into_view_if_needed()
    settle(page)
    box = button.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 3)
    page.mouse.down()
    page.wait_for_timeout(PRESS)
    page.mouse.up()


def test_a_task_is_handed_over_while_its_note_is_saved(site: Site, case: Case, sign_in: SignIn) -> None:
    hashed = hash_password(DEMO_PASSWORD)
    engine.add_user(site.service.database, SYSTEM, COLLEAGUE, "Rina", hashed, [("pasuruan", "petugas")])
    task = task_of(case, "petugas@pasuruan", take=True)
    page = sign_in("petugas@pasuruan")
    page.goto(f"{site.url}/tasks/{task}/hand-over")
    page.get_by_label("Rekan", exact=True).select_option(COLLEAGUE)
    page.get_by_label(re.compile("Membantu mengerjakan")).check()
    page.get_by_label(re.compile("Pesan untuk rekan")).fill("Tinggal tanda tangan")
    press_slowly(page, page.get_by_role("button", name="Serahkan tugas"))
    expect(page.get_by_text(re.compile("meminta bantuan")).first).to_be_visible()


def test_a_comment_is_sent_while_it_is_saved(site: Site, case: Case, sign_in: SignIn) -> None:
    page = sign_in("petugas@pasuruan")
    page.goto(f"{site.url}/cases/{case.id}")
    page.get_by_label("Tulis catatan").fill("Sudah dihubungi")
    press_slowly(page, page.get_by_role("button", name="Kirim catatan"))
    expect(page.locator(".comment-words")).to_have_text("Sudah dihubungi")


def test_a_form_is_sent_while_its_draft_is_saved(site: Site, case: Case, sign_in: SignIn) -> None:
    case.do("petugas", "langkah_1_terima_laporan", jenis_masuk="laporan")
    case.do("peksos", "langkah_3_asesmen")
    task = task_of(case, "peksos@pasuruan", take=True)
    page = sign_in("peksos@pasuruan")
    page.goto(f"{site.url}/tasks/{task}")
    answer(page, CONFERENCE)
    press_slowly(page, page.get_by_role("button", name="Selesaikan tugas"))
    expect(page.get_by_role("heading", name="Tetapkan jalur penanganan")).to_be_visible()
