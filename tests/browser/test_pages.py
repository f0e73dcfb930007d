"""Every page, at the width of a phone and of a desk, in light and in dark, in both languages."""

from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.browser.places import PERSONAS, Place
from tests.support.browser import DESK, PHONE, OpenPage, accessibility_faults, settle
from tests.support.people import overflow
from tests.support.site import Site

pytestmark = pytest.mark.browser

SIZES = {"phone": PHONE, "desk": DESK}
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def visit(page: Page, site: Site, place: Place) -> None:
    page.goto(site.url + place.path)
    expect(page.locator(place.ready).first).to_be_visible()


def looks(page: Page) -> Iterator[tuple[str, bool]]:
    """The page in both sizes and themes, one after the other; and whether only the colours have changed."""
    for size, viewport in SIZES.items():
        page.set_viewport_size(viewport)  # type: ignore[arg-type]
        for theme in THEMES:
            page.emulate_media(color_scheme=theme)
            settle(page)
            yield f"{size}, {theme}", theme != THEMES[0]


def faults(page: Page) -> dict[str, list[str]]:
    """Where something is wrong with the page: look -> what."""
    found = {}
    for look, colours_only in looks(page):
        width = page.viewport_size["width"] if page.viewport_size else 0
        here = accessibility_faults(page, colours_only=colours_only)
        here += [f"wider than the window: {part}" for part in overflow(page, width)]
        if here:
            found[look] = here
    return found


@pytest.mark.parametrize("persona", PERSONAS)
def test_every_page_can_be_used_by_everybody_at_every_width(
    persona: str, site: Site, sign_in: SignIn
) -> None:
    found = {}
    for user_id, places in PERSONAS[persona](site).items():
        page = sign_in(user_id)
        for name, place in places.items():
            visit(page, site, place)
            if here := faults(page):
                found[name] = here
    assert found == {}


def test_signing_in_can_be_done_by_everybody(site: Site, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{site.url}/login")
    page.get_by_text("Lihat pengguna").or_(page.locator(".hint summary")).first.click()
    assert faults(page) == {}
