"""Registration numbers: ``<AGENCY>-<year>-<running number>``, drawn atomically, never used twice."""

import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from engine.errors import VariableInvalid
from engine.store.tables import RegistrationCounter


def draw_number(tx: Connection, agency_id: str, zone: ZoneInfo, at: datetime) -> str:
    """The next number of an agency for the year that ``at`` falls in there, e.g. ``PASURUAN-2026-0142``.

    The counter grows in the caller's transaction: two commands never draw the same number, and a command
    that is rolled back leaves no gap.
    """
    year = at.astimezone(zone).year
    insert: Any = (sqlite if tx.dialect.name == "sqlite" else postgresql).insert(RegistrationCounter)
    statement = insert.values(agency_id=agency_id, year=year, last=1).on_conflict_do_update(
        index_elements=["agency_id", "year"], set_={"last": RegistrationCounter.last + 1}
    )
    number = tx.execute(statement.returning(RegistrationCounter.last)).scalar_one()
    return f"{agency_id.upper()}-{year}-{number:04d}"


def check_business_key(agency_id: str, business_key: str) -> None:
    """Refuse a caller's own business key where it could be taken for a number that we draw."""
    if not 0 < len(business_key) <= 255 or not business_key.isprintable():
        raise VariableInvalid(name="businessKey", reason="1 to 255 printable characters are allowed")
    if re.fullmatch(rf"{re.escape(agency_id)}-\d{{4}}-\d+", business_key, re.IGNORECASE):
        raise VariableInvalid(name="businessKey", reason="registration numbers are drawn by the system")
