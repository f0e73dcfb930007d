"""A social worker's day (hari kerja peksos), from signing in to the last task: issue 6, section 3."""

import re

import pytest
from playwright.sync_api import FilePayload, Page, expect

from engine import desk, get_actor
from tests.browser.conftest import SignIn
from tests.support.browser import DESK, PHONE, accessibility_faults
from tests.support.case import Case, begin
from tests.support.files import photo
from tests.support.people import answer, field, overflow, send, sign_out, take
from tests.support.site import Site

pytestmark = pytest.mark.browser
KEY = "natuna_pendampingan_abh_ampk"
PEKSOS, CLERK = "peksos@natuna", "petugas@natuna"
PHOTO: FilePayload = {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": photo((1600, 1200))}
FIRST = {"Nama anak": "Bintang Contoh", "Jenis kelamin": "Laki-laki"}
REST = {
    "Umur anak saat kejadian": "15",
    "Kedudukan anak dalam perkara": "Saksi",
    "Tanggal asesmen": "5/1/2026",
    "Kebutuhan anak": "Tetap bersekolah",
    "Rekomendasi pekerja sosial": "Didampingi selama pemeriksaan",
}


def assigned(site: Site, *, assessed: bool = False) -> Case:
    """A case that waits for the social worker: for the assessment, or for the draft of the letter."""
    case = begin(site.service, "natuna", KEY, "petugas")
    case.do("petugas", "langkah_2_terima_tugaskan", memenuhi_persyaratan=True)
    if assessed:
        case.do("peksos", "langkah_3_asesmen")
    return case


def read_the_bell(page: Page, number: str) -> None:
    """A colleague has mentioned the social worker; the bell says so, and leads to the case."""
    bell = page.locator("#bell")
    expect(bell).to_have_accessible_name("Pemberitahuan: 1 belum dibaca")
    bell.click()
    page.get_by_role("link", name=re.compile(f"menyebut Anda.*{number}")).click()
    expect(page.locator(".comment-words").first).to_contain_text("keluarga minta dihubungi sore")
    page.get_by_label("Tulis catatan").fill("Baik, saya telepon pukul 15.00.")
    page.get_by_role("button", name="Kirim catatan").click()
    expect(page.locator(".comment-words").first).to_contain_text("pukul 15.00")
    expect(page.locator("#bell")).to_have_accessible_name("Pemberitahuan: semua sudah dibaca")


def find(page: Page, site: Site, number: str) -> None:
    """The task of a case, by its number."""
    page.goto(site.url)
    page.keyboard.press("/")
    page.keyboard.type(number[-4:])
    page.keyboard.press("Enter")
    page.locator(".card", has_text=number).first.click()


def begin_and_leave(page: Page) -> None:
    """Begin the assessment, be called away, and go on where one was."""
    take(page)
    answer(page, FIRST)
    expect(page.locator("#draft-status")).to_contain_text("Draf tersimpan")
    page.get_by_label("Utama").get_by_role("link", name="Tugas").click()
    page.locator(".card", has_text="draf").first.click()
    expect(page.get_by_text("Anda melanjutkan draf")).to_be_visible()
    expect(field(page, "Nama anak").get_by_label("Nama anak")).to_have_value(FIRST["Nama anak"])


def why(page: Page) -> None:
    """The letter's clock explains itself."""
    page.locator("summary", has_text="Kenapa?").first.click()
    expect(page.get_by_text(re.compile("75 menit kerja")).first).to_be_visible()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_the_day_of_a_social_worker(site: Site, sign_in: SignIn, size: dict[str, int]) -> None:
    letter, visit = assigned(site, assessed=True), assigned(site)
    clerk = get_actor(site.service.database, CLERK)
    assert clerk
    words = f"@{PEKSOS} keluarga minta dihubungi sore"
    desk.add_comment(site.service.database, clerk, visit.id, words)
    hand = {"viewport": size, "has_touch": True, "is_mobile": True} if size is PHONE else {"viewport": size}
    page = sign_in(PEKSOS, **hand)
    assert overflow(page, size["width"]) == []
    read_the_bell(page, visit.business_key)
    find(page, site, visit.business_key)
    begin_and_leave(page)
    page.locator("#attach-file").set_input_files([PHOTO])
    expect(page.locator("#attach [data-attachment]")).to_have_count(1)
    answer(page, REST)
    assert overflow(page, size["width"]) == []
    assert accessibility_faults(page) == []
    send(page)
    notice = page.get_by_role("status").first
    expect(notice).to_contain_text("Lakukan asesmen")
    expect(notice).to_contain_text("Berikutnya dalam kasus yang sama")
    take(page)
    why(page)
    send(page)
    expect(page.get_by_role("status").first).to_contain_text("Berikutnya untuk kelompok Anda")
    expect(page.get_by_role("heading", level=1)).to_contain_text("konsep surat", ignore_case=True)
    take(page)
    send(page)
    expect(page.get_by_role("status").first).to_contain_text("Tidak ada lagi")
    page.goto(f"{site.url}/cases/{visit.id}")
    expect(page.locator(".attachment")).to_have_count(1)
    assert overflow(page, size["width"]) == []
    visit.waits_for("langkah_4_telaah_paraf")
    letter.waits_for("langkah_4_telaah_paraf")
    sign_out(page)
