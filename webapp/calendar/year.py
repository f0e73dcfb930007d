"""A year of a calendar: its months, its days off with their decrees, the office hours, who changed what."""

from datetime import date

from flask import abort, render_template, request

from engine.desk import EntryKind, EntryStatus, KeptCalendar, keeps_calendar, kept_calendar, week_text
from webapp.auth import current_actor
from webapp.calendar.months import MARKS, RAMADAN, Mark, entries_of, months, working_days_of
from webapp.calendar.part import FIRST_YEAR, LAST_YEAR, blueprint, choices, chosen, owner_name, this_day
from webapp.calendar.words import KINDS, SHORT_WEEKDAYS, WEEKDAYS, change_words
from webapp.db import database
from webapp.deadlines.words import day_words, days_words


@blueprint.get("")
def index() -> str:
    """The year that the address names, or the present one, of one's agency or (administrators) the nation."""
    agency_id, actor = chosen(), current_actor()
    today = this_day(agency_id)
    number = _asked_year(today)
    kept = kept_calendar(database(), actor, agency_id)
    return render_template(
        "calendar/year.html",
        agency_id=agency_id or "",
        owner=owner_name(agency_id),
        choices=[(value or "", owner_name(value)) for value in choices(actor)],
        year=number,
        years=[value for value in (number - 1, number + 1) if FIRST_YEAR <= value <= LAST_YEAR],
        months=months(kept.calendar, number, today),
        working_days=working_days_of(kept.calendar, number),
        known=_decree(kept, number),
        estimated=_estimated(kept, number),
        legend=_legend(agency_id, kept),
        entries=entries_of(kept.entries, number),
        hours=[(each, week_text(each.hours.ordinary), week_text(each.hours.ramadan)) for each in kept.hours],
        beginning=date.min,
        keeps=keeps_calendar(actor, agency_id),
        keeps_entry=lambda entry: keeps_calendar(actor, entry.agency_id),
        changes=kept.changes,
        kinds=KINDS,
        weekdays=WEEKDAYS,
        short_weekdays=SHORT_WEEKDAYS,
        change_words=change_words,
        day_words=day_words,
        days_words=days_words,
    )


def _asked_year(today: date) -> int:
    text = request.args.get("year") or str(today.year)
    if not (text.isascii() and text.isdigit() and FIRST_YEAR <= int(text[:5]) <= LAST_YEAR):
        abort(404)
    return int(text)


def _decree(kept: KeptCalendar, year: int) -> object:
    """The entry that says that the year is known, or None."""
    years = (each for each in kept.entries if each.entry.kind is EntryKind.YEAR)
    return next((each for each in years if each.entry.first.year == year), None)


def _estimated(kept: KeptCalendar, year: int) -> list[str]:
    """Names of the Ramadans of the year that the government has not fixed."""
    return [
        each.entry.name
        for each in entries_of(kept.entries, year)
        if each.entry.status is EntryStatus.ESTIMATED
    ]


def _legend(agency_id: str | None, kept: KeptCalendar) -> list[Mark]:
    """The marks that can be in this calendar."""
    unseen = {"worked" if kept.calendar.joint_leave_off else "leave", "weekend"}
    own = {"closed", "open"} if agency_id is None else set()
    return [mark for mark in (*MARKS.values(), RAMADAN) if mark.kind not in unseen | own]
