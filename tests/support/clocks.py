"""An office whose process has clocks, and a wall clock that a test sets."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

import engine
from engine import clock, desk
from engine.desk import CalendarEntry, ClockView
from engine.store import reading
from engine.store.tables import Job, ProcessInstance, UserTask
from engine.types import SYSTEM, InstanceView
from tests.support.office import HOME, PROFILE, Office
from webapp.cli.calendar_file import read_calendar

WIB = ZoneInfo("Asia/Jakarta")
MONDAY = "2026-04-06 09:00"
"""An ordinary Monday before an ordinary week: no holiday until 14 May."""


@cache
def nation() -> tuple[CalendarEntry, ...]:
    """The nation's calendar as Titian ships it."""
    return tuple(read_calendar(Path(__file__).parents[2] / "processes"))


def at(text: str) -> datetime:
    """``2026-04-06 09:00`` by the clocks of WIB."""
    return datetime.fromisoformat(text).replace(tzinfo=WIB)


def jam(clock_id: str = "batas", **keys: Any) -> dict[str, Any]:
    """A ``[[jam]]`` of the process ``p``: five working days from the receipt to the end, but for ``keys``."""
    given = {"id": clock_id, "layanan": "p", "nama": f"Jam {clock_id}", "jenis": "hari_kerja"}
    amount = {} if "jumlah_menurut" in keys else {"jumlah": 5}
    return given | amount | {"dari": "penerimaan", "sampai": ["selesai"]} | keys


@dataclass
class ClockedOffice:
    """``office`` with a calendar, and ``now``: puts the wall clock to a moment of ``at``."""

    office: Office
    now: Callable[[str], None]

    def declare(self, *clocks: dict[str, Any], **profile: Any) -> None:
        """Give the agency these clocks."""
        engine.put_agency(
            self.office.database, SYSTEM, HOME, "Uji", PROFILE | {"jam": list(clocks)} | profile
        )

    def views(self, case: InstanceView) -> dict[str, ClockView]:
        """The clocks of a case, by id."""
        return {view.clock_id: view for view in desk.case_clocks(self.office.database, SYSTEM, case.id)}

    def due(self, case: InstanceView, clock_id: str = "batas") -> str:
        """When a clock is due, as ``at`` reads it; ``-`` while nobody knows."""
        return said(self.views(case)[clock_id].due_at)

    def tasks(self, case: InstanceView) -> dict[str, tuple[str, str | None]]:
        """The open tasks: when each is due, and by which clock."""
        return {t.element_id: (said(t.due_at), t.clock_id) for t in self.office.tasks(case.id)}

    def case_due(self, case: InstanceView) -> str:
        """When the case is due."""
        with reading(self.office.database) as tx:
            query = select(ProcessInstance.due_at).where(ProcessInstance.id == case.id)
            return said(tx.scalars(query).one())

    def jobs(self, case: InstanceView, kind: str = "deadline") -> list[str]:
        """When the case's jobs of a kind are due."""
        with reading(self.office.database) as tx:
            query = select(Job.due_at).where(Job.instance_id == case.id, Job.kind == kind)
            return [said(due) for due in tx.scalars(query.order_by(Job.due_at))]

    def ring(self, moment: str) -> int:
        """Run what is due at a moment; how many jobs did something."""
        self.now(moment)
        return engine.run_due_jobs(self.office.database)

    def told(self, user_id: str) -> list[tuple[str, str]]:
        """What a person was told of deadlines, oldest first: (kind, clock)."""
        user = self.office.user(user_id)
        found = desk.list_notifications(self.office.database, user)
        return [(n.kind.value, str(n.about["clock_id"])) for n in reversed(found)]

    def heard(self, case: InstanceView) -> list[tuple[str, dict[str, Any]]]:
        """What the history tells of deadlines: (kind, details)."""
        told = self.office.history(case)
        return [(h.kind, h.details) for h in told if h.kind.startswith("deadline_")]

    def ended_task_dues(self, case: InstanceView) -> list[str]:
        """When the tasks that have ended were due."""
        with reading(self.office.database) as tx:
            query = select(UserTask.due_at).where(
                UserTask.instance_id == case.id, UserTask.ended_at.is_not(None)
            )
            return [said(due) for due in tx.scalars(query)]


def said(moment: datetime | None) -> str:
    """A moment as ``at`` reads it."""
    return "-" if moment is None else f"{moment.astimezone(WIB):%Y-%m-%d %H:%M}"


@pytest.fixture
def clocked(office: Office, monkeypatch: pytest.MonkeyPatch) -> ClockedOffice:
    """An office on ``MONDAY`` with the nation's calendar and no clocks yet."""
    return with_clocks(office, monkeypatch)


def with_clocks(office: Office, monkeypatch: pytest.MonkeyPatch) -> ClockedOffice:
    """What ``clocked`` is, of any office."""

    def put(moment: str) -> None:
        monkeypatch.setattr(clock, "now", lambda: at(moment).astimezone(ZoneInfo("UTC")))

    desk.seed_calendar(office.database, nation())
    put(MONDAY)
    return ClockedOffice(office, put)


def without_year(year: int) -> list[CalendarEntry]:
    """The nation's calendar while the decree of a year, and of later ones, is not known."""
    return [replace(entry) for entry in nation() if entry.first.year < year]
