"""Finding a Chromium, or getting one: browser tests never skip.

Beside the whole Chromium there is its headless shell, the same engine without the windows: a page of its own
costs 0.2 s of the processor there, and 1.1 s in the whole one. Tests run in the shell where there is one.

``python -m tests.support.chromium`` prints the paths; it downloads or installs what is not found.
"""

import os
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

from playwright.sync_api import sync_playwright

SHELL = "chromium-headless-shell"
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


def find_shell() -> Path | None:
    """The headless shell: Playwright's own download, else the one on the PATH; None when there is none, and
    when `TITIAN_CHROMIUM` names what to take.
    """
    if "TITIAN_CHROMIUM" in os.environ:
        return None
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path).parents[1]
    beside = own.with_name(own.name.replace("chromium-", "chromium_headless_shell-"))
    downloaded = (file for file in beside.glob("*/*headless*shell*") if file.is_file())
    found = next(downloaded, None) or shutil.which(SHELL)
    return Path(found) if found else None


def get_shell() -> Path | None:
    """Find the headless shell; else, as root on Debian, install the distribution's (Playwright's comes with
    its Chromium). None where that fails: the whole Chromium does as well, and takes longer.
    """
    if "TITIAN_CHROMIUM" not in os.environ and find_shell() is None:
        _install_package(SHELL)
    return find_shell()


def get_chromium() -> Path:
    """Find a Chromium; else download Playwright's; else, as root on Debian, install the distribution's.

    Raises ChromiumMissing with what was tried.
    """
    if found := find_chromium():
        return found
    tried = []
    for way in (_download, partial(_install_package, "chromium")):
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


def _install_package(name: str) -> str:
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        return f"apt-get install {name} (needs root on Debian or Ubuntu)"
    install = [apt, "install", "-q", "-y", name]
    return _attempt(f"apt-get install {name}", [apt, "update", "-q"], install)


def _attempt(what: str, *commands: list[str]) -> str:
    """Run the commands until one fails. Returns what was tried, with the last words of a failure."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in commands:
        print(f"Not there yet: {' '.join(command)}", file=sys.stderr)
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            words = (done.stderr.strip() or done.stdout.strip()).splitlines() or ["no output"]
            return f"{what} ({words[-1]})"
    return what


def main() -> int:
    """Print the paths (exit code 0), or why there is no Chromium (1)."""
    try:
        print(get_chromium())
        print(get_shell() or "no headless shell: browser tests take longer")
    except ChromiumMissing as missing:
        print(missing, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
