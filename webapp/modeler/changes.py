"""What a new version of a decision table changes, for whoever must answer for it."""

from flask import render_template, request

from engine import compare_decision_definitions, get_definition
from engine.definitions.dmn import Said
from engine.errors import QueryInvalid
from webapp.auth import current_actor
from webapp.db import database
from webapp.modeler.part import blueprint, kind_of, require_own
from webapp.modeler.reasons import conflict_in_words, in_words


@blueprint.get("/decision/<id>/changes")
def changes(id: str) -> str:
    """Which inputs this version answers differently from an older one (``since``, an id)."""
    since = request.args.get("since", "")
    new, old = (get_definition(database(), current_actor(), "decision", id=each) for each in (id, since))
    require_own(new.agency_id)
    if (old.agency_id, old.key) != (new.agency_id, new.key):
        raise QueryInvalid(reason="'since' is a version of the same decision")
    found = compare_decision_definitions(database(), current_actor(), old.id, new.id)
    return render_template(
        "modeler/changes.html", kind=kind_of("decision"), old=old, new=new, comparison=found, reason=_reason
    )


def _reason(said: Said) -> str:
    """Why a version has no answer, in the reader's language."""
    return conflict_in_words(said.error, said.rows) or in_words(said.error)[1]
