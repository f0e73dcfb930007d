"""What holds for every start and every calendar: clocks run forward, add up, and never end on a day off."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.deadlines import (
    Calendar,
    CalendarEntry,
    ClockKind,
    EntryKind,
    OfficeHours,
    ReasonKind,
    due,
    worked,
    working_days,
)
from engine.deadlines.hours import parse_spans
from engine.deadlines.running import ClockState, timed
from tests.unit.deadlines.calendars import OFF, WIB, WORKING, calendar

FIRST, LAST = datetime(2023, 1, 2), datetime(2027, 10, 31)

ODD_HOURS = OfficeHours(
    date.min,
    ordinary=(
        *(parse_spans("00.00-03.00, 06.15-06.20, 22.00-23.59"),) * 2,
        (),
        *(((time(9), time(17)),),) * 4,
    ),
    ramadan=(*(parse_spans("05.00-23.00"),) * 6, ()),
)
CLOSED = CalendarEntry(date(2025, 7, 1), date(2025, 7, 14), EntryKind.CLOSED, "pindah kantor")
OPEN = CalendarEntry(
    date(2026, 3, 21), date(2026, 3, 22), EntryKind.OPEN, "posko", spans=parse_spans("09.00-10.00")
)
BERLIN = ZoneInfo("Europe/Berlin")
CALENDARS = [
    OFF,
    WORKING,
    calendar(CLOSED, OPEN),
    calendar(CLOSED, OPEN, hours=(ODD_HOURS,), joint_leave_off=False),
    calendar(zone=BERLIN, hours=(ODD_HOURS,)),  # summer time: an hour that is not, an hour that is twice
]
calendars = st.sampled_from(CALENDARS)
starts = st.datetimes(FIRST, LAST, timezones=st.sampled_from([WIB, UTC, BERLIN]))
minutes = st.integers(1, 3000)
days = st.integers(1, 30)


@given(calendars, starts, minutes)
def test_as_much_work_is_done_as_was_asked(calendar: Calendar, start: datetime, amount: int):
    found = due(ClockKind.WORKING_MINUTES, amount, start, calendar)
    assert found.at is not None
    assert worked(start, found.at, calendar) == timedelta(minutes=amount)
    assert sum((r.time for r in found.reasons), timedelta()) == timedelta(minutes=amount)
    assert calendar.day(found.at.date()).spans
    before = worked(start, found.at.astimezone(UTC) - timedelta(seconds=1), calendar)
    assert before is not None
    assert before < timedelta(minutes=amount)


@given(calendars, starts, days)
def test_as_many_days_are_counted_as_were_asked(calendar: Calendar, start: datetime, amount: int):
    found = due(ClockKind.WORKING_DAYS, amount, start, calendar)
    assert found.at is not None
    assert working_days(start, found.at, calendar) == amount
    assert sum(reason.days for reason in found.reasons) == amount
    assert found.at.astimezone(UTC) == calendar.moments(found.at.date())[-1][1]


@given(calendars, starts, starts, st.sampled_from(ClockKind), st.integers(1, 60), st.integers(0, 60))
def test_what_starts_later_or_takes_longer_is_not_due_earlier(
    calendar: Calendar, one: datetime, other: datetime, kind: ClockKind, amount: int, more: int
):
    early, late = sorted((one, other))
    first, second = due(kind, amount, early, calendar).at, due(kind, amount + more, late, calendar).at
    if first and second:
        assert first.astimezone(UTC) <= second.astimezone(UTC)


@given(calendars, starts, minutes, minutes)
def test_a_clock_that_was_paused_at_any_moment_ends_with_the_same_work(
    calendar: Calendar, start: datetime, amount: int, pause: int
):
    middle = start.astimezone(UTC) + timedelta(minutes=pause)
    used = worked(start, middle, calendar)
    whole = due(ClockKind.WORKING_MINUTES, amount, start, calendar).at
    assert used is not None
    assert whole is not None
    if used < timedelta(minutes=amount):
        assert due(ClockKind.WORKING_MINUTES, amount, middle, calendar, used=used).at == whole
    else:
        assert whole.astimezone(UTC) <= middle


@given(calendars, starts, starts, starts)
def test_working_time_adds_up(calendar: Calendar, one: datetime, two: datetime, three: datetime):
    first, middle, last = sorted((one, two, three))
    if (last - first).days < 100:
        parts = [worked(first, middle, calendar), worked(middle, last, calendar)]
        assert sum(filter(None, parts), timedelta()) == worked(first, last, calendar)
    assert worked(last, first, calendar) == timedelta()


@settings(max_examples=60)
@given(calendars, starts, days)
def test_every_day_on_the_way_is_told_once(calendar: Calendar, start: datetime, amount: int):
    found = due(ClockKind.WORKING_DAYS, amount, start, calendar)
    beside = {ReasonKind.RAMADAN, ReasonKind.JOINT_LEAVE_WORKED, ReasonKind.OPENED}
    told = [
        reason.first + timedelta(days=number)
        for reason in found.reasons
        if reason.kind not in beside
        for number in range((reason.last - reason.first).days + 1)
    ]
    assert found.at is not None
    way = (found.at.date() - found.start.date()).days
    assert told == [found.start.date() + timedelta(days=number) for number in range(way + 1)]


@given(calendars, starts, st.times(), days)
def test_all_that_is_received_on_a_day_is_due_alike_whoever_asked_first(
    calendar: Calendar, start: datetime, hour: time, amount: int
):
    other = datetime.combine(calendar.local(start).date(), hour, calendar.zone)
    first, second = (ClockState("c", ClockKind.WORKING_DAYS, amount, at) for at in (start, other))
    alone = timed(second, replace(calendar))
    assert timed(first, calendar).due_at == alone.due_at
    assert timed(second, calendar) == alone
    assert due(ClockKind.WORKING_DAYS, amount, other, calendar).at == alone.due_at
