"""``/task/{id}/comment``, and what a colleague does for a task's owner: ``/delegate`` and ``/resolve``."""

from flask import jsonify
from flask.typing import ResponseReturnValue

import engine
from engine import desk
from engine.errors import CommentNotFound, VariableInvalid
from webapp.db import database
from webapp.recording import seen
from webapp.rest.gate import caller
from webapp.rest.operation import Json, Query, operation, read_body, text_of
from webapp.rest.tasks import open_task
from webapp.rest.values import write_moment

_MESSAGE = {"type": "object", "properties": {"message": {"type": "string"}}}
_USER = {"type": "object", "properties": {"userId": {"type": "string"}}}
_ANSWERS = {204: "Done", 400: "No candidate", 403: "Not allowed", 404: "No such task", 409: "Too late"}


def _json(comment: desk.CommentView) -> Json:
    """A comment as Camunda writes it; no message where the caller may not read it."""
    return {
        "id": comment.id,
        "userId": comment.user_id,
        "taskId": comment.task_id,
        "processInstanceId": comment.instance_id,
        "rootProcessInstanceId": comment.instance_id,
        "time": write_moment(comment.created_at),
        "message": comment.message,
        "removalTime": None,
    }


@operation(
    "GET",
    "/task/<id>/comment",
    "The comments at a task",
    answers={200: "The comments", 404: "No such task"},
)
def comments(id: str, query: Query) -> ResponseReturnValue:
    return jsonify([_json(comment) for comment in _listed(id)])


@operation(
    "GET",
    "/task/<id>/comment/<comment_id>",
    "One comment at a task",
    answers={200: "The comment", 404: "No such comment"},
)
def comment(id: str, comment_id: str, query: Query) -> ResponseReturnValue:
    for found in _listed(id):
        if found.id == comment_id:
            return jsonify(_json(found))
    raise CommentNotFound(id=comment_id)


def _listed(id: str) -> list[desk.CommentView]:
    task = engine.get_task(database(), caller(), id)
    seen(task.instance_id, task.agency_id, f"task:{id}")
    return desk.list_comments(database(), caller(), task.instance_id, id)


@operation(
    "POST",
    "/task/<id>/comment/create",
    "Write a comment at a task",
    body=_MESSAGE,
    answers={200: "The comment", 400: "Empty, too long, or it names who cannot see the case", 404: "None"},
)
def create(id: str, query: Query) -> ResponseReturnValue:
    message = text_of(read_body(["message"]), "message") or ""
    task = engine.get_task(database(), caller(), id)
    return jsonify(_json(desk.add_comment(database(), caller(), task.instance_id, message, id)))


@operation("POST", "/task/<id>/delegate", "Let a colleague do a task", body=_USER, answers=_ANSWERS)
def delegate(id: str, query: Query) -> ResponseReturnValue:
    user_id = text_of(read_body(["userId"]), "userId")
    if not user_id:
        raise VariableInvalid(name="userId", reason="is missing")
    desk.delegate_task(database(), caller(), open_task(id).id, user_id)
    return "", 204


@operation(
    "POST", "/task/<id>/resolve", "Give a delegated task back", body={"type": "object"}, answers=_ANSWERS
)
def resolve(id: str, query: Query) -> ResponseReturnValue:
    read_body([])
    desk.resolve_task(database(), caller(), id)
    return "", 204
