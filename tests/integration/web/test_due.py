"""`titian due`, as somebody at the command line asks it: the moment first, then why."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.unit.deadlines.test_clocks import GOLDEN
from webapp.cli import main


@pytest.fixture(autouse=True)
def settings(loaded_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command finds the database by its settings."""
    monkeypatch.setenv("TITIAN_DATABASE_URL", loaded_url)
    monkeypatch.setenv("TITIAN_DATA", str(tmp_path))
    monkeypatch.setenv("TITIAN_DEMO", "1")


def ask(*more: str, agency: str = "pasuruan", clock: str = "hari_kerja", amount: str = "5") -> Result:
    return CliRunner().invoke(
        main, ["due", "--agency", agency, "--clock", clock, "--amount", amount, "--from", *more]
    )


def test_the_first_line_is_the_moment_and_the_others_say_why() -> None:
    for received, due, _working in GOLDEN:
        found = ask(f"{received}T09:00")
        assert found.exit_code == 0
        assert found.output.startswith(f"{due}T16:")
    lines = ask("2026-03-16T09:00").output.splitlines()
    assert lines[0] == "2026-03-30T16:00+07:00"
    assert lines[1] == "5 hari kerja sejak Senin, 16 Maret 2026, 09.00 WIB"
    assert "19 Maret 2026: Hari Suci Nyepi, libur nasional (SKB 1497/2025, 2/2025, 5/2025)" in lines
    assert lines[-1] == "30 Maret 2026: hari kerja ke-5"
    english = ask("2026-03-16T02:00+00:00", "--language", "en").output.splitlines()
    assert english[:2] == [lines[0], "5 working days from Monday, March 16, 2026, 09:00 WIB"]


def test_what_is_not_known_is_said_and_is_no_success() -> None:
    found = ask("2027-12-28T09:00")
    assert found.exit_code == 3
    assert found.output.splitlines()[0] == "kalender belum ditetapkan"
    assert "Mulai 1 Januari 2028" in found.output


def test_a_question_that_makes_no_sense_is_told_so() -> None:
    kinds = "is not one of 'menit_kerja', 'hari_kerja', 'jam_kalender', 'bulan_kalender'"
    for words, moment, options in (
        ("There is no agency lain", "2026-03-16T09:00", {"agency": "lain"}),
        (kinds, "2026-03-16T09:00", {"clock": "hari"}),
        ("0 is not in the range", "2026-03-16T09:00", {"amount": "0"}),
        ("no calendar reaches so far", "2026-03-16", {"amount": "1000000", "clock": "bulan_kalender"}),
        ("is not a moment like 2026-03-16T09:00", "16 Maret", {}),
    ):
        found = ask(moment, **options)
        assert found.exit_code in (1, 2)
        assert words in found.output
