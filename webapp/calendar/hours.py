"""The office hours of an agency: from which day on, for each day of the week, and in Ramadan."""

from flask import abort, flash, render_template, request

from engine.desk import (
    KeptHours,
    OfficeHours,
    Week,
    kept_calendar,
    parse_week,
    put_office_hours,
    remove_office_hours,
    week_text,
)
from engine.errors import StateConflict, VariableInvalid
from webapp.auth import current_actor
from webapp.calendar.part import (
    Answer,
    Problems,
    blueprint,
    chosen,
    day_of,
    of_removal,
    owner_name,
    problem_of,
    refusal,
    require_keeper,
    sent,
    sent_revision,
    this_day,
    to_year,
)
from webapp.calendar.words import WEEKDAYS
from webapp.db import database
from webapp.i18n import gettext

Texts = dict[str, dict[str, str]]
"""``ordinary`` and ``ramadan`` -> weekday -> what stands in its field."""


@blueprint.get("/hours")
def hours() -> str:
    """The hours that an agency has from a day on (``since``); else the form for others, filled with these."""
    agency_id, known = _agency()
    since = day_of(request.args.get("since", ""))
    kept = next((each for each in known if each.hours.since == since and each.revision), None)
    shown = kept or known[-1]
    first = kept.hours.since if kept else this_day(agency_id)
    return _form(agency_id, first.isoformat(), _texts(shown.hours), kept)


@blueprint.post("/hours")
def save_hours() -> Answer:
    """Keep them; what is wrong comes back with the form."""
    agency_id, known = _agency()
    texts = {part: {day: sent(f"{part}-{day}") for day in WEEKDAYS} for part in ("ordinary", "ramadan")}
    since, revision = day_of(sent("since")), sent_revision()
    kept = next((each for each in known if each.hours.since == since and each.revision), None)
    problems: Problems = {} if since else {"since": gettext("Choose the day from which they hold.")}
    weeks = {part: _week(part, texts[part], problems) for part in texts}
    if since is None or problems:
        return _form(agency_id, sent("since"), texts, kept, problems), 400
    made = OfficeHours(since, weeks["ordinary"], weeks["ramadan"])
    try:
        put_office_hours(database(), current_actor(), agency_id, made, sent("reason"), revision)
    except (VariableInvalid, StateConflict) as error:
        problems, status = refusal(error, "since")
        return _form(agency_id, sent("since"), texts, kept, problems), status
    flash(gettext("The office hours are saved."), "success")
    return to_year(agency_id, since)


@blueprint.post("/hours/remove")
def remove_hours() -> Answer:
    """Take them back: what held before holds on."""
    agency_id, known = _agency()
    since = day_of(sent("since"))
    kept = next((each for each in known if each.hours.since == since and each.revision), None)
    if kept is None:
        abort(404)
    reason = sent("reason")
    try:
        remove_office_hours(database(), current_actor(), agency_id, kept.hours, sent_revision(), reason)
    except (VariableInvalid, StateConflict) as error:
        problems, status = refusal(error, "since")
        shown = (kept.hours.since.isoformat(), _texts(kept.hours), kept, of_removal(problems))
        return _form(agency_id, *shown, removal=reason), status
    flash(gettext("These office hours are taken back."), "success")
    return to_year(agency_id, kept.hours.since)


def _agency() -> tuple[str, tuple[KeptHours, ...]]:
    """The agency whose hours the reader keeps, and all that it has; the nation has none."""
    agency_id = chosen()
    require_keeper(agency_id)
    if agency_id is None:
        abort(404)
    return agency_id, kept_calendar(database(), current_actor(), agency_id, 0).hours


def _week(part: str, texts: dict[str, str], problems: Problems) -> Week:
    """The week of a half of the form; what is wrong with a field goes into ``problems``."""
    days = list[Week]()
    for day, text in texts.items():
        try:
            days.append(parse_week({day: text}))
        except VariableInvalid as error:
            problems[f"{part}-{day}"] = next(iter(problem_of(error).values()))
    return tuple(next((week[at] for week in days if week[at]), ()) for at in range(7))


def _form(
    agency_id: str,
    since: str,
    texts: Texts,
    kept: KeptHours | None,
    problems: Problems | None = None,
    *,
    removal: str | None = None,
) -> str:
    """``removal``: why the hours were to be taken back, where that was refused."""
    return render_template(
        "calendar/hours.html",
        agency_id=agency_id,
        owner=owner_name(agency_id),
        since=since,
        texts=texts,
        kept=kept,
        problems=problems or {},
        reason=sent("reason") if removal is None else "",
        removal=removal or "",
        weekdays=WEEKDAYS,
    )


def _texts(hours: OfficeHours) -> Texts:
    return {"ordinary": week_text(hours.ordinary), "ramadan": week_text(hours.ramadan)}
