"""Time for stories: `later(timedelta(hours=49))` puts the clock that much after the test's beginning."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from engine import clock

Later = Callable[[timedelta], datetime]


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Later:
    """Sets the engine's clock; the only part of the system that is not real here."""
    start = clock.now()

    def set_clock(after: timedelta) -> datetime:
        monkeypatch.setattr(clock, "now", lambda: start + after)
        return start + after

    return set_clock
