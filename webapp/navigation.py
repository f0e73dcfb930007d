"""The way between the parts: who sees which entry at the top of every page."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import g, request, url_for

from engine.errors import N_
from engine.types import ANALYST, AUDITOR, DATA_OFFICER, MANAGER, Actor
from webapp.i18n import gettext


@dataclass(frozen=True)
class Entry:
    """A link as the template draws it; ``here``: this is the part that is shown."""

    label: str
    url: str
    here: bool


def works(actor: Actor) -> bool:
    """Whether the actor has candidate groups anywhere, and so tasks."""
    return any(actor.groups(agency_id) for agency_id in actor.by_agency)


def _manages(actor: Actor) -> bool:
    return bool(actor.agencies_with(MANAGER))


def _counts(actor: Actor) -> bool:
    return _manages(actor) or bool(actor.agencies_with(DATA_OFFICER))


def _analyses(actor: Actor) -> bool:
    return bool(actor.agencies_with(ANALYST))


def _administers(actor: Actor) -> bool:
    return actor.admin


def _keeps_calendar(actor: Actor) -> bool:
    return _manages(actor) or actor.admin


def _audits(actor: Actor) -> bool:
    return bool(actor.agencies_with(AUDITOR))


def _keeps_registers(actor: Actor) -> bool:
    """Who keeps the registers of data protection, and is no auditor, whose page has them too."""
    return not _audits(actor) and bool(actor.agencies_with(MANAGER) | actor.agencies_with(DATA_OFFICER))


def works_or_manages(actor: Actor) -> bool:
    """Whether the actor sees tasks at all."""
    return works(actor) or _manages(actor)


_ENTRIES: tuple[tuple[str, str, Callable[[Actor], bool]], ...] = (
    (N_("Tasks"), "inbox.index", works_or_manages),
    (N_("New case"), "inbox.startable", works),
    (N_("Shared with us"), "inbox.shared", works),
    (N_("Cockpit"), "cockpit.index", _manages),
    (N_("Statistics"), "statistics.index", _counts),
    (N_("Calendar"), "calendar.index", _keeps_calendar),
    (N_("Modeler"), "modeler.index", _analyses),
    (N_("Users"), "admin.index", _administers),
    (N_("Access log"), "audit.index", _audits),
    (N_("Registers"), "audit.requests", _keeps_registers),
)


_PAGES_APART = {
    "inbox.startable": frozenset({"inbox.startable", "inbox.start"}),
    "inbox.shared": frozenset({"inbox.shared", "inbox.shared_case"}),
}
"""Entries that stand for some pages of the inbox's part, which are not the inbox itself."""


def navigation() -> list[Entry]:
    """The entries for whoever makes this request, in order; none for a stranger."""
    actor: Actor | None = g.get("actor")
    if actor is None:
        return []
    return [
        Entry(gettext(label), url_for(endpoint), _is_here(endpoint))
        for label, endpoint, may_see in _ENTRIES
        if may_see(actor)
    ]


def home(actor: Actor) -> str:
    """The page on which this person's work begins: tasks, cases, diagrams, numbers or users."""
    begins = (
        (works, "inbox.index"),
        (_manages, "cockpit.index"),
        (_analyses, "modeler.index"),
        (_counts, "statistics.index"),
        (_administers, "admin.index"),
        (_audits, "audit.index"),
        (_keeps_registers, "audit.requests"),
    )
    return url_for(next((endpoint for holds, endpoint in begins if holds(actor)), "inbox.index"))


def _is_here(endpoint: str) -> bool:
    if endpoint in _PAGES_APART:
        return request.endpoint in _PAGES_APART[endpoint]
    same_part = request.blueprint == endpoint.partition(".")[0]
    return same_part and not any(request.endpoint in pages for pages in _PAGES_APART.values())
