"""The file of the nation's days, beside the PyPI package ``holidays``, which others keep."""

import re
from datetime import date, timedelta

import holidays
from holidays.calendars.islamic import _CustomIslamicMabimsHolidays
from holidays.constants import GOVERNMENT, PUBLIC

from engine.deadlines import EntryKind, EntryStatus
from tests.unit.deadlines.calendars import NATION

YEARS = range(2023, 2028)
Named = dict[tuple[date, EntryKind], str]

EXPLAINED: dict[tuple[date, EntryKind], str] = {}
"""Where the package is wrong or says otherwise, and why we do not follow it. None at ``holidays`` 0.109."""

RAMADANS = {date(2025, 3, 2): "it was so in Malaysia; Sidang isbat of 28 February 2025: 1 March"}
"""The same for the first day of Ramadan."""


def of_the_package(category: str, kind: EntryKind) -> Named:
    found = holidays.country_holidays("ID", years=YEARS, categories=(category,), language="id")
    return {(day, kind): re.sub(r" \(perkiraan\)$", "", name) for day, name in found.items()}


def test_every_day_off_is_one_that_the_package_knows_too():
    theirs = of_the_package(PUBLIC, EntryKind.HOLIDAY) | of_the_package(GOVERNMENT, EntryKind.JOINT_LEAVE)
    kinds = (EntryKind.HOLIDAY, EntryKind.JOINT_LEAVE)
    ours = {(entry.first, entry.kind): entry.name for entry in NATION if entry.kind in kinds}
    differences = {key for key in ours.keys() | theirs.keys() if ours.get(key) != theirs.get(key)}
    assert differences == EXPLAINED.keys()


def test_ramadan_begins_when_the_package_says_too():
    theirs = _CustomIslamicMabimsHolidays.RAMADAN_BEGINNING_DATES
    known = {date(year, *theirs[year]) for year in YEARS if year in theirs}
    ours = {entry.first for entry in NATION if entry.kind is EntryKind.RAMADAN}
    assert known - ours == RAMADANS.keys()


def test_ramadan_lasts_until_the_day_before_idul_fitri():
    feasts = {entry.first for entry in NATION if entry.name == "Hari Raya Idul Fitri"}
    months = [entry for entry in NATION if entry.kind is EntryKind.RAMADAN]
    assert {month.last + timedelta(days=1) for month in months} == feasts
    assert {(month.last - month.first).days + 1 for month in months} <= {29, 30}
    assert [month.first.year for month in months if month.status is EntryStatus.ESTIMATED] == [2027]


def test_every_year_says_what_it_rests_on():
    years = {entry.first.year: entry for entry in NATION if entry.kind is EntryKind.YEAR}
    assert years.keys() == set(YEARS)
    for year, entry in years.items():
        assert (entry.first, entry.last) == (date(year, 1, 1), date(year, 12, 31))
        of_year = [e for e in NATION if e.first.year == year and e.kind is not EntryKind.RAMADAN]
        assert all(e.source and e.status is EntryStatus.FIXED for e in of_year)
