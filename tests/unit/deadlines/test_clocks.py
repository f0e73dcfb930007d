"""The four clocks, at the dates that people have worked out by hand, and at every edge of a working day."""

from datetime import date, datetime, timedelta

import pytest

from engine.deadlines import (
    PERPRES_21_2023,
    ClockKind,
    ReasonKind,
    Week,
    due,
    moment_at,
    parse_week,
    week_text,
    worked,
    working_days,
)
from engine.errors import VariableInvalid
from tests.unit.deadlines.calendars import OFF, WORKING, at

DAYS, MINUTES = ClockKind.WORKING_DAYS, ClockKind.WORKING_MINUTES

GOLDEN = [
    ("2026-03-16", "2026-03-30", "2026-03-24"),
    ("2026-05-13", "2026-05-22", "2026-05-21"),
    ("2026-05-25", "2026-06-04", "2026-06-03"),
    ("2026-08-14", "2026-08-24", "2026-08-24"),
    ("2026-12-23", "2027-01-04", "2026-12-31"),
    ("2027-03-05", "2027-03-22", "2027-03-17"),
    ("2027-05-14", "2027-05-27", "2027-05-25"),
    ("2026-11-21", "2026-11-27", "2026-11-27"),
]


@pytest.mark.parametrize(("received", "off", "working"), GOLDEN)
def test_five_working_days_end_on_the_golden_dates(received: str, off: str, working: str):
    for calendar, expected in ((OFF, off), (WORKING, working)):
        found = due(DAYS, 5, at(f"{received} 09:00"), calendar).at
        assert found.date().isoformat() == expected
        assert found.time() == calendar.day(found.date()).spans[-1][1]


def test_a_day_is_due_at_the_end_of_office_hours():
    ends = {
        "2026-03-27 09:00": "2026-03-30T16:00:00+07:00",
        "2026-03-26 23:59": "2026-03-27T16:30:00+07:00",
        "2026-02-23 08:00": "2026-02-24T15:00:00+07:00",
        "2026-02-26 08:00": "2026-02-27T15:30:00+07:00",
    }
    for start, end in ends.items():
        assert due(DAYS, 1, at(start), OFF).at.isoformat() == end


def test_office_hours_are_those_of_the_presidential_regulation():
    def of_week(week: Week) -> float:
        moments = [datetime.combine(date.min, clock) for spans in week for span in spans for clock in span]
        return sum(
            ((b - a) / timedelta(hours=1) for a, b in zip(moments[::2], moments[1::2], strict=True)), 0.0
        )

    assert (of_week(PERPRES_21_2023.ordinary), of_week(PERPRES_21_2023.ramadan)) == (37.5, 32.5)


def test_hours_are_read_and_written_alike():
    week = parse_week({"senin": "7:30-12:00,13.00 - 16.00", "jumat": ""}, PERPRES_21_2023.ordinary)
    assert week[0] == PERPRES_21_2023.ordinary[0]
    assert week[4] == ()
    assert parse_week(week_text(week)) == week
    for wrong in ("7-16", "16.00-07.00", "07.00-12.00, 11.00-13.00", "25.00-26.00", "pagi"):
        with pytest.raises(VariableInvalid):
            parse_week({"senin": wrong})
    with pytest.raises(VariableInvalid):
        parse_week({"monday": "07.00-12.00"})


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        ("2026-04-06 09:00", 75, "2026-04-06 10:15"),
        ("2026-04-06 06:00", 75, "2026-04-06 08:45"),
        ("2026-04-06 07:30", 270, "2026-04-06 12:00"),
        ("2026-04-06 07:30", 271, "2026-04-06 13:01"),
        ("2026-04-06 12:20", 1, "2026-04-06 13:01"),
        ("2026-04-06 12:00", 1, "2026-04-06 13:01"),
        ("2026-04-06 15:30", 30, "2026-04-06 16:00"),
        ("2026-04-06 15:30", 31, "2026-04-07 07:31"),
        ("2026-04-06 16:00", 75, "2026-04-07 08:45"),
        ("2026-04-10 15:45", 75, "2026-04-13 08:00"),
        ("2026-04-11 09:00", 75, "2026-04-13 08:45"),
        ("2026-04-10 11:00", 60, "2026-04-10 13:30"),
        ("2026-02-23 07:45", 75, "2026-02-23 09:15"),
        ("2026-02-23 11:45", 30, "2026-02-23 12:45"),
    ],
)
def test_minutes_run_only_in_office_hours(start: str, minutes: int, end: str):
    assert due(MINUTES, minutes, at(start), OFF).at == at(end)


def test_hours_and_months_run_by_the_calendar():
    hours = due(ClockKind.HOURS, 48, at("2026-03-20 22:00"), OFF)
    assert hours.at == at("2026-03-22 22:00")
    clamped = due(ClockKind.MONTHS, 3, at("2026-11-30 10:00"), OFF)
    assert clamped.at == at("2027-02-28 10:00")
    assert [reason.kind for reason in clamped.reasons] == [ReasonKind.CLAMPED]
    assert due(ClockKind.MONTHS, 3, at("2030-11-28 10:00"), OFF).at == at("2031-02-28 10:00")


def test_a_paused_clock_goes_on_with_what_was_left():
    whole = due(MINUTES, 75, at("2026-04-06 15:00"), OFF)
    used = worked(at("2026-04-06 15:00"), at("2026-04-06 15:40"), OFF)
    rest = due(MINUTES, 75, at("2026-04-08 09:00"), OFF, used=used)
    assert whole.at == at("2026-04-07 07:45")
    assert rest.at == at("2026-04-08 09:35")
    assert due(MINUTES, 75, at("2026-04-08 09:00"), OFF, used=timedelta(minutes=75)).at == rest.start


def test_nothing_is_guessed_past_the_last_published_year():
    late = due(DAYS, 5, at("2027-12-29 09:00"), OFF)
    assert (late.at, late.unknown_from) == (None, date(2028, 1, 1))
    assert due(DAYS, 2, at("2027-12-29 09:00"), OFF).at == at("2027-12-31 16:30")
    assert due(MINUTES, 75, at("2028-01-03 09:00"), OFF).at is None
    assert worked(at("2027-12-30 09:00"), at("2028-01-02 09:00"), OFF) is None
    assert working_days(at("2027-12-30 09:00"), at("2028-01-02 09:00"), OFF) is None
    assert moment_at(0.75, late, OFF) is None
    assert OFF.known_until == date(2027, 12, 31)


def test_reasons_say_what_was_counted_and_what_was_skipped():
    found = due(DAYS, 5, at("2026-03-16 09:00"), OFF)
    told = [(r.kind.value, r.first.day, r.last.day, r.days) for r in found.reasons]
    assert told == [
        ("received", 16, 16, 0),
        ("counted", 17, 17, 1),
        ("joint_leave", 18, 18, 0),
        ("holiday", 19, 19, 0),
        ("joint_leave", 20, 20, 0),
        ("weekend", 21, 22, 0),
        ("joint_leave", 23, 24, 0),
        ("counted", 25, 27, 3),
        ("weekend", 28, 29, 0),
        ("counted", 30, 30, 1),
    ]
    nyepi = found.reasons[3]
    assert (nyepi.name, nyepi.source) == ("Hari Suci Nyepi", "SKB 1497/2025, 2/2025, 5/2025")
    counted = [r for r in due(DAYS, 5, at("2026-03-16 09:00"), WORKING).reasons if r.name]
    assert {r.kind for r in counted} == {
        ReasonKind.JOINT_LEAVE_WORKED,
        ReasonKind.HOLIDAY,
        ReasonKind.RAMADAN,
    } - {ReasonKind.RAMADAN}


def test_reasons_of_minutes_say_where_they_ran():
    found = due(MINUTES, 75, at("2026-04-06 11:30"), OFF)
    parts = [(r.kind.value, r.since.strftime("%H.%M"), r.until.strftime("%H.%M")) for r in found.reasons]
    assert parts == [
        ("counted", "11.30", "12.00"),
        ("break", "12.00", "13.00"),
        ("counted", "13.00", "13.45"),
    ]
    early = due(MINUTES, 75, at("2026-04-06 06:00"), OFF).reasons[0]
    assert (early.kind, early.until) == (ReasonKind.OUTSIDE_HOURS, at("2026-04-06 07:30"))
    assert due(MINUTES, 5, at("2026-04-06 12:10"), OFF).reasons[0].kind is ReasonKind.BREAK


def test_hours_of_an_estimated_ramadan_are_told_as_such():
    assert due(DAYS, 1, at("2027-02-10 09:00"), OFF).estimated
    assert due(MINUTES, 75, at("2027-02-10 09:00"), OFF).estimated
    assert not due(DAYS, 1, at("2026-02-23 09:00"), OFF).estimated
    assert not due(DAYS, 1, at("2027-04-05 09:00"), OFF).estimated


def test_three_quarters_of_a_clock_are_of_its_own_time():
    found = due(DAYS, 4, at("2026-04-06 16:00"), OFF)
    assert moment_at(0.75, found, OFF) == at("2026-04-09 16:00")
    assert moment_at(0.5, due(ClockKind.HOURS, 24, at("2026-04-10 20:00"), OFF), OFF) == at(
        "2026-04-11 08:00"
    )


@pytest.mark.parametrize("amount", [0, -1, 10**9])
@pytest.mark.parametrize("kind", ClockKind)
def test_an_amount_that_no_clock_has_is_refused(kind: ClockKind, amount: int):
    with pytest.raises(VariableInvalid):
        due(kind, amount, at("2026-03-16 09:00"), OFF)
