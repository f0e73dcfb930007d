"""Notes of a case as they are written: kept as typed, so an ended login or a lost line costs nothing.

The script of the field (``frontend/src/lib/kept-notes.js``) saves here; ``docs/discussion/drafts.md`` says
how and why.
"""

from flask import jsonify
from werkzeug.wrappers import Response

from engine.desk import NotePlace, NoteView, SentNote, read_note, save_note
from engine.types import Actor
from webapp.agencies import zone_of
from webapp.auth import current_actor
from webapp.db import database
from webapp.inbox.drafts import other_writer, sent_number, sent_object, sent_text
from webapp.inbox.part import blueprint
from webapp.times import clock_time


@blueprint.post("/cases/<instance_id>/note")
def save_note_of(instance_id: str) -> Response:
    """Keep what is typed into a note of a case, or at its ``task``; the answer says when it was saved."""
    actor, sent = current_actor(), sent_object()
    if sent.get("writer") != actor.user_id:
        return other_writer(actor)
    place = NotePlace(instance_id, sent_text(sent, "task"))
    message = sent_text(sent, "message").replace("\r\n", "\n")
    note = SentNote(message, sent_text(sent, "page"), sent_number(sent, "revision"))
    kept = save_note(database(), actor, place, note)
    return jsonify(saved=clock_time(kept.saved_at, zone_of(kept.agency_id)))


def kept_note(actor: Actor, instance_id: str, task_id: str = "") -> NoteView | None:
    """What the actor has typed into a note and not sent."""
    return read_note(database(), actor, NotePlace(instance_id, task_id))
