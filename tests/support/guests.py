"""Visitors of a server that is no demonstration: https, strict cookies, second factors; and their phones."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pyotp
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from engine import clock
from tests.support.keys import open_database
from tests.support.keys import settings as with_keys
from tests.support.service import Service
from webapp import create_app
from webapp.config import DEMO_PASSWORD

SECRET = "rahasia-server-untuk-pengujian-saja-0123456789"


def protected(url: str, folder: Path, **settings: Any) -> Service:
    """The application outside demo mode, on a loaded database; clients speak https."""
    app = create_app(with_keys(secret_key=SECRET, data=folder, database_url=url, **settings))
    app.config["PREFERRED_URL_SCHEME"] = "https"
    return Service(app, open_database(url))


@dataclass
class Guest:
    """A browser without scripts. Forms carry the token of the page that was seen last."""

    client: FlaskClient
    token: str = ""
    app: "Phone | None" = field(default=None)

    def get(self, path: str, **options: Any) -> TestResponse:
        return self._seen(self.client.get(path, **options))

    def send(self, path: str, **fields: Any) -> TestResponse:
        """Press the button of a form."""
        headers = {"Referer": "https://localhost/"}
        return self._seen(self.client.post(path, data={"csrf_token": self.token, **fields}, headers=headers))

    def json(self, path: str, body: Any) -> TestResponse:
        """What the script of a page sends."""
        headers = {
            "Referer": "https://localhost/",
            "X-CSRFToken": self.token,
            "Accept": "application/json",
        }
        return self.client.post(path, json=body, headers=headers)

    def sign_in(self, user_id: str, password: str = DEMO_PASSWORD, **fields: str) -> TestResponse:
        self.get("/login")
        answer = self.send("/login", user_id=user_id, password=password, **fields)
        if answer.status_code == 302:
            self.get(answer.location)
        return answer

    def enrol(self) -> list[str]:
        """Set up an authenticator app; returns the recovery codes that the page shows."""
        self.send("/account/totp")
        self.app = Phone.reading(self.get("/account/totp").text)
        answer = self.send("/account/totp/confirm", code=self.app.code())
        assert answer.status_code == 200, answer.location
        return re.findall(r"<li><code>([A-Z2-7-]+)</code>", answer.text)

    def _seen(self, answer: TestResponse) -> TestResponse:
        page = answer.text if answer.mimetype == "text/html" else ""
        if found := re.search(r'name="csrf-token" content="([^"]+)"', page):
            self.token = found[1]
        return answer


def guest(service: Service, user_id: str = "") -> Guest:
    """A new browser; the password of ``user_id`` is shown where one is named."""
    found = Guest(service.app.test_client())
    if user_id:
        assert found.sign_in(user_id).status_code == 302
    return found


@dataclass
class Phone:
    """An authenticator app by an independent hand (PyOTP). ``ahead``: steps that its next code is ahead."""

    totp: pyotp.TOTP

    @classmethod
    def reading(cls, page: str) -> "Phone":
        """From the address that the page's link opens an app with."""
        found = re.search(r'href="(otpauth://[^"]+)"', page)
        assert found, page
        totp = pyotp.parse_uri(unescape(found[1]))
        assert isinstance(totp, pyotp.TOTP)
        return cls(totp)

    def code(self, after: timedelta = timedelta(0)) -> str:
        """What it shows, ``after`` a while."""
        moment: datetime = clock.now() + after
        return str(self.totp.at(moment))
