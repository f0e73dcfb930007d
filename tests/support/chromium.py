"""Finding a Chromium, or getting one: browser tests never skip.

``python -m tests.support.chromium`` prints the path; it downloads or installs where none is found.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class ChromiumMissing(Exception):
    """No Chromium, and no way to get one here. The text says what a person can do."""


def find_chromium() -> Path | None:
    """`TITIAN_CHROMIUM`, else Playwright's own download, else one on the PATH; None when there is none.

    Raises ChromiumMissing when `TITIAN_CHROMIUM` names a file that does not exist.
    """
    if chosen := os.environ.get("TITIAN_CHROMIUM"):
        if not Path(chosen).is_file():
            raise ChromiumMissing(f"TITIAN_CHROMIUM is {chosen}, and there is no such file.")
        return Path(chosen)
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
    if own.is_file():
        return own
    found = next(filter(None, map(shutil.which, COMMANDS)), None)
    return Path(found) if found else None


def get_chromium() -> Path:
    """Find a Chromium; else download Playwright's; else, as root on Debian, install the distribution's.

    Raises ChromiumMissing with what was tried.
    """
    if found := find_chromium():
        return found
    tried = []
    for way in (_download, _install_package):
        tried.append(way())
        if found := find_chromium():
            return found
    raise ChromiumMissing(
        "Browser tests need Chromium, and none was found. Tried: " + "; ".join(tried) + ". "
        "Install Chromium or Google Chrome, or name one: TITIAN_CHROMIUM=/path/to/chrome."
    )


def _download() -> str:
    install = [sys.executable, "-m", "playwright", "install", "chromium"]
    return _attempt("playwright install chromium", install)


def _install_package() -> str:
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        return "apt-get install chromium (needs root on Debian or Ubuntu)"
    install = [apt, "install", "-q", "-y", "chromium"]
    return _attempt("apt-get install chromium", [apt, "update", "-q"], install)


def _attempt(what: str, *commands: list[str]) -> str:
    """Run the commands until one fails. Returns what was tried, with the last words of a failure."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in commands:
        print(f"No Chromium yet: {' '.join(command)}", file=sys.stderr)
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            words = (done.stderr.strip() or done.stdout.strip()).splitlines() or ["no output"]
            return f"{what} ({words[-1]})"
    return what


def main() -> int:
    """Print the path (exit code 0), or why there is none (1)."""
    try:
        print(get_chromium())
    except ChromiumMissing as missing:
        print(missing, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
