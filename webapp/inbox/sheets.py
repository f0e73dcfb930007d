"""The pages of a PDF as pictures: drawn one by one, as the reader comes to them, and kept nowhere."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import Final

from flask import Response, current_app

from engine import desk
from engine.desk import AttachmentView
from engine.errors import AttachmentNotFound, DrawingBusy
from webapp.auth import current_actor
from webapp.db import database
from webapp.inbox.part import blueprint
from webapp.recording import seen

AT_A_TIME: Final = 20
"""Pages of a file on one page of ours."""

_NAME = "titian_pages_drawn"


@dataclass(frozen=True)
class Pages:
    """What is shown of a file of ``count`` pages; ``before``, ``after``: the page that the link to the ones
    before or after them names, None where there are none."""

    first: int
    last: int
    count: int
    before: int | None
    after: int | None


def pages_around(view: AttachmentView, number: int) -> Pages | None:
    """The pages that are shown together with page ``number`` of a PDF, or with the one that is nearest to it;
    None for a photo."""
    if view.pages is None:
        return None
    first = (min(max(number, 1), view.pages) - 1) // AT_A_TIME * AT_A_TIME + 1
    last = min(first + AT_A_TIME - 1, view.pages)
    before = first - AT_A_TIME if first > 1 else None
    return Pages(first, last, view.pages, before, last + 1 if last < view.pages else None)


@blueprint.get("/attachments/<attachment_id>/pages/<int:number>")
def attachment_page(attachment_id: str, number: int) -> Response:
    """A page of a PDF as a picture, for who reads the file.

    It belongs to the look that the page around it has recorded; asked for without one, it is a look itself.
    """
    with _place():
        actor = current_actor()
        found = desk.get_attachment(database(), actor, attachment_id)
        if not 1 <= number <= (found.pages or 0):
            raise AttachmentNotFound(id=attachment_id)
        if not desk.is_look_recorded(database(), actor, found):
            seen(found.instance_id, found.agency_id, f"attachment:{found.id}")
        content = b"".join(desk.attachment_content(database(), found))
        return Response(desk.draw_page(content, number), mimetype="image/jpeg")


@contextmanager
def _place() -> Iterator[None]:
    """A browser asks for six pictures at once, so as many threads of the usual eight may be after pages, and
    the others go on with the work. Raises ``DrawingBusy``: whoever came first has the pages in a moment."""
    threads = current_app.config["SETTINGS"].threads
    places: BoundedSemaphore = current_app.extensions.setdefault(
        _NAME, BoundedSemaphore(max(1, threads * 3 // 4))
    )
    if not places.acquire(blocking=False):
        raise DrawingBusy
    try:
        yield
    finally:
        places.release()
