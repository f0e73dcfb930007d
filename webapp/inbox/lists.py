"""The list of tasks: what the inbox shows on a phone, and beside every task on a desk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from flask import Response, redirect, render_template, request, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response as AnyResponse

from engine import count_tasks, list_instances, list_tasks, may_complete
from engine.desk import OwnDraft, list_own_drafts, returned_tasks
from engine.types import MANAGER, Actor, InstanceFilter, InstanceView, Page, TaskFilter, TaskView
from webapp.auth import current_actor, unattended
from webapp.counts import MOST
from webapp.db import database
from webapp.inbox.choices import Choices, choices_among
from webapp.inbox.part import blueprint
from webapp.inbox.saved import SavedTab, saved_tabs
from webapp.inbox.selection import (
    DUE,
    FOUND,
    SIZE,
    SORTS,
    Selection,
    Tab,
    chosen_tab,
    read_selection,
    tabs_of,
)
from webapp.inbox.unsent import Begun, begun_reports
from webapp.inbox.words import literal, pseudonym_in
from webapp.navigation import home, works, works_or_manages

LOOKED_AT = 100
"""The filters offer what is found in this many of a tab's most urgent tasks; of a search, on its page."""

_OTHER_CASES = 5
"""Cases without a task for the reader that a search shows."""


@dataclass(frozen=True)
class Inbox:
    """Everything that the list's template draws.

    ``cases``: what a search has found beside the tasks: cases in which somebody else is at work, or that have
    ended. ``position``: of the first task shown among all of the list, from 1.
    """

    actor: Actor
    selection: Selection
    tabs: Sequence[Tab]
    counts: dict[str, int]
    saved: Sequence[SavedTab]
    tab: Tab
    tasks: Sequence[TaskView]
    total: int
    choices: Choices
    cases: Sequence[InstanceView]
    drafts: Mapping[str, OwnDraft]
    """One's own drafts by the id of their task."""
    begun: Sequence[Begun]
    """One's own reports that are not sent yet."""
    returned: frozenset[str]
    """Ids of the tasks whose step another one has led back to."""

    @property
    def left(self) -> list[OwnDraft]:
        """Drafts of tasks that somebody else has ended, or has now."""
        return [
            draft
            for draft in self.drafts.values()
            if draft.ended_at is not None or draft.assignee not in (None, self.actor.user_id)
        ]

    @property
    def sorts(self) -> Mapping[str, str]:
        """The orders of the list, as a reader calls them; the first is its own."""
        return {key: label for key, (label, _) in SORTS.items()}

    @property
    def deadlines(self) -> Mapping[str, str]:
        """How a deadline can stand, as a reader calls it."""
        return DUE

    @property
    def works(self) -> bool:
        """Whether the reader works on cases, and so may look for names."""
        return works(self.actor)

    @property
    def can_save(self) -> bool:
        """Whether the list is one that is worth keeping, and not kept yet."""
        selection = self.selection
        if selection.saved or selection.cases or (selection.search and not self.total):
            return False
        return bool(selection.narrowed or selection.sort)

    @property
    def pages(self) -> int:
        """How many pages the list has, at least one."""
        return max(-(-self.total // SIZE), 1)

    @property
    def first(self) -> int:
        """The place of the first task of this page in the whole list, from 1."""
        return (self.selection.page - 1) * SIZE + 1

    @property
    def assigns(self) -> bool:
        """Whether the reader can give any of the tasks to others."""
        return any(self.can_assign(task) for task in self.tasks)

    @property
    def takes(self) -> bool:
        """Whether the reader can take any of the tasks."""
        return any(self.can_take(task) for task in self.tasks)

    def can_take(self, task: TaskView) -> bool:
        """Whether the task is free for the reader; four eyes are asked for when it is taken."""
        return not task.assignee and not task.suspended and may_complete(self.actor, task)

    def can_assign(self, task: TaskView) -> bool:
        """Whether the reader can give the task to somebody."""
        return not task.suspended and not task.ended_at and self.actor.holds(task.agency_id, MANAGER)

    def is_others(self, task: TaskView) -> bool:
        """Whether somebody else has taken the task."""
        return task.assignee not in (None, self.actor.user_id)

    def after(self, task_id: str) -> TaskView | None:
        """The task after one in this page of the list, else its first; None where there is no other."""
        ids = [task.id for task in self.tasks]
        place = ids.index(task_id) + 1 if task_id in ids else 0
        following = [task for task in (*self.tasks[place:], *self.tasks[:1]) if task.id != task_id]
        return following[0] if following else None


@blueprint.get("/")
def index() -> str | AnyResponse:
    """The inbox; for somebody without tasks, the page on which that person's work begins."""
    actor = current_actor()
    if not (works_or_manages(actor) or request.args) and home(actor) != url_for("inbox.index"):
        return redirect(home(actor))
    return render_template("inbox/index.html", inbox=read_inbox(actor))


@blueprint.get("/list")
@unattended
def task_list() -> AnyResponse:
    """The list alone, for a page that asks now and then whether it has changed; 304 where not.

    ``current``: the id of the task that is shown beside it.
    """
    actor, current = current_actor(), request.args.get("current", "")[:64]
    shown = list_tasks(database(), actor, TaskFilter(task_id=current)) if current else []
    inbox = read_inbox(actor, shown[0] if shown else None)
    page = render_template("inbox/list.html", inbox=inbox, current=current)
    response = Response(page)
    # Not of the token in it, which is another one each time.
    response.set_etag(sha256(page.replace(generate_csrf(), "").encode()).hexdigest()[:32])
    return response.make_conditional(request)


def read_inbox(actor: Actor, current: TaskView | None = None, *, selection: Selection | None = None) -> Inbox:
    """The list that the address of this request asks for, or ``selection``.

    ``current``, the task shown beside it, is in it even when it has just left: it was taken from the queue.
    """
    selection = selection or read_selection(request.args)
    tabs = tabs_of(actor, selection.tab)
    saved = saved_tabs(actor, selection)
    counted = [tab for tab in tabs if tab.key != FOUND]
    counts = {tab.key: count_tasks(database(), actor, tab.filter, MOST) for tab in counted}
    tab = chosen_tab(tabs, {FOUND: 0, **counts}, selection.tab)
    narrowed = selection.narrow(tab.filter)
    total = counts.get(tab.key, 0)
    if selection.narrowed or tab.key == FOUND:
        total = count_tasks(database(), actor, narrowed, MOST)
    counts.setdefault(FOUND, total)
    page = Page((selection.page - 1) * SIZE, SIZE, selection.order)
    tasks = list_tasks(database(), actor, narrowed, page)
    cases = _other_cases(actor, selection, tasks)
    if current and not current.ended_at and current.id not in {task.id for task in tasks}:
        tasks = [current, *tasks]
    offered = tasks if tab.key == FOUND else list_tasks(database(), actor, tab.filter, Page(size=LOOKED_AT))
    choices = choices_among(actor, offered, selection)
    own = list_own_drafts(database(), actor)
    drafts, begun = {draft.task_id: draft for draft in own if draft.task_id}, begun_reports(actor, own)
    returned = returned_tasks(database(), actor, [task.id for task in tasks])
    told = (drafts, begun, returned)
    return Inbox(actor, selection, tabs, counts, saved, tab, tasks, total, choices, cases, *told)


def _other_cases(actor: Actor, selection: Selection, tasks: Sequence[TaskView]) -> list[InstanceView]:
    """What a search has found and the list of tasks does not show."""
    if selection.page > 1 or not (selection.search or selection.cases):
        return []
    wanted = InstanceFilter()
    if selection.cases:
        wanted = InstanceFilter(instance_ids=tuple(selection.cases.split(",")))
    elif name := pseudonym_in(selection.search):
        wanted = InstanceFilter(pseudonym=name)
    else:
        wanted = InstanceFilter(business_key_like=f"%{literal(selection.search)}%")
    listed = {task.instance_id for task in tasks}
    found = list_instances(
        database(), actor, wanted, Page(size=_OTHER_CASES + len(listed), sort=(("started", False),))
    )
    return [case for case in found if case.id not in listed][:_OTHER_CASES]
