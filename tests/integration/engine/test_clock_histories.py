"""Whatever happens to a case, its clocks are due when a slow reckoning from its story says so.

Random histories: steps are done, tokens moved by hand, the case is suspended, moved to another version and
back, its risk answered anew, the calendar and the profile changed. TITIAN_HISTORIES sets how many there are
(12 on each kind of database).
"""

import os
import random
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select

import engine
from engine import desk
from engine.commands.clock_filling import fill_clocks
from engine.commands.clock_mending import mend_clocks
from engine.desk import CalendarEntry, EntryKind, OfficeHours
from engine.queries.clocks import state_of
from engine.store import reading, writing
from engine.store.tables import Agency, CaseClock, Job
from engine.types import SYSTEM, InstanceView
from tests.integration.engine.models import drawn, task
from tests.support.clocks import MONDAY, WIB, ClockedOffice, at, clocked, jam, said
from tests.support.office import HOME
from tests.support.seeds import SEED
from tests.support.slow_clocks import Days, Happened, due_of, outcome_of, reckon
from tests.unit.interpreter.diagrams import process

__all__ = ["clocked"]

COUNT = int(os.environ.get("TITIAN_HISTORIES", "12"))
LENGTH = 25
SHORT, LONG = "abck", "abxck"
RISKS = {"tinggi": 24, "sedang": 48, "rendah": 100}
ACTS = ["move", "answer", "suspend", "migrate", "undo", "close", "hours", "amount", "shape", "ring"]
SATURDAYS = {"sabtu": "08.00-12.00"}


class RolledBack(Exception):
    pass


@dataclass
class History:
    """One case and its oracle. ``frozen``: the due time and the outcome that a clock has ended with;
    ``batch``: of the migration that may be undone."""

    clocked: ClockedOffice
    random: random.Random
    case: InstanceView = None  # type: ignore[assignment]
    now: datetime = field(default_factory=lambda: at(MONDAY).replace(tzinfo=None))
    jams: dict[str, dict[str, Any]] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    line: str = SHORT
    step: str | None = "a"
    risk: str | None = None
    suspended: bool = False
    batch: str | None = None
    days: Days = field(default_factory=Days)
    story: list[Happened] = field(default_factory=list)
    frozen: dict[str, tuple[datetime | None, str | None]] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)

    def begin(self) -> None:
        stops = [["selesai"], ["c"], ["b", "selesai"], ["k"]]
        kind = self.random.choice(["hari_kerja", "jam_kalender", "bulan_kalender", "menit_kerja"])
        amount = {"hari_kerja": 5, "jam_kalender": 60, "bulan_kalender": 1, "menit_kerja": 700}[kind]
        self.jams = {
            "satu": jam("satu", jenis=kind, jumlah=amount, dari=self._start(), sampai=self._one(stops)),
            "jeda": jam("jeda", jenis="menit_kerja", jumlah=self._one([75, 400]), berjalan_pada=["a", "c"])
            | {"dari": self._start(), "sampai": self._one(stops)},
            "risiko": jam("risiko", jenis="jam_kalender", jumlah_menurut="risiko", jumlah_nilai=RISKS)
            | {"sampai": self._one(stops)},
        }
        self._declare()
        for line in (LONG, SHORT):
            model = process("".join(task(s) for s in line), f"s > {' > '.join(line)} > e")
            self.versions[line] = self.clocked.office.deploy(drawn(model)).definitions[0].id
        self.case = self.clocked.office.start()
        self._tell()

    def go_on(self) -> None:
        self.now += timedelta(minutes=self._one([0, 7, 45, 200, 600, 1500, 4000]))
        self.clocked.now(f"{self.now:%Y-%m-%d %H:%M}")
        act = self._one([self.do] * 2 + [self.move] * 2 + [getattr(self, name) for name in ACTS])
        self.done.append(f"{self.now:%m-%d %H:%M} {act.__name__} {self.step}")
        act()
        if self.case_is_open:
            self.done[-1] += f" -> {self.step}"

    @property
    def case_is_open(self) -> bool:
        return self.step is not None

    def do(self) -> None:
        """Complete the step, unless the case is suspended."""
        assert self.step is not None
        if self.suspended:
            return
        self.risk = self._one([self.risk, self.risk, *RISKS])
        given = {"risiko": self.risk} if self.risk else {}
        self.clocked.office.do(self.case, self.step, **given)
        done, place = self.step, self.line.index(self.step) + 1
        self.step = self.line[place] if place < len(self.line) else None
        self.batch = None
        self._tell(completed=done)

    def move(self) -> None:
        to = self._one([s for s in self.line if s != self.step])
        begin = engine.Instruction("startBeforeActivity", element_id=to)
        gone = engine.Instruction("cancel", element_id=self.step or "")
        engine.modify_instance(
            self.clocked.office.database, self._manager, self.case.id, [begin, gone], "ulang"
        )
        for key, declared in self.jams.items():
            stops = [self.line.index(stop) for stop in declared["sampai"] if stop != "selesai"]
            if any(self.line.index(to) <= stop < self.line.index(self.step or "") for stop in stops):
                self.frozen.pop(key, None)  # what stops it now is to be done again
        self.step, self.batch = to, None
        self._tell(by_hand=True)

    def answer(self) -> None:
        """The manager sets the risk by hand."""
        self.risk = self._one(list(RISKS))
        values = {"risiko": self.risk}
        engine.set_variables(
            self.clocked.office.database, self._manager, self.case.id, values, reason="keliru"
        )
        self._tell()

    def suspend(self) -> None:
        act = engine.activate_instance if self.suspended else engine.suspend_instance
        act(self.clocked.office.database, self._manager, self.case.id)
        self.suspended = not self.suspended

    def migrate(self) -> None:
        if self.line == LONG:
            return
        source, target = self.versions[SHORT], self.versions[LONG]
        database = self.clocked.office.database
        report = engine.migrate_instances(database, self._manager, source, target)
        assert len(report.done) == 1
        self.line, self.batch = LONG, report.batch_id
        self._tell()

    def undo(self) -> None:
        if self.batch is not None:
            report = engine.undo_migration(self.clocked.office.database, self._manager, self.batch)
            if report.done:
                self.line = SHORT
                self._tell()
            self.batch = None

    def close(self) -> None:
        """The agency closes on a day, or does not after all."""
        database = self.clocked.office.database
        day = (self.now + timedelta(days=self.random.randrange(-5, 10))).date()
        if day in self.days.closed:
            kept = desk.kept_calendar(database, SYSTEM, HOME).entries
            [entry] = [e for e in kept if e.agency_id == HOME and e.entry.first == day]
            desk.remove_calendar_day(database, self._manager, HOME, entry.id, entry.revision, "keliru")
        else:
            entry_ = CalendarEntry(day, day, EntryKind.CLOSED, "Tutup")
            desk.put_calendar_day(database, self._manager, HOME, entry_, "Listrik padam")
        self.days.closed ^= {day}

    def hours(self) -> None:
        """From a day on, the agency works on Saturdays."""
        if self.days.saturdays is not None:
            return
        since = (self.now + timedelta(days=self.random.randrange(-9, 9))).date()
        [usual] = desk.kept_calendar(self.clocked.office.database, SYSTEM, HOME).hours
        ordinary = desk.parse_week(SATURDAYS, usual.hours.ordinary)
        new = OfficeHours(since, ordinary, usual.hours.ramadan)
        desk.put_office_hours(self.clocked.office.database, self._manager, HOME, new, "Pelayanan Sabtu")
        self.days.saturdays = since

    def amount(self) -> None:
        self.jams["satu"] = self.jams["satu"] | {"jumlah": self._one([2, 6, 30])}
        self.jams["jeda"] = self.jams["jeda"] | {"jumlah": self._one([30, 75, 400])}
        self._declare()

    def shape(self) -> None:
        """Another declaration of a clock, which is told anew. The history keeps no answers: the shortest time
        that one of them has chosen counts from the beginning."""
        key = self._one(list(self.jams))
        if key == "risiko" and key not in self.frozen:
            clock = reckon(self.jams[key], self.line, self.story)
            chosen = {hours: risk for risk, hours in RISKS.items()}.get(clock and clock.amount)
            self.story = [replace(event, risk=chosen) for event in self.story]
        if key == "jeda":
            self.jams[key] = self.jams[key] | {"berjalan_pada": self._one([["a", "c"], ["b", "k"], ["c"]])}
        elif key == "satu":
            self.jams[key] = self.jams[key] | {"dari": self._start()}
        self.jams[key] = self.jams[key] | {"sampai": self._one([["selesai"], ["c"], ["k", "selesai"]])}
        self._declare()

    def ring(self) -> None:
        engine.run_due_jobs(self.clocked.office.database)

    def check(self) -> None:
        """What is kept is what is reckoned, and nothing is left to be mended."""
        mend_clocks(self.clocked.office.database)  # one that runs again by a shape that it had before
        views = self.clocked.views(self.case)
        wanted = {key: self._reckoned(key) for key in self.jams}
        wanted = {key: each for key, each in wanted.items() if each is not None}
        found = {key: (said(v.due_at), v.outcome and v.outcome.value) for key, v in views.items()}
        assert found == {key: (_said(due), outcome) for key, (due, outcome) in wanted.items()}, self._told()
        assert mend_clocks(self.clocked.office.database) == 0, self._told()
        self._check_tasks(wanted)
        self._check_jobs()
        if self.case_is_open:
            self._check_retold()

    def _reckoned(self, key: str) -> tuple[datetime | None, str | None] | None:
        if key in self.frozen:
            return self.frozen[key]
        clock = reckon(self.jams[key], self.line, self.story)
        if clock is None:
            return None
        due = due_of(self.jams[key], clock, self.days)
        outcome = outcome_of(clock, due, clock.amount is not None)
        if clock.ended is not None:
            self.frozen[key] = due, outcome
        return due, outcome

    def _check_tasks(self, wanted: dict[str, tuple[datetime | None, str | None]]) -> None:
        open_ones = {key: due for key, (due, outcome) in wanted.items() if outcome is None}
        dues = [due for due in open_ones.values() if due is not None]
        assert self.clocked.case_due(self.case) == _said(min(dues, default=None)), self._told()
        if self.step is None:
            return
        for_step = [
            due
            for key, due in open_ones.items()
            if due is not None and self.step in self.jams[key].get("berjalan_pada", self.line)
        ]
        [(due, _)] = self.clocked.tasks(self.case).values()
        assert due == _said(min(for_step, default=None)), self._told()

    def _check_jobs(self) -> None:
        with reading(self.clocked.office.database) as tx:
            rows = tx.execute(select(CaseClock.__table__)).all()
            jobs = dict(tx.execute(select(Job.id, Job.due_at).where(Job.kind == "deadline")).all())
        rings = {row.id: state_of(row).rings_at for row in rows}
        assert jobs == {key: moment for key, moment in rings.items() if moment is not None}, self._told()

    def _check_retold(self) -> None:
        """The story that is told again ends alike, but for what it cannot know: answers of before, and clocks
        that ended by another calendar or declaration."""
        columns = ("runs", "due_at", "started_at", "ended_at")
        query = select(CaseClock.__table__).where(CaseClock.clock_id != "risiko")
        try:
            with writing(self.clocked.office.database) as tx:
                before = {row.clock_id: row for row in tx.execute(query)}
                tx.execute(delete(CaseClock))
                tx.execute(delete(Job))
                profile = tx.scalars(select(Agency.profile).where(Agency.id == HOME)).one()
                fill_clocks(tx, SYSTEM, HOME, profile)
                after = {row.clock_id: row for row in tx.execute(query)}
                raise RolledBack
        except RolledBack:
            pass
        for key, row in before.items():
            if row.ended_at is None:
                told = {name: getattr(after[key], name) for name in columns}
                assert told == {name: getattr(row, name) for name in columns}, (key, self._told())

    def _tell(self, **happened: Any) -> None:
        self.story.append(Happened(self.now, self.step, risk=self.risk, **happened))

    def _declare(self) -> None:
        self.clocked.declare(*self.jams.values())

    def _start(self) -> str:
        return self._one(["penerimaan", "penerimaan", "b"])

    def _one(self, choices: list[Any]) -> Any:
        return self.random.choice(choices)

    @property
    def _manager(self) -> Any:
        return self.clocked.office.user("manajer")

    def _told(self) -> str:
        return "\n".join([*map(str, self.jams.values()), *self.done])


def _said(moment: datetime | None) -> str:
    return said(moment.replace(tzinfo=WIB) if moment else None)


@pytest.mark.property
@pytest.mark.parametrize("number", range(COUNT))
def test_a_clock_is_due_when_the_story_of_its_case_says_so(clocked: ClockedOffice, number: int) -> None:
    history = History(clocked, random.Random(f"{SEED} {number}"))
    history.begin()
    history.check()
    for _ in range(LENGTH):
        if not history.case_is_open:
            break
        history.go_on()
        history.check()
