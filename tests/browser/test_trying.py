"""An analyst tries a decision out under its table, before anything of it is deployed."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import SignIn
from tests.support.browser import PHONE, accessibility_faults, overlook, screenshot
from tests.support.people import overflow
from tests.support.site import Site
from tests.unit.dmn.models import decision, file, literal, table

pytestmark = pytest.mark.browser

FIRED, CONFLICTING = "tr.rule-fired", "tr.rule-conflicting"


@pytest.fixture
def page(site: Site, sign_in: SignIn) -> Page:
    """Pasuruan's table in its editor."""
    page = sign_in("analis@pasuruan")
    return open_table(page, site)


def open_table(page: Page, site: Site) -> Page:
    analyst = site.service.caller("analis@pasuruan")
    [found] = analyst.get("/decision-definition", key="pasuruan_jalur").json
    page.goto(f"{site.url}/modeler/decision/{found['id']}")
    expect(panel(page).get_by_role("heading", name="Coba tabel ini")).to_be_visible()
    return page


def panel(page: Page) -> Locator:
    return page.locator("#trial")


def answer(page: Page) -> Locator:
    return panel(page).get_by_role("status")


def type_in(page: Page, age: str, crime: str) -> None:
    panel(page).get_by_label("Umur saat kejadian").fill(age)
    panel(page).get_by_label("Tingkat tindak pidana").fill(crime)


def change(page: Page, cell: str, text: str) -> None:
    """Type over a cell of the table. Chromium may keep the look of what is typed over as a style attribute,
    and complain of itself.
    """
    overlook(page, "Applying inline style violates")
    page.locator(".tjs-table").get_by_text(cell, exact=True).first.click()
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def open_file(page: Page, content: bytes) -> None:
    chosen = {"name": "contoh.dmn", "mimeType": "application/xml", "buffer": content}
    page.get_by_label("Buka berkas").set_input_files(chosen)  # type: ignore[arg-type]


def test_the_result_and_its_rule_are_seen_at_once_and_follow_the_table(page: Page) -> None:
    expect(answer(page)).to_contain_text("Isi satu masukan")
    type_in(page, "11", "ringan")
    expect(answer(page)).to_contain_text("Jalur yang diusulkan")
    expect(answer(page).locator("dd")).to_have_text("rj")
    expect(answer(page).get_by_role("button")).to_have_text("Aturan 1")
    expect(answer(page)).to_contain_text("Menurut Aturan 1")
    expect(page.locator(FIRED)).to_have_count(1)
    expect(page.locator(FIRED)).to_contain_text("< 12")
    change(page, '"rj"', '"musyawarah"')
    expect(answer(page).locator("dd")).to_have_text("musyawarah")
    change(page, "< 12", "< 11")
    expect(answer(page)).to_contain_text("Tidak ada aturan yang cocok")
    expect(page.locator(FIRED)).to_have_count(0)


def test_a_click_on_the_rule_brings_its_row_into_sight(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 700})
    type_in(page, "20", "berat")
    row = page.locator(FIRED).locator(".rule-index")
    expect(row).not_to_be_in_viewport(ratio=1)
    answer(page).get_by_role("button", name="Aturan 4").press("Enter")
    expect(row).to_be_in_viewport(ratio=1)


def test_rules_that_match_at_once_are_told_by_their_numbers(page: Page) -> None:
    type_in(page, "11", "ringan")
    change(page, "[12..17]", "[10..17]")
    expect(answer(page)).to_contain_text("Aturan 1 dan 2 cocok sekaligus")
    expect(page.locator(CONFLICTING)).to_have_count(2)
    expect(page.locator(FIRED)).to_have_count(0)


def test_a_mark_goes_with_its_row_when_rows_come_before_it(page: Page) -> None:
    type_in(page, "15", "berat")
    expect(answer(page).get_by_role("button")).to_have_text("Aturan 3")
    page.locator("td.rule-index").first.click(button="right")
    page.get_by_text("Tambah aturan di atas").click()
    expect(page.locator(FIRED).locator(".rule-index")).to_have_text("4")
    expect(page.locator(FIRED)).to_contain_text('"diversi"')
    # The new row is empty, so it matches too; its answer is null.
    expect(answer(page)).to_contain_text("Aturan 1 dan 4 cocok sekaligus")


def test_a_cell_that_is_half_typed_is_told_where_it_stands_and_takes_no_field_away(page: Page) -> None:
    type_in(page, "11", "ringan")
    expect(answer(page).locator("dd")).to_have_text("rj")
    change(page, "< 12", "< ")
    expect(answer(page)).to_contain_text("Aturan 1: aturan_1_masukan_1: '<' tidak sah")
    expect(panel(page).get_by_label("Umur saat kejadian")).to_have_value("11")
    page.keyboard.type("12")
    expect(answer(page).locator("dd")).to_have_text("rj")


@pytest.mark.parametrize(
    ("typed", "said"),
    [("sebelas", "misalnya 12 atau 1,5"), ("12.500", "Tulis 12500 atau 12,5"), ("9" * 17, "terlalu panjang")],
)
def test_a_number_that_is_none_is_told_at_its_field(page: Page, typed: str, said: str) -> None:
    type_in(page, typed, "ringan")
    field = panel(page).get_by_label("Umur saat kejadian")
    expect(panel(page).locator(".trial-wrong:visible")).to_contain_text(said)
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(panel(page).locator(".trial-wrong:visible").inner_text())
    for right in ("11,5", "11.5"):
        field.fill(right)
        expect(answer(page).locator("dd")).to_have_text("rj")
        expect(panel(page).locator(".trial-wrong:visible")).to_have_count(0)


def test_what_is_not_filled_in_is_named_where_no_rule_matches(page: Page) -> None:
    type_in(page, "", "berat")
    expect(answer(page)).to_contain_text("Tidak ada aturan yang cocok")
    expect(answer(page)).to_contain_text("Belum diisi: Umur saat kejadian")


TARIFF = table(["berat"], ["t"], [["< 10", "1"], ["-", "2"]], policy="FIRST", types=["number"])
ALL = table(
    ["aktif", "hari"],
    ["x", "y"],
    [["true", "-", "hari", '"a"'], ["-", "-", "null", '"b"']],
    policy="COLLECT",
    types=["boolean", "date"],
)
SEVERAL = file(
    decision("tarif", TARIFF),
    decision("harga", literal("tarif * jarak"), needs=["tarif"], name="Harga kirim"),
    decision("semua", ALL.replace(' id="', ' id="semua_'), name="Semua"),
)


def test_values_stay_from_decision_to_decision_and_each_type_has_its_field(page: Page) -> None:
    open_file(page, SEVERAL)
    tabs = page.get_by_role("toolbar", name="Tabel dan diagram")
    tabs.get_by_role("button", name="tarif").click()
    panel(page).get_by_label("berat").fill("12")
    expect(answer(page).locator("dd")).to_have_text("2")
    tabs.get_by_role("button", name="Harga kirim").click()
    expect(panel(page).get_by_role("heading", name="Coba keputusan ini")).to_be_visible()
    expect(page.get_by_role("textbox", name="Penyunting ekspresi")).to_be_in_viewport(ratio=0.2)
    expect(panel(page).get_by_label("berat")).to_have_value("12")
    panel(page).get_by_label("jarak").fill("1,5")
    expect(answer(page).locator("dd")).to_have_text("3")
    panel(page).get_by_label("jarak").fill("2")  # its answer comes when the diagram is shown
    tabs.get_by_role("button", name="Diagram keputusan").click()
    expect(panel(page)).to_be_hidden()
    page.wait_for_timeout(600)  # longer than the panel rests before it asks
    tabs.get_by_role("button", name="Semua").click()
    panel(page).get_by_label("aktif").select_option("ya")
    panel(page).get_by_label("hari").fill("2026-03-30")
    expect(answer(page).locator("ol > li")).to_have_count(2)
    expect(answer(page).locator("ol > li").first).to_contain_text("2026-03-30")
    expect(answer(page).locator("ol > li").last).to_contain_text("kosong")
    panel(page).get_by_role("button", name="Kosongkan semua").click()
    expect(answer(page)).to_contain_text("Isi satu masukan")


def test_reasons_for_nulls_are_folded_below(page: Page) -> None:
    open_file(page, SEVERAL)
    page.get_by_role("button", name="Harga kirim").click()
    panel(page).get_by_label("berat").fill("12")
    expect(answer(page).locator("dd")).to_have_text("kosong")
    reason = answer(page).get_by_text("number * null tidak ada hasilnya")
    expect(reason).to_be_hidden()
    answer(page).get_by_text("Kenapa kosong?").click()
    expect(reason).to_be_visible()


def test_a_conflict_in_a_decision_that_is_needed_is_told_with_its_name(page: Page) -> None:
    open_file(page, SEVERAL.replace(b"FIRST", b"UNIQUE"))
    page.get_by_role("button", name="Harga kirim").click()
    panel(page).get_by_label("berat").fill("5")
    expect(answer(page)).to_contain_text("tarif: Aturan 1 dan 2 cocok sekaligus")
    expect(answer(page).get_by_role("button")).to_have_count(0)


def test_the_panel_is_for_everybody_at_every_width(page: Page) -> None:
    for crime, cell in (("ringan", ""), ("ringan", "[10..17]")):
        type_in(page, "11", crime)
        if cell:
            change(page, "[12..17]", cell)
        expect(page.locator(CONFLICTING if cell else FIRED).first).to_be_visible()
        for viewport in ({"width": 1280, "height": 800}, PHONE):
            page.set_viewport_size(viewport)  # type: ignore[arg-type]
            for theme in ("light", "dark"):
                page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
                name = f"trying-{'conflict' if cell else 'fired'}-{viewport['width']}-{theme}"
                screenshot(page, name, full_page=True)
                assert accessibility_faults(page) == [], name
                assert overflow(page, viewport["width"]) == [], name
        page.set_viewport_size({"width": 1280, "height": 800})


def test_no_answer_moves_the_table(page: Page) -> None:
    def place() -> object:
        return page.locator("#canvas").bounding_box()

    before = place()
    type_in(page, "sebelas", "x")
    expect(panel(page).locator(".trial-wrong:visible")).to_be_visible()
    assert place() == before
    type_in(page, "11", "ringan")
    expect(answer(page).locator("dd")).to_have_text("rj")
    assert place() == before
    change(page, "[12..17]", "[10..17]")
    expect(page.locator(CONFLICTING)).to_have_count(2)
    assert place() == before
