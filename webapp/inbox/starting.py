"""A new case: which service, then its start form."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine import Database, get_definition, list_definitions, start_form, start_form_data, start_instance
from engine.desk import OfStart, list_own_drafts, list_unsent
from engine.errors import N_, ActionForbidden, AttachmentsChanged, FormSent, IdempotencyKeyReused
from engine.types import InstanceView
from webapp.auth import current_actor
from webapp.db import database
from webapp.i18n import gettext
from webapp.inbox.attachments import sent_attachments
from webapp.inbox.drafts import ANEW, draft_for_script, left_words, sent_draft
from webapp.inbox.onward import onward
from webapp.inbox.part import blueprint, sent_variables
from webapp.inbox.resending import done_once
from webapp.inbox.tasks import answer_next, quotations
from webapp.inbox.unsent import own_files, service
from webapp.inbox.upcoming import process_of
from webapp.recording import seen


@blueprint.get("/start")
def startable() -> str | Response:
    """The services of which one may open a case; straight to the form where there is but one."""
    actor = current_actor()
    found = list_definitions(database(), actor, startable=True)
    if len(found) == 1:
        return redirect(url_for("inbox.start", agency_id=found[0].agency_id, key=found[0].key))
    own = list_own_drafts(database(), actor)
    drafts = {(draft.agency_id, draft.process_key): draft for draft in own if draft.process_key}
    return render_template("inbox/startable.html", definitions=found, service=service, drafts=drafts)


@blueprint.get("/start/<agency_id>/<key>")
def start(agency_id: str, key: str) -> str:
    """The start form of a service. Where it is not clear which of several unsent reports is meant, they are
    listed instead."""
    actor = current_actor()
    definition = get_definition(database(), actor, key=key, agency_id=agency_id)
    if not definition.startable:
        raise ActionForbidden(action=N_("start this process"))
    schema = start_form(database(), actor, agency_id, key)
    draft = draft_for_script(actor, agency_id=agency_id, key=key) if schema else {}
    unsent = list_unsent(database(), actor, OfStart(agency_id, key))
    told = {"definition": definition, "agency_id": agency_id, "service": service(definition)}
    asked, open_ones = request.args.get("draft"), [view for view in unsent if not view.version.case]
    if open_ones and "version" not in draft and asked != ANEW:
        return render_template("inbox/unsent.html", unsent=unsent, left_words=left_words, **told)
    page_data = schema and {
        "schema": schema,
        "data": start_form_data(database(), actor, agency_id, key),
        "readonly": False,
        "submitUrl": url_for("inbox.open_case", agency_id=agency_id, key=key),
        "draft": draft,
    }
    event = process_of(actor, definition.id, definition.key).none_start
    attached = own_files(actor, unsent, agency_id, key, draft.get("version", {}).get("id"))
    for file in attached:
        seen(None, agency_id, f"attachment:{file.view.id}")
    return render_template(
        "inbox/start.html",
        page_data=page_data,
        standard=quotations(agency_id, event.properties) if event else [],
        attach_url=url_for("inbox.attach_to_start", agency_id=agency_id, key=key),
        attached=attached,
        **told,
    )


@blueprint.post("/start/<agency_id>/<key>")
def open_case(agency_id: str, key: str) -> Response:
    """Open a case with what the start form holds; the answer is where to go next. Sent again from the same
    page, as after an answer that was lost, it opens no second one."""
    actor, draft_id = current_actor(), sent_draft()
    unsent = list_unsent(database(), actor, OfStart(agency_id, key))
    variables, uploaded = sent_variables(), own_files(actor, unsent, agency_id, key, draft_id)
    files = sent_attachments(uploaded)

    def opened(database: Database) -> InstanceView:
        if {file.view.id for file in uploaded} != set(files):
            raise AttachmentsChanged  # none is left behind, to go with the next child's case
        return start_instance(
            database, actor, agency_id, key, variables, draft_id=draft_id, attachments=files
        )

    try:
        instance = done_once("open_case", draft_id, opened) if draft_id else opened(database())
    except IdempotencyKeyReused as reused:
        raise FormSent from reused
    flash(gettext("The case %(key)s is open.", key=instance.business_key), "success")
    return answer_next(onward(actor, instance).address)
