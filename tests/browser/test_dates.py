"""A date that somebody types: the day that was meant, saved when it is whole, and never another one."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import accessibility_faults, screenshot, settle
from tests.support.bundles import ORIGIN, Bundle
from tests.support.people import field, overflow, wait_for_calendar

pytestmark = pytest.mark.browser

DATE = "Tanggal kejadian"
SCHEMA = {
    "type": "default",
    "schemaVersion": 18,
    "components": [
        {"id": "tanggal", "type": "datetime", "key": "tanggal", "dateLabel": DATE, "subtype": "date"},
        {"id": "nama", "type": "textfield", "key": "nama", "label": "Nama anak"},
    ],
}
DRAFT = {"saveUrl": "/draf", "page": "a" * 32, "writer": "w", "pageUrl": "/", "values": {}, "before": {}}
SAVED = {"version": {"id": "a" * 32, "revision": 1, "device": "", "time": "", "moment": "", "url": "/"}}
BODY = (
    '<div id="draft-notes"></div><div id="form"></div><p id="draft-status"></p>'
    '<p><button type="button" form-submit>Selesaikan tugas</button>'
    '<button type="button" id="draft-discard">Buang draf</button></p>'
)


def open_form(page: Page) -> Bundle:
    answers: Any = {"/kirim": (200, {"next": "/berikutnya"}), "/draf": (200, SAVED | {"rivals": []})}
    bundle = Bundle(page, answers=answers)
    draft = DRAFT | {"version": None, "rivals": []}
    bundle.open("form", BODY, {"schema": SCHEMA, "data": {}, "submitUrl": "/kirim", "draft": draft})
    wait_for_calendar(field(page, DATE))
    return bundle


@pytest.mark.parametrize(
    ("typed", "day"),
    [("25/11/2026", "2026-11-25"), ("5/1/2026", "2026-01-05"), ("2026-11-05", "2026-11-05")],
)
def test_a_whole_date_is_saved_before_its_field_is_left(phone: Page, typed: str, day: str) -> None:
    bundle = open_form(phone)
    phone.get_by_label(DATE).press_sequentially(typed)
    with phone.expect_request("**/draf"):
        pass
    settle(phone)
    assert [path for path, _, _ in bundle.posted] == ["/draf"]
    assert bundle.posted[0][2]["values"]["tanggal"] == day
    expect(phone.get_by_label(DATE)).to_be_focused()
    expect(phone.locator(".flatpickr-calendar.open")).to_have_count(0)  # the next field is free


@pytest.mark.parametrize("typed", ["31/2/2026", "25/11/26", "1/1/1899", "besok", "13/13/2026", "25/11/0026"])
def test_what_is_no_date_stays_and_is_said_and_is_not_sent(phone: Page, typed: str) -> None:
    bundle = open_form(phone)
    phone.get_by_label(DATE).press_sequentially(typed)
    phone.get_by_label("Nama anak").fill("Bintang")
    said = field(phone, DATE).get_by_role("alert")
    expect(said).to_contain_text(f"{typed} bukan tanggal yang bisa diisi")
    expect(phone.get_by_label(DATE)).to_have_value(typed)
    phone.get_by_role("button", name="Selesaikan tugas").click()
    summary = phone.get_by_role("alert").filter(has_text="Ada satu isian")
    expect(summary).to_be_visible()
    if typed == "31/2/2026":
        assert accessibility_faults(phone) == []
        screenshot(phone, "date-refused-360")
    summary.get_by_role("link").click()
    expect(phone.get_by_label(DATE)).to_be_focused()
    assert [path for path, _, _ in bundle.posted if path == "/kirim"] == []
    phone.get_by_label(DATE).fill("28/2/2026")
    expect(said).to_have_count(0)
    phone.get_by_label("Nama anak").focus()  # the calendar lies over the button
    phone.get_by_role("button", name="Selesaikan tugas").click()
    phone.wait_for_url(f"{ORIGIN}/berikutnya")
    assert bundle.posted[-1][2]["variables"]["tanggal"] == "2026-02-28"


@pytest.mark.parametrize("leave", ["Tab", "Enter"])
def test_a_date_that_is_corrected_to_none_stays_and_is_not_sent_without_a_word(
    phone: Page, leave: str
) -> None:
    """form-js takes the day away a moment later, and would empty the field with it."""
    bundle = open_form(phone)
    date, name = phone.get_by_label(DATE), phone.get_by_label("Nama anak")
    date.fill("25/11/2026")
    name.focus()
    date.fill("31/11/2026")
    date.press(leave)
    name.focus()
    settle(phone)
    settle(phone)
    expect(field(phone, DATE).get_by_role("alert")).to_contain_text("31/11/2026 bukan tanggal")
    expect(date).to_have_value("31/11/2026")
    phone.get_by_role("button", name="Selesaikan tugas").click()
    expect(phone.get_by_role("alert").filter(has_text="Ada satu isian")).to_be_visible()
    assert [path for path, _, _ in bundle.posted if path == "/kirim"] == []
    date.fill("30/11/2026")
    name.focus()
    phone.get_by_role("button", name="Selesaikan tugas").click()
    phone.wait_for_url(f"{ORIGIN}/berikutnya")
    assert bundle.posted[-1][2]["variables"]["tanggal"] == "2026-11-30"


def test_enter_does_not_throw_away_what_is_no_date(phone: Page) -> None:
    open_form(phone)
    phone.get_by_label(DATE).press_sequentially("31/2/2026")
    phone.get_by_label(DATE).press("Enter")
    expect(field(phone, DATE).get_by_role("alert")).to_be_visible()
    expect(phone.get_by_label(DATE)).to_have_value("31/2/2026")


def test_a_day_that_is_corrected_in_the_middle_is_not_taken_half(phone: Page) -> None:
    open_form(phone)
    date = phone.get_by_label(DATE)
    date.fill("25/11/2026")
    settle(phone)  # form-js puts the day that it was given into the field once more
    date.evaluate("input => input.setSelectionRange(2, 2)")
    date.press("Backspace")
    expect(date).to_have_value("2/11/2026")
    date.press("6")
    expect(date).to_have_value("26/11/2026")


def test_the_calendar_fits_on_a_phone(phone: Page) -> None:
    open_form(phone)
    phone.get_by_label(DATE).focus()
    calendar = phone.locator(".flatpickr-calendar.open")
    expect(calendar).to_be_visible()
    assert overflow(phone) == []
    box = calendar.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
    sunday = calendar.locator(".flatpickr-day").nth(6).bounding_box()
    assert sunday
    assert sunday["x"] + sunday["width"] <= box["x"] + box["width"] + 0.5  # nothing of a day is cut off
    screenshot(phone, "calendar-360")
    calendar.get_by_label("15", exact=False).first.click()
    expect(phone.get_by_label(DATE)).not_to_have_value("")
