"""Putting a case at other steps: which to begin, which to take away, and why."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine import Instruction, instance_diagram, modify_instance
from engine.definitions import Element
from engine.errors import ExecutionFailed, ModificationInvalid
from engine.types import Actor, InstanceView
from webapp.auth import current_actor
from webapp.cockpit.actions import reason_problem
from webapp.cockpit.part import blueprint, managed_instance
from webapp.cockpit.steps import step_names
from webapp.db import database
from webapp.i18n import gettext
from webapp.inbox.upcoming import process_of
from webapp.recording import seen
from webapp.retold import retold

_BEGINNINGS = frozenset(
    {
        "businessRuleTask",
        "callActivity",
        "intermediateCatchEvent",
        "intermediateThrowEvent",
        "manualTask",
        "receiveTask",
        "scriptTask",
        "sendTask",
        "serviceTask",
        "subProcess",
        "task",
        "transaction",
        "userTask",
    }
)
"""Types of elements that a case can be put before."""


@dataclass(frozen=True)
class Step:
    """A step of the process; ``open``: how often the case stands there."""

    id: str
    name: str
    open: int


@blueprint.get("/instances/<instance_id>/steps")
def steps(instance_id: str) -> str:
    """Where an open case can be put."""
    actor = current_actor()
    return _page(actor, managed_instance(actor, instance_id))


@blueprint.post("/instances/<instance_id>/steps")
def move(instance_id: str) -> Response | tuple[str, int]:
    """Begin the step ``begin`` and take away the steps ``leave``, for the ``reason`` given."""
    actor = current_actor()
    view = managed_instance(actor, instance_id)
    reason = request.form.get("reason", "").strip().replace("\r\n", "\n")
    begin, leave = request.form.get("begin", ""), request.form.getlist("leave")
    if problem := reason_problem(reason, gettext("Write why the case is put at other steps.")):
        return _page(actor, view, reason_problem=problem), 400
    instructions = [Instruction("startBeforeActivity", begin)] if begin else []
    instructions += [Instruction("cancel", element_id) for element_id in leave]
    if not begin:
        return _page(actor, view, problem=gettext("Choose the step at which the case goes on.")), 400
    try:
        modify_instance(database(), actor, instance_id, instructions, reason)
    except (ModificationInvalid, ExecutionFailed) as error:
        return _page(actor, view, problem=_why(actor, view, error)), 400
    flash(gettext("The case %(key)s now stands at other steps.", key=view.business_key), "success")
    return redirect(url_for("cockpit.instance", instance_id=instance_id), 303)


def _why(actor: Actor, view: InstanceView, error: ModificationInvalid | ExecutionFailed) -> str:
    names = step_names(actor, view.agency_id, view.definition_id, view.definition_key)
    if isinstance(error, ExecutionFailed):
        return retold(str(error), names)
    element_id = str(error.parameters["element"])
    if error.parameters["reason"] == "no token stands there":
        return gettext(
            "The case does not stand there any more: %(step)s", step=names.get(element_id, element_id)
        )
    return gettext(
        "From where the case stands this is not possible: %(step)s. Ask the process analyst of your agency.",
        step=names.get(element_id, element_id),
    )


def _page(actor: Actor, view: InstanceView, *, problem: str = "", reason_problem: str = "") -> str:
    seen(view.id, view.agency_id, "steps")
    known = _steps(actor, view)
    here = [step for step in known if step.open]
    only = [here[0].id] if len(here) == 1 else []
    return render_template(
        "cockpit/steps.html",
        instance=view,
        agency_id=view.agency_id,
        steps=known,
        here=here,
        problem=problem,
        reason_problem=reason_problem,
        begin=request.form.get("begin", ""),
        leave=request.form.getlist("leave") if request.method == "POST" else only,
        reason=request.form.get("reason", ""),
    )


def _steps(actor: Actor, view: InstanceView) -> Sequence[Step]:
    """The steps of the case's process in the order of its diagram's file."""
    tokens = instance_diagram(database(), actor, view.id).tokens
    elements = process_of(actor, view.definition_id, view.definition_key).elements.values()
    return [_step(element, tokens.get(element.id, 0)) for element in elements if element.type in _BEGINNINGS]


def _step(element: Element, tokens: int) -> Step:
    return Step(element.id, element.name or element.id, tokens)
