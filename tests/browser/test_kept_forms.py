"""A form that was sent after the login had ended is back in its place, on a phone and without scripts."""

import pytest
from playwright.sync_api import expect

from engine.store import writing
from engine.store.tables import LoginSession
from tests.browser.conftest import SignIn
from tests.browser.places import KEY
from tests.support.browser import PHONE
from tests.support.case import begin
from tests.support.people import overflow
from tests.support.site import Site
from webapp.config import DEMO_PASSWORD

pytestmark = pytest.mark.browser


def test_a_comment_written_without_scripts_outlives_the_login(site: Site, sign_in: SignIn) -> None:
    case = begin(site.service, "pasuruan", KEY, "petugas")
    page = sign_in("petugas@pasuruan", viewport=PHONE, java_script_enabled=False)
    page.goto(f"{site.url}/cases/{case.id}")
    with writing(site.service.database) as tx:
        tx.execute(LoginSession.__table__.delete())
    page.get_by_label("Tulis catatan").fill("Ibu belum dapat dihubungi.\nBesok dicoba lagi.")
    page.get_by_role("button", name="Kirim catatan").click()
    expect(page.get_by_text("Yang Anda isi belum terkirim")).to_be_visible()
    assert overflow(page, PHONE["width"]) == []
    page.get_by_label("Nama pengguna").fill("petugas@pasuruan")
    page.get_by_label("Kata sandi").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Masuk", exact=True).click()
    expect(page.get_by_text("Belum ada yang terkirim")).to_be_in_viewport()
    expect(page.get_by_label("Tulis catatan")).to_have_value("Ibu belum dapat dihubungi.\nBesok dicoba lagi.")
    assert overflow(page, PHONE["width"]) == []
    page.get_by_role("button", name="Kirim catatan").click()
    expect(page.locator(".comment-words")).to_contain_text("Besok dicoba lagi.")
    expect(page.get_by_text("Belum ada yang terkirim")).to_have_count(0)
