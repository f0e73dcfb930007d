"""A diagram to look at: where the tokens are, where the case has been, what is stuck."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import ROOT, accessibility_faults, screenshot
from tests.support.bundles import Bundle

pytestmark = pytest.mark.browser

XML = (ROOT / "processes/natuna/natuna_pendampingan_abh_ampk.bpmn").read_text(encoding="utf-8")
TASKS = re.findall(r'<(?:bpmn:)?userTask id="([^"]+)"', XML)
FLOWS = re.findall(r'<(?:bpmn:)?sequenceFlow id="([^"]+)"', XML)


def open_diagram(page: Page, **data: Any) -> Page:
    page = Bundle(page).open("diagram", '<div id="diagram"></div>', {"xml": XML, "name": "Natuna", **data})
    expect(page.get_by_role("img", name="Diagram Natuna")).to_be_visible()
    return page


def test_tokens_path_and_incidents_are_drawn_and_said(page: Page) -> None:
    shown = open_diagram(
        page, tokens={TASKS[1]: 1, TASKS[2]: 2}, visited=TASKS[:1], flows=FLOWS[:2], incidents=[TASKS[3]]
    )
    expect(shown.get_by_role("img", name="Kasus sedang di langkah ini")).to_have_text("1")
    expect(shown.get_by_role("img", name="Kasus menunggu 2 kali di langkah ini")).to_have_text("2")
    expect(shown.get_by_role("img", name="Kasus tersendat di langkah ini")).to_be_visible()
    expect(shown.locator(f'[data-element-id="{TASKS[0]}"].is-visited')).to_have_count(1)
    expect(shown.locator(f'[data-element-id="{FLOWS[1]}"].is-visited')).to_have_count(1)
    screenshot(shown, "diagram")
    assert accessibility_faults(shown) == []


def test_what_the_diagram_does_not_have_is_left_out(page: Page) -> None:
    shown = open_diagram(page, tokens={"tiada": 1}, visited=["juga"], flows=["ini"], incidents=["itu"])
    expect(shown.locator(".badge")).to_have_count(0)


def test_a_click_tells_the_page_which_element_it_was(page: Page) -> None:
    shown = open_diagram(page)
    shown.evaluate("addEventListener('element-selected', ({ detail }) => { document.title = detail.id; })")
    shown.locator(f'.djs-shape[data-element-id="{TASKS[0]}"]').click()
    expect(shown).to_have_title(TASKS[0])


def test_the_keyboard_zooms(page: Page) -> None:
    shown = open_diagram(page)
    scale = "new DOMMatrix(getComputedStyle(document.querySelector('.viewport')).transform).a"
    before = shown.evaluate(scale)
    shown.get_by_role("button", name="Perbesar").focus()
    shown.keyboard.press("Enter")
    shown.wait_for_function(f"before => {scale} > before", arg=before)
    shown.get_by_role("button", name="Tampilkan seluruh diagram").press("Enter")
    shown.wait_for_function(f"before => Math.abs({scale} - before) < 1e-6", arg=before)


def test_a_diagram_that_cannot_be_read_is_said(page: Page) -> None:
    shown = Bundle(page).open("diagram", '<div id="diagram"></div>', {"xml": "<bukan-bpmn/>"})
    expect(shown.get_by_role("alert")).to_contain_text("Diagram tidak dapat ditampilkan")
