"""Nothing is typed twice: a worker is called away, loses the line or the login, or changes devices."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import delete, text

import engine
from engine.store.tables import LoginSession
from engine.types import SYSTEM
from tests.browser.conftest import SignIn
from tests.support.browser import DESK, PHONE, accessibility_faults, overlook, screenshot
from tests.support.case import Case, begin
from tests.support.files import pdf
from tests.support.people import answer, field, overflow, send, sign_in_beside, take
from tests.support.site import Site
from webapp.auth.passwords import hash_password
from webapp.config import DEMO_PASSWORD

pytestmark = pytest.mark.browser

HAND = {"viewport": PHONE, "has_touch": True, "is_mobile": True}
DARK = {"color_scheme": "dark"}
REPORT = "/start/pasuruan/pasuruan_penanganan_abh"
TOLD = "Seorang anak mengambil telepon genggam milik tetangganya."


@pytest.fixture
def case(site: Site) -> Case:
    """A case that waits for its assessment."""
    case = begin(site.service, "pasuruan", "pasuruan_penanganan_abh", "petugas")
    case.do("petugas", "langkah_1_terima_laporan", jenis_masuk="laporan")
    return case


@pytest.fixture
def colleague(site: Site) -> str:
    """A second peksos."""
    hashed, where = hash_password(DEMO_PASSWORD), [("pasuruan", "peksos")]
    engine.add_user(site.service.database, SYSTEM, "sari@pasuruan", "Sari Dewi", hashed, where)
    return "sari@pasuruan"


def open_task(site: Site, page: Page, case: Case) -> str:
    """Take the assessment; returns the address of its page."""
    task_id = case.service.caller("peksos@pasuruan").get("/task", processInstanceId=case.id).json[0]["id"]
    page.goto(f"{site.url}/tasks/{task_id}")
    take(page)
    expect(field(page, "Nama anak")).to_be_visible()
    return page.url


def box(page: Page, label: str) -> Locator:
    return field(page, label).get_by_label(label)


def type_name(page: Page, name: str) -> None:
    box(page, "Nama anak").fill(name)


def expect_saved(page: Page) -> None:
    expect(page.locator("#draft-status")).to_have_text(re.compile(r"^Draf tersimpan \d\d\.\d\d WIB$"))


def end_logins(site: Site) -> None:
    """What an idle afternoon does: the server knows no login of anybody any more."""
    with site.service.database.begin() as tx:
        tx.execute(delete(LoginSession))


def drafts(site: Site) -> int:
    with site.service.database.connect() as connection:
        return int(connection.scalar(text("SELECT count(*) FROM draft WHERE content IS NOT NULL")) or 0)


def test_a_report_is_left_half_way_and_gone_on_with_on_a_phone(site: Site, sign_in: SignIn) -> None:
    page = sign_in("petugas@pasuruan", **HAND)
    page.goto(f"{site.url}{REPORT}")
    answer(page, {"Laporan masuk melalui": "Telepon", "Uraian laporan": TOLD})
    expect_saved(page)
    page.get_by_role("link", name="Titian").click()  # nobody asks whether something may be lost
    expect(page.get_by_role("heading", level=1)).to_have_text("Tugas")
    page.goto(f"{site.url}{REPORT}")
    expect(page.locator("#draft-notes")).to_contain_text("Anda melanjutkan laporan yang sudah dimulai")
    expect(page.locator("#draft-notes")).to_contain_text("WIB")
    expect(box(page, "Uraian laporan")).to_have_value(TOLD)
    expect(field(page, "Laporan masuk melalui").locator(".fjs-select-display")).to_have_text("Telepon")
    assert overflow(page) == []
    assert accessibility_faults(page) == []
    screenshot(page, "draft-start-360", full_page=True)
    answer(page, {"Apa yang masuk?": "Laporan", "Siapa yang melapor?": "Masyarakat"})
    send(page, "Buka kasus")
    assert drafts(site) == 0
    page.goto(f"{site.url}{REPORT}")
    expect(box(page, "Uraian laporan")).to_have_value("")
    expect(page.locator("#draft-notes")).to_be_empty()


def test_a_second_report_is_begun_and_each_is_gone_on_with(site: Site, sign_in: SignIn) -> None:
    page = sign_in("petugas@pasuruan", **HAND)
    page.goto(f"{site.url}{REPORT}")
    answer(page, {"Uraian laporan": TOLD})
    page.locator("#attach-file").set_input_files(
        {"name": "surat-polisi.pdf", "mimeType": "application/pdf", "buffer": pdf(b"(x)")}
    )
    expect(page.get_by_role("link", name="surat-polisi.pdf")).to_be_visible()
    expect_saved(page)
    page.goto(f"{site.url}{REPORT}")
    notes = page.locator("#draft-notes")
    expect(notes).to_contain_text("Anda melanjutkan laporan yang sudah dimulai dan belum dikirim")
    page.get_by_role("button", name="Mulai laporan lain").click()
    expect(notes).to_contain_text("Laporan lain yang belum dikirim (1)")
    expect(box(page, "Uraian laporan")).to_have_value("")
    expect(page.get_by_role("link", name="surat-polisi.pdf")).to_have_count(0)
    answer(page, {"Uraian laporan": "Anak kedua pulang larut."})
    expect_saved(page)
    assert accessibility_faults(page) == []
    screenshot(page, "draft-second-360", full_page=True)
    page.reload()  # it is this report's page
    expect(box(page, "Uraian laporan")).to_have_value("Anak kedua pulang larut.")
    page.goto(site.url)
    line = page.locator(".draft-notice")
    expect(line).to_contain_text("2 laporan dimulai dan belum dikirim")
    assert (overflow(page), accessibility_faults(page)) == ([], [])
    screenshot(page, "draft-begun-inbox-360", full_page=True)
    page.set_viewport_size(DESK)
    screenshot(page, "draft-begun-inbox-1280")
    page.goto(f"{site.url}{REPORT}")
    screenshot(page, "draft-begun-1280")
    page.set_viewport_size(PHONE)
    page.goto(site.url)
    line.get_by_role("link", name="Lanjutkan").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Laporan yang belum dikirim")
    assert (overflow(page), accessibility_faults(page)) == ([], [])
    screenshot(page, "draft-begun-360", full_page=True)
    page.get_by_role("link", name="Anak kedua").click()
    expect(box(page, "Uraian laporan")).to_have_value("Anak kedua pulang larut.")
    page.go_back()
    page.get_by_role("link", name=TOLD[:20]).click()
    expect(box(page, "Uraian laporan")).to_have_value(TOLD)
    expect(page.get_by_role("link", name="surat-polisi.pdf")).to_be_visible()
    answers = {
        "Laporan masuk melalui": "Telepon", "Apa yang masuk?": "Laporan", "Siapa yang melapor?": "Masyarakat"
    }  # fmt: skip
    answer(page, answers)
    screenshot(page, "draft-first-again-360", full_page=True)
    send(page, "Buka kasus")
    page.goto(f"{site.url}{REPORT}")
    expect(box(page, "Uraian laporan")).to_have_value("Anak kedua pulang larut.")
    expect(page.get_by_role("link", name="surat-polisi.pdf")).to_have_count(0)


def test_an_open_page_says_that_a_colleague_has_the_task_now_and_what_was_typed_stays_to_be_read(
    site: Site, case: Case, colleague: str, sign_in: SignIn
) -> None:
    page = sign_in("peksos@pasuruan", **HAND)
    task_id = open_task(site, page, case).rsplit("/", 1)[1]
    type_name(page, "Bintang")
    expect_saved(page)
    engine.assign_task(site.service.database, SYSTEM, task_id, colleague)
    type_name(page, "Bintang Timur")
    said = page.locator('[data-box="elsewhere"]')
    expect(said).to_contain_text("Sari Dewi kini memegangnya")
    expect(page.locator("#draft-status")).to_contain_text("Draf tersimpan")
    assert overflow(page) == []
    assert accessibility_faults(page) == []
    screenshot(page, "draft-elsewhere-360", full_page=True)
    said.get_by_role("link").click()
    expect(page.locator(".draft-left")).to_contain_text("Bintang Timur")
    assert overflow(page) == []
    assert accessibility_faults(page) == []
    screenshot(page, "draft-left-open-360", full_page=True)
    page.goto(site.url)
    expect(page.locator(".draft-notice")).to_contain_text("Sari Dewi kini memegang")


def test_a_task_is_handed_over_with_what_was_typed_at_it(
    site: Site, case: Case, colleague: str, sign_in: SignIn
) -> None:
    page = sign_in("peksos@pasuruan", **HAND)
    address = open_task(site, page, case)
    type_name(page, "Bintang Timur")
    expect_saved(page)
    page.goto(f"{address}/hand-over")
    page.locator("#user_id").select_option(colleague)
    included = page.get_by_label("Sertakan isian saya")
    page.get_by_label("Membantu mengerjakan").check()
    expect(included).to_be_hidden()
    page.get_by_label("Mengambil alih tugas").check()
    included.check()
    assert overflow(page) == []
    assert accessibility_faults(page) == []
    screenshot(page, "hand-over-with-draft-360", full_page=True)
    page.get_by_role("button", name="Serahkan tugas").click()
    other = sign_in(colleague, **HAND)
    other.goto(address)
    expect(other.locator("#draft-continued")).to_contain_text("Anda melanjutkan isian")
    expect(box(other, "Nama anak")).to_have_value("Bintang Timur")
    assert accessibility_faults(other) == []
    screenshot(other, "draft-given-360")


def test_opening_a_form_alone_makes_no_draft(site: Site, case: Case, sign_in: SignIn) -> None:
    page = sign_in("peksos@pasuruan")
    open_task(site, page, case)
    box(page, "Nama anak").click()
    page.get_by_role("heading", level=1).click()
    page.wait_for_timeout(2500)
    assert drafts(site) == 0


def test_the_list_marks_a_draft_and_it_can_be_thrown_away(site: Site, case: Case, sign_in: SignIn) -> None:
    page = sign_in("peksos@pasuruan", **DARK)
    address = open_task(site, page, case)
    type_name(page, "Bintang")
    page.get_by_role("button", name="Simpan draf").click()
    expect_saved(page)
    screenshot(page, "draft-task-1280-dark")
    page.goto(site.url)
    card = page.locator(".card", has_text=case.business_key)
    expect(card.locator(".draft-mark")).to_have_text("draf")
    expect(card).not_to_contain_text("Bintang")
    screenshot(page, "draft-list-1280-dark")
    page.goto(address)
    expect(box(page, "Nama anak")).to_have_value("Bintang")
    page.get_by_role("button", name="Buang draf").click()
    assert accessibility_faults(page) == []
    page.get_by_role("button", name="Ya, buang").click()
    expect(page.get_by_role("status").first).to_have_text("Draf sudah dibuang.")
    expect(box(page, "Nama anak")).to_have_value("")
    assert drafts(site) == 0


def test_what_was_typed_outlives_the_login(site: Site, case: Case, sign_in: SignIn) -> None:
    page = sign_in("peksos@pasuruan", **HAND)
    open_task(site, page, case)
    type_name(page, "Bintang")
    expect_saved(page)
    end_logins(site)
    type_name(page, "Bintang Kejora")
    again = page.get_by_role("button", name="Masuk lagi (tab baru)")
    expect(again).to_be_visible()
    expect(page.locator("#draft-status")).to_have_text("Belum tersimpan: Anda belum masuk. Lihat di atas")
    assert overflow(page) == []
    assert accessibility_faults(page) == []
    screenshot(page, "draft-login-360")
    sign_in_beside(page)
    expect(again).to_have_count(0)
    expect_saved(page)
    page.reload()
    expect(box(page, "Nama anak")).to_have_value("Bintang Kejora")


def test_whoever_signs_in_beside_the_form_does_not_get_what_stands_in_it(
    site: Site, case: Case, sign_in: SignIn
) -> None:
    page = sign_in("peksos@pasuruan")
    open_task(site, page, case)
    with_cookies = page.context.new_page()
    page.context.clear_cookies()
    site.sign_in(with_cookies, "petugas@pasuruan")
    type_name(page, "Bintang")
    expect(page.locator("#draft-notes")).to_contain_text("Sekarang Anda masuk sebagai petugas@pasuruan")
    assert drafts(site) == 0
    expect(box(page, "Nama anak")).to_have_value("Bintang")


def test_a_cookie_that_is_gone_costs_nothing_but_a_login(site: Site, case: Case, sign_in: SignIn) -> None:
    page = sign_in("peksos@pasuruan")
    open_task(site, page, case)
    page.context.clear_cookies()
    type_name(page, "Bintang")
    again = page.get_by_role("button", name="Masuk lagi (tab baru)")
    expect(again).to_be_visible()
    site.sign_in(page.context.new_page(), "peksos@pasuruan")
    page.evaluate("dispatchEvent(new Event('focus'))")
    expect_saved(page)
    answers = {
        "Jenis kelamin": "Perempuan", "Umur anak saat kejadian": "11",
        "Kedudukan anak dalam perkara": "Korban", "Tanggal asesmen": "5/1/2026", "Kebutuhan anak": "Sekolah",
        "Rekomendasi pekerja sosial": "Dibina",
    }  # fmt: skip
    answer(page, answers)
    send(page)
    assert drafts(site) == 0


def two_devices(site: Site, case: Case, sign_in: SignIn) -> tuple[Page, Page]:
    """A task that is open at the desk and on the phone, with something else typed in each."""
    desk = sign_in("peksos@pasuruan")
    address = open_task(site, desk, case)
    agent = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36"
    phone = sign_in("peksos@pasuruan", **HAND, user_agent=agent)
    phone.goto(address)
    expect(box(phone, "Nama anak")).to_be_visible()
    type_name(phone, "Ponsel")
    expect_saved(phone)
    type_name(desk, "Meja")
    expect(desk.locator("#draft-notes")).to_contain_text("Draf ini juga diubah di perangkat lain")
    expect(desk.locator("#draft-notes")).to_contain_text("Chrome, Android")
    return desk, phone


def test_two_devices_and_this_one_is_chosen(site: Site, case: Case, sign_in: SignIn) -> None:
    desk, phone = two_devices(site, case, sign_in)
    screenshot(desk, "draft-rivals-1280")
    type_name(phone, "Ponsel lagi")
    expect(phone.locator("#draft-notes")).to_contain_text("Draf ini juga diubah di perangkat lain")
    assert overflow(phone) == []
    assert accessibility_faults(phone, without=(".flatpickr-mobile",)) == []
    expect(phone.locator("#draft-status")).to_contain_text("Ada dua versi: pilih di atas")
    screenshot(phone, "draft-rivals-360")
    desk.get_by_role("button", name="Pakai yang di sini").click()
    expect(desk.get_by_role("button", name="Pakai yang di sini")).to_have_count(0)
    desk.reload()
    expect(box(desk, "Nama anak")).to_have_value("Meja")
    desk.get_by_text("Versi lain draf ini (1)").click()
    desk.locator(".draft-aside a").click()
    expect(desk.locator("#draft-notes")).to_contain_text("Versi ini disisihkan")
    expect(box(desk, "Nama anak")).to_have_value("Ponsel lagi")
    assert accessibility_faults(desk) == []


def test_two_devices_and_the_other_one_is_chosen(site: Site, case: Case, sign_in: SignIn) -> None:
    desk, phone = two_devices(site, case, sign_in)
    desk.get_by_role("link", name="Lihat yang di sana").click()
    expect(box(desk, "Nama anak")).to_have_value("Ponsel")
    desk.get_by_role("button", name="Pakai yang di sini").click()
    expect(desk.get_by_role("button", name="Pakai yang di sini")).to_have_count(0)
    phone.reload()
    expect(box(phone, "Nama anak")).to_have_value("Ponsel")
    expect(phone.get_by_text("Versi lain draf ini (1)")).to_be_visible()


def test_a_case_is_opened_and_the_next_form_holds_nothing_of_the_other_page(
    site: Site, sign_in: SignIn
) -> None:
    desk = sign_in("petugas@pasuruan")
    desk.goto(f"{site.url}{REPORT}")
    expect(box(desk, "Uraian laporan")).to_be_visible()
    phone = sign_in("petugas@pasuruan", **HAND)
    phone.goto(f"{site.url}{REPORT}")
    answer(phone, {"Uraian laporan": TOLD})
    expect_saved(phone)
    answers = {
        "Laporan masuk melalui": "Telepon", "Uraian laporan": "Anak lain", "Apa yang masuk?": "Laporan",
        "Siapa yang melapor?": "Masyarakat",
    }  # fmt: skip
    answer(desk, answers)
    expect(desk.locator("#draft-notes")).to_contain_text("Formulir ini juga diisi di halaman atau")
    screenshot(desk, "draft-two-reports-1280")
    send(desk, "Buka kasus")
    answer(phone, {"Uraian laporan": f"{TOLD} Kemarin."})  # the page that is still open hears of it
    notes = phone.locator("#draft-notes")
    expect(notes).to_contain_text("Isian ini tidak ikut terkirim dengan kasus PASURUAN-")
    assert overflow(phone) == []
    assert accessibility_faults(phone) == []
    expect(phone.locator("#draft-status")).to_contain_text("Lihat di atas")
    screenshot(phone, "draft-unsent-360", full_page=True)
    phone.goto(f"{site.url}{REPORT}")
    expect(notes).to_contain_text("Isian lain yang belum dikirim")
    expect(box(phone, "Uraian laporan")).to_have_value("")
    assert overflow(phone) == []
    assert accessibility_faults(phone) == []
    screenshot(phone, "draft-left-behind-360", full_page=True)
    notes.get_by_role("link", name="Lihat").click()
    expect(box(phone, "Uraian laporan")).to_have_value(f"{TOLD} Kemarin.")
    expect(notes).to_contain_text("Isian ini tidak ikut terkirim dengan kasus PASURUAN-")
    screenshot(phone, "draft-left-viewed-360", full_page=True)
    phone.get_by_role("button", name="Pakai untuk kasus lain").click()
    expect(phone.get_by_role("button", name="Pakai untuk kasus lain")).to_have_count(0)
    phone.goto(f"{site.url}{REPORT}")
    expect(box(phone, "Uraian laporan")).to_have_value(f"{TOLD} Kemarin.")


def test_what_another_page_has_left_is_thrown_away(site: Site, sign_in: SignIn) -> None:
    page = sign_in("petugas@pasuruan", **HAND)
    page.goto(f"{site.url}{REPORT}")
    answer(page, {"Uraian laporan": TOLD})
    expect_saved(page)
    actor = engine.get_actor(site.service.database, "petugas@pasuruan")
    assert actor is not None
    report = {"kanal": "telepon", "jenis_pelapor": "masyarakat", "uraian": "Anak lain"}
    key = "pasuruan_penanganan_abh"
    engine.start_instance(site.service.database, actor, "pasuruan", key, report, draft_id=uuid4().hex)
    page.goto(f"{site.url}{REPORT}")
    page.locator("#draft-notes").get_by_role("link", name="Lihat").click()
    notes = page.locator("#draft-notes")
    notes.get_by_role("button", name="Buang").click()
    expect(notes).to_contain_text("Buang semua yang Anda ketik di sini?")
    assert overflow(page) == []
    notes.get_by_role("button", name="Ya, buang").click()
    expect(page.get_by_role("status").first).to_have_text("Draf sudah dibuang.")
    expect(page.locator("#draft-notes")).to_be_empty()
    expect(box(page, "Uraian laporan")).to_have_value("")
    assert drafts(site) == 0


def test_a_weak_line_is_waited_for(site: Site, case: Case, sign_in: SignIn) -> None:
    page = sign_in("peksos@pasuruan", **HAND)
    open_task(site, page, case)
    overlook(page, "ERR_INTERNET_DISCONNECTED")
    page.context.set_offline(True)
    type_name(page, "Bintang")
    expect(page.locator("#draft-status")).to_have_text("Belum tersimpan: tidak ada sambungan; dicoba lagi.")
    screenshot(page, "draft-offline-360")
    assert drafts(site) == 0
    page.context.set_offline(False)
    expect_saved(page)
    page.reload()
    expect(box(page, "Nama anak")).to_have_value("Bintang")


def test_leaving_asks_only_while_the_line_is_broken(site: Site, case: Case, sign_in: SignIn) -> None:
    page, asked = sign_in("peksos@pasuruan"), list[str]()
    open_task(site, page, case)
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    type_name(page, "Bintang")
    page.goto(site.url)  # at once: it is saved while the page goes
    assert asked == []
    page.go_back()
    expect(box(page, "Nama anak")).to_have_value("Bintang")
    overlook(page, "ERR_FAILED")
    page.route("**/draft", lambda route: route.abort())
    type_name(page, "Bintang Kejora")
    expect(page.locator("#draft-status")).to_contain_text("Belum tersimpan")
    page.goto(site.url)
    assert asked == ["beforeunload"]


def test_somebody_else_completes_the_task_and_the_writer_keeps_what_was_typed(
    site: Site, case: Case, colleague: str, sign_in: SignIn
) -> None:
    page = sign_in("peksos@pasuruan", **HAND)
    open_task(site, page, case)
    type_name(page, "Bintang")
    expect_saved(page)
    case.do(colleague.partition("@")[0], "langkah_3_asesmen")
    type_name(page, "Bintang Kejora")
    expect(page.locator("#draft-notes")).to_contain_text("salin bila perlu")
    page.get_by_role("link", name="Lihat keadaannya dan draf Anda").click()
    expect(page.get_by_text("Sari Dewi").first).to_be_visible()
    left = page.locator(".draft-left")
    expect(left).to_contain_text("Bintang")
    screenshot(page, "draft-left-360", full_page=True)
    assert overflow(page) == []
    assert accessibility_faults(page) == []
    page.goto(site.url)
    page.get_by_role("link", name="Lihat draf").click()
    left.get_by_role("button", name="Buang draf").click()
    expect(left).to_have_count(0)


def test_what_the_case_has_changed_meanwhile_is_shown_and_not_overwritten(
    site: Site, case: Case, sign_in: SignIn
) -> None:
    page = sign_in("peksos@pasuruan")
    address = open_task(site, page, case)
    answer(page, {"Nama anak": "Bintang", "Kedudukan anak dalam perkara": "Korban"})
    expect_saved(page)
    manager = engine.get_actor(site.service.database, "manajer@pasuruan")
    assert manager is not None
    values = {"nama_anak": "Kejora", "alamat": "Jalan Baru"}
    engine.set_variables(site.service.database, manager, case.id, values, "perbaikan")
    page.goto(address)
    expect(page.locator("#draft-continued")).to_contain_text("Nama anak: Kejora")
    expect(page.locator("#draft-continued")).not_to_contain_text("Jalan Baru")
    expect(box(page, "Nama anak")).to_have_value("Bintang")
    expect(field(page, "Alamat tempat tinggal").get_by_role("textbox")).to_have_value("Jalan Baru")
    screenshot(page, "draft-changed-1280")
    assert accessibility_faults(page) == []
