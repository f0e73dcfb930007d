"""The engine on an empty database of each kind, with two agencies and a clock that can be set."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from engine import clock
from tests.support.erasing import office_apart
from tests.support.office import Office

Later = Callable[[timedelta], datetime]


@pytest.fixture
def office(opened: None, database: Engine) -> Office:
    return Office(database)


@pytest.fixture
def apart(database_url: str, tmp_path: Path) -> Iterator[Office]:
    """An office with a key store of its own."""
    with office_apart(database_url, tmp_path) as office:
        yield office


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Later:
    """Puts the engine's clock that much after the test's beginning."""
    start = clock.now()

    def set_clock(after: timedelta) -> datetime:
        monkeypatch.setattr(clock, "now", lambda: start + after)
        return start + after

    return set_clock
