"""Several tasks at once: take them, or give them to somebody. The answer tells of each what became of it."""

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine import desk, get_task
from engine.desk import TaskOutcome
from engine.errors import SecondPersonNeeded, TaskClaimed, TaskClosed, TaskNotFound, TitianError
from engine.types import TaskView
from webapp.auth import current_actor
from webapp.db import database
from webapp.errors import localized
from webapp.i18n import gettext, ngettext
from webapp.inbox.part import blueprint
from webapp.inbox.selection import read_selection
from webapp.people import person

_NAMED = 5
"""Tasks that a notice names; of more it says how many."""


@blueprint.post("/bulk/claim")
def claim_many() -> Response | str:
    """Take the tasks that were chosen."""
    chosen = _chosen()
    outcomes = desk.claim_tasks(database(), current_actor(), chosen)
    done = [outcome.task for outcome in outcomes if outcome.task and not outcome.refused]
    said = ngettext("You have taken %(num)d task", "You have taken %(num)d tasks", len(done))
    return _told(outcomes, said)


@blueprint.post("/bulk/choose")
def choose_receiver() -> Response | str:
    """Ask who gets the tasks that were chosen: somebody who can have all of them."""
    return _hand_out()


def _hand_out(problem: str = "") -> Response | str:
    """The page that asks it; ``problem``: why it asks again."""
    actor, chosen = current_actor(), _chosen()
    tasks = []
    for task_id in chosen[: desk.MOST_TASKS]:
        try:
            tasks.append(get_task(database(), actor, task_id))
        except TaskNotFound:
            continue  # the attempt itself says so
    if not tasks:
        flash(gettext("Choose at least one task."), "error")
        return redirect(_back(), 303)
    people = desk.common_candidates(database(), actor, chosen)
    shown = {"tasks": tasks, "chosen": chosen, "people": people, "problem": problem}
    return render_template("inbox/hand_out.html", **shown, context=_context())


@blueprint.post("/bulk/assign")
def assign_many() -> Response | str | tuple[str, int]:
    """Give the tasks that were chosen to ``user_id``; where nobody is named, the tasks stay chosen."""
    chosen, user_id = _chosen(), request.form.get("user_id", "")
    if not user_id:
        asked = _hand_out(gettext("Choose who gets the tasks."))
        return (asked, 400) if isinstance(asked, str) else asked
    outcomes = desk.assign_tasks(database(), current_actor(), chosen, user_id)
    done = sum(not outcome.refused for outcome in outcomes)
    said = ngettext("%(num)d task assigned", "%(num)d tasks assigned", done)
    return _told(outcomes, f"{said}: {person(user_id)}")


def _told(outcomes: Sequence[TaskOutcome], said: str) -> Response | str:
    """A notice above the list where all went well, else a page that tells of each."""
    done = [outcome.task for outcome in outcomes if outcome.task and not outcome.refused]
    refused = [(outcome.task, _reason(outcome.refused)) for outcome in outcomes if outcome.refused]
    if not outcomes:
        flash(gettext("Choose at least one task."), "error")
    elif not refused:
        flash(f"{said}. {_named(done)}", "success")
    else:
        return render_template("inbox/outcomes.html", said=said, done=done, refused=refused, back=_back())
    return redirect(_back(), 303)


def _named(tasks: Sequence[TaskView]) -> str:
    named = ", ".join(f"{task.business_key} ({task.name})" for task in tasks[:_NAMED])
    rest = len(tasks) - _NAMED
    return f"{named} {ngettext('and %(num)d more', 'and %(num)d more', rest)}" if rest > 0 else named


def _reason(refused: TitianError) -> str:
    """Why nothing was done with one task, in the words of people who see names and no ids."""
    match refused:
        case TaskClaimed():
            return gettext("%(who)s has taken it meanwhile.", who=person(refused.parameters["assignee"]))
        case SecondPersonNeeded():
            values = {"who": person(refused.parameters["who"]), "step": refused.parameters["step"]}
            return gettext("%(who)s worked on '%(step)s' in this case: it needs a second person.", **values)
        case TaskClosed():
            return gettext("It is not open any more.")
        case TaskNotFound():
            return gettext("It is not there any more, or is none of yours.")
    return localized(refused)


def _chosen() -> list[str]:
    return list(dict.fromkeys(task_id[:64] for task_id in request.form.getlist("task_id")))


def _context() -> dict[str, Any]:
    return read_selection(request.form).arguments()


def _back() -> str:
    return url_for("inbox.index", **_context())
