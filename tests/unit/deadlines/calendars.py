"""The nation's calendar as Titian ships it, for tests of what an agency's clocks make of it."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from engine.deadlines import PERPRES_21_2023, Calendar, CalendarEntry
from webapp.cli.calendar_file import read_calendar

WIB = ZoneInfo("Asia/Jakarta")
NATION = tuple(read_calendar(Path(__file__).parents[3] / "processes"))


def calendar(*own: CalendarEntry, joint_leave_off: bool = True, **options: object) -> Calendar:
    """A calendar of the nation's days and an agency's ``own``."""
    given = {"zone": WIB, "hours": (PERPRES_21_2023,), "entries": (*NATION, *own)} | options
    return Calendar(joint_leave_off=joint_leave_off, **given)  # type: ignore[arg-type]


OFF = calendar()
WORKING = calendar(joint_leave_off=False)


def at(text: str) -> datetime:
    """``2026-03-16 09:00`` by the clocks of WIB."""
    return datetime.fromisoformat(text).replace(tzinfo=WIB)
