"""What the inbox shows: a tab, and what narrows it. All of it stands in the address, none of it is secret."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from engine.clock import now
from engine.types import MANAGER, Actor, TaskFilter
from webapp.agencies import group_name
from webapp.i18n import gettext

SIZE = 25
"""Tasks on a page of the list."""


@dataclass(frozen=True)
class Tab:
    """``key`` stands in the address, ``filter`` says which tasks the tab holds."""

    key: str
    label: str
    filter: TaskFilter


@dataclass(frozen=True)
class Selection:
    """The tab, the filters and the page that the address asks for; empty text does not narrow."""

    tab: str = ""
    agency: str = ""
    process: str = ""
    step: str = ""
    search: str = ""
    page: int = 1

    @property
    def narrowed(self) -> bool:
        """Whether anything but the tab narrows the list."""
        return bool(self.agency or self.process or self.step or self.search)

    def narrow(self, filter: TaskFilter) -> TaskFilter:
        """``filter`` of a tab, narrowed further."""
        wanted: dict[str, object] = {
            "definition_key": self.process or None,
            "element_id": self.step or None,
            "business_key_like": f"%{self.search}%" if self.search else None,
        }
        if self.agency:
            inside = not filter.agency_ids or self.agency in filter.agency_ids
            wanted["agency_ids"] = (self.agency if inside else "-",)
        return replace(filter, **wanted)  # type: ignore[arg-type]

    def arguments(self, **changes: object) -> dict[str, str]:
        """The address's parameters for this selection with ``changes``; what is empty is left out."""
        changed = replace(self, **changes)  # type: ignore[arg-type]
        texts = {name: str(getattr(changed, name)) for name in ("tab", "agency", "process", "step", "search")}
        if changed.page > 1:
            texts["page"] = str(changed.page)
        return {name: text for name, text in texts.items() if text}


def read_selection(arguments: Mapping[str, str]) -> Selection:
    """The selection of an address; what makes no sense is as if it were absent."""
    page = arguments.get("page", "1")
    texts = {
        name: arguments.get(name, "").strip()[:255] for name in ("tab", "agency", "process", "step", "search")
    }
    return Selection(page=max(int(page), 1) if page.isascii() and page.isdigit() else 1, **texts)


def tabs_of(actor: Actor) -> list[Tab]:
    """The tabs of a person: own tasks, what is late, a queue per group held, and all for a manager."""
    tabs = [
        Tab("mine", gettext("My tasks"), TaskFilter(assignee=actor.user_id)),
        Tab("late", gettext("Late"), TaskFilter(due_before=now())),
    ]
    for agency_id in sorted(actor.by_agency):
        for group in sorted(actor.groups(agency_id)):
            queue = TaskFilter(agency_ids=(agency_id,), candidate_group=group)
            label = gettext("Queue %(group)s", group=group_name(agency_id, group))
            tabs.append(Tab(f"queue.{agency_id}.{group}", label, queue))
    if managed := tuple(sorted(actor.agencies_with(MANAGER))):
        tabs.append(Tab("all", gettext("All tasks"), TaskFilter(agency_ids=managed)))
    return tabs


def chosen_tab(tabs: list[Tab], counts: Mapping[str, int], key: str) -> Tab:
    """The tab that ``key`` names; without it the first that holds a task, else the first."""
    named = next((tab for tab in tabs if tab.key == key), None)
    filled = next((tab for tab in tabs if counts[tab.key] and tab.key != "late"), None)
    return named or filled or tabs[0]
