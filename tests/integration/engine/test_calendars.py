"""The calendar in the database: seeded from a file, kept through edits, fresh on every server."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import update

from engine import put_agency
from engine.catalog import change_catalog
from engine.deadlines import PERPRES_21_2023, Calendar
from engine.desk import EntryStatus, calendar_of, seed_calendar
from engine.errors import VariableInvalid
from engine.queries.calendars import profile_hours
from engine.store import reading, writing
from engine.store.tables import CalendarDay
from engine.types import SYSTEM
from tests.support.office import HOME, PROFILE, Office
from webapp.cli.calendar_file import read_calendar

NATION = read_calendar(Path(__file__).parents[3] / "processes")


def calendar(office: Office) -> Calendar:
    with reading(office.database) as tx:
        return calendar_of(tx, HOME)


def test_the_calendar_is_what_the_file_says(office: Office):
    assert calendar(office).known_until is None
    assert seed_calendar(office.database, NATION) == len(NATION)
    found = calendar(office)
    assert set(found.entries) == set(NATION)
    assert (found.known_until, found.hours) == (date(2027, 12, 31), (PERPRES_21_2023,))
    assert calendar(office) is found
    assert seed_calendar(office.database, NATION) == 0


def test_a_new_release_renews_what_nobody_has_touched(office: Office):
    seed_calendar(office.database, NATION)
    with writing(office.database) as tx:
        change_catalog(tx)
        imlek = update(CalendarDay).where(CalendarDay.first_day == date(2027, 2, 6))
        tx.execute(imlek.values(first_day=date(2027, 2, 7), last_day=date(2027, 2, 7), revision=1))
        nyepi = update(CalendarDay).where(CalendarDay.first_day == date(2027, 3, 8))
        tx.execute(nyepi.values(removed=True, revision=1))
    ramadan = next(entry for entry in NATION if entry.status is EntryStatus.ESTIMATED)
    fixed = replace(ramadan, first=date(2027, 2, 9), status=EntryStatus.FIXED, source="Sidang isbat")
    assert seed_calendar(office.database, [entry for entry in NATION if entry is not ramadan] + [fixed]) == 1
    days = calendar(office)
    assert days.day(date(2027, 2, 9)).ramadan == fixed
    assert not any(entry.status is EntryStatus.ESTIMATED for entry in days.entries)
    found = {entry.first for entry in days.entries}
    assert date(2027, 2, 7) in found
    assert not found & {date(2027, 2, 6), date(2027, 3, 8), date(2027, 2, 8)}
    dropped = [entry for entry in NATION if entry.first.year < 2027]
    assert seed_calendar(office.database, dropped) == sum(e.first.year == 2027 for e in NATION) - 2


def test_a_profile_says_when_the_agency_works(office: Office):
    seed_calendar(office.database, NATION)
    given = {"cuti_bersama_libur": False, "jam": {"sabtu": "08.00-12.00"}, "jam_ramadan": {"jumat": ""}}
    database = office.database
    put_agency(database, SYSTEM, HOME, "Uji", PROFILE | {"kalender": given})
    found = calendar(office)
    assert found.joint_leave_off is False
    assert found.day(date(2026, 3, 18)).spans
    assert found.day(date(2026, 4, 11)).spans == profile_hours({"kalender": given}).ordinary[5]
    assert not found.day(date(2026, 2, 27)).spans
    with pytest.raises(VariableInvalid):
        put_agency(database, SYSTEM, HOME, "Uji", PROFILE | {"kalender": {"jam": {"senin": "pagi"}}})
