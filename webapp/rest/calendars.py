"""``/tenant/{id}/calendar`` and ``/office-hours``, ``/task/{id}/clock``: an agency's days, and why a task is
due when it is. Not Camunda's, which knows neither. To be read only: who keeps a calendar does so on its page,
where the entries stand, and who has changed what and why."""

from collections.abc import Sequence
from datetime import date, time, timedelta
from typing import Final

from flask import jsonify
from flask.typing import ResponseReturnValue

import engine
from engine import clock, desk
from engine.errors import QueryInvalid
from webapp.db import database
from webapp.recording import seen
from webapp.rest.gate import caller
from webapp.rest.operation import Json, Query, dates, operation
from webapp.rest.values import write_moment

MOST: Final = 400
"""Days of one answer at most."""

YEARS: Final = range(2000, 2101)
"""Days of others are not asked for: each that was is remembered."""

_ABSENT = {404: "No such agency of the caller's"}


@operation(
    "GET",
    "/tenant/<id>/calendar",
    "The days of an agency's calendar: which it works, at which hours, and why not",
    query=dates("from", "to"),
    answers={200: "The days", 400: "More than 400 days, or none", **_ABSENT},
)
def days(id: str, query: Query) -> ResponseReturnValue:
    calendar = desk.get_calendar(database(), caller(), id)
    first = query.get("from") or query.get("to") or calendar.local(clock.now()).date()
    last = query.get("to") or first
    number = (last - first).days + 1
    if not 0 < number <= MOST or first.year not in YEARS or last.year not in YEARS:
        reason = f"'from' to 'to' are 1 to {MOST} days of the years {YEARS[0]} to {YEARS[-1]}"
        raise QueryInvalid(reason=reason)
    return jsonify([_day(calendar, first + timedelta(days=n)) for n in range(number)])


def _day(calendar: desk.Calendar, day: date) -> Json:
    """``known``: the decree of the year is, without which nobody can say that a day is no holiday."""
    found = calendar.day(day)
    return {
        "date": day.isoformat(),
        "known": calendar.knows(day),
        "working": bool(found.spans),
        "hours": _spans(found.spans),
        "reason": found.why.value if found.why else None,
        "name": found.entry.name if found.entry else None,
        "source": found.entry.source if found.entry else None,
        "ramadan": found.ramadan is not None,
        "estimated": found.ramadan is not None and found.ramadan.status is desk.EntryStatus.ESTIMATED,
    }


def _spans(spans: Sequence[tuple[time, time]]) -> list[Json]:
    return [{"from": f"{first:%H:%M}", "to": f"{last:%H:%M}"} for first, last in spans]


@operation(
    "GET",
    "/tenant/<id>/office-hours",
    "The office hours of an agency, of an ordinary week and in Ramadan, by the day from which they hold",
    answers={200: "The hours, the earliest first", **_ABSENT},
)
def hours(id: str, query: Query) -> ResponseReturnValue:
    calendar = desk.get_calendar(database(), caller(), id)
    return jsonify(
        [
            {
                "since": None if each.since == date.min else each.since.isoformat(),
                "timeZone": calendar.zone.key,
                "ordinary": _week(each.ordinary),
                "ramadan": _week(each.ramadan),
            }
            for each in calendar.hours
        ]
    )


def _week(week: desk.Week) -> Json:
    return {name: _spans(spans) for name, spans in zip(desk.week_text(week), week, strict=True)}


@operation(
    "GET",
    "/task/<id>/clock",
    "The clocks of a task's case, and why each is due when it is",
    answers={200: "The open ones first, of these the most urgent", 404: "No such task"},
)
def clocks(id: str, query: Query) -> ResponseReturnValue:
    task = engine.get_task(database(), caller(), id)
    seen(task.instance_id, task.agency_id, f"task:{id}")
    found = desk.case_clocks(database(), caller(), task.instance_id)
    return jsonify([_clock(view, task.clock_id) for view in found])


def _clock(view: desk.ClockView, counts: str | None) -> Json:
    """``counts``: it is the one that the task's due time comes from."""
    return {
        "id": view.clock_id,
        "name": view.name,
        "kind": view.kind.value,
        "amount": view.amount,
        "provisional": view.proposed_by is not None,
        "state": view.stand.value,
        "outcome": view.outcome.value if view.outcome else None,
        "counts": view.clock_id == counts,
        "started": write_moment(view.started_at),
        "due": write_moment(view.due_at),
        "warning": write_moment(view.warn_at),
        "ended": write_moment(view.ended_at),
        "basis": view.basis or None,
        "note": view.note or None,
        "reasons": [_reason(reason) for reason in view.why.reasons] if view.why else None,
    }


def _reason(reason: desk.Reason) -> Json:
    return {
        "kind": reason.kind.value,
        "first": reason.first.isoformat(),
        "last": reason.last.isoformat(),
        "name": reason.name or None,
        "source": reason.source or None,
        "days": reason.days,
        "minutes": reason.time / timedelta(minutes=1),
        "since": write_moment(reason.since),
        "until": write_moment(reason.until),
        "estimated": reason.estimated,
    }
