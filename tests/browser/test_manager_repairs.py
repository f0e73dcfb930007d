"""A manager's morning: something has gone wrong, is tried again, and is done."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import SignIn
from tests.support.site import Site
from tests.support.trouble import FAULT, Referrals

pytestmark = pytest.mark.browser


def test_an_incident_is_found_tried_again_and_done(site: Site, sign_in: SignIn) -> None:
    referrals = Referrals(site.service, "pasuruan")
    case = referrals.failed()
    page = sign_in("manajer@pasuruan")
    page.get_by_role("link", name="Kokpit").click()
    page.get_by_role("link", name="Gangguan").click()
    expect(page.locator(".trouble")).to_contain_text(FAULT)
    page.get_by_role("link", name=case.business_key).click()
    badge = page.locator('.djs-overlays[data-container-id="kirim"] .badge-incident')
    expect(badge).to_have_text("!")
    page.get_by_role("button", name="Coba lagi").click()
    expect(page.get_by_text("Sekarang dicoba lagi.")).to_be_visible()
    expect(page.locator(".wait")).to_contain_text("Belum ada program yang mengambilnya.")
    expect(page.locator(".trouble, .badge-incident")).to_have_count(0)
    referrals.report(case, done=True)
    page.reload()
    expect(page.locator(".where-step h3")).to_have_text("Periksa jawaban")


def test_a_case_is_stopped_and_let_go_on(site: Site, sign_in: SignIn) -> None:
    case = Referrals(site.service, "pasuruan").begin()
    page = sign_in("manajer@pasuruan")
    page.goto(f"{site.url}/cockpit/instances/{case.id}")
    page.get_by_text("Hentikan kasus sementara").click()
    page.get_by_role("button", name=f"Hentikan {case.business_key} sementara").click()
    expect(page.get_by_role("heading", name="Kasus dihentikan sementara")).to_be_visible()
    page.get_by_role("button", name="Lanjutkan kasus").click()
    expect(page.get_by_text(f"Kasus {case.business_key} dilanjutkan.")).to_be_visible()
    expect(page.get_by_role("heading", name="Kasus dihentikan sementara")).to_have_count(0)
