"""Entering a day of a calendar, changing it, taking it out: each with a reason."""

from dataclasses import dataclass, replace
from typing import Any

from flask import flash, render_template, request

from engine.desk import (
    CalendarEntry,
    EntryKind,
    EntryStatus,
    KeptEntry,
    get_entry,
    parse_spans,
    put_calendar_day,
    remove_calendar_day,
    spans_text,
)
from engine.errors import N_, ResourceNotFound, StateConflict, VariableInvalid
from webapp.auth import current_actor
from webapp.calendar.part import (
    Answer,
    Problems,
    blueprint,
    chosen,
    day_of,
    of_removal,
    owner_name,
    refusal,
    require_keeper,
    sent,
    sent_revision,
    this_day,
    to_year,
)
from webapp.calendar.words import KINDS
from webapp.db import database
from webapp.deadlines.words import days_words
from webapp.i18n import gettext

NATIONAL = (EntryKind.HOLIDAY, EntryKind.JOINT_LEAVE, EntryKind.RAMADAN, EntryKind.YEAR)
OWN = (EntryKind.CLOSED, EntryKind.OPEN)


@dataclass(frozen=True)
class Filled:
    """What stands in the form, as texts."""

    kind: str
    first: str
    last: str = ""
    name: str = ""
    source: str = ""
    estimated: bool = False
    hours: str = ""
    reason: str = ""
    revision: int = 0


@blueprint.get("/days/new")
def new_day() -> str:
    """The form for another entry, of the agency that the address names or (administrators) of the nation."""
    agency_id = chosen()
    require_keeper(agency_id)
    first = day_of(request.args.get("day", "")) or this_day(agency_id)
    return _form(agency_id, Filled(_kinds(agency_id)[0].value, first.isoformat()))


@blueprint.post("/days")
def add_day() -> Answer:
    """Enter it; what is wrong comes back with the form."""
    agency_id = chosen()
    require_keeper(agency_id)
    return _save(agency_id, None)


@blueprint.get("/days/<entry_id>")
def day(entry_id: str) -> str:
    """One entry, to change or to take out."""
    kept = _kept(entry_id)
    return _form(kept.agency_id, _filled(kept), kept)


@blueprint.post("/days/<entry_id>")
def change_day(entry_id: str) -> Answer:
    """Change it; what is wrong, and what somebody else has changed meanwhile, comes back with the form."""
    kept = _kept(entry_id)
    return _save(kept.agency_id, kept)


@blueprint.post("/days/<entry_id>/remove")
def remove_day(entry_id: str) -> Answer:
    """Take it out of the calendar."""
    kept = _kept(entry_id)
    reason = sent("reason")
    try:
        remove_calendar_day(database(), current_actor(), kept.agency_id, kept.id, sent_revision(), reason)
    except (VariableInvalid, StateConflict) as error:
        problems, status = refusal(error, "name")
        return _form(kept.agency_id, _filled(kept), kept, of_removal(problems), removal=reason), status
    flash(gettext("%(name)s is not in the calendar any more.", name=kept.entry.name), "success")
    return to_year(kept.agency_id, kept.entry.first)


def _save(agency_id: str | None, kept: KeptEntry | None) -> Answer:
    filled = _sent()
    try:
        entry = _entry(filled)
        change: dict[str, Any] = {"entry_id": kept.id, "revision": filled.revision} if kept else {}
        put_calendar_day(database(), current_actor(), agency_id, entry, filled.reason, **change)
    except (VariableInvalid, StateConflict, ResourceNotFound) as error:
        problems, status = refusal(error, "name")
        if meanwhile := status == 409:
            # What was typed stays; saved again, it counts for what the calendar says now, which stands above.
            filled = replace(filled, revision=kept.revision if kept else 0)
        return _form(agency_id, filled, kept, problems, meanwhile=meanwhile), status
    flash(gettext("%(name)s is in the calendar.", name=entry.name), "success")
    return to_year(agency_id, entry.first)


def _kept(entry_id: str) -> KeptEntry:
    """An entry that the reader keeps. Raises ``ResourceNotFound``; aborts with 403 for who may only read."""
    kept = get_entry(database(), current_actor(), entry_id)
    require_keeper(kept.agency_id)
    return kept


def _form(
    agency_id: str | None,
    filled: Filled,
    kept: KeptEntry | None = None,
    problems: Problems | None = None,
    *,
    meanwhile: bool = False,
    removal: str = "",
) -> str:
    """``meanwhile``: somebody else has changed the entry; ``removal``: why it was to be taken out."""
    return render_template(
        "calendar/day.html",
        agency_id=agency_id or "",
        owner=owner_name(agency_id),
        filled=filled,
        kept=kept,
        problems=problems or {},
        meanwhile=meanwhile,
        removal=removal,
        kinds=[(kind.value, KINDS[kind]) for kind in _kinds(agency_id)],
        national=agency_id is None,
        days_words=days_words,
        year=(kept.entry.first if kept else this_day(agency_id)).year,
    )


def _kinds(agency_id: str | None) -> tuple[EntryKind, ...]:
    return NATIONAL if agency_id is None else OWN


def _sent() -> Filled:
    names = ("kind", "first", "last", "name", "source", "hours", "reason")
    texts = {name: sent(name) for name in names}
    return Filled(**texts, estimated="estimated" in request.form, revision=sent_revision())


def _filled(kept: KeptEntry) -> Filled:
    entry = kept.entry
    last = entry.last.isoformat() if entry.last != entry.first else ""
    estimated = entry.status is EntryStatus.ESTIMATED
    texts = (entry.kind.value, entry.first.isoformat(), last, entry.name, entry.source)
    return Filled(*texts, estimated=estimated, hours=spans_text(entry.spans), revision=kept.revision)


def _entry(filled: Filled) -> CalendarEntry:
    """What the form says. Raises ``VariableInvalid`` with the name of a field."""
    first = day_of(filled.first)
    last = day_of(filled.last) if filled.last else first
    if first is None or last is None:
        raise VariableInvalid(name="last" if first else "first", reason=N_("choose a day"))
    if filled.kind not in set(EntryKind):
        raise VariableInvalid(name="kind", reason=N_("choose what kind of day it is"))
    status = EntryStatus.ESTIMATED if filled.estimated else EntryStatus.FIXED
    spans = parse_spans(filled.hours)
    return CalendarEntry(first, last, EntryKind(filled.kind), filled.name, filled.source, status, spans)
