"""``/task/{id}/attachment``: the files of a task, as Camunda's clients list, fetch, add and remove them."""

from hashlib import sha256
from io import BytesIO

import orjson
from flask import current_app, jsonify, request, send_file
from flask.typing import ResponseReturnValue

import engine
from engine import Database, desk
from engine.errors import AttachmentNotFound, QueryInvalid
from engine.types import TaskView
from webapp.config import Settings
from webapp.db import database
from webapp.recording import seen
from webapp.rest.gate import caller
from webapp.rest.operation import Json, Query, operation
from webapp.rest.repeating import repeatable, repeated
from webapp.rest.values import write_moment

FIELDS = ("attachment-name", "attachment-description", "attachment-type")
CONTENT = "content"
_FORM = {
    "type": "object",
    "properties": {
        **{name: {"type": "string"} for name in FIELDS},
        CONTENT: {"type": "string", "format": "binary", "description": "A photo (JPEG, PNG, WebP) or a PDF"},
    },
}
_NONE = "No such task, or no such file at it"


def _json(attachment: desk.AttachmentView) -> Json:
    """A file as Camunda writes it; no name and no description where the caller may not read them."""
    return {
        "links": [],
        "id": attachment.id,
        "name": attachment.name,
        "taskId": attachment.task_id,
        "description": attachment.description,
        "type": attachment.content_type,
        "url": None,
        "createTime": write_moment(attachment.created_at),
        "removalTime": None,
        "rootProcessInstanceId": attachment.instance_id,
    }


@operation(
    "GET", "/task/<id>/attachment", "The files of a task", answers={200: "The files", 404: "No such task"}
)
def listed(id: str, query: Query) -> ResponseReturnValue:
    task = engine.get_task(database(), caller(), id)
    seen(task.instance_id, task.agency_id, f"task:{id}")
    return jsonify([_json(each) for each in _of_task(task)])


@operation(
    "GET",
    "/task/<id>/attachment/<attachment_id>",
    "One file of a task, without its bytes",
    answers={200: "The file", 404: _NONE},
)
def one(id: str, attachment_id: str, query: Query) -> ResponseReturnValue:
    found = _attached(id, attachment_id)
    seen(found.instance_id, found.agency_id, f"task:{id}")
    return jsonify(_json(found))


@operation(
    "GET",
    "/task/<id>/attachment/<attachment_id>/data",
    "The bytes of a file of a task",
    answers={200: "The bytes", 403: "Only who works on the case reads them", 404: _NONE},
)
def data(id: str, attachment_id: str, query: Query) -> ResponseReturnValue:
    """Read and recorded as on a page: a manager who has just opened the identity there reads it here too."""
    found = desk.get_attachment(database(), caller(), _attached(id, attachment_id).id)
    seen(found.instance_id, found.agency_id, f"attachment:{found.id}")
    content = BytesIO(b"".join(desk.attachment_content(database(), found)))
    name, kind = found.name or "lampiran", "application/octet-stream"
    return send_file(content, kind, as_attachment=True, download_name=name, etag=False)


@operation(
    "POST",
    "/task/<id>/attachment/create",
    "Attach a file to an open task",
    body=_FORM,
    media="multipart/form-data",
    answers={
        200: "The file",
        400: "It is no photo or PDF, damaged, or more than the limits of this server allow",
        403: "Only who may complete the task attaches to it",
        404: "No such task",
        409: "The task is done, the case stands still, or another person has to do this",
    },
    repeatable=True,
)
def create(id: str, query: Query) -> ResponseReturnValue:
    """What the file is, its content says: ``attachment-type`` is Camunda's, and changes nothing.

    What was asked with an ``Idempotency-Key`` is the file itself with its name and its description: the
    boundary between the parts of such a body differs from try to try.
    """
    for field in request.form:
        if field not in FIELDS:
            raise QueryInvalid(reason=f"'{field}' is not supported")
    files = list(request.files.items(multi=True))
    if [field for field, _ in files] != [CONTENT]:
        raise QueryInvalid(reason=f"'{CONTENT}' is one file; addresses ('url') are not supported")
    file = files[0][1]
    content = file.read()
    name = request.form.get("attachment-name") or file.filename or ""
    description = request.form.get("attachment-description", "")
    asked = orjson.dumps([sha256(content).hexdigest(), name, description])
    if (kept := repeated("attach", asked)) is not None:
        return kept
    settings: Settings = current_app.config["SETTINGS"]
    limits = settings.upload_limits
    ready = desk.prepare_file(database(), caller(), id, content, name, description, limits=limits)

    def act(at: Database) -> ResponseReturnValue:
        return jsonify(_json(desk.attach_prepared(at, caller(), ready, limits=limits)))

    return repeatable("attach", act, asked, shows=[ready.instance_id])


@operation(
    "DELETE",
    "/task/<id>/attachment/<attachment_id>",
    "Take a file away while its task is open",
    answers={204: "Done", 404: _NONE, 409: "The task is done: the file belongs to the case"},
)
def remove(id: str, attachment_id: str, query: Query) -> ResponseReturnValue:
    desk.remove_attachment(database(), caller(), _attached(id, attachment_id).id)
    return "", 204


def _of_task(task: TaskView) -> list[desk.AttachmentView]:
    found = desk.list_attachments(database(), caller(), task.instance_id, previews=False)
    return [each for each in found if each.task_id == task.id]


def _attached(id: str, attachment_id: str) -> desk.AttachmentView:
    """A file of a task that the caller sees, open or ended. Raises ``TaskNotFound``,
    ``AttachmentNotFound``."""
    for each in _of_task(engine.get_task(database(), caller(), id)):
        if each.id == attachment_id:
            return each
    raise AttachmentNotFound(id=attachment_id)
