"""Keeping calendars: an agency's days and office hours by its manager, the nation's days by administrators.

Every change is made inside of ``changing_calendar``, says why, and is kept with who made it. Whoever changes
an entry names the revision that was looked at, so nobody overwrites what somebody else has just changed.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, insert, select, update
from uuid_utils import uuid7

from engine import access, clock
from engine.access import Action
from engine.catalog import change_catalog
from engine.commands.calendar_rules import check_entry, check_hours, check_neighbours, check_reason
from engine.commands.deadlines import recompute
from engine.deadlines import CalendarEntry, OfficeHours, spans_text, week_text
from engine.errors import N_, AgencyNotFound, ResourceNotFound, StateConflict
from engine.record import record
from engine.store import Database, writing
from engine.store.tables import Agency, CalendarChange, CalendarDay, OfficeWeek, table_of
from engine.types import Actor, RecordAction

_CHANGED_MEANWHILE = N_("Somebody else has changed this entry in the meantime. Look at it again.")


@contextmanager
def changing_calendar(database: Database, actor: Actor, agency_id: str | None) -> Iterator[Connection]:
    """One transaction that changes the calendar of an agency (None: the nation's, and so everybody's).

    At its end open deadlines are worked out anew, and every server forgets the calendars that it remembers.
    """
    with writing(database) as tx:
        change_catalog(tx)
        yield tx
        recompute(tx, agency_id, actor=actor)


def put_calendar_day(
    database: Database,
    actor: Actor,
    agency_id: str | None,
    entry: CalendarEntry,
    reason: str,
    *,
    entry_id: str | None = None,
    revision: int = 0,
) -> str:
    """Add an entry to the calendar of an agency (None: the nation's), or change the one with ``entry_id``,
    which was seen as ``revision``. Returns its id.

    Raises ``AgencyNotFound``, ``ResourceNotFound``, ``ActionForbidden``, ``VariableInvalid`` (the reason is a
    sentence for whoever typed it) and ``StateConflict`` where somebody else was faster.
    """
    _require_keeper(actor, agency_id)
    check_reason(reason)
    check_entry(entry, national=agency_id is None)
    with changing_calendar(database, actor, agency_id) as tx:
        _require_agency(tx, agency_id)
        table, after = table_of(CalendarDay), day_values(entry)
        before = None
        if entry_id is None:
            entry_id = str(uuid7())
            tx.execute(
                insert(table).values(**after, id=entry_id, agency_id=agency_id, revision=1, removed=False)
            )
        else:
            before = _values(_known(tx, agency_id, entry_id))
            _write(tx, entry_id, revision, after)
        check_neighbours(tx, agency_id, entry_id)
        _tell(tx, actor, agency_id, entry_id, before, after, reason)
    return entry_id


def remove_calendar_day(
    database: Database, actor: Actor, agency_id: str | None, entry_id: str, revision: int, reason: str
) -> None:
    """Take an entry out of the calendar of an agency (None: the nation's). No release brings it back.

    Raises as ``put_calendar_day``.
    """
    _require_keeper(actor, agency_id)
    check_reason(reason)
    with changing_calendar(database, actor, agency_id) as tx:
        before = _values(_known(tx, agency_id, entry_id))
        _write(tx, entry_id, revision, {"removed": True})
        check_neighbours(tx, agency_id, entry_id)
        _tell(tx, actor, agency_id, entry_id, before, None, reason)


def put_office_hours(
    database: Database, actor: Actor, agency_id: str, hours: OfficeHours, reason: str, revision: int = 0
) -> None:
    """Give an agency office hours from ``hours.since`` on; ``revision``: as they were seen, 0 where there
    were none from that day on.

    Raises ``AgencyNotFound``, ``ActionForbidden``, ``VariableInvalid``, ``StateConflict``.
    """
    _require_keeper(actor, agency_id)
    check_reason(reason)
    check_hours(hours)
    after = {"ordinary": week_text(hours.ordinary), "ramadan": week_text(hours.ramadan)}
    with changing_calendar(database, actor, agency_id) as tx:
        _require_agency(tx, agency_id)
        table, which = table_of(OfficeWeek), _week(agency_id, hours)
        before = tx.execute(select(OfficeWeek.ordinary, OfficeWeek.ramadan).where(which)).one_or_none()
        if before is None and revision == 0:
            row = {"agency_id": agency_id, "since": hours.since, "revision": 1}
            tx.execute(insert(table).values(**row, **after))
        else:
            seen = update(table).where(which, table.c.revision == revision)
            _require_one(tx.execute(seen.values(**after, revision=revision + 1)).rowcount)
        _tell(
            tx,
            actor,
            agency_id,
            f"hours {hours.since}",
            dict(before._mapping) if before else None,
            after,
            reason,
        )


def remove_office_hours(
    database: Database, actor: Actor, agency_id: str, hours: OfficeHours, revision: int, reason: str
) -> None:
    """Take away the office hours that an agency has from ``hours.since`` on: those before hold on.

    Raises ``ActionForbidden``, ``VariableInvalid``, ``StateConflict``.
    """
    _require_keeper(actor, agency_id)
    check_reason(reason)
    with changing_calendar(database, actor, agency_id) as tx:
        seen = delete(OfficeWeek).where(_week(agency_id, hours), OfficeWeek.revision == revision)
        _require_one(tx.execute(seen).rowcount)
        before = {"ordinary": week_text(hours.ordinary), "ramadan": week_text(hours.ramadan)}
        _tell(tx, actor, agency_id, f"hours {hours.since}", before, None, reason)


def day_values(entry: CalendarEntry) -> dict[str, Any]:
    """The columns of ``calendar_day`` that say what an entry says."""
    return {
        "first_day": entry.first,
        "last_day": entry.last,
        "kind": entry.kind.value,
        "name": entry.name,
        "source": entry.source,
        "status": entry.status.value,
        "hours": spans_text(entry.spans),
    }


def _require_keeper(actor: Actor, agency_id: str | None) -> None:
    if agency_id is None:
        access.require(actor, Action.ADMINISTER)
    elif not access.may(actor, Action.SEE_AGENCY, agency_id):
        raise AgencyNotFound(id=agency_id)
    else:
        access.require(actor, Action.KEEP_CALENDAR, agency_id)


def _require_agency(tx: Connection, agency_id: str | None) -> None:
    if agency_id is not None and tx.scalar(select(Agency.id).where(Agency.id == agency_id)) is None:
        raise AgencyNotFound(id=agency_id)


def _known(tx: Connection, agency_id: str | None, entry_id: str) -> Row[Any]:
    table = CalendarDay.__table__
    whose = CalendarDay.agency_id.is_(None) if agency_id is None else CalendarDay.agency_id == agency_id
    row = tx.execute(select(table).where(CalendarDay.id == entry_id, whose)).one_or_none()
    if row is None:
        raise ResourceNotFound(id=entry_id)
    return row


def _write(tx: Connection, entry_id: str, revision: int, values: Mapping[str, Any]) -> None:
    """Change an entry that is there and was seen as it is."""
    seen = and_(CalendarDay.id == entry_id, CalendarDay.revision == revision, CalendarDay.removed.is_(False))
    change = update(CalendarDay).where(seen).values(**values, revision=revision + 1)
    _require_one(tx.execute(change).rowcount)


def _require_one(changed: int) -> None:
    if changed != 1:
        raise StateConflict(_CHANGED_MEANWHILE)


def _week(agency_id: str, hours: OfficeHours) -> Any:
    return and_(OfficeWeek.agency_id == agency_id, OfficeWeek.since == hours.since)


def _values(row: Row[Any]) -> dict[str, Any]:
    names = ("first_day", "last_day", "kind", "name", "source", "status", "hours")
    return {name: getattr(row, name) for name in names}


def _tell(
    tx: Connection,
    actor: Actor,
    agency_id: str | None,
    subject: str,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
    reason: str,
) -> None:
    """Keep who changed what and why, and note it in the access log."""
    tx.execute(
        insert(CalendarChange).values(
            id=str(uuid7()),
            agency_id=agency_id,
            subject=subject,
            before=before,
            after=after,
            reason=reason.strip(),
            changed_by=actor.user_id,
            changed_at=clock.now(),
        )
    )
    record(tx, actor, RecordAction.CHANGE_CALENDAR, agency_id=agency_id, subject=f"calendar:{subject}")
