"""One task: see it, take it, give it back, complete it, go on to the next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine import (
    Database,
    claim_task,
    complete_task,
    drafted_step,
    get_task,
    may_complete,
    open_form,
    task_element,
    unclaim_task,
)
from engine.definitions import Element
from engine.desk import LONGEST_COMMENT, CommentAction, OfTask, list_comments, substituting
from engine.errors import IdempotencyKeyReused
from engine.types import Actor, DelegationState, InstanceView, TaskView
from webapp.agencies import group_names, standard_step
from webapp.auth import current_actor
from webapp.clocks import CaseClocks, read_case_clocks
from webapp.db import database
from webapp.i18n import gettext
from webapp.inbox.attachments import files_of_case
from webapp.inbox.drafts import draft_for_script, left_words, own_draft
from webapp.inbox.lists import read_inbox
from webapp.inbox.notes import kept_note
from webapp.inbox.onward import onward, told
from webapp.inbox.part import blueprint, sent_variables
from webapp.inbox.record import read_record
from webapp.inbox.resending import done_once
from webapp.inbox.saying import Said, said
from webapp.inbox.selection import read_selection
from webapp.inbox.upcoming import following, process_of
from webapp.notifications import note_read
from webapp.recording import seen

SHOWN_NEXT = 3
"""More next steps than this are not named."""


@dataclass(frozen=True)
class Next:
    """What can come after a task: a step and its groups, or an end of the case and that it is one."""

    name: str
    who: str


@blueprint.get("/tasks/<task_id>")
def task(task_id: str) -> str:
    """A task with its form, and beside it what is known of the case."""
    actor = current_actor()
    view = get_task(database(), actor, task_id)
    note_read(actor, task_id=task_id)
    return task_page(actor, view)


def task_page(actor: Actor, view: TaskView, *, answer: str = "", problem: str = "") -> str:
    """The page of a task; ``answer``, ``problem``: a note to its owner that was refused, and why."""
    task_id = view.id
    seen(view.instance_id, view.agency_id, f"task:{task_id}")
    entitled = may_complete(actor, view)
    drafted = drafted_step(database(), actor, view) if entitled else ""
    workable = entitled and not drafted
    delegated = view.delegation_state == DelegationState.PENDING
    has = workable and view.assignee == actor.user_id and not view.suspended
    mine = has and not delegated
    page_data = _form_for_script(actor, view, writes=mine) if workable else None
    inbox = read_inbox(actor, view)
    kept_only = (workable or view.ended_at) and not mine and task_id in inbox.drafts
    left = own_draft(actor, OfTask(task_id)) if kept_only else None
    element = task_element(database(), actor, task_id)
    files = files_of_case(actor, view.instance_id)
    here = [file for file in files if has and file.view.task_id == task_id]
    absent = {(each.agency_id, each.user_id) for each in substituting(database(), actor)}
    kept = kept_note(actor, view.instance_id, task_id) if has and delegated and not problem else None
    comments = said(reversed(list_comments(database(), actor, view.instance_id)))
    return render_template(
        "inbox/task.html",
        agency_id=view.agency_id,
        context=_context(),
        inbox=inbox,
        left=left,
        left_words=left_words(left) if left else [],
        task=view,
        workable=workable,
        drafted=drafted,
        has=has,
        delegated=delegated,
        mine=mine,
        note=_note(comments, view),
        answer=kept.message if kept else answer,
        kept_note=kept,
        problem=problem,
        most=LONGEST_COMMENT,
        stands_in=workable and not delegated and (view.agency_id, view.assignee) in absent,
        page_data=page_data,
        standard=quotations(view.agency_id, element.properties),
        basis=element.properties.get("dasar", ""),
        documentation=element.documentation,
        upcoming=upcoming(actor, view) if workable and not view.suspended else [],
        attach_url=url_for("inbox.attach_to_task", task_id=task_id),
        attached=here,
        record=read_record(actor, view.instance_id, [file for file in files if file not in here]),
        clocks=_clocks(actor, view),
        comments=comments,
    )


def _form_for_script(actor: Actor, view: TaskView, *, writes: bool) -> dict[str, Any] | None:
    """The form of a task as its script reads it; None where the task has none. ``writes``: it can be filled
    in."""
    form = open_form(database(), actor, view.id)
    if form.schema is None:
        return None
    return {
        "schema": form.schema,
        "data": form.data,
        "readonly": not writes,
        "submitUrl": url_for("inbox.complete", task_id=view.id, **_context()),
        "draft": draft_for_script(actor, task_id=view.id) if writes else None,
    }


def _clocks(actor: Actor, view: TaskView) -> CaseClocks:
    own = view.element_id if view.process_key == view.definition_key else ""
    case = view.instance_id, view.agency_id
    return read_case_clocks(actor, *case, suspended=view.suspended, element_id=own)


@blueprint.post("/tasks/<task_id>/claim")
def claim(task_id: str) -> Response:
    """Take a task for oneself."""
    claim_task(database(), current_actor(), task_id)
    return redirect(url_for("inbox.task", task_id=task_id, **_context()), 303)


@blueprint.post("/tasks/<task_id>/unclaim")
def unclaim(task_id: str) -> Response:
    """Give a task back to its group."""
    view = unclaim_task(database(), current_actor(), task_id)
    flash(gettext("%(key)s is back in the queue: %(step)s", key=view.business_key, step=view.name), "success")
    return redirect(url_for("inbox.index", **_context()), 303)


@blueprint.post("/tasks/<task_id>/complete")
def complete(task_id: str) -> Response:
    """Complete a task; where to go next is the answer (``{"next": address}`` for the form script), also where
    the same is sent again, as after an answer that was lost."""
    actor, variables = current_actor(), sent_variables()
    done = get_task(database(), actor, task_id)

    def completed(database: Database) -> InstanceView:
        return complete_task(database, actor, task_id, variables, held=False)

    try:
        instance = done_once("complete", task_id, completed)
    except IdempotencyKeyReused:
        instance = completed(database())  # says that the task is closed: these words were not stored
    next = onward(actor, instance)
    flash(told(done, next), "success")
    return answer_next(next.address)


def answer_next(address: str) -> Response:
    """Send the form script, or a plain button's browser, to ``address``."""
    return jsonify(next=address) if request.is_json else redirect(address, 303)


def quotations(agency_id: str, properties: Mapping[str, str]) -> list[tuple[str, str]]:
    """The service standard's own sentences for an element: pairs (step numbers, sentence), each once."""
    numbers: dict[str, list[str]] = {}
    for number in properties.get("langkah", "").split(","):
        if sentence := standard_step(agency_id, number.strip()):
            numbers.setdefault(sentence, []).append(number.strip())
    return [(", ".join(found), sentence) for sentence, found in numbers.items()]


def upcoming(actor: Actor, view: TaskView) -> Sequence[Next]:
    """Who can get the case after this task; empty where too much depends on the answers."""
    process = process_of(actor, view.definition_id, view.definition_key)
    if view.element_id not in process.elements:  # it stands in a called process
        return []
    found = list(dict.fromkeys(_next(view.agency_id, each) for each in following(process, view.element_id)))
    return found if len(found) <= SHOWN_NEXT else []


def _next(agency_id: str, element: Element) -> Next:
    if element.type == "endEvent":
        return Next(element.name or gettext("no more steps"), gettext("the case ends"))
    return Next(element.name or element.id, group_names(agency_id, element.candidate_groups))


def _note(comments: Sequence[Said], task: TaskView) -> Said | None:
    """The newest note with which this open task was given to somebody or back, while it says something."""
    at_task = (each for each in comments if each.comment.task_id == task.id)
    given = next((each for each in at_task if each.comment.action != CommentAction.COMMENT), None)
    return given if given and given.comment.message and not task.ended_at else None


def _context() -> dict[str, Any]:
    """The list that a task was opened from, to be kept in every address of the task's page."""
    return read_selection(request.args).arguments()
