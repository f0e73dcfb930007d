"""A missing browser is said, never skipped."""

from pathlib import Path

import pytest

from tests.support import chromium


def test_the_environment_names_the_browser(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    chosen = tmp_path / "chrome"
    chosen.touch()
    monkeypatch.setenv("TITIAN_CHROMIUM", str(chosen))
    assert chromium.find_chromium() == chosen


def test_a_named_browser_that_is_absent_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TITIAN_CHROMIUM", str(tmp_path / "absent"))
    with pytest.raises(chromium.ChromiumMissing, match="no such file"):
        chromium.find_chromium()
