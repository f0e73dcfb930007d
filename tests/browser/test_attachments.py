"""Files in the browser: a phone's photo shrinks before it is sent; what fails is sent again by a button."""

import io
import json
import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page, Request, expect

from engine import deploy, desk, get_actor, instance_variables
from engine.errors import AttachmentNotFound
from engine.types import SYSTEM
from tests.browser.conftest import SignIn
from tests.browser.test_worker import REPORT
from tests.support.browser import DESK, PHONE, accessibility_faults, overlook
from tests.support.case import begin
from tests.support.files import pdf, photo
from tests.support.people import answer, field, overflow, send, take
from tests.support.site import Site

pytestmark = pytest.mark.browser

SAYS = "Kenari di dahan"
PHOTO: FilePayload = {
    "name": "IMG_0001.jpg",
    "mimeType": "image/jpeg",
    "buffer": photo((4000, 3000), says=SAYS),
}
PAPER: FilePayload = {"name": "surat.pdf", "mimeType": "application/pdf", "buffer": pdf(pages=2)}
SCRIPT: FilePayload = {
    "name": "skrip.pdf",
    "mimeType": "application/pdf",
    "buffer": pdf(b"<< /S /JavaScript /JS (1) >>"),
}
KEY = "pasuruan_penanganan_abh"
START = f"/start/pasuruan/{KEY}"
FORMS = Path(__file__).parents[2] / "forms"
CHOOSE = "Pilih foto atau dokumen"


def open_start(page: Page, site: Site) -> None:
    page.goto(site.url + START)
    expect(page.locator("#form .fjs-form-field").first).to_be_visible()


def lines(page: Page) -> list[str]:
    """What stands in each line of the list."""
    expect(page.locator("[data-attach-unsettled]:not(.attachment-failed)")).to_have_count(0)
    return [" ".join(text.split()) for text in page.locator("#attach .attachment-words").all_inner_texts()]


def test_a_photo_shrinks_on_the_phone_and_goes_with_the_new_case(site: Site, sign_in: SignIn) -> None:
    page = sign_in("petugas@pasuruan", viewport=PHONE, has_touch=True, is_mobile=True)
    open_start(page, site)
    expect(page.get_by_text("Ambil foto")).to_be_visible()
    sent: list[bytes] = []
    page.on("request", lambda request: sent.append(_body(request)) if "/attachments" in request.url else None)
    page.get_by_label("Keterangan, ditulis").fill("luka di lengan kiri")
    page.get_by_label(CHOOSE).set_input_files([PHOTO, PAPER])
    assert lines(page) == [
        f"IMG_0001.jpg luka di lengan kiri {_about(page, 0)}",
        f"surat.pdf luka di lengan kiri {_about(page, 1)}",
    ]
    assert re.fullmatch(r"foto · \d+ KB", _about(page, 0))
    assert _about(page, 1).startswith("PDF, 2 halaman")
    shrunk = sent[0]
    assert len(shrunk) < len(PHOTO["buffer"]) / 2
    assert SAYS.encode() not in shrunk
    assert b"Exif" not in shrunk
    assert (overflow(page, 360), accessibility_faults(page)) == ([], [])
    database, worker = site.service.database, get_actor(site.service.database, "petugas@pasuruan")
    assert worker
    [paper, picture] = desk.start_attachments(database, worker, "pasuruan", KEY)
    kept = Image.open(io.BytesIO(b"".join(desk.attachment_content(database, picture))))
    assert (kept.size, dict(kept.getexif())) == ((1500, 2000), {})
    page.locator("#attach .attachment", has_text="surat.pdf").get_by_role("button", name="Hapus").click()
    expect(page.locator("#attach .attachment")).to_have_count(1)
    answer(page, REPORT)
    send(page, "Buka kasus")
    with pytest.raises(AttachmentNotFound):
        desk.get_attachment(database, worker, paper.id)
    taken = desk.get_attachment(database, worker, picture.id)
    assert taken.instance_id
    expect(page.get_by_role("link", name="IMG_0001.jpg")).to_be_visible()


def test_what_fails_on_a_weak_line_is_sent_again_without_choosing_it_anew(
    site: Site, sign_in: SignIn
) -> None:
    page = sign_in("petugas@pasuruan", viewport=DESK)
    open_start(page, site)
    expect(page.get_by_text("Ambil foto")).to_be_hidden()
    overlook(page, "ERR_FAILED")
    page.route("**/attachments", lambda route: route.abort(), times=1)
    page.get_by_label(CHOOSE).set_input_files([PAPER, SCRIPT])
    expect(page.locator(".attachment-failed")).to_have_count(2)
    failed, refused = lines(page)
    assert failed == "surat.pdf Belum terkirim: tidak ada sambungan. Berkasnya masih ada di sini."
    assert "memuat skrip" in refused
    assert accessibility_faults(page) == []
    answer(page, REPORT)
    page.get_by_role("button", name="Buka kasus").click()
    expect(page.get_by_role("alert")).to_contain_text("belum selesai dilampirkan")
    page.get_by_role("button", name="Kirim lagi surat.pdf").click()
    expect(page.locator("#attach a", has_text="surat.pdf")).to_be_visible()
    page.get_by_role("button", name="Hapus skrip.pdf").press("Enter")
    expect(page.locator("#attach .attachment")).to_have_count(1)
    expect(page.get_by_label(CHOOSE)).to_be_focused()
    page.reload()
    assert len(lines(page)) == 1


def test_a_form_that_asks_for_a_file_goes_on_with_one(site: Site, sign_in: SignIn) -> None:
    ask_for_file(site, "pasuruan_langkah_1_terima_laporan")
    case = begin(site.service, "pasuruan", KEY, "petugas")
    page = sign_in("petugas@pasuruan")
    page.get_by_role("link", name=case.business_key).click()
    take(page)
    answer(page, {"Apa yang masuk?": "Laporan"})
    page.get_by_role("button", name="Selesaikan tugas").click()
    expect(page.get_by_role("alert")).to_contain_text("Lampiran yang diserahkan: Wajib diisi")
    with page.expect_file_chooser() as chosen:
        field(page, "Lampiran yang diserahkan").get_by_role("button", name="Pilih berkas").click()
    chosen.value.set_files([PAPER])
    expect(field(page, "Lampiran yang diserahkan")).to_contain_text("surat.pdf")
    expect(page.locator("#attach .attachment")).to_have_count(1)
    page.reload()
    expect(field(page, "Lampiran yang diserahkan")).to_contain_text("surat.pdf")
    answer(page, {"Apa yang masuk?": "Laporan"})
    send(page)
    [file] = desk.list_attachments(site.service.database, SYSTEM, case.id)
    found = instance_variables(site.service.database, SYSTEM, case.id)
    assert [v.value for v in found if v.name == "lampiran"] == [[file.id]]


def ask_for_file(site: Site, form_id: str) -> None:
    """Deploy a form of Pasuruan whose field ``lampiran`` wants files."""
    schema = json.loads((FORMS / "pasuruan" / f"{form_id}.form").read_text())
    [asked] = [
        part
        for group in schema["components"]
        for part in group.get("components", ())
        if part.get("key") == "lampiran"
    ]
    asked |= {"type": "filepicker", "multiple": True, "validate": {"required": True}}
    deploy(site.service.database, SYSTEM, "pasuruan", "uji", {f"{form_id}.form": json.dumps(schema).encode()})


def _about(page: Page, number: int) -> str:
    return page.locator("#attach .attachment-words .quiet-text").nth(number).inner_text()


def _body(request: Request) -> bytes:
    return request.post_data_buffer or b""
