"""What the inbox shows: a tab, what narrows it, an order. All of it is in the address, none of it is secret.

A search by a word that may be a name leaves no word here (``webapp.inbox.searching``): only the ids of the
cases that were found.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from engine.clock import now
from engine.desk import substituting
from engine.errors import N_
from engine.types import MANAGER, Actor, TaskFilter
from webapp.agencies import group_name
from webapp.db import database
from webapp.i18n import gettext
from webapp.inbox.words import literal, pseudonym_in
from webapp.people import last_day, person

SIZE = 25
"""Tasks on a page of the list."""

FOUND = "found"
"""The tab of what a search has found, among everything that one sees."""

NOTHING = "-"
"""Stands for no case at all: a search that has found nothing."""

FREE = "-"
"""Among those who have taken a task: nobody."""

SORTS: Mapping[str, tuple[str, tuple[tuple[str, bool], ...]]] = MappingProxyType(
    {
        "urgent": (N_("Most urgent first"), ()),
        "newest": (N_("Newest first"), (("created", False),)),
        "oldest": (N_("Oldest first"), (("created", True),)),
        "step": (N_("By service and step"), (("definition", True), ("name", True), ("due", True))),
    }
)
"""Orders of the list: what a reader calls them, and the engine's sort keys. The first is the list's own."""

DUE: Mapping[str, str] = MappingProxyType({"late": N_("Late"), "soon": N_("Due soon")})
"""Deadlines that a list can be narrowed to."""

_LONGEST, _LONGEST_CASES = 255, 1000
_ID = re.compile(r"[\w-]{1,64}", re.ASCII)


@dataclass(frozen=True)
class Tab:
    """``key`` stands in the address, ``filter`` says which tasks the tab holds."""

    key: str
    label: str
    filter: TaskFilter


@dataclass(frozen=True)
class Selection:
    """What the address asks for; empty text does not narrow.

    ``saved``: the id of the saved filter that it came from; ``step``: one or several element ids, with
    commas; ``taken``: a user id or ``FREE``; ``cases``: ids of cases that a search has found, with commas;
    ``also``: element ids of steps that the same words name.
    """

    tab: str = ""
    saved: str = ""
    agency: str = ""
    process: str = ""
    step: str = ""
    due: str = ""
    taken: str = ""
    search: str = ""
    cases: str = ""
    also: str = ""
    sort: str = ""
    page: int = 1

    @property
    def narrowed(self) -> bool:
        """Whether anything but the tab narrows the list."""
        return any(getattr(self, name) for name in _NARROWING)

    @property
    def filtered(self) -> bool:
        """Whether any of the choices of the filter narrows the list."""
        return any(getattr(self, name) for name in _CHOSEN)

    @property
    def order(self) -> tuple[tuple[str, bool], ...]:
        """The engine's sort keys."""
        return SORTS[self.sort or "urgent"][1]

    def narrow(self, filter: TaskFilter) -> TaskFilter:
        """``filter`` of a tab, narrowed further."""
        wanted: dict[str, Any] = {"definition_key": self.process or None, "element_ids": _parts(self.step)}
        if self.cases:
            wanted["instance_ids"] = _parts(self.cases)
        if name := pseudonym_in(self.search):
            wanted["pseudonym"] = name
        elif self.search:
            wanted["business_key_like"] = f"%{literal(self.search)}%"
        if self.agency:
            inside = not filter.agency_ids or self.agency in filter.agency_ids
            wanted["agency_ids"] = (self.agency if inside else "-",)
        if self.taken:
            wanted |= {"assigned": False} if self.taken == FREE else {"assignees": (self.taken,)}
        return replace(filter, **(wanted | _deadline(self.due, filter.due_before)))

    def arguments(self, **changes: object) -> dict[str, Any]:
        """The address's parameters for this selection with ``changes``; what is empty is left out."""
        changed = replace(self, **changes)  # type: ignore[arg-type]
        texts: dict[str, Any] = {field.name: str(getattr(changed, field.name)) for field in fields(self)}
        if changed.page == 1:
            del texts["page"]
        return {name: text for name, text in texts.items() if text}


_CHOSEN = ("agency", "process", "step", "due", "taken")
_NARROWING = (*_CHOSEN, "search", "cases")


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split(",") if part)


def _deadline(due: str, before: datetime | None) -> dict[str, datetime]:
    """The fields of a filter for tasks that are late or at risk, of which none is due after ``before``."""
    at = now()
    if due == "late":
        return {"due_before": at if before is None else min(before, at)}
    if due == "soon":
        near: dict[str, datetime] = {"due_after": at, "risk_before": at}
        return near if before is None else {**near, "due_before": before}
    return {}


def read_selection(arguments: Mapping[str, str]) -> Selection:
    """The selection of an address; what makes no sense is as if it were absent."""
    texts = {
        field.name: arguments.get(field.name, "").strip()[:_LONGEST]
        for field in fields(Selection)
        if field.name != "page"
    }
    texts["due"] = texts["due"] if texts["due"] in DUE else ""
    texts["sort"] = texts["sort"] if texts["sort"] in SORTS else ""
    for name in ("cases", "step", "also"):
        found = arguments.get(name, "")[:_LONGEST_CASES].split(",")
        texts[name] = ",".join(part for part in found if _ID.fullmatch(part))
    page = arguments.get("page", "1")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 12 else 1
    return Selection(page=max(number, 1), **texts)


def tabs_of(actor: Actor, chosen: str = "") -> list[Tab]:
    """The tabs of a person: own tasks, what is late, a queue per group held, and all for a manager; what was
    found only where it is ``chosen``."""
    tabs = [
        Tab("mine", gettext("My tasks"), TaskFilter(assignee=actor.user_id)),
        Tab("late", gettext("Late"), TaskFilter(due_before=now())),
    ]
    for agency_id in sorted(actor.by_agency):
        for group in sorted(actor.groups(agency_id)):
            queue = TaskFilter(agency_ids=(agency_id,), candidate_group=group)
            label = gettext("Queue %(group)s", group=group_name(agency_id, group))
            tabs.append(Tab(f"queue.{agency_id}.{group}", label, queue))
    for absence in substituting(database(), actor):
        label = gettext(
            "Standing in for %(who)s until %(day)s", who=person(absence.user_id), day=last_day(absence)
        )
        theirs = TaskFilter(agency_ids=(absence.agency_id,), assignee=absence.user_id)
        tabs.append(Tab(f"for.{absence.id}", label, theirs))
    if managed := tuple(sorted(actor.agencies_with(MANAGER))):
        tabs.append(Tab("all", gettext("All tasks"), TaskFilter(agency_ids=managed)))
    if chosen == FOUND:
        tabs.append(Tab(FOUND, gettext("Found"), TaskFilter()))
    return tabs


def chosen_tab(tabs: list[Tab], counts: Mapping[str, int], key: str) -> Tab:
    """The tab that ``key`` names; without it the first that holds a task, else the first."""
    named = next((tab for tab in tabs if tab.key == key), None)
    filled = next((tab for tab in tabs if counts[tab.key] and tab.key != "late"), None)
    return named or filled or tabs[0]
