"""The blueprint that the views of this folder hang on, and whose calendar the address means."""

from datetime import date

from flask import Blueprint, abort, redirect, request, url_for
from werkzeug.wrappers import Response

from engine.clock import now
from engine.desk import keeps_calendar
from engine.errors import ResourceNotFound, StateConflict, VariableInvalid
from engine.types import Actor
from webapp.agencies import DEFAULT_ZONE, agencies, agency_name, zone_of
from webapp.auth import current_actor
from webapp.errors import localized
from webapp.i18n import gettext
from webapp.times import local

blueprint = Blueprint("calendar", __name__, url_prefix="/calendar", template_folder="templates")

FIRST_YEAR, LAST_YEAR = 2000, 2100
Answer = Response | tuple[str, int]
Problems = dict[str, str]
"""Field -> what is wrong with it, in the reader's language."""


def choices(actor: Actor) -> list[str | None]:
    """Whose calendars somebody looks at, the own ones first, by name; None: the nation's."""
    own = sorted(actor.by_agency, key=agency_name)
    return [*own, None] if actor.admin else [*own]


def chosen() -> str | None:
    """The agency that the request names, or None for the nation; without a name the first of one's own.

    Aborts with 404 for one that the reader has nothing to do with, or that is none.
    """
    actor = current_actor()
    offered = choices(actor)
    if "agency" not in request.values:
        return offered[0] if offered else abort(404)
    wanted = request.values["agency"] or None
    if wanted not in offered and not (actor.admin and wanted in agencies()):
        abort(404)
    return wanted


def require_keeper(agency_id: str | None) -> None:
    """Abort with 403 unless the reader keeps the calendar of the agency, or the nation's."""
    if not keeps_calendar(current_actor(), agency_id):
        abort(403)


def this_day(agency_id: str | None) -> date:
    """Today on the clocks of the agency, or of Jakarta."""
    return local(now(), zone_of(agency_id) if agency_id else DEFAULT_ZONE).date()


def owner_name(agency_id: str | None) -> str:
    """Whose calendar it is, in words."""
    return agency_name(agency_id) if agency_id else gettext("all agencies")


def sent(name: str) -> str:
    """A text of a form, without spaces at its ends."""
    return request.form.get(name, "").strip().replace("\r\n", "\n")


def sent_revision() -> int:
    """The revision that the form was filled from; 0 for something new."""
    text = sent("revision")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def problem_of(error: VariableInvalid) -> Problems:
    """The one problem that the engine found, by its field."""
    return {str(error.parameters["name"]): _sentence(gettext(str(error.parameters["reason"])))}


def refusal(error: VariableInvalid | StateConflict | ResourceNotFound, field: str) -> tuple[Problems, int]:
    """Why nothing was changed, and the status that says so: 400 for what was typed, 409 for what somebody
    else has changed meanwhile, which is told at ``field``."""
    if isinstance(error, VariableInvalid):
        return problem_of(error), 400
    return {field: localized(error)}, 409


def of_removal(problems: Problems) -> Problems:
    """The reason of a removal stands in a form of its own."""
    return {f"remove-{name}" if name == "reason" else name: words for name, words in problems.items()}


def day_of(text: str) -> date | None:
    """The day that a text in ISO 8601 names; None where it names none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def to_year(agency_id: str | None, day: date) -> Response:
    """To the calendar, where a day stands."""
    return redirect(url_for("calendar.index", agency=agency_id or "", year=day.year), 303)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "."
