"""Being away, as the account's page and the manager's ask for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from engine import clock
from engine.desk import set_absence
from engine.errors import AbsenceRefused, UserNotFound
from engine.types import Actor
from webapp.agencies import zone_of
from webapp.db import database
from webapp.errors import localized
from webapp.i18n import gettext
from webapp.times import local


@dataclass(frozen=True)
class Asked:
    """What somebody has filled in: days in ISO 8601, both of them included."""

    agency_id: str = ""
    user_id: str = ""
    substitute_id: str = ""
    first: str = ""
    last: str = ""

    @classmethod
    def of(cls, form: Mapping[str, str], **fixed: str) -> "Asked":
        """What a form has sent; ``fixed``: what it may not say."""
        names = ("agency_id", "user_id", "substitute_id", "first", "last")
        return cls(**{name: fixed.get(name, form.get(name, "")) for name in names})

    def at(self, agency_id: str) -> "Asked":
        """What was filled in for an agency; nothing where it was for another one."""
        return self if agency_id == self.agency_id else Asked(agency_id)


def today(agency_id: str) -> str:
    """The day in an agency, ISO 8601."""
    return local(clock.now(), zone_of(agency_id)).date().isoformat()


def note_absence(actor: Actor, asked: Asked) -> str:
    """Note an absence; why not, in words, where it cannot be; empty where it is done."""
    zone = ZoneInfo(zone_of(asked.agency_id))
    if not asked.user_id or not asked.substitute_id:
        return gettext("Choose who stands in.")
    try:
        first, last = date.fromisoformat(asked.first), date.fromisoformat(asked.last)
        starts = datetime.combine(first, time(), zone)
        ends = datetime.combine(last + timedelta(days=1), time(), zone)
    except (ValueError, OverflowError):
        return gettext("Choose the first and the last day.")
    try:
        set_absence(database(), actor, asked.agency_id, asked.user_id, asked.substitute_id, starts, ends)
    except AbsenceRefused as refused:
        return localized(refused)
    except UserNotFound:
        return gettext("Choose who stands in.")
    return ""
