"""Why a deadline is when it is: opened by hand and by keyboard, at the width of a phone and of a desk."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import SignIn
from tests.support.browser import DESK, PHONE, accessibility_faults
from tests.support.case import begin
from tests.support.people import overflow
from tests.support.site import Site

pytestmark = pytest.mark.browser


def test_a_task_and_a_case_explain_their_deadlines_at_every_width(site: Site, sign_in: SignIn) -> None:
    case = begin(site.service, "natuna", "natuna_pendampingan_abh_ampk", "petugas")
    [task] = site.service.caller("petugas@natuna").get("/task", processInstanceId=case.id).json
    page = sign_in("petugas@natuna")
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        for path in (f"/tasks/{task['id']}", f"/cases/{case.id}"):
            page.goto(site.url + path)
            asked = page.locator("details.why summary").first
            asked.focus()
            page.keyboard.press("Enter")
            expect(page.locator(".why-body").first).to_be_visible()
            expect(page.locator(".why-body").first).to_contain_text(
                "Standar pelayanan: Waktu Penyelesaian: 75 Menit"
            )
            assert accessibility_faults(page) == []
            assert overflow(page, size["width"]) == []
