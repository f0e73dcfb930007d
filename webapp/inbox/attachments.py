"""Files of a case: attached at a task or for a new case, looked at, handed out, taken away again."""

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from flask import (
    Response,
    current_app,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask_babel import format_decimal
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response as AnyResponse

from engine import desk
from engine.desk import AttachmentView, UploadLimits
from engine.errors import N_, AttachmentRefused
from engine.types import Actor
from webapp.auth import current_actor
from webapp.config import MEBIBYTE, Settings
from webapp.db import database
from webapp.errors import wants_json
from webapp.i18n import gettext, ngettext
from webapp.inbox.part import blueprint
from webapp.inbox.sheets import pages_around
from webapp.recording import seen

_KILOBYTE = 1024


@dataclass(frozen=True)
class File:
    """A file as a list shows it. ``picture``: the address of a small picture, which is in the address itself;
    empty where there is none to be seen. ``about``: kind and size in words."""

    view: AttachmentView
    picture: str
    about: str


@blueprint.post("/tasks/<task_id>/attachments")
def attach_to_task(task_id: str) -> AnyResponse:
    """Attach what was sent to a task; the script gets its line of the list."""
    actor, files, limits = current_actor(), _sent_files(), _limits()
    drawn = _drawn(files)
    added = [
        desk.attach_to_task(database(), actor, task_id, *sent, limits=limits, upload_id=drawn)
        for sent in files
    ]
    return _added(added)


@blueprint.post("/start/<agency_id>/<key>/attachments")
def attach_to_start(agency_id: str, key: str) -> AnyResponse:
    """Upload what was sent for a case that is yet to be opened."""
    actor, files, limits = current_actor(), _sent_files(), _limits()
    drawn = _drawn(files)
    added = [
        desk.attach_to_start(database(), actor, agency_id, key, *sent, limits=limits, upload_id=drawn)
        for sent in files
    ]
    return _added(added)


@blueprint.post("/attachments/<attachment_id>/remove")
def remove_attachment(attachment_id: str) -> AnyResponse:
    """Take a file away while its task is open."""
    gone = desk.remove_attachment(database(), current_actor(), attachment_id)
    if wants_json():
        return jsonify(id=gone.id)
    flash(gettext("The file is not attached any more."), "success")  # without its name: this is in a cookie
    return redirect(_place(gone) + "#attach", 303)


@blueprint.get("/attachments/<attachment_id>")
def attachment(attachment_id: str) -> str:
    """One file: the photo itself, or the pages of a PDF, some at a time."""
    found = desk.get_attachment(database(), current_actor(), attachment_id)
    seen(found.instance_id, found.agency_id, f"attachment:{found.id}")
    return render_template(
        "inbox/attachment.html",
        file=shown(found),
        pages=pages_around(found, request.args.get("page", 1, int)),
        agency_id=found.agency_id,
        place=_place(found),
    )


@blueprint.get("/attachments/<attachment_id>/file")
def attachment_file(attachment_id: str) -> Response:
    """The file to save; a page shows a photo from here too. Never opened by the browser as a page of ours."""
    found = desk.get_attachment(database(), current_actor(), attachment_id)
    seen(found.instance_id, found.agency_id, f"attachment:{found.id}")
    content = BytesIO(b"".join(desk.attachment_content(database(), found)))
    name = found.name or "lampiran"
    return send_file(content, found.content_type, as_attachment=True, download_name=name, etag=False)


def shown(view: AttachmentView) -> File:
    """A file as a list shows it."""
    picture = ""
    if view.preview:
        picture = f"data:image/jpeg;base64,{base64.b64encode(view.preview).decode()}"
    return File(view, picture, f"{_kind(view)} · {_size(view.size)}")


def files_of_case(actor: Actor, instance_id: str, *, revealed: bool = False) -> Sequence[File]:
    """The files of a case, the newest first; ``revealed``: for a manager who has just opened the identity."""
    found = desk.list_attachments(database(), actor, instance_id, revealed=revealed)
    return [shown(view) for view in found]


def files_of_start(actor: Actor, agency_id: str, key: str) -> Sequence[File]:
    """What one has uploaded for a case that is not open yet."""
    return [shown(view) for view in desk.start_attachments(database(), actor, agency_id, key)]


def sent_attachments(uploaded: Iterable[File]) -> list[str]:
    """Ids of the files that the form script sends with a new case; from a plain button, all ``uploaded``.

    Raises ``BadRequest`` for anything else.
    """
    if not request.is_json:
        return [file.view.id for file in uploaded]
    sent: Any = request.get_json().get("attachments", [])
    if not isinstance(sent, list) or not all(isinstance(each, str) for each in sent):
        raise BadRequest('"attachments" is a list of ids')
    return sent


def _sent_files() -> list[tuple[bytes, str, str]]:
    """Bytes, name and description of each file of the request. Raises ``AttachmentRefused`` without one."""
    said = request.form.get("description", "")
    sent = [each for name in ("file", "camera") for each in request.files.getlist(name)]
    files = [(each.read(), each.filename, said) for each in sent if each.filename]
    if not files:
        raise AttachmentRefused(reason=N_("no file was chosen"))
    return files


def _drawn(files: Sequence[object]) -> str:
    """What the script has drawn for the one file that it sends."""
    return request.form.get("upload_id", "") if len(files) == 1 else ""


def _limits() -> UploadLimits:
    settings: Settings = current_app.config["SETTINGS"]
    return settings.upload_limits


def _added(added: Sequence[AttachmentView]) -> AnyResponse:
    if not wants_json():
        flash(ngettext("%(num)d file is attached.", "%(num)d files are attached.", len(added)), "success")
        return redirect(_place(added[0]) + "#attach", 303)
    files = [shown(view) for view in added]
    html = render_template("inbox/attached.html", files=files, agency_id=added[0].agency_id, removable=True)
    return jsonify(ids=[view.id for view in added], html=html)


def _place(view: AttachmentView) -> str:
    """The address of the page a file belongs to: its task, its case, or the case that is yet to be opened."""
    if view.task_id:
        return url_for("inbox.task", task_id=view.task_id)
    if view.instance_id:
        return url_for("inbox.case", instance_id=view.instance_id)
    return url_for("inbox.start", agency_id=view.agency_id, key=view.definition_key)


def _kind(view: AttachmentView) -> str:
    if view.pages is None:
        return gettext("photo")
    return ngettext("PDF, %(num)d page", "PDF, %(num)d pages", view.pages)


def _size(size: int) -> str:
    """Kilobytes below one megabyte, with one digit above."""
    if size < MEBIBYTE:
        return f"{max(1, round(size / _KILOBYTE))} KB"
    return f"{format_decimal(round(size / MEBIBYTE, 1), format='0.#')} MB"
