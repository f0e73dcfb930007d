"""Drafts of the forms of tasks and of new cases: saved as typed, chosen between, thrown away.

The script of the form (``frontend/src/lib/drafts.js``) talks to these; ``docs/discussion/drafts.md`` says how
and why. What is typed stands in no address, no log and no list.
"""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from flask import flash, jsonify, redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from engine.desk import (
    DraftPlace,
    DraftVersion,
    DraftView,
    OfStart,
    OfTask,
    SentDraft,
    begin_another,
    choose_draft,
    discard_draft,
    list_unsent,
    read_draft,
    save_draft,
)
from engine.errors import DraftNotFound
from engine.types import Actor
from webapp.account.agents import described
from webapp.agencies import zone_of
from webapp.auth import current_actor
from webapp.db import database
from webapp.i18n import gettext
from webapp.inbox.part import blueprint
from webapp.inbox.unsent import files_of_draft, remove_orphans
from webapp.people import person
from webapp.times import clock_time, moment
from webapp.words import readable

_TASK, _START = "/tasks/<task_id>/draft", "/start/<agency_id>/<key>/draft"
ANEW = "new"
"""In the address of a start form (``?draft=``): an empty one, whatever has been begun there."""


@blueprint.post(_TASK)
@blueprint.post(_START)
def save_draft_of(**place: Any) -> Response:
    """Keep what is typed into a form.

    The answer names the version and its revision, and ``rivals``: 409 where several pages have saved and
    their writer is to choose, 200 else. Saved it is in both cases. ``elsewhere``: who has the task meanwhile,
    in words; empty while it is the writer's.
    """
    actor, sent = current_actor(), sent_object()
    if sent.get("writer") != actor.user_id:
        return other_writer(actor)
    saved = save_draft(database(), actor, _place(place), _draft(sent))
    version = _version(saved.version, saved.agency_id, place)
    rivals = [_version(rival, saved.agency_id, place) for rival in saved.rivals]
    elsewhere = _elsewhere(saved.assignee, actor) if "task_id" in place else ""
    response = jsonify(version=version, rivals=rivals, elsewhere=elsewhere)
    response.status_code = 409 if rivals else 200
    return response


def _elsewhere(assignee: str | None, actor: Actor) -> str:
    if assignee == actor.user_id:
        return ""
    if assignee is None:
        return gettext("You do not have this task any more: it is back in the queue.")
    return gettext("You do not have this task any more: %(who)s has it now.", who=person(assignee))


@blueprint.post(f"{_TASK}/choose")
@blueprint.post(f"{_START}/choose")
def choose_draft_of(**place: Any) -> Response:
    """Go on with the version ``{"draft": id}``; the others step aside."""
    choose_draft(database(), current_actor(), _place(place), sent_text(sent_object(), "draft"))
    return jsonify(next=_page(place))


@blueprint.post(f"{_START}/another")
def begin_another_report(agency_id: str, key: str) -> Response:
    """Begin another report: what was begun before stays beside it. For the script, or by a button."""
    begin_another(database(), current_actor(), OfStart(agency_id, key))
    address = url_for("inbox.start", agency_id=agency_id, key=key, draft=ANEW)
    return jsonify(next=address) if request.is_json else redirect(address, 303)


@blueprint.post(f"{_TASK}/discard")
@blueprint.post(f"{_START}/discard")
def discard_draft_of(**place: Any) -> Response:
    """Throw a version away; asked for by the script, or by a plain button where the task has ended."""
    draft_id = sent_text(sent_object(), "draft") if request.is_json else request.form.get("draft", "")
    actor = current_actor()
    files = files_of_draft(actor, draft_id, **place) if "key" in place else []
    last = discard_draft(database(), actor, _place(place), draft_id)
    if "key" in place:
        remove_orphans(actor, files, every=last, **place)
    flash(gettext("The draft was thrown away."), "success")
    return jsonify(next=_page(place)) if request.is_json else redirect(_page(place), 303)


@blueprint.get("/signed-in")
def signed_in() -> str:
    """Where a login leads that was asked for beside a form: the form goes on in its own tab."""
    return render_template("inbox/signed_in.html")


def draft_for_script(actor: Actor, **place: Any) -> dict[str, Any]:
    """What the form's script is told of the draft at a place (a task's id, or agency and key of a process):
    the version that the address asks for, by default the one that was saved last."""
    found = own_draft(actor, _place(place))
    told: dict[str, Any] = {
        "writer": actor.user_id,
        "page": uuid4().hex,
        "pageUrl": _page(place),
        "saveUrl": url_for("inbox.save_draft_of", **place),
        "chooseUrl": url_for("inbox.choose_draft_of", **place),
        "discardUrl": url_for("inbox.discard_draft_of", **place),
        "loginUrl": url_for("auth.login", next=url_for("inbox.signed_in"), user_id=actor.user_id),
    }
    if "key" in place:
        told["anotherUrl"] = url_for("inbox.begin_another_report", **place)
    if found is None:
        if "key" in place:
            unsent = list_unsent(database(), actor, OfStart(**place))
            told["aside"] = [_version(view.version, view.agency_id, place) for view in unsent]
        return told
    rivals, aside = (
        [_version(version, found.agency_id, place) for version in versions]
        for versions in (found.rivals, found.aside)
    )
    version = _version(found.version, found.agency_id, place)
    return told | {
        "version": version,
        "values": found.values,
        "before": found.before,
        "rivals": rivals,
        "aside": aside,
    }


def own_draft(actor: Actor, place: DraftPlace) -> DraftView | None:
    """The draft that the address asks for (``?draft=``), else the usual one; None where there is none."""
    asked = request.args.get("draft")
    if asked == ANEW and isinstance(place, OfStart):
        return None
    try:
        return read_draft(database(), actor, place, asked)
    except DraftNotFound:  # an older address: it was thrown away since
        return read_draft(database(), actor, place)


def left_words(view: DraftView) -> list[tuple[str, str]]:
    """What was typed, as people read it: pairs of a field's label and its value."""
    found = [(label, readable(display, view.agency_id)) for label, display in view.words]
    return [(label, words) for label, words in found if words]


def sent_draft() -> str | None:
    """The id of the draft whose content is sent for good with this request."""
    return sent_text(sent_object(), "draft") if request.is_json and "draft" in sent_object() else None


def _place(place: Mapping[str, Any]) -> DraftPlace:
    return OfTask(place["task_id"]) if "task_id" in place else OfStart(place["agency_id"], place["key"])


def _page(place: Mapping[str, Any], draft_id: str | None = None) -> str:
    endpoint = "inbox.task" if "task_id" in place else "inbox.start"
    return url_for(endpoint, draft=draft_id, **place)


def _version(version: DraftVersion, agency_id: str, place: Mapping[str, Any]) -> dict[str, Any]:
    zone = zone_of(agency_id)
    return {
        "id": version.id,
        "revision": version.revision,
        "device": person(version.given_by) if version.given_by else version.device,
        "givenBy": person(version.given_by) if version.given_by else "",
        "time": clock_time(version.saved_at, zone),
        "moment": moment(version.saved_at, zone),
        "setAside": version.set_aside,
        "case": version.case,
        "url": _page(place, version.id),
    }


def other_writer(actor: Actor) -> Response:
    """The answer where somebody else has signed in beside the open page: what stands in it is not theirs."""
    message = gettext("You are signed in as %(who)s now. Sign in as whoever typed this.", who=actor.user_id)
    response = jsonify(type="OtherWriter", message=message)
    response.status_code = 409
    return response


def sent_object() -> dict[str, Any]:
    """The JSON object of a script's request. Aborts with 400 where it is none."""
    body = request.get_json()
    if not isinstance(body, dict):
        raise BadRequest("the body must be a JSON object")
    return body


def _draft(sent: Mapping[str, Any]) -> SentDraft:
    return SentDraft(
        draft_id=sent_text(sent, "draft"),
        page_id=sent_text(sent, "page"),
        base=sent_number(sent, "base"),
        revision=sent_number(sent, "revision"),
        values=_object(sent, "values"),
        before=_object(sent, "before"),
        files=_texts(sent, "files"),
        device=described(request.user_agent.string),
    )


def sent_text(sent: Mapping[str, Any], name: str) -> str:
    """A text of what was sent. Aborts with 400 where it is none."""
    if not isinstance(value := sent.get(name), str):
        raise BadRequest(f"{name} must be a text")
    return value


def sent_number(sent: Mapping[str, Any], name: str) -> int:
    """A whole number of what was sent. Aborts with 400 where it is none."""
    value = sent.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise BadRequest(f"{name} must be a whole number")
    return value


def _object(sent: Mapping[str, Any], name: str) -> dict[str, Any]:
    if not isinstance(value := sent.get(name), dict):
        raise BadRequest(f"{name} must be an object")
    return value


def _texts(sent: Mapping[str, Any], name: str) -> list[str]:
    value = sent.get(name, [])
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise BadRequest(f"{name} must be a list of texts")
    return value
