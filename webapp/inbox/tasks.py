"""One task: see it, take it, give it back, complete it, go on to the next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine import (
    claim_task,
    complete_task,
    drafted_step,
    get_task,
    list_tasks,
    may_complete,
    open_form,
    task_element,
    unclaim_task,
)
from engine.definitions import Element
from engine.types import Actor, InstanceView, Page, TaskFilter, TaskView
from webapp.agencies import group_names, standard_step
from webapp.auth import current_actor
from webapp.db import database
from webapp.i18n import gettext
from webapp.inbox.lists import read_inbox
from webapp.inbox.part import blueprint, sent_variables
from webapp.inbox.record import read_record
from webapp.inbox.selection import chosen_tab, read_selection, tabs_of
from webapp.inbox.upcoming import following, process_of
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
    seen(view.instance_id, view.agency_id, f"task:{task_id}")
    entitled = may_complete(actor, view)
    drafted = drafted_step(database(), actor, view) if entitled else ""
    workable = entitled and not drafted
    mine = workable and view.assignee == actor.user_id and not view.suspended
    form = open_form(database(), actor, task_id) if workable else None
    page_data = (
        form
        and form.schema
        and {
            "schema": form.schema,
            "data": form.data,
            "readonly": not mine,
            "submitUrl": url_for("inbox.complete", task_id=task_id, **_context()),
        }
    )
    element = task_element(database(), actor, task_id)
    return render_template(
        "inbox/task.html",
        agency_id=view.agency_id,
        context=_context(),
        inbox=read_inbox(actor, view),
        task=view,
        workable=workable,
        drafted=drafted,
        mine=mine,
        page_data=page_data,
        standard=quotations(view.agency_id, element.properties),
        basis=element.properties.get("dasar", ""),
        documentation=element.documentation,
        upcoming=upcoming(actor, view) if workable and not view.suspended else [],
        record=read_record(actor, view.instance_id),
    )


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
    """Complete a task; where to go next is the answer (``{"next": address}`` for the form script)."""
    actor = current_actor()
    done = get_task(database(), actor, task_id)
    instance = complete_task(database(), actor, task_id, sent_variables())
    flash(gettext("%(key)s: %(step)s is done.", key=done.business_key, step=done.name), "success")
    return answer_next(next_address(actor, instance))


def answer_next(address: str) -> Response:
    """Send the form script, or a plain button's browser, to ``address``."""
    return jsonify(next=address) if request.is_json else redirect(address, 303)


def next_address(actor: Actor, instance: InstanceView) -> str:
    """Where work goes on: this case's next task if it is the actor's, else the most urgent of the list."""
    of_case = TaskFilter(instance_id=instance.id)
    tabs = tabs_of(actor)
    tab = chosen_tab(tabs, {tab.key: 0 for tab in tabs}, request.args.get("tab", ""))
    of_list = read_selection(request.args).narrow(tab.filter)
    own = TaskFilter(assignee=actor.user_id)
    for wanted in (of_case, of_list, own):
        for view in list_tasks(database(), actor, wanted, Page(size=20)):
            free = view.assignee in (None, actor.user_id) and may_complete(actor, view)
            if free and not drafted_step(database(), actor, view):
                return url_for("inbox.task", task_id=view.id, **_context())
    return url_for("inbox.index", **_context())


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


def _context() -> dict[str, Any]:
    """The list that a task was opened from, to be kept in every address of the task's page."""
    return read_selection(request.args).arguments()
