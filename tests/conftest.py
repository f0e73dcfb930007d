"""Fixtures for every test: databases and browser. Their story is in `tests/support/`."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, is_hypothesis_test, settings

from tests.support.browser import browser, open_page, page, phone
from tests.support.databases import (
    database,
    database_url,
    postgresql_only,
    postgresql_server,
    sqlite_template,
)
from tests.support.keys import key_place
from tests.support.seeds import pytest_configure, pytest_terminal_summary
from tests.support.service import loaded_postgresql, loaded_sqlite, loaded_url, service

__all__ = [
    "browser",
    "database",
    "database_url",
    "loaded_postgresql",
    "loaded_sqlite",
    "loaded_url",
    "open_page",
    "page",
    "phone",
    "postgresql_only",
    "postgresql_server",
    "pytest_configure",
    "pytest_terminal_summary",
    "service",
    "sqlite_template",
]

key_place()  # here, so that the workers of pytest-xdist have the same

PROPERTIES = Path(__file__).parent / "property"

# A busy machine is no reason to fail. `--hypothesis-profile=long` (make property) looks further.
EXAMPLES = int(os.environ.get("TITIAN_EXAMPLES", "3000"))
settings.register_profile("titian", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("long", settings.get_profile("titian"), max_examples=EXAMPLES)
settings.load_profile("titian")


@pytest.hookimpl(tryfirst=True)  # before `-m` chooses
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test that makes up its own cases: Hypothesis' and the random walks."""
    for item in items:
        made_up = is_hypothesis_test(getattr(item, "obj", None)) or "walks" in item.path.name
        if made_up or item.path.is_relative_to(PROPERTIES):
            item.add_marker("property")
