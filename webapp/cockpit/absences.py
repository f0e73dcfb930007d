"""Who of an agency is away, and naming substitutes: those without the groups act in them for that time."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine.desk import agency_workers, end_absence, list_absences
from engine.types import Actor
from webapp.absences import Asked, note_absence, today
from webapp.auth import current_actor
from webapp.auth.proof import needs_proof
from webapp.cockpit.part import blueprint, managed_agencies
from webapp.db import database
from webapp.i18n import gettext


@blueprint.get("/absences")
def absences() -> str:
    """Absences now and to come, by agency, and a form for the next."""
    return _page(current_actor(), Asked())


@blueprint.post("/absences")
@needs_proof("cockpit.absences")
def appoint() -> Response | tuple[str, int]:
    """Note that somebody is away, and who stands in; what is refused comes back with why."""
    actor = current_actor()
    asked = Asked.of(request.form)
    if asked.agency_id not in managed_agencies(actor):
        return _page(actor, asked, gettext("Choose who stands in.")), 400
    if problem := note_absence(actor, asked):
        return _page(actor, asked, problem), 400
    flash(gettext("The absence is noted. Both were told."), "success")
    return redirect(url_for("cockpit.absences"), 303)


@blueprint.post("/absences/<absence_id>/end")
def end(absence_id: str) -> Response:
    """End an absence, and the substitute's rights with it."""
    end_absence(database(), current_actor(), absence_id)
    flash(gettext("The absence has ended."), "success")
    return redirect(url_for("cockpit.absences"), 303)


def _page(actor: Actor, asked: Asked, problem: str = "") -> str:
    return render_template(
        "cockpit/absences.html",
        agencies=[
            (
                agency_id,
                list_absences(database(), actor, agency_id),
                agency_workers(database(), actor, agency_id),
            )
            for agency_id in managed_agencies(actor)
        ],
        today=today,
        asked=asked,
        problem=problem,
    )
