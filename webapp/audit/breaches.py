"""The register of breaches (UU 27/2022 Ps 46), and the notice that has to be given within 3 x 24 hours."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine import add_breach, get_breach, list_breaches, note_breach
from engine.clock import now
from engine.errors import VariableInvalid
from webapp.audit.part import blueprint, chosen_agency, keeps, read_moment, readers, sent
from webapp.auth import current_actor
from webapp.db import database
from webapp.errors import localized
from webapp.i18n import gettext
from webapp.recording import seen

Answer = Response | tuple[str, int]


@blueprint.get("/breaches")
def breaches() -> str:
    """The register of one agency, and the form for a new entry."""
    agency_id, _ = chosen_agency(*readers())
    return _register(agency_id)


@blueprint.post("/breaches")
def add_to_breaches() -> Answer:
    """Enter a breach; what is wrong comes back with the form."""
    agency_id, _ = chosen_agency(*readers())
    subjects = sent("subjects")
    try:
        if not (subjects.isascii() and subjects.isdigit() and len(subjects) < 10):
            raise ValueError(gettext("Say how many people are concerned, as a number; 0 where nobody knows."))
        found = read_moment(sent("found_at"), agency_id)
        texts = (sent("data"), sent("course"), sent("handling"))
        entry_id = add_breach(database(), current_actor(), agency_id, found, *texts, int(subjects))
    except (ValueError, VariableInvalid) as error:
        problem = localized(error) if isinstance(error, VariableInvalid) else str(error)
        return _register(agency_id, problem=problem), 400
    flash(gettext("The breach is in the register. The time for the notice is running."), "success")
    return redirect(url_for("audit.breach", entry_id=entry_id), 303)


@blueprint.get("/breaches/<entry_id>")
def breach(entry_id: str) -> str:
    """One breach as its notice: to print, and to say that it was given."""
    return _page(entry_id)


@blueprint.post("/breaches/<entry_id>")
def note(entry_id: str) -> Answer:
    """Keep how a breach is handled and which notices have been given."""
    told = {"subjects": "subjects_told" in request.form, "authority": "authority_told" in request.form}
    try:
        note_breach(database(), current_actor(), entry_id, handling=sent("handling"), **told)
    except VariableInvalid as error:
        return _page(entry_id, problem=localized(error)), 400
    flash(gettext("Saved."), "success")
    return redirect(url_for("audit.breach", entry_id=entry_id), 303)


def _register(agency_id: str, *, problem: str = "") -> str:
    seen(None, agency_id, "breaches")
    return render_template(
        "audit/breaches.html",
        agency_id=agency_id,
        agencies=chosen_agency(*readers())[1],
        entries=list_breaches(database(), current_actor(), agency_id),
        keeps=keeps(agency_id),
        problem=problem,
        filled=request.form,
        now=now(),
    )


def _page(entry_id: str, *, problem: str = "") -> str:
    entry = get_breach(database(), current_actor(), entry_id)
    seen(None, entry.agency_id, f"breach:{entry.number}")
    return render_template(
        "audit/breach.html",
        entry=entry,
        agency_id=entry.agency_id,
        keeps=keeps(entry.agency_id),
        problem=problem,
        now=now(),
    )
