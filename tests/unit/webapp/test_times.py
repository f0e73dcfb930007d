"""Deadlines and moments in words."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask_babel import force_locale

from webapp import create_app
from webapp.config import Settings
from webapp.times import due_state, moment, short_moment, span

NOW = datetime(2026, 3, 30, 9, 0, tzinfo=UTC)


@pytest.fixture(params=["id"])
def indonesian(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[None]:
    with create_app(Settings(demo=True, data=tmp_path)).test_request_context(), force_locale(request.param):
        yield


@pytest.mark.usefixtures("indonesian")
@pytest.mark.parametrize(
    ("left", "kind", "words"),
    [
        (timedelta(days=3), "aman", "sisa 3 hari"),
        (timedelta(days=1, hours=3), "aman", "sisa 1 hari 3 jam"),
        (timedelta(hours=24), "aman", "sisa 1 hari"),
        (timedelta(hours=23, minutes=59), "segera", "segera, sisa 23 jam 59 menit"),
        (timedelta(seconds=20), "segera", "segera, sisa 0 menit"),
        (timedelta(0), "segera", "segera, sisa 0 menit"),
        (timedelta(seconds=-1), "lewat", "lewat 0 menit"),
        (timedelta(days=-1), "lewat", "lewat 1 hari"),
    ],
)
def test_a_deadline_is_safe_soon_or_missed(left: timedelta, kind: str, words: str) -> None:
    state = due_state(NOW + left, since=NOW, at=NOW)
    assert (state.kind, state.words) == (kind, words)


@pytest.mark.usefixtures("indonesian")
def test_each_state_has_a_picture_of_its_own_and_does_not_speak_by_colour_alone() -> None:
    states = [due_state(due, NOW, NOW) for due in (NOW + timedelta(9), NOW, NOW - timedelta(9), None)]
    assert len({state.icon for state in states}) == 4


@pytest.mark.usefixtures("indonesian")
def test_without_a_deadline_it_says_how_long_the_task_has_waited() -> None:
    assert due_state(None, since=NOW - timedelta(hours=5), at=NOW).words == "menunggu 5 jam"
    assert due_state(None, since=NOW, at=NOW).words == "baru masuk"


@pytest.mark.usefixtures("indonesian")
def test_a_span_has_two_units_at_most() -> None:
    assert span(timedelta(days=12, hours=4, minutes=50)) == "12 hari 4 jam"


@pytest.mark.usefixtures("indonesian")
@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("Asia/Jakarta", "Senin, 30 Maret 2026, 16.00 WIB"),
        ("Asia/Makassar", "Senin, 30 Maret 2026, 17.00 WITA"),
        ("Asia/Jayapura", "Senin, 30 Maret 2026, 18.00 WIT"),
    ],
)
def test_a_moment_is_told_on_the_clocks_of_the_agency(zone: str, words: str) -> None:
    assert moment(NOW, zone) == words


@pytest.mark.usefixtures("indonesian")
def test_a_list_tells_a_moment_in_short() -> None:
    assert short_moment(NOW, "Asia/Jakarta") == "30 Mar, 16.00"


def test_english_readers_get_english(tmp_path: Path) -> None:
    with create_app(Settings(demo=True, data=tmp_path)).test_request_context(), force_locale("en"):
        assert moment(NOW, "Asia/Jakarta") == "Monday, March 30, 2026, 16:00 WIB"
        assert due_state(NOW - timedelta(days=1), NOW, NOW).words == "late by 1 day"
