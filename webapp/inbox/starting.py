"""A new case: which service, then its start form."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from engine import get_definition, list_definitions, start_form, start_form_data, start_instance
from engine.errors import N_, ActionForbidden
from engine.types import DefinitionView
from webapp.agencies import profile
from webapp.auth import current_actor
from webapp.db import database
from webapp.i18n import gettext
from webapp.inbox.part import blueprint, sent_variables
from webapp.inbox.tasks import answer_next, next_address, quotations
from webapp.inbox.upcoming import process_of


@blueprint.get("/start")
def startable() -> str | Response:
    """The services of which one may open a case; straight to the form where there is but one."""
    found = list_definitions(database(), current_actor(), startable=True)
    if len(found) == 1:
        return redirect(url_for("inbox.start", agency_id=found[0].agency_id, key=found[0].key))
    return render_template("inbox/startable.html", definitions=found, service=service)


@blueprint.get("/start/<agency_id>/<key>")
def start(agency_id: str, key: str) -> str:
    """The start form of a service."""
    actor = current_actor()
    definition = get_definition(database(), actor, key=key, agency_id=agency_id)
    if not definition.startable:
        raise ActionForbidden(action=N_("start this process"))
    schema = start_form(database(), actor, agency_id, key)
    page_data = schema and {
        "schema": schema,
        "data": start_form_data(database(), actor, agency_id, key),
        "readonly": False,
        "submitUrl": url_for("inbox.open_case", agency_id=agency_id, key=key),
    }
    event = process_of(actor, definition.id, definition.key).none_start
    return render_template(
        "inbox/start.html",
        definition=definition,
        agency_id=agency_id,
        page_data=page_data,
        service=service(definition),
        standard=quotations(agency_id, event.properties) if event else [],
    )


@blueprint.post("/start/<agency_id>/<key>")
def open_case(agency_id: str, key: str) -> Response:
    """Open a case with what the start form holds; the answer is where to go next."""
    actor = current_actor()
    instance = start_instance(database(), actor, agency_id, key, sent_variables())
    flash(gettext("The case %(key)s is open.", key=instance.business_key), "success")
    return answer_next(next_address(actor, instance))


def service(definition: DefinitionView) -> dict[str, str]:
    """What the agency's profile says of a service (``nama``, ``waktu``, ``biaya``, ``sk``)."""
    services = profile(definition.agency_id).get("layanan", {})
    found: dict[str, str] = services.get(definition.key, {})
    return found
