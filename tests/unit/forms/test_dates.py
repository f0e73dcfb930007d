"""Dates and times as form-js writes them, and the moment that they are compared with."""

from datetime import UTC, datetime

import pytest
import time_machine

from tests.unit.forms.schemas import component, errors, form

NOT_FUTURE = {"properties": {"tanggal": "tidak_di_depan"}}


def moment(subtype: str, **more):
    return form(component("datetime", "kapan", subtype=subtype, **more))


@pytest.mark.parametrize(
    ("subtype", "text"),
    [
        ("date", "2026-11-21"),
        ("date", "2028-02-29"),
        ("time", "09:00"),
        ("time", "09:00+07:00"),
        ("time", "02:00Z"),
        ("time", "09:00:30"),
        ("datetime", "2026-11-21T09:00+07:00"),
        ("datetime", "2026-11-21T02:00Z"),
        ("datetime", "2026-11-21T09:00"),
        ("datetime", "2026-11-21T09:00:00.5+07:00"),
    ],
)
def test_what_form_js_writes_is_valid(subtype, text):
    assert moment(subtype).check({"kapan": text}, {}) == {"kapan": text}


@pytest.mark.parametrize(
    ("subtype", "text"),
    [
        ("date", "2026-02-29"),
        ("date", "21-11-2026"),
        ("date", "20261121"),
        ("date", "2026-W47-6"),
        ("date", "2026-11-21T09:00"),
        ("date", "0000-01-01"),
        ("date", "२०२६-११-२१"),
        ("time", "24:30"),
        ("time", "9:00"),
        ("time", "09"),
        ("time", "09:00+25:00"),
        ("datetime", "2026-11-21"),
        ("datetime", "2026-11-21 09:00"),
        ("datetime", "2026-11-31T09:00"),
        ("datetime", "2026-11-21T09:00+7"),
    ],
)
def test_what_no_calendar_or_clock_has_is_refused(subtype, text):
    assert errors(moment(subtype), {"kapan": text}).keys() == {"kapan"}


def test_a_datetime_without_a_subtype_is_a_date():
    asked = form(component("datetime", "kapan"))
    assert errors(asked, {"kapan": "2026-11-21"}) == {}
    assert errors(asked, {"kapan": "2026-11-21T09:00"}) != {}


@time_machine.travel(datetime(2026, 11, 20, 17, 30, tzinfo=UTC), tick=False)
def test_today_is_the_day_in_the_zone_of_the_agency():
    asked = moment("date", **NOT_FUTURE)
    assert errors(asked, {"kapan": "2026-11-21"}) == {}
    assert errors(asked, {"kapan": "2026-11-22"}) == {
        "kapan": "Enter a date for “Kapan” that is not in the future."
    }
    assert errors(asked, {"kapan": "2026-11-21"}, zone="UTC") != {}


@time_machine.travel(datetime(2026, 11, 21, 2, 0, tzinfo=UTC), tick=False)
@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("2026-11-21T09:00+07:00", True),
        ("2026-11-21T09:05+07:00", True),
        ("2026-11-21T09:30+07:00", False),
        ("2026-11-21T09:00", True),
        ("2026-11-21T10:00", False),
        ("2026-11-21T03:00Z", False),
        ("0001-01-01T00:00+14:00", True),
        ("9999-12-31T23:59-12:00", False),
    ],
)
def test_a_moment_may_be_ahead_by_a_clock_that_goes_wrong_but_not_by_more(text, fits):
    assert (errors(moment("datetime", **NOT_FUTURE), {"kapan": text}) == {}) is fits


@time_machine.travel(datetime(2026, 11, 20, 17, 30, tzinfo=UTC), tick=False)
def test_a_date_that_must_not_be_past_may_be_today():
    asked = moment("date", disallowPassedDates=True)
    assert errors(asked, {"kapan": "2026-11-21"}) == {}
    assert errors(asked, {"kapan": "2026-11-20"}) == {
        "kapan": "Enter a date for “Kapan” that is not in the past."
    }
    assert errors(moment("datetime", disallowPassedDates=True), {"kapan": "2026-11-21T00:10"}) == {}
    assert errors(moment("datetime", disallowPassedDates=True), {"kapan": "2026-11-20T23:59"}) != {}


def test_the_label_of_a_date_is_the_one_beside_its_picker():
    asked = form(
        {"type": "datetime", "id": "d", "key": "lahir", "subtype": "date", "dateLabel": "Tanggal lahir"}
    )
    assert asked.labels["lahir"] == "Tanggal lahir"
    timed = form({"type": "datetime", "id": "d", "key": "jam", "subtype": "time", "timeLabel": "Pukul"})
    assert timed.labels["jam"] == "Pukul"
