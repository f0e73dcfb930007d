"""Writing a comment on a case, and removing one's own."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from engine import get_instance
from engine.desk import add_comment, get_comment, remove_comment
from engine.errors import CommentNotFound, CommentRefused
from engine.types import Actor, InstanceView
from webapp.auth import current_actor
from webapp.db import database
from webapp.errors import localized
from webapp.i18n import gettext
from webapp.inbox.cases import case_page
from webapp.inbox.part import blueprint


@blueprint.post("/cases/<instance_id>/comments")
def comment(instance_id: str) -> Response | tuple[str, int]:
    """Write ``message`` on a case, or at its task ``task_id``; what is refused comes back with why."""
    actor = current_actor()
    instance = get_instance(database(), actor, instance_id)
    message = request.form.get("message", "").replace("\r\n", "\n")
    task_id = request.form.get("task_id", "")
    try:
        written = add_comment(database(), actor, instance_id, message, task_id or None, typed=True)
    except CommentRefused as refused:
        return _refused(actor, instance, message, task_id, localized(refused)), 400
    told = len(set(written.mentions) - {actor.user_id})
    if told:
        flash(gettext("The comment is written. Who is named in it was told."), "success")
    else:
        flash(gettext("The comment is written."), "success")
    return redirect(url_for("inbox.case", instance_id=instance_id, _anchor="comments"), 303)


@blueprint.post("/cases/<instance_id>/comments/<comment_id>/remove")
def remove_own(instance_id: str, comment_id: str) -> Response:
    """Take the words of one's own comment away; that there was one stays."""
    actor = current_actor()
    if get_comment(database(), actor, comment_id).instance_id != instance_id:
        raise CommentNotFound(id=comment_id)
    remove_comment(database(), actor, comment_id)
    flash(gettext("The comment is removed. That you wrote one still shows."), "success")
    return redirect(url_for("inbox.case", instance_id=instance_id, _anchor="comments"), 303)


def _refused(actor: Actor, instance: InstanceView, message: str, task_id: str, problem: str) -> str:
    return case_page(actor, instance, message=message, task_id=task_id, problem=problem)
