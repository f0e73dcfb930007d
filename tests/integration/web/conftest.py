"""Visitors of the pages: a real application, real cookies, real tokens."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from engine import clock
from tests.support.catalogues import catalogues
from tests.support.guests import protected
from tests.support.service import Service
from webapp.config import DEMO_PASSWORD
from webapp.db import db

__all__ = ["catalogues"]

NATUNA = "/start/natuna/natuna_pendampingan_abh_ampk"
SHORT = "/signed-in"
"""The page that costs least, with a token for the forms of all others."""
REPORT = {"kanal": "telepon", "jenis_pelapor": "masyarakat", "uraian": "Rahasia: dugaan pencurian"}

Later = Callable[[timedelta], None]


@dataclass
class Visitor:
    """A browser without scripts. Forms carry the token of the page that was seen last."""

    client: FlaskClient
    token: str = ""

    def get(self, path: str, **options: Any) -> TestResponse:
        return self._seen(self.client.get(path, **options))

    def send(self, path: str, **fields: str) -> TestResponse:
        """Press the button of a form."""
        return self._seen(self.client.post(path, data={"csrf_token": self.token, **fields}))

    def submit(self, path: str, variables: dict[str, Any]) -> TestResponse:
        """What the form script does."""
        headers = {"X-CSRFToken": self.token, "Accept": "application/json"}
        return self.client.post(path, json={"variables": variables}, headers=headers)

    def sign_in(self, user_id: str, password: str = DEMO_PASSWORD, **fields: str) -> TestResponse:
        self.get("/login")
        answer = self.send("/login", user_id=user_id, password=password, **fields)
        if answer.status_code == 302:
            self.get(SHORT)
        return answer

    def _seen(self, answer: TestResponse) -> TestResponse:
        page = answer.text if answer.mimetype == "text/html" else ""
        if found := re.search(r'name="csrf-token" content="([^"]+)"', page):
            self.token = found[1]
        return answer


@dataclass
class Visitors:
    service: Service

    def __call__(self, user_id: str = "") -> Visitor:
        """A new browser; signed in where a user is named."""
        visitor = Visitor(self.service.app.test_client())
        if user_id:
            assert visitor.sign_in(user_id).status_code == 302
        return visitor

    def open_case(self, user_id: str = "petugas@natuna") -> str:
        """A new case of Natuna; the address of its first task."""
        visitor = self(user_id)
        answer = visitor.submit(NATUNA, REPORT)
        assert answer.status_code == 200, answer.text
        return str(answer.json["next"])


@pytest.fixture
def visitors(service: Service) -> Visitors:
    return Visitors(service)


@pytest.fixture
def office(loaded_url: str, tmp_path: Path) -> Iterator[Service]:
    """The application outside demo mode: https, second factors."""
    service = protected(loaded_url, tmp_path)
    yield service
    service.database.dispose()
    with service.app.app_context():
        db.engine.dispose()


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Later:
    """Puts the clock that much on."""
    real, shift = clock.now, [timedelta(0)]
    monkeypatch.setattr(clock, "now", lambda: real() + shift[0])

    def put(after: timedelta) -> None:
        shift[0] += after

    return put
