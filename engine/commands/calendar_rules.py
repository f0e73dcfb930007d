"""What a calendar can say at all: one entry by itself, and beside the others."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Connection, Row, Select, and_, or_, select
from sqlalchemy.orm import aliased

from engine.deadlines import CalendarEntry, EntryKind, EntryStatus, OfficeHours
from engine.errors import N_, VariableInvalid
from engine.queries.calendars import profile_hours
from engine.store.tables import CalendarDay

NATIONAL = (EntryKind.YEAR, EntryKind.HOLIDAY, EntryKind.JOINT_LEAVE, EntryKind.RAMADAN)
OWN = (EntryKind.CLOSED, EntryKind.OPEN)
LONGEST_NAME, LONGEST_REASON, LONGEST_RUN = 200, 1000, 366
FIRST, LAST = date(2000, 1, 1), date(2100, 12, 31)

_ALONE = {
    EntryKind.YEAR: (EntryKind.YEAR,),
    EntryKind.RAMADAN: (EntryKind.RAMADAN,),
    EntryKind.HOLIDAY: (),
    EntryKind.JOINT_LEAVE: (),
    EntryKind.CLOSED: OWN,
    EntryKind.OPEN: OWN,
}
"""Kinds of which no two entries may have a day in common. Two feasts may fall on one day."""


def check_reason(reason: str) -> None:
    """Raise ``VariableInvalid`` unless a change says why."""
    if not reason.strip():
        raise VariableInvalid(name="reason", reason=N_("say why, so that colleagues understand it"))
    if len(reason) > LONGEST_REASON:
        raise VariableInvalid(name="reason", reason=N_("at most 1000 characters are allowed"))


def check_entry(entry: CalendarEntry, *, national: bool) -> None:
    """Raise ``VariableInvalid`` where an entry makes no sense. ``national``: the nation's, no agency's."""
    problem, name = "", "name"
    if entry.kind not in (NATIONAL if national else OWN):
        problem, name = N_("this kind of day cannot be entered here"), "kind"
    elif not entry.name.strip():
        problem = N_("write what day it is")
    elif len(entry.name) > LONGEST_NAME or len(entry.source) > LONGEST_NAME:
        problem = N_("at most 200 characters are allowed")
    elif not FIRST <= entry.first <= LAST or not FIRST <= entry.last <= LAST:
        problem, name = N_("a day between the years 2000 and 2100"), "first"
    elif entry.last < entry.first:
        problem, name = N_("the last day cannot be before the first"), "last"
    elif (entry.last - entry.first).days >= LONGEST_RUN:
        problem, name = N_("at most a year"), "last"
    elif entry.status is EntryStatus.ESTIMATED and entry.kind is not EntryKind.RAMADAN:
        problem, name = N_("only a Ramadan can be entered as an estimate"), "status"
    elif entry.spans and entry.kind is not EntryKind.OPEN:
        problem, name = N_("only a day on which people work has hours"), "hours"
    elif entry.kind is EntryKind.YEAR and (entry.first, entry.last) != _year(entry.first.year):
        problem, name = N_("from 1 January to 31 December of one year"), "first"
    if problem:
        raise VariableInvalid(name=name, reason=problem)


def check_hours(hours: OfficeHours) -> None:
    """Raise ``VariableInvalid`` where nobody would ever work, or from a day that no calendar has."""
    _check_work(hours, "hours")
    if not FIRST <= hours.since <= LAST:
        raise VariableInvalid(name="since", reason=N_("a day between the years 2000 and 2100"))


def check_profile(profile: Mapping[str, Any]) -> None:
    """Raise ``VariableInvalid`` where the ``zona`` of an agency's profile is no time zone, or its hours
    are none or leave nobody a day to work on."""
    _check_work(profile_hours(profile), "kalender")
    try:
        ZoneInfo(profile.get("zona", "Asia/Jakarta"))
    except (ZoneInfoNotFoundError, ValueError, TypeError):
        raise VariableInvalid(name="zona", reason=N_("it is no time zone, such as Asia/Jakarta")) from None


def _check_work(hours: OfficeHours, name: str) -> None:
    if not any(hours.ordinary) or not any(hours.ramadan):
        raise VariableInvalid(name=name, reason=N_("people must work on at least one day of the week"))


def check_neighbours(tx: Connection, agency_id: str | None, entry_id: str) -> None:
    """Raise ``VariableInvalid`` where an entry of a calendar, as it is in ``tx`` now, stands on another, or
    where a year that is known has no Ramadan: the hours of its days would be wrong in silence."""
    entry = tx.execute(select(CalendarDay.__table__).where(CalendarDay.id == entry_id)).one()
    if not entry.removed and tx.execute(_others(agency_id, entry)).first():
        raise VariableInvalid(name="first", reason=N_("the calendar has such an entry on that day already"))
    if agency_id is None and tx.execute(_YEARS_WITHOUT_RAMADAN).first():
        reason = N_("a year that is known needs its Ramadan: enter that first, as an estimate if need be")
        raise VariableInvalid(name="kind", reason=reason)


def _others(agency_id: str | None, entry: Row[Any]) -> Select[Any]:
    """Entries of the same calendar that cannot be beside this one."""
    alone = [kind.value for kind in _ALONE[EntryKind(entry.kind)]]
    meets = and_(CalendarDay.first_day <= entry.last_day, CalendarDay.last_day >= entry.first_day)
    same = and_(CalendarDay.kind == entry.kind, CalendarDay.name == entry.name)
    return (
        select(CalendarDay.id)
        .where(CalendarDay.agency_id.is_(None) if agency_id is None else CalendarDay.agency_id == agency_id)
        .where(CalendarDay.id != entry.id, CalendarDay.removed.is_(False))
        .where(meets, or_(CalendarDay.kind.in_(alone), same))
        .limit(1)
    )


_RAMADAN = aliased(CalendarDay)
_YEARS_WITHOUT_RAMADAN = (
    select(CalendarDay.id)
    .where(CalendarDay.kind == EntryKind.YEAR.value, CalendarDay.removed.is_(False))
    .where(
        ~select(_RAMADAN.id)
        .where(_RAMADAN.kind == EntryKind.RAMADAN.value, _RAMADAN.removed.is_(False))
        .where(_RAMADAN.first_day <= CalendarDay.last_day, _RAMADAN.last_day >= CalendarDay.first_day)
        .exists()
    )
    .limit(1)
)


def _year(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year, 12, 31)
