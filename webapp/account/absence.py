"""One's own absence: from when to when, and which colleague stands in."""

from flask import flash, render_template, request
from werkzeug.wrappers import Response

from engine.desk import end_absence, list_absences, possible_substitutes
from engine.types import Actor
from webapp.absences import Asked, note_absence, today
from webapp.account.part import blueprint, to
from webapp.auth import current_actor
from webapp.db import database
from webapp.i18n import gettext


@blueprint.get("/absence")
def absence() -> str:
    """When one is away, for whom one stands in, and a form for the next time."""
    return _page(current_actor(), Asked())


@blueprint.post("/absence")
def go_away() -> Response | tuple[str, int]:
    """Note one's own absence; what is refused comes back with why."""
    actor = current_actor()
    asked = Asked.of(request.form, user_id=actor.user_id)
    if asked.agency_id not in actor.by_agency:
        return _page(actor, asked, gettext("Choose who stands in.")), 400
    if problem := note_absence(actor, asked):
        return _page(actor, asked, problem), 400
    flash(gettext("Your absence is noted, and your colleague was told."), "success")
    return to("absence")


@blueprint.post("/absence/<absence_id>/end")
def come_back(absence_id: str) -> Response:
    """End one's own absence, or take back one to come."""
    end_absence(database(), current_actor(), absence_id)
    flash(gettext("The absence has ended."), "success")
    return to("absence")


def _page(actor: Actor, asked: Asked, problem: str = "") -> str:
    working = [agency_id for agency_id in sorted(actor.by_agency) if actor.groups(agency_id)]
    return render_template(
        "account/absence.html",
        absences=list_absences(database(), actor),
        agencies=[(agency_id, possible_substitutes(database(), actor, agency_id)) for agency_id in working],
        today=today,
        asked=asked,
        problem=problem,
    )
