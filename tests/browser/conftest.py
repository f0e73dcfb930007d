"""Stories in the browser run on SQLite: what differs between databases is told over the API."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import OpenPage
from tests.support.service import Service
from tests.support.site import Site, serving

SignIn = Callable[..., Page]
PATIENCE = 30_000
"""Milliseconds: a machine that runs other tests beside these is slow now and then, and that is no fault."""

expect.set_options(timeout=PATIENCE)


@pytest.fixture
def loaded_url(loaded_sqlite: Path, tmp_path: Path) -> str:
    """The URL of a loaded database, this test's own."""
    file = tmp_path / "titian.db"
    shutil.copyfile(loaded_sqlite, file)
    return f"sqlite:///{file}"


@pytest.fixture
def site(service: Service) -> Iterator[Site]:
    """The whole application on a port of this machine."""
    with serving(service.app) as url:
        yield Site(url, service)


@pytest.fixture
def sign_in(site: Site, open_page: OpenPage) -> SignIn:
    """``sign_in("peksos@pasuruan", **options)`` gives a page of its own; the options are ``open_page``'s."""

    def make(user_id: str, **options: Any) -> Page:
        page = open_page(**options)
        page.set_default_timeout(PATIENCE)
        return site.sign_in(page, user_id)

    return make
