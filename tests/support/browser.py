"""Fixtures and helpers that drive the pages in a real Chromium."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.support.chromium import find_shell, get_chromium

ROOT = Path(__file__).parents[2]
SCREENSHOTS = ROOT / "tests/browser/screenshots"
AXE = ROOT / "webapp/frontend/node_modules/axe-core/axe.min.js"
DESK = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 740}
HERE = {
    "viewport": DESK,
    "locale": "id-ID",
    "timezone_id": "Asia/Jakarta",
    "reduced_motion": "reduce",  # nobody measures a colour or a place half way
}
SETTLED = """() => new Promise(done =>
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))"""
QUIET = (  # a test talks to our server only, so Chromium's own errands stay off
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
    "--disable-features=OptimizationHints,MediaRouter,Translate",
)

OpenPage = Callable[..., Page]
Launch = Callable[[Path], Browser]


@pytest.fixture(scope="session")
def launch() -> Iterator[Launch]:
    """``launch(executable)`` starts a headless browser, which is closed after the last test."""
    arguments = [*QUIET, "--no-sandbox"] if os.geteuid() == 0 else list(QUIET)
    with sync_playwright() as playwright, ExitStack() as open_ones:

        def start(executable: Path) -> Browser:
            chromium = playwright.chromium.launch(executable_path=executable, args=arguments)
            open_ones.callback(chromium.close)
            return chromium

        yield start


@pytest.fixture(scope="session")
def chromiums() -> tuple[Path, Path]:
    """The Chromium that tests run in, and the whole one."""
    whole = get_chromium()
    return find_shell() or whole, whole


@pytest.fixture(scope="session")
def browser(chromiums: tuple[Path, Path], launch: Launch) -> Browser:
    """One headless Chromium for all tests of this process."""
    return launch(chromiums[0])


@pytest.fixture(scope="session")
def whole_browser(chromiums: tuple[Path, Path], launch: Launch) -> Browser:
    """A Chromium that shows notifications too, as its headless shell does not."""
    return launch(chromiums[1])


@pytest.fixture
def open_page(request: pytest.FixtureRequest) -> Iterator[OpenPage]:
    """``open_page(**options)`` gives a page with its own cookies, at desk width by default.

    Tests marked ``whole_browser`` have it in that one.

    The test fails at its end if a page logged an error, threw, or broke the content security policy.
    A test that expects a complaint takes it out of the list ``page.complaints``.
    """
    whole = request.node.get_closest_marker("whole_browser")
    browser: Browser = request.getfixturevalue("whole_browser" if whole else "browser")
    contexts: list[BrowserContext] = []
    complaints, overlooked = list[str](), set[str]()

    def make(**options: Any) -> Page:
        context = browser.new_context(**{**HERE, **options})
        contexts.append(context)
        page = context.new_page()
        page.complaints = complaints  # type: ignore[attr-defined]
        page.overlooked = overlooked  # type: ignore[attr-defined]
        page.on("console", lambda said: complaints.append(said.text) if _is_complaint(said) else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield make
    for context in contexts:
        context.close()
    left = [said for said in complaints if not any(text in said for text in overlooked)]
    assert not left, "\n".join(["the browser's console says:", *left])


def _is_complaint(said: ConsoleMessage) -> bool:
    """Errors, but for answers such as 400: the browser logs each, and the test that asked looks at it."""
    return said.type == "error" and "responded with a status of 4" not in said.text


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """A page at desk width."""
    return open_page()


@pytest.fixture
def phone(open_page: OpenPage) -> Page:
    """A page of 360 pixels with a finger instead of a mouse."""
    return open_page(viewport=PHONE, has_touch=True, is_mobile=True, device_scale_factor=2)


def settle(page: Page) -> None:
    """Wait until the page has painted what happened so far.

    What form-js and the properties panels listen with, and take over, is put in place only after a frame is
    painted; no finger is faster, a test is.
    """
    page.evaluate(SETTLED)


def overlook(page: Page, text: str) -> None:
    """Let complaints that hold ``text`` fail no test: the browser may make them or not."""
    page.overlooked.add(text)  # type: ignore[attr-defined]


def forget_complaint(page: Page, text: str) -> None:
    """Wait for a complaint in the console that holds ``text``, the point of a test, and take it out."""
    complaints: list[str] = page.complaints  # type: ignore[attr-defined]
    for _ in range(200):
        if any(text in complaint for complaint in complaints):
            complaints[:] = [complaint for complaint in complaints if text not in complaint]
            return
        page.wait_for_timeout(50)  # the console is heard while we wait
    raise AssertionError(f"nobody complains about {text}")


def screenshot(page: Page, name: str, **options: Any) -> Path:
    """Keep a picture as `tests/browser/screenshots/<name>.png` for people to look at."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    file = SCREENSHOTS / f"{name}.png"
    page.wait_for_load_state()
    page.screenshot(path=file, **options)
    return file


def accessibility_faults(
    page: Page, *, without: tuple[str, ...] = (), colours_only: bool = False
) -> list[str]:
    """What axe-core finds wrong on the page, a line each; ``without`` leaves parts out by CSS selector.

    ``colours_only``: of a page that was looked at, now in other colours.
    """
    page.wait_for_load_state()
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    settle(page)
    context = {"include": [["html"]], "exclude": [[selector] for selector in without]}
    wcag_22 = {"target-size": {"enabled": True}}  # off by itself
    options: dict[str, Any] = {"resultTypes": ["violations"], "rules": wcag_22}
    if colours_only:
        options |= {"rules": {}, "runOnly": {"type": "rule", "values": ["color-contrast"]}}
    found = page.evaluate(f"axe.run({json.dumps(context)}, {json.dumps(options)})")
    return [
        f"{fault['id']}: {fault['help']} ({', '.join(str(node['target']) for node in fault['nodes'])})"
        for fault in found["violations"]
    ]
