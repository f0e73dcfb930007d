"""The sentences of a deadline: one for a line, and one for each step on the way."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask_babel import force_locale

from engine.deadlines import CalendarEntry, ClockKind, EntryKind, due
from tests.unit.deadlines.calendars import OFF, WORKING, at, calendar
from webapp.deadlines.words import explanation, summary
from webapp.i18n import init_languages

DAYS, MINUTES = ClockKind.WORKING_DAYS, ClockKind.WORKING_MINUTES
SKB = "(SKB 1497/2025, 2/2025, 5/2025)"


@pytest.fixture(autouse=True)
def indonesian() -> Iterator[None]:
    app = Flask("webapp")
    init_languages(app)
    with app.app_context(), force_locale("id"):
        yield


def test_one_sentence_says_when_and_what_was_skipped() -> None:
    assert summary(due(DAYS, 5, at("2026-05-13 09:00"), OFF)) == (
        "Jatuh tempo Jumat, 22 Mei 2026, 16.30 WIB: 5 hari kerja, dilewati "
        f"14 Mei 2026 Kenaikan Yesus Kristus, libur nasional {SKB}, "
        f"15 Mei 2026 Cuti Bersama Kenaikan Yesus Kristus {SKB}, 16–17 Mei 2026 akhir pekan."
    )
    assert summary(due(DAYS, 1, at("2026-04-06 09:00"), OFF)) == (
        "Jatuh tempo Selasa, 7 April 2026, 16.00 WIB: 1 hari kerja."
    )
    assert summary(due(DAYS, 5, at("2027-12-30 09:00"), OFF)) == (
        "Belum ada tenggat: kalender belum ditetapkan."
    )


def test_minutes_say_where_they_ran_and_whose_hours_they_were() -> None:
    assert explanation(due(MINUTES, 75, at("2027-02-10 11:20:30"), OFF))[1:] == [
        "10 Februari 2027: jam kerja Ramadan 1448 H, yang tanggalnya masih perkiraan",
        "10 Februari 2027, 11.20–12.00: 39 menit kerja 30 detik",
        "10 Februari 2027, 12.00–12.30: istirahat",
        "10 Februari 2027, 12.30–13.05: 35 menit kerja 30 detik",
    ]
    late = explanation(due(MINUTES, 15, at("2026-04-06 18:00"), OFF))[1:]
    assert late == ["6 April 2026: jam kerja sudah selesai", "7 April 2026, 07.30–07.45: 15 menit kerja"]
    early = explanation(due(MINUTES, 15, at("2026-04-06 06:00"), OFF))[1]
    assert early == "6 April 2026: di luar jam kerja sampai 07.30"


def test_an_agencys_own_days_are_told_by_its_own_words() -> None:
    closed = CalendarEntry(
        at("2026-04-07").date(), at("2026-04-08").date(), EntryKind.CLOSED, "pindah kantor"
    )
    opened = CalendarEntry(at("2026-04-11").date(), at("2026-04-11").date(), EntryKind.OPEN, "posko", "SK 7")
    assert explanation(due(DAYS, 3, at("2026-04-06 09:00"), calendar(closed, opened)))[2:] == [
        "7–8 April 2026: kantor tutup: pindah kantor",
        "9–10 April 2026: hari kerja ke-1 sampai ke-2",
        "11 April 2026: instansi ini bekerja: posko (SK 7)",
        "11 April 2026: hari kerja ke-3",
    ]
    worked = explanation(due(DAYS, 2, at("2026-03-16 09:00"), WORKING))
    assert f"18 Maret 2026: Cuti Bersama Hari Suci Nyepi, tetapi instansi ini tetap bekerja {SKB}" in worked


def test_calendar_time_needs_no_days_off() -> None:
    [hours] = explanation(due(ClockKind.HOURS, 48, at("2026-03-20 22:00"), OFF))
    assert hours == (
        "48 jam kalender sejak Jumat, 20 Maret 2026, 22.00 WIB "
        "(berjalan juga pada akhir pekan dan hari libur)"
    )
    clamped = explanation(due(ClockKind.MONTHS, 1, at("2026-01-31 10:00"), OFF))[1]
    assert clamped == "Bulan itu tidak mempunyai tanggal 31, jadi hari terakhirnya yang dipakai."
