"""Who keeps which calendar, what can stand in it, and that nobody overwrites anybody."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time

import pytest

from engine import add_user, list_accesses
from engine.deadlines import PERPRES_21_2023, CalendarEntry, EntryKind, EntryStatus, OfficeHours
from engine.desk import (
    calendar_of,
    kept_calendar,
    put_calendar_day,
    put_office_hours,
    remove_calendar_day,
    remove_office_hours,
    seed_calendar,
)
from engine.errors import (
    ActionForbidden,
    AgencyNotFound,
    ResourceNotFound,
    StateConflict,
    TitianError,
    VariableInvalid,
)
from engine.store import reading
from engine.types import SYSTEM, AccessFilter, Actor, RecordAction
from tests.integration.engine.test_calendars import NATION, calendar
from tests.support.office import AWAY, HOME, Office

CLOSED = CalendarEntry(date(2026, 7, 6), date(2026, 7, 7), EntryKind.CLOSED, "Pindah kantor", "SK 7/2026")
HOLIDAY = CalendarEntry(date(2026, 9, 9), date(2026, 9, 9), EntryKind.HOLIDAY, "Pemilu", "Keppres 9/2026")
RAMADAN = CalendarEntry(
    date(2028, 1, 28), date(2028, 2, 25), EntryKind.RAMADAN, "Ramadan 1449 H", status=EntryStatus.ESTIMATED
)
YEAR = CalendarEntry(date(2028, 1, 1), date(2028, 12, 31), EntryKind.YEAR, "Hari libur 2028", "SKB 2028")


@pytest.fixture
def admin(office: Office) -> Actor:
    seed_calendar(office.database, NATION)
    add_user(office.database, SYSTEM, "admin@titian", "Admin", "-", admin=True)
    return office.user("admin@titian")


def refused(problem: type[TitianError], act: Callable[..., object], *given: object, **more: object) -> str:
    with pytest.raises(problem) as caught:
        act(*given, **more)
    return str(caught.value.parameters.get("name", ""))


def test_a_manager_keeps_the_own_days_and_every_server_sees_them(office: Office, admin: Actor):
    database, manager = office.database, office.user("manajer")
    entry_id = put_calendar_day(database, manager, HOME, CLOSED, "Gedung dipakai pemilu")
    assert calendar(office).day(CLOSED.last).entry == CLOSED
    with reading(database) as tx:
        assert calendar_of(tx, AWAY).day(CLOSED.last).spans
    longer = replace(CLOSED, last=date(2026, 7, 8))
    put_calendar_day(database, manager, HOME, longer, "Sehari lagi", entry_id=entry_id, revision=1)
    assert not calendar(office).day(date(2026, 7, 8)).spans
    remove_calendar_day(database, manager, HOME, entry_id, 2, "Ternyata tidak jadi")
    assert calendar(office).day(date(2026, 7, 6)).spans
    told = kept_calendar(database, manager, HOME).changes
    assert [(bool(c.before), bool(c.after), c.reason) for c in told] == [
        (True, False, "Ternyata tidak jadi"),
        (True, True, "Sehari lagi"),
        (False, True, "Gedung dipakai pemilu"),
    ]
    assert {c.changed_by for c in told} == {"manajer@uji"}
    assert told[1].after["last_day"] == "2026-07-08"


def test_only_keepers_change_a_calendar_and_each_their_own(office: Office, admin: Actor):
    database, manager = office.database, office.user("manajer")
    entry_id = put_calendar_day(database, manager, HOME, CLOSED, "uji")
    national = put_calendar_day(database, admin, None, HOLIDAY, "Keppres baru")
    add = (CLOSED, "uji")
    assert refused(ActionForbidden, put_calendar_day, database, office.user("petugas"), HOME, *add) == ""
    refused(ActionForbidden, put_calendar_day, database, admin, HOME, *add)
    refused(ActionForbidden, put_calendar_day, database, manager, None, HOLIDAY, "uji")
    refused(AgencyNotFound, put_calendar_day, database, manager, AWAY, *add)
    refused(AgencyNotFound, put_calendar_day, database, manager, "tidak-ada", *add)
    refused(AgencyNotFound, kept_calendar, database, manager, AWAY)
    for stranger, whose in ((national, HOME), (entry_id, None), ("tidak-ada", HOME)):
        keeper = admin if whose is None else manager
        refused(ResourceNotFound, remove_calendar_day, database, keeper, whose, stranger, 1, "uji")
    refused(ActionForbidden, put_office_hours, database, office.user("analis"), HOME, PERPRES_21_2023, "uji")


def test_who_was_slower_is_told_and_nothing_is_lost(office: Office, admin: Actor):
    database, manager = office.database, office.user("manajer")
    entry_id = put_calendar_day(database, manager, HOME, CLOSED, "uji")
    put_calendar_day(database, manager, HOME, CLOSED, "lebih dulu", entry_id=entry_id, revision=1)
    late = {"entry_id": entry_id, "revision": 1}
    refused(StateConflict, put_calendar_day, database, manager, HOME, CLOSED, "terlambat", **late)
    refused(StateConflict, remove_calendar_day, database, manager, HOME, entry_id, 1, "terlambat")
    hours = replace(PERPRES_21_2023, since=date(2026, 8, 3))
    put_office_hours(database, manager, HOME, hours, "uji")
    refused(StateConflict, put_office_hours, database, manager, HOME, hours, "terlambat")
    put_office_hours(database, manager, HOME, hours, "uji", revision=1)
    refused(StateConflict, remove_office_hours, database, manager, HOME, hours, 1, "terlambat")
    assert len(kept_calendar(database, manager, HOME).changes) == 4


def test_what_makes_no_sense_is_refused_by_the_name_of_the_field(office: Office, admin: Actor):
    database, manager = office.database, office.user("manajer")
    put_calendar_day(database, manager, HOME, CLOSED, "uji")
    opened = replace(CLOSED, kind=EntryKind.OPEN, first=date(2026, 7, 7), last=date(2026, 7, 7))
    for field, entry in {
        "name": replace(CLOSED, name=" "),
        "kind": HOLIDAY,
        "last": replace(CLOSED, last=date(2026, 7, 5)),
        "first": opened,
        "status": replace(CLOSED, status=EntryStatus.ESTIMATED),
        "hours": replace(CLOSED, spans=((time(8), time(9)),)),
    }.items():
        assert refused(VariableInvalid, put_calendar_day, database, manager, HOME, entry, "uji") == field
    assert refused(VariableInvalid, put_calendar_day, database, manager, HOME, opened, " ") == "reason"
    never = OfficeHours(date(2026, 8, 3), ((),) * 7, ((),) * 7)
    assert refused(VariableInvalid, put_office_hours, database, manager, HOME, never, "uji") == "hours"
    half = replace(YEAR, last=date(2028, 6, 30))
    assert refused(VariableInvalid, put_calendar_day, database, admin, None, half, "uji") == "first"
    twice = replace(HOLIDAY, first=date(2026, 3, 19), last=date(2026, 3, 19), name="Hari Suci Nyepi")
    assert refused(VariableInvalid, put_calendar_day, database, admin, None, twice, "uji") == "first"


def test_a_year_is_known_when_it_is_said_so_and_has_its_ramadan(office: Office, admin: Actor):
    database = office.database
    assert refused(VariableInvalid, put_calendar_day, database, admin, None, YEAR, "SKB terbit") == "kind"
    month = put_calendar_day(database, admin, None, RAMADAN, "Perkiraan Kemenag")
    assert calendar(office).known_until == date(2027, 12, 31)
    put_calendar_day(database, admin, None, YEAR, "SKB terbit")
    assert calendar(office).known_until == date(2028, 12, 31)
    gone = (database, admin, None, month, 1, "salah")
    assert refused(VariableInvalid, remove_calendar_day, *gone) == "kind"
    assert calendar(office).day(RAMADAN.first).ramadan == RAMADAN
    assert seed_calendar(database, NATION) == 0


def test_a_release_does_not_enter_again_what_an_administrator_has_typed_before_it(
    office: Office, admin: Actor
):
    database = office.database
    put_calendar_day(database, admin, None, replace(RAMADAN, first=date(2028, 1, 29)), "Perkiraan BMKG")
    new_year = CalendarEntry(date(2028, 1, 1), date(2028, 1, 1), EntryKind.HOLIDAY, "Tahun Baru Masehi")
    assert seed_calendar(database, [*NATION, RAMADAN, YEAR, new_year]) == 2
    assert calendar(office).day(date(2028, 1, 28)).ramadan is None
    assert seed_calendar(database, [*NATION, RAMADAN, YEAR, new_year]) == 0


def test_office_hours_hold_from_a_day_on_and_can_be_taken_back(office: Office, admin: Actor):
    database, manager = office.database, office.user("manajer")
    saturday = ((time(8), time(12)),)
    week = (*PERPRES_21_2023.ordinary[:5], saturday, ())
    hours = OfficeHours(date(2026, 8, 3), week, PERPRES_21_2023.ramadan)
    put_office_hours(database, manager, HOME, hours, "Pelayanan Sabtu")
    found = calendar(office)
    assert not found.day(date(2026, 8, 1)).spans
    assert found.day(date(2026, 8, 8)).spans == saturday
    kept = kept_calendar(database, manager, HOME)
    assert [(k.hours.since, k.revision) for k in kept.hours] == [(date.min, 0), (date(2026, 8, 3), 1)]
    remove_office_hours(database, manager, HOME, hours, 1, "Dihentikan")
    assert not calendar(office).day(date(2026, 8, 8)).spans


def test_a_change_is_in_the_access_log(office: Office, admin: Actor):
    entry_id = put_calendar_day(office.database, office.user("manajer"), HOME, CLOSED, "uji")
    found = list_accesses(office.database, SYSTEM, AccessFilter(action=RecordAction.CHANGE_CALENDAR))
    assert (found[0].user_id, found[0].agency_id) == ("manajer@uji", HOME)
    assert found[0].subject == f"calendar:{entry_id}"
