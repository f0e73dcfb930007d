"""A page with one built bundle on it, without a server: for tests of what the front end does by itself."""

import json
import mimetypes
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page, Route

from tests.support.browser import ROOT
from webapp.headers import CONTENT_SECURITY_POLICY

ORIGIN = "http://titian.test"
DIST = ROOT / "webapp/static/dist"
TEMPLATE = """<!doctype html>
<html lang="{language}">
<head>
  <meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="csrf-token" content="token-of-this-page"><title>Halaman</title>
  <link rel="stylesheet" href="/dist/{app_css}">{styles}
</head>
<body><main><h1>Halaman</h1>{body}</main>
<script type="application/json" id="page-data">{data}</script>
<script type="module" src="/dist/{app_js}"></script>
<script type="module" src="/dist/{script}"></script>
</body></html>"""

Answer = tuple[int, dict[str, Any]]


@dataclass
class Bundle:
    """A page at ``http://titian.test/`` with ``<name>.js`` and ``<name>.css``, under the policy of our pages.

    ``answers`` says, by path, what a POST gets; ``posted`` collects what was sent: (path, headers, JSON).
    """

    page: Page
    answers: dict[str, Callable[[Any], Answer] | Answer] = field(default_factory=dict)
    posted: list[tuple[str, dict[str, str], Any]] = field(default_factory=list)
    _html: str = ""
    _headers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.page.route("**/*", self._answer)  # for good: no request may reach a network

    def open(self, name: str, body: str, data: Any, *, language: str = "id") -> Page:
        """Write the page and open it; ``body`` is HTML, ``data`` becomes `page-data`."""
        names = json.loads((DIST / "manifest.json").read_text())
        style = names.get(f"{name}.css")
        self._html = TEMPLATE.format(
            language=language,
            body=body,
            data=json.dumps(data).replace("<", "\\u003c"),
            app_css=names["app.css"],
            app_js=names["app.js"],
            styles=f'<link rel="stylesheet" href="/dist/{style}">' if style else "",
            script=names[f"{name}.js"],
        )
        self._headers = {"Content-Security-Policy": CONTENT_SECURITY_POLICY}
        self.page.goto(f"{ORIGIN}/", wait_until="load")
        return self.page

    def _answer(self, route: Route) -> None:
        path = route.request.url.removeprefix(ORIGIN).partition("?")[0]
        if route.request.method == "POST":
            body = route.request.post_data_json
            self.posted.append((path, route.request.headers, body))
            answer = self.answers[path]
            status, data = answer(body) if callable(answer) else answer
            route.fulfill(status=status, json=data) if status else route.abort("connectionfailed")
        elif path.startswith("/dist/"):
            file = DIST / path.removeprefix("/dist/")
            route.fulfill(path=file, content_type=mimetypes.guess_type(file.name)[0])
        elif path == "/":
            route.fulfill(body=self._html, headers=self._headers, content_type="text/html; charset=utf-8")
        else:
            route.fulfill(body=f"<title>{path}</title>", content_type="text/html; charset=utf-8")
