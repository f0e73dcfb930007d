"""Why a deadline is when it is, as data: what was counted, what was skipped, and which rule said so."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum


class ReasonKind(StrEnum):
    """What happened to a run of days on the way to a deadline."""

    RECEIVED = "received"
    """The day of receipt, which is not counted."""
    COUNTED = "counted"
    """Working days (``days``), or working time on one day (``time``, from ``since`` until ``until``)."""
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    JOINT_LEAVE = "joint_leave"
    """Cuti bersama, skipped."""
    CLOSED = "closed"
    """A day on which this agency is closed."""
    JOINT_LEAVE_WORKED = "joint_leave_worked"
    """Cuti bersama, counted because this agency works then."""
    OPENED = "opened"
    """A day on which this agency works though others do not, or at other hours than else."""
    OUTSIDE_HOURS = "outside_hours"
    """A clock of minutes that began outside office hours, at ``since``."""
    BREAK = "break"
    """Between ``since`` and ``until`` the office has its break."""
    RAMADAN = "ramadan"
    """The hours of Ramadan were used; ``estimated`` while the government has not fixed the month."""
    CLAMPED = "clamped"
    """The month has no such day, so it is its last."""
    UNKNOWN = "unknown"
    """From ``first`` on the calendar has not been published: there is no deadline yet."""


@dataclass(frozen=True)
class Reason:
    """``first`` to ``last``: the days it is about; ``name`` and ``source``: of the calendar's entry."""

    kind: ReasonKind
    first: date
    last: date
    name: str = ""
    source: str = ""
    days: int = 0
    time: timedelta = timedelta()
    since: datetime | None = None
    until: datetime | None = None
    estimated: bool = False


class Reasons:
    """Collects reasons in the order of days; what goes on for days in a row becomes one."""

    def __init__(self) -> None:
        self._list: list[Reason] = []

    def add(self, reason: Reason) -> None:
        """Note a reason, as a part of the last one where it goes on from there; a Ramadan only once."""
        for place in range(len(self._list) - 1, -1, -1):
            before = self._list[place]
            if before.kind is reason.kind and _goes_on(before, reason):
                self._list[place] = replace(before, last=reason.last, days=before.days + reason.days)
                return
            if reason.kind is not ReasonKind.RAMADAN:
                break
        self._list.append(reason)

    def all(self) -> tuple[Reason, ...]:
        """What has been noted."""
        return tuple(self._list)


def _goes_on(before: Reason, reason: Reason) -> bool:
    """Two reasons of one kind that are one: of one entry, on days that touch, and not of parts of days."""
    if before.since or reason.since:
        return False
    same = (before.name, before.source, before.estimated) == (reason.name, reason.source, reason.estimated)
    if reason.kind is ReasonKind.RAMADAN:
        return same
    return same and before.last + timedelta(days=1) == reason.first
