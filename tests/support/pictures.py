"""Makes the pictures of the documentation anew: ``python -m tests.support.pictures``.

They show the real pages of a demonstration's agency. Its cases have been worked on for some days, and some of
its steps have deadlines, as an analyst may give them.
"""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect, sync_playwright

from engine import clock, deploy, desk, get_actor
from engine.types import SYSTEM
from tests.support.browser import HERE, ROOT
from tests.support.case import Case, begin
from tests.support.chromium import get_chromium
from tests.support.keys import open_database, settings
from tests.support.people import answer, take
from tests.support.service import Service, load
from tests.support.site import Site, serving
from webapp import create_app

IMAGES = ROOT / "docs/images"
KEY = "pasuruan_penanganan_abh"
DEADLINES = {
    "langkah_3_asesmen": "P1D",
    "langkah_6_case_conference": "P2D",
    "langkah_6_tetapkan_jalur": "P1D",
    "langkah_11_pemantauan": "P14D",
}
REPORT = {
    "uraian": "Dua anak mengambil telepon genggam di warung.",
    "kanal": "telepon",
    "jenis_pelapor": "masyarakat",
}
CHILD = {
    "nama_anak": "Bintang (contoh)",
    "umur_saat_kejadian": 13,
    "kebutuhan": "Tetap bersekolah dan tinggal bersama ibunya",
    "rekomendasi": "Upaya RJ di masyarakat",
}
CONFERENCE = {
    "umur_saat_kejadian": 13,
    "tingkat_tindak_pidana": "ringan",
    "peserta": "Ibu, ketua RT, guru, peksos",
}


def main() -> None:
    """Write every picture into `docs/images/`."""
    chromium = get_chromium()
    with office() as site, sync_playwright() as playwright:
        cases = days_of_work(site)
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        IMAGES.mkdir(parents=True, exist_ok=True)
        inbox(site, browser, cases["decision"])
        case_page(site, browser, cases["decision"])
        phone(site, browser, cases["conference"])
        phone_list(site, browser)
        cockpit(site, browser, cases["decision"])
        modeler(site, browser)
        calendar(site, browser)
        browser.close()


@contextmanager
def office() -> Iterator[Site]:
    """The application with everything deployed, and deadlines on the steps of one procedure."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/titian.db"
        load(url, Path(folder))
        database = open_database(url)
        diagram = (ROOT / f"processes/pasuruan/{KEY}.bpmn").read_text(encoding="utf-8")
        for step, deadline in DEADLINES.items():
            diagram = re.sub(f'(<bpmn:userTask id="{step}")', rf'\1 camunda:dueDate="{deadline}"', diagram)
        deploy(database, SYSTEM, "pasuruan", "tenggat", {f"{KEY}.bpmn": diagram.encode()})
        app = create_app(settings(demo=True, data=Path(folder), database_url=url))
        with serving(app) as address:
            yield Site(address, Service(app, database))
        database.dispose()


@contextmanager
def ago(**length: float) -> Iterator[None]:
    """What is done inside was done that long ago."""
    real, then = clock.now, clock.now() - timedelta(**length)
    clock.now = lambda: then
    try:
        yield
    finally:
        clock.now = real


def days_of_work(site: Site) -> dict[str, Case]:
    """Cases at different steps, one of them late."""
    cases = {}
    for hours, name in enumerate(("monitoring", "late", "decision", "conference", "new")):
        with ago(days=4, hours=-20 * hours):
            cases[name] = begin(site.service, "pasuruan", KEY, "petugas", **REPORT)
    steps: tuple[tuple[float, str, str, str, dict[str, Any]], ...] = (
        (72, "monitoring", "petugas", "langkah_1_terima_laporan", {"jenis_masuk": "undangan_rj"}),
        (70, "monitoring", "peksos", "langkah_4_verifikasi", CHILD),
        (52, "monitoring", "peksos", "langkah_9_keputusan_rj", {"perlu_rujukan": False}),
        (51, "late", "petugas", "langkah_1_terima_laporan", {"jenis_masuk": "laporan"}),
        (50, "decision", "petugas", "langkah_1_terima_laporan", {"jenis_masuk": "laporan"}),
        (30, "decision", "peksos", "langkah_3_asesmen", CHILD),
        (20.6, "decision", "peksos", "langkah_6_case_conference", CONFERENCE),
        (26, "conference", "petugas", "langkah_1_terima_laporan", {"jenis_masuk": "laporan"}),
        (6, "conference", "peksos", "langkah_3_asesmen", CHILD),
        (2, "new", "petugas", "langkah_1_terima_laporan", {"jenis_masuk": "undangan_diversi"}),
    )
    for hours, name, group, step, answers in steps:
        with ago(hours=hours):
            cases[name].do(group, step, **answers)
    return cases


def open_page(site: Site, browser: Browser, user_id: str, **options: Any) -> Page:
    return site.sign_in(
        browser.new_context(**{**HERE, "reduced_motion": "reduce", **options}).new_page(), user_id
    )


def keep(page: Page, name: str) -> None:
    page.wait_for_timeout(800)  # fonts and the diagram's last strokes
    page.mouse.move(0, 0)
    page.evaluate("scrollTo(0, 0)")
    page.screenshot(path=IMAGES / f"{name}.png")


def inbox(site: Site, browser: Browser, case: Case) -> None:
    page = open_page(site, browser, "peksos@pasuruan", viewport={"width": 1280, "height": 880})
    page.locator(".card", has_text=case.business_key).click()
    take(page)
    answer(page, {"Jalur yang ditetapkan": "Upaya RJ di masyarakat"})
    page.evaluate("document.activeElement.blur()")
    keep(page, "inbox")


def case_page(site: Site, browser: Browser, case: Case) -> None:
    colleague = get_actor(site.service.database, "petugas@pasuruan")
    assert colleague
    words = "@peksos@pasuruan, ibu anak minta dihubungi sesudah pukul 15.00."
    desk.add_comment(site.service.database, colleague, case.id, words)
    page = open_page(site, browser, "peksos@pasuruan", viewport={"width": 1280, "height": 1000})
    page.goto(f"{site.url}/cases/{case.id}")
    page.locator("summary", has_text="Kenapa?").click()
    keep(page, "case")


def phone_list(site: Site, browser: Browser) -> None:
    size = {"width": 360, "height": 780}
    page = open_page(
        site, browser, "peksos@pasuruan", viewport=size, is_mobile=True, has_touch=True, device_scale_factor=2
    )
    page.goto(f"{site.url}/?tab=queue.pasuruan.peksos")
    keep(page, "inbox-phone")


def phone(site: Site, browser: Browser, case: Case) -> None:
    size = {"width": 360, "height": 780}
    page = open_page(
        site, browser, "peksos@pasuruan", viewport=size, is_mobile=True, has_touch=True, device_scale_factor=2
    )
    page.goto(f"{site.url}/?tab=queue.pasuruan.peksos")
    page.locator(".card", has_text=case.business_key).click()
    take(page)
    expect(page.locator("#form .fjs-form-field").first).to_be_visible()
    keep(page, "task-phone")


def cockpit(site: Site, browser: Browser, case: Case) -> None:
    page = open_page(site, browser, "manajer@pasuruan", viewport={"width": 1280, "height": 1000})
    page.goto(f"{site.url}/cockpit/instances/{case.id}")
    expect(page.locator(".badge-token")).to_be_visible()
    keep(page, "cockpit")


def modeler(site: Site, browser: Browser) -> None:
    page = open_page(site, browser, "analis@pasuruan")
    page.locator(".definition-list li", has_text=KEY).locator(".definition-name").click()
    page.locator('.djs-shape[data-element-id="langkah_3_asesmen"]').click()
    page.locator("#properties").get_by_text("Siapa dan kapan", exact=True).click()
    keep(page, "modeler")


def calendar(site: Site, browser: Browser) -> None:
    page = open_page(site, browser, "manajer@pasuruan", viewport={"width": 1280, "height": 880})
    page.goto(f"{site.url}/calendar?year=2026")
    keep(page, "calendar")


if __name__ == "__main__":
    main()
