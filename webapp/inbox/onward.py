"""Where work goes on after a step: the same case first, then the list that the worker came from."""

from dataclasses import dataclass

from flask import request, url_for
from markupsafe import Markup

from engine import drafted_step, list_tasks, may_complete
from engine.types import Actor, InstanceView, Page, TaskFilter, TaskView
from webapp.db import database
from webapp.i18n import gettext
from webapp.inbox.selection import chosen_tab, read_selection, tabs_of

_LOOKED_AT = 20
"""Tasks of each list that are looked at for one that is free."""


@dataclass(frozen=True)
class Onward:
    """``task``: what to do next, None where nothing is left in the list; ``same_case``: it is the case's;
    ``queued``: it is not in the list, but waits for one's group."""

    task: TaskView | None
    same_case: bool = False
    queued: bool = False

    @property
    def address(self) -> str:
        """The page on which work goes on."""
        context = read_selection(request.args).arguments()
        if self.task is None:
            return url_for("inbox.index", **context)
        return url_for("inbox.task", task_id=self.task.id, **context)


def onward(actor: Actor, instance: InstanceView) -> Onward:
    """What the actor can do next: in this case, else in the list by its order, else among the own tasks; who
    came from no queue, or by a search, which has served, also in the own queues."""
    selection = read_selection(request.args)
    tabs = tabs_of(actor, selection.tab)
    tab = chosen_tab(tabs, {tab.key: 0 for tab in tabs}, selection.tab)
    of_case = TaskFilter(instance_id=instance.id)
    own = TaskFilter(assignee=actor.user_id)
    page = Page(size=_LOOKED_AT, sort=selection.order)
    queues = TaskFilter(assigned=False)
    elsewhere = bool(selection.search or selection.cases) or not tab.filter.candidate_group
    rest = (queues,) if elsewhere else ()
    for wanted in (of_case, selection.narrow(tab.filter), own, *rest):
        for view in list_tasks(database(), actor, wanted, page):
            free = view.assignee in (None, actor.user_id) and may_complete(actor, view)
            if free and not view.suspended and not drafted_step(database(), actor, view):
                return Onward(view, view.instance_id == instance.id, wanted is queues)
    return Onward(None)


def told(done: TaskView, next: Onward) -> Markup:
    """What the notice after a step says: what is done, and what comes next."""
    link = url_for("inbox.case", instance_id=done.instance_id)
    number = Markup('<a href="{}">{}</a>').format(link, done.business_key)
    said = _filled(gettext("%(key)s: %(step)s is done."), key=number, step=done.name)
    return Markup("{} {}").format(said, _what_follows(next))


def _what_follows(next: Onward) -> Markup:
    if next.task is None:
        return _filled(gettext("Nothing is left for you in this list. Well done."))
    if next.same_case:
        return _filled(gettext("Next in the same case: %(step)s."), step=next.task.name)
    text = gettext("Next in your list: %(step)s, %(key)s.")
    if next.queued:
        text = gettext("Nothing is left in this list. Next for your group: %(step)s, %(key)s.")
    return _filled(text, step=next.task.name, key=next.task.business_key)


def _filled(text: str, **values: str) -> Markup:
    """``text``, of which only ``Markup`` among the values stays as it is."""
    return Markup.escape(text) % values if values else Markup.escape(text)
