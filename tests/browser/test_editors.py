"""The analyst's three editors, by themselves."""

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import ROOT, forget_complaint, screenshot
from tests.support.bundles import Bundle

pytestmark = pytest.mark.browser

BODY = """
<p><button id="undo" type="button">Urungkan</button> <button id="redo" type="button">Ulangi</button>
<button id="download" type="button">Unduh</button> <button id="deploy" type="button">Terapkan</button>
<label>Buka berkas <input type="file" id="import"></label></p>
<div class="editor">
<div id="canvas"></div><aside id="properties"></aside><section id="problems"></section>
</div>
"""
DIAGRAM = (ROOT / "processes/natuna/natuna_pendampingan_abh_ampk.bpmn").read_text(encoding="utf-8")
TABLE = (ROOT / "processes/pasuruan/pasuruan_jalur.dmn").read_text(encoding="utf-8")
FORM = json.loads((ROOT / "forms/natuna/natuna_langkah_1_laporan.form").read_text(encoding="utf-8"))
STEP = "langkah_3_asesmen"
FINDING = {
    "severity": "error",
    "message": "Formulir tidak dikenal.",
    "hint": "Pilih formulir lain.",
    "element_id": STEP,
    "rule": "form-unknown",
}


@pytest.fixture
def bundle(page: Page) -> Bundle:
    deployed = (200, {"message": "Diterapkan sebagai versi 2.", "findings": []})
    return Bundle(page, answers={"/terapkan": deployed})


def open_modeler(bundle: Bundle, **data: Any) -> Page:
    known = {"forms": ["natuna_langkah_3_asesmen"], "decisions": [], "groups": ["peksos"], "processes": []}
    given = {"xml": DIAGRAM, "name": "natuna.bpmn", "deployUrl": "/terapkan", **known, **data}
    page = bundle.open("modeler", BODY, given)
    expect(shape(page, STEP)).to_be_visible()
    return page


def shape(page: Page, element_id: str) -> Any:
    return page.locator(f'.djs-shape[data-element-id="{element_id}"]')


def open_group(page: Page, name: str) -> None:
    page.locator("#properties").get_by_text(name, exact=True).first.click()


def select(page: Page) -> None:
    """Select the step, and wait until the properties are its own."""
    shape(page, STEP).click()
    expect(page.locator(".bio-properties-panel-header-label")).to_have_text("Lakukan asesmen anak")


def rename(page: Page, name: str) -> None:
    select(page)
    open_group(page, "Umum")
    page.get_by_role("textbox", name="Nama", exact=True).fill(name)
    expect(shape(page, STEP)).to_contain_text(name.partition(" ")[0])


def test_an_analyst_renames_a_step_and_deploys_it(bundle: Bundle) -> None:
    page = open_modeler(bundle)
    rename(page, "Kunjungi anak")
    page.get_by_role("button", name="Terapkan").click()
    expect(page.get_by_role("alert")).to_contain_text("Diterapkan sebagai versi 2.")
    [(path, headers, sent)] = bundle.posted
    assert path == "/terapkan"
    assert headers["x-csrftoken"] == "token-of-this-page"
    [resource] = sent["resources"]
    assert resource["name"] == "natuna.bpmn"
    assert 'name="Kunjungi anak"' in resource["content"]


def test_what_was_typed_last_is_deployed_too(bundle: Bundle) -> None:
    page = open_modeler(bundle)
    select(page)
    open_group(page, "Umum")
    page.get_by_role("textbox", name="Nama", exact=True).fill("Kunjungi anak")
    page.get_by_role("button", name="Terapkan").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert 'name="Kunjungi anak"' in bundle.posted[0][2]["resources"][0]["content"]


def test_undo_takes_a_change_back_and_redo_brings_it(bundle: Bundle) -> None:
    page = open_modeler(bundle)
    undo, redo = (page.get_by_role("button", name=name) for name in ("Urungkan", "Ulangi"))
    expect(undo).to_be_disabled()
    rename(page, "Kunjungi anak")
    undo.click()
    expect(shape(page, STEP)).not_to_contain_text("Kunjungi")
    redo.click()
    expect(shape(page, STEP)).to_contain_text("Kunjungi")


def test_a_refused_deployment_shows_its_findings_at_their_elements(bundle: Bundle) -> None:
    bundle.answers["/terapkan"] = (400, {"message": "Ada satu kesalahan.", "findings": [FINDING]})
    page = open_modeler(bundle)
    page.get_by_role("button", name="Terapkan").click()
    expect(page.get_by_role("alert")).to_contain_text("Ada satu kesalahan.")
    expect(page.locator(f'[data-element-id="{STEP}"].has-error')).to_have_count(1)
    expect(page.locator('.badge[title*="Formulir tidak dikenal."]')).to_be_visible()
    screenshot(page, "modeler-findings")
    page.locator("#problems").get_by_role("button", name="Formulir tidak dikenal.").click()
    expect(page.locator(".bio-properties-panel-header-label")).to_have_text("Lakukan asesmen anak")


def test_the_servers_linter_is_asked_after_a_change(bundle: Bundle) -> None:
    bundle.answers["/periksa"] = (200, {"findings": [FINDING]})
    page = open_modeler(bundle, lintUrl="/periksa")
    rename(page, "Kunjungi anak")
    expect(page.locator("#problems")).to_contain_text("Formulir tidak dikenal.")
    assert {path for path, _, _ in bundle.posted} == {"/periksa"}


def test_bpmnlint_says_in_indonesian_what_is_missing(bundle: Bundle) -> None:
    page = open_modeler(bundle)
    select(page)
    open_group(page, "Umum")
    page.get_by_role("textbox", name="Nama", exact=True).fill("")
    expect(page.locator("#problems")).to_contain_text("Elemen belum bernama")


def test_only_what_the_engine_runs_is_offered(bundle: Bundle) -> None:
    page = open_modeler(bundle)
    select(page)
    page.locator('.djs-context-pad [data-action="replace"]').click()
    results = page.locator(".djs-popup-results")
    expect(results).to_contain_text("Tugas keputusan")
    offered = results.inner_text()
    assert not any(
        word in offered for word in ("Service", "Script", "Skrip", "Send", "Transaction", "Ad-hoc")
    )
    assert "Tugas program" in offered
    groups = ["Umum", "SOP", "Siapa dan kapan", "Formulir", "Dokumentasi"]
    groups += ["Kelanjutan asinkron", "Sifat tambahan"]
    expect(page.locator(".bio-properties-panel-group-header-title")).to_have_text(groups)


def change_into(page: Page, kind: str) -> None:
    """Make the step a task of another kind."""
    select(page)
    page.locator('.djs-context-pad [data-action="replace"]').click()
    page.locator(".djs-popup-results").get_by_text(kind, exact=True).click()


def posted(page: Page, bundle: Bundle) -> str:
    """The diagram as it is deployed."""
    page.get_by_role("button", name="Terapkan").click()
    expect(page.get_by_role("alert")).to_be_visible()
    content: str = bundle.posted[0][2]["resources"][0]["content"]
    return content


def test_a_topic_makes_a_task_an_external_task(bundle: Bundle) -> None:
    page = open_modeler(bundle)
    change_into(page, "Tugas program")
    open_group(page, "Program di luar")
    page.get_by_label("Topik").fill("sipp")
    assert 'camunda:type="external" camunda:topic="sipp"' in posted(page, bundle)


def test_what_a_message_carries_is_written_as_mappings(bundle: Bundle) -> None:
    page = open_modeler(bundle)
    change_into(page, "Tugas kirim pesan")
    open_group(page, "Yang dibawa pesan")
    page.get_by_label("Variabel", exact=True).fill("nama, umur")
    page.get_by_label("Variabel", exact=True).press("Tab")
    page.get_by_label("Untuk kasus bernomor").fill("=nomor")
    diagram = posted(page, bundle)
    for mapping in ('source="nama" target="nama"', 'source="umur" target="umur"', 'businessKey="=nomor"'):
        assert f"<camunda:in {mapping} />" in diagram


def test_a_steps_place_in_the_procedure_is_written_into_the_diagram(bundle: Bundle) -> None:
    page = open_modeler(bundle)
    select(page)
    open_group(page, "SOP")
    page.get_by_label("Langkah").fill("3b")
    page.get_by_role("button", name="Terapkan").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert '<camunda:property name="langkah" value="3b" />' in bundle.posted[0][2]["resources"][0]["content"]


def test_a_diagram_comes_from_a_file_and_goes_into_one(bundle: Bundle, tmp_path: Path) -> None:
    page = open_modeler(bundle)
    file = tmp_path / "lain.bpmn"
    file.write_text(DIAGRAM.replace("Lakukan asesmen anak", "Kunjungi anak"), encoding="utf-8")
    page.get_by_label("Buka berkas").set_input_files(file)
    expect(shape(page, STEP)).to_contain_text("Kunjungi")
    with page.expect_download() as download:
        page.get_by_role("button", name="Unduh").click()
    assert download.value.suggested_filename == "lain.bpmn"
    assert "Kunjungi anak" in Path(download.value.path()).read_text(encoding="utf-8")


def test_a_file_that_is_no_diagram_leaves_the_one_that_is_open(bundle: Bundle, tmp_path: Path) -> None:
    page = open_modeler(bundle)
    file = tmp_path / "surat.txt"
    file.write_text("Dengan hormat,", encoding="utf-8")
    page.get_by_label("Buka berkas").set_input_files(file)
    expect(page.get_by_role("alert")).to_contain_text("surat.txt tidak dapat dibuka")


def test_a_decision_table_is_edited_and_deployed(bundle: Bundle) -> None:
    data = {"xml": TABLE, "name": "pasuruan_jalur.dmn", "deployUrl": "/terapkan"}
    page = bundle.open("decision", BODY, data)
    expect(page.locator(".tjs-table")).to_contain_text("Umur saat kejadian")
    page.locator(".tjs-table").get_by_text("< 12").click()
    page.keyboard.press("Control+A")
    page.keyboard.type("< 13")
    # Chromium would keep the look of what is typed over, as a style attribute, and complains of itself.
    forget_complaint(page, "Applying inline style violates")
    page.get_by_role("button", name="Terapkan").click()
    expect(page.get_by_role("alert")).to_contain_text("Diterapkan sebagai versi 2.")
    screenshot(page, "decision")
    assert "&lt; 13" in bundle.posted[0][2]["resources"][0]["content"]


def test_the_servers_linter_reads_a_table_too_and_a_click_shows_the_row(bundle: Bundle) -> None:
    finding = FINDING | {"message": "Aturan 4 tidak pernah berlaku.", "element_id": "aturan_4"}
    bundle.answers["/periksa"] = (200, {"findings": [finding]})
    data = {"xml": TABLE, "name": "pasuruan_jalur.dmn", "deployUrl": "/terapkan", "lintUrl": "/periksa"}
    page = bundle.open("decision", BODY, data)
    expect(page.locator("#problems")).to_contain_text("Aturan 4 tidak pernah berlaku.")
    assert [path for path, _, _ in bundle.posted] == ["/periksa"]
    page.get_by_role("button", name="Diagram keputusan", exact=True).click()
    expect(page.locator(".tjs-table")).to_have_count(0)
    page.locator("#problems").get_by_role("button", name="Aturan 4 tidak pernah berlaku.").click()
    expect(page.locator('[data-row-id="aturan_4"]').first).to_be_in_viewport()


def test_a_form_is_edited_and_deployed(bundle: Bundle) -> None:
    data = {"schema": FORM, "name": "laporan.form", "deployUrl": "/terapkan"}
    page = bundle.open("form-editor", BODY, data)
    page.locator(".fjs-element", has_text="Uraian laporan").last.click()
    page.locator(".fjs-properties-container").get_by_text("Umum", exact=True).click()
    page.locator("[data-entry-id=label] [contenteditable=true]").fill("Ceritakan kejadiannya")
    page.get_by_role("button", name="Terapkan").click()
    expect(page.get_by_role("alert")).to_contain_text("Diterapkan sebagai versi 2.")
    screenshot(page, "form-editor")
    schema = json.loads(bundle.posted[0][2]["resources"][0]["content"])
    assert schema["id"] == FORM["id"]
    assert "Ceritakan kejadiannya" in json.dumps(schema)


def test_the_icons_of_the_menu_that_aligns_are_drawn(bundle: Bundle) -> None:
    page = open_modeler(bundle)
    shape(page, STEP).click()
    shape(page, "langkah_2_terima_tugaskan").click(modifiers=["Shift"])
    page.locator(".djs-context-pad .entry[data-action=align-elements]").click()
    icon = page.locator(".djs-popup svg rect").first
    expect(icon).to_be_visible()
    assert icon.evaluate("icon => getComputedStyle(icon).strokeWidth") == "100px"


def test_the_mark_of_bpmn_io_stands_where_its_makers_put_it(bundle: Bundle) -> None:
    page = bundle.open("decision", BODY, {"xml": TABLE, "name": "x.dmn", "deployUrl": "/terapkan"})
    mark = page.locator(".bjs-powered-by").first
    expect(mark).to_be_visible()
    assert mark.evaluate("mark => getComputedStyle(mark).position") == "absolute"
    mark.click()
    notice = page.locator(".bjs-powered-by-lightbox .notice")
    expect(notice).to_be_visible()
    assert notice.evaluate("notice => getComputedStyle(notice).position") == "absolute"
