"""Attempts in vain are counted in the database: for a while, once each, and by many at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from engine import clock
from engine.commands.attempts import attempts, count_attempts, forget_attempts
from tests.support.office import Office

MINUTE = timedelta(minutes=1)


def numbers(office: Office) -> dict[str, int]:
    return {id: number for id, (number, _) in attempts(office.database, ["a", "b", "c"]).items()}


def test_a_count_begins_anew_once_its_time_is_over(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        count_attempts(office.database, {"a": MINUTE, "b": 2 * MINUTE})
    assert numbers(office) == {"a": 3, "b": 3}
    later = clock.now() + MINUTE + timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert numbers(office) == {"b": 3}
    count_attempts(office.database, {"a": MINUTE, "b": 2 * MINUTE})
    assert numbers(office) == {"a": 1, "b": 4}
    assert attempts(office.database, ["a"])["a"][1] == later + MINUTE


def test_what_is_counted_at_the_same_moment_is_counted_once_each(office: Office) -> None:
    windows = [{"a": MINUTE, "b": MINUTE, "c": MINUTE}, {"c": MINUTE, "b": MINUTE, "a": MINUTE}] * 20
    with ThreadPoolExecutor(8) as threads:
        for done in [threads.submit(count_attempts, office.database, each) for each in windows]:
            done.result()
    assert numbers(office) == {"a": 40, "b": 40, "c": 40}


def test_counts_whose_time_is_over_are_removed(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    count_attempts(office.database, {"a": MINUTE, "b": 2 * MINUTE})
    later = clock.now() + MINUTE
    monkeypatch.setattr(clock, "now", lambda: later)
    forget_attempts(office.database)
    assert office.counts()["attempts"] == 1
    assert numbers(office) == {"b": 1}
