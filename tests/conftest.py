"""Fixtures for every test: databases and browser. Their story is in `tests/support/`."""

import os
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, is_hypothesis_test, settings

from tests.support.browser import browser, chromiums, launch, open_page, page, phone, whole_browser
from tests.support.cheaply import make_tests_cheap, uncollected
from tests.support.databases import (
    database,
    database_url,
    opened,
    opened_postgresql,
    opened_sqlite,
    other_half,
    postgresql_only,
    postgresql_server,
    sqlite_template,
)
from tests.support.keys import key_place
from tests.support.memory import keep_files_in_memory
from tests.support.seeds import pytest_configure, pytest_terminal_summary
from tests.support.service import loaded_postgresql, loaded_sqlite, loaded_url, service

__all__ = [
    "browser",
    "chromiums",
    "database",
    "database_url",
    "launch",
    "loaded_postgresql",
    "loaded_sqlite",
    "loaded_url",
    "open_page",
    "opened",
    "opened_postgresql",
    "opened_sqlite",
    "page",
    "phone",
    "postgresql_only",
    "postgresql_server",
    "pytest_configure",
    "pytest_terminal_summary",
    "service",
    "sqlite_template",
    "whole_browser",
]

keep_files_in_memory()
make_tests_cheap()
key_place()  # here, so that the workers of pytest-xdist have the same

PROPERTIES = Path(__file__).parent / "property"
SPREAD = (Path(__file__).parent / "integration" / "web", Path(__file__).parent / "acceptance")

# A busy machine is no reason to fail. `--hypothesis-profile=long` (make property) looks further.
EXAMPLES = int(os.environ.get("TITIAN_EXAMPLES", "3000"))
settings.register_profile("titian", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("long", settings.get_profile("titian"), max_examples=EXAMPLES)
settings.load_profile("titian")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    with uncollected():
        return (yield)


@pytest.hookimpl(tryfirst=True)  # before `-m` chooses
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark every test that makes up its own cases (Hypothesis' and the random walks); leave out what runs on
    the other database."""
    for item in items:
        made_up = is_hypothesis_test(getattr(item, "obj", None)) or "walks" in item.path.name
        if made_up or item.path.is_relative_to(PROPERTIES):
            item.add_marker("property")
    if left_out := other_half(items, SPREAD):
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]
