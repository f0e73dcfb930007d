"""Erasing what is confidential in an ended case: one manager asks, another agrees; both prove it is them."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine import agree_to_erasure, describe_variables, erasures_of, request_erasure, withdraw_erasure
from engine.errors import N_, ErasureRefused
from engine.types import Actor, ErasureView, InstanceView
from webapp.auth import current_actor
from webapp.auth.proof import needs_proof
from webapp.cockpit.actions import reason_problem
from webapp.cockpit.part import blueprint, managed_instance
from webapp.db import database
from webapp.errors import localized
from webapp.i18n import gettext
from webapp.recording import seen


@blueprint.get("/instances/<instance_id>/erasure")
def erasure(instance_id: str) -> str:
    """Where the erasure of a case stands: to be asked for, to be agreed to, or done, with its certificate."""
    actor = current_actor()
    return _page(actor, managed_instance(actor, instance_id))


@blueprint.post("/instances/<instance_id>/erasure")
@needs_proof("cockpit.erasure", "instance_id")
def ask_for_erasure(instance_id: str) -> Response | tuple[str, int]:
    """Ask for it, for the ``reason`` given."""
    actor = current_actor()
    view = managed_instance(actor, instance_id)
    reason = request.form.get("reason", "").strip().replace("\r\n", "\n")
    problem = reason_problem(reason, gettext("Write why it is to be erased."))
    if not problem:
        try:
            request_erasure(database(), actor, instance_id, reason)
        except ErasureRefused as error:
            problem = localized(error)
    if problem:
        return _page(actor, view, reason=reason, problem=problem), 400
    flash(gettext("Asked for. Another manager of your agency must agree."), "success")
    return _back(instance_id)


@blueprint.post("/instances/<instance_id>/erasure/agree")
@needs_proof("cockpit.erasure", "instance_id")
def agree(instance_id: str) -> Response | tuple[str, int]:
    """Agree to what another manager has asked for: it is erased at once."""
    actor = current_actor()
    view = managed_instance(actor, instance_id)
    try:
        agree_to_erasure(database(), actor, _pending(actor, instance_id).id)
    except ErasureRefused as error:
        return _page(actor, view, problem=localized(error)), 409
    flash(gettext("What was confidential in the case %(key)s is erased.", key=view.business_key), "success")
    return _back(instance_id)


@blueprint.post("/instances/<instance_id>/erasure/withdraw")
def withdraw(instance_id: str) -> Response:
    """Take the request back, or refuse it. No proof is asked for: nothing is lost by it."""
    actor = current_actor()
    managed_instance(actor, instance_id)
    withdraw_erasure(database(), actor, _pending(actor, instance_id).id)
    flash(gettext("Nothing is erased. The request is closed."), "success")
    return _back(instance_id)


def _pending(actor: Actor, instance_id: str) -> ErasureView:
    """The request that waits. Raises ``ErasureRefused`` where none does any more."""
    for found in erasures_of(database(), actor, instance_id):
        if found.agreed_at is None and found.withdrawn_at is None:
            return found
    raise ErasureRefused(reason=N_("it was decided already"))


def _page(actor: Actor, view: InstanceView, *, reason: str = "", problem: str = "") -> str:
    seen(view.id, view.agency_id)
    known = [e for e in erasures_of(database(), actor, view.id) if e.withdrawn_at is None]
    return render_template(
        "cockpit/erasure.html",
        instance=view,
        agency_id=view.agency_id,
        erasure=known[0] if known else None,
        labels={v.name: v.label for v in describe_variables(database(), actor, view.id)},
        own=bool(known) and known[0].requested_by == actor.user_id,
        reason=reason,
        problem=problem,
    )


def _back(instance_id: str) -> Response:
    return redirect(url_for("cockpit.erasure", instance_id=instance_id), 303)
