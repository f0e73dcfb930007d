"""The build hook: only what has changed is made again, and what a phone fetches stays light."""

import gettext
import json
import os
import shutil
from pathlib import Path

import pytest

from hatch_build import _bundles_are_fresh, _sources_hash, compile_catalogues

ROOT = Path(__file__).parents[3]
DIST = ROOT / "webapp/static/dist"
PAGES = ("app", "form", "diagram", "modeler", "decision", "form-editor", "sign-in", "notifications")
PHONE_BUDGET = 200_000
"""Bytes of scripts and styles on the page of a task, as they travel (Brotli)."""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The front end's sources and the stamp of its bundles, somewhere else."""
    frontend = tmp_path / "webapp/frontend"
    shutil.copytree(ROOT / "webapp/frontend", frontend, ignore=shutil.ignore_patterns("node_modules"))
    (tmp_path / "webapp/static/dist").mkdir(parents=True)
    (tmp_path / "webapp/static/dist/.stamp").write_text(_sources_hash(ROOT))
    return tmp_path


def test_bundles_of_unchanged_sources_are_fresh_wherever_they_lie(copy: Path) -> None:
    (copy / "webapp/frontend/node_modules").mkdir()
    (copy / "webapp/frontend/node_modules/anything.js").write_text("export {};")
    assert _bundles_are_fresh(copy)


@pytest.mark.parametrize("source", ["src/form.js", "src/css/tokens.css", "package-lock.json", "plugins.mjs"])
def test_a_changed_source_makes_the_bundles_stale(copy: Path, source: str) -> None:
    with (copy / "webapp/frontend" / source).open("a") as file:
        file.write("\n")
    assert not _bundles_are_fresh(copy)


def test_a_catalogue_is_compiled_when_it_is_newer(tmp_path: Path) -> None:
    folder = tmp_path / "webapp/translations/id/LC_MESSAGES"
    folder.mkdir(parents=True)
    source = folder / "messages.po"
    header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    for text, second in (("Tugas", 1), ("Tugas saya", 2)):
        source.write_text(f'{header}msgid "Tasks"\nmsgstr "{text}"\n', encoding="utf-8")
        os.utime(source, (10_000_000_000 + second,) * 2)
        compile_catalogues(tmp_path)
        with (folder / "messages.mo").open("rb") as compiled:
            assert gettext.GNUTranslations(compiled).gettext("Tasks") == text


def test_every_page_has_its_script_and_its_stylesheet() -> None:
    names = json.loads((DIST / "manifest.json").read_text())
    assert {"sw.js", *(f"{page}.{kind}" for page in PAGES for kind in ("js", "css"))} <= set(names)
    assert [name for name in names.values() if not (DIST / name).is_file()] == []


def test_the_page_of_a_task_is_light_enough_for_a_weak_line() -> None:
    names = json.loads((DIST / "manifest.json").read_text())
    files = [DIST / f"{names[f'{page}.{kind}']}.br" for page in ("app", "form") for kind in ("js", "css")]
    assert sum(file.stat().st_size for file in files) <= PHONE_BUDGET


def test_the_licences_of_what_is_bundled_travel_with_it() -> None:
    text = (DIST / "LICENSES.txt").read_text(encoding="utf-8")
    assert "bpmn-js 18." in text
    assert "The source code responsible for displaying the bpmn.io project watermark" in text
