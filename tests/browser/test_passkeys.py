"""Passkeys in a real browser, with its virtual authenticator; and how the account's pages look."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.support.browser import PHONE, OpenPage, accessibility_faults, screenshot
from tests.support.guests import Phone, protected
from tests.support.service import Service
from tests.support.site import Site, serving
from webapp.db import db

WORKER, MANAGER = "petugas@natuna", "manajer@natuna"


@dataclass
class Authenticator:
    """The browser's own: a finger that always fits, unless it is told otherwise."""

    session: CDPSession
    id: str

    def fits(self, yes: bool) -> None:
        self.session.send("WebAuthn.setUserVerified", {"authenticatorId": self.id, "isUserVerified": yes})

    def credentials(self) -> list[dict[str, Any]]:
        found = self.session.send("WebAuthn.getCredentials", {"authenticatorId": self.id})["credentials"]
        return list(found)

    def put(self, credential: dict[str, Any]) -> None:
        """Put back a copy of a credential in place of the one that is there."""
        self.session.send("WebAuthn.clearCredentials", {"authenticatorId": self.id})
        wanted = ("credentialId", "isResidentCredential", "rpId", "privateKey", "userHandle", "signCount")
        kept = {name: credential[name] for name in wanted}
        self.session.send("WebAuthn.addCredential", {"authenticatorId": self.id, "credential": kept})


def authenticator(page: Page) -> Authenticator:
    """Give the page's browser an authenticator of the platform, such as a phone's finger reader."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return Authenticator(session, made["authenticatorId"])


@pytest.fixture
def home(site: Site) -> Site:
    """The demonstration under a name: browsers make no passkeys for bare numbers."""
    return Site(site.url.replace("127.0.0.1", "localhost"), site.service)


@pytest.fixture
def office(loaded_url: str, tmp_path: Path) -> Iterator[Site]:
    """The service outside demo mode; Chromium takes strict cookies from localhost over plain HTTP too."""
    service: Service = protected(loaded_url, tmp_path)
    with serving(service.app) as url:
        yield Site(url.replace("127.0.0.1", "localhost"), service)
    service.database.dispose()
    with service.app.app_context():
        db.engine.dispose()


def show_password(page: Page, site: Site, user_id: str) -> None:
    page.goto(f"{site.url}/login")
    page.get_by_label("Nama pengguna").fill(user_id)
    page.get_by_label("Kata sandi").fill("titian-demo")
    page.get_by_role("button", name="Masuk", exact=True).click()


def add_passkey(page: Page, site: Site, name: str = "ponsel saya") -> None:
    page.goto(f"{site.url}/account/factors")
    page.get_by_label("Nama passkey baru").fill(name)
    page.get_by_role("button", name="Tambah passkey").click()
    expect(page.get_by_text("Passkey sudah ditambahkan")).to_be_visible()


def sign_out(page: Page) -> None:
    page.locator(".menu summary").click()
    page.get_by_role("button", name="Keluar", exact=True).click()
    expect(page.get_by_label("Nama pengguna")).to_be_visible()


def test_one_signs_in_with_a_finger_and_without_a_password(home: Site, page: Page) -> None:
    authenticator(page)
    show_password(page, home, WORKER)
    add_passkey(page, home)
    expect(page.get_by_text("ponsel saya", exact=True)).to_be_visible()
    sign_out(page)
    page.goto(f"{home.url}/login?next=/start")
    page.get_by_role("button", name="Masuk dengan passkey").click()
    page.wait_for_url(f"{home.url}/start/**")
    expect(page.locator(".menu")).to_contain_text("Petugas")


def test_a_passkey_is_the_second_factor_after_the_password(home: Site, page: Page) -> None:
    authenticator(page)
    show_password(page, home, WORKER)
    add_passkey(page, home)
    sign_out(page)
    show_password(page, home, WORKER)
    expect(page.get_by_role("heading", name="Satu langkah lagi")).to_be_visible()
    page.goto(f"{home.url}/account")
    expect(page.get_by_role("heading", name="Satu langkah lagi")).to_be_visible()
    page.get_by_role("button", name="Lanjut dengan passkey").click()
    page.wait_for_url(f"{home.url}/account")


def test_a_finger_that_does_not_fit_lets_nobody_in(home: Site, page: Page) -> None:
    finger = authenticator(page)
    show_password(page, home, WORKER)
    add_passkey(page, home)
    sign_out(page)
    finger.fits(False)
    page.goto(f"{home.url}/login")
    page.get_by_role("button", name="Masuk dengan passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("Passkey tidak terpakai")
    finger.fits(True)
    page.get_by_role("button", name="Masuk dengan passkey").click()
    expect(page.locator(".menu")).to_be_visible()


def test_a_passkey_that_was_removed_or_copied_lets_nobody_in(home: Site, page: Page) -> None:
    finger = authenticator(page)
    show_password(page, home, WORKER)
    add_passkey(page, home)
    [early] = finger.credentials()
    sign_out(page)
    page.get_by_role("button", name="Masuk dengan passkey").click()
    expect(page.locator(".menu")).to_be_visible()
    sign_out(page)
    finger.put(early)  # its counter is behind: somebody has used another copy
    page.get_by_role("button", name="Masuk dengan passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("Passkey ini tidak cocok")
    finger.put(early | {"signCount": 50})
    page.get_by_role("button", name="Masuk dengan passkey").click()
    expect(page.locator(".menu")).to_be_visible()
    page.goto(f"{home.url}/account")
    expect(page.get_by_text("Passkey ditolak: sepertinya ada salinannya")).to_be_visible()
    page.goto(f"{home.url}/account/factors")
    page.get_by_role("button", name="Hapus", exact=True).click()
    expect(page.get_by_text("Passkey sudah dihapus")).to_be_visible()
    sign_out(page)
    page.get_by_role("button", name="Masuk dengan passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("Passkey ini tidak cocok")


def test_a_passkey_answer_counts_once_and_for_its_own_question(home: Site, page: Page) -> None:
    authenticator(page)
    show_password(page, home, WORKER)
    add_passkey(page, home)
    sign_out(page)
    sent: list[str] = []
    page.on("request", lambda r: sent.append(r.post_data or "") if r.url.endswith("/login/passkey") else None)
    page.get_by_role("button", name="Masuk dengan passkey").click()
    expect(page.locator(".menu")).to_be_visible()
    sign_out(page)
    again = """async ({ body, fresh }) => {
        const headers = {
            'Content-Type': 'application/json',
            'X-CSRFToken': document.querySelector('meta[name="csrf-token"]').content,
        };
        if (fresh) await fetch('/login/passkey/options', { method: 'POST', headers, body: '{}' });
        return (await fetch('/login/passkey', { method: 'POST', headers, body })).status;
    }"""
    assert page.evaluate(again, {"body": sent[0], "fresh": False}) == 401
    assert page.evaluate(again, {"body": sent[0], "fresh": True}) == 401


def test_a_manager_sets_up_a_passkey_before_anything_else(office: Site, page: Page) -> None:
    authenticator(page)
    show_password(page, office, MANAGER)
    expect(page.get_by_role("heading", name="Pasang faktor kedua")).to_be_visible()
    page.get_by_role("button", name="Tambah passkey").click()
    expect(page.get_by_text("Passkey sudah ditambahkan")).to_be_visible()
    page.get_by_role("button", name="Buat kode pemulihan").click()
    expect(page.locator(".codes li")).to_have_count(10)
    page.get_by_role("button", name="Sudah saya simpan").click()
    expect(page.get_by_role("heading", name="Kokpit").or_(page.locator(".site-nav"))).to_be_visible()
    sign_out(page)
    page.get_by_role("button", name="Masuk dengan passkey").click()
    page.wait_for_url(f"{office.url}/cockpit")


def pages_of_the_account(page: Page, site: Site) -> Iterator[str]:
    """Every page of the account one after the other; the name of each."""
    show_password(page, site, WORKER)
    expect(page.locator(".menu")).to_be_visible()
    for name in ("", "/password", "/factors", "/logins", "/tokens"):
        page.goto(f"{site.url}/account{name}")
        yield f"akun{name.replace('/', '-')}"
    page.get_by_label("Untuk apa?").fill("ekspor malam")
    page.get_by_label("Membaca").check()
    page.get_by_role("button", name="Buat token").click()
    expect(page.locator("#token")).to_be_visible()
    yield "akun-token-baru"
    page.goto(f"{site.url}/account/factors")
    page.get_by_role("button", name="Pasang aplikasi").click()
    yield "akun-totp"
    page.get_by_label("Ketik kode").fill(Phone.reading(page.content()).code())
    page.get_by_role("button", name="Pakai aplikasi ini").click()
    expect(page.locator(".codes li")).to_have_count(10)
    yield "akun-kode"
    sign_out(page)
    show_password(page, site, WORKER)
    expect(page.get_by_role("heading", name="Satu langkah lagi")).to_be_visible()
    yield "akun-langkah-kedua"


@pytest.mark.parametrize("look", ["desk", "phone-dark"])
def test_the_pages_of_the_account_are_accessible_and_fit(home: Site, open_page: OpenPage, look: str) -> None:
    options: dict[str, Any] = {}
    if look == "phone-dark":
        options = {"viewport": PHONE, "has_touch": True, "is_mobile": True, "color_scheme": "dark"}
    page: Page = open_page(**options)
    wide: Callable[[], Any] = lambda: page.evaluate(  # noqa: E731
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )
    for name in pages_of_the_account(page, home):
        screenshot(page, f"{name}-{look}", full_page=True)
        assert accessibility_faults(page) == [], name
        assert not wide(), name
