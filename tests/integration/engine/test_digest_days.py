"""The daily summary keeps the office's days: none on a day off, and the next one tells of those days too."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select, update

import engine
from engine import desk
from engine.catalog import change_catalog
from engine.commands.notifying import notify
from engine.desk import CalendarEntry, Channel, EntryKind, MailChoice, NotificationKind
from engine.store import reading, writing
from engine.store.tables import Agency, NotificationChoice, UserTask
from engine.types import SYSTEM
from tests.integration.engine.models import drawn, tasks
from tests.support.clocks import ClockedOffice, at, clocked, said
from tests.support.office import AWAY, HOME, PROFILE
from tests.unit.interpreter.diagrams import process

__all__ = ["clocked"]

PETUGAS = "petugas@uji"
SATURDAYS = {"kalender": {"jam": {"sabtu": "08.00-12.00"}}}


def subscribe(clocked: ClockedOffice, moment: str) -> None:
    """At a moment the clerk chooses the summary, at seven."""
    clocked.now(moment)
    database, actor = clocked.office.database, clocked.office.user("petugas")
    code = desk.begin_email(database, actor, "petugas@uji.go.id")
    assert desk.confirm_email(database, actor, code)
    mail = dict.fromkeys(NotificationKind, MailChoice.DIGEST)
    desk.choose_ways(database, actor, mail=mail, push=(), summary=True, digest_hour=7)


def due(clocked: ClockedOffice) -> str:
    with reading(clocked.office.database) as tx:
        return said(tx.scalars(select(NotificationChoice.digest_at)).one())


def put(clocked: ClockedOffice, agency_id: str | None, kind: EntryKind, first: str, last: str = "") -> None:
    days = date.fromisoformat(first), date.fromisoformat(last or first)
    entry = CalendarEntry(*days, kind, "Uji")
    desk.put_calendar_day(clocked.office.database, SYSTEM, agency_id, entry, "Uji")


@pytest.mark.parametrize(
    ("moment", "following"),
    [
        ("2026-04-06 09:00", "2026-04-07 07:00"),
        ("2026-04-06 06:59", "2026-04-06 07:00"),
        ("2026-04-10 09:00", "2026-04-13 07:00"),  # a Friday
        ("2026-05-13 09:00", "2026-05-18 07:00"),  # Ascension Day, cuti bersama, a weekend
        ("2027-12-30 09:00", "2027-12-31 07:00"),
        ("2027-12-31 09:00", "2028-01-03 07:00"),  # nobody knows 2028 yet: its weekends alone are off
    ],
)
def test_the_next_summary_is_on_a_day_on_which_the_agency_works(
    clocked: ClockedOffice, moment: str, following: str
) -> None:
    subscribe(clocked, moment)
    assert due(clocked) == following


def test_in_a_year_that_is_not_known_nothing_but_weekends_is_off(clocked: ClockedOffice) -> None:
    put(clocked, None, EntryKind.HOLIDAY, "2028-01-03")
    put(clocked, HOME, EntryKind.OPEN, "2028-01-08")
    subscribe(clocked, "2027-12-31 09:00")
    assert due(clocked) == "2028-01-03 07:00", "a holiday that nobody has decreed with its year"
    subscribe(clocked, "2028-01-07 09:00")
    assert due(clocked) == "2028-01-08 07:00", "a Saturday on which the agency says that it works"


def test_an_agency_that_works_on_saturdays_or_on_leave_or_closes_says_so(clocked: ClockedOffice) -> None:
    put(clocked, HOME, EntryKind.CLOSED, "2026-04-13", "2026-04-14")
    clocked.declare(**SATURDAYS)
    subscribe(clocked, "2026-04-10 09:00")
    assert due(clocked) == "2026-04-11 07:00"
    subscribe(clocked, "2026-04-11 09:00")
    assert due(clocked) == "2026-04-15 07:00"


def test_who_is_in_several_agencies_gets_one_unless_all_are_off(clocked: ClockedOffice) -> None:
    database = clocked.office.database
    engine.put_agency(database, SYSTEM, AWAY, "Lain", PROFILE | SATURDAYS)
    engine.set_memberships(database, SYSTEM, PETUGAS, [(HOME, "petugas"), (AWAY, "petugas")])
    subscribe(clocked, "2026-04-10 09:00")
    assert due(clocked) == "2026-04-11 07:00"
    subscribe(clocked, "2026-04-11 09:00")
    assert due(clocked) == "2026-04-13 07:00"


def test_who_is_of_no_agency_gets_one_every_day(clocked: ClockedOffice) -> None:
    engine.set_memberships(clocked.office.database, SYSTEM, PETUGAS, [])
    subscribe(clocked, "2026-04-10 09:00")
    assert due(clocked) == "2026-04-11 07:00"


def test_a_day_that_has_become_one_off_is_skipped_and_told_of_by_the_next_one(clocked: ClockedOffice) -> None:
    database = clocked.office.database
    subscribe(clocked, "2026-04-06 09:00")
    put(clocked, None, EntryKind.HOLIDAY, "2026-04-07")
    clocked.now("2026-04-07 06:30")
    with writing(database) as tx:
        notify(tx, NotificationKind.MENTIONED, HOME, [PETUGAS])
    clocked.now("2026-04-07 07:00")
    assert desk.plan_digests(database) == 0
    assert desk.take_deliveries(database, [Channel.DIGEST]) == []
    assert due(clocked) == "2026-04-08 07:00"
    clocked.now("2026-04-08 07:00")
    assert desk.plan_digests(database) == 1
    [parcel] = desk.take_deliveries(database, [Channel.DIGEST])
    assert said(parcel.since) == "2026-04-06 09:00"
    assert len(desk.read_digest(database, parcel).told) == 1


def test_a_long_closing_is_looked_at_again_every_week(clocked: ClockedOffice) -> None:
    database = clocked.office.database
    put(clocked, HOME, EntryKind.CLOSED, "2026-04-07", "2026-06-30")
    subscribe(clocked, "2026-04-06 09:00")
    assert due(clocked) == "2026-04-14 07:00"
    clocked.now("2026-04-14 07:00")
    assert desk.plan_digests(database) == 0
    assert due(clocked) == "2026-04-22 07:00"
    entries = desk.kept_calendar(database, SYSTEM, HOME).entries
    [closing] = [entry for entry in entries if entry.agency_id == HOME]
    desk.remove_calendar_day(database, SYSTEM, HOME, closing.id, closing.revision, "keliru")
    clocked.now("2026-04-22 07:00")
    assert desk.plan_digests(database) == 1


def test_an_agency_without_a_calendar_holds_up_nobodys_mail(clocked: ClockedOffice) -> None:
    database = clocked.office.database
    engine.set_memberships(database, SYSTEM, PETUGAS, [(HOME, "petugas"), (AWAY, "petugas")])
    subscribe(clocked, "2026-04-06 09:00")
    with writing(database) as tx:
        change_catalog(tx)
        tx.execute(update(Agency).where(Agency.id == AWAY).values(profile=PROFILE | {"zona": "Asia/Jakrta"}))
    clocked.now("2026-04-07 07:00")
    assert desk.plan_digests(database) == 1
    assert due(clocked) == "2026-04-08 07:00"


def test_one_that_was_missed_on_a_friday_does_not_come_on_saturday(clocked: ClockedOffice) -> None:
    subscribe(clocked, "2026-04-09 09:00")
    clocked.now("2026-04-11 10:00")
    assert desk.plan_digests(clocked.office.database) == 0
    assert due(clocked) == "2026-04-13 07:00"


def not_taken(clocked: ClockedOffice, moment: str) -> None:
    """At a moment there is one digest to send, and the mail server does not take it."""
    database = clocked.office.database
    clocked.now(moment)
    desk.plan_digests(database)
    [parcel] = desk.take_deliveries(database, [Channel.DIGEST])
    assert desk.put_off_delivery(database, parcel.id)


@pytest.mark.parametrize("sender_dies", [False, True])
def test_one_that_the_mail_server_did_not_take_waits_for_a_working_day_and_the_next_one_takes_its_place(
    clocked: ClockedOffice, sender_dies: bool
) -> None:
    database = clocked.office.database
    subscribe(clocked, "2026-04-09 09:00")
    clocked.now("2026-04-10 06:30")
    with writing(database) as tx:
        notify(tx, NotificationKind.MENTIONED, HOME, [PETUGAS])
    not_taken(clocked, "2026-04-10 07:00")
    not_taken(clocked, "2026-04-10 23:50")
    if sender_dies:
        clocked.now("2026-04-10 23:59")
        assert len(desk.take_deliveries(database, [Channel.DIGEST])) == 1
    for day_off in ("2026-04-11 00:10", "2026-04-11 06:59", "2026-04-12 23:59"):
        clocked.now(day_off)
        assert desk.plan_digests(database) == 0
        assert desk.take_deliveries(database, [Channel.DIGEST]) == []
    clocked.now("2026-04-13 07:00")
    assert desk.plan_digests(database) == 1
    [parcel] = desk.take_deliveries(database, [Channel.DIGEST])
    assert said(parcel.since) == "2026-04-09 09:00"
    assert len(desk.read_digest(database, parcel).told) == 1
    clocked.now("2026-04-14 06:59")
    assert [p.id for p in desk.take_deliveries(database, [Channel.DIGEST])] == [parcel.id]


def test_one_that_was_not_taken_in_a_whole_day_is_told_by_the_next_one(clocked: ClockedOffice) -> None:
    subscribe(clocked, "2026-04-06 09:00")
    not_taken(clocked, "2026-04-07 07:00")
    not_taken(clocked, "2026-04-08 06:59")
    clocked.now("2026-04-08 07:00")
    assert desk.plan_digests(clocked.office.database) == 1
    [parcel] = desk.take_deliveries(clocked.office.database, [Channel.DIGEST])
    assert said(parcel.since) == "2026-04-06 09:00"


@pytest.mark.parametrize(
    ("moment", "task_due", "named"),
    [
        ("2026-04-10 07:00", "2026-04-13 06:59", True),  # a Friday: the next one comes on Monday at seven
        ("2026-04-10 07:00", "2026-04-13 07:01", False),
        ("2026-04-08 07:00", "2026-04-09 06:59", True),
        ("2026-04-08 07:00", "2026-04-09 07:01", False),
    ],
)
def test_it_names_what_is_due_before_the_next_one(
    clocked: ClockedOffice, moment: str, task_due: str, named: bool
) -> None:
    database, office = clocked.office.database, clocked.office
    office.deploy(drawn(process(tasks("a"), "s > a > e")))
    [task] = office.tasks(office.start().id)
    engine.claim_task(database, office.user("petugas"), task.id)
    with writing(database) as tx:
        tx.execute(update(UserTask).values(due_at=at(task_due)))
    before: datetime = at(moment) - timedelta(hours=1)
    subscribe(clocked, f"{before:%Y-%m-%d %H:%M}")
    clocked.now(moment)
    assert desk.plan_digests(database) == 1
    [parcel] = desk.take_deliveries(database, [Channel.DIGEST])
    assert [t.id for t in desk.read_digest(database, parcel).soon] == ([task.id] if named else [])
