"""The register of data subjects' requests (UU 27/2022 Ps 5-11), each with the clock of 3 x 24 hours."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine import add_request, answer_request, get_request, list_requests
from engine.clock import now
from engine.errors import StateConflict, VariableInvalid
from engine.types.registers import ARTICLES, Requester, RequestKind, RequestOutcome
from webapp.audit.part import blueprint, chosen_agency, keeps, read_moment, readers, sent
from webapp.audit.words import KINDS, OUTCOMES, REQUESTERS
from webapp.auth import current_actor
from webapp.db import database
from webapp.errors import localized
from webapp.i18n import gettext
from webapp.recording import seen

Answer = Response | tuple[str, int]


@blueprint.get("/requests")
def requests() -> str:
    """The register of one agency, to read and to print; and the form for a new entry."""
    agency_id, _ = chosen_agency(*readers())
    return _register(agency_id)


@blueprint.post("/requests")
def add_to_requests() -> Answer:
    """Enter a request; what is wrong comes back with the form."""
    agency_id, _ = chosen_agency(*readers())
    try:
        kind, requester = RequestKind(sent("kind")), Requester(sent("requester"))
        received = read_moment(sent("received_at"), agency_id)
        case, note = sent("business_key"), sent("note")
        entry_id = add_request(database(), current_actor(), agency_id, kind, requester, case, note, received)
    except (ValueError, VariableInvalid) as error:
        problem = localized(error) if isinstance(error, VariableInvalid) else str(error)
        return _register(agency_id, problem=problem), 400
    flash(gettext("The request is in the register. Its clock is running."), "success")
    return redirect(url_for("audit.one_request", entry_id=entry_id), 303)


@blueprint.get("/requests/<entry_id>")
def one_request(entry_id: str) -> str:
    """One request, with the form for its answer while it is open."""
    return _page(entry_id)


@blueprint.post("/requests/<entry_id>")
def answer(entry_id: str) -> Answer:
    """Say how a request was answered."""
    try:
        outcome = RequestOutcome(sent("outcome"))
        answer_request(database(), current_actor(), entry_id, outcome, sent("answer"))
    except (VariableInvalid, StateConflict) as error:
        return _page(entry_id, problem=localized(error)), 400
    except ValueError:
        return _page(entry_id, problem=gettext("Choose how the request is answered.")), 400
    flash(gettext("The answer is in the register."), "success")
    return redirect(url_for("audit.one_request", entry_id=entry_id), 303)


def _register(agency_id: str, *, problem: str = "") -> str:
    seen(None, agency_id, "requests")
    return render_template(
        "audit/requests.html",
        agency_id=agency_id,
        agencies=chosen_agency(*readers())[1],
        entries=list_requests(database(), current_actor(), agency_id),
        keeps=keeps(agency_id),
        kinds=KINDS,
        requesters=REQUESTERS,
        outcomes=OUTCOMES,
        articles=ARTICLES,
        problem=problem,
        filled=request.form,
        now=now(),
    )


def _page(entry_id: str, *, problem: str = "") -> str:
    entry = get_request(database(), current_actor(), entry_id)
    seen(None, entry.agency_id, f"request:{entry.number}")
    return render_template(
        "audit/request.html",
        entry=entry,
        agency_id=entry.agency_id,
        keeps=keeps(entry.agency_id),
        kinds=KINDS,
        requesters=REQUESTERS,
        outcomes=OUTCOMES,
        articles=ARTICLES,
        problem=problem,
        filled=request.form,
        now=now(),
    )
