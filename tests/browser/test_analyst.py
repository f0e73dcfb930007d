"""An analyst's work: a step gets another name, a form another question; what is broken stays out."""

from typing import Any

import pytest
from playwright.sync_api import Dialog, Locator, Page, expect

from tests.browser.conftest import SignIn
from tests.support.case import Case, begin
from tests.support.site import Site

pytestmark = pytest.mark.browser

KEY = "pasuruan_penanganan_abh"
STEP = "langkah_1_terima_laporan"


def shape(page: Page, element_id: str = STEP) -> Locator:
    """An element on the diagram."""
    return page.locator(f'.djs-shape[data-element-id="{element_id}"]')


def open_editor(page: Page, name: str) -> None:
    """Open a definition from the list, by its name or key."""
    page.get_by_role("link", name="Modeler").click()
    page.locator(".definition-list li", has_text=name).first.locator(".definition-name").click()
    expect(page.get_by_role("button", name="Terapkan")).to_be_visible()


def write_over(page: Page, text: str) -> None:
    """Type over what the focused field holds."""
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def versions(site: Site) -> list[int]:
    """The versions of the process that are deployed."""
    analyst = site.service.caller("analis@pasuruan")
    return sorted(found["version"] for found in analyst.get("/process-definition", key=KEY).json)


def new_case(site: Site) -> Case:
    return begin(site.service, "pasuruan", KEY, "petugas")


def test_a_renamed_step_is_new_for_new_cases_and_old_for_old_ones(site: Site, sign_in: SignIn) -> None:
    old = new_case(site)
    page = sign_in("analis@pasuruan")
    open_editor(page, "Penanganan Anak Berhadapan dengan Hukum")
    shape(page).dblclick()
    expect(page.locator(".djs-direct-editing-content")).to_be_focused()
    write_over(page, "Catat laporan warga")
    page.locator("h1").click()
    expect(shape(page)).to_contain_text("Catat")
    page.get_by_role("button", name="Terapkan").click()
    expect(page.get_by_role("alert")).to_contain_text("Diterapkan")
    expect(page.get_by_role("alert")).to_contain_text("versi 2")
    new = new_case(site)
    worker = sign_in("petugas@pasuruan")
    expect(worker.locator(".card", has_text=new.business_key)).to_contain_text("Catat laporan warga")
    expect(worker.locator(".card", has_text=old.business_key)).to_contain_text("Terima laporan atau undangan")
    old.do("petugas", STEP, jenis_masuk="laporan")
    old.waits_for("langkah_3_asesmen")
    page.reload()
    page.get_by_role("link", name="versi").click()
    expect(page.locator(".definition-name")).to_have_count(2)


def test_what_is_broken_is_refused_at_its_element_and_changes_nothing(site: Site, sign_in: SignIn) -> None:
    page = sign_in("analis@pasuruan")
    open_editor(page, "Penanganan Anak Berhadapan dengan Hukum")
    shape(page).click()
    selected = page.locator(".bio-properties-panel-header-label")
    expect(selected).to_have_text("Terima laporan atau undangan")
    panel = page.locator("#properties")
    panel.get_by_text("Siapa dan kapan", exact=True).click()
    panel.locator('[data-entry-id="candidateGroups"] input').fill("kantin")
    page.get_by_role("button", name="Terapkan").click()
    expect(page.get_by_role("alert")).to_contain_text("Belum diterapkan")
    expect(page.locator(f'[data-element-id="{STEP}"].has-error')).to_have_count(1)
    expect(page.locator(f'.djs-overlays[data-container-id="{STEP}"] .badge-incident')).to_be_visible()
    finding = page.locator("#problems .finding-error").first
    expect(finding).to_contain_text("Terima laporan atau undangan")
    expect(finding).to_contain_text("kantin")
    shape(page, "langkah_1_laporan_masuk").click()
    expect(selected).not_to_have_text("Terima laporan atau undangan")
    finding.get_by_role("button").click()
    expect(selected).to_have_text("Terima laporan atau undangan")
    assert versions(site) == [1]
    new_case(site).waits_for(STEP)


def test_a_form_with_another_question_is_deployed_and_asked(site: Site, sign_in: SignIn) -> None:
    case = new_case(site)
    page = sign_in("analis@pasuruan")
    open_editor(page, "pasuruan_langkah_1_terima_laporan")
    page.locator(".fjs-element", has_text="Apa yang masuk?").last.click()
    page.locator(".fjs-properties-container").get_by_text("Umum", exact=True).click()
    page.locator("[data-entry-id=label] [contenteditable=true]").fill("Apa yang diterima hari ini?")
    page.get_by_role("button", name="Terapkan").click()
    expect(page.get_by_role("alert")).to_contain_text("Diterapkan")
    worker = sign_in("petugas@pasuruan")
    worker.locator(".card", has_text=case.business_key).click()
    expect(worker.get_by_text("Apa yang diterima hari ini?")).to_be_visible()


def test_a_decision_table_is_changed_and_decides_the_next_case(site: Site, sign_in: SignIn) -> None:
    page = sign_in("analis@pasuruan")
    open_editor(page, "Usulan jalur penanganan")
    expect(page.locator(".tjs-table")).to_contain_text(
        "Umur saat kejadian"
    )  # the table, not a diagram of one
    page.locator(".tjs-table").get_by_text('"diversi"').click()
    write_over(page, '"rj"')
    page.locator("h1").click()
    page.get_by_role("button", name="Terapkan").click()
    expect(page.get_by_role("alert")).to_contain_text("Diterapkan")
    inputs: dict[str, Any] = {
        "umur_saat_kejadian": {"value": 15},
        "tingkat_tindak_pidana": {"value": "berat"},
    }
    answer = site.service.caller("analis@pasuruan").post(
        "/decision-definition/key/pasuruan_jalur/evaluate", {"variables": inputs}
    )
    assert [row["jalur_usulan"]["value"] for row in answer.json] == ["rj"]


def test_leaving_a_change_behind_is_asked_about(sign_in: SignIn) -> None:
    page = sign_in("analis@pasuruan")
    open_editor(page, "Penanganan Anak Berhadapan dengan Hukum")
    shape(page).dblclick()
    expect(page.locator(".djs-direct-editing-content")).to_be_focused()
    write_over(page, "Sementara")
    page.locator("h1").click()
    expect(shape(page)).to_contain_text("Sementara")
    asked: list[str] = []

    def agree(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", agree)
    page.get_by_role("link", name="Modeler").first.click()
    expect(page.locator(".definition-list").first).to_be_visible()
    assert asked == ["beforeunload"]
