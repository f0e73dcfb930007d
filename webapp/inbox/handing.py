"""Giving one's task to a colleague, for good or for the work only; and giving back what was asked for."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine import get_task, task_candidates
from engine.desk import LONGEST_COMMENT, OfTask, delegate_task, hand_over_task, resolve_task
from engine.errors import N_, ActionForbidden, CommentRefused, UserNotFound
from engine.types import Actor, DelegationState, TaskView
from webapp.auth import current_actor
from webapp.db import database
from webapp.errors import localized
from webapp.i18n import gettext
from webapp.inbox.drafts import own_draft
from webapp.inbox.notes import kept_note
from webapp.inbox.part import blueprint
from webapp.inbox.tasks import task_page
from webapp.people import person

_WAYS = frozenset({"hand_over", "delegate"})


@blueprint.get("/tasks/<task_id>/hand-over")
def hand_over(task_id: str) -> str:
    """To whom, how, and with what note."""
    actor = current_actor()
    return _page(actor, _own(actor, task_id))


@blueprint.post("/tasks/<task_id>/hand-over")
def give(task_id: str) -> Response | tuple[str, int]:
    """Give the task to ``user_id``, as ``how`` says, with what was typed where it is handed over and
    ``draft`` is sent; what is refused comes back with why."""
    actor = current_actor()
    task = _own(actor, task_id)
    user_id, how = request.form.get("user_id", ""), request.form.get("how", "")
    note = request.form.get("note", "").replace("\r\n", "\n")
    if how not in _WAYS or not user_id:
        problem = gettext("Choose a colleague, and what the colleague is to do.")
        return _page(actor, task, user_id=user_id, how=how, note=note, problem=problem), 400
    try:
        if how == "delegate":
            delegate_task(database(), actor, task_id, user_id, note)
        else:
            with_draft = "draft" in request.form
            hand_over_task(database(), actor, task_id, user_id, note, with_draft=with_draft)
    except CommentRefused as refused:
        problem = localized(refused)
        return _page(actor, task, user_id=user_id, how=how, note=note, problem=problem, at="note"), 400
    except UserNotFound:
        problem = gettext("This person cannot get the task any more. Choose somebody else.")
        return _page(actor, task, how=how, note=note, problem=problem), 400
    flash(gettext("%(who)s now has the task: %(step)s", who=person(user_id), step=task.name), "success")
    return redirect(url_for("inbox.case", instance_id=task.instance_id), 303)


@blueprint.post("/tasks/<task_id>/resolve")
def resolve(task_id: str) -> Response | tuple[str, int]:
    """Give a delegated task back to its owner, with a note of what was done; what is refused comes back."""
    actor = current_actor()
    note = request.form.get("note", "").replace("\r\n", "\n")
    try:
        task = resolve_task(database(), actor, task_id, note)
    except CommentRefused as refused:
        view = get_task(database(), actor, task_id)
        return task_page(actor, view, answer=note, problem=localized(refused)), 400
    if task.assignee == actor.user_id:
        return redirect(url_for("inbox.task", task_id=task_id), 303)
    flash(gettext("The task is back with its owner: %(step)s", step=task.name), "success")
    return redirect(url_for("inbox.case", instance_id=task.instance_id), 303)


def _own(actor: Actor, task_id: str) -> TaskView:
    """A task that the actor has and may give away. Raises ``TaskNotFound``, ``ActionForbidden``."""
    task = get_task(database(), actor, task_id)
    delegated = task.delegation_state == DelegationState.PENDING
    if task.assignee != actor.user_id or task.ended_at or delegated:
        raise ActionForbidden(action=N_("hand over a task that you do not have"))
    return task


def _page(
    actor: Actor,
    task: TaskView,
    *,
    user_id: str = "",
    how: str = "",
    note: str = "",
    problem: str = "",
    at: str = "user_id",
) -> str:
    """``at``: the field that ``problem`` is about."""
    candidates = task_candidates(database(), actor, task.id)
    kept = None if problem else kept_note(actor, task.instance_id, task.id)
    return render_template(
        "inbox/hand_over.html",
        agency_id=task.agency_id,
        task=task,
        colleagues=[each for each in candidates if each.id != actor.user_id],
        user_id=user_id,
        how=how,
        note=kept.message if kept else note,
        kept_note=kept,
        problem=problem,
        at=at if problem else "",
        typed=own_draft(actor, OfTask(task.id)) is not None,
        with_draft="draft" in request.form,
        most=LONGEST_COMMENT,
    )
