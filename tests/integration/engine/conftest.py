"""The engine on an empty database of each kind, with two agencies and a clock that can be set."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine

from engine import clock
from tests.support.office import Office, open_office

Later = Callable[[timedelta], datetime]


@pytest.fixture
def office(database: Engine) -> Office:
    return open_office(database)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Later:
    """Puts the engine's clock that much after the test's beginning."""
    start = clock.now()

    def set_clock(after: timedelta) -> datetime:
        monkeypatch.setattr(clock, "now", lambda: start + after)
        return start + after

    return set_clock
