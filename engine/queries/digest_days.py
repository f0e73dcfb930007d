"""The days on which somebody gets a digest: those on which an agency of theirs works."""

import logging
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from engine import clock
from engine.deadlines import Calendar, ReasonKind
from engine.queries.calendars import PROFILE_FAULTS, calendar_of
from engine.store.tables import Membership

DEFAULT_ZONE = "Asia/Jakarta"
LOOKED_AT = 7
"""Days that are looked through for one on which people work."""

_log = logging.getLogger(__name__)


def digest_due(tx: Connection, user_id: str, hour: int, after: datetime) -> datetime:
    """The next time, after a moment, that it is ``hour`` o'clock at the user's agency (the first of several)
    on a day that is not off in all of them; whoever is of none gets one every day.

    Where a whole week is off, it is looked at again after that: a calendar may change.
    """
    calendars = _calendars(tx, user_id)
    zone = calendars[0].zone if calendars else ZoneInfo(DEFAULT_ZONE)
    local = after.astimezone(zone).replace(hour=hour, minute=0, second=0, microsecond=0)
    first = local if local > after else local + timedelta(days=1)
    last = first + timedelta(days=LOOKED_AT)
    days = (first + timedelta(days=number) for number in range(LOOKED_AT))
    found = next((moment for moment in days if not _off_in_all(calendars, moment)), last)
    return found.astimezone(clock.now().tzinfo)


def is_day_off(tx: Connection, user_id: str, moment: datetime) -> bool:
    """Whether nobody works at a moment's day in any agency of the user."""
    return _off_in_all(_calendars(tx, user_id), moment)


def _calendars(tx: Connection, user_id: str) -> list[Calendar]:
    of_user = select(Membership.agency_id).where(Membership.user_id == user_id).distinct()
    agency_ids = tx.scalars(of_user.order_by(Membership.agency_id)).all()
    found = []
    for agency_id in agency_ids:
        try:
            found.append(calendar_of(tx, agency_id))
        except PROFILE_FAULTS:  # nobody else goes without a mail for it
            _log.exception("%s has no calendar: its profile is not valid", agency_id)
    return found


def _off_in_all(calendars: list[Calendar], moment: datetime) -> bool:
    days = [(calendar, calendar.local(moment).date()) for calendar in calendars]
    return bool(days) and all(_is_off(calendar, day) for calendar, day in days)


def _is_off(calendar: Calendar, day: date) -> bool:
    """Beyond the last year that is known only weekends are days off: a summary too many does no harm."""
    found = calendar.day(day)
    return not found.spans and (calendar.knows(day) or found.why is ReasonKind.WEEKEND)
