"""Dates, times, durations: text, properties, arithmetic, order."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
import time_machine

from engine.feel import Date, DateTime, DaysTime, Time, YearsMonths, parse_expression

JAKARTA = ZoneInfo("Asia/Jakarta")


def value(text, scope=None):
    return parse_expression(text).evaluate(scope or {})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('@"2026-03-30"', date(2026, 3, 30)),
        ('@"09:00:30"', time(9, 0, 30)),
        ('@"09:00Z"', time(9, 0, tzinfo=UTC)),
        ('@"09:00:00.25+07:00"', time(9, 0, 0, 250000, timezone(timedelta(hours=7)))),
        ('@"2026-03-30T09:00:00"', datetime(2026, 3, 30, 9)),
        ('@"2026-03-30T09:00+07:00"', datetime(2026, 3, 30, 9, tzinfo=timezone(timedelta(hours=7)))),
        ('@"2026-03-30T09:00:00@Asia/Jakarta"', datetime(2026, 3, 30, 9, tzinfo=JAKARTA)),
        ('@"P1DT2H30M"', timedelta(days=1, hours=2, minutes=30)),
        ('@"-PT0.5S"', timedelta(milliseconds=-500)),
        ('@"P1Y2M"', YearsMonths(14)),
        ('duration("PT48H")', timedelta(days=2)),
        ("date(2026, 3, 30)", date(2026, 3, 30)),
        ('date(date and time("2026-03-30T23:00:00Z"))', date(2026, 3, 30)),
        ("time(9, 30, 15.5)", time(9, 30, 15, 500000)),
        ('time(9, 30, 0, @"PT7H")', time(9, 30, tzinfo=timezone(timedelta(hours=7)))),
        ('date and time("2026-03-30")', datetime(2026, 3, 30)),
        ('date and time(@"2026-03-30", @"09:00Z")', datetime(2026, 3, 30, 9, tzinfo=UTC)),
    ],
)
def test_a_temporal_value_leaves_as_the_python_type(text, expected):
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ('@"99999-12-31"', Date),
        ('@"-0044-03-15"', Date),
        ('@"2026-03-30T09:00:00.123456789"', DateTime),
        ('@"09:00:00.123456789Z"', Time),
        ('@"PT0.000000001S"', DaysTime),
    ],
)
def test_what_python_cannot_hold_stays_its_own_type_and_prints_as_it_was(text, type_):
    found = value(text)
    assert type(found) is type_
    assert f'@"{found}"' == text


@pytest.mark.parametrize(
    "text",
    [
        'date("2026-02-29")',
        'date("2026-13-01")',
        'date("26-01-01")',
        'date("02026-01-01")',
        'date("2026-01-01T00:00:00")',
        "date(2026, 2, 30)",
        'time("24:00:01")',
        'time("09:60:00")',
        'time("09:00:00+19:00")',
        'time("09:00:00@Mars/Olympus")',
        'date and time("2026-01-01T7:00:00")',
        'duration("P1Y1D")',
        'duration("P")',
        'duration("PT")',
        '@"besok"',
    ],
)
def test_text_that_is_no_such_moment_is_null_with_a_warning(text):
    warnings = []
    assert parse_expression(text).evaluate({}, warnings) is None
    assert len(warnings) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('@"2026-01-31" + @"P1M"', date(2026, 2, 28)),
        ('@"P1D" + @"2026-02-28"', date(2026, 3, 1)),
        ('@"2026-03-31" - @"P1M"', date(2026, 2, 28)),
        ('@"2026-03-01" - @"2026-02-01"', timedelta(days=28)),
        ('@"2026-03-30T09:00:00Z" + @"PT48H"', datetime(2026, 4, 1, 9, tzinfo=UTC)),
        ('@"2026-03-30T09:00:00+07:00" - @"2026-03-30T00:00:00Z"', timedelta(hours=2)),
        ('@"2026-03-30" - @"2026-03-29T00:00:00Z"', timedelta(days=1)),
        ('@"23:30:00" + @"PT1H"', time(0, 30)),
        ('@"09:00:00" - @"08:30:00"', timedelta(minutes=30)),
        ('@"P1D" * 1.5', timedelta(hours=36)),
        ('@"P1D" / @"PT6H"', 4),
        ('@"P1Y" / 5', YearsMonths(2)),
        ('2 * @"P1Y"', YearsMonths(24)),
        ('-@"P1M"', YearsMonths(-1)),
        ('@"2026-03-30T09:00:00" - @"2026-03-30T00:00:00Z"', None),
        ('@"2026-03-30" + 1', None),
        ('@"P1D" + @"P1M"', None),
        ('@"P1D" / 0', None),
        ('@"999999999-12-31" + @"P1D"', None),
    ],
)
def test_time_is_counted_by_kind(text, expected):
    assert value(text) == expected


def test_a_day_across_the_change_to_summer_time_is_24_hours_on_the_instant():
    found = value('@"2026-03-28T12:00:00@Europe/Paris" + @"P1D"')
    assert found == datetime(2026, 3, 29, 13, tzinfo=ZoneInfo("Europe/Paris"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('@"2026-03-30".weekday', 1),
        ('@"2026-03-29".weekday', 7),
        ('@"2026-03-30".year', 2026),
        ('@"09:05:06.5".second', 6.5),
        ('@"2026-03-30T09:00:00+07:00".time offset', timedelta(hours=7)),
        ('@"2026-07-01T09:00:00@Europe/Paris".time offset', timedelta(hours=2)),
        ('@"2026-07-01T09:00:00@Europe/Paris".timezone', "Europe/Paris"),
        ('@"2026-03-30T09:00:00".time offset', None),
        ('@"P1Y2M".years', 1),
        ('@"P1Y2M".months', 2),
        ('@"P1DT2H3M4S".days', 1),
        ('@"P1DT2H3M4S".hours', 2),
        ('@"P1DT2H3M4S".minutes', 3),
        ('@"P1DT2H3M4S".seconds', 4),
        ('@"-P1DT2H".hours', -2),
        ('@"P1Y".days', None),
    ],
)
def test_a_property_is_a_part_of_the_moment(text, expected):
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('@"2026-03-30T09:00:00+07:00" = @"2026-03-30T02:00:00Z"', True),
        ('@"2026-03-30T09:00:00@Asia/Jakarta" = @"2026-03-30T02:00:00Z"', True),
        ('@"2026-03-30T09:00:00" < @"2026-03-30T10:00:00Z"', True),
        ('@"09:00:00+07:00" < @"09:00:00Z"', True),
        ('is(@"09:00:00Z", @"09:00:00+00:00")', True),
        ('is(@"09:00:00Z", @"16:00:00+07:00")', False),
        ('@"2026-03-30" < @"2026-03-30T00:00:01"', None),
        ('@"2026-03-30" in [@"2026-03-01"..@"2026-03-31"]', True),
    ],
)
def test_moments_are_compared_as_instants(text, expected):
    assert value(text) is expected


def test_every_day_of_four_centuries_comes_back_from_its_number():
    first = value('@"1800-01-01"')
    days = value('for n in 0..4 return @"1800-01-01" + duration("P36525D") * n')
    assert days == [first + timedelta(days=36525 * n) for n in range(5)]


@pytest.mark.parametrize(
    "scope_value", [datetime(2026, 3, 30, 9, tzinfo=JAKARTA), date(2026, 3, 30), time(9), timedelta(1)]
)
def test_python_moments_pass_through_unchanged(scope_value):
    assert value("x", {"x": scope_value}) == scope_value


@time_machine.travel(datetime(2026, 3, 29, 18, 30, tzinfo=UTC), tick=False)
def test_today_is_the_day_in_the_callers_zone():
    assert parse_expression("today()").evaluate({}) == date(2026, 3, 29)
    assert parse_expression("today()").evaluate({}, zone="Asia/Jakarta") == date(2026, 3, 30)
    assert parse_expression("now()").evaluate({}, zone="Asia/Jakarta") == datetime(
        2026, 3, 30, 1, 30, tzinfo=JAKARTA
    )
    assert parse_expression('now() = @"2026-03-29T18:30:00Z"').evaluate({}) is True


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("P0D", "PT0S"),
        ("PT36H", "P1DT12H"),
        ("P1DT0H0M1.50S", "P1DT1.5S"),
        ("P14M", "P1Y2M"),
        ("P0M", "P0M"),
        ("-P1Y", "-P1Y"),
    ],
)
def test_a_duration_prints_in_its_shortest_form(text, expected):
    assert value(f'string(duration("{text}"))') == expected
