"""Keeping the filter of a list, and the page on which one's own filters are renamed and removed."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine import desk
from engine.errors import FilterRefused, NameTaken
from webapp.auth import current_actor
from webapp.db import database
from webapp.errors import localized
from webapp.i18n import gettext
from webapp.inbox.lists import read_inbox
from webapp.inbox.part import blueprint
from webapp.inbox.saved import saveable, saved_tabs
from webapp.inbox.selection import Selection, read_selection


@blueprint.post("/filters")
def save_filter() -> Response | tuple[str, int]:
    """Keep the filter of the list that was shown, under a name; what is refused comes back with the list."""
    actor, selection = current_actor(), read_selection(request.form)
    kept = saveable(actor, selection, selection.tab)
    name = request.form.get("name", "")
    try:
        made = desk.save_filter(database(), actor, name, kept)
    except (FilterRefused, NameTaken) as refused:
        inbox = read_inbox(actor, selection=read_selection(kept))
        refusal = {"filter_name": name, "filter_problem": localized(refused)}
        return render_template("inbox/index.html", inbox=inbox, **refusal), 400
    flash(gettext("The filter %(name)s is saved. It stands among your lists.", name=made.name), "success")
    return redirect(url_for("inbox.index", **kept, saved=made.id), 303)


@blueprint.get("/filters")
def filters() -> str:
    """One's own filters, to rename and remove."""
    return _page()


@blueprint.post("/filters/<filter_id>/rename")
def rename_filter(filter_id: str) -> Response | tuple[str, int]:
    """Call a filter something else; what is refused comes back with why."""
    name = request.form.get("name", "")
    try:
        desk.rename_filter(database(), current_actor(), filter_id, name)
    except (FilterRefused, NameTaken) as refused:
        return _page(filter_id, name, localized(refused)), 400
    flash(gettext("The filter has a new name."), "success")
    return redirect(url_for("inbox.filters"), 303)


@blueprint.post("/filters/<filter_id>/remove")
def remove_filter(filter_id: str) -> Response:
    """Forget a filter."""
    desk.remove_filter(database(), current_actor(), filter_id)
    flash(gettext("The filter is removed. Its tasks stay where they are."), "success")
    return redirect(url_for("inbox.filters"), 303)


def _page(renamed: str = "", name: str = "", problem: str = "") -> str:
    """``renamed``, ``name``, ``problem``: the filter that could not be called so, and why."""
    found = saved_tabs(current_actor(), Selection())
    return render_template("inbox/filters.html", filters=found, renamed=renamed, name=name, problem=problem)
