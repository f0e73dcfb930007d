"""Steps that wait while a calendar or a profile is being changed (PostgreSQL; SQLite has one writer): what
has changed counts for them."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from sqlalchemy import Connection

import engine
from engine import desk
from engine.commands.clock_mending import mend_clocks
from engine.desk import CalendarEntry, EntryKind
from engine.store import writing
from engine.types import SYSTEM, InstanceView
from tests.integration.engine.models import drawn, tasks
from tests.support.clocks import ClockedOffice, jam, with_clocks
from tests.support.keys import open_database
from tests.support.office import HOME, PROFILE, open_office
from tests.support.waiting import while_held
from tests.unit.interpreter.diagrams import process

LINE = process(tasks("a", "b", "c"), "s > a > b > c > e")
PAUSING = jam(jenis="menit_kerja", jumlah=75, berjalan_pada=["a", "c"])


@pytest.fixture
def clocked(postgresql_only: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[ClockedOffice]:
    database = open_database(postgresql_only)
    yield with_clocks(open_office(database), monkeypatch)
    database.dispose()


def closed(clocked: ClockedOffice, tx: Connection, day: str) -> None:
    entry = CalendarEntry(date.fromisoformat(day), date.fromisoformat(day), EntryKind.CLOSED, "Tutup")
    desk.put_calendar_day(tx, clocked.office.user("manajer"), HOME, entry, "Listrik padam")


def declare(tx: Connection, *clocks: dict[str, object]) -> None:
    engine.put_agency(tx, SYSTEM, HOME, "Uji", PROFILE | {"jam": list(clocks)})


def does(clocked: ClockedOffice, case: InstanceView, step: str) -> Callable[[], object]:
    """Completes a step of a case, later."""
    [task] = clocked.office.tasks(case.id, step)
    actor = clocked.office.user("petugas")
    return lambda: engine.complete_task(clocked.office.database, actor, task.id, {})


def while_changing(
    clocked: ClockedOffice, change: Callable[[Connection], None], step: Callable[[], object]
) -> None:
    """Make a change and, before it is committed, a step on another connection, which waits for it."""
    with while_held(clocked.office.database, change, step):
        pass


def started_beside_a_change(clocked: ClockedOffice) -> InstanceView:
    """A case that starts while the agency closes on 8 April: neither sees the other."""
    clocked.declare(jam())
    clocked.office.deploy(drawn(LINE))
    petugas = clocked.office.user("petugas")
    with writing(clocked.office.database) as beginning:
        case = engine.start_instance(beginning, petugas, HOME, "p", {})
        with writing(clocked.office.database) as tx:
            closed(clocked, tx, "2026-04-08")
    return case


def test_a_step_that_waited_for_a_calendar_goes_on_with_the_new_one(clocked: ClockedOffice) -> None:
    clocked.declare(PAUSING)
    clocked.office.deploy(drawn(LINE))
    case, other = clocked.office.start(), clocked.office.start()
    clocked.now("2026-04-06 09:30")
    for each in (case, other):
        clocked.office.do(each, "a")
    clocked.now("2026-04-06 15:30")
    clocked.office.do(other, "b")
    assert clocked.due(other) == "2026-04-07 07:45", "the calendar is remembered now"
    while_changing(clocked, lambda tx: closed(clocked, tx, "2026-04-07"), does(clocked, case, "b"))
    assert clocked.due(case) == clocked.due(other) == "2026-04-08 07:45"
    assert clocked.tasks(case) == {"c": ("2026-04-08 07:45", "batas")}
    clocked.office.opens(case, "c")


def test_a_step_that_waited_for_a_profile_stops_the_clock_that_it_has_brought(clocked: ClockedOffice) -> None:
    clocked.office.deploy(drawn(LINE))
    case, last = clocked.office.start(), clocked.office.start()
    for step in "ab":
        clocked.office.do(last, step)
    bring = jam(jenis="jam_kalender", jumlah=24, sampai=["a", "selesai"])
    while_changing(clocked, lambda tx: declare(tx, bring, jam("lain")), does(clocked, case, "a"))
    assert {key: view.outcome for key, view in clocked.views(case).items()} == {"batas": "met", "lain": None}
    assert clocked.tasks(case) == {"b": ("2026-04-13 16:00", "lain")}
    assert clocked.case_due(case) == "2026-04-13 16:00"
    clocked.office.opens(case, "b")
    clocked.declare()
    while_changing(clocked, lambda tx: declare(tx, jam("baru")), does(clocked, last, "c"))
    assert clocked.views(last)["baru"].outcome == "met"
    clocked.office.opens(last, "DONE")


def test_a_step_that_waited_for_a_profile_knows_the_clocks_that_it_has_changed(
    clocked: ClockedOffice,
) -> None:
    clocked.declare(jam(sampai=["c"]))
    clocked.office.deploy(drawn(LINE))
    case = clocked.office.start()
    while_changing(clocked, lambda tx: declare(tx, jam(sampai=["a"])), does(clocked, case, "a"))
    assert clocked.views(case)["batas"].outcome == "met"
    assert clocked.tasks(case) == {"b": ("-", None)}
    clocked.office.opens(case, "b")


def test_a_case_that_starts_while_a_calendar_is_changed_is_moved_by_the_chore(clocked: ClockedOffice) -> None:
    case = started_beside_a_change(clocked)
    assert clocked.due(case) == "2026-04-13 16:00", "who changed the calendar did not see it"
    assert mend_clocks(clocked.office.database) == 1
    assert clocked.tasks(case) == {"a": ("2026-04-14 16:00", "batas")}
    clocked.office.opens(case, "a")


def test_the_chore_waits_for_a_change_of_the_calendar_and_goes_by_it(clocked: ClockedOffice) -> None:
    case = started_beside_a_change(clocked)

    def change(tx: Connection) -> None:
        closed(clocked, tx, "2026-04-09")

    while_changing(clocked, change, lambda: mend_clocks(clocked.office.database))
    assert clocked.due(case) == "2026-04-15 16:00"
    assert mend_clocks(clocked.office.database) == 0
    assert len(clocked.heard(case)) == 1
