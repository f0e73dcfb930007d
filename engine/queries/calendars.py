"""The calendar of an agency, as its clocks need it, and as people keep it."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import ColumnElement, Connection, Row, or_, select

from engine import access
from engine.access import Action
from engine.catalog import remembered, zone_of
from engine.deadlines import (
    PERPRES_21_2023,
    Calendar,
    CalendarEntry,
    EntryKind,
    EntryStatus,
    OfficeHours,
    parse_spans,
    parse_week,
)
from engine.errors import AgencyNotFound, InputInvalid, ResourceNotFound
from engine.store import Database, reading
from engine.store.tables import Agency, CalendarChange, CalendarDay, OfficeWeek
from engine.types import Actor


@dataclass(frozen=True)
class KeptEntry:
    """An entry of a calendar with what its keeper needs. ``agency_id``: None for the whole nation's;
    ``revision``: to be given back by whoever changes it."""

    id: str
    agency_id: str | None
    entry: CalendarEntry
    revision: int


@dataclass(frozen=True)
class KeptHours:
    """Office hours of an agency with the revision that whoever changes them gives back; 0: the profile's."""

    hours: OfficeHours
    revision: int


@dataclass(frozen=True)
class CalendarChangeView:
    """Who changed what, when and why. ``before``, ``after``: columns of the entry, or the weeks of office
    hours; None where there was, or is, nothing."""

    agency_id: str | None
    subject: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    reason: str
    changed_by: str
    changed_at: datetime


@dataclass(frozen=True)
class KeptCalendar:
    """A calendar as its keepers see it. ``changes``: the newest first."""

    calendar: Calendar
    entries: tuple[KeptEntry, ...]
    hours: tuple[KeptHours, ...]
    changes: tuple[CalendarChangeView, ...]


def calendar_of(tx: Connection, agency_id: str) -> Calendar:
    """The calendar of an agency: the nation's days, its own, and its office hours. Made once a process, and
    anew after any change, on every server (``engine.catalog.remembered``)."""

    def find() -> Calendar:
        profile = tx.scalars(select(Agency.profile).where(Agency.id == agency_id)).one()
        hours = tuple(kept.hours for kept in _hours(tx, agency_id, profile))
        entries = tuple(kept.entry for kept in _entries(tx, agency_id))
        leave_off = profile.get("kalender", {}).get("cuti_bersama_libur", True)
        return Calendar(zone_of(tx, agency_id), hours, entries, leave_off)

    return remembered(tx, ("calendar", agency_id), find)


def get_calendar(database: Database, actor: Actor, agency_id: str) -> Calendar:
    """``calendar_of``, for whoever may see the agency. Raises ``AgencyNotFound``."""
    with reading(database) as tx:
        _profile(tx, actor, agency_id)
        return calendar_of(tx, agency_id)


def kept_calendar(database: Database, actor: Actor, agency_id: str | None, changes: int = 20) -> KeptCalendar:
    """The calendar of an agency, or the nation's (None), with what its keepers need; the last ``changes`` of
    it. Raises ``AgencyNotFound``."""
    with reading(database) as tx:
        profile = {} if agency_id is None else _profile(tx, actor, agency_id)
        entries, hours = tuple(_entries(tx, agency_id)), tuple(_hours(tx, agency_id, profile))
        weeks, days = tuple(kept.hours for kept in hours), tuple(kept.entry for kept in entries)
        nation = Calendar(ZoneInfo("Asia/Jakarta"), weeks, days)
        calendar = nation if agency_id is None else calendar_of(tx, agency_id)
        return KeptCalendar(calendar, entries, hours, tuple(_changes(tx, agency_id, changes)))


def get_entry(database: Database, actor: Actor, entry_id: str) -> KeptEntry:
    """One entry: of the nation's calendar, or of an agency that the actor may see.

    Raises ``ResourceNotFound``.
    """
    table = CalendarDay.__table__
    with reading(database) as tx:
        there = select(table).where(CalendarDay.id == entry_id, CalendarDay.removed.is_(False))
        row = tx.execute(there).one_or_none()
    if row is None or not (row.agency_id is None or access.may(actor, Action.SEE_AGENCY, row.agency_id)):
        raise ResourceNotFound(id=entry_id)
    return _kept(row)


def keeps_calendar(actor: Actor, agency_id: str | None) -> bool:
    """Whether somebody may change the calendar of an agency, or (None) the nation's."""
    if agency_id is None:
        return access.may(actor, Action.ADMINISTER)
    return access.may(actor, Action.KEEP_CALENDAR, agency_id)


PROFILE_FAULTS = (InputInvalid, ZoneInfoNotFoundError, ValueError)
"""What a calendar or a clock cannot be made for: a profile that was never checked."""


def profile_hours(profile: Mapping[str, Any]) -> OfficeHours:
    """The office hours of an agency's profile (``[kalender.jam]``, ``[kalender.jam_ramadan]``); days that it
    does not name are those of Perpres 21/2023. Raises ``VariableInvalid``."""
    given = profile.get("kalender", {})
    return OfficeHours(
        date.min,
        parse_week(given.get("jam", {}), PERPRES_21_2023.ordinary),
        parse_week(given.get("jam_ramadan", {}), PERPRES_21_2023.ramadan),
    )


def _profile(tx: Connection, actor: Actor, agency_id: str) -> Mapping[str, Any]:
    profile = tx.scalars(select(Agency.profile).where(Agency.id == agency_id)).one_or_none()
    if profile is None or not access.may(actor, Action.SEE_AGENCY, agency_id):
        raise AgencyNotFound(id=agency_id)
    found: Mapping[str, Any] = profile
    return found


def _hours(tx: Connection, agency_id: str | None, profile: Mapping[str, Any]) -> list[KeptHours]:
    """Those of the profile first, which hold from the beginning of time."""
    table = OfficeWeek.__table__
    rows = tx.execute(select(table).where(OfficeWeek.agency_id == agency_id).order_by(OfficeWeek.since))
    own = [
        KeptHours(OfficeHours(row.since, parse_week(row.ordinary), parse_week(row.ramadan)), row.revision)
        for row in rows
    ]
    return [KeptHours(profile_hours(profile), 0), *own]


def _entries(tx: Connection, agency_id: str | None) -> list[KeptEntry]:
    """The nation's and the agency's, by first day."""
    table = CalendarDay.__table__
    query = select(table).where(_of(CalendarDay, agency_id), CalendarDay.removed.is_(False))
    return [_kept(row) for row in tx.execute(query.order_by(CalendarDay.first_day, CalendarDay.id))]


def _of(table: type[CalendarDay | CalendarChange], agency_id: str | None) -> ColumnElement[bool]:
    """What is the nation's, or the agency's."""
    national = table.agency_id.is_(None)
    return national if agency_id is None else or_(national, table.agency_id == agency_id)


def _kept(row: Row[Any]) -> KeptEntry:
    kind, status = EntryKind(row.kind), EntryStatus(row.status)
    days = (row.first_day, row.last_day)
    entry = CalendarEntry(*days, kind, row.name, row.source, status, parse_spans(row.hours))
    return KeptEntry(row.id, row.agency_id, entry, row.revision)


def _changes(tx: Connection, agency_id: str | None, most: int) -> list[CalendarChangeView]:
    names = [field.name for field in fields(CalendarChangeView)]
    columns = [CalendarChange.__table__.c[name] for name in names]
    query = select(*columns).where(_of(CalendarChange, agency_id))
    newest = query.order_by(CalendarChange.changed_at.desc(), CalendarChange.id.desc()).limit(most)
    return [CalendarChangeView(**row) for row in tx.execute(newest).mappings()]
