"""The list of tasks: what the inbox shows on a phone, and beside every task on a desk."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine import count_tasks, list_tasks
from engine.types import Actor, Page, TaskView
from webapp.agencies import agency_name
from webapp.auth import current_actor
from webapp.counts import MOST
from webapp.db import database
from webapp.inbox.part import blueprint
from webapp.inbox.selection import SIZE, Selection, Tab, chosen_tab, read_selection, tabs_of
from webapp.navigation import home, works_or_manages

LOOKED_AT = 100
"""The filters offer what is found in this many of a tab's most urgent tasks."""

Option = tuple[str, str]
"""The value of a choice, and what people read."""


@dataclass(frozen=True)
class Inbox:
    """Everything that the list's template draws."""

    selection: Selection
    tabs: Sequence[Tab]
    counts: dict[str, int]
    tab: Tab
    tasks: Sequence[TaskView]
    total: int
    agencies: Sequence[Option]
    processes: Sequence[Option]
    steps: Sequence[Option]

    @property
    def pages(self) -> int:
        """How many pages the list has, at least one."""
        return max(-(-self.total // SIZE), 1)


@blueprint.get("/")
def index() -> str | Response:
    """The inbox; for somebody without tasks, the page on which that person's work begins."""
    actor = current_actor()
    if not (works_or_manages(actor) or request.args) and home(actor) != url_for("inbox.index"):
        return redirect(home(actor))
    return render_template("inbox/index.html", inbox=read_inbox(actor))


def read_inbox(actor: Actor, current: TaskView | None = None) -> Inbox:
    """The list that the address of this request asks for.

    ``current``, the task shown beside it, is in it even when it has just left: it was taken from the queue.
    """
    selection = read_selection(request.args)
    tabs = tabs_of(actor)
    counts = {tab.key: count_tasks(database(), actor, tab.filter, MOST) for tab in tabs}
    tab = chosen_tab(tabs, counts, selection.tab)
    everything = list_tasks(database(), actor, tab.filter, Page(size=LOOKED_AT))
    narrowed = selection.narrow(tab.filter)
    total = count_tasks(database(), actor, narrowed, MOST) if selection.narrowed else counts[tab.key]
    tasks = list_tasks(database(), actor, narrowed, Page((selection.page - 1) * SIZE, SIZE))
    if current and not current.ended_at and current.id not in {task.id for task in tasks}:
        tasks = [current, *tasks]
    return Inbox(selection, tabs, counts, tab, tasks, total, *_options(everything, selection))


def _options(
    tasks: Sequence[TaskView], selection: Selection
) -> tuple[list[Option], list[Option], list[Option]]:
    """Agencies, processes and steps to choose from, each by name."""
    agencies = {task.agency_id: agency_name(task.agency_id) for task in tasks}
    processes = {task.definition_key: task.definition_name for task in tasks}
    of_process = [task for task in tasks if selection.process in ("", task.definition_key)]
    steps = {task.element_id: task.name for task in of_process}
    by_name = [sorted(names.items(), key=lambda option: option[1]) for names in (agencies, processes, steps)]
    return by_name[0], by_name[1], by_name[2]
