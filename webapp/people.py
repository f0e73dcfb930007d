"""Names of people, and who of them is away: read once a request."""

from datetime import timedelta

from flask import g
from flask_babel import format_date

from engine import find_user
from engine.desk import AbsenceView, away
from engine.types import SYSTEM
from webapp.agencies import zone_of
from webapp.db import database
from webapp.times import local


def person(user_id: str | None) -> str:
    """The name of a user, the id where there is no such user any more; the system has a name too."""
    if not user_id:
        return ""
    if user_id == SYSTEM.user_id:
        return "Titian"
    if "people" not in g:
        g.people = {}
    names: dict[str, str] = g.people
    if user_id not in names:
        found = find_user(database(), user_id)
        names[user_id] = (found.name if found else "") or user_id
    return names[user_id]


def away_until(user_id: str | None, agency_id: str) -> str:
    """The last day in words on which a user of the agency is away now; empty for who is there."""
    if "away" not in g:
        g.away = {}
    known: dict[str, dict[str, AbsenceView]] = g.away
    if agency_id not in known:
        known[agency_id] = away(database(), agency_id)
    absence = known[agency_id].get(user_id or "")
    return last_day(absence) if absence else ""


def last_day(absence: AbsenceView) -> str:
    """The last day of an absence in words, on the clocks of its agency."""
    last = local(absence.ends_at - timedelta(microseconds=1), zone_of(absence.agency_id))
    return str(format_date(last.date(), "long"))
