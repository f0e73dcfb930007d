"""A person's own filters, as tabs after the built-in ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from engine import count_tasks, desk
from engine.desk import SavedFilterView
from engine.types import Actor
from webapp.counts import MOST
from webapp.db import database
from webapp.inbox.selection import Selection, Tab, read_selection, tabs_of
from webapp.inbox.words import is_public


@dataclass(frozen=True)
class SavedTab:
    """A saved filter as a tab; ``count`` as far as anybody reads it."""

    id: str
    name: str
    arguments: dict[str, Any]
    count: int
    chosen: bool


def saved_tabs(actor: Actor, selection: Selection) -> list[SavedTab]:
    """The actor's filters, each with how many tasks it finds now."""
    found = desk.list_filters(database(), actor)
    tabs = tabs_of(actor) if found else []
    return [_tab(actor, tabs, each, selection) for each in found]


def _tab(actor: Actor, tabs: Sequence[Tab], saved: SavedFilterView, selection: Selection) -> SavedTab:
    kept = read_selection(saved.arguments)
    base = next((tab for tab in tabs if tab.key == kept.tab), None)
    count = count_tasks(database(), actor, kept.narrow(base.filter), MOST) if base else 0
    return SavedTab(saved.id, saved.name, kept.arguments(saved=saved.id), count, selection.saved == saved.id)


def saveable(actor: Actor, selection: Selection, tab: str) -> dict[str, Any]:
    """What is kept of a selection: no page, no ids of found cases, and no words that may be a name."""
    search = selection.search if is_public(selection.search, actor.by_agency) else ""
    return selection.arguments(tab=tab, saved="", cases="", also="", search=search, page=1)
