"""Every diagram, table and form of the five agencies opens in bpmn.io's editors without a warning."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import ROOT, OpenPage
from tests.support.bundles import Bundle

pytestmark = pytest.mark.browser

BODY = """<div class="editor"><div id="canvas"></div><aside id="properties"></aside>
<section id="problems"></section></div>"""
DIAGRAMS = sorted((ROOT / "processes").glob("*/*.bpmn"))
TABLES = sorted((ROOT / "processes").glob("*/*.dmn"))
AGENCIES = sorted(path.parent.name for path in (ROOT / "forms").glob("*/*_langkah_1_*.form"))
ADVICE = {"pasuruan_penanganan_abh": 1}
"""bpmnlint advises against any inclusive gateway; one waits for an unknown number of referrals."""


def named(path: Path) -> str:
    return path.stem


@pytest.fixture
def bundle(page: Page) -> Bundle:
    return Bundle(page)


@pytest.mark.parametrize("path", DIAGRAMS, ids=named)
def test_a_diagram_opens_without_a_warning_and_bpmnlint_finds_no_error(bundle: Bundle, path: Path) -> None:
    data = {"xml": path.read_text(encoding="utf-8"), "name": path.name, "deployUrl": "/x"}
    page = bundle.open("modeler", BODY, data)
    expect(page.locator(".djs-shape").first).to_be_visible()
    advised = ADVICE.get(path.stem, 0)
    expect(page.locator("#problems .findings-count")).to_contain_text(
        str(advised) if advised else "tidak ada"
    )
    expect(page.locator("#problems .finding-error")).to_have_count(0)
    expect(page.locator("#problems .finding")).to_have_count(advised)


@pytest.mark.parametrize("path", TABLES, ids=named)
def test_a_table_opens_without_a_warning(bundle: Bundle, path: Path) -> None:
    data = {"xml": path.read_text(encoding="utf-8"), "name": path.name, "deployUrl": "/x"}
    page = bundle.open("decision", BODY, data)
    expect(page.locator(".tjs-table")).to_be_visible()
    expect(page.locator("#problems .finding")).to_have_count(0)


@pytest.mark.parametrize("agency", sorted(set(AGENCIES)))
def test_every_form_of_an_agency_is_drawn_by_form_js(open_page: OpenPage, agency: str) -> None:
    for path in sorted((ROOT / "forms" / agency).glob("*.form")):
        page = open_page()  # which fails the test on any complaint in its console
        schema = json.loads(path.read_text(encoding="utf-8"))
        data = {"schema": schema, "data": {}, "readonly": False, "submitUrl": "/x"}
        Bundle(page).open("form", '<div id="form" class="form"></div>', data)
        expect(page.locator(".fjs-form-field").first).to_be_visible()
        page.close()
