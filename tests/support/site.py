"""The whole application on a port of this machine, for browsers."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread

from flask import Flask
from playwright.sync_api import Page, expect
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.support.service import Service
from webapp.config import DEMO_PASSWORD


@dataclass(frozen=True)
class Site:
    """Titian as a browser finds it at ``url``; ``service`` is the same application over the API."""

    url: str
    service: Service

    def sign_in(self, page: Page, user_id: str) -> Page:
        """Sign a demo user in by the form, as people do. Returns the page, on the user's first page."""
        page.goto(f"{self.url}/login")
        page.get_by_label("Nama pengguna").fill(user_id)
        page.get_by_label("Kata sandi").fill(DEMO_PASSWORD)
        page.get_by_role("button", name="Masuk").click()
        expect(page.locator(".menu")).to_be_visible()
        page.wait_for_load_state()  # a key says nothing to a page whose script is still on its way
        return page


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Serve ``app`` from threads of this process; gives its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Silent)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Silent(WSGIRequestHandler):
    """Keeps a connection for several requests, as the real server does, and logs none of them."""

    protocol_version = "HTTP/1.1"
    timeout = 60  # longer than a test leaves a connection idle: none closes under a request

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing: a test that fails tells what it saw."""
