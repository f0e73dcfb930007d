"""Titian as users have it: every agency deployed, the demo users, and the API of the whole application."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from engine import RecordPlace, with_record
from tests.support.databases import chosen_kinds
from tests.support.keys import open_database, settings
from tests.support.postgresql import Server
from webapp import create_app
from webapp.auth.passwords import hash_password
from webapp.cli.calendar_file import read_calendar
from webapp.cli.folders import read_agencies
from webapp.cli.setup import init_database
from webapp.config import DEMO_PASSWORD
from webapp.db import db
from webapp.demo import make_demo_users

ROOT = Path(__file__).parents[2]
TEMPLATE = "titian_loaded"


def log_within(folder: Path) -> RecordPlace:
    """A place for the access log, with the key that all tests share: databases are copied from templates."""
    place = RecordPlace.within(folder / "log")
    place.heads.mkdir(exist_ok=True)
    place.key.write_text("5a" * 32)
    return place


def load(url: str, folder: Path) -> None:
    """Deploy `processes/` and `forms/` to the database at ``url`` and make the demo's users.

    ``folder``: for the access log.
    """
    database = open_database(url)
    with_record(database, log_within(folder))
    folders, calendar = read_agencies(ROOT / "processes"), read_calendar(ROOT / "processes")
    init_database(database, folders, lambda line: None, calendar)
    make_demo_users(database, lambda: hash_password(DEMO_PASSWORD))
    database.dispose()


@pytest.fixture(scope="session")
def loaded_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with everything deployed; tests work on copies."""
    file = tmp_path_factory.mktemp("loaded") / "titian.db"
    load(f"sqlite:///{file}", file.parent)
    open_database(f"sqlite:///{file}").dispose()
    return file


@pytest.fixture(scope="session")
def loaded_postgresql(postgresql_server: Server, tmp_path_factory: pytest.TempPathFactory) -> Server:
    """A PostgreSQL server whose template database has everything deployed."""
    postgresql_server.execute(f"CREATE DATABASE {TEMPLATE}")
    load(postgresql_server.url(TEMPLATE), tmp_path_factory.mktemp("loaded"))
    return postgresql_server


@pytest.fixture(params=chosen_kinds())
def loaded_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a loaded database, this test's own. The test runs once for each kind."""
    with loaded_copy(request, tmp_path) as url:
        yield url


@contextmanager
def loaded_copy(request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    """The URL of a new loaded database of the kind ``request.param``; SQLite's file is in ``folder``."""
    if request.param == "sqlite":
        file = folder / "titian.db"
        shutil.copyfile(request.getfixturevalue("loaded_sqlite"), file)
        yield f"sqlite:///{file}"
        return
    server: Server = request.getfixturevalue("loaded_postgresql")
    with server.copy(TEMPLATE) as url:
        yield url


@dataclass
class Caller:
    """One user at `/engine-rest`, by HTTP Basic. Answers are Flask's test responses."""

    app: Flask
    user_id: str
    password: str = DEMO_PASSWORD

    def get(self, path: str, **query: Any) -> TestResponse:
        return self._client().get(
            f"/engine-rest{path}", query_string=query, auth=(self.user_id, self.password)
        )

    def post(self, path: str, body: Any = None, **options: Any) -> TestResponse:
        options = {"json": body or {}} | options
        return self._client().post(f"/engine-rest{path}", auth=(self.user_id, self.password), **options)

    def put(self, path: str, body: Any) -> TestResponse:
        return self._client().put(f"/engine-rest{path}", auth=(self.user_id, self.password), json=body)

    def delete(self, path: str, **query: Any) -> TestResponse:
        return self._client().delete(
            f"/engine-rest{path}", query_string=query, auth=(self.user_id, self.password)
        )

    def _client(self) -> FlaskClient:
        return self.app.test_client(use_cookies=False)


def typed(values: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Plain values as Camunda's variables; lists and objects go as `Json`, as clients send them."""
    return {name: _typed(value) for name, value in values.items()}


def _typed(value: Any) -> dict[str, Any]:
    if isinstance(value, list | dict):
        return {"value": json.dumps(value), "type": "Json"}
    return {"value": value}


@dataclass
class Service:
    """The application on a loaded database."""

    app: Flask
    database: Engine

    def caller(self, user_id: str) -> Caller:
        """A user of the API, such as `peksos@pasuruan`."""
        return Caller(self.app, user_id)


@contextmanager
def running_service(url: str, folder: Path) -> Iterator[Service]:
    """The whole application on the loaded database at ``url``; ``folder`` is for its access log."""
    app = create_app(settings(demo=True, data=folder, database_url=url))
    database = open_database(url)
    with_record(database, log_within(folder))
    yield Service(app, database)
    database.dispose()
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def service(loaded_url: str, tmp_path: Path) -> Iterator[Service]:
    """The whole application with all agencies and demo users, on each kind of database."""
    with running_service(loaded_url, tmp_path) as running:
        yield running
