"""Fixtures for every test: databases and browser. Their story is in `tests/support/`."""

from tests.support.browser import browser, open_page, page, phone
from tests.support.databases import database, database_url, postgresql_server, sqlite_template

__all__ = [
    "browser",
    "database",
    "database_url",
    "open_page",
    "page",
    "phone",
    "postgresql_server",
    "sqlite_template",
]
