"""The page of a task, by itself: what it shows, what it sends, and what it does when the answer is no."""

import json
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import ROOT, accessibility_faults, forget_complaint, screenshot
from tests.support.bundles import ORIGIN, Bundle
from tests.support.people import field, wait_for_calendar

pytestmark = pytest.mark.browser

BODY = '<div id="form"></div><p><button type="button" form-submit>Selesaikan tugas</button></p>'
YES_NO = [{"label": "Ya", "value": True}, {"label": "Tidak", "value": False}]
FIELDS: list[dict[str, Any]] = [
    {"type": "textfield", "key": "nama", "label": "Nama anak", "validate": {"required": True}},
    {"type": "radio", "key": "luka", "label": "Anak terluka?", "values": YES_NO},
    {"type": "textfield", "key": "rs", "label": "Rumah sakit", "conditional": {"hide": "=luka != true"}},
    {"type": "number", "key": "umur", "label": "Umur", "validate": {"min": 0, "max": 17}},
    {"type": "datetime", "key": "tanggal", "dateLabel": "Tanggal kejadian", "subtype": "date"},
    {
        "type": "group",
        "path": "wali",
        "label": "Wali",
        "components": [{"id": "nik", "type": "textfield", "key": "nik", "label": "NIK wali"}],
    },
    {
        "type": "dynamiclist",
        "path": "pertemuan",
        "label": "Pertemuan",
        "allowAddRemove": True,
        "defaultRepetitions": 1,
        "components": [{"id": "hasil", "type": "textfield", "key": "hasil", "label": "Hasil pertemuan"}],
    },
]
SCHEMA = {
    "type": "default",
    "schemaVersion": 18,
    "components": [{"id": f"medan_{number}", **field} for number, field in enumerate(FIELDS)],
}


@pytest.fixture
def bundle(phone: Page) -> Bundle:
    return Bundle(phone, answers={"/kirim": (200, {"next": "/berikutnya"})})


def open_form(bundle: Bundle, **data: Any) -> Page:
    page = bundle.open("form", BODY, {"schema": SCHEMA, "data": {}, "submitUrl": "/kirim", **data})
    expect(page.get_by_label("Nama anak")).to_be_visible()
    return page


def submit(page: Page) -> None:
    page.get_by_role("button", name="Selesaikan tugas").click()


def test_a_form_has_no_fault_for_people_who_cannot_see_it(bundle: Bundle) -> None:
    page = open_form(bundle, data={"luka": True})
    assert accessibility_faults(page) == []
    submit(page)
    expect(page.get_by_role("alert")).to_be_visible()
    screenshot(page, "form-360", full_page=True)
    assert accessibility_faults(page) == []


def test_what_is_typed_is_sent_with_the_token_and_the_next_page_opens(bundle: Bundle) -> None:
    page = open_form(bundle, data={"wali": {"nik": "3575010101010001"}})
    page.get_by_label("Nama anak").fill("Bintang")
    page.get_by_role("radiogroup", name="Anak terluka?").get_by_label("Tidak").check()
    page.get_by_label("Umur").fill("14")
    wait_for_calendar(field(page, "Tanggal kejadian"))
    page.get_by_label("Tanggal kejadian").fill("21/3/2026")
    page.get_by_label("Hasil pertemuan").fill("Sepakat")
    submit(page)
    page.wait_for_url(f"{ORIGIN}/berikutnya")
    [(path, headers, sent)] = bundle.posted
    assert path == "/kirim"
    assert headers["x-csrftoken"] == "token-of-this-page"
    assert sent == {
        "variables": {
            "nama": "Bintang",
            "luka": False,
            "umur": 14,
            "tanggal": "2026-03-21",
            "wali": {"nik": "3575010101010001"},
            "pertemuan": [{"hasil": "Sepakat"}],
        }
    }


def test_a_date_is_sent_by_a_click_as_quick_as_a_machine(bundle: Bundle) -> None:
    page = open_form(bundle, data={"nama": "Bintang"})
    wait_for_calendar(field(page, "Tanggal kejadian"))
    page.get_by_label("Tanggal kejadian").fill("21/3/2026")
    page.evaluate("() => { document.activeElement.blur(); document.querySelector('[form-submit]').click(); }")
    page.wait_for_url(f"{ORIGIN}/berikutnya")
    assert bundle.posted[0][2]["variables"]["tanggal"] == "2026-03-21"


def test_a_hidden_field_is_not_sent_and_a_shown_one_is(bundle: Bundle) -> None:
    page = open_form(bundle, data={"nama": "Bintang", "rs": "RSUD"})
    expect(page.get_by_label("Rumah sakit")).to_have_count(0)
    page.get_by_role("radiogroup", name="Anak terluka?").get_by_label("Ya").check()
    page.get_by_label("Rumah sakit").fill("RSUD dr. R. Soedarsono")
    submit(page)
    page.wait_for_url(f"{ORIGIN}/berikutnya")
    assert bundle.posted[0][2]["variables"]["rs"] == "RSUD dr. R. Soedarsono"

    page = open_form(bundle, data={"nama": "Bintang", "rs": "RSUD", "luka": False})
    submit(page)
    page.wait_for_url(f"{ORIGIN}/berikutnya")
    assert "rs" not in bundle.posted[1][2]["variables"]


def test_a_missing_answer_stops_the_sending_and_is_one_step_away(bundle: Bundle) -> None:
    page = open_form(bundle)
    submit(page)
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("Ada satu isian yang perlu diperbaiki")
    summary.get_by_role("link", name="Nama anak: Wajib diisi.").click()
    expect(page.get_by_label("Nama anak")).to_be_focused()
    assert bundle.posted == []


def test_the_servers_messages_stand_at_their_fields(bundle: Bundle) -> None:
    bundle.answers["/kirim"] = (
        400,
        {
            "fields": [
                {"field": "umur", "message": "Umur tidak sesuai dengan tanggal lahir."},
                {"field": "wali.nik", "message": "Harus 16 angka."},
                {"field": "pertemuan.1.hasil", "message": "Wajib diisi."},
                {"field": "tidak_ada", "message": "Isian ini tidak dikenal."},
            ]
        },
    )
    page = open_form(bundle, data={"nama": "Bintang"})
    page.get_by_role("button", name="Tambah", exact=True).click()
    expect(page.get_by_label("Hasil pertemuan")).to_have_count(2)
    submit(page)
    expect(page.get_by_role("alert").get_by_role("listitem")).to_have_text(
        [
            "Umur: Umur tidak sesuai dengan tanggal lahir.",
            "NIK wali: Harus 16 angka.",
            "Hasil pertemuan: Wajib diisi.",
            "tidak_ada: Isian ini tidak dikenal.",
        ]
    )
    expect(field(page, "NIK wali")).to_contain_text("Harus 16 angka.")
    page.get_by_role("link", name="Hasil pertemuan").click()
    expect(page.get_by_label("Hasil pertemuan").nth(1)).to_be_focused()


def test_a_task_that_somebody_else_completed_is_said_and_nothing_is_lost(bundle: Bundle) -> None:
    bundle.answers["/kirim"] = (409, {"message": "Tugas ini sudah diselesaikan."})
    page = open_form(bundle)
    page.get_by_label("Nama anak").fill("Bintang")
    submit(page)
    expect(page.get_by_role("alert")).to_contain_text("sudah diselesaikan. Tidak ada yang disimpan.")
    expect(page.get_by_label("Nama anak")).to_have_value("Bintang")


def test_a_broken_connection_keeps_what_was_typed_and_the_second_try_goes_through(bundle: Bundle) -> None:
    bundle.answers["/kirim"] = (0, {})
    page = open_form(bundle)
    page.get_by_label("Nama anak").fill("Bintang")
    submit(page)
    expect(page.get_by_role("alert")).to_contain_text("Tidak ada sambungan")
    forget_complaint(page, "ERR_CONNECTION_FAILED")
    expect(page.get_by_label("Nama anak")).to_have_value("Bintang")
    bundle.answers["/kirim"] = (200, {"next": "/berikutnya"})
    submit(page)
    page.wait_for_url(f"{ORIGIN}/berikutnya")


def test_nothing_that_was_typed_stays_in_the_browser(bundle: Bundle) -> None:
    page = open_form(bundle)
    page.get_by_label("Nama anak").fill("Bintang")
    page.wait_for_timeout(500)
    kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])")
    assert "Bintang" not in kept
    assert page.evaluate("indexedDB.databases()") == []


@pytest.mark.parametrize(("typed", "asks"), [("", False), ("Bintang", True)])
def test_leaving_asks_only_when_something_would_be_lost(bundle: Bundle, typed: str, asks: bool) -> None:
    page = open_form(bundle)
    page.get_by_label("Nama anak").fill(typed)
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto(f"{ORIGIN}/lain")
    assert asked == (["beforeunload"] if asks else [])


def test_a_draft_that_fits_no_field_opens_the_form_all_the_same(bundle: Bundle) -> None:
    odd = {
        "umur": "belas",
        "tanggal": "2026-13-4",
        "luka": "mungkin",
        "nama": {"a": 1},
        "wali": {"nik": [1]},
        "pertemuan": [{"hasil": {}}, {}],
        "rs": ["a"],
    }
    draft = {"saveUrl": "/draf", "page": "a" * 32, "writer": "w", "pageUrl": "/", "values": odd, "before": {}}
    version = {"id": "b" * 32, "revision": 3, "device": "", "time": "", "moment": "kemarin", "url": "/"}
    notes = '<div id="draft-notes"></div><p id="draft-status"></p><button id="draft-discard"></button>'
    data = {"schema": SCHEMA, "submitUrl": "/kirim", "draft": {**draft, "version": version, "rivals": []}}
    bundle.answers["/draf"] = (200, {"version": {**version, "revision": 4}, "rivals": []})
    page = bundle.open("form", notes + BODY, data)
    page.get_by_label("Nama anak").fill("Bintang")
    expect(page.locator("#draft-status")).to_contain_text("Draf tersimpan")
    [(path, _, sent)] = bundle.posted
    assert (path, sent["draft"], sent["base"], sent["revision"]) == ("/draf", "b" * 32, 3, 4)
    assert sent["values"]["nama"] == "Bintang"
    page.get_by_label("Umur").fill("14")
    submit(page)
    page.wait_for_url(f"{ORIGIN}/berikutnya")
    assert bundle.posted[-1][2]["variables"]["umur"] == 14


def test_dates_are_indonesian_whatever_the_browser_speaks(open_page: Any) -> None:
    page = open_form(Bundle(open_page(locale="en-US")))
    date = page.get_by_label("Tanggal kejadian")
    expect(date).to_have_attribute("placeholder", "hh/bb/tttt")
    wait_for_calendar(field(page, "Tanggal kejadian"))
    date.fill("2/11/2026")
    date.press("Enter")
    expect(page.locator(".flatpickr-current-month select option:checked")).to_have_text("November")
    expect(page.locator(".flatpickr-weekday").first).to_have_text("Sen")


def test_a_reader_of_english_reads_english(phone: Page) -> None:
    data = {"schema": SCHEMA, "data": {}, "submitUrl": "/kirim"}
    page = Bundle(phone).open("form", BODY, data, language="en")
    expect(page.get_by_label("Nama anak")).to_be_visible()
    submit(page)
    expect(page.get_by_role("alert")).to_contain_text("Nama anak: Field is required.")


def test_a_form_to_look_at_can_be_read_and_not_changed(bundle: Bundle) -> None:
    page = open_form(bundle, data={"nama": "Bintang"}, readonly=True)
    expect(page.get_by_label("Nama anak")).to_have_value("Bintang")
    expect(page.get_by_label("Nama anak")).not_to_be_editable()


@pytest.mark.parametrize("agency", sorted(folder.name for folder in (ROOT / "forms").iterdir()))
def test_every_form_of_an_agency_fits_a_phone(bundle: Bundle, agency: str) -> None:
    for file in sorted((ROOT / "forms" / agency).glob("*.form")):
        schema = json.loads(file.read_text(encoding="utf-8"))
        page = bundle.open("form", BODY, {"schema": schema, "data": {}, "submitUrl": "/kirim"})
        expect(page.locator(".fjs-form-field").first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, file.name
