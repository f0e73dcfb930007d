"""Being told: the bell that moves by itself, and a push message that a closed page shows."""

import json
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, expect

from engine import get_actor
from engine.commands.notifying import notify
from engine.desk import NotificationKind, list_notifications
from engine.store import writing
from tests.browser.conftest import PATIENCE, SignIn
from tests.browser.places import KEY
from tests.support.case import Case, begin
from tests.support.site import Site

pytestmark = pytest.mark.browser

PEKSOS = "peksos@pasuruan"


def tell(site: Site, case: Case) -> str:
    """The id of what the social worker is told."""
    database = site.service.database
    with writing(database) as tx:
        notify(tx, NotificationKind.MENTIONED, "pasuruan", [PEKSOS], instance_id=case.id)
    someone = get_actor(database, PEKSOS)
    assert someone
    return list_notifications(database, someone)[0].id


def look_back(page: Page) -> None:
    """Somebody comes back to this tab, which is when the bell asks at once."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def test_the_bell_moves_by_itself_and_reading_quiets_it(site: Site, sign_in: SignIn) -> None:
    case = begin(site.service, "pasuruan", KEY, "petugas")
    case.do("petugas", "langkah_1_terima_laporan", jenis_masuk="laporan")
    page = sign_in(PEKSOS)
    bell = page.locator("#bell")
    expect(bell).to_have_accessible_name("Pemberitahuan: semua sudah dibaca")
    tell(site, case)
    look_back(page)
    expect(bell).to_have_accessible_name("Pemberitahuan: 1 belum dibaca")
    bell.click()
    page.get_by_role("link", name=f"menyebut Anda di {case.business_key}").click()
    expect(page).to_have_url(f"{site.url}/cases/{case.id}#comments")
    expect(bell).to_have_accessible_name("Pemberitahuan: semua sudah dibaca")


def test_a_bell_whose_login_has_ended_stays_quiet(site: Site, sign_in: SignIn) -> None:
    page = sign_in(PEKSOS)
    page.wait_for_load_state("networkidle")  # no answer that is on its way brings the cookie back
    page.context.clear_cookies()
    with page.expect_response("**/notifications/bell**") as answer:
        look_back(page)
    assert answer.value.status == 401
    expect(page.locator("#bell")).to_be_visible()


@pytest.mark.whole_browser
def test_a_push_message_is_shown_and_opens_its_page(site: Site, sign_in: SignIn) -> None:
    site.service.app.config["SETTINGS"] = replace(site.service.app.config["SETTINGS"], origin=site.url)
    case = begin(site.service, "pasuruan", KEY, "petugas")
    case.do("petugas", "langkah_1_terima_laporan", jenis_masuk="laporan")
    told = tell(site, case)
    page = sign_in(PEKSOS)
    page.context.grant_permissions(["notifications"], origin=site.url)
    page.goto(f"{site.url}/account/notifications")
    expect(page.get_by_role("button", name="Beri tahu saya di perangkat ini")).to_be_visible()
    browser = page.context.new_cdp_session(page)
    registration = register(page, browser)
    message = {"title": "Anda disebut rekan", "body": case.business_key, "url": f"/notifications/{told}"}
    push = {"origin": site.url, "registrationId": registration, "data": json.dumps(message)}
    browser.send("ServiceWorker.deliverPushMessage", push)
    shown = wait_for_message(page)
    assert shown == {**message, "url": f"/notifications/{told}"}


def register(page: Page, browser: CDPSession) -> str:
    """Registers the service worker as the page's button does; the id of that at the browser."""
    found: list[dict[str, Any]] = []
    browser.on("ServiceWorker.workerRegistrationUpdated", lambda event: found.extend(event["registrations"]))
    browser.send("ServiceWorker.enable")
    page.evaluate("navigator.serviceWorker.register('/sw.js').then(() => undefined)")
    until_it_is(page, "async () => (await navigator.serviceWorker.ready).active.state === 'activated'")
    for _ in range(PATIENCE // 50):
        if found:
            return str(found[-1]["registrationId"])
        page.wait_for_timeout(50)
    raise AssertionError("no service worker")


def wait_for_message(page: Page) -> dict[str, str]:
    """What the service worker shows, once it does."""
    shown: list[dict[str, str]] = until_it_is(
        page,
        """async () => (await (await navigator.serviceWorker.ready).getNotifications()).map(
               ({ title, body, data }) => ({ title, body, url: data.url }))""",
    )
    return shown[0]


def until_it_is(page: Page, question: str) -> Any:
    """The first answer that says something; a browser takes its time beside other tests."""
    for _ in range(PATIENCE // 50):
        if answer := page.evaluate(question):
            return answer
        page.wait_for_timeout(50)
    raise AssertionError(f"never: {question}")


def test_without_permission_the_page_says_what_to_do(site: Site, sign_in: SignIn) -> None:
    site.service.app.config["SETTINGS"] = replace(site.service.app.config["SETTINGS"], origin=site.url)
    page = sign_in(PEKSOS)
    page.goto(f"{site.url}/account/notifications")
    page.get_by_role("button", name="Beri tahu saya di perangkat ini").click()
    expect(page.get_by_role("alert")).to_contain_text("Peramban tidak mengizinkan")
