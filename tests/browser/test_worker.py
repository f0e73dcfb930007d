"""A worker's days: a case of Kota Pasuruan from the report to the archive on a phone, and what goes wrong."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.support.people import Answers, answer, change_places, overflow, send, take
from tests.support.site import Site

pytestmark = pytest.mark.browser

HAND = {"viewport": {"width": 360, "height": 780}, "has_touch": True, "is_mobile": True}
REPORT = {
    "Apa yang masuk?": "Laporan",
    "Laporan masuk melalui": "Telepon",
    "Siapa yang melapor?": "Masyarakat",
    "Uraian laporan": "Seorang anak mengambil telepon genggam milik tetangganya.",
}
ASSESSMENT = {
    "Nama anak": "Bintang Contoh",
    "Jenis kelamin": "Laki-laki",
    "Umur anak saat kejadian": "11",
    "NIK anak": "3575010101150001",
    "Tanggal lahir": "1/1/2015",
    "Apakah umur anak diperkirakan?": "Tidak",
    "Kedudukan anak dalam perkara": "Pelaku (anak berkonflik hukum)",
    "Apakah pengulangan tindak pidana?": "Tidak",
    "Apakah ada korban?": "Ya",
    "Kerugian korban": "1500000",
    "Tanggal asesmen": "5/1/2026",
    "Kebutuhan anak": "Tetap bersekolah",
    "Rekomendasi pekerja sosial": "Dibina di keluarga",
}
CONFERENCE = {"Umur anak saat kejadian": "11", "Tingkat tindak pidana": "Ringan"}
AGREED = {"Apakah para pihak sepakat?": "Ya, sepakat", "Hasil musyawarah": "Barang dikembalikan"}
DECISION = {"Keputusan pengasuhan": "Tinggal bersama ibu", "Bentuk rehabilitasi": "Bimbingan mingguan"}
ONCE_MORE = {"Apakah tujuan rehabilitasi tercapai?": "Belum, pemantauan berlanjut"}
REACHED = {"Apakah tujuan rehabilitasi tercapai?": "Ya, tercapai"}
OF_THE_SOCIAL_WORKER: tuple[tuple[str, Answers], ...] = (
    ("Lakukan asesmen anak", ASSESSMENT),
    ("Adakan case conference", CONFERENCE),
    ("Tetapkan jalur penanganan", {"Jalur yang ditetapkan": "Upaya RJ di masyarakat"}),
    ("Upayakan RJ di masyarakat", AGREED),
    ("Dampingi keputusan RJ", DECISION),
    ("Pantau pelaksanaan", ONCE_MORE),
    ("Pantau pelaksanaan", REACHED),
    ("Nyatakan kasus terminasi", {"Indikator yang tercapai": "Anak kembali bersekolah"}),
    ("Susun laporan kasus", {"Laporan akhir": "Kasus selesai dengan baik."}),
)


def work(page: Page, step: str, answers: Answers) -> None:
    """Take the open task, which is this step, answer its form and complete it; every page fits the phone."""
    expect(page.get_by_role("heading", level=1)).to_contain_text(step, ignore_case=True)
    assert overflow(page) == []
    take(page)
    answer(page, answers)
    assert overflow(page) == []
    send(page)
    expect(page.get_by_role("status").first).to_contain_text("selesai")


def start(page: Page) -> str:
    """Open a case as the officer who takes reports; returns its registration number."""
    page.get_by_role("link", name="Kasus baru").click()
    answer(page, REPORT)
    assert overflow(page) == []
    send(page, "Buka kasus")
    opened = page.get_by_role("status").first.inner_text()
    found = re.search(r"PASURUAN-\d{4}-\d+", opened)
    assert found, opened
    return found[0]


def test_a_worker_takes_a_case_from_the_report_to_the_archive_on_a_phone(site: Site, sign_in: SignIn) -> None:
    page = sign_in("petugas@pasuruan", **HAND)
    assert overflow(page) == []
    number = start(page)
    work(page, "Terima laporan atau undangan", {})
    change_places(site, page, "peksos@pasuruan")
    page.locator(".card", has_text=number).click()
    for step, answers in OF_THE_SOCIAL_WORKER:
        work(page, step, answers)
    change_places(site, page, "staf_data@pasuruan")
    page.locator(".card", has_text=number).click()
    case = page.get_by_role("link", name=number, exact=True).get_attribute("href")
    work(page, "Arsipkan laporan kasus", {"Nomor arsip": "A-1"})
    page.goto(f"{site.url}{case}")
    expect(page.locator(".state-done")).to_be_visible()
    assert overflow(page) == []
