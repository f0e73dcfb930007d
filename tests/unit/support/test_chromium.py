"""A missing browser is said, never skipped."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import chromium

ROOT = Path(__file__).parents[3]


def test_the_environment_names_the_browser(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    chosen = tmp_path / "chrome"
    chosen.touch()
    monkeypatch.setenv("TITIAN_CHROMIUM", str(chosen))
    assert chromium.find_chromium() == chosen
    assert chromium.find_shell() is None


def test_a_named_browser_that_is_absent_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TITIAN_CHROMIUM", str(tmp_path / "absent"))
    with pytest.raises(chromium.ChromiumMissing, match="no such file"):
        chromium.find_chromium()


def test_the_headless_shell_is_found_beside_the_browser(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """In a process of its own: Playwright may be running in this one."""
    expected = [tmp_path / "chromium", tmp_path / chromium.SHELL]
    for file in expected:
        file.touch(mode=0o755)
    monkeypatch.delenv("TITIAN_CHROMIUM", raising=False)
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "downloads"))
    monkeypatch.setenv("PATH", str(tmp_path))
    command = [sys.executable, "-m", "tests.support.chromium"]
    told = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout
    assert told.split() == [str(file) for file in expected]
