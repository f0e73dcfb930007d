"""What a manager does to a case: cancel it, give an open task to a person, put it back into the queue."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from engine import assign_task, cancel_instance, get_task, unclaim_task
from engine.errors import TaskNotFound, UserNotFound
from engine.types import Actor, TaskView
from webapp.agencies import group_names
from webapp.auth import current_actor
from webapp.cockpit.cases import case_page
from webapp.cockpit.part import blueprint, managed_agencies, managed_instance
from webapp.db import database
from webapp.i18n import gettext
from webapp.people import person

LONGEST_REASON = 2000
"""Characters; the engine takes twice as many."""


@blueprint.post("/instances/<instance_id>/cancel")
def cancel(instance_id: str) -> Response | tuple[str, int]:
    """Cancel a case for the ``reason`` given; without one the page comes back and says so."""
    actor = current_actor()
    view = managed_instance(actor, instance_id)
    reason = request.form.get("reason", "").strip().replace("\r\n", "\n")
    problem = reason_problem(reason, gettext("Write why the case is cancelled."))
    if problem:
        return case_page(actor, view, reason=reason, problem=problem), 400
    cancel_instance(database(), actor, instance_id, reason)
    flash(
        gettext("The case %(key)s is cancelled. Its open tasks have ended.", key=view.business_key), "success"
    )
    return _back(instance_id)


@blueprint.post("/tasks/<task_id>/assign")
def assign(task_id: str) -> Response:
    """Give an open task to the member ``user_id`` of its groups."""
    actor = current_actor()
    task = _managed_task(actor, task_id)
    user_id = request.form.get("user_id", "")
    if not user_id:
        flash(gettext("Choose who gets the task: %(step)s", step=task.name), "error")
        return _back(task.instance_id)
    try:
        assign_task(database(), actor, task_id, user_id)
    except UserNotFound:
        flash(gettext("This person cannot get the task any more. Choose somebody else."), "error")
    else:
        flash(gettext("%(who)s now has the task: %(step)s", who=person(user_id), step=task.name), "success")
    return _back(task.instance_id)


@blueprint.post("/tasks/<task_id>/release")
def release(task_id: str) -> Response:
    """Put a task back into the queue of its groups."""
    actor = current_actor()
    task = _managed_task(actor, task_id)
    unclaim_task(database(), actor, task_id)
    groups = group_names(task.agency_id, task.groups)
    flash(
        gettext("The task is back in the queue of %(groups)s: %(step)s", groups=groups, step=task.name),
        "success",
    )
    return _back(task.instance_id)


def _managed_task(actor: Actor, task_id: str) -> TaskView:
    task = get_task(database(), actor, task_id)
    if task.agency_id not in managed_agencies(actor):
        raise TaskNotFound(id=task_id)
    return task


def reason_problem(reason: str, missing: str) -> str:
    """What is wrong with a reason, empty where nothing is; ``missing``: what is said where there is none."""
    if not reason:
        return missing
    if len(reason) > LONGEST_REASON:
        return gettext("The reason has at most %(most)s characters.", most=LONGEST_REASON)
    return ""


def _back(instance_id: str) -> Response:
    return redirect(url_for("cockpit.instance", instance_id=instance_id), 303)
