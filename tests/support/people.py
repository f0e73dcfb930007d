"""What people do with the pages: answering a form, signing out, going on; and what a page owes them."""

import re
from collections.abc import Mapping

from playwright.sync_api import Locator, Page, expect

from tests.support.site import Site
from webapp.config import DEMO_PASSWORD

Answers = Mapping[str, str]
"""What a person reads at a field -> what the person answers, as it is typed or chosen."""


def field(page: Page, label: str) -> Locator:
    """The field of a form-js form that asks ``label``."""
    name = page.locator("label", has_text=re.compile(rf"^{re.escape(label)}\*?$"))
    return (
        page.locator("#form .fjs-form-field").filter(has=name).last
    )  # a group is a field too, and comes first


def answer(page: Page, answers: Answers) -> None:
    """Answer these questions of the form, one after the other."""
    expect(page.locator("#form .fjs-form-field").first).to_be_visible()
    for label, value in answers.items():
        place = field(page, label)
        kinds = place.get_attribute("class") or ""
        if "field-radio" in kinds:
            place.get_by_label(value, exact=True).check()
        elif "field-select" in kinds:
            place.locator(".fjs-input-group").click()
            place.locator(".fjs-dropdownlist-item", has_text=re.compile(rf"^{re.escape(value)}$")).click()
        else:
            if "field-datetime" in kinds:
                wait_for_calendar(place)
            place.get_by_label(label).fill(value)


def wait_for_calendar(date_field: Locator) -> None:
    """Wait until form-js has fitted its calendar to a date's field; doing so empties the field."""
    place = date_field.locator(".fjs-datepicker input.flatpickr-input").element_handle()
    date_field.page.wait_for_function("input => input._flatpickr?.config.onChange.length === 2", arg=place)


def send(page: Page, button: str = "Selesaikan tugas") -> None:
    """Press the form's button, and wait for the page that comes next."""
    before = page.url
    page.get_by_role("button", name=button).click()
    page.wait_for_url(lambda url: url != before)


def take(page: Page) -> None:
    """Take the open task."""
    page.get_by_role("button", name="Ambil tugas").click()
    expect(page.get_by_role("button", name="Selesaikan tugas")).to_be_visible()


def sign_out(page: Page) -> None:
    """Leave by the menu."""
    page.locator(".menu summary").click()
    page.get_by_role("button", name="Keluar").click()
    expect(page.get_by_label("Kata sandi")).to_be_visible()


def change_places(site: Site, page: Page, user_id: str) -> None:
    """Sign out, and somebody else signs in on the same device."""
    sign_out(page)
    site.sign_in(page, user_id)


def overflow(page: Page, width: int = 360) -> list[str]:
    """What reaches beyond ``width`` pixels and makes the page scroll sideways; empty where nothing does.

    A click is over once the next page has begun, before there need be anything of it: it is waited for.
    """
    page.wait_for_load_state()
    if page.evaluate("document.documentElement.scrollWidth") <= width:
        return []
    wide: list[str] = page.evaluate(
        """width => [...document.querySelectorAll('body *')]
            .filter((each) => each.getBoundingClientRect().right > width + 0.5)
            .map((each) => `${each.tagName}.${each.getAttribute('class')}`)""",
        width,
    )
    return wide or ["the page"]


def sign_in_beside(page: Page) -> None:
    """Sign in in the tab that the page offers, and come back."""
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Masuk lagi (tab baru)").click()
    other = opened.value
    other.get_by_label("Kata sandi").fill(DEMO_PASSWORD)
    other.get_by_role("button", name="Masuk").click()
    expect(other.get_by_role("heading", level=1)).to_have_text("Anda sudah masuk lagi")
    other.close()
    page.evaluate("dispatchEvent(new Event('focus'))")  # a headless browser tells no tab that it is looked at
